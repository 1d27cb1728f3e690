#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/random.hpp"
#include "gateway/ib/ib_gateway.hpp"
#include "sim/exchange/exchange.hpp"
#include "sim/ib/server.hpp"

namespace janus::sim {

/// One production gateway and the simulated IB, mouth to ear, in a time that only `advance` moves:
/// for tests of what the two make of each other's messages. Prices stand still.
class IbPair {
 public:
    explicit IbPair(int version = 200, std::int64_t client_id = 7);
    IbPair(const IbPair&) = delete;
    IbPair& operator=(const IbPair&) = delete;

    /// Starts and waits for Ready; false when half a minute was not enough.
    bool connect();
    void command(const gateway::Command& command);
    void advance(Duration span);
    /// Ends the connection; the gateway connects again by itself.
    void cut();
    void fault(const std::string& name, std::map<std::string, std::string> parameters = {});
    void fault_off(const std::string& name);
    /// Bid and ask lie a cent around it.
    void move_price(std::string_view symbol, std::string_view last);

    /// A limit order for AAPL, far below the market.
    static OrderIntent intent();
    /// The command that follows from an intent, as the core gives it. A number of 0 stands for the
    /// one that the gateway reserves. Precondition: the gateway can express the intent.
    gateway::PlaceOrder place_of(const OrderIntent& intent, std::int64_t number = 0);
    /// Reserves a number and places; hands out what was placed.
    gateway::PlaceOrder place(const OrderIntent& intent);

    template <typename Event>
    std::vector<Event> all() const {
        std::vector<Event> found;
        for (const auto& event : events)
            if (const auto* which = std::get_if<Event>(&event)) found.push_back(*which);
        return found;
    }
    /// The newest report about an order of ours, or about the only external one with an empty
    /// reference. Precondition: there is one.
    gateway::OrderReport report_of(const ClientOrderId& reference) const;
    /// The newest one that shows the whole order, and not its status alone.
    gateway::OrderReport terms_of(const ClientOrderId& reference) const;
    bool has_report(const ClientOrderId& reference) const;
    /// The exchange's order with this reference. Precondition: there is one.
    const ExchangeOrder& truth_of(const ClientOrderId& reference) const;
    void forget() { events.clear(); }
    Now now() const { return now_; }

    static NativeId native_id_of(const Exchange& exchange, const CanonicalSymbol& symbol);

    Exchange exchange;
    std::vector<gateway::Event> events;

 private:
    Random broker_random_;
    Random gateway_random_;

 public:
    IbServer server;
    ::janus::ib::IbGateway gateway;

 private:
    void pump();
    bool perform_effects();
    bool deliver_outputs();

    Now now_;
    std::uint64_t last_connection_{0};
    std::uint64_t last_order_{0};
    ConnectionId connection_;
    io::ChannelId channel_;
};

}  // namespace janus::sim
