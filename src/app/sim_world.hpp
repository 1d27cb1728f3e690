#pragma once

#include <string>
#include <string_view>
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
    /// What the fault `certificate` gives the certificate of a target (`webull`, `events`); empty
    /// while it is off. The sockets carry it out.
    std::string certificate_flaw(std::string_view target) const;

    bool tls{true};  ///< Whether there are certificates at all.
    sim::Exchange exchange;
    Random random;
    sim::IbServer ib;
    sim::WebullServer webull;
};

}  // namespace janus::app
