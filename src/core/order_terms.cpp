#include "core/order_terms.hpp"

#include <utility>

namespace janus::core {
namespace {

template <typename Value>
void add_term(std::string& text, std::string_view name, const std::optional<Value>& value) {
    if (value) text += fmt::format(" {} {}", name, *value);
}

template <typename Value>
std::string shown(const std::optional<Value>& value) {
    return value ? fmt::format("{}", *value) : "none";
}

template <typename Value>
void add_change(std::string& text, std::string_view name, const Value& before, const Value& after) {
    if (before == after) return;
    text += fmt::format("{}{} {} -> {}", text.empty() ? "" : ", ", name, before, after);
}
template <typename Value>
void add_change(std::string& text, std::string_view name, const std::optional<Value>& before,
                const std::optional<Value>& after) {
    add_change(text, name, shown(before), shown(after));
}

}  // namespace

std::string describe(const OrderIntent& intent) {
    auto text = fmt::format("{} {} {} {} on {}", to_text(intent.side), intent.quantity,
                            intent.symbol, to_text(intent.type), intent.account);
    add_term(text, "limit", intent.limit_price);
    add_term(text, "stop", intent.stop_price);
    add_term(text, "trail", intent.trail_amount);
    add_term(text, "trail percent", intent.trail_percent);
    add_term(text, "limit offset", intent.limit_offset);
    if (intent.time_in_force != TimeInForce::Day)
        text += fmt::format(" {}", to_text(intent.time_in_force));
    if (intent.good_till) text += fmt::format(" {}", to_iso_seconds_text(*intent.good_till));
    if (intent.session != TradingSession::Regular)
        text += fmt::format(" {}", to_text(intent.session));
    if (!intent.oca_group.empty()) text += fmt::format(" OCA group {}", intent.oca_group);
    return text;
}

std::string describe_change(const OrderValues& before, const OrderValues& after) {
    std::string text;
    add_change(text, "quantity", before.quantity, after.quantity);
    add_change(text, "limit", before.limit_price, after.limit_price);
    add_change(text, "stop", before.stop_price, after.stop_price);
    add_change(text, "trail", before.trail_amount, after.trail_amount);
    add_change(text, "trail percent", before.trail_percent, after.trail_percent);
    add_change(text, "limit offset", before.limit_offset, after.limit_offset);
    return text;
}

Order order_of(Now now, const OrderIntent& intent, const NativeId& native_id) {
    Order order;
    order.account = intent.account;
    order.symbol = intent.symbol.text();
    order.native_id = native_id;
    order.side = intent.side;
    order.type = intent.type;
    set_values(order, values_of(intent));
    order.time_in_force = intent.time_in_force;
    order.good_till = intent.good_till;
    order.session = intent.session;
    order.oca_group = intent.oca_group;
    order.idempotency_key = intent.idempotency_key;
    order.created = now.utc;
    order.changed = now.utc;
    return order;
}

OrderIntent intent_of(const Order& order, const CanonicalSymbol& symbol) {
    OrderIntent intent{.account = order.account, .symbol = symbol};
    intent.side = order.side;
    intent.type = order.type;
    set_values(intent, values_of(order));
    intent.time_in_force = order.time_in_force;
    intent.good_till = order.good_till;
    intent.session = order.session;
    intent.oca_group = order.oca_group;
    intent.idempotency_key = order.idempotency_key;
    return intent;
}

bool same_intent(const Order& order, const OrderIntent& intent) {
    return order.account == intent.account && order.symbol == intent.symbol.text() &&
           order.side == intent.side && order.type == intent.type &&
           order.placed.value_or(values_of(order)) == values_of(intent) &&
           order.time_in_force == intent.time_in_force && order.good_till == intent.good_till &&
           order.session == intent.session && order.oca_group == intent.oca_group;
}

gateway::PlaceOrder command_of(const Order& order, const CanonicalSymbol& symbol,
                               Instant send_before) {
    return {.order = order.id,
            .client_order_id = order.client_order_id,
            .number = order.ref.number,
            .account = order.account,
            .native_id = order.native_id,
            .symbol = symbol,
            .side = order.side,
            .type = order.type,
            .quantity = order.quantity,
            .limit_price = order.limit_price,
            .stop_price = order.stop_price,
            .trail_amount = order.trail_amount,
            .trail_percent = order.trail_percent,
            .limit_offset = order.limit_offset,
            .time_in_force = order.time_in_force,
            .good_till = order.good_till,
            .session = order.session,
            .oca_group = order.oca_group,
            .send_before = send_before};
}

}  // namespace janus::core
