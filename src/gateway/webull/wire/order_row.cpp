#include "gateway/webull/wire/order_row.hpp"

#include <array>

#include "gateway/webull/wire/row_reader.hpp"

namespace janus::webull::wire {
namespace {

struct ClassRow {
    std::string_view word;
    AssetClass asset_class;
};
constexpr auto asset_classes = std::to_array<ClassRow>({
    {"EQUITY",     AssetClass::Equity},
    {"US_STOCK",   AssetClass::Equity},
    {"US_ETF",     AssetClass::Equity},
    {"US_EQUITY",  AssetClass::Equity},
    {"OPTION",     AssetClass::Option},
    {"US_OPTION",  AssetClass::Option},
    {"FUTURES",    AssetClass::Future},
    {"US_FUTURES", AssetClass::Future},
    {"CRYPTO",     AssetClass::Crypto},
    {"US_CRYPTO",  AssetClass::Crypto},
});

AssetClass asset_class_of(std::string_view word) {
    for (const auto& row : asset_classes)
        if (row.word == word) return row.asset_class;
    return AssetClass::Other;
}

/// `BRK B` and `BRK/B` were seen for class shares; the canonical name has a dot.
std::optional<CanonicalSymbol> equity_symbol(std::string_view symbol) {
    std::string text(symbol);
    for (char& c : text)
        if (c == ' ' || c == '/') c = '.';
    const auto parsed = CanonicalSymbol::parse(text);
    if (!parsed || parsed->asset_class() != AssetClass::Equity) return std::nullopt;
    return *parsed;
}

/// `2026-03-20` to `260320`; empty when it is no such date.
std::string short_date(std::string_view date) {
    if (date.size() != 10 || date[4] != '-' || date[7] != '-') return {};
    return std::string(date.substr(2, 2)) + std::string(date.substr(5, 2)) +
           std::string(date.substr(8, 2));
}

/// Names an option by its only leg, and takes the multiplier from it.
void describe_option(Instrument& out, std::string_view symbol, const Json* legs) {
    out.multiplier = Decimal::from_integer(100);
    if (legs == nullptr || legs->items().size() != 1) return;
    RowReader in(legs->items().front(), "option leg");
    const auto leg_symbol = in.text_or_empty({"symbol"});
    const auto date = short_date(in.text_or_empty({"option_expire_date"}));
    const auto right = in.text_or_empty({"option_type"});
    const auto strike = in.find_decimal({"option_exercise_price", "strike_price"});
    out.multiplier = in.find_decimal({"option_contract_multiplier"}).value_or(out.multiplier);
    const auto underlying = equity_symbol(leg_symbol.empty() ? symbol : leg_symbol);
    if (!underlying || date.empty() || right.empty() || !strike) return;
    const auto named = CanonicalSymbol::parse(
        fmt::format("{}.{}.{}.{}", underlying->text(), date, right[0], strike->to_text()));
    if (named && named->asset_class() == AssetClass::Option) out.symbol = *named;
}

/// The average is computed by the broker, so it is rounded to our places where it is longer.
/// Zero means that nothing is filled (`0E-10`).
std::optional<Decimal> take_average(RowReader& in, Names names) {
    const auto average = in.find_computed(names);
    return average && average->is_zero() ? std::nullopt : average;
}

/// A percentage travels as a fraction: 0.01 is one per cent. Source: reference 5.1.
void take_trail(RowReader& in, OrderRow& out) {
    const auto type = in.text_or_empty({"trailing_type"});
    const auto step = in.find_decimal({"trailing_stop_step"});
    if (!step) return;
    if (type == "AMOUNT") out.trail_amount = step;
    if (type == "PERCENTAGE")
        out.trail_percent = Decimal::multiply(*step, Decimal::from_integer(100));
    if (!out.trail_amount && !out.trail_percent) in.stop("trailing type cannot be read");
}

void check_row(RowReader& in, const OrderRow& row) {
    if (row.client_order_id.empty() && row.order_id.empty()) in.stop("both ids are missing");
    if (!row.quantity.is_positive() && row.filled && row.filled->is_positive())
        in.stop("filled without a quantity");
    if (row.filled && row.filled->is_negative()) in.stop("filled quantity is negative");
    if (row.quantity.is_negative()) in.stop("quantity is negative");
    if (!row.filled && find_status(row.status) == gateway::BrokerStatus::Filled)
        in.stop("filled order without its filled quantity");
}

}  // namespace

Instrument instrument_of(std::string_view type, std::string_view symbol,
                         std::string_view instrument_id, std::string_view currency,
                         const Json* legs) {
    Instrument out;
    out.asset_class = asset_class_of(type);
    out.broker_symbol = symbol;
    out.currency = currency;
    const bool by_symbol = out.asset_class == AssetClass::Equity || instrument_id.empty();
    out.native_id = NativeId{std::string(by_symbol ? symbol : instrument_id)};
    if (out.asset_class == AssetClass::Equity) out.symbol = equity_symbol(symbol);
    if (out.asset_class == AssetClass::Option) describe_option(out, symbol, legs);
    return out;
}

Result<OrderRow> decode_order(const Json& row) {
    RowReader in(row, "order");
    OrderRow out;
    out.client_order_id = in.text_or_empty({"client_order_id"});
    out.order_id = in.text_or_empty({"order_id"});
    out.instrument = instrument_of(
        in.text_or_empty({"instrument_type"}), in.text_or_empty({"symbol"}),
        in.text_or_empty({"instrument_id"}), in.text_or_empty({"currency"}), row.find("legs"));
    out.side = in.text({"side"});
    out.order_type = in.text_or_empty({"order_type"});
    out.time_in_force = in.text_or_empty({"time_in_force"});
    out.status = in.text({"status"});
    // An order by amount has no quantity until it is filled.
    const bool by_amount = in.text_or_empty({"entrust_type"}) == "AMOUNT";
    out.quantity = by_amount ? in.find_decimal({"total_quantity", "quantity"}).value_or(Decimal{})
                             : in.decimal({"total_quantity", "quantity"});
    out.filled = in.find_decimal({"filled_quantity"});
    if (by_amount && out.filled && out.quantity < *out.filled) out.quantity = *out.filled;
    out.average_price = take_average(in, {"filled_price"});
    out.limit_price = in.find_decimal({"limit_price"});
    out.stop_price = in.find_decimal({"stop_price"});
    take_trail(in, out);
    out.session = in.text_or_empty({"support_trading_session"});
    out.at = in.find_time({"filled_time_at", "place_time_at"});
    check_row(in, out);
    return in.finish(std::move(out));
}

Result<OrderRow> decode_order_event(std::string_view payload) {
    const auto parsed = Json::parse(payload);
    if (!parsed) return std::unexpected(parsed.error());
    RowReader in(*parsed, "order event");
    OrderRow out;
    out.account_id = in.text({"account_id"});
    out.client_order_id = in.text_or_empty({"client_order_id"});
    out.order_id = in.text_or_empty({"order_id"});
    out.instrument = instrument_of(in.text_or_empty({"category"}), in.text_or_empty({"symbol"}),
                                   in.text_or_empty({"instrument_id"}),
                                   in.text_or_empty({"currency"}), parsed->find("legs"));
    out.instrument.description = in.text_or_empty({"short_name"});
    out.side = in.text({"side"});
    out.order_type = in.text_or_empty({"order_type"});
    out.status = in.text({"order_status"});
    out.scene = in.text_or_empty({"scene_type"});
    out.quantity = in.decimal({"qty"});
    out.filled = in.find_decimal({"filled_qty"});
    out.average_price = take_average(in, {"filled_price"});
    out.at = in.find_time({"filled_time"});
    check_row(in, out);
    return in.finish(std::move(out));
}

gateway::OrderReport to_report(const OrderRow& row, const AccountName& account) {
    gateway::OrderReport out;
    out.account = account;
    out.client_order_id = ClientOrderId{row.client_order_id};
    out.ref.permanent = row.order_id;
    out.instrument = row.instrument;
    out.side = find_side(row.side);
    out.type = find_order_type(row.order_type);
    if (!out.type) out.type_text = row.order_type;
    out.quantity = Quantity{row.quantity};
    if (row.limit_price) out.limit_price = Price{*row.limit_price};
    if (row.stop_price) out.stop_price = Price{*row.stop_price};
    if (row.trail_amount) out.trail_amount = Price{*row.trail_amount};
    out.trail_percent = row.trail_percent;
    out.time_in_force = find_time_in_force(row.time_in_force);
    out.session = find_session(row.session);
    out.fill_source = gateway::FillSource::Cumulative;
    if (row.filled) out.filled = Quantity{*row.filled};
    const bool has_fill = row.filled && row.filled->is_positive();
    if (has_fill && row.average_price) out.average_price = Price{*row.average_price};
    out.at = row.at;
    const auto status = find_status(row.status);
    out.status = status.value_or(gateway::BrokerStatus::Unmapped);
    if (!status) out.reason = row.status;
    return out;
}

}  // namespace janus::webull::wire
