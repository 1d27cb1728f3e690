// Orders and executions. The layouts of openOrder and completedOrder are long and have optional
// blocks in the middle; what Janus does not use is walked over field by field, because nothing
// counts the fields.
#include "gateway/ib/wire/decoders.hpp"
#include "gateway/ib/wire/versions.hpp"

namespace janus::ib::wire {
namespace {

/// `count` rows of `row_size` fields.
void skip_rows(FieldReader& in, std::size_t row_size) {
    in.skip(in.count() * row_size);
}

/// Legs of a combination, prices of the legs, routing parameters.
void skip_combination(FieldReader& in) {
    skip_rows(in, 8);
    skip_rows(in, 1);
    skip_rows(in, 2);
}

void skip_scale(FieldReader& in) {
    in.skip(2);  // Initial and subsequent level sizes.
    const auto increment = in.optional_rounded();
    if (increment && increment->is_positive()) in.skip(7);
}

/// One more field when the first one says something.
void skip_hedge(FieldReader& in) {
    if (!in.text().empty()) in.skip();
}

void skip_delta_neutral_contract(FieldReader& in) {
    if (in.flag()) in.skip(3);
}

void skip_algorithm(FieldReader& in) {
    if (!in.text().empty()) skip_rows(in, 2);
}

void skip_pegged_to_benchmark(FieldReader& in, std::string_view type) {
    if (type == "PEG BENCH" || type == "PEGBENCH") in.skip(5);
}

/// The number of fields after type and conjunction; 0 for a kind that does not exist.
std::size_t condition_size_of(std::int64_t kind) {
    switch (kind) {
        case 1:  // Price.
            return 5;
        case 3:  // Time.
        case 4:  // Margin.
            return 2;
        case 5:  // Execution.
            return 3;
        case 6:  // Volume.
        case 7:  // Percent change.
            return 4;
        default:
            return 0;
    }
}

void skip_conditions(FieldReader& in) {
    const auto count = in.count();
    for (std::size_t i = 0; i < count && in.rest() > 0; ++i) {
        const auto kind = in.integer();
        const auto size = condition_size_of(kind);
        if (size == 0) return in.refuse(fmt::format("order condition of kind {}", kind));
        in.skip(1 + size);
    }
    if (count > 0) in.skip(2);  // Outside regular hours too; cancel when met.
}

/// Adviser's fields up to and including the model code.
void skip_adviser(FieldReader& in) {
    in.skip(in.has(gate::fa_profile_gone) ? 4 : 5);
}

/// From action to time in force.
void take_terms(FieldReader& in, OrderRow& row) {
    row.action = in.text();
    row.quantity = in.optional_decimal();
    row.type = in.text();
    row.limit_price = in.optional_rounded();
    row.auxiliary_price = in.optional_rounded();
    row.time_in_force = in.text();
}

/// Volatility to its reference price type: `None` in the type's field counts as set.
void skip_volatility(FieldReader& in, std::size_t delta_neutral_size) {
    in.skip(2);
    const bool delta_neutral = !in.text().empty();
    in.skip();
    if (delta_neutral) in.skip(delta_neutral_size);
    in.skip(2);
}

/// Before, change and after stand apart: three figures of each.
void take_margins(FieldReader& in, OrderEffect& effect) {
    for (const auto part : {&Margin::before, &Margin::change, &Margin::after})
        for (auto* margin : {&effect.initial, &effect.maintenance, &effect.equity_with_loan})
            margin->*part = in.optional_rounded();
}

void take_commission(FieldReader& in, OrderEffect& effect) {
    effect.commission = in.optional_rounded();
    effect.commission_min = in.optional_rounded();
    effect.commission_max = in.optional_rounded();
    effect.commission_currency = in.text();
}

/// Margins and commissions around the status of an open order; they say something of a what-if.
void take_order_state(FieldReader& in, OrderRow& row) {
    constexpr std::size_t effect_size = 13;
    row.status = in.text();
    if (row.what_if) {
        take_margins(in, row.effect);
        take_commission(in, row.effect);
    } else {
        in.skip(effect_size);
    }
    if (in.has(gate::full_order_preview)) {
        row.effect.margin_currency = in.text();
        in.skip(10);  // Nine margins outside regular hours, suggested size.
        row.effect.reject_reason = unescaped(in.text());
        skip_rows(in, 7);
    }
    row.effect.warning = unescaped(in.text());
    row.reason = row.effect.reject_reason.empty() ? row.effect.warning : row.effect.reject_reason;
}

/// What follows the conditions of an open order.
void take_open_order_tail(FieldReader& in, OrderRow& row) {
    in.skip(3);  // Adjusted order type, its trigger, the trailing stop once more.
    row.limit_offset = in.optional_rounded();
    in.skip(4);  // Adjusted prices.
    in.skip(3);  // Soft dollar tier.
    in.skip(8);  // Cash quantity to automatic cancel of the parent.
    in.skip(5);  // Minimum trade quantity to peg offsets.
    in.skip(in.has(gate::customer_account) ? 1 : 0);
    in.skip(in.has(gate::professional_customer) ? 1 : 0);
    in.skip(in.has(gate::bond_accrued_interest) ? 1 : 0);
    if (in.has(gate::include_overnight)) row.include_overnight = in.flag();
    in.skip(in.has(gate::cme_tagging_in_open_order) ? 2 : 0);
    in.skip(in.has(gate::submitter) ? 1 : 0);
    in.skip(in.has(gate::imbalance_only) ? 1 : 0);
}

}  // namespace

Result<Message> decode_order_status(FieldReader& in) {
    OrderStatus status;
    status.order = in.integer();
    status.status = in.text();
    status.filled = in.optional_decimal();
    status.remaining = in.optional_decimal();
    status.average_price = in.optional_rounded();
    status.permanent = in.integer();
    in.skip(2);  // Parent, price of the last fill.
    status.client = in.integer();
    status.why_held = in.text();
    in.skip();  // Market cap price.
    return in.finish<Message>(std::move(status));
}

Result<Message> decode_open_order(FieldReader& in) {
    OrderRow row;
    row.order = in.integer();
    row.contract = take_contract(in);
    take_terms(in, row);
    row.oca_group = in.text();
    row.account = in.text();
    in.skip(2);  // Open or close, origin.
    row.reference = in.text();
    row.client = in.integer();
    row.permanent = in.integer();
    row.outside_regular_hours = in.flag();
    in.skip(4);  // Hidden to shares allocation.
    skip_adviser(in);
    row.good_till_date = in.text();
    in.skip(21);  // Rule 80A to price cap.
    row.parent = in.integer();
    in.skip();  // Trigger method.
    skip_volatility(in, 8);
    row.trail_stop_price = in.optional_rounded();
    row.trailing_percent = in.optional_rounded();
    in.skip(3);  // Basis points and their type, description of combination legs.
    skip_combination(in);
    skip_scale(in);
    skip_hedge(in);
    in.skip(4);  // Opt out of smart routing, clearing account and intent, not held.
    skip_delta_neutral_contract(in);
    skip_algorithm(in);
    in.skip();  // Solicited.
    row.what_if = in.flag();
    take_order_state(in, row);
    in.skip(2);  // Randomize size and price.
    skip_pegged_to_benchmark(in, row.type);
    skip_conditions(in);
    take_open_order_tail(in, row);
    return in.finish<Message>(OpenOrder{std::move(row)});
}

Result<Message> decode_open_order_end(FieldReader& in) {
    in.skip();  // Message version.
    return in.finish<Message>(OpenOrderEnd{});
}

Result<Message> decode_completed_order(FieldReader& in) {
    OrderRow row;
    row.contract = take_contract(in);
    take_terms(in, row);
    row.oca_group = in.text();
    row.account = in.text();
    in.skip(2);  // Open or close, origin.
    row.reference = in.text();
    row.permanent = in.integer();
    row.outside_regular_hours = in.flag();
    in.skip(3);  // Hidden to good after time.
    skip_adviser(in);
    row.good_till_date = in.text();
    in.skip(17);  // Rule 80A to trigger method.
    skip_volatility(in, 4);
    row.trail_stop_price = in.optional_rounded();
    row.trailing_percent = in.optional_rounded();
    in.skip();  // Description of combination legs.
    skip_combination(in);
    skip_scale(in);
    skip_hedge(in);
    in.skip(3);  // Clearing account and intent, not held.
    skip_delta_neutral_contract(in);
    skip_algorithm(in);
    in.skip();  // Solicited.
    row.status = in.text();
    in.skip(2);  // Randomize size and price.
    skip_pegged_to_benchmark(in, row.type);
    skip_conditions(in);
    in.skip();  // The trailing stop once more.
    row.limit_offset = in.optional_rounded();
    in.skip(4);  // Cash quantity to the date of automatic cancel.
    row.filled = in.optional_decimal();
    in.skip(6);  // Reference future to the parent's permanent id.
    row.completed_time = in.text();
    row.reason = unescaped(in.text());
    in.skip(5);  // Peg offsets.
    in.skip(in.has(gate::customer_account) ? 1 : 0);
    in.skip(in.has(gate::professional_customer) ? 1 : 0);
    in.skip(in.has(gate::submitter) ? 1 : 0);
    return in.finish<Message>(CompletedOrder{std::move(row)});
}

Result<Message> decode_completed_orders_end(FieldReader& in) {
    return in.finish<Message>(CompletedOrdersEnd{});
}

Result<Message> decode_execution_details(FieldReader& in) {
    ExecutionDetails details;
    details.request = in.integer();
    details.order = in.integer();
    details.contract = take_contract(in);
    details.execution = in.text();
    details.time = in.text();
    details.account = in.text();
    in.skip();  // Exchange of the fill.
    details.side = in.text();
    details.quantity = in.decimal();
    details.price = in.rounded();
    details.permanent = in.integer();
    details.client = in.integer();
    in.skip(3);  // Liquidation, cumulative quantity, average price.
    details.reference = in.text();
    in.skip(4);  // Economic value rule and multiplier, model code, liquidity.
    in.skip(in.has(gate::pending_price_revision) ? 1 : 0);
    in.skip(in.has(gate::submitter) ? 1 : 0);
    if (details.execution.empty()) in.refuse("execution had no id");
    if (details.side != "BOT" && details.side != "SLD")
        in.refuse(fmt::format("side of an execution was '{}'", details.side.substr(0, 20)));
    return in.finish<Message>(std::move(details));
}

Result<Message> decode_execution_details_end(FieldReader& in) {
    in.skip();  // Message version.
    return in.finish<Message>(ExecutionDetailsEnd{in.integer()});
}

Result<Message> decode_commission_report(FieldReader& in) {
    in.skip();  // Message version.
    CommissionReport report;
    report.execution = in.text();
    report.amount = in.optional_rounded();
    report.currency = in.text();
    in.skip(3);  // Realized profit, yield, date of redemption.
    return in.finish<Message>(std::move(report));
}

}  // namespace janus::ib::wire
