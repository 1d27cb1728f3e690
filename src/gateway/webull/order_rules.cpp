#include "gateway/webull/order_rules.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/ranges.h>

#include "gateway/webull/wire/json.hpp"
#include "gateway/webull/wire/words.hpp"

namespace janus::webull {
namespace {

enum class OutsideCore { No, Yes };
enum class Fractions { No, Yes };

/// What Webull lets an order type do. Types without a row are not placed there by Janus.
struct TypeRow {
    OrderType type;
    OutsideCore outside_core;
    Fractions fractions;
};
constexpr auto types = std::to_array<TypeRow>({
    {OrderType::Market,       OutsideCore::No,  Fractions::Yes},
    {OrderType::Limit,        OutsideCore::Yes, Fractions::No },
    {OrderType::Stop,         OutsideCore::No,  Fractions::No },
    {OrderType::StopLimit,    OutsideCore::No,  Fractions::No },
    {OrderType::TrailingStop, OutsideCore::No,  Fractions::No },
});
constexpr auto times = std::to_array<TimeInForce>({TimeInForce::Day, TimeInForce::GoodTillCancel});
constexpr auto sessions = std::to_array<TradingSession>(
    {TradingSession::Regular, TradingSession::Extended, TradingSession::Overnight});

const TypeRow* find_type(OrderType type) {
    const auto* row = std::ranges::find(types, type, &TypeRow::type);
    return row == types.end() ? nullptr : row;
}

template <typename List, typename Value>
Result<void> check_offered(const List& offered, Value wanted, std::string_view what) {
    if (std::ranges::find(offered, wanted) != offered.end()) return {};
    std::string names;
    for (const auto one : offered)
        names += fmt::format("{}{}", names.empty() ? "" : ", ", to_text(one));
    return fail(ErrorCode::Denied, "{} {} is not offered for shares at Webull; these are: {}", what,
                to_text(wanted), names);
}

/// What Janus can say to Webull at all.
Result<void> check_words(const OrderTerms& terms) {
    std::vector<OrderType> names;
    for (const auto& row : types) names.push_back(row.type);
    if (auto checked = check_offered(names, terms.type, "order type"); !checked) return checked;
    if (auto checked = check_offered(times, terms.time_in_force, "time in force"); !checked)
        return checked;
    if (auto checked = check_offered(sessions, terms.session, "session"); !checked) return checked;
    if (terms.oca_group.empty()) return {};
    return fail(ErrorCode::Denied,
                "OCA groups are not supported at Webull yet; place the order without a group");
}

/// US rule for shares: from `from` on, prices are multiples of `step`. Highest band first.
struct PriceBand {
    Decimal from;
    Decimal step;
};
constexpr auto price_bands = std::to_array<PriceBand>({
    {Decimal::from_integer(1), Decimal::from_units(Decimal::units_per_one / 100)   },
    {Decimal::from_units(1),   Decimal::from_units(Decimal::units_per_one / 10'000)},
});

Result<void> check_price(std::string_view what, const std::optional<Price>& price) {
    if (!price) return {};
    const auto value = price->value;
    if (!value.is_positive())
        return fail(ErrorCode::Denied, "{} price was {}, must be above zero at Webull", what,
                    value);
    const auto* band =
        std::ranges::find_if(price_bands, [value](const auto& row) { return value >= row.from; });
    if (value.is_multiple_of(band->step)) return {};
    const auto below = Decimal::from_units(value.units() / band->step.units() * band->step.units());
    const auto above = below + band->step;
    if (below.is_zero())
        return fail(ErrorCode::Denied, "{} price {} is no multiple of {}; the nearest is {}", what,
                    value, band->step, above);
    return fail(ErrorCode::Denied, "{} price {} is no multiple of {}; the nearest are {} and {}",
                what, value, band->step, below, above);
}

/// A percentage travels as a fraction of eight places, so it may have six.
Result<void> check_trail(const OrderTerms& terms) {
    if (terms.type != OrderType::TrailingStop) return {};
    if (terms.stop_price)
        return fail(ErrorCode::Denied,
                    "TRAILING_STOP starts from the market at Webull; leave the stop price out");
    if (terms.trail_amount.has_value() == terms.trail_percent.has_value())
        return fail(ErrorCode::Denied, "TRAILING_STOP needs a trail amount or a trail percent");
    if (terms.trail_amount) return check_price("trail", terms.trail_amount);
    const auto percent = *terms.trail_percent;
    constexpr auto whole = Decimal::from_integer(100);
    if (percent.is_positive() && percent < whole && percent.units() % 100 == 0) return {};
    return fail(ErrorCode::Denied,
                "trail percent was {}, must lie between 0 and 100 with at most six decimals",
                percent);
}

Result<void> check_fraction(const OrderTerms& terms) {
    if (terms.quantity.value.is_whole()) return {};
    const bool type_allows = find_type(terms.type)->fractions == Fractions::Yes;
    if (type_allows && terms.session == TradingSession::Regular && terms.side != Side::SellShort)
        return {};
    return fail(ErrorCode::Denied,
                "quantity {} is fractional; Webull takes that only for MARKET orders in the "
                "regular session and not for short sales",
                terms.quantity);
}

/// Of an intent or of an order to place: both name these things alike.
template <typename Source>
OrderTerms terms_from(const Source& source) {
    return {.asset_class = source.symbol.asset_class(),
            .side = source.side,
            .type = source.type,
            .quantity = source.quantity,
            .limit_price = source.limit_price,
            .stop_price = source.stop_price,
            .trail_amount = source.trail_amount,
            .trail_percent = source.trail_percent,
            .time_in_force = source.time_in_force,
            .session = source.session,
            .oca_group = source.oca_group};
}

void write_trail(wire::JsonObject& order, const gateway::PlaceOrder& place) {
    if (place.trail_amount)
        order.text("trailing_type", "AMOUNT")
            .text("trailing_stop_step", place.trail_amount->value.to_text());
    if (place.trail_percent)
        order.text("trailing_type", "PERCENTAGE")
            .text("trailing_stop_step",
                  Decimal::from_units(place.trail_percent->units() / 100).to_text());
}

}  // namespace

OrderTerms terms_of(const OrderIntent& intent) {
    return terms_from(intent);
}

OrderTerms terms_of(const gateway::PlaceOrder& place) {
    return terms_from(place);
}

Result<void> check_terms(const OrderTerms& terms) {
    if (terms.asset_class != AssetClass::Equity)
        return fail(ErrorCode::Denied,
                    "{} orders are not supported at Webull yet; shares and ETFs are",
                    to_text(terms.asset_class));
    if (auto words = check_words(terms); !words) return words;
    const bool outside = terms.session != TradingSession::Regular;
    if (outside && find_type(terms.type)->outside_core == OutsideCore::No)
        return fail(ErrorCode::Denied,
                    "{} orders trade only in the regular session at Webull; use LIMIT for the {} "
                    "session",
                    to_text(terms.type), to_text(terms.session));
    const auto& rule = rule_of(terms.type);
    const bool stop_fits = rule.stop == NeedsStop::May ||
                           (rule.stop == NeedsStop::Yes) == terms.stop_price.has_value();
    if ((rule.limit == NeedsLimit::Yes) != terms.limit_price.has_value() || !stop_fits)
        return fail(ErrorCode::Denied, "{} order has not the prices that its type needs",
                    rule.name);
    if (!terms.quantity.value.is_positive())
        return fail(ErrorCode::Denied, "quantity was {}, must be above zero", terms.quantity);
    if (auto trail = check_trail(terms); !trail) return trail;
    if (auto fraction = check_fraction(terms); !fraction) return fraction;
    if (auto limit = check_price("limit", terms.limit_price); !limit) return limit;
    return check_price("stop", terms.stop_price);
}

Result<void> check_client_order_id(const ClientOrderId& client_order_id) {
    constexpr std::size_t length_min = 20;
    constexpr std::size_t length_max = 32;
    const auto& text = client_order_id.value;
    const bool plain = std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
    if (plain && text.size() >= length_min && text.size() <= length_max) return {};
    return fail(ErrorCode::Denied,
                "client order id of {} characters is not 20 to 32 letters and digits", text.size());
}

bool fits_batch(const gateway::PlaceOrder& place) {
    return (place.type == OrderType::Market || place.type == OrderType::Limit) &&
           (place.side == Side::Buy || place.side == Side::Sell) &&
           place.time_in_force == TimeInForce::Day && place.session == TradingSession::Regular;
}

std::string order_text(const gateway::PlaceOrder& place) {
    wire::JsonObject order;
    order.text("combo_type", "NORMAL")
        .text("client_order_id", place.client_order_id.value)
        .text("symbol", place.native_id.value)
        .text("instrument_type", "EQUITY")
        .text("market", "US")
        .text("order_type", wire::word_of(place.type));
    if (place.limit_price) order.text("limit_price", place.limit_price->value.to_text());
    if (place.stop_price) order.text("stop_price", place.stop_price->value.to_text());
    write_trail(order, place);
    order.text("quantity", place.quantity.value.to_text())
        .text("support_trading_session", wire::word_of(place.session))
        .text("side", wire::word_of(place.side))
        .text("time_in_force", wire::word_of(place.time_in_force))
        .text("entrust_type", "QTY");
    return order.done();
}

std::string place_body(const gateway::PlaceOrder& place, const std::string& account_id) {
    return wire::JsonObject()
        .text("account_id", account_id)
        .raw("new_orders", "[" + order_text(place) + "]")
        .done();
}

std::string batch_body(const std::vector<std::string>& orders, const std::string& account_id) {
    return wire::JsonObject()
        .text("account_id", account_id)
        .raw("batch_orders", fmt::format("[{}]", fmt::join(orders, ",")))
        .done();
}

std::string replace_body(const gateway::PlaceOrder& wanted, const std::string& account_id) {
    wire::JsonObject order;
    // What is left out has defaults that are not documented, so every value is sent.
    order.text("client_order_id", wanted.client_order_id.value)
        .text("quantity", wanted.quantity.value.to_text());
    if (wanted.limit_price) order.text("limit_price", wanted.limit_price->value.to_text());
    if (wanted.stop_price) order.text("stop_price", wanted.stop_price->value.to_text());
    write_trail(order, wanted);
    return wire::JsonObject()
        .text("account_id", account_id)
        .raw("modify_orders", "[" + order.done() + "]")
        .done();
}

std::string cancel_body(const ClientOrderId& client_order_id, const std::string& account_id) {
    return wire::JsonObject()
        .text("account_id", account_id)
        .text("client_order_id", client_order_id.value)
        .done();
}

std::optional<NativeId> ticker_of(const CanonicalSymbol& symbol) {
    if (symbol.asset_class() != AssetClass::Equity) return std::nullopt;
    return NativeId{symbol.text()};
}

}  // namespace janus::webull
