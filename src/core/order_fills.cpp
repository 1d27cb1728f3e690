#include "core/order_fills.hpp"

#include <utility>

#include "core/cumulative_fill.hpp"

namespace janus::core {
namespace {

bool is_complete(const Order& order) {
    return order.quantity.value.is_positive() && order.filled >= ordered_quantity(order);
}

bool decided_by_person(const Order& order) {
    return is_final(order.state) && order.state != OrderState::Filled &&
           has_flag(order, "resolved_by_operator");
}

std::string fill_text(const Execution& execution, bool correction) {
    return fmt::format("{} {} @ {}", correction ? "fill corrected to" : "filled",
                       execution.quantity, execution.price);
}

}  // namespace

void OrderFills::on_execution(Now now, Execution execution) {
    if (knows(execution.account, execution.id)) {
        on_known(now, execution);
        return;
    }
    auto* entry = matching_.find_or_adopt(now, execution);
    if (entry == nullptr) return;
    matching_.learn_ref(*entry, execution.ref);
    book(now, *entry, std::move(execution));
}

void OrderFills::on_known(Now now, const Execution& execution) {
    Execution known = execution;
    known.order = *ledger_.find_order(execution.account, execution.id);
    if (ledger_.book(known) == Booking::Conflict) {
        counters_.add("execution.conflict");
        log_.write(LogLevel::Warning,
                   fmt::format("execution repeated with other numbers account={} execution={}",
                               execution.account, execution.id));
    }
    if (execution.commission)
        on_commission(now, execution.account,
                      {execution.id, *execution.commission, execution.commission_currency});
}

void OrderFills::on_commission(Now now, const AccountName& account,
                               const gateway::CommissionReport& report) {
    const auto changed =
        ledger_.set_commission(account, report.execution, report.amount, report.currency);
    if (!changed) return;
    auto* entry = matching_.find_order(changed->order);
    if (entry == nullptr) return;
    const auto text = fmt::format("commission {} {}", report.amount, report.currency);
    recorder_.record(now, *entry, {text, changed->id.value, {{*changed, false}}, {}, {}});
}

void OrderFills::keep_commission(const gateway::CommissionReport& report) {
    if (early_commissions_.size() >= commissions_max) early_commissions_.pop_front();
    early_commissions_.push_back(report);
}

void OrderFills::take_commission(Execution& execution) {
    for (auto report = early_commissions_.begin(); report != early_commissions_.end(); ++report) {
        if (report->execution != execution.id) continue;
        execution.commission = report->amount;
        execution.commission_currency = report->currency;
        early_commissions_.erase(report);
        return;
    }
}

void OrderFills::book(Now now, OrderEntry& entry, Execution execution,
                      std::optional<Price> broker_average) {
    if (decided_by_person(entry.order))
        recorder_.withdraw_decision(now, entry, fill_text(execution, false));
    execution.order = entry.order.id;
    if (!entry.order.external || execution.symbol.empty()) execution.symbol = entry.order.symbol;
    if (execution.native_id.value.empty()) execution.native_id = entry.order.native_id;
    take_commission(execution);
    const auto booking = ledger_.book(execution);
    const bool correction = booking == Booking::Correction;
    const auto before = entry.order.filled;
    apply_totals(entry, broker_average);
    OrderChange change;
    change.event = booking == Booking::Superseded ? "late report of a corrected fill"
                                                  : fill_text(execution, correction);
    change.detail = execution.id.value;
    change.executions.push_back({execution, correction});
    raise_flags(entry, before, correction, change);
    move_state(entry);
    recorder_.record(now, entry, std::move(change));
    if (correction || entry.order.state == OrderState::Unknown) queries_.ask(now, entry);
    if (listener_ && booking == Booking::First) listener_(now, execution);
}

void OrderFills::apply_totals(OrderEntry& entry, std::optional<Price> broker_average) {
    const auto totals = ledger_.totals_of(entry.order.id);
    if (totals.overflow) {
        counters_.add("execution.overflow");
        add_flag(entry.order, "fill_too_large_to_count");
        return;
    }
    entry.order.filled = totals.filled;
    entry.order.average_price = broker_average && totals.average ? broker_average : totals.average;
}

void OrderFills::raise_flags(OrderEntry& entry, Quantity before, bool correction,
                             OrderChange& change) const {
    auto& order = entry.order;
    if (correction) {
        add_flag(order, "fill_corrected");
        change.alarms.push_back(
            fmt::format("order {} on {}: {}", order.id, order.account, change.event));
    }
    const bool risen = order.filled > before;
    if (order.external || !risen) return;
    const bool ended = is_final(order.state) && order.state != OrderState::Filled;
    if (ended && order.filled > entry.filled_claimed && add_flag(order, "fill_after_cancel"))
        change.alarms.push_back(
            fmt::format("order {} on {} was {} and then {} (fill_after_cancel); new orders on the "
                        "account wait until this is acknowledged",
                        order.id, order.account, to_text(order.state), change.event));
    const bool surplus =
        order.quantity.value.is_positive() && order.filled > ordered_quantity(order);
    if (surplus && add_flag(order, "overfilled"))
        change.alarms.push_back(
            fmt::format("order {} on {} has {} filled of {} ordered (overfilled); new orders on "
                        "the account wait until this is acknowledged",
                        order.id, order.account, order.filled, order.quantity));
}

void OrderFills::move_state(OrderEntry& entry) {
    auto& order = entry.order;
    if (is_complete(order)) {
        entry.fill_claimed.reset();
        remove_flag(order, "executions_missing");
        if (!is_final(order.state)) {
            recorder_.advance(entry, OrderEvent::FilledInFull);
            order.note.clear();
        }
        return;
    }
    if (is_final(order.state) || !order.filled.value.is_positive()) return;
    // A trade proves that the order was live at the broker, also when no report said so.
    if (recorder_.advance(entry, OrderEvent::Accepted) == Step::Moved) order.note.clear();
}

bool OrderFills::on_cumulative(Now now, OrderEntry& entry, const gateway::OrderReport& report) {
    if (report.fill_source != gateway::FillSource::Cumulative || !report.filled) return false;
    const auto booked = ledger_.totals_of(entry.order.id);
    if (*report.filled < booked.filled) counters_.add("fill.cumulative_lower");
    if (*report.filled <= booked.filled) return false;
    const auto price =
        report.average_price
            ? price_of_rise(booked, CumulativeFill{*report.filled, *report.average_price})
            : std::nullopt;
    if (!price) {
        counters_.add("fill.without_price");
        queries_.ask(now, entry);
        return false;
    }
    const auto& name =
        report.client_order_id.value.empty() ? report.ref.permanent : report.client_order_id.value;
    Execution execution;
    execution.id.value = fmt::format("{}:{}", name, *report.filled);
    execution.root = execution.id;
    execution.account = entry.order.account;
    execution.client_order_id = report.client_order_id;
    execution.ref = entry.order.ref;
    execution.native_id = entry.order.native_id;
    execution.side = entry.order.side;
    execution.quantity.value = report.filled->value - booked.filled.value;
    execution.price = *price;
    execution.at = report.at.value_or(now.utc);
    book(now, entry, std::move(execution), report.average_price);
    return true;
}

bool OrderFills::check_complete(OrderEntry& entry) {
    if (is_final(entry.order.state) || !is_complete(entry.order)) return false;
    move_state(entry);
    return true;
}

}  // namespace janus::core
