#include "sim/world/workload.hpp"

#include <algorithm>
#include <array>

namespace janus::sim {
namespace {

constexpr std::int64_t away_ticks = 200;  ///< From the market, for orders that rest.
constexpr std::int64_t cross_ticks = 20;
constexpr std::int64_t quantity_most = 80;

const core::Caller caller{"workload"};

struct TypeRow {
    std::uint64_t weight;
    OrderType type;
    std::int64_t limit_ticks;  ///< From the market, in the direction that fills.
    std::int64_t stop_ticks;
};
constexpr auto type_rows = std::to_array<TypeRow>({
    {30, OrderType::Market,    0,           0          },
    {20, OrderType::Limit,     cross_ticks, 0          },
    {25, OrderType::Limit,     -away_ticks, 0          },
    {10, OrderType::Stop,      0,           away_ticks },
    {5,  OrderType::Stop,      0,           2          },
    {10, OrderType::StopLimit, away_ticks,  cross_ticks},
});

template <typename Row>
const Row& draw(Random& random, std::span<const Row> rows) {
    std::uint64_t total = 0;
    for (const auto& row : rows) total += row.weight;
    auto drawn = random.below(total);
    for (const auto& row : rows) {
        if (drawn < row.weight) return row;
        drawn -= row.weight;
    }
    return rows.back();
}

bool has(const SimInstrument& instrument, Line line) {
    return line == Line::Ib ? instrument.ib_conid != 0 : !instrument.webull_ticker.empty();
}

Price moved(Price from, const SimInstrument& instrument, std::int64_t ticks) {
    const auto units = from.value.units() + instrument.tick_size.units() * ticks;
    return {Decimal::from_units(std::max(units, instrument.tick_size.units()))};
}

}  // namespace

struct Workload::ActionRow {
    std::uint64_t weight;
    std::string_view name;
    Action act;
    bool needs_server;
};

std::span<const Workload::ActionRow> Workload::actions() {
    static constexpr auto rows = std::to_array<ActionRow>({
        {50, "place",                   &Workload::place,                   true },
        {3,  "place_too_much",          &Workload::place_too_much,          true },
        {1,  "burst",                   &Workload::burst,                   true },
        {9,  "repeat",                  &Workload::repeat,                  true },
        {2,  "repeat_with_other_terms", &Workload::repeat_with_other_terms, true },
        {15, "cancel",                  &Workload::cancel,                  true },
        {9,  "modify",                  &Workload::modify,                  true },
        {3,  "preview",                 &Workload::preview,                 true },
        {3,  "bracket",                 &Workload::bracket,                 true },
        {6,  "order_elsewhere",         &Workload::order_elsewhere,         false},
        {3,  "cancel_elsewhere",        &Workload::cancel_elsewhere,        false},
        {3,  "harmony",                 &Workload::harmony,                 true },
        {5,  "subscribe",               &Workload::subscribe,               true },
        {3,  "unsubscribe",             &Workload::unsubscribe,             true },
        {4,  "sync",                    &Workload::sync,                    true },
        {3,  "halt",                    &Workload::halt,                    true },
        {3,  "move_day",                &Workload::move_day,                false},
    });
    return rows;
}

bool Workload::act() {
    const auto& row = draw(random_, actions());
    if (row.needs_server && !janus_.running()) return false;
    trace_.note("client", "{}", row.name);
    return (this->*row.act)();
}

// ---- calls ----

std::size_t Workload::begin(std::string what) {
    calls_.push_back({std::move(what), janus_.lives(), 0});
    return calls_.size() - 1;
}

void Workload::end(std::size_t call) {
    auto& entry = calls_[call];
    if (++entry.answers > 1)
        verdict_.against(Invariant::Answers, "{} was answered {} times", entry.what, entry.answers);
    if (entry.life != janus_.lives())
        verdict_.against(Invariant::Answers, "{} was answered by a later life", entry.what);
}

std::vector<std::string> Workload::unanswered() const {
    std::vector<std::string> waiting;
    for (const auto& call : calls_)
        if (call.life == janus_.lives() && call.answers == 0) waiting.push_back(call.what);
    return waiting;
}

// ---- orders ----

const WorldAccount& Workload::random_account() {
    return world_accounts()[random_.below(world_accounts().size())];
}

const SimInstrument& Workload::random_instrument(Line line) {
    // Now and then one that the broker does not know: it must be refused, by either side.
    const auto& instruments = brokers_.exchange.scenario().instruments;
    while (true) {
        const auto& instrument = instruments[random_.below(instruments.size())];
        if (has(instrument, line) || random_.hits(1, 8)) return instrument;
    }
}

OrderIntent Workload::random_intent() {
    const auto& account = random_account();
    const auto& instrument = random_instrument(account.line);
    OrderIntent intent{.account = account.name,
                       .symbol = CanonicalSymbol::parse(instrument.symbol).value()};
    intent.quantity = {
        Decimal::from_integer(1 + static_cast<std::int64_t>(random_.below(quantity_most)))};
    const auto& all = brokers_.exchange.positions();
    const auto held = all.find(account.id);
    if (random_.hits(2, 5) && held != all.end() && !held->second.empty()) {
        auto holding = held->second.begin();
        std::advance(holding, static_cast<std::ptrdiff_t>(random_.below(held->second.size())));
        intent.symbol = CanonicalSymbol::parse(holding->first).value();
        intent.side = Side::Sell;
        intent.quantity = {Decimal::from_integer(1 + static_cast<std::int64_t>(random_.below(6)))};
    }
    if (random_.hits(1, 4)) intent.time_in_force = TimeInForce::GoodTillCancel;
    const auto& traded = *brokers_.exchange.find_instrument(intent.symbol.text());
    give_prices(intent, traded);
    if (account.line == Line::Ib)
        give_more_terms(intent, traded);
    else
        give_webull_terms(intent, traded);
    intent.idempotency_key = fmt::format("k{}-{}", seed_, intents_.size());
    return intent;
}

void Workload::give_prices(OrderIntent& intent, const SimInstrument& instrument) {
    const auto& row = draw<TypeRow>(random_, type_rows);
    const auto& quote = brokers_.exchange.quote_of(instrument.symbol);
    const std::int64_t way = intent.side == Side::Buy ? 1 : -1;
    const auto market = intent.side == Side::Buy ? quote.ask : quote.bid;
    const auto& rule = rule_of(row.type);
    intent.type = row.type;
    if (rule.limit == NeedsLimit::Yes)
        intent.limit_price = moved(market, instrument, way * row.limit_ticks);
    if (rule.stop == NeedsStop::Yes)
        intent.stop_price = moved(quote.last, instrument, way * row.stop_ticks);
}

bool Workload::place() {
    auto intent = random_intent();
    intents_.push_back({intent, !halted_.contains(intent.account), {}});
    send(intents_.size() - 1, intent);
    return true;
}

/// More at once than Webull lets in one by one.
bool Workload::burst() {
    constexpr std::uint64_t least = 24;
    const auto account = random_.hits(1, 2) ? "webull_other" : "webull_personal";
    OrderIntent intent{.account = AccountName{account},
                       .symbol = CanonicalSymbol::parse("MSFT").value()};
    intent.type = OrderType::Limit;
    const auto& instrument = *brokers_.exchange.find_instrument("MSFT");
    const auto market = brokers_.exchange.quote_of("MSFT").ask;
    for (auto left = least + random_.below(least); left > 0; --left) {
        intent.quantity = {Decimal::from_integer(1 + static_cast<std::int64_t>(random_.below(3)))};
        intent.limit_price =
            moved(market, instrument, -static_cast<std::int64_t>(random_.below(9)));
        intent.idempotency_key = fmt::format("k{}-{}", seed_, intents_.size());
        intents_.push_back({intent, !halted_.contains(intent.account), {}});
        send(intents_.size() - 1, intent);
    }
    return true;
}

bool Workload::place_too_much() {
    auto intent = random_intent();
    intent.quantity.value = order_quantity_max().value + Decimal::from_integer(1);
    intents_.push_back({intent, false, {}});
    send(intents_.size() - 1, intent);
    return false;
}

bool Workload::repeat() {
    if (intents_.empty()) return false;
    const auto index = random_.below(intents_.size());
    send(index, intents_[index].intent);
    return true;
}

bool Workload::repeat_with_other_terms() {
    if (intents_.empty()) return false;
    const auto index = random_.below(intents_.size());
    if (!intents_[index].order) return false;
    auto intent = intents_[index].intent;
    intent.quantity.value += Decimal::from_integer(1);
    send(index, intent);
    return false;
}

void Workload::send(std::size_t index, const OrderIntent& intent) {
    trace_.note("client", "{} {} {} {} {} on {}", intent.idempotency_key, to_text(intent.side),
                intent.quantity, intent.symbol, to_text(intent.type), intent.account);
    const auto call = begin("place " + intent.idempotency_key);
    janus_.engine().place_order(clock_.now(), intent, caller,
                                [this, index, intent, call](const Result<Order>& outcome) {
                                    end(call);
                                    on_placed(index, intent, outcome);
                                });
}

void Workload::on_placed(std::size_t index, const OrderIntent& asked,
                         const Result<Order>& outcome) {
    auto& record = intents_[index];
    const auto& key = asked.idempotency_key;
    if (!outcome) {
        trace_.note("client", "{} was refused: {}", key, outcome.error().message);
        return;
    }
    trace_.note("client", "{} is order {} {}", key, outcome->id, to_text(outcome->state));
    // A refused intent may be asked for again, when its account is no longer halted; what became an
    // order then is named again at any time.
    const bool too_much = asked.quantity > order_quantity_max();
    const bool became = !record.order;
    if (too_much || (became && !record.allowed && halted_.contains(asked.account)))
        verdict_.against(Invariant::Limits, "{} became order {} against the limits", key,
                         outcome->id);
    if (record.order && *record.order != outcome->id)
        verdict_.against(Invariant::AtMostOnce, "{} is order {} and order {}", key, *record.order,
                         outcome->id);
    if (asked != record.intent)
        verdict_.against(Invariant::AtMostOnce, "{} was taken with other terms", key);
    record.order = outcome->id;
}

void Workload::on_restarted() {
    for (const auto& record : intents_) {
        if (!record.order) continue;
        const auto found = janus_.engine().order(*record.order);
        if (!found || found->order.idempotency_key != record.intent.idempotency_key)
            verdict_.against(Invariant::KnownOutcome, "order {} of {} is lost after a restart",
                             *record.order, record.intent.idempotency_key);
    }
}

bool Workload::cancel() {
    const auto open = janus_.engine().orders({}, false);
    if (open.empty()) return false;
    const auto id = open[random_.below(open.size())].id;
    const auto call = begin(fmt::format("cancel {}", id));
    janus_.engine().cancel_order(clock_.now(), id, caller, [this, call, id](const auto& outcome) {
        end(call);
        trace_.note("client", "cancel {}: {}", id,
                    outcome ? to_text(outcome->state) : std::string_view(outcome.error().message));
    });
    return true;
}

// ---- elsewhere ----

bool Workload::order_elsewhere() {
    const auto& account = random_account();
    const auto& instrument = random_instrument(account.line);
    // An order elsewhere makes a holding, and a holding tells the registry the broker's id: then it
    // is no longer the look-up's answer that the registry checker can judge.
    if (!has(instrument, account.line) || !instrument.ib_twins.empty()) return false;
    OrderIntent intent{.account = account.name,
                       .symbol = CanonicalSymbol::parse(instrument.symbol).value()};
    give_prices(intent, instrument);
    intent.quantity = {Decimal::from_integer(1 + static_cast<std::int64_t>(random_.below(20)))};
    Result<ExchangeOrderId> placed = fail(ErrorCode::Internal, "not tried");
    if (account.line == Line::Ib)
        placed = brokers_.ib.external_order(clock_.now(), {.account = account.id,
                                                           .symbol = instrument.symbol,
                                                           .type = intent.type,
                                                           .quantity = intent.quantity,
                                                           .limit_price = intent.limit_price,
                                                           .stop_price = intent.stop_price});
    else
        placed = brokers_.webull.external_order(clock_.now(), {.account = account.id,
                                                               .symbol = instrument.symbol,
                                                               .type = intent.type,
                                                               .quantity = intent.quantity,
                                                               .limit_price = intent.limit_price,
                                                               .stop_price = intent.stop_price});
    if (placed) elsewhere_.push_back(*placed);
    trace_.note("broker", "external order of {} {} on {}: {}", intent.quantity, intent.symbol,
                account.id, placed ? "taken" : placed.error().message);
    return true;
}

bool Workload::cancel_elsewhere() {
    if (elsewhere_.empty()) return false;
    const auto id = elsewhere_[random_.below(elsewhere_.size())];
    const auto* order = brokers_.exchange.find_order(id);
    const auto* account = brokers_.exchange.find_account(order->account);
    if (account->broker == SimBroker::Ib)
        static_cast<void>(brokers_.ib.external_cancel(clock_.now(), id));
    else
        brokers_.exchange.cancel(clock_.now(), id, "cancelled in the broker's app");
    return true;
}

// ---- the rest ----

bool Workload::harmony() {
    const auto call = begin("harmony");
    janus_.engine().harmony(clock_.now(), {}, caller, {}, [this, call](const auto&) { end(call); });
    return false;
}

bool Workload::subscribe() {
    const auto symbol = CanonicalSymbol::parse(random_instrument(Line::Ib).symbol).value();
    const auto call = begin("subscribe " + symbol.text());
    janus_.engine().subscribe_ticks(clock_.now(), symbol, caller,
                                    [this, call](const auto&) { end(call); });
    return false;
}

bool Workload::unsubscribe() {
    const auto quotes = janus_.engine().quotes(clock_.now());
    if (quotes.empty()) return false;
    static_cast<void>(janus_.engine().unsubscribe_ticks(
        clock_.now(), quotes[random_.below(quotes.size())].symbol));
    return false;
}

void Workload::sync(const AccountName& account) {
    const auto call = begin(fmt::format("sync {}", account));
    janus_.engine().sync(clock_.now(), account, [this, call](const auto&) { end(call); });
}

bool Workload::sync() {
    sync(random_account().name);
    return false;
}

void Workload::sync_all() {
    for (const auto& account : world_accounts()) sync(account.name);
}

bool Workload::halt() {
    const auto name = random_account().name;
    const bool is_halted = halted_.contains(name);
    const auto call = begin(fmt::format("{} {}", is_halted ? "resume" : "halt", name));
    if (is_halted) {
        halted_.erase(name);
        janus_.engine().resume(clock_.now(), name, "workload", caller,
                               [this, call](const auto&) { end(call); });
    } else {
        janus_.engine().halt(clock_.now(), name, "workload", caller,
                             [this, call, name](const Result<void>& outcome) {
                                 end(call);
                                 if (outcome) halted_.insert(name);
                             });
    }
    return false;
}

void Workload::finish() {
    for (const auto& name : std::exchange(halted_, {})) {
        const auto call = begin(fmt::format("resume {}", name));
        janus_.engine().resume(clock_.now(), name, "workload", caller,
                               [this, call](const auto&) { end(call); });
    }
}

}  // namespace janus::sim
