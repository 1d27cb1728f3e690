#include "core/gateway_set.hpp"

#include <algorithm>
#include <set>

namespace janus::core {

GatewaySet::GatewaySet(std::span<const std::unique_ptr<gateway::Gateway>> gateways)
    : gateways_(gateways) {
    for (std::size_t i = 0; i < gateways_.size(); ++i)
        for (const auto& account : gateways_[i]->accounts()) served_by_[account] = GatewayIndex{i};
}

std::optional<GatewayIndex> GatewaySet::find_index(const AccountName& account) const {
    const auto found = served_by_.find(account);
    if (found == served_by_.end()) return std::nullopt;
    return found->second;
}

std::vector<AccountName> GatewaySet::accounts() const {
    std::vector<AccountName> all;
    for (const auto& gateway : gateways_)
        all.insert(all.end(), gateway->accounts().begin(), gateway->accounts().end());
    return all;
}

std::vector<std::string> GatewaySet::brokers() const {
    std::set<std::string> names;
    for (const auto& gateway : gateways_) names.emplace(gateway->broker());
    return {names.begin(), names.end()};
}

std::vector<GatewayIndex> GatewaySet::of_broker(std::string_view broker) const {
    std::vector<GatewayIndex> found;
    for (std::size_t i = 0; i < gateways_.size(); ++i)
        if (gateways_[i]->broker() == broker) found.push_back(GatewayIndex{i});
    return found;
}

std::optional<GatewayIndex> GatewaySet::find_ready_first(
    const std::vector<GatewayIndex>& candidates) const {
    if (candidates.empty()) return std::nullopt;
    for (const auto index : candidates)
        if (ready(index)) return index;
    return candidates.front();
}

std::optional<GatewayIndex> GatewaySet::find_best(std::string_view broker) const {
    return find_ready_first(of_broker(broker));
}

std::optional<GatewayIndex> GatewaySet::find_market_data() const {
    std::vector<GatewayIndex> serving;
    for (std::size_t i = 0; i < gateways_.size(); ++i)
        if (gateways_[i]->capabilities().market_data) serving.push_back(GatewayIndex{i});
    return find_ready_first(serving);
}

void GatewaySet::on_gate_changed(const gateway::GateChanged& event) {
    gates_[event.account] = {event.gate, event.reason};
}

const GatewaySet::GateState& GatewaySet::gate_of(const AccountName& account) const {
    static const GateState down;
    const auto found = gates_.find(account);
    return found == gates_.end() ? down : found->second;
}

bool GatewaySet::ready(const AccountName& account) const {
    return gate_of(account).gate == gateway::Gate::Ready;
}

bool GatewaySet::ready(GatewayIndex index) const {
    return std::ranges::any_of(at(index).accounts(),
                               [this](const auto& account) { return ready(account); });
}

std::string GatewaySet::why_not_ready(GatewayIndex index) const {
    if (ready(index)) return {};
    const auto& accounts = at(index).accounts();
    return accounts.empty() ? broker_of(index) + ": no account" : why_not_ready(accounts.front());
}

std::string GatewaySet::why_not_ready(const AccountName& account) const {
    const auto& state = gate_of(account);
    if (state.gate == gateway::Gate::Ready) return {};
    if (state.reason.empty()) return fmt::format("{}: {}", account, to_text(state.gate));
    return fmt::format("{}: {} ({})", account, to_text(state.gate), state.reason);
}

}  // namespace janus::core
