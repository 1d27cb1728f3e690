#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/tagged.hpp"
#include "gateway/gateway.hpp"

namespace janus::core {

/// The place of a gateway in the engine's list.
using GatewayIndex = Tagged<std::size_t, struct GatewayIndexTag>;

/// The engine's gateways: who serves which account and broker, and which of them can be asked now.
/// Brokers are data here. The gateways must outlive it; used on the core thread only.
class GatewaySet {
 public:
    struct GateState {
        gateway::Gate gate{gateway::Gate::Down};
        std::string reason;
    };

    explicit GatewaySet(std::span<const std::unique_ptr<gateway::Gateway>> gateways);

    std::size_t size() const { return gateways_.size(); }
    gateway::Gateway& at(GatewayIndex index) const { return *gateways_[index.value]; }
    std::string broker_of(GatewayIndex index) const { return std::string(at(index).broker()); }
    /// Nothing when no gateway serves this account.
    std::optional<GatewayIndex> find_index(const AccountName& account) const;
    /// Every account, in the order of the gateways and their configuration.
    std::vector<AccountName> accounts() const;
    /// The broker keys that are configured, each once, sorted.
    std::vector<std::string> brokers() const;
    std::vector<GatewayIndex> of_broker(std::string_view broker) const;
    /// A ready gateway of this broker, else its first one, else nothing.
    std::optional<GatewayIndex> find_best(std::string_view broker) const;
    /// A ready gateway that serves ticks, else the first that does, else nothing.
    std::optional<GatewayIndex> find_market_data() const;

    void send(Now now, GatewayIndex index, const gateway::Command& command) const {
        at(index).on_command(now, command);
    }

    void on_gate_changed(const gateway::GateChanged& event);
    /// Down for an account that nobody serves.
    const GateState& gate_of(const AccountName& account) const;
    bool ready(const AccountName& account) const;
    /// A gateway can be asked when one of its accounts is ready: they share the login.
    bool ready(GatewayIndex index) const;
    /// `ib_main: connecting (client_id_busy)`; empty when it is ready.
    std::string why_not_ready(GatewayIndex index) const;
    std::string why_not_ready(const AccountName& account) const;

 private:
    std::optional<GatewayIndex> find_ready_first(const std::vector<GatewayIndex>& candidates) const;

    std::span<const std::unique_ptr<gateway::Gateway>> gateways_;
    std::map<AccountName, GatewayIndex> served_by_;
    std::map<AccountName, GateState> gates_;
};

}  // namespace janus::core
