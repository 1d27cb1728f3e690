#include "sim/ib/order_rules.hpp"

#include <algorithm>
#include <array>

#include "sim/exchange/order_rules.hpp"
#include "sim/ib/clock_text.hpp"

namespace janus::sim::ib {
namespace {

/// What a price field of an order is to the exchange.
enum class Needs { Nothing, Price };

struct TypeRow {
    std::string_view word;
    OrderType type;
    Needs limit;
    Needs auxiliary;
    bool if_touched{false};
};
constexpr auto type_rows = std::to_array<TypeRow>({
    {"MKT", OrderType::Market, Needs::Nothing, Needs::Nothing},
    {"LMT", OrderType::Limit, Needs::Price, Needs::Nothing},
    {"STP", OrderType::Stop, Needs::Nothing, Needs::Price},
    {"STP LMT", OrderType::StopLimit, Needs::Price, Needs::Price},
    {"STPLMT", OrderType::StopLimit, Needs::Price, Needs::Price},
    {"TRAIL", OrderType::TrailingStop, Needs::Nothing, Needs::Nothing},
    {"TRAIL LIMIT", OrderType::TrailingStopLimit, Needs::Nothing, Needs::Nothing},
    {"TRAILLMT", OrderType::TrailingStopLimit, Needs::Nothing, Needs::Nothing},
    {"MOC", OrderType::MarketOnClose, Needs::Nothing, Needs::Nothing},
    {"LOC", OrderType::LimitOnClose, Needs::Price, Needs::Nothing},
    {"MIT", OrderType::Stop, Needs::Nothing, Needs::Price, true},
    {"LIT", OrderType::StopLimit, Needs::Price, Needs::Price, true},
});

// Words that a gateway knows and this exchange does not trade.
constexpr auto untraded_types = std::to_array<std::string_view>(
    {"MTL", "MIDPRICE", "REL", "PEG MKT", "PEG MID", "PEG BEST", "PEG BENCH", "PEG STK", "SNAP MKT",
     "SNAP MID", "SNAP PRIM", "MKT PRT", "STP PRT", "TRAIL MIT", "TRAIL LIT", "BOX TOP", "VOL"});

struct TimeInForceRow {
    std::string_view word;
    TimeInForce time_in_force;
    bool resting;  ///< Fits every type but those of the close.
};
constexpr auto time_in_force_rows = std::to_array<TimeInForceRow>({
    {"DAY", TimeInForce::Day,               true },
    {"",    TimeInForce::Day,               true },
    {"GTC", TimeInForce::GoodTillCancel,    true },
    {"GTD", TimeInForce::GoodTillDate,      true },
    {"OPG", TimeInForce::AtTheOpening,      false},
    {"IOC", TimeInForce::ImmediateOrCancel, false},
    {"FOK", TimeInForce::FillOrKill,        false},
});

constexpr auto actions = std::to_array<std::string_view>({"BUY", "SELL", "SSHORT"});
constexpr auto tradable =
    std::to_array<AssetClass>({AssetClass::Equity, AssetClass::Future, AssetClass::Option,
                               AssetClass::Crypto, AssetClass::Forex});

bool holds(const auto& list, const auto& value) {
    return std::ranges::find(list, value) != list.end();
}

const TypeRow* find_type(std::string_view word) {
    const auto* row = std::ranges::find(type_rows, word, &TypeRow::word);
    return row == type_rows.end() ? nullptr : row;
}

const TimeInForceRow* find_time_in_force(std::string_view word) {
    const auto* row = std::ranges::find(time_in_force_rows, word, &TimeInForceRow::word);
    return row == time_in_force_rows.end() ? nullptr : row;
}

Remark invalid(std::string_view what) {
    return {321, fmt::format("Error validating request: {}", what)};
}

/// An adviser's order names a group of accounts in place of one.
std::optional<Remark> account_refusal(const Context& context, const PlaceRequest& request) {
    const bool group = !request.adviser_group.empty();
    if (request.account.empty() && context.accounts.size() != 1 && !group)
        return Remark{435, "You must specify an account."};
    if (!request.account.empty() && !context.has_account(request.account))
        return invalid(fmt::format("Invalid account code '{}'", request.account));
    return std::nullopt;
}

std::optional<Remark> word_refusal(const PlaceRequest& request) {
    if (!holds(actions, request.action))
        return invalid(fmt::format("Invalid action '{}'", request.action));
    if (holds(untraded_types, request.order_type))
        return Remark{387, "Unsupported order type for this exchange and security type."};
    if (find_type(request.order_type) == nullptr)
        return invalid(fmt::format("Invalid order type '{}'", request.order_type));
    if (find_time_in_force(request.time_in_force) == nullptr)
        return invalid(fmt::format("Invalid time in force '{}'", request.time_in_force));
    return std::nullopt;
}

std::optional<Remark> date_refusal(Now now, const PlaceRequest& request) {
    if (request.time_in_force != "GTD") return std::nullopt;
    const auto at = parse_good_till(request.good_till_date);
    if (!at)
        return Remark{391, fmt::format("The time-in-force for this order has an invalid date: '{}'",
                                       request.good_till_date)};
    if (*at <= now.utc)
        return Remark{201, "Order rejected - reason:The good till date has passed."};
    return std::nullopt;
}

std::optional<Remark> time_refusal(Now now, const PlaceRequest& request) {
    const auto type = find_type(request.order_type)->type;
    const auto& time = *find_time_in_force(request.time_in_force);
    const bool close = type == OrderType::MarketOnClose || type == OrderType::LimitOnClose;
    const bool plain = type == OrderType::Market || type == OrderType::Limit;
    const bool fits = close ? time.time_in_force == TimeInForce::Day : (plain || time.resting);
    if (!fits)
        return Remark{111, fmt::format("The time-in-force {} is invalid for order type {}.",
                                       time.word, request.order_type)};
    return date_refusal(now, request);
}

/// By night only limit orders for shares are taken, and for a day.
std::optional<Remark> session_refusal(const PlaceRequest& request, const ContractRow& contract) {
    if (!request.include_overnight) return std::nullopt;
    const bool fits = contract.instrument->asset_class == AssetClass::Equity &&
                      request.order_type == "LMT" &&
                      find_time_in_force(request.time_in_force)->time_in_force == TimeInForce::Day;
    if (fits) return std::nullopt;
    return Remark{201,
                  "Order rejected - reason:The overnight session takes DAY limit orders for "
                  "shares only."};
}

std::optional<Remark> size_refusal(const PlaceRequest& request, const ContractRow& contract) {
    if (!request.quantity || !request.quantity->is_positive())
        return Remark{434, "The order size cannot be zero."};
    const auto asset_class = contract.instrument->asset_class;
    const bool fractions = asset_class == AssetClass::Equity || asset_class == AssetClass::Crypto;
    if (!fractions && !request.quantity->is_whole())
        return Remark{355, "Order size does not conform to market rule."};
    return std::nullopt;
}

std::optional<Remark> trail_refusal(const PlaceRequest& request, const TypeRow& type) {
    if (!is_trailing(type.type)) return std::nullopt;
    const bool amount = request.aux_price && request.aux_price->is_positive();
    const bool percent = request.trailing_percent && request.trailing_percent->is_positive();
    if (amount == percent) return invalid("Enter a trailing amount or a trailing percent");
    if (type.type != OrderType::TrailingStopLimit) return std::nullopt;
    if (!request.trail_stop_price) return Remark{159, "The trailing stop price is missing."};
    if (request.limit_price.has_value() == request.limit_price_offset.has_value())
        return invalid("Enter a limit price or a limit price offset, not both");
    return std::nullopt;
}

std::optional<Remark> price_refusal(const PlaceRequest& request, const ContractRow& contract) {
    const auto& type = *find_type(request.order_type);
    if (type.limit == Needs::Price && !request.limit_price) return invalid("Missing limit price");
    if (type.auxiliary == Needs::Price && !request.aux_price) return invalid("Missing stop price");
    if (auto refusal = trail_refusal(request, type)) return refusal;
    const auto off_grid = [&](const std::optional<Decimal>& price) {
        return price && !price->is_multiple_of(contract.instrument->tick_size);
    };
    const bool trails = is_trailing(type.type);
    if ((type.limit == Needs::Price && off_grid(request.limit_price)) ||
        ((type.auxiliary == Needs::Price || trails) && off_grid(request.aux_price)) ||
        (trails && (off_grid(request.trail_stop_price) || off_grid(request.limit_price_offset))))
        return Remark{
            110, "The price does not conform to the minimum price variation for this contract."};
    return std::nullopt;
}

std::optional<Trail> find_trail(const PlaceRequest& request) {
    const auto type = find_type(request.order_type)->type;
    if (!is_trailing(type)) return std::nullopt;
    Trail trail;
    if (request.aux_price && request.aux_price->is_positive())
        trail.amount = request.aux_price;
    else
        trail.percent = request.trailing_percent;
    if (type != OrderType::TrailingStopLimit) return trail;
    trail.limit_offset = request.limit_price_offset;
    if (request.limit_price)
        trail.limit_offset = (*request.trail_stop_price - *request.limit_price).abs();
    return trail;
}

TradingSession session_of(const PlaceRequest& request) {
    if (request.include_overnight) return TradingSession::Overnight;
    return request.outside_regular_hours ? TradingSession::Extended : TradingSession::Regular;
}

std::optional<Utc> find_good_till(const PlaceRequest& request) {
    if (request.time_in_force != "GTD") return std::nullopt;
    const auto at = parse_good_till(request.good_till_date);
    return at ? std::optional(*at) : std::nullopt;
}

}  // namespace

std::optional<OrderType> find_order_type(std::string_view word) {
    const auto* row = find_type(word);
    return row == nullptr ? std::nullopt : std::optional(row->type);
}

std::string_view order_type_word_of(OrderType type) {
    return std::ranges::find(type_rows, type, &TypeRow::type)->word;
}

std::string_view time_in_force_word_of(TimeInForce time_in_force) {
    return std::ranges::find(time_in_force_rows, time_in_force, &TimeInForceRow::time_in_force)
        ->word;
}

std::optional<Remark> find_refusal(const Context& context, Now now, const PlaceRequest& request,
                                   const ContractRow& contract) {
    if (auto refusal = account_refusal(context, request)) return refusal;
    if (!holds(tradable, contract.instrument->asset_class))
        return Remark{203, "The security is not available or allowed for this account."};
    if (auto refusal = word_refusal(request)) return refusal;
    if (auto refusal = time_refusal(now, request)) return refusal;
    if (auto refusal = session_refusal(request, contract)) return refusal;
    if (auto refusal = size_refusal(request, contract)) return refusal;
    return price_refusal(request, contract);
}

std::optional<Remark> find_modify_refusal(const PlaceRequest& old, const PlaceRequest& wanted) {
    if (old.order_type != wanted.order_type)
        return Remark{329, "Order modify failed. Cannot change to the new order type."};
    if (old.oca_group != wanted.oca_group)
        return Remark{10326, "OCA group revision is not allowed."};
    const bool same = old.action == wanted.action && old.account == wanted.account &&
                      old.parent_id == wanted.parent_id;
    if (same) return std::nullopt;
    return Remark{105, "Order being modified does not match original order."};
}

std::vector<Remark> warnings_of(const PlaceRequest& request, const ContractRow& contract) {
    constexpr std::size_t time_size = 17;  // Date, blank, time; no zone.
    std::vector<Remark> warnings;
    const auto type = find_type(request.order_type)->type;
    const bool ignored = request.outside_regular_hours &&
                         contract.instrument->asset_class == AssetClass::Equity &&
                         (type == OrderType::Market || type == OrderType::MarketOnClose ||
                          type == OrderType::LimitOnClose);
    if (ignored)
        warnings.push_back({2109,
                            "Attribute 'Outside Regular Trading Hours' is ignored based on "
                            "the order type and destination."});
    const auto& date = request.good_till_date;
    if (request.time_in_force == "GTD" && date.contains(' ') && date.size() <= time_size)
        warnings.push_back({2174,
                            "The date-time has no time zone: the zone of the gateway's login "
                            "is taken."});
    return warnings;
}

Remark closed_warning_of(const PlaceRequest& request, const ContractRow& contract) {
    return {399,
            fmt::format("Order Message:\n{} {} {} {}.{}\nWarning: Your order will not be placed "
                        "at the exchange until the market opens for it.",
                        request.action, *request.quantity, contract.instrument->ib_symbol,
                        contract.primary_exchange, contract.instrument->ib_trading_class)};
}

ExchangeOrder exchange_order_of(const Context& context, const PlaceRequest& request,
                                const ContractRow& contract) {
    const auto& type = *find_type(request.order_type);
    ExchangeOrder order;
    order.account = request.account;
    order.symbol = contract.instrument->symbol;
    order.type = type.type;
    order.if_touched = type.if_touched;
    order.quantity = {*request.quantity};
    if (type.limit == Needs::Price) order.limit_price = Price{*request.limit_price};
    if (type.auxiliary == Needs::Price) order.stop_price = Price{*request.aux_price};
    order.trail = find_trail(request);
    if (order.trail && request.trail_stop_price)
        order.stop_price = Price{*request.trail_stop_price};
    order.time_in_force = find_time_in_force(request.time_in_force)->time_in_force;
    order.good_till = find_good_till(request);
    order.session = session_of(request);
    order.reference = request.order_reference;
    const bool covered =
        order.quantity <= context.exchange.free_to_sell(order.account, order.symbol);
    if (request.action != "BUY")
        order.side = covered && request.action == "SELL" ? Side::Sell : Side::SellShort;
    return order;
}

ExchangeChange exchange_change_of(const PlaceRequest& wanted) {
    const auto& type = *find_type(wanted.order_type);
    ExchangeChange change;
    change.quantity = Quantity{*wanted.quantity};
    if (type.limit == Needs::Price) change.limit_price = Price{*wanted.limit_price};
    if (type.auxiliary == Needs::Price) change.stop_price = Price{*wanted.aux_price};
    change.trail = find_trail(wanted);
    if (change.trail && wanted.trail_stop_price)
        change.stop_price = Price{*wanted.trail_stop_price};
    change.lifetime = {.time_in_force = find_time_in_force(wanted.time_in_force)->time_in_force,
                       .good_till = find_good_till(wanted)};
    return change;
}

}  // namespace janus::sim::ib
