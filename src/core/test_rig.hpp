#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/books.hpp"
#include "core/harmony.hpp"
#include "core/holdings.hpp"
#include "core/market_data.hpp"
#include "core/portfolio.hpp"
#include "core/test_gateway.hpp"
#include "core/test_stores.hpp"

namespace janus::core {

/// The registry half of the core with two gateways that a test plays by hand: `ib` with ticks and
/// look-ups by name, `webull` with the ticker fallback.
struct RegistryRig {
    static constexpr Duration lookup_timeout = std::chrono::seconds(15);

    explicit RegistryRig(std::size_t lines_max = 100)
        : market_data(gateway_set, registry, resolver, log, {.lines_max = lines_max}) {}

    /// Opens or shuts the gate of an account, as the engine would pass it on.
    void gate(Now now, const char* account, gateway::Gate gate, std::string reason = {}) {
        const gateway::GateChanged event{AccountName{account}, gate, std::move(reason)};
        gateway_set.on_gate_changed(event);
        market_data.on_gate_changed(now, event);
    }
    void ready(Now now) {
        for (const auto& account : gateway_set.accounts())
            gate(now, account.value.c_str(), gateway::Gate::Ready);
    }

    /// What a broker answers to a look-up from now on. Symbols without an answer get none.
    void answers(ScriptedGateway& gateway, std::string_view symbol, gateway::LookupStatus status,
                 std::vector<Instrument> candidates = {}, std::string reason = {}) {
        scripts[{&gateway, std::string(symbol)}] = {.lookup = {},
                                                    .status = status,
                                                    .candidates = std::move(candidates),
                                                    .reason = std::move(reason),
                                                    .evidence = "asked for " + std::string(symbol)};
    }
    void knows(ScriptedGateway& gateway, std::string_view symbol, std::string_view native_id) {
        answers(gateway, symbol, gateway::LookupStatus::Unique, {instrument_of(symbol, native_id)});
    }

    /// Passes everything on until nothing moves any more.
    void settle(Now now) {
        for (bool moved = true; moved;) {
            moved = answer_lookups(now, ib) || answer_lookups(now, webull);
            for (const auto& reply : store.take_replies()) {
                registry.on_reply(now, reply);
                moved = true;
            }
            for (const auto& record : registry.take_changes())
                market_data.on_registry_changed(now, record);
        }
    }
    void database_goes(Now now) { registry.on_reply(now, store.go_away("server closed the line")); }
    void database_returns(Now now) {
        registry.on_reply(now, store.come_back());
        holdings.on_registry_available(now);
        settle(now);
    }

    /// A complete list of positions, passed on as the engine would.
    void holds(Now now, const char* account, std::vector<Position> positions) {
        books.on_positions_snapshot(now, {AccountName{account}, positions});
        const auto index = *gateway_set.find_index(AccountName{account});
        for (const auto& position : positions)
            holdings.on_position(now, gateway_set.broker_of(index), position);
        settle(now);
        market_data.set_held(now, portfolio.held_symbols());
        settle(now);
    }
    void tick(Now now, SubscriptionId subscription, TickField field, std::string_view value) {
        tick(now, Tick{subscription, field, decimal_of(value)});
    }
    void tick(Now now, const Tick& what) { market_data.on_ticks(now, {&what, 1}); }
    /// The subscription that was asked for this symbol last.
    SubscriptionId subscription_of(std::string_view symbol) const {
        SubscriptionId found;
        for (const auto& command : ib.sent<gateway::SubscribeTicks>())
            if (command.symbol.text() == symbol) found = command.subscription;
        return found;
    }

    std::vector<std::unique_ptr<gateway::Gateway>> gateways = make_gateways();
    ScriptedGateway& ib = static_cast<ScriptedGateway&>(*gateways[0]);
    ScriptedGateway& webull = static_cast<ScriptedGateway&>(*gateways[1]);
    ScriptedRegistry store;
    NoLog log;
    GatewaySet gateway_set{gateways};
    SymbolRegistry registry{store, log};
    Lookups lookups{gateway_set, lookup_timeout};
    Resolver resolver{gateway_set, registry, lookups};
    Holdings holdings{registry, log};
    Books books;
    MarketData market_data;
    Portfolio portfolio{books, registry, gateway_set, market_data};
    Harmony harmony{gateway_set, registry, lookups};

 private:
    static std::vector<std::unique_ptr<gateway::Gateway>> make_gateways() {
        std::vector<std::unique_ptr<gateway::Gateway>> made;
        made.push_back(std::make_unique<ScriptedGateway>(
            "ib", std::vector{AccountName{"ib_main"}, AccountName{"ib_second"}}, ib_like));
        made.push_back(std::make_unique<ScriptedGateway>(
            "webull", std::vector{AccountName{"webull_one"}}, webull_like));
        return made;
    }
    bool answer_lookups(Now now, ScriptedGateway& gateway) {
        bool moved = false;
        auto& next = answered[&gateway];
        const auto questions = gateway.sent<gateway::LookupInstrument>();
        for (; next < questions.size(); ++next) {
            const auto script = scripts.find({&gateway, questions[next].symbol.text()});
            if (script == scripts.end()) continue;
            auto result = script->second;
            result.lookup = questions[next].lookup;
            lookups.on_result(now, result);
            moved = true;
        }
        return moved;
    }

    std::map<std::pair<ScriptedGateway*, std::string>, gateway::LookupResult> scripts;
    std::map<ScriptedGateway*, std::size_t> answered;
};

/// Keeps what an Answer was given.
template <typename T>
struct Heard {
    std::vector<Result<T>> replies;
    Answer<T> listen() {
        return [this](Now, Result<T> reply) { replies.push_back(std::move(reply)); };
    }
    const Result<T>& only() const {
        JANUS_CHECK(replies.size() == 1);
        return replies.front();
    }
};

/// A holding of so many at such a cost.
inline Position position_of(const char* account, const Instrument& instrument,
                            std::string_view quantity, std::string_view average_cost) {
    return {.account = AccountName{account},
            .instrument = instrument,
            .quantity = quantity_of(quantity),
            .average_cost = price_of(average_cost),
            .at = {}};
}

}  // namespace janus::core
