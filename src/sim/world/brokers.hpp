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
    Brokers(Scenario scenario, std::uint64_t seed)
        : exchange(std::move(scenario), seed),
          random(seed),
          ib(exchange, random, {}),
          webull(exchange, random, {}) {}

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
