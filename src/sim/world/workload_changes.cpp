// What clients do besides placing and cancelling: changes, previews, brackets, rarer terms.
#include <array>

#include "sim/world/workload.hpp"

namespace janus::sim {
namespace {

const core::Caller caller{"workload"};

Price moved(Price from, const SimInstrument& instrument, std::int64_t ticks) {
    const auto units = from.value.units() + instrument.tick_size.units() * ticks;
    return {Decimal::from_units(std::max(units, instrument.tick_size.units()))};
}

bool shows(const Order& order, const OrderChanges& changes) {
    return changed(values_of(order), changes) == values_of(order);
}

}  // namespace

/// Now and then a trailing stop, an order that is filled at once or never, one with an end.
void Workload::give_more_terms(OrderIntent& intent, const SimInstrument& instrument) {
    if (random_.hits(1, 8)) return give_trail(intent, instrument);
    if (rule_of(intent.type).stop != NeedsStop::No || !random_.hits(1, 6)) return;
    constexpr auto times = std::to_array<TimeInForce>(
        {TimeInForce::ImmediateOrCancel, TimeInForce::FillOrKill, TimeInForce::GoodTillDate});
    intent.time_in_force = times[random_.below(times.size())];
    if (intent.time_in_force == TimeInForce::GoodTillDate)
        intent.good_till = clock_.now().utc + std::chrono::hours(24);
}

void Workload::give_trail(OrderIntent& intent, const SimInstrument& instrument) {
    intent.type = OrderType::TrailingStop;
    intent.limit_price.reset();
    intent.stop_price.reset();
    const auto ticks = static_cast<std::int64_t>(10 + random_.below(200));
    intent.trail_amount = Price{Decimal::from_units(instrument.tick_size.units() * ticks)};
}

/// Now and then a trailing stop by amount or per cent, or a limit order of another session.
void Workload::give_webull_terms(OrderIntent& intent, const SimInstrument& instrument) {
    if (random_.hits(1, 8)) {
        give_trail(intent, instrument);
        if (random_.hits(1, 2)) return;
        intent.trail_amount.reset();
        intent.trail_percent =
            Decimal::from_integer(1 + static_cast<std::int64_t>(random_.below(5)));
    }
    if (intent.type == OrderType::Limit && random_.hits(1, 3))
        intent.session = random_.hits(1, 2) ? TradingSession::Overnight : TradingSession::Extended;
}

/// The exchange goes on to the next part of its day.
bool Workload::move_day() {
    constexpr auto day = std::to_array<MarketPhase>({MarketPhase::Regular, MarketPhase::Extended,
                                                     MarketPhase::Closed, MarketPhase::Overnight,
                                                     MarketPhase::Extended});
    day_part_ = (day_part_ + 1) % day.size();
    trace_.note("broker", "the market is {}", to_text(day[day_part_]));
    brokers_.exchange.set_phase(clock_.now(), day[day_part_]);
    return false;
}

std::optional<OrderChanges> Workload::random_changes(const Order& order) {
    const auto* instrument = brokers_.exchange.find_instrument(order.symbol);
    if (instrument == nullptr) return std::nullopt;
    OrderChanges changes;
    const auto ticks = static_cast<std::int64_t>(random_.below(60)) - 30;
    if (random_.hits(1, 2))
        changes.quantity = Quantity{order.quantity.value + Decimal::from_integer(1)};
    if (order.limit_price) changes.limit_price = moved(*order.limit_price, *instrument, ticks);
    if (order.trail_amount) changes.trail_amount = moved(*order.trail_amount, *instrument, ticks);
    if (order.trail_percent)
        changes.trail_percent =
            Decimal::from_integer(1 + static_cast<std::int64_t>(random_.below(5)));
    if (changes == OrderChanges{}) return std::nullopt;
    return changes;
}

bool Workload::modify() {
    const auto open = janus_.engine().orders({}, false);
    if (open.empty()) return false;
    const auto& order = open[random_.below(open.size())];
    const auto changes = random_changes(order);
    if (!changes) return false;
    const auto id = order.id;
    const auto call = begin(fmt::format("modify {}", id));
    janus_.engine().modify_order(clock_.now(), id, *changes, caller,
                                 [this, call, id, changes](const Result<Order>& outcome) {
                                     end(call);
                                     trace_.note("client", "modify {}: {}", id,
                                                 outcome
                                                     ? to_text(outcome->state)
                                                     : std::string_view(outcome.error().message));
                                     on_modified(*changes, outcome);
                                 });
    return true;
}

/// A change that was confirmed is one that the order shows.
void Workload::on_modified(const OrderChanges& changes, const Result<Order>& outcome) {
    if (outcome && (!shows(*outcome, changes) || outcome->wanted))
        verdict_.against(Invariant::Answers, "order {} was called modified with other values",
                         outcome->id);
}

bool Workload::preview() {
    const auto intent = random_intent();
    const auto before = janus_.engine().orders({}, true).size();
    const auto call = begin("preview of " + intent.symbol.text());
    janus_.engine().preview_order(
        clock_.now(), intent, caller,
        [this, call](const Result<gateway::OrderPreview>&) { end(call); });
    if (janus_.engine().orders({}, true).size() != before)
        verdict_.against(Invariant::AtMostOnce, "a preview of {} made an order", intent.symbol);
    return false;
}

bool Workload::bracket() {
    auto entry = random_intent();
    if (entry.side == Side::Sell) return false;
    const auto* instrument = brokers_.exchange.find_instrument(entry.symbol.text());
    const auto ask = brokers_.exchange.quote_of(entry.symbol.text()).ask;
    set_values(entry, {.quantity = entry.quantity});
    entry.type = OrderType::Market;
    entry.time_in_force = TimeInForce::Day;
    entry.good_till.reset();
    entry.idempotency_key += "-bracket";
    const auto far = static_cast<std::int64_t>(50 + random_.below(200));
    const core::BracketIntent wanted{entry, moved(ask, *instrument, far),
                                     moved(ask, *instrument, -far)};
    const auto call = begin("bracket " + entry.idempotency_key);
    janus_.engine().place_bracket(
        clock_.now(), wanted, caller, [this, call](const Result<std::vector<Order>>& outcome) {
            end(call);
            if (outcome && outcome->size() != 3)
                verdict_.against(Invariant::Answers, "a bracket was {} orders", outcome->size());
        });
    return true;
}

}  // namespace janus::sim
