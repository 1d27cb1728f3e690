#include "sim/exchange/money.hpp"

#include <algorithm>
#include <array>

namespace janus::sim {
namespace {

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

/// In per cent of the value.
struct MarginRow {
    AssetClass asset_class;
    int initial;
    int maintenance;
};
constexpr MarginRow usual_margin{AssetClass::Equity, 30, 25};
constexpr auto margin_rows = std::to_array<MarginRow>({
    usual_margin,
    {AssetClass::Future, 10, 8 },
    {AssetClass::Option, 20, 15},
});

const MarginRow& margin_row_of(AssetClass asset_class) {
    const auto* row = std::ranges::find(margin_rows, asset_class, &MarginRow::asset_class);
    return row == margin_rows.end() ? usual_margin : *row;
}

MarginNeed need_of(const Exchange& exchange, const std::string& symbol, Quantity held) {
    const auto& instrument = *exchange.find_instrument(symbol);
    const bool option = instrument.asset_class == AssetClass::Option;
    if (option && !held.value.is_negative()) return {};
    Price price = exchange.quote_of(symbol).last;
    if (option) price = {Decimal::parse(instrument.strike).value_or(price.value)};
    const Decimal value = value_of(instrument, {held.value.abs()}, price);
    const auto& row = margin_row_of(instrument.asset_class);
    return {divided(times(value, Decimal::from_integer(row.initial)), 100),
            divided(times(value, Decimal::from_integer(row.maintenance)), 100)};
}

}  // namespace

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

Decimal commission_at(SimBroker broker, AssetClass asset_class, Quantity filled) {
    const auto row = std::ranges::find_if(commission_rows, [&](const CommissionRow& candidate) {
        return candidate.broker == broker && candidate.asset_class == asset_class;
    });
    if (row == commission_rows.end()) return {};
    return std::max(row->minimum_per_order, times(row->per_unit, filled.value));
}

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

MarginNeed margin_need_of(const Exchange& exchange, const std::string& account,
                          const std::string& symbol, Quantity more) {
    std::map<std::string, Decimal> held;
    if (const auto found = exchange.positions().find(account); found != exchange.positions().end())
        for (const auto& [name, position] : found->second) held[name] = position.quantity.value;
    if (!symbol.empty()) held[symbol] += more.value;
    MarginNeed total;
    for (const auto& [name, quantity] : held) {
        const auto need = need_of(exchange, name, {quantity});
        total.initial += need.initial;
        total.maintenance += need.maintenance;
    }
    return total;
}

}  // namespace janus::sim
