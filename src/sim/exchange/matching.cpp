// How orders meet the market: holds and triggers, parts, auctions, groups and brackets.
#include <algorithm>

#include "sim/exchange/exchange.hpp"
#include "sim/exchange/money.hpp"
#include "sim/exchange/order_rules.hpp"

namespace janus::sim {
namespace {

constexpr int parts_max = 3;

/// Instruments that know no difference between the sessions of a day, and those that never close.
bool trades_all_day(AssetClass asset_class) {
    return asset_class == AssetClass::Future || asset_class == AssetClass::Forex ||
           asset_class == AssetClass::Crypto;
}

/// Whether the change of phase is the end of the day that an order is good for.
bool ends_day_of(const ExchangeOrder& order, MarketPhase before, MarketPhase after) {
    if (order.time_in_force != TimeInForce::Day || auction_of(order) != Auction::None) return false;
    const bool night_only = order.session_only && order.session == TradingSession::Overnight;
    return after == MarketPhase::Closed || (night_only && before == MarketPhase::Overnight);
}

}  // namespace

void Exchange::set_phase(Now now, MarketPhase phase) {
    const auto before = std::exchange(phase_, phase);
    if (before == phase) return;
    const bool opens = phase == MarketPhase::Regular;
    const bool closes = before == MarketPhase::Regular;
    std::vector<ExchangeOrderId> open;
    for (const auto& [id, order] : orders_)
        if (!is_final(order.state)) open.push_back(id);
    for (const auto id : open) {
        auto& order = orders_.at(id);
        if (is_final(order.state)) continue;  // It has ended with its parent.
        const auto auction = auction_of(order);
        if ((opens && auction == Auction::Opening) || (closes && auction == Auction::Closing))
            order.in_auction = true;
        if (ends_day_of(order, before, phase)) expire(now, order, "The trading day has ended");
        react(now, order);
    }
}

void Exchange::expire(Now now, ExchangeOrder& order, std::string reason) {
    order.expired = true;
    end(now, order, ExchangeState::Cancelled, std::move(reason));
}

/// Whether the market trades an order of this kind now.
bool Exchange::may_trade(const ExchangeOrder& order) const {
    if (auction_of(order) != Auction::None) return order.in_auction;
    const auto asset_class = find_instrument(order.symbol)->asset_class;
    switch (phase_) {
        case MarketPhase::Closed:
            return asset_class == AssetClass::Crypto;
        case MarketPhase::Regular:
            return !order.session_only || order.session == TradingSession::Regular;
        case MarketPhase::Extended:
            return trades_all_day(asset_class) || order.session == TradingSession::Extended;
        case MarketPhase::Overnight:
            return trades_all_day(asset_class) || order.session == TradingSession::Overnight;
    }
    return false;
}

Hold Exchange::hold_of(const ExchangeOrder& order) const {
    if (order.inactive) return Hold::Inactive;
    const auto* parent = order.parent.value != 0 ? find_order(order.parent) : nullptr;
    if (parent != nullptr && parent->state != ExchangeState::Filled) return Hold::Parent;
    if (has_stop(order.type) && !order.triggered) return Hold::Trigger;
    return may_trade(order) ? Hold::None : Hold::Session;
}

/// Lets the stop of a trailing order follow the last price. True when it has moved.
bool Exchange::follow_price(ExchangeOrder& order) const {
    const auto wanted = trailing_stop_of(order, quote_of(order.symbol).last,
                                         find_instrument(order.symbol)->tick_size);
    const bool nearer = !order.stop_price || (is_buy(order.side) ? wanted < *order.stop_price
                                                                 : wanted > *order.stop_price);
    if (nearer) order.stop_price = wanted;
    if (const auto limit = trailing_limit_of(order)) order.limit_price = limit;
    return nearer;
}

/// Moves and elects the stop of an order that waits for it. True when either has happened.
bool Exchange::find_trigger(ExchangeOrder& order) const {
    if (hold_of(order) != Hold::Trigger || !may_trade(order)) return false;
    const bool moved = order.trail && follow_price(order);
    order.triggered = reaches_stop(order, quote_of(order.symbol));
    return moved || order.triggered;
}

/// Lets an order meet the quote: a stop may trigger, a marketable order gets its time to fill.
void Exchange::react(Now now, ExchangeOrder& order) {
    if (is_final(order.state)) return;
    const bool elected = find_trigger(order);
    const auto hold = hold_of(order);
    if (elected || hold != order.hold) {
        order.hold = hold;
        order.state = hold == Hold::None ? ExchangeState::Working : ExchangeState::Held;
        order.changed = now.utc;
        events_.push_back(OrderChangedAtExchange{order.id});
    }
    plan_fill(now, order);
}

/// What may not rest gets its one moment whatever the quote says.
void Exchange::plan_fill(Now now, const ExchangeOrder& order) {
    const bool waits = order.hold != Hold::None && order.hold != Hold::Session;
    const bool one_moment = order.in_auction || is_immediate(order);
    const bool marketable = order.hold == Hold::None && meets_limit(order, quote_of(order.symbol));
    if (waits || (!one_moment && !marketable))
        due_.erase(order.id);
    else
        due_.try_emplace(order.id, now.mono + scenario_.fill_delay);
}

void Exchange::react_all(Now now, const std::string& symbol) {
    for (auto& [id, order] : orders_)
        if (order.symbol == symbol) react(now, order);
}

void Exchange::fill_due(Now now) {
    std::vector<ExchangeOrderId> due;
    for (const auto& [id, at] : due_)
        if (at <= now.mono) due.push_back(id);
    for (const auto id : due) {
        // The fill of another order of its group may have ended this one.
        if (due_.erase(id) == 0) continue;
        auto& order = orders_.at(id);
        if (order.in_auction || is_immediate(order))
            fill_at_once(now, order);
        else
            fill(now, order, part_of(order));
    }
}

/// Fills what can be had in this moment, and ends the order.
void Exchange::fill_at_once(Now now, ExchangeOrder& order) {
    const auto part = immediate_part_of(order);
    if (part.value.is_positive()) fill(now, order, part);
    if (!is_final(order.state)) end(now, order, ExchangeState::Cancelled, "");
}

void Exchange::expire_due(Now now) {
    std::vector<ExchangeOrderId> due;
    for (const auto& [id, at] : expiry_)
        if (at <= now.mono) due.push_back(id);
    for (const auto id : due) expire(now, orders_.at(id), "The order has expired");
}

/// Fills at the far side of the quote, which is never worse than the limit of a marketable order.
void Exchange::fill(Now now, ExchangeOrder& order, Quantity quantity) {
    const auto& quote = quote_of(order.symbol);
    ExchangeExecution execution;
    execution.number = next_execution_++;
    execution.order = order.id;
    execution.account = order.account;
    execution.symbol = order.symbol;
    execution.side = order.side;
    execution.quantity = quantity;
    execution.price = is_buy(order.side) ? quote.ask : quote.bid;
    order.average_price = {*Decimal::weighted_average(order.average_price.value, order.filled.value,
                                                      execution.price.value,
                                                      execution.quantity.value)};
    order.filled = {order.filled.value + execution.quantity.value};
    execution.commission = commission_of(order, order.filled);
    charged_[order.id] = {charged_[order.id].value + execution.commission.value};
    execution.cumulative = order.filled;
    execution.average_price = order.average_price;
    execution.at = now.utc;
    execution.realized = book(execution);
    executions_.push_back(execution);
    events_.push_back(ExecutedAtExchange{execution});
    const bool was_final = is_final(order.state);
    if (order.filled >= order.quantity) {
        end(now, order, ExchangeState::Filled, "");
    } else {
        order.changed = now.utc;
        events_.push_back(OrderChangedAtExchange{order.id});
        react(now, order);
    }
    if (!was_final) settle_group(now, order, quantity);
}

/// What a fill means for the other orders of its group. It happens with the fill, so that two
/// orders of a group never fill for the same quantity.
void Exchange::settle_group(Now now, const ExchangeOrder& filled, Quantity quantity) {
    if (filled.group.empty()) return;
    const Decimal after = std::max(filled.quantity.value - filled.filled.value, Decimal{});
    const Decimal before = after + quantity.value;
    for (auto& [id, other] : orders_) {
        if (id == filled.id || is_final(other.state) || other.account != filled.account ||
            other.group != filled.group)
            continue;
        const Decimal open = other.quantity.value - other.filled.value;
        Decimal kept;
        if (filled.group_rule == GroupRule::ReduceOthers)
            kept = Decimal::divide(times(open, after), before).value_or(Decimal{});
        kept = Decimal::from_integer(kept.units() / Decimal::units_per_one);
        if (!kept.is_positive()) {
            end(now, other, ExchangeState::Cancelled, "");
            continue;
        }
        other.quantity = {other.filled.value + kept};
        other.changed = now.utc;
        events_.push_back(OrderChangedAtExchange{id});
    }
}

/// Children live on when their parent has filled, and end with a parent that ends otherwise.
void Exchange::settle_children(Now now, ExchangeOrderId parent) {
    const bool filled = orders_.at(parent).state == ExchangeState::Filled;
    for (auto& [id, child] : orders_) {
        if (child.parent != parent || is_final(child.state)) continue;
        if (filled)
            react(now, child);
        else
            end(now, child, ExchangeState::Cancelled, "");
    }
}

/// The order's fill from its executions, after one of them was corrected.
void Exchange::recount(ExchangeOrder& order) {
    order.filled = {};
    order.average_price = {};
    for (const auto& execution : executions_) {
        if (execution.order != order.id || execution.quantity.value.is_zero()) continue;
        order.average_price = {*Decimal::weighted_average(order.average_price.value,
                                                          order.filled.value, execution.price.value,
                                                          execution.quantity.value)};
        order.filled = {order.filled.value + execution.quantity.value};
    }
}

/// The next part: everything for a small order, else about a third of it in whole units.
Quantity Exchange::part_of(const ExchangeOrder& order) const {
    const Decimal open = order.quantity.value - order.filled.value;
    if (order.quantity <= scenario_.partial_fill_above) return {open};
    const std::int64_t step = Decimal::units_per_one * parts_max;
    const std::int64_t whole = (order.quantity.value.units() + step - 1) / step;
    return {std::min(open, Decimal::from_integer(whole))};
}

/// What an order that may not rest gets: an auction fills all of it, the market what stands at the
/// far side of the quote.
Quantity Exchange::immediate_part_of(const ExchangeOrder& order) const {
    const auto& quote = quote_of(order.symbol);
    if (order.hold != Hold::None || !meets_limit(order, quote)) return {};
    const Decimal open = order.quantity.value - order.filled.value;
    const Decimal offered = is_buy(order.side) ? quote.ask_size.value : quote.bid_size.value;
    if (order.in_auction || open <= offered) return {open};
    return order.time_in_force == TimeInForce::FillOrKill ? Quantity{} : Quantity{offered};
}

/// What is still to be charged when `cumulative` of an order is filled. A minimum applies to the
/// order as a whole, so the first part pays it.
Money Exchange::commission_of(const ExchangeOrder& order, Quantity cumulative) const {
    const auto whole = commission_for(order.account, order.symbol, cumulative);
    const auto charged = charged_.find(order.id);
    return {whole.value - (charged == charged_.end() ? Decimal{} : charged->second.value)};
}

Money Exchange::commission_for(const std::string& account, const std::string& symbol,
                               Quantity quantity) const {
    return {commission_at(find_account(account)->broker, find_instrument(symbol)->asset_class,
                          quantity)};
}

/// Moves cash and position; returns the profit realized. A future's cash moves only with its
/// profit, everything else is paid in full.
Money Exchange::book(const ExchangeExecution& execution) {
    const auto& instrument = *find_instrument(execution.symbol);
    auto& held = positions_[execution.account];
    const Quantity traded{is_buy(execution.side) ? execution.quantity.value
                                                 : -execution.quantity.value};
    const auto booking = booking_of(held[execution.symbol], traded, execution.price);
    if (booking.position.quantity.value.is_zero())
        held.erase(execution.symbol);
    else
        held[execution.symbol] = booking.position;
    const Money realized{times(booking.realized, instrument.multiplier)};
    auto& cash = cash_[execution.account];
    const bool future = instrument.asset_class == AssetClass::Future;
    cash.value += future ? realized.value : -value_of(instrument, traded, execution.price);
    cash.value -= execution.commission.value;
    auto& total = realized_[execution.account][execution.symbol];
    total.value += realized.value;
    return realized;
}

}  // namespace janus::sim
