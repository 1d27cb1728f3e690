#include "sim/exchange/exchange.hpp"

#include <algorithm>
#include <array>

namespace janus::sim {
namespace {

constexpr std::uint64_t seed_mix =
    0x51e0c4a96e5;  // Keeps our stream apart from other users' seeds.
constexpr int parts_max = 3;
constexpr int margin_factor = 4;
constexpr int future_margin_divisor = 10;
constexpr int walk_band_divisor = 50;  // The walk turns back 2 % away from the start price.

bool is_final(ExchangeState state) {
    return state == ExchangeState::Filled || state == ExchangeState::Cancelled ||
           state == ExchangeState::Rejected;
}

bool is_buy(Side side) {
    return side == Side::Buy;
}

bool is_stop(OrderType type) {
    return type == OrderType::Stop || type == OrderType::StopLimit;
}

bool has_limit(OrderType type) {
    return type == OrderType::Limit || type == OrderType::StopLimit;
}

Decimal times(Decimal a, Decimal b) {
    const auto product = Decimal::multiply(a, b);
    JANUS_CHECK(product.has_value());
    return *product;
}

Decimal divided(Decimal a, int divisor) {
    return Decimal::divide(a, Decimal::from_integer(divisor)).value();
}

Decimal value_of(const SimInstrument& instrument, Quantity quantity, Price price) {
    return times(times(quantity.value, price.value), instrument.multiplier);
}

struct CommissionRow {
    SimBroker broker;
    AssetClass asset_class;
    Decimal per_unit;
    Decimal minimum_per_order;
};

constexpr auto commission_rows = std::to_array<CommissionRow>({
    {SimBroker::Ib,     AssetClass::Equity, Decimal::from_units(500'000),
     Decimal::from_units(100'000'000)                                                  },
    {SimBroker::Ib,     AssetClass::Option, Decimal::from_units(65'000'000),
     Decimal::from_units(100'000'000)                                                  },
    {SimBroker::Ib,     AssetClass::Future, Decimal::from_units(225'000'000), Decimal{}},
    {SimBroker::Webull, AssetClass::Option, Decimal::from_units(55'000'000),  Decimal{}},
});

bool is_marketable(const ExchangeOrder& order, const SimQuote& quote) {
    if (is_stop(order.type) && !order.triggered) return false;
    if (!has_limit(order.type)) return true;
    return is_buy(order.side) ? quote.ask <= *order.limit_price : quote.bid >= *order.limit_price;
}

bool reaches_stop(const ExchangeOrder& order, const SimQuote& quote) {
    return is_buy(order.side) ? quote.last >= *order.stop_price : quote.last <= *order.stop_price;
}

std::string price_refusal_of(const ExchangeOrder& order) {
    if (!order.quantity.value.is_positive()) return "The order quantity must be positive";
    if (has_limit(order.type) != order.limit_price.has_value())
        return has_limit(order.type) ? "The order type needs a limit price"
                                     : "The order type takes no limit price";
    if (is_stop(order.type) != order.stop_price.has_value())
        return is_stop(order.type) ? "The order type needs a stop price"
                                   : "The order type takes no stop price";
    return {};
}

/// The position after a trade, and the profit per unit times quantity of the part that it closed.
struct Booking {
    SimPosition position;
    Decimal realized;  ///< Without the multiplier.
    Quantity opened;   ///< Signed part of the trade that opened or enlarged.
    Quantity closed;   ///< Signed part of the trade that closed.
};

Booking booking_of(const SimPosition& held, Quantity traded, Price price) {
    const Decimal before = held.quantity.value;
    const Decimal trade = traded.value;
    Booking booking;
    if (trade.is_zero()) return {.position = held, .realized = {}, .opened = {}, .closed = {}};
    const bool same_side = before.is_zero() || before.is_negative() == trade.is_negative();
    const Decimal closing = same_side ? Decimal{} : std::min(before.abs(), trade.abs());
    booking.closed = {trade.is_negative() ? -closing : closing};
    booking.opened = {trade - booking.closed.value};
    const Decimal gain = before.is_negative() ? held.average_cost.value - price.value
                                              : price.value - held.average_cost.value;
    booking.realized = times(gain, closing);
    booking.position.quantity = {before + trade};
    booking.position.average_cost = held.average_cost;
    const Decimal kept = before + booking.closed.value;
    if (!booking.opened.value.is_zero())
        booking.position.average_cost = {*Decimal::weighted_average(
            held.average_cost.value, kept.abs(), price.value, booking.opened.value.abs())};
    return booking;
}

}  // namespace

Exchange::Exchange(Scenario scenario, std::uint64_t seed)
    : scenario_(std::move(scenario)), random_(seed ^ seed_mix) {
    const Quantity lot{Decimal::from_integer(300)};
    for (const auto& instrument : scenario_.instruments) {
        const Price last = instrument.start_price;
        quotes_[instrument.symbol] = {.bid = {last.value - instrument.tick_size},
                                      .ask = {last.value + instrument.tick_size},
                                      .last = last,
                                      .close = last,
                                      .bid_size = lot,
                                      .ask_size = lot,
                                      .last_size = {Decimal::from_integer(100)},
                                      .volume = {Decimal::from_integer(1'000'000)}};
    }
    for (const auto& account : scenario_.accounts) {
        cash_[account.id] = account.cash;
        for (const auto& holding : account.holdings)
            positions_[account.id][holding.symbol] = {holding.quantity, holding.average_cost};
    }
    if (scenario_.walk_ticks_max > 0) next_walk_ = Instant{};
    next_order_ = scenario_.first_number;
    next_execution_ = scenario_.first_number;
}

ExchangeOrderId Exchange::place(Now now, ExchangeOrder order) {
    order.id = {next_order_++};
    order.filled = {};
    order.average_price = {};
    order.triggered = false;
    order.placed = now.utc;
    order.changed = now.utc;
    order.reason = refusal_of(order);
    if (!order.reason.empty())
        order.state = ExchangeState::Rejected;
    else
        order.state = is_stop(order.type) ? ExchangeState::Held : ExchangeState::Working;
    auto& booked = orders_[order.id] = order;
    events_.push_back(OrderChangedAtExchange{booked.id});
    react(now, booked);
    return booked.id;
}

bool Exchange::cancel(Now now, ExchangeOrderId id, std::string reason) {
    const auto found = orders_.find(id);
    if (found == orders_.end() || is_final(found->second.state)) return false;
    found->second.state = ExchangeState::Cancelled;
    found->second.reason = std::move(reason);
    found->second.changed = now.utc;
    due_.erase(id);
    events_.push_back(OrderChangedAtExchange{id});
    return true;
}

Result<void> Exchange::modify(Now now, ExchangeOrderId id, const ExchangeChange& change) {
    const auto found = orders_.find(id);
    if (found == orders_.end()) return fail(ErrorCode::NotFound, "order {} is not known", id.value);
    if (is_final(found->second.state))
        return fail(ErrorCode::Conflict, "order {} is final already", id.value);
    ExchangeOrder wanted = found->second;
    if (change.quantity) wanted.quantity = *change.quantity;
    if (change.limit_price) wanted.limit_price = change.limit_price;
    if (change.stop_price) wanted.stop_price = change.stop_price;
    if (auto refusal = price_refusal_of(wanted); !refusal.empty())
        return fail(ErrorCode::Invalid, "{}", refusal);
    if (wanted.quantity <= wanted.filled)
        return fail(ErrorCode::Invalid, "quantity {} is not above the filled {}", wanted.quantity,
                    wanted.filled);
    const Decimal more = wanted.quantity.value - found->second.quantity.value;
    if (wanted.side == Side::Sell && more > free_to_sell(wanted.account, wanted.symbol).value)
        return fail(ErrorCode::Invalid, "the account does not hold {} of {} to sell",
                    wanted.quantity, wanted.symbol);
    wanted.changed = now.utc;
    found->second = wanted;
    events_.push_back(OrderChangedAtExchange{id});
    react(now, found->second);
    return {};
}

Result<void> Exchange::set_market(Now now, const std::string& symbol, Price bid, Price ask,
                                  Price last) {
    const auto found = quotes_.find(symbol);
    if (found == quotes_.end())
        return fail(ErrorCode::NotFound, "symbol '{}' is not known", symbol);
    if (bid > ask) return fail(ErrorCode::Invalid, "bid {} is above ask {}", bid, ask);
    found->second.bid = bid;
    found->second.ask = ask;
    found->second.last = last;
    pinned_.insert(symbol);
    events_.push_back(QuoteChanged{symbol});
    react_all(now, symbol);
    return {};
}

Result<void> Exchange::force_fill(Now now, ExchangeOrderId id, Quantity quantity) {
    const auto found = orders_.find(id);
    if (found == orders_.end()) return fail(ErrorCode::NotFound, "order {} is not known", id.value);
    if (!quantity.value.is_positive())
        return fail(ErrorCode::Invalid, "quantity {} is not positive", quantity);
    fill(now, found->second, quantity);
    return {};
}

Result<void> Exchange::correct(Now now, std::uint64_t execution_number, Quantity quantity,
                               Price price) {
    const auto found = std::ranges::find(executions_, execution_number, &ExchangeExecution::number);
    if (found == executions_.end())
        return fail(ErrorCode::NotFound, "execution {} is not known", execution_number);
    if (quantity.value.is_negative())
        return fail(ErrorCode::Invalid, "quantity {} is negative", quantity);
    ExchangeExecution booking = *found;
    booking.commission = {};  // What was charged stays charged.
    booking.side = is_buy(found->side) ? Side::Sell : Side::Buy;
    book(booking);
    found->quantity = quantity;
    found->price = price;
    found->at = now.utc;
    ++found->revision;
    booking.side = found->side;
    booking.quantity = quantity;
    booking.price = price;
    found->realized = book(booking);
    auto& order = orders_.at(found->order);
    recount(order);
    order.changed = now.utc;
    found->cumulative = order.filled;
    found->average_price = order.average_price;
    events_.push_back(ExecutedAtExchange{*found});
    events_.push_back(OrderChangedAtExchange{order.id});
    return {};
}

void Exchange::on_timeout(Now now) {
    if (next_walk_ && now.mono >= *next_walk_) walk(now);
    fill_due(now);
}

std::optional<Instant> Exchange::deadline() const {
    std::optional<Instant> next = next_walk_;
    for (const auto& [id, at] : due_)
        if (!next || at < *next) next = at;
    return next;
}

std::vector<ExchangeEvent> Exchange::take_events() {
    return std::exchange(events_, {});
}

const SimInstrument* Exchange::find_instrument(const std::string& symbol) const {
    const auto found = std::ranges::find(scenario_.instruments, symbol, &SimInstrument::symbol);
    return found == scenario_.instruments.end() ? nullptr : &*found;
}

const SimAccount* Exchange::find_account(const std::string& id) const {
    const auto found = std::ranges::find(scenario_.accounts, id, &SimAccount::id);
    return found == scenario_.accounts.end() ? nullptr : &*found;
}

const ExchangeOrder* Exchange::find_order(ExchangeOrderId id) const {
    const auto found = orders_.find(id);
    return found == orders_.end() ? nullptr : &found->second;
}

Money Exchange::cash_of(const std::string& account) const {
    const auto found = cash_.find(account);
    return found == cash_.end() ? Money{} : found->second;
}

Money Exchange::net_liquidation_of(const std::string& account) const {
    Decimal total = cash_of(account).value;
    const auto held = positions_.find(account);
    if (held == positions_.end()) return {total};
    for (const auto& [symbol, position] : held->second) {
        const auto& instrument = *find_instrument(symbol);
        Price worth = quote_of(symbol).last;
        if (instrument.asset_class == AssetClass::Future)
            worth = {worth.value - position.average_cost.value};
        total += value_of(instrument, position.quantity, worth);
    }
    return {total};
}

Money Exchange::buying_power_of(const std::string& account) const {
    const Decimal cash = cash_of(account).value;
    return {cash.is_negative() ? Decimal{} : times(cash, Decimal::from_integer(margin_factor))};
}

Quantity Exchange::free_to_sell(const std::string& account, const std::string& symbol) const {
    Decimal available;
    if (const auto held = positions_.find(account); held != positions_.end())
        if (const auto position = held->second.find(symbol); position != held->second.end())
            available = position->second.quantity.value;
    for (const auto& [id, order] : orders_)
        if (order.account == account && order.symbol == symbol && !is_buy(order.side) &&
            !is_final(order.state))
            available -= order.quantity.value - order.filled.value;
    return {available};
}

Money Exchange::realized_of(const std::string& account, const std::string& symbol) const {
    const auto of_account = realized_.find(account);
    if (of_account == realized_.end()) return {};
    const auto found = of_account->second.find(symbol);
    return found == of_account->second.end() ? Money{} : found->second;
}

const SimQuote& Exchange::quote_of(const std::string& symbol) const {
    const auto found = quotes_.find(symbol);
    JANUS_CHECK(found != quotes_.end());
    return found->second;
}

/// Why the exchange does not take an order; empty when it does.
std::string Exchange::refusal_of(const ExchangeOrder& order) const {
    if (find_account(order.account) == nullptr) return "No such account";
    if (find_instrument(order.symbol) == nullptr) return "Unknown symbol";
    if (auto refusal = price_refusal_of(order); !refusal.empty()) return refusal;
    if (order.side == Side::Sell && order.quantity > free_to_sell(order.account, order.symbol))
        return "The account does not hold enough to sell";
    if (is_buy(order.side) && price_needed(order) > buying_power_of(order.account).value)
        return "Insufficient buying power";
    return {};
}

Decimal Exchange::price_needed(const ExchangeOrder& order) const {
    const auto& instrument = *find_instrument(order.symbol);
    const Price price = order.limit_price.value_or(quote_of(order.symbol).ask);
    const Decimal value = value_of(instrument, order.quantity, price);
    return instrument.asset_class == AssetClass::Future ? divided(value, future_margin_divisor)
                                                        : value;
}

/// Lets an order meet the quote: a stop may trigger, a marketable order gets its time to fill.
void Exchange::react(Now now, ExchangeOrder& order) {
    if (is_final(order.state)) return;
    const auto& quote = quote_of(order.symbol);
    if (is_stop(order.type) && !order.triggered && reaches_stop(order, quote)) {
        order.triggered = true;
        order.state = ExchangeState::Working;
        order.changed = now.utc;
        events_.push_back(OrderChangedAtExchange{order.id});
    }
    if (!is_marketable(order, quote))
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
        due_.erase(id);
        auto& order = orders_.at(id);
        fill(now, order, part_of(order));
    }
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
    if (order.filled >= order.quantity) order.state = ExchangeState::Filled;
    order.changed = now.utc;
    executions_.push_back(execution);
    events_.push_back(ExecutedAtExchange{execution});
    events_.push_back(OrderChangedAtExchange{order.id});
    react(now, order);
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

/// What is still to be charged when `cumulative` of an order is filled. A minimum applies to the
/// order as a whole, so the first part pays it.
Money Exchange::commission_of(const ExchangeOrder& order, Quantity cumulative) const {
    const auto broker = find_account(order.account)->broker;
    const auto asset_class = find_instrument(order.symbol)->asset_class;
    const auto row = std::ranges::find_if(commission_rows, [&](const CommissionRow& candidate) {
        return candidate.broker == broker && candidate.asset_class == asset_class;
    });
    if (row == commission_rows.end()) return {};
    const Decimal whole = std::max(row->minimum_per_order, times(row->per_unit, cumulative.value));
    const auto charged = charged_.find(order.id);
    return {whole - (charged == charged_.end() ? Decimal{} : charged->second.value)};
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

void Exchange::walk(Now now) {
    next_walk_ = now.mono + scenario_.walk_period;
    for (const auto& instrument : scenario_.instruments) {
        auto& quote = quotes_.at(instrument.symbol);
        quote.bid_size = {
            Decimal::from_integer(static_cast<std::int64_t>(1 + random_.below(20)) * 100)};
        quote.ask_size = {
            Decimal::from_integer(static_cast<std::int64_t>(1 + random_.below(20)) * 100)};
        if (!pinned_.contains(instrument.symbol)) move_price(instrument, quote);
        events_.push_back(QuoteChanged{instrument.symbol});
        react_all(now, instrument.symbol);
    }
}

/// One step of the walk: up to `walk_ticks_max` price steps either way, turned back at the edge of
/// a band around the start price; bid and ask stand one or two steps around the last price.
void Exchange::move_price(const SimInstrument& instrument, SimQuote& quote) {
    const auto span = static_cast<std::uint64_t>(scenario_.walk_ticks_max);
    auto steps = static_cast<std::int64_t>(random_.below(2 * span + 1)) - scenario_.walk_ticks_max;
    const Decimal drift = quote.last.value - instrument.start_price.value;
    if (drift.abs() > divided(instrument.start_price.value, walk_band_divisor) &&
        drift.is_negative() == (steps < 0))
        steps = -steps;
    const std::int64_t tick = instrument.tick_size.units();
    const Decimal moved = quote.last.value + Decimal::from_units(steps * tick);
    // A price stays at three steps or more, so that the bid stays positive.
    quote.last = {std::max(moved, Decimal::from_units(3 * tick))};
    quote.bid = {quote.last.value -
                 Decimal::from_units(tick * static_cast<std::int64_t>(1 + random_.below(2)))};
    quote.ask = {quote.last.value +
                 Decimal::from_units(tick * static_cast<std::int64_t>(1 + random_.below(2)))};
    quote.last_size = {
        Decimal::from_integer(static_cast<std::int64_t>(1 + random_.below(5)) * 100)};
    quote.volume.value += quote.last_size.value;
}

}  // namespace janus::sim
