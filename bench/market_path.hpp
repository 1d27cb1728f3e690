#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/random.hpp"
#include "core/lookups.hpp"
#include "core/market_data.hpp"
#include "core/resolver.hpp"
#include "core/symbol_registry.hpp"
#include "gateway/ib/ib_gateway.hpp"

namespace janus::bench {

/// A database that is never asked: everything is known from the start.
class SilentRegistry final : public core::RegistryStore {
 public:
    void submit(core::RegistryRequest) override {}
};

/// The production path of a tick as the engine wires it: the gateway, typed events and ticks, and
/// the core's price cache, with a number of subscribed stocks. Order events are taken as typed
/// events and counted; what the order desk makes of them is no part of the market data path.
class MarketPath {
 public:
    /// Their conids are 1, 2, ...
    explicit MarketPath(std::size_t symbols, std::uint16_t port = 4002);

    void start(Now now);
    void on_io(Now now, const io::Event& event);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    std::vector<io::Effect> take_effects() { return gateway_->take_effects(); }

    /// Brings it up against an `IbBroker` in memory; gives the ids of the market data requests.
    std::vector<std::string> subscribe_in_memory(Now now);
    io::ChannelId channel() const { return channel_; }

    /// Of prices and sizes.
    std::uint64_t price_events() const;
    std::uint64_t typed_events() const { return typed_events_; }
    const core::MarketData& market_data() const { return market_data_; }
    std::uint64_t changed_symbols() const { return changed_; }

 private:
    static std::vector<std::unique_ptr<gateway::Gateway>> make_gateways(std::uint16_t port,
                                                                        Random& random);
    void pump(Now now);
    void on_event(Now now, const gateway::Event& event);

    Random random_{7};
    std::vector<std::unique_ptr<gateway::Gateway>> gateways_;
    gateway::Gateway* gateway_;
    io::ChannelId channel_{1};
    NoLog log_;
    SilentRegistry store_;
    core::GatewaySet gateway_set_;
    core::SymbolRegistry registry_;
    core::Lookups lookups_;
    core::Resolver resolver_;
    core::MarketData market_data_;
    std::size_t symbols_;
    std::vector<Tick> ticks_;
    std::array<std::uint64_t, 32> by_field_{};
    std::uint64_t typed_events_{0};
    std::uint64_t changed_{0};
};

}  // namespace janus::bench
