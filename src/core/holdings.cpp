#include "core/holdings.hpp"

#include <utility>

namespace janus::core {
namespace {

RegistryFill fact_of(const std::string& broker, const Position& position) {
    const auto& held = position.instrument;
    return {
        .symbol = *held.symbol,
        .broker = broker,
        .native_id = held.native_id,
        .currency = held.currency,
        .description = held.description,
        .provenance = {.who = "holdings",
                       .why = "an account holds it",
                       .evidence = fmt::format("held in account {}: {} {}", position.account,
                       position.quantity, held.broker_symbol)}
    };
}

}  // namespace

Holdings::Holdings(SymbolRegistry& registry, Log& log) : registry_(registry), log_(log) {}

void Holdings::on_position(Now now, const std::string& broker, const Position& position) {
    const auto& held = position.instrument;
    if (!held.symbol || held.native_id.value.empty() || position.quantity.value.is_zero()) return;
    if (registry_.find_native(*held.symbol, broker) == held.native_id) return;
    learn(now, fact_of(broker, position));
}

void Holdings::learn(Now now, const RegistryFill& fact) {
    const FactKey key{fact.broker, fact.native_id};
    if (!in_flight_.insert(key).second) return;
    registry_.fill(now, fact, [this, fact, key](Now, const Result<SymbolRecord>& written) {
        in_flight_.erase(key);
        if (written)
            waiting_.erase(key);
        else
            on_failed(fact, written.error());
    });
}

void Holdings::on_failed(const RegistryFill& fact, const Error& error) {
    const FactKey key{fact.broker, fact.native_id};
    if (error.code == ErrorCode::Unavailable) {
        waiting_.insert_or_assign(key, fact);
        return;
    }
    waiting_.erase(key);
    if (!reported_.insert({key, fact.symbol}).second) return;
    auto text = fmt::format("registry: {} ({})", error.message, fact.provenance.evidence);
    log_.write(LogLevel::Warning, text);
    alarms_.push_back(std::move(text));
}

void Holdings::on_registry_available(Now now) {
    const auto waiting = std::exchange(waiting_, {});
    for (const auto& [key, fact] : waiting) learn(now, fact);
}

std::vector<std::string> Holdings::take_alarms() {
    return std::exchange(alarms_, {});
}

}  // namespace janus::core
