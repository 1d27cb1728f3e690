#include "sim/ib/order_rules.hpp"

#include <algorithm>
#include <array>

namespace janus::sim::ib {
namespace {

struct TypeRow {
    std::string_view word;
    OrderType type;
};
constexpr auto type_rows = std::to_array<TypeRow>({
    {"MKT",     OrderType::Market   },
    {"LMT",     OrderType::Limit    },
    {"STP",     OrderType::Stop     },
    {"STP LMT", OrderType::StopLimit},
    {"STPLMT",  OrderType::StopLimit},
});

// Words that a gateway knows and this exchange does not trade.
constexpr auto untraded_types = std::to_array<std::string_view>(
    {"TRAIL",    "TRAIL LIMIT", "MIT",       "LIT",     "MTL",      "MOC",       "LOC",
     "MIDPRICE", "REL",         "PEG MKT",   "PEG MID", "PEG BEST", "PEG BENCH", "PEG STK",
     "SNAP MKT", "SNAP MID",    "SNAP PRIM", "MKT PRT", "STP PRT",  "BOX TOP",   "VOL"});

struct TimeInForceRow {
    std::string_view word;
    TimeInForce time_in_force;
    bool immediate;
};
constexpr auto time_in_force_rows = std::to_array<TimeInForceRow>({
    {"",    TimeInForce::Day,            false},
    {"DAY", TimeInForce::Day,            false},
    {"GTC", TimeInForce::GoodTillCancel, false},
    {"GTD", TimeInForce::GoodTillCancel, false},
    {"OPG", TimeInForce::Day,            false},
    {"IOC", TimeInForce::Day,            true },
    {"FOK", TimeInForce::Day,            true },
});

constexpr auto actions = std::to_array<std::string_view>({"BUY", "SELL", "SSHORT"});
constexpr auto tradable = std::to_array<AssetClass>(
    {AssetClass::Equity, AssetClass::Future, AssetClass::Option, AssetClass::Crypto});

bool holds(const auto& list, const auto& value) {
    return std::ranges::find(list, value) != list.end();
}

const TimeInForceRow* find_time_in_force(std::string_view word) {
    const auto* row = std::ranges::find(time_in_force_rows, word, &TimeInForceRow::word);
    return row == time_in_force_rows.end() ? nullptr : row;
}

Refusal invalid(std::string_view what) {
    return {321, fmt::format("Error validating request: {}", what)};
}

std::optional<Refusal> account_refusal(const Context& context, const PlaceRequest& request) {
    if (request.account.empty() && context.accounts.size() != 1)
        return Refusal{435, "You must specify an account."};
    if (!request.account.empty() && !context.has_account(request.account))
        return invalid(fmt::format("Invalid account code '{}'", request.account));
    return std::nullopt;
}

std::optional<Refusal> word_refusal(const PlaceRequest& request) {
    if (!holds(actions, request.action))
        return invalid(fmt::format("Invalid action '{}'", request.action));
    if (holds(untraded_types, request.order_type))
        return Refusal{387, "Unsupported order type for this exchange and security type."};
    if (!find_order_type(request.order_type))
        return invalid(fmt::format("Invalid order type '{}'", request.order_type));
    if (find_time_in_force(request.time_in_force) == nullptr)
        return invalid(fmt::format("Invalid time in force '{}'", request.time_in_force));
    if (request.parent_id != 0) return Refusal{10006, "Missing parent order."};
    return std::nullopt;
}

std::optional<Refusal> size_refusal(const PlaceRequest& request, const ContractRow& contract) {
    if (!request.quantity || !request.quantity->is_positive())
        return Refusal{434, "The order size cannot be zero."};
    const bool stock = contract.instrument->asset_class == AssetClass::Equity;
    if (!stock && !request.quantity->is_whole())
        return Refusal{355, "Order size does not conform to market rule."};
    return std::nullopt;
}

std::optional<Refusal> price_refusal(const PlaceRequest& request, const ContractRow& contract) {
    const auto type = *find_order_type(request.order_type);
    const bool needs_limit = type == OrderType::Limit || type == OrderType::StopLimit;
    const bool needs_stop = type == OrderType::Stop || type == OrderType::StopLimit;
    if (needs_limit && !request.limit_price) return invalid("Missing limit price");
    if (needs_stop && !request.aux_price) return invalid("Missing stop price");
    const auto off_grid = [&](const std::optional<Decimal>& price) {
        return !price->is_multiple_of(contract.instrument->tick_size);
    };
    if ((needs_limit && off_grid(request.limit_price)) ||
        (needs_stop && off_grid(request.aux_price)))
        return Refusal{
            110, "The price does not conform to the minimum price variation for this contract."};
    return std::nullopt;
}

}  // namespace

std::optional<OrderType> find_order_type(std::string_view word) {
    const auto* row = std::ranges::find(type_rows, word, &TypeRow::word);
    return row == type_rows.end() ? std::nullopt : std::optional(row->type);
}

std::string_view order_type_word_of(OrderType type) {
    return std::ranges::find(type_rows, type, &TypeRow::type)->word;
}

bool is_immediate(const PlaceRequest& request) {
    const auto* row = find_time_in_force(request.time_in_force);
    return row != nullptr && row->immediate;
}

std::optional<Refusal> find_refusal(const Context& context, const PlaceRequest& request,
                                    const ContractRow& contract) {
    if (auto refusal = account_refusal(context, request)) return refusal;
    if (!holds(tradable, contract.instrument->asset_class))
        return Refusal{203, "The security is not available or allowed for this account."};
    if (auto refusal = word_refusal(request)) return refusal;
    if (auto refusal = size_refusal(request, contract)) return refusal;
    return price_refusal(request, contract);
}

std::optional<Refusal> find_modify_refusal(const PlaceRequest& old, const PlaceRequest& wanted) {
    const bool same = old.action == wanted.action && old.order_type == wanted.order_type &&
                      old.account == wanted.account;
    if (same) return std::nullopt;
    return Refusal{105, "Order being modified does not match original order."};
}

ExchangeOrder exchange_order_of(const Context& context, const PlaceRequest& request,
                                const ContractRow& contract) {
    ExchangeOrder order;
    order.account = request.account;
    order.symbol = contract.instrument->symbol;
    order.type = *find_order_type(request.order_type);
    order.quantity = {*request.quantity};
    if (order.type == OrderType::Limit || order.type == OrderType::StopLimit)
        order.limit_price = Price{*request.limit_price};
    if (order.type == OrderType::Stop || order.type == OrderType::StopLimit)
        order.stop_price = Price{*request.aux_price};
    order.time_in_force = find_time_in_force(request.time_in_force)->time_in_force;
    order.session =
        request.outside_regular_hours ? TradingSession::Extended : TradingSession::Regular;
    order.reference = request.order_reference;
    const bool covered =
        order.quantity <= context.exchange.free_to_sell(order.account, order.symbol);
    if (request.action != "BUY")
        order.side = covered && request.action == "SELL" ? Side::Sell : Side::SellShort;
    return order;
}

}  // namespace janus::sim::ib
