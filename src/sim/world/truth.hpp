#pragma once

#include <string>
#include <vector>

#include "core/engine.hpp"
#include "sim/world/brokers.hpp"
#include "store/memory_registry.hpp"

namespace janus::sim {

/// Whose orders are compared: IB shows orders of other clients only when it is asked afresh.
enum class Whose { Ours, Everyones };

/// What differs between the server's books and the exchange's, a line each; empty when nothing
/// does. An order that the broker never got may stay unknown.
std::vector<std::string> order_differences(const core::Engine& engine, const Exchange& exchange,
                                           Whose whose);
/// Executions by account and order: at IB each one, at Webull (which has none) their sum.
std::vector<std::string> execution_differences(const core::Engine& engine, const Exchange& exchange,
                                               Whose whose);
std::vector<std::string> position_differences(Now now, const core::Engine& engine,
                                              const Exchange& exchange);
/// Cash in US dollars, account by account.
std::vector<std::string> balance_differences(const core::Engine& engine, const Exchange& exchange);
/// What is wrong in the registry: an id that is not the scenario's, or that no complete and unique
/// answer can have given.
std::vector<std::string> registry_faults(const store::MemoryRegistry& registry,
                                         const Scenario& scenario);
/// Orders and positions as text, in a fixed order, without anything that depends on time: two runs
/// with the same books give the same lines.
std::vector<std::string> books_of(Now now, const core::Engine& engine);

}  // namespace janus::sim
