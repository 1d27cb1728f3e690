#pragma once

#include <string>
#include <vector>

#include "sim/exchange/exchange.hpp"
#include "sim/ib/server.hpp"
#include "sim/webull/webull_server.hpp"

namespace janus::app {

/// The simulated world: one exchange and both brokers before it. It has no sockets; `SimHost` moves
/// the bytes.
struct SimWorld {
    SimWorld(sim::Scenario scenario, std::uint64_t seed)
        : exchange(std::move(scenario), seed),
          random(seed ^ exchange.scenario().first_number),
          ib(exchange, random, {}),
          webull(exchange, random, {}) {}

    /// Hands everything that happened at the exchange to both brokers.
    void carry_events(Now now);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

    sim::Exchange exchange;
    Random random;
    sim::IbServer ib;
    sim::WebullServer webull;
};

}  // namespace janus::app
