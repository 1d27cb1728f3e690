#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "gateway/ib/gates.hpp"
#include "gateway/ib/link.hpp"
#include "gateway/ib/wire/messages.hpp"

namespace janus::ib {

/// What is asked account by account: values, profit, and positions where IB's common lists do not
/// serve the login. Each request lives until the next of its kind or the end of the connection.
class AccountStreams {
 public:
    /// IB serves its lists of all accounts together only up to so many accounts of a login.
    static constexpr std::size_t common_lists_max = 50;

    /// What an error about one of the requests means.
    enum class Trouble { None, Values, Positions, Profit };

    AccountStreams(const Gates& gates, Link& link, RequestIds& ids, Output& output);

    void request_values();
    void request_positions();
    /// Asks for profit unless it flows already.
    void request_profit();
    /// IB lost its subscriptions: profit is asked for afresh. The others come with the next round.
    void renew_profit();

    /// The account of a value; nothing for a request that is no more, and for `AccountReady`.
    std::optional<AccountName> find_account(const wire::AccountUpdate& update);
    /// True when it was the last one missing.
    bool on_values_end(std::int64_t request) { return values_.close(request); }
    bool on_positions_end(std::int64_t request) { return positions_.close(request); }
    bool has_positions(std::int64_t request) const { return positions_.accounts.contains(request); }
    void on_profit(Now now, const wire::ProfitAndLoss& message);
    Trouble on_error(const wire::ErrorMessage& error);

    /// Every value has come, and IB calls every account ready.
    bool values_complete() const { return values_.open.empty() && unready_.empty(); }
    /// False while IB resets the account: its values are not to be relied upon.
    bool is_ready(const AccountName& account) const { return !unready_.contains(account); }
    /// The accounts that IB does not call ready, for a person.
    std::string unready_text() const;
    void on_closed();

 private:
    struct Requests {
        std::map<std::int64_t, AccountName> accounts;
        std::set<std::int64_t> open;  ///< Without their end yet.

        bool close(std::int64_t request) { return open.erase(request) > 0 && open.empty(); }
        void forget(std::int64_t request) {
            accounts.erase(request);
            open.erase(request);
        }
    };
    using Frame = Result<std::string> (*)(int, std::int64_t, std::string_view);
    using Cancel = Result<std::string> (*)(int, std::int64_t);
    void renew(Requests& requests, Frame frame, Cancel cancel);
    void take_ready(const AccountName& account, const std::string& value);

    const Gates& gates_;
    Link& link_;
    RequestIds& ids_;
    Output& output_;
    Requests values_;
    Requests positions_;
    Requests profits_;
    std::set<AccountName> unready_;
    std::map<AccountName, AccountProfit> told_;
};

}  // namespace janus::ib
