#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/engine.hpp"
#include "core/test_gateway.hpp"
#include "core/test_stores.hpp"

/// The engine with scripted brokers and stores, for this room's tests.
namespace janus::core {

/// What the journal's durable records amount to, as its store would tell it at the next start.
inline JournalContents contents_of(const ScriptedJournal& journal) {
    JournalContents contents;
    contents.instance_id = "ab12cd34";
    std::map<OrderId, Order> orders;
    std::map<std::string, HaltRecord> halts;
    for (const auto& record : journal.kept<OrderRecord>()) orders[record.order.id] = record.order;
    for (const auto& [id, order] : orders) contents.orders.push_back(order);
    contents.history = journal.kept<OrderHistoryRecord>();
    for (const auto& record : journal.kept<ExecutionRecord>()) {
        const auto same = [&](const Execution& execution) {
            return execution.account == record.execution.account &&
                   execution.id == record.execution.id;
        };
        const auto known = std::ranges::find_if(contents.executions, same);
        if (known == contents.executions.end())
            contents.executions.push_back(record.execution);
        else
            *known = record.execution;
    }
    for (const auto& record : journal.kept<NumberRecord>()) {
        auto& highest = contents.numbers[record.gateway];
        highest = std::max(highest, record.highest);
    }
    for (const auto& record : journal.kept<HaltRecord>()) halts[record.scope] = record;
    for (const auto& [scope, record] : halts) contents.halts.push_back(record);
    for (const auto& record : journal.kept<DefaultAccountRecord>())
        contents.default_account = record.account;
    return contents;
}

/// Two IB accounts on one login and one Webull account. AAPL is in the registry and held: 100 at
/// ib_main and at webull. What the journal and the registry know survives a restart.
class World {
 public:
    World() {
        for (const auto* name : {"ib_main", "ib_second", "webull"})
            settings.accounts.push_back(
                {.name = AccountName{name}, .limits = {}, .default_symbols = {}});
        registry.put(symbol_of("AAPL"), "ib", "265598");
        registry.put(symbol_of("AAPL"), "webull", "AAPL");
        registry.put(symbol_of("MSFT"), "ib", "272093");
        hold("ib_main", "AAPL", "265598", "100");
        hold("webull", "AAPL", "AAPL", "100");
    }

    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// A new process: nothing but the journal and the registry is left of an earlier one.
    void boot() {
        journal.waiting.clear();
        std::vector<std::unique_ptr<gateway::Gateway>> gateways;
        auto first = std::make_unique<ScriptedGateway>(
            "ib", std::vector{AccountName{"ib_main"}, AccountName{"ib_second"}}, ib_like);
        auto second = std::make_unique<ScriptedGateway>(
            "webull", std::vector{AccountName{"webull"}}, webull_like);
        ib = first.get();
        webull = second.get();
        gateways.push_back(std::move(first));
        gateways.push_back(std::move(second));
        engine =
            std::make_unique<Engine>(settings, std::move(gateways), registry, journal, log, random);
        engine->start(now, registry.records(), contents_of(journal));
        settle();
    }
    /// Boots and lets every account become ready.
    void start() {
        boot();
        for (const auto* name : {"ib_main", "ib_second", "webull"}) become_ready(name);
    }

    ScriptedGateway& gateway_of(const std::string& account) {
        return account == "webull" ? *webull : *ib;
    }
    void hold(const std::string& account, const std::string& symbol, const std::string& native_id,
              const std::string& quantity) {
        held[account].push_back({.account = AccountName{account},
                                 .instrument = instrument_of(symbol, native_id),
                                 .quantity = quantity_of(quantity),
                                 .average_cost = price_of("10"),
                                 .at = {}});
    }
    void set_gate(const std::string& account, gateway::Gate gate, const std::string& reason = {}) {
        gateway_of(account).events.emplace_back(
            gateway::GateChanged{AccountName{account}, gate, reason});
        settle();
    }
    /// The end of a download or refresh: complete lists.
    void give_lists(const std::string& account) {
        const AccountName name{account};
        auto& events = gateway_of(account).events;
        events.emplace_back(gateway::PositionsSnapshot{name, held[account]});
        events.emplace_back(gateway::BalancesSnapshot{name,
                                                      {{.account = name,
                                                        .currency = "USD",
                                                        .cash = money_of("1000"),
                                                        .net_liquidation = {},
                                                        .buying_power = {},
                                                        .at = {}}}});
        events.emplace_back(gateway::OrdersComplete{name});
        settle();
    }
    void become_ready(const std::string& account) {
        set_gate(account, gateway::Gate::Connecting);
        set_gate(account, gateway::Gate::Reconciling);
        give_lists(account);
        set_gate(account, gateway::Gate::Ready);
    }

