#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/world/faults.hpp"
#include "sim/world/janus_side.hpp"
#include "sim/world/verdict.hpp"

namespace janus::sim {

/// What one run is like. Everything that is not set follows from the seed.
struct WorldOptions {
    std::uint64_t seed{1};
    int actions{40};                   ///< Of clients and of the brokers' own apps.
    std::optional<Trouble> trouble{};  ///< Whose lines and servers have faults.
    std::optional<int> ib_version{};   ///< What IB's gateway speaks at most.
    /// Of Janus at IB; as client 0 it may cancel what was made by hand there.
    std::optional<std::int64_t> ib_client_id{};
    bool crashes{true};      ///< The server is killed now and then.
    bool market_walk{true};  ///< Prices move.
    Sabotage sabotage{};
    Trace::Sink sink{};  ///< Gets every line of the trace.
};

/// What came of a run.
struct WorldReport {
    std::uint64_t seed{0};
    Trouble trouble{Trouble::None};
    int ib_version{0};  ///< At which Janus and IB's gateway met.
    std::int64_t ib_client_id{0};
    std::vector<Violation> violations;
    std::uint64_t hash{0};  ///< Of everything that happened: equal for two runs of one seed.
    std::size_t steps{0};
    int lives{0};
    std::size_t intents{0};
    std::size_t placed{0};                ///< Orders that reached a broker.
    std::size_t batched{0};               ///< Those of them that came in batches.
    std::size_t executions{0};            ///< At the exchange.
    std::map<std::string, int> faults;    ///< How often each was switched on.
    std::optional<Duration> ready_after;  ///< From the end of the faults to all accounts ready.
    std::optional<Duration> equal_after;  ///< The same to equal books.
    std::vector<std::string> books;       ///< See `books_of`.
};

/// The server versions of IB that seeds choose from: each changed messages of ours, or is the first
/// or last of its form.
std::span<const int> world_ib_versions();

/// Runs one world: the production core and gateways against the simulated brokers, on one thread,
/// in virtual time, with faults; then lets it heal, and checks. The same options give the same
/// report, bit for bit.
WorldReport run_world(const WorldOptions& options);

/// The command that shows a run again.
std::string replay_command(const WorldReport& report);
/// One line: seed, size, outcome.
std::string summary_of(const WorldReport& report);

}  // namespace janus::sim
