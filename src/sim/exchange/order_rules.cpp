#include "sim/exchange/order_rules.hpp"

#include <array>

#include "sim/exchange/money.hpp"

namespace janus::sim {
namespace {

/// How the exchange handles a type.
struct TypeRow {
    OrderType type;
    bool stop;
    bool limit;
    bool at_close;
};
constexpr auto type_rows = std::to_array<TypeRow>({
    {OrderType::Market,            false, false, false},
    {OrderType::Limit,             false, true,  false},
    {OrderType::Stop,              true,  false, false},
    {OrderType::StopLimit,         true,  true,  false},
    {OrderType::TrailingStop,      true,  false, false},
    {OrderType::TrailingStopLimit, true,  true,  false},
    {OrderType::MarketOnClose,     false, false, true },
    {OrderType::LimitOnClose,      false, true,  true },
});
static_assert(type_rows[static_cast<std::size_t>(OrderType::LimitOnClose)].type ==
                  OrderType::LimitOnClose,
              "rows follow the enum's order");

const TypeRow& row_of(OrderType type) {
    return type_rows[static_cast<std::size_t>(type)];
}

/// The distance of a trail at a price: a whole number of price steps, at least one.
Decimal distance_of(const Trail& trail, Price last, Decimal tick_size) {
    if (trail.amount) return *trail.amount;
    const Decimal wanted = divided(times(last.value, trail.percent.value_or(Decimal{})), 100);
    const auto steps = wanted.units() / tick_size.units();
    return Decimal::from_units(std::max<std::int64_t>(steps, 1) * tick_size.units());
}

}  // namespace

bool is_final(ExchangeState state) {
    return state == ExchangeState::Filled || state == ExchangeState::Cancelled ||
           state == ExchangeState::Rejected;
}

bool is_buy(Side side) {
    return side == Side::Buy;
}

bool has_stop(OrderType type) {
    return row_of(type).stop;
}

bool has_limit(OrderType type) {
    return row_of(type).limit;
}

Auction auction_of(const ExchangeOrder& order) {
    if (row_of(order.type).at_close) return Auction::Closing;
    return order.time_in_force == TimeInForce::AtTheOpening ? Auction::Opening : Auction::None;
}

bool is_immediate(const ExchangeOrder& order) {
    return order.time_in_force == TimeInForce::ImmediateOrCancel ||
           order.time_in_force == TimeInForce::FillOrKill;
}

bool meets_limit(const ExchangeOrder& order, const SimQuote& quote) {
    if (!has_limit(order.type)) return true;
    return is_buy(order.side) ? quote.ask <= *order.limit_price : quote.bid >= *order.limit_price;
}

bool reaches_stop(const ExchangeOrder& order, const SimQuote& quote) {
    const bool rising = is_buy(order.side) != order.if_touched;
    return rising ? quote.last >= *order.stop_price : quote.last <= *order.stop_price;
}

std::string price_refusal_of(const ExchangeOrder& order) {
    if (!order.quantity.value.is_positive()) return "The order quantity must be positive";
    const bool limit = has_limit(order.type);
    if (limit != order.limit_price.has_value())
        return limit ? "The order type needs a limit price" : "The order type takes no limit price";
    const bool stop = has_stop(order.type);
    if (stop != order.stop_price.has_value())
        return stop ? "The order type needs a stop price" : "The order type takes no stop price";
    if (is_trailing(order.type) != order.trail.has_value())
        return order.trail ? "The order type does not trail" : "The order type needs a trail";
    return {};
}

Price trailing_stop_of(const ExchangeOrder& order, Price last, Decimal tick_size) {
    const Decimal distance = distance_of(*order.trail, last, tick_size);
    return {is_buy(order.side) ? last.value + distance : last.value - distance};
}

std::optional<Price> trailing_limit_of(const ExchangeOrder& order) {
    const auto& offset = order.trail->limit_offset;
    if (!offset || !order.stop_price) return std::nullopt;
    const Decimal stop = order.stop_price->value;
    return Price{is_buy(order.side) ? stop + *offset : stop - *offset};
}

}  // namespace janus::sim