    /// Lets everything come to rest: events, journal, registry.
    void settle() {
        for (int round = 0; round < 20; ++round) {
            engine->pump(now);
            const auto appended = journal.take_replies();
            for (const auto& reply : appended) engine->on_journal_reply(now, reply);
            const auto registered = registry.take_replies();
            for (const auto& reply : registered) engine->on_registry_reply(now, reply);
            if (appended.empty() && registered.empty()) return;
        }
        FAIL() << "the engine does not come to rest";
    }
    void pass(Duration span) {
        now = at(now.mono.since_start + span);
        engine->on_timeout(now);
        settle();
    }

    OrderIntent intent(const std::string& key) const {
        return {.account = AccountName{"ib_main"},
                .symbol = symbol_of("AAPL"),
                .side = Side::Buy,
                .type = OrderType::Limit,
                .quantity = quantity_of("10"),
                .limit_price = price_of("190.5"),
                .stop_price = {},
                .time_in_force = TimeInForce::Day,
                .session = TradingSession::Regular,
                .idempotency_key = key};
    }
    using Answered = std::shared_ptr<std::optional<Result<Order>>>;
    /// Asks without letting anything happen.
    Answered ask(const OrderIntent& order) {
        auto answered = std::make_shared<std::optional<Result<Order>>>();
        engine->place_order(now, order, Caller{"tester"}, [answered](Result<Order> outcome) {
            EXPECT_FALSE(answered->has_value()) << "a second reply";
            *answered = std::move(outcome);
        });
        return answered;
    }
    Answered place(const OrderIntent& order) {
        auto answered = ask(order);
        settle();
        return answered;
    }
    /// Places an order that must be on the wire; returns its id.
    OrderId placed(const OrderIntent& order) {
        const auto before = gateway_of(order.account.value).count<gateway::PlaceOrder>();
        const auto answered = place(order);
        const auto sent = gateway_of(order.account.value).sent<gateway::PlaceOrder>();
        EXPECT_EQ(sent.size(), before + 1)
            << (answered->has_value() && !**answered ? (**answered).error().message : "");
        return sent.empty() ? OrderId{} : sent.back().order;
    }
    Answered cancel(OrderId id) {
        auto answered = std::make_shared<std::optional<Result<Order>>>();
        engine->cancel_order(now, id, Caller{"tester"},
                             [answered](Result<Order> outcome) { *answered = std::move(outcome); });
        settle();
        return answered;
    }

    Answered modify(OrderId id, const OrderChanges& changes) {
        auto answered = std::make_shared<std::optional<Result<Order>>>();
        engine->modify_order(now, id, changes, Caller{"tester"}, [answered](Result<Order> outcome) {
            EXPECT_FALSE(answered->has_value()) << "a second reply";
            *answered = std::move(outcome);
        });
        settle();
        return answered;
    }

