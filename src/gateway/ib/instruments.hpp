#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/ib/link.hpp"
#include "gateway/ib/price_grid.hpp"
#include "gateway/ib/trading_hours.hpp"
#include "gateway/ib/wire/messages.hpp"

namespace janus::ib {

/// What IB says of each conid that Janus has met. Asks by conid, once at a time; keeps the answers
/// for the life of the process, because a conid never changes its instrument.
class Instruments {
 public:
    Instruments(const IbSettings& settings, Link& link, RequestIds& ids, Output& output);

    const wire::ContractData* find(std::int64_t conid) const;
    /// By the details when they are known, else by the fields at hand.
    Instrument describe(const wire::Contract& contract) const;

    /// Checks that the price is on the grid of the exchange that orders go to, at that price's
    /// step. What is not known yet is not checked: IB checks it again. Errors: `Denied`, with the
    /// nearest prices that are on it.
    Result<void> check_price_increment(std::int64_t conid, Price price) const;
    /// Whether it trades, in whatever session. Nothing while it is not known.
    std::optional<bool> is_open(std::int64_t conid, Utc at) const;

    /// Asks for the details unless they are known or asked for already.
    void want(Now now, std::int64_t conid);
    bool is_pending(std::int64_t conid) const { return by_conid_.contains(conid); }
    /// Why the last question about a conid failed; empty when it did not.
    std::string failure_of(std::int64_t conid) const;

    /// True when the message answers a question of ours.
    bool on_contract_data(const wire::ContractData& data);
    bool on_end(std::int64_t request);
    bool on_error(const wire::ErrorMessage& error);
    void on_market_rule(const wire::MarketRule& rule) { grids_.on_rule(rule); }
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    /// The questions are lost with the connection.
    void on_closed();

    /// Conids whose question has ended, well or not, since the last call.
    std::vector<std::int64_t> take_settled();

 private:
    struct Question {
        std::int64_t conid{0};
        Instant deadline;
        std::optional<wire::ContractData> best{};  ///< Known once the answer is complete.
    };
    void settle(std::int64_t request, std::string failure);
    void learn(const wire::ContractData& data);
    void want_grid(const wire::ContractData& data);

    const IbSettings& settings_;
    Link& link_;
    RequestIds& ids_;
    Output& output_;
    std::map<std::int64_t, wire::ContractData> known_;
    std::map<std::int64_t, Question> questions_;  ///< By request id.
    std::set<std::int64_t> by_conid_;
    std::map<std::int64_t, std::string> failures_;
    std::vector<std::int64_t> settled_;
    std::map<std::int64_t, TradingHours> hours_;  ///< By conid; of every session.
    PriceGrids grids_;
    std::set<std::int64_t> grids_asked_;  ///< On this connection.
};

}  // namespace janus::ib
