#pragma once

#include <optional>

#include "base/random.hpp"
#include "sim/exchange/exchange.hpp"
#include "sim/ib/server.hpp"
#include "sim/webull/webull_server.hpp"

namespace janus::sim {

/// The brokers' side of a world: one exchange, and both brokers before it. It outlives every crash
/// of the server.
struct Brokers {
    /// `ib_version_max` is what IB's gateway speaks at most.
    Brokers(Scenario scenario, std::uint64_t seed, int ib_version_max = 200,
            WebullServerSettings webull_settings = {})
        : exchange(std::move(scenario), seed),
          random(seed),
          ib(exchange, random,
             {.accounts = {},
              .version_max = ib_version_max,
              .login = "simuser",
              .master_client_id = {}}),
          webull(exchange, random, webull_settings) {}

    /// Hands everything that happened at the exchange to both brokers.
    void carry_events(Now now);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

    Exchange exchange;
    Random random;
    IbServer ib;
    WebullServer webull;
};

}  // namespace janus::sim
