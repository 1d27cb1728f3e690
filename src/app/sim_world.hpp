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
    /// `ib_version_max` is what IB's gateway speaks at most.
    SimWorld(sim::Scenario scenario, std::uint64_t seed, int ib_version_max = 225)
        : exchange(std::move(scenario), seed),
          random(seed ^ exchange.scenario().first_number),
          ib(exchange, random,
             {.accounts = {},
              .version_max = ib_version_max,
              .login = "simuser",
              .master_client_id = {}}),
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
