#pragma once

#include <string>

#include "core/gateway_set.hpp"
#include "core/lookups.hpp"
#include "core/reply.hpp"
#include "core/symbol_registry.hpp"

namespace janus::core {

/// Turns a canonical symbol into a broker's id: from the registry, else by one automatic look-up
/// whose unique answer is written before it is used. Stateless between its parts, which must
/// outlive it; used on the core thread only.
class Resolver {
 public:
    Resolver(const GatewaySet& gateways, SymbolRegistry& registry, Lookups& lookups);

    /// `who` and `why` go into the registry's history when an id is learnt.
    /// Errors: `Ambiguous`, listing the candidates; `NotFound`; `Conflict`, when the found id
    /// belongs to another symbol; `Unavailable`: `registry_unavailable`, `lookup_timeout`, the
    /// broker is not ready or its answer failed.
    void resolve(Now now, GatewayIndex gateway, const CanonicalSymbol& symbol,
                 const std::string& who, const std::string& why, Answer<NativeId> answer);

 private:
    void learn(Now now, const RegistryFill& fact, const Answer<NativeId>& answer);

    const GatewaySet& gateways_;
    SymbolRegistry& registry_;
    Lookups& lookups_;
};

/// What a unique answer may write. Precondition: exactly one candidate.
RegistryFill fill_of(const CanonicalSymbol& symbol, const std::string& broker,
                     const LookupAnswer& answer, const std::string& who, const std::string& why);

}  // namespace janus::core