    Order order(OrderId id) const {
        const auto view = engine->order(id);
        EXPECT_TRUE(view.has_value());
        return view ? view->order : Order{};
    }
    /// What the broker would say of one of our orders.
    gateway::OrderReport report(OrderId id, gateway::BrokerStatus status) const {
        const auto own = order(id);
        gateway::OrderReport report;
        report.account = own.account;
        report.client_order_id = own.client_order_id;
        report.ref = {own.ref.number, "p" + std::to_string(id.value)};
        report.instrument = instrument_of(own.symbol, own.native_id.value);
        report.side = own.side;
        report.type = own.type;
        report.quantity = own.quantity;
        report.limit_price = own.limit_price;
        report.stop_price = own.stop_price;
        report.trail_amount = own.trail_amount;
        report.trail_percent = own.trail_percent;
        report.limit_offset = own.limit_offset;
        report.status = status;
        return report;
    }
    Execution execution(OrderId id, const std::string& name, const std::string& quantity,
                        const std::string& price) const {
        const auto own = order(id);
        Execution execution;
        execution.id.value = name;
        execution.root.value = name.substr(0, name.rfind('.'));
        execution.revision = std::stoll(name.substr(name.rfind('.') + 1));
        execution.account = own.account;
        execution.client_order_id = own.client_order_id;
        execution.ref = {own.ref.number, "p" + std::to_string(id.value)};
        execution.symbol = own.symbol;
        execution.native_id = own.native_id;
        execution.side = own.side;
        execution.quantity = quantity_of(quantity);
        execution.price = price_of(price);
        execution.at = now.utc;
        return execution;
    }
    void tell(const std::string& account, gateway::Event event) {
        gateway_of(account).events.push_back(std::move(event));
        settle();
    }
    void report_now(OrderId id, gateway::BrokerStatus status, const std::string& reason = {}) {
        auto said = report(id, status);
        said.reason = reason;
        tell(said.account.value, said);
    }
    void execute(OrderId id, const std::string& name, const std::string& quantity,
                 const std::string& price) {
        auto trade = execution(id, name, quantity, price);
        tell(trade.account.value, gateway::ExecutionReport{trade});
    }

    std::vector<std::string> alarms() const {
        std::vector<std::string> texts;
        for (const auto& event : *engine->events_after(0))
            if (const auto* alarm = std::get_if<Alarm>(&event.payload))
                texts.push_back(alarm->text);
        return texts;
    }
    std::uint64_t counter(const std::string& name) const {
        for (const auto& [known, count] : engine->counters())
            if (known == name) return count;
        return 0;
    }

    EngineSettings settings;
    ScriptedRegistry registry;
    ScriptedJournal journal;
    NoLog log;
    Random random{1};
    Now now{at(std::chrono::seconds(0))};
    std::map<std::string, std::vector<Position>> held;
    ScriptedGateway* ib{nullptr};
    ScriptedGateway* webull{nullptr};
    std::unique_ptr<Engine> engine;
};

/// True when the published table leads from one state to the other in one step.
inline bool legal_step(OrderState from, OrderState to) {
    if (from == to) return true;
    for (int event = 0; event <= static_cast<int>(OrderEvent::Rejected); ++event)
        if (next_state(from, static_cast<OrderEvent>(event)) == to) return true;
    return false;
}

/// Every order's path in the feed is legal, and the sequence has no holes.
inline void expect_legal_feed(const Engine& engine) {
    std::map<OrderId, OrderState> states;
    std::uint64_t sequence = 0;
    for (const auto& event : *engine.events_after(0)) {
        EXPECT_EQ(event.sequence, ++sequence);
        const auto* change = std::get_if<OrderChanged>(&event.payload);
        if (change == nullptr) continue;
        const auto& order = change->order;
        const auto known = states.find(order.id);
        const bool legal = known == states.end() || legal_step(known->second, order.state) ||
                           change->event == "decision withdrawn";
        EXPECT_TRUE(legal) << "order " << order.id.value << " by " << change->event;
        states[order.id] = order.state;
    }
}

template <typename T>
const Error& error_of(const std::shared_ptr<std::optional<Result<T>>>& answered) {
    static const Error none{ErrorCode::Internal, "there is no error"};
    const bool failed = answered->has_value() && !(*answered)->has_value();
    EXPECT_TRUE(failed);
    return failed ? (*answered)->error() : none;
}

}  // namespace janus::core
