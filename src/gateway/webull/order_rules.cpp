#include "gateway/webull/order_rules.hpp"

#include <algorithm>
#include <array>

#include "gateway/webull/wire/json.hpp"
#include "gateway/webull/wire/words.hpp"

namespace janus::webull {
namespace {

enum class OutsideCore { No, Yes };
enum class Fractions { No, Yes };

/// What Webull lets an order type do.
struct TypeRow {
    OrderType type;
    OutsideCore outside_core;
    Fractions fractions;
};
constexpr auto types = std::to_array<TypeRow>({
    {OrderType::Market,    OutsideCore::No,  Fractions::Yes},
    {OrderType::Limit,     OutsideCore::Yes, Fractions::No },
    {OrderType::Stop,      OutsideCore::No,  Fractions::No },
    {OrderType::StopLimit, OutsideCore::No,  Fractions::No },
});
static_assert(types[static_cast<std::size_t>(OrderType::StopLimit)].type == OrderType::StopLimit);

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

Result<void> check_fraction(const OrderTerms& terms) {
    if (terms.quantity.value.is_whole()) return {};
    const bool type_allows =
        types[static_cast<std::size_t>(terms.type)].fractions == Fractions::Yes;
    if (type_allows && terms.session == TradingSession::Regular && terms.side != Side::SellShort)
        return {};
    return fail(ErrorCode::Denied,
                "quantity {} is fractional; Webull takes that only for MARKET orders in the "
                "regular session and not for short sales",
                terms.quantity);
}

}  // namespace

OrderTerms terms_of(const OrderIntent& intent) {
    return {.asset_class = intent.symbol.asset_class(),
            .side = intent.side,
            .type = intent.type,
            .quantity = intent.quantity,
            .limit_price = intent.limit_price,
            .stop_price = intent.stop_price,
            .time_in_force = intent.time_in_force,
            .session = intent.session};
}

OrderTerms terms_of(const gateway::PlaceOrder& place) {
    return {.asset_class = place.symbol.asset_class(),
            .side = place.side,
            .type = place.type,
            .quantity = place.quantity,
            .limit_price = place.limit_price,
            .stop_price = place.stop_price,
            .time_in_force = place.time_in_force,
            .session = place.session};
}

Result<void> check_terms(const OrderTerms& terms) {
    if (terms.asset_class != AssetClass::Equity)
        return fail(ErrorCode::Denied,
                    "{} orders are not supported at Webull yet; shares and ETFs are",
                    to_text(terms.asset_class));
    const bool extended = terms.session == TradingSession::Extended;
    const auto& row = types[static_cast<std::size_t>(terms.type)];
    if (extended && row.outside_core == OutsideCore::No)
        return fail(ErrorCode::Denied,
                    "{} orders trade only in the regular session at Webull; use LIMIT for extended "
                    "hours",
                    to_text(terms.type));
    const auto& rule = rule_of(terms.type);
    if ((rule.limit == NeedsLimit::Yes) != terms.limit_price.has_value() ||
        (rule.stop == NeedsStop::Yes) != terms.stop_price.has_value())
        return fail(ErrorCode::Denied, "{} order has not the prices that its type needs",
                    rule.name);
    if (!terms.quantity.value.is_positive())
        return fail(ErrorCode::Denied, "quantity was {}, must be above zero", terms.quantity);
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

std::string place_body(const gateway::PlaceOrder& place, const std::string& account_id) {
    wire::JsonObject order;
    order.text("combo_type", "NORMAL")
        .text("client_order_id", place.client_order_id.value)
        .text("symbol", place.native_id.value)
        .text("instrument_type", "EQUITY")
        .text("market", "US")
        .text("order_type", wire::word_of(place.type));
    if (place.limit_price) order.text("limit_price", place.limit_price->value.to_text());
    if (place.stop_price) order.text("stop_price", place.stop_price->value.to_text());
    order.text("quantity", place.quantity.value.to_text())
        .text("support_trading_session", wire::word_of(place.session))
        .text("side", wire::word_of(place.side))
        .text("time_in_force", wire::word_of(place.time_in_force))
        .text("entrust_type", "QTY");
    return wire::JsonObject()
        .text("account_id", account_id)
        .raw("new_orders", "[" + order.done() + "]")
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
