#include "core/order_recorder.hpp"

#include <algorithm>

namespace janus::core {

std::string event_text(std::string_view word, const std::string& reason) {
    return reason.empty() ? std::string(word) : fmt::format("{}: {}", word, reason);
}

Step OrderRecorder::advance(OrderEntry& entry, OrderEvent event) {
    const auto next = next_state(entry.order.state, event);
    if (!next) return Step::NoRow;
    if (*next == entry.order.state) return Step::Same;
    entry.order.state = *next;
    entry.contradictions = 0;
    return Step::Moved;
}

void OrderRecorder::withdraw_decision(Now now, OrderEntry& entry, const std::string& evidence) {
    remove_flag(entry.order, "resolved_by_operator");
    entry.order.state = OrderState::Unknown;
    entry.order.note = "evidence contradicts the decision: " + evidence;
    record(now, entry, {"decision withdrawn", entry.order.note, {}, {}, {}});
}

Step OrderRecorder::move(Now now, OrderEntry& entry, OrderEvent event, const std::string& note) {
    const auto step = advance(entry, event);
    if (step != Step::Moved) return step;
    entry.order.note = note;
    record(now, entry, {event_text(to_text(event), note), note, {}, {}, {}});
    return step;
}

void OrderRecorder::record(Now now, OrderEntry& entry, OrderChange change) {
    auto& order = entry.order;
    order.changed = std::max(order.changed, now.utc);
    if (is_final(order.state)) order.wanted.reset();  // There is nothing left to modify.
    orders_.index(entry);
    const OrderHistoryRecord line{order.id, order.changed, change.event, change.detail};
    orders_.add_line(entry, line);
    auto records = std::move(change.records);
    for (const auto& booked : change.executions)
        records.emplace_back(ExecutionRecord{booked.execution});
    records.emplace_back(OrderRecord{order});
    records.emplace_back(line);
    journal_.append_order(order.id, std::move(records));
    publish(now, entry, change);
    if (listener_) listener_(now, entry);
}

void OrderRecorder::announce(Now now, OrderEntry& entry, const OrderHistoryRecord& line) {
    orders_.index(entry);
    orders_.add_line(entry, line);
    publish(now, entry, {line.event, line.detail, {}, {}, {}});
}

void OrderRecorder::publish(Now now, const OrderEntry& entry, const OrderChange& change) {
    const auto& order = entry.order;
    log_.write(
        LogLevel::Info,
        fmt::format("order changed account={} order={} state={} filled={} event=\"{}\"",
                    order.account, order.id, to_text(order.state), order.filled, change.event));
    for (const auto& booked : change.executions)
        feed_.publish(now, ExecutionBooked{booked.execution, booked.correction});
    feed_.publish(now, OrderChanged{order, change.event});
    for (const auto& alarm : change.alarms) feed_.alarm(now, alarm);
}

std::vector<JournalRecord> OrderRecorder::snapshot_of(OrderId id) const {
    std::vector<JournalRecord> records;
    const auto* entry = std::as_const(orders_).find(id);
    if (entry == nullptr) return records;
    records.emplace_back(OrderRecord{entry->order});
    for (const auto& execution : executions_.all_of(id))
        records.emplace_back(ExecutionRecord{execution});
    return records;
}

}  // namespace janus::core
