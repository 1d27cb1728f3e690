#include "core/accounts.hpp"

#include <algorithm>

namespace janus::core {

using gateway::Gate;

Accounts::Accounts(const GatewaySet& gateways, const Halts& halts, Feed& feed, Log& log)
    : gateways_(gateways), halts_(halts), feed_(feed), log_(log) {
    for (const auto& account : gateways.accounts()) states_[account];
}

void Accounts::start(Now now) {
    for (auto& [account, state] : states_) {
        state.since = now.utc;
        state.alarm_at = now.mono + outage_max;
    }
}

void Accounts::note_attempt(State& state, const gateway::GateChanged& event) {
    switch (event.gate) {
        case Gate::Ready:
        case Gate::Degraded:
        case Gate::NeedsOperator:
            state.tried = true;
            return;
        case Gate::Connecting:
            // A gateway may stay in connecting while it tries again; then only its reason changes.
            if (state.connecting && !event.reason.empty()) state.tried = true;
            state.connecting = true;
            return;
        case Gate::Reconciling:
            state.connecting = true;
            return;
        case Gate::Down:
            if (state.connecting || !event.reason.empty()) state.tried = true;
            return;
    }
}

bool Accounts::on_gate_changed(Now now, const gateway::GateChanged& event) {
    const auto found = states_.find(event.account);
    if (found == states_.end()) return false;
    auto& state = found->second;
    note_attempt(state, event);
    state.since = now.utc;
    if (event.gate == Gate::Reconciling) ++state.download;
    if (event.gate == Gate::Ready) {
        state.alarm_at.reset();
        state.alarms = 0;
    } else if (!state.alarm_at) {
        state.alarm_at = now.mono + outage_max;
    }
    const auto level = event.gate == Gate::NeedsOperator ? LogLevel::Error : LogLevel::Info;
    log_.write(level, fmt::format("account gate account={} gate={} reason=\"{}\"", event.account,
                                  gateway::to_text(event.gate), event.reason));
    publish(now, event.account);
    if (event.gate == Gate::NeedsOperator)
        feed_.alarm(now, fmt::format("account {} needs a person: {}", event.account, event.reason));
    return true;
}

void Accounts::on_timeout(Now now) {
    using std::chrono::minutes;
    for (auto& [account, state] : states_) {
        if (!state.alarm_at || now.mono < *state.alarm_at) continue;
        const auto outage = outage_max + state.alarms++ * alarm_interval;
        state.alarm_at = now.mono + alarm_interval;
        feed_.alarm(now, fmt::format("account {} has not been ready for {} minutes: {}", account,
                                     std::chrono::duration_cast<minutes>(outage).count(),
                                     gateways_.why_not_ready(account)));
    }
}

std::optional<Instant> Accounts::deadline() const {
    std::optional<Instant> first;
    for (const auto& [account, state] : states_)
        if (state.alarm_at) first = first ? std::min(*first, *state.alarm_at) : *state.alarm_at;
    return first;
}

Result<void> Accounts::check_known(const AccountName& account) const {
    if (known(account)) return {};
    std::string names;
    for (const auto& [name, state] : states_) names += (names.empty() ? "" : ", ") + name.value;
    if (account.value.empty())
        return fail(ErrorCode::Invalid, "account is missing; there are: {}", names);
    return fail(ErrorCode::NotFound, "account '{}' is not configured; there are: {}", account,
                names);
}

Result<void> Accounts::check_ready(const AccountName& account) const {
    if (gateways_.ready(account)) return {};
    return fail(ErrorCode::Denied, "account is not ready: {}", gateways_.why_not_ready(account));
}

bool Accounts::settled() const {
    return std::ranges::all_of(states_, [](const auto& row) { return row.second.tried; });
}

std::uint64_t Accounts::download_of(const AccountName& account) const {
    const auto found = states_.find(account);
    return found == states_.end() ? 0 : found->second.download;
}

void Accounts::begin_download(const AccountName& account) {
    ++states_[account].download;
}

void Accounts::on_downloaded(Now now, const AccountName& account) {
    if (const auto found = states_.find(account); found != states_.end())
        found->second.snapshot_at = now.utc;
}

void Accounts::on_profit(const AccountProfit& profit) {
    if (const auto found = states_.find(profit.account); found != states_.end())
        found->second.profit = profit;
}

void Accounts::on_listed(const std::string& broker, const gateway::AccountsListed& event) {
    std::vector<UnconfiguredAccount> found;
    for (const auto& account : event.accounts)
        if (!account.name)
            found.push_back({broker, event.login, account.id, account.masked_id, account.label});
    auto& known = unconfigured_[event.login];
    for (const auto& account : found)
        if (std::ranges::find(known, account.id, &UnconfiguredAccount::id) == known.end())
            log_.write(LogLevel::Info,
                       fmt::format("account not configured login={} account_id={} label=\"{}\"",
                                   event.login, account.masked_id, account.label));
    known = std::move(found);
}

std::vector<UnconfiguredAccount> Accounts::unconfigured() const {
    std::vector<UnconfiguredAccount> all;
    for (const auto& [login, accounts] : unconfigured_)
        all.insert(all.end(), accounts.begin(), accounts.end());
    return all;
}

AccountView Accounts::view_of(const AccountName& account) const {
    AccountView view;
    view.name = account;
    if (const auto index = gateways_.find_index(account)) view.broker = gateways_.broker_of(*index);
    const auto& gate = gateways_.gate_of(account);
    view.gate = gate.gate;
    view.reason = gate.reason;
    if (const auto found = states_.find(account); found != states_.end()) {
        view.since = found->second.since;
        view.snapshot_at = found->second.snapshot_at;
        view.profit = found->second.profit;
    }
    view.is_default = default_ == account;
    view.halted = halts_.halted(account);
    view.halt_reason = halts_.reason_of(account);
    return view;
}

std::vector<AccountView> Accounts::views() const {
    std::vector<AccountView> views;
    for (const auto& account : gateways_.accounts()) views.push_back(view_of(account));
    return views;
}

void Accounts::publish(Now now, const AccountName& account) const {
    feed_.publish(now, AccountChanged{view_of(account)});
}

}  // namespace janus::core
