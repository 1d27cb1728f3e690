#include "sim/exchange/exchange.hpp"

#include <algorithm>
#include <array>

#include "sim/exchange/money.hpp"
#include "sim/exchange/order_rules.hpp"

namespace janus::sim {
namespace {

constexpr std::uint64_t seed_mix =
    0x51e0c4a96e5;  // Keeps our stream apart from other users' seeds.
constexpr int margin_factor = 4;
constexpr int future_margin_divisor = 10;

struct PhaseWord {
    MarketPhase phase;
    std::string_view word;
};
constexpr auto phase_words = std::to_array<PhaseWord>({
    {MarketPhase::Closed,    "closed"   },
    {MarketPhase::Regular,   "regular"  },
    {MarketPhase::Extended,  "extended" },
    {MarketPhase::Overnight, "overnight"},
});

}  // namespace

std::string_view to_text(MarketPhase phase) {
    return std::ranges::find(phase_words, phase, &PhaseWord::phase)->word;
}

Result<MarketPhase> parse_market_phase(std::string_view text) {
    const auto* row = std::ranges::find(phase_words, text, &PhaseWord::word);
    if (row != phase_words.end()) return row->phase;
    return fail(ErrorCode::Invalid,
                "market phase was '{}', must be closed, regular, extended or overnight", text);
}

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
    order.triggered = order.in_auction = order.inactive = order.expired = false;
    order.placed = now.utc;
    order.changed = now.utc;
    if (order.trail && quotes_.contains(order.symbol)) follow_price(order);
    order.reason = refusal_of(order);
    order.hold = order.reason.empty() ? hold_of(order) : Hold::None;
    if (!order.reason.empty())
        order.state = ExchangeState::Rejected;
    else
        order.state = order.hold == Hold::None ? ExchangeState::Working : ExchangeState::Held;
    auto& booked = orders_[order.id] = order;
    events_.push_back(OrderChangedAtExchange{booked.id});
    set_expiry(now, booked);
    react(now, booked);
    return booked.id;
}

bool Exchange::cancel(Now now, ExchangeOrderId id, std::string reason) {
    const auto found = orders_.find(id);
    if (found == orders_.end() || is_final(found->second.state)) return false;
    end(now, found->second, ExchangeState::Cancelled, std::move(reason));
    return true;
}

void Exchange::end(Now now, ExchangeOrder& order, ExchangeState state, std::string reason) {
    order.state = state;
    order.hold = Hold::None;
    order.reason = std::move(reason);
    order.changed = now.utc;
    due_.erase(order.id);
    expiry_.erase(order.id);
    events_.push_back(OrderChangedAtExchange{order.id});
    settle_children(now, order.id);
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
    if (change.lifetime) wanted.time_in_force = change.lifetime->time_in_force;
    if (change.lifetime) wanted.good_till = change.lifetime->good_till;
    if (change.trail) {
        wanted.trail = change.trail;
        wanted.stop_price = change.stop_price;
        follow_price(wanted);
    }
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
    set_expiry(now, found->second);
    react(now, found->second);
    return {};
}

Result<void> Exchange::set_active(Now now, ExchangeOrderId id, bool active) {
    const auto found = orders_.find(id);
    if (found == orders_.end()) return fail(ErrorCode::NotFound, "order {} is not known", id.value);
    if (is_final(found->second.state))
        return fail(ErrorCode::Conflict, "order {} is final already", id.value);
    found->second.inactive = !active;
    react(now, found->second);
    return {};
}

/// The clock is monotonic where it is waited for: the time left counts from now.
void Exchange::set_expiry(Now now, const ExchangeOrder& order) {
    expiry_.erase(order.id);
    if (order.good_till && !is_final(order.state))
        expiry_[order.id] = now.mono + (*order.good_till - now.utc);
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
    expire_due(now);
}

std::optional<Instant> Exchange::deadline() const {
    std::optional<Instant> next = next_walk_;
    for (const auto* times : {&due_, &expiry_})
        for (const auto& [id, at] : *times)
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

/// Why the exchange does not take an order; empty when it does.
std::string Exchange::refusal_of(const ExchangeOrder& order) const {
    if (find_account(order.account) == nullptr) return "No such account";
    if (find_instrument(order.symbol) == nullptr) return "Unknown symbol";
    if (auto refusal = price_refusal_of(order); !refusal.empty()) return refusal;
    if (auto refusal = parent_refusal_of(order); !refusal.empty()) return refusal;
    if (order.side == Side::Sell && order.quantity > free_to_sell(order.account, order.symbol))
        return "The account does not hold enough to sell";
    if (is_buy(order.side) && price_needed(order) > buying_power_of(order.account).value)
        return "Insufficient buying power";
    return {};
}

std::string Exchange::parent_refusal_of(const ExchangeOrder& order) const {
    if (order.parent.value == 0) return {};
    const auto* parent = find_order(order.parent);
    if (parent == nullptr) return "The parent order is not known";
    const bool ended = is_final(parent->state) && parent->state != ExchangeState::Filled;
    return ended ? "The parent order has ended without a fill" : "";
}

Decimal Exchange::price_needed(const ExchangeOrder& order) const {
    const auto& instrument = *find_instrument(order.symbol);
    const Price price = order.limit_price.value_or(quote_of(order.symbol).ask);
    const Decimal value = value_of(instrument, order.quantity, price);
    return instrument.asset_class == AssetClass::Future ? divided(value, future_margin_divisor)
                                                        : value;
}

}  // namespace janus::sim
