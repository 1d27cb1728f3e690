#include "gateway/ib/placing_rules.hpp"

#include <array>
#include <vector>

#include "gateway/ib/naming.hpp"
#include "gateway/ib/wire/times.hpp"
#include "gateway/ib/wire/words.hpp"

namespace janus::ib {
namespace {

constexpr auto order_types = std::to_array<OrderType>(
    {OrderType::Market, OrderType::Limit, OrderType::Stop, OrderType::StopLimit,
     OrderType::TrailingStop, OrderType::TrailingStopLimit, OrderType::MarketOnClose,
     OrderType::LimitOnClose});
constexpr auto times_in_force = std::to_array<TimeInForce>(
    {TimeInForce::Day, TimeInForce::GoodTillCancel, TimeInForce::ImmediateOrCancel,
     TimeInForce::FillOrKill, TimeInForce::AtTheOpening, TimeInForce::GoodTillDate});

using wire::lists;

/// Our names of those values whose word is in the list.
template <typename Values, typename ToWord>
std::string names_in(std::string_view list, const Values& values, ToWord to_list_word) {
    std::string names;
    for (const auto value : values)
        if (lists(list, to_list_word(value)))
            names += fmt::format("{}{}", names.empty() ? "" : ", ", to_text(value));
    return names.empty() ? "nothing that Janus places" : names;
}

/// Contract details name the order types and times in force that IB takes for the instrument.
Result<void> check_listed(const OrderIntent& intent, const wire::ContractData* data) {
    if (data == nullptr || data->order_types.empty()) return {};
    const auto& list = data->order_types;
    if (!lists(list, wire::to_details_word(intent.type)))
        return fail(ErrorCode::Denied, "IB takes no {} order of {}; it takes {}",
                    to_text(intent.type), intent.symbol,
                    names_in(list, order_types, wire::to_details_word));
    // Only some lists name times in force at all.
    const auto word = [](TimeInForce time) { return wire::to_word(time); };
    if (!lists(list, word(TimeInForce::Day)) || lists(list, word(intent.time_in_force))) return {};
    return fail(ErrorCode::Denied, "IB takes no {} order of {}; it takes {}",
                to_text(intent.time_in_force), intent.symbol, names_in(list, times_in_force, word));
}

Result<void> check_quantity(const OrderIntent& intent, const wire::ContractData* data) {
    const auto quantity = intent.quantity.value;
    const auto asset_class = intent.symbol.asset_class();
    const bool parts = asset_class == AssetClass::Equity || asset_class == AssetClass::Crypto;
    if (!parts && !quantity.is_whole())
        return fail(ErrorCode::Denied, "quantity was {}; IB takes whole contracts of {}", quantity,
                    intent.symbol);
    const bool fractions = data != nullptr && data->size_increment &&
                           data->size_increment->is_positive() &&
                           quantity.is_multiple_of(*data->size_increment);
    if (!quantity.is_whole() && !fractions)
        return fail(ErrorCode::Denied, "quantity was {}; IB takes whole shares of {} here",
                    quantity, intent.symbol);
    return {};
}

Result<void> check_step(std::string_view what, const std::optional<Price>& price,
                        const wire::ContractData* data) {
    if (!price || data == nullptr || !data->tick_min || !data->tick_min->is_positive()) return {};
    if (price->value.is_multiple_of(*data->tick_min)) return {};
    return fail(ErrorCode::Denied, "{} {} is no multiple of the smallest step {}", what, *price,
                *data->tick_min);
}

/// Futures have traded below zero; shares and options cannot.
Result<void> check_sign(std::string_view what, const std::optional<Price>& price,
                        AssetClass asset_class) {
    if (!price || price->value.is_positive() || asset_class == AssetClass::Future) return {};
    return fail(ErrorCode::Denied, "{} was {}, must be above zero", what, *price);
}

Result<void> check_price(std::string_view what, const std::optional<Price>& price,
                         const OrderIntent& intent, const PlacingView& view) {
    if (auto ok = check_sign(what, price, intent.symbol.asset_class()); !ok) return ok;
    if (auto ok = check_step(what, price, view.data); !ok) return ok;
    if (!price || view.data == nullptr) return {};
    auto ok = view.instruments.check_price_increment(view.data->contract.conid, *price);
    if (!ok) return fail(ErrorCode::Denied, "{}: {}", what, ok.error().message);
    return {};
}

Result<void> check_prices(const OrderIntent& intent, const PlacingView& view) {
    if (auto ok = check_price("limit price", intent.limit_price, intent, view); !ok) return ok;
    if (auto ok = check_price("stop price", intent.stop_price, intent, view); !ok) return ok;
    if (auto ok = check_step("trail amount", intent.trail_amount, view.data); !ok) return ok;
    if (auto ok = check_step("limit offset", intent.limit_offset, view.data); !ok) return ok;
    if (intent.type == OrderType::TrailingStopLimit && !intent.stop_price)
        return fail(ErrorCode::Denied,
                    "IB needs a stop price for TRAILING_STOP_LIMIT: where the trail starts");
    return {};
}

Result<void> check_night(const OrderIntent& intent, int server_version) {
    const bool fits = intent.symbol.asset_class() == AssetClass::Equity &&
                      intent.type == OrderType::Limit && intent.time_in_force == TimeInForce::Day;
    if (!fits)
        return fail(ErrorCode::Denied,
                    "IB's overnight session takes LIMIT DAY orders for shares only");
    if (server_version != 0 && !wire::has_include_overnight(server_version))
        return fail(ErrorCode::Denied,
                    "this IB Gateway (server version {}) knows no overnight orders; update it to "
                    "one of server version 189 or above, or use REGULAR or EXTENDED",
                    server_version);
    return {};
}

Result<void> check_session(const OrderIntent& intent, int server_version) {
    if (intent.session == TradingSession::Regular) return {};
    if (intent.session == TradingSession::Overnight) return check_night(intent, server_version);
    const auto asset_class = intent.symbol.asset_class();
    if (asset_class == AssetClass::Option)
        return fail(ErrorCode::Denied, "IB trades options in the regular session only");
    if (asset_class == AssetClass::Equity && intent.type == OrderType::Market)
        return fail(ErrorCode::Denied,
                    "IB trades MARKET orders in the regular session only; use LIMIT");
    return {};
}

/// The opening auction is one of shares.
Result<void> check_auction(const OrderIntent& intent) {
    const bool opening = intent.time_in_force == TimeInForce::AtTheOpening;
    if (!opening || intent.symbol.asset_class() == AssetClass::Equity) return {};
    return fail(ErrorCode::Denied, "IB takes OPG orders of shares only; use DAY");
}

/// The numbers of an order, whoever brings them.
template <typename Source>
void set_terms(wire::PlaceOrderRequest& out, const Source& source) {
    out.action = wire::to_word(source.side);
    out.quantity = source.quantity.value;
    out.type = wire::to_word(source.type);
    if (source.limit_price) out.limit_price = source.limit_price->value;
    const bool trails = is_trailing(source.type);
    auto& stop = trails ? out.trail_stop_price : out.auxiliary_price;
    if (source.stop_price) stop = source.stop_price->value;
    if (source.trail_amount) out.auxiliary_price = source.trail_amount->value;
    out.trailing_percent = source.trail_percent;
    if (source.limit_offset) out.limit_offset = source.limit_offset->value;
    out.time_in_force = wire::to_word(source.time_in_force);
    // In UTC and saying so: a time without a zone would be read in that of the gateway's login.
    if (source.good_till) out.good_till_date = wire::dashed_text(*source.good_till);
    out.oca_group = source.oca_group;
    out.outside_regular_hours = source.session == TradingSession::Extended;
    out.include_overnight = source.session == TradingSession::Overnight;
}

}  // namespace

Result<void> check_placing(const OrderIntent& intent, const PlacingView& view) {
    if (view.data != nullptr)
        if (auto ok = check_kind(intent.symbol, *view.data); !ok) return ok;
    if (auto ok = check_listed(intent, view.data); !ok) return ok;
    if (auto ok = check_quantity(intent, view.data); !ok) return ok;
    if (auto ok = check_prices(intent, view); !ok) return ok;
    if (auto ok = check_auction(intent); !ok) return ok;
    return check_session(intent, view.server_version);
}

Result<void> check_kind(const CanonicalSymbol& symbol, const wire::ContractData& data) {
    const auto kind = wire::asset_class_of(data.contract.security_type);
    if (kind == symbol.asset_class()) return {};
    return fail(ErrorCode::Denied, "conid {} is a {} at IB, {} names a {}", data.contract.conid,
                data.contract.security_type, symbol, to_text(symbol.asset_class()));
}

wire::PlaceOrderRequest request_of(const gateway::PlaceOrder& command,
                                   const wire::ContractData& data, std::string_view account) {
    wire::PlaceOrderRequest out;
    out.order = command.number;
    out.contract = tradable_contract_of(data);
    out.account = account;
    out.reference = command.client_order_id.value;
    out.parent = command.parent_number;
    out.transmit = command.transmit;
    set_terms(out, command);
    return out;
}

wire::PlaceOrderRequest request_of(const gateway::PreviewOrder& command,
                                   const wire::ContractData& data, std::string_view account) {
    wire::PlaceOrderRequest out;
    out.order = command.number;
    out.contract = tradable_contract_of(data);
    out.account = account;
    out.what_if = true;
    set_terms(out, command.intent);
    return out;
}

}  // namespace janus::ib
