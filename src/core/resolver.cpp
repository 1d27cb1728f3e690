#include "core/resolver.hpp"

#include <utility>

namespace janus::core {
namespace {

using gateway::LookupStatus;

/// The error of an answer that is not unique.
Error error_of(const CanonicalSymbol& symbol, const std::string& broker,
               const LookupAnswer& answer) {
    switch (answer.status) {
        case LookupStatus::Ambiguous:
            return {
                ErrorCode::Ambiguous,
                fmt::format("{} matches {} instruments at {}: {}; map the one that is meant",
                            symbol, answer.candidates.size(), broker, to_text(answer.candidates))};
        case LookupStatus::NotFound:
            return {ErrorCode::NotFound,
                    fmt::format("{} was not found at {}: {}", symbol, broker, answer.reason)};
        case LookupStatus::Failed:
            return {ErrorCode::Unavailable, fmt::format("{} could not be looked up at {}: {}",
                                                        symbol, broker, answer.reason)};
        case LookupStatus::Unique:
            break;
    }
    return {ErrorCode::Internal, fmt::format("{} at {} was unique", symbol, broker)};
}

}  // namespace

RegistryFill fill_of(const CanonicalSymbol& symbol, const std::string& broker,
                     const LookupAnswer& answer, const std::string& who, const std::string& why) {
    const auto& found = answer.candidates.front();
    return {
        .symbol = symbol,
        .broker = broker,
        .native_id = found.native_id,
        .currency = found.currency,
        .description = found.description,
        .provenance = {.who = who, .why = why, .evidence = answer.evidence}
    };
}

Resolver::Resolver(const GatewaySet& gateways, SymbolRegistry& registry, Lookups& lookups)
    : gateways_(gateways), registry_(registry), lookups_(lookups) {}

void Resolver::resolve(Now now, GatewayIndex gateway, const CanonicalSymbol& symbol,
                       const std::string& who, const std::string& why, Answer<NativeId> answer) {
    const auto broker = gateways_.broker_of(gateway);
    if (auto known = registry_.find_native(symbol, broker)) return answer(now, *std::move(known));
    if (auto writable = registry_.check_writable(); !writable)
        return answer(now, std::unexpected(writable.error()));
    lookups_.ask(now, gateway, symbol,
                 [this, symbol, broker, who, why, answer = std::move(answer)](
                     Now then, const LookupAnswer& found) {
                     if (found.status != LookupStatus::Unique)
                         return answer(then, std::unexpected(error_of(symbol, broker, found)));
                     learn(then, fill_of(symbol, broker, found, who, why), answer);
                 });
}

void Resolver::learn(Now now, const RegistryFill& fact, const Answer<NativeId>& answer) {
    registry_.fill(now, fact,
                   [answer, id = fact.native_id](Now then, const Result<SymbolRecord>& written) {
                       if (!written) return answer(then, std::unexpected(written.error()));
                       answer(then, id);
                   });
}

}  // namespace janus::core
