#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "core/feed.hpp"
#include "core/gateway_set.hpp"
#include "core/halts.hpp"
#include "core/views.hpp"
#include "gateway/event.hpp"

namespace janus::core {

/// How the accounts are: since when their gate stands where it stands, whether each has had its
/// first try, and which download is under way. Owned by the engine.
class Accounts {
 public:
    /// An account that is not ready for so long is an alarm, and again after every interval.
    static constexpr Duration outage_max = std::chrono::minutes(15);
    static constexpr Duration alarm_interval = std::chrono::hours(1);

    Accounts(const GatewaySet& gateways, const Halts& halts, Feed& feed, Log& log);

    void start(Now now);
    /// Call after GatewaySet::on_gate_changed. Returns false for an account that nobody serves and
    /// for a repeat of what is known.
    bool on_gate_changed(Now now, const gateway::GateChanged& event);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

    bool known(const AccountName& account) const { return states_.contains(account); }
    /// Errors: `NotFound`, listing the accounts.
    Result<void> check_known(const AccountName& account) const;
    /// Errors: `Denied`, naming the gate and its reason.
    Result<void> check_ready(const AccountName& account) const;
    gateway::Gate gate_of(const AccountName& account) const {
        return gateways_.gate_of(account).gate;
    }
    /// True once every account has finished its first connect attempt, well or badly.
    bool settled() const;

    /// The number of the download that reports are counted to; a new one begins with Reconciling
    /// and with a refresh.
    std::uint64_t download_of(const AccountName& account) const;
    void begin_download(const AccountName& account);
    void on_downloaded(Now now, const AccountName& account);
    /// Keeps it for views; nobody is told, because it changes with every price.
    void on_profit(const AccountProfit& profit);

    /// What a login has at its broker now.
    void on_listed(const std::string& broker, const gateway::AccountsListed& event);
    std::vector<UnconfiguredAccount> unconfigured() const;

    void set_default(std::optional<AccountName> account) { default_ = std::move(account); }
    const std::optional<AccountName>& default_account() const { return default_; }

    AccountView view_of(const AccountName& account) const;
    std::vector<AccountView> views() const;
    /// Tells the feed how this account is now.
    void publish(Now now, const AccountName& account) const;

 private:
    struct State {
        Utc since;
        bool connecting{false};  ///< Has begun a connect.
        bool tried{false};       ///< Has ended its first one.
        std::uint64_t download{0};
        std::optional<Utc> snapshot_at;
        std::optional<Instant> alarm_at;  ///< The next one of this outage.
        int alarms{0};                    ///< Of this outage.
        std::optional<AccountProfit> profit;
    };
    static void note_attempt(State& state, const gateway::GateChanged& event);

    const GatewaySet& gateways_;
    const Halts& halts_;
    Feed& feed_;
    Log& log_;
    std::map<AccountName, State> states_;
    std::optional<AccountName> default_;
    std::map<std::string, std::vector<UnconfiguredAccount>> unconfigured_;  ///< By login.
};

}  // namespace janus::core
