#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "core/symbol_registry.hpp"
#include "domain/holding.hpp"

namespace janus::core {

/// Teaches the registry what the accounts hold: a held instrument is evidence of its broker's id.
/// Holdings first, registry after: nothing that goes wrong here touches a position. A contradiction
/// is reported once and never written. Used on the core thread only.
class Holdings {
 public:
    Holdings(SymbolRegistry& registry, Log& log);

    /// Learns from one held position; without a canonical symbol, an id or a quantity it says
    /// nothing.
    void on_position(Now now, const std::string& broker, const Position& position);
    /// Writes what had to wait while the database was away.
    void on_registry_available(Now now);
    /// Contradictions since the last call, one sentence each: for the feed's alarms.
    std::vector<std::string> take_alarms();
    /// Facts that wait for the database.
    std::size_t waiting() const { return waiting_.size(); }

 private:
    using FactKey = std::pair<std::string, NativeId>;

    void learn(Now now, const RegistryFill& fact);
    void on_failed(const RegistryFill& fact, const Error& error);

    SymbolRegistry& registry_;
    Log& log_;
    std::map<FactKey, RegistryFill> waiting_;
    std::set<FactKey> in_flight_;
    std::set<std::pair<FactKey, CanonicalSymbol>> reported_;
    std::vector<std::string> alarms_;
};

}  // namespace janus::core
