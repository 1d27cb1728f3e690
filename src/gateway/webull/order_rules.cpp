#include "gateway/webull/order_rules.hpp"

#include <algorithm>
#include <array>
#include <vector>

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
    {OrderType::Market,    OutsideCore::No,  Fractions::Yes},
    {OrderType::Limit,     OutsideCore::Yes, Fractions::No },
    {OrderType::Stop,      OutsideCore::No,  Fractions::No },
    {OrderType::StopLimit, OutsideCore::No,  Fractions::No },
});
constexpr auto times = std::to_array<TimeInForce>({TimeInForce::Day, TimeInForce::GoodTillCancel});
constexpr auto sessions =
    std::to_array<TradingSession>({TradingSession::Regular, TradingSession::Extended});

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
    return fail(ErrorCode::Denied, "{} {} is not supported at Webull yet; these are: {}", what,
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

}  // namespace

OrderTerms terms_of(const OrderIntent& intent) {
    return {.asset_class = intent.symbol.asset_class(),
            .side = intent.side,
            .type = intent.type,
            .quantity = intent.quantity,
            .limit_price = intent.limit_price,
            .stop_price = intent.stop_price,
            .time_in_force = intent.time_in_force,
            .session = intent.session,
            .oca_group = intent.oca_group};
}

OrderTerms terms_of(const gateway::PlaceOrder& place) {
    return {.asset_class = place.symbol.asset_class(),
            .side = place.side,
            .type = place.type,
            .quantity = place.quantity,
            .limit_price = place.limit_price,
            .stop_price = place.stop_price,
            .time_in_force = place.time_in_force,
            .session = place.session,
            .oca_group = place.oca_group};
}

Result<void> check_terms(const OrderTerms& terms) {
    if (terms.asset_class != AssetClass::Equity)
        return fail(ErrorCode::Denied,
                    "{} orders are not supported at Webull yet; shares and ETFs are",
                    to_text(terms.asset_class));
    if (auto words = check_words(terms); !words) return words;
    const bool extended = terms.session == TradingSession::Extended;
    if (extended && find_type(terms.type)->outside_core == OutsideCore::No)
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
