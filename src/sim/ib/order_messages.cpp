#include "sim/ib/order_messages.hpp"

namespace janus::sim::ib {
namespace {

constexpr std::string_view delta_neutral_none = "None";
constexpr std::string_view open_close_unknown = "?";
constexpr std::string_view shareholder_text =
    "Not an insider or substantial shareholder";  // What stands there for everybody.
constexpr int peg_fields = 5;
constexpr std::string_view unset_long = "9223372036854775807";

Decimal or_zero(const std::optional<Decimal>& value) {
    return value.value_or(Decimal{});
}

std::string time_in_force_of(const PlaceRequest& request) {
    return request.time_in_force.empty() ? std::string("DAY") : request.time_in_force;
}

/// Contract, action, size, type, prices and time in force stand in front of both order messages.
void add_terms(Message& message, const OrderView& order) {
    const auto& request = order.request;
    add_contract(message, order.contract, order.contract.exchange);
    message.add(request.action)
        .add(or_zero(request.quantity))
        .add(request.order_type)
        .add(or_zero(request.limit_price))
        .add(or_zero(request.aux_price))
        .add(time_in_force_of(request))
        .add(request.oca_group)
        .add(request.account)
        .add(request.open_close)
        .add(request.origin)
        .add(request.order_reference);
}

/// Advisers' fields and the model: from FA group to model code.
void add_allocation(Message& message, const OrderView& order, int version) {
    message.add(order.request.adviser_group)
        .add(order.request.adviser_method)
        .add(order.request.adviser_percentage);
    if (version < 177) message.empty();
    message.add(order.request.model_code);
}

void add_identity_and_dates(Message& message, const OrderView& order, int version) {
    const auto& request = order.request;
    message.add(order.client_id)
        .add(order.permanent_id)
        .flag(request.outside_regular_hours)
        .flag(request.hidden)
        .add(0)
        .add(request.good_after_time)
        .add(std::to_string(order.permanent_id) + ".0/" + request.account + "/100");
    add_allocation(message, order, version);
    message.add(request.good_till_date).empty(3);  // Rule 80A, percent offset, settling firm.
    message.add(0).empty().add(-1).add(0);         // Short sale slot to auction strategy.
    message.empty(5);                              // Starting price to stock range.
}

/// 3, reduce without block, is what stands there for orders without a group as well.
std::int64_t oca_type_of(const PlaceRequest& request) {
    constexpr std::int64_t usual = 3;
    return request.oca_type == 0 ? usual : request.oca_type;
}

/// A price that is left empty, or shown as the largest double, when it is not set.
void add_or_empty(Message& message, const std::optional<Decimal>& value) {
    if (value)
        message.add(*value);
    else
        message.empty();
}
void add_or_unset(Message& message, const std::optional<Decimal>& value) {
    if (value)
        message.add(*value);
    else
        message.add(unset_double);
}

void add_size_and_kind(Message& message, const OrderView& order) {
    const auto& request = order.request;
    message.add(unset_int).add(0).add(0).flag(request.all_or_none).empty();
    message.add(oca_type_of(request)).add(0).add(0).empty();
    message.add(request.parent_id).add(request.trigger_method).empty().add(0);
    message.add(delta_neutral_none).empty();
    message.add(0).empty(3).add(open_close_unknown).add(0).add(0).empty();  // Only with `None`.
    message.add(0).add(0);  // Continuous update, reference price type.
    add_or_empty(message, request.trail_stop_price);
    add_or_empty(message, request.trailing_percent);
    message.empty(3);                                        // Basis points, combo description.
    message.repeat("0", 3);                                  // Combo legs, prices, routing.
    message.add(unset_int).add(unset_int).empty();           // Scale.
    message.empty().add(0).empty().add("IB").add(0).add(0);  // Hedge to delta neutral contract.
    message.empty().add(0).flag(order.margins.has_value());  // Algo, solicited, what-if.
}

Decimal sum_of(Decimal a, Decimal b) {
    return a + b;
}

void add_margins(Message& message, const std::optional<Margins>& margins) {
    constexpr int margin_fields = 9;
    if (!margins) {
        message.repeat(unset_double, margin_fields);
        return;
    }
    message.add(margins->initial_before)
        .add(margins->maintenance_before)
        .add(margins->equity_before)
        .add(margins->initial_change)
        .add(margins->maintenance_change)
        .add(margins->equity_change)
        .add(sum_of(margins->initial_before, margins->initial_change))
        .add(sum_of(margins->maintenance_before, margins->maintenance_change))
        .add(sum_of(margins->equity_before, margins->equity_change));
}

void add_state(Message& message, const OrderView& order, int version) {
    message.add(order.status);
    add_margins(message, order.margins);
    const auto commission = order.margins ? order.margins->commission : order.commission;
    if (commission)
        message.add(*commission).empty(2).add("USD");
    else
        message.empty(4);
    if (version >= 195) {
        message.add(order.margins ? "USD" : "").repeat(unset_double, 9);
        message.add(unset_decimal).add(order.reject_reason).add(0);
    }
    message.add(order.reject_reason);  // As a warning, which every version has.
}

void add_adjustments(Message& message, const PlaceRequest& request) {
    message.add(delta_neutral_none).add(unset_double);
    add_or_unset(message, request.trail_stop_price);
    add_or_unset(message, request.limit_price_offset);
    message.repeat(unset_double, 3).add(0);
    message.empty(3);  // Soft dollar tier.
    message.add(0);    // Cash quantity.
}

void add_newest_fields(Message& message, const OrderView& order, int version) {
    if (version >= 183) message.empty();
    if (version >= 184) message.add(0);
    if (version >= 185) message.empty();
    if (version >= 189) message.flag(order.request.include_overnight);
    if (version >= 193) message.empty().add(unset_int);
    if (version >= 198) message.add(order.submitter);
    if (version >= 199) message.add(0);
}

}  // namespace

Message open_order_message(const OrderView& order, int version) {
    Message message(5);
    message.add(order.request.order_id);
    add_terms(message, order);
    add_identity_and_dates(message, order, version);
    add_size_and_kind(message, order);
    add_state(message, order, version);
    message.add(0).add(0);  // Randomize size and price.
    message.add(0);         // Conditions.
    add_adjustments(message, order.request);
    message.add(1).add(0);                  // Automatic price for hedge, OMS container.
    message.add(0).add(0).empty(2).add(0);  // Discretionary to automatic parent cancel.
    message.empty(peg_fields);
    add_newest_fields(message, order, version);
    return message;
}

Message order_status_message(const OrderView& order) {
    return Message(3)
        .add(order.request.order_id)
        .add(order.status)
        .add(order.filled)
        .add(order.remaining)
        .add(order.average_price)
        .add(order.permanent_id)
        .add(order.request.parent_id)
        .add(order.last_price)
        .add(order.client_id)
        .add(order.why_held)
        .add(0);
}

Message completed_order_message(const OrderView& order, int version) {
    const auto& request = order.request;
    Message message(101);
    add_terms(message, order);
    message.add(order.permanent_id)
        .flag(request.outside_regular_hours)
        .flag(request.hidden)
        .add(0)
        .add(request.good_after_time);
    add_allocation(message, order, version);
    message.add(request.good_till_date).empty(3);
    message.add(0).empty().add(-1);          // Short sale, exempt code.
    message.empty(5).add(unset_int).add(0);  // Starting price to sweep to fill.
    message.flag(request.all_or_none).empty().add(oca_type_of(request));
    message.add(request.trigger_method).empty().add(0);  // Trigger, volatility.
    message.add(delta_neutral_none).empty();
    message.add(0).add(0).add(0).empty();  // Only with `None`: four.
    message.add(0).add(0);                 // Continuous update, reference price.
    add_or_empty(message, request.trail_stop_price);
    add_or_empty(message, request.trailing_percent);
    message.empty();                                        // Combo description.
    message.repeat("0", 3);                                 // Combo legs, prices, routing.
    message.add(unset_int).add(unset_int).empty().empty();  // Scale, hedge.
    message.empty().add("IB").add(0).add(0);                // Clearing to delta neutral.
    message.empty().add(0).add(order.status);               // Algo, solicited, status.
    message.add(0).add(0).add(0);                           // Randomize, conditions.
    add_or_unset(message, request.trail_stop_price);
    add_or_unset(message, request.limit_price_offset);
    message.add(0).add(1).add(0);                             // Cash quantity to OMS container.
    message.empty().add(order.filled).add(unset_int).add(0);  // Cancel date to parent cancel.
    message.add(shareholder_text).add(0).add(0).add(unset_long);
    message.add(order.completed_time).add(order.completed_status);
    message.empty(peg_fields);
    if (version >= 183) message.empty();
    if (version >= 184) message.add(0);
    if (version >= 198) message.add(order.submitter);
    return message;
}

Message execution_message(const OrderView& order, const ExecutionView& execution, int version) {
    Message message(11);
    message.add(execution.request_id).add(order.request.order_id);
    add_contract(message, order.contract, execution.exchange);
    message.add(execution.id)
        .add(execution.time)
        .add(execution.account)
        .add(execution.exchange)
        .add(execution.side)
        .add(execution.quantity)
        .add(execution.price)
        .add(order.permanent_id)
        .add(order.client_id)
        .add(0)  // Liquidation.
        .add(execution.cumulative)
        .add(execution.average_price)
        .add(order.request.order_reference)
        .empty(3)  // EV rule, EV multiplier, model.
        .add(2);   // It took liquidity.
    if (version >= 178) message.add(0);
    if (version >= 198) message.add(order.submitter);
    return message;
}

Message commission_message(const std::string& execution_id, Decimal commission,
                           std::string_view currency, std::optional<Decimal> realized) {
    Message message(59);
    message.add(1).add(execution_id).add(commission).add(currency);
    if (realized)
        message.add(*realized);
    else
        message.add(unset_double);
    return message.add(unset_double).empty();
}

}  // namespace janus::sim::ib
