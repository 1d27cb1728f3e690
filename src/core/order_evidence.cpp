#include "core/order_evidence.hpp"

#include <chrono>
#include <utility>

#include "core/order_terms.hpp"

namespace janus::core {
namespace {

using gateway::BrokerStatus;

/// How long a broker may go on calling an order filled before its executions are given up.
constexpr Duration claim_age_max = std::chrono::seconds(60);
/// A claim this old is settled by a complete download.
constexpr Duration claim_age_min = std::chrono::seconds(10);
/// So many reports without a row in a row are shown to a person.
constexpr int contradictions_alarm = 3;

/// The final state that an event leads to; nothing for events that end nothing.
std::optional<OrderState> final_state_of(OrderEvent event) {
    const auto state = next_state(OrderState::Unknown, event);
    return state && is_final(*state) ? state : std::nullopt;
}

/// The values of one of our orders with what the report says of them. Brokers fill in prices that a
/// type does not have, and quantities of zero; those say nothing.
OrderValues shown_values(const Order& order, const gateway::OrderReport& report) {
    const auto& rule = rule_of(order.type);
    const bool trailing = rule.trail == NeedsTrail::Yes;
    auto values = values_of(order);
    if (report.quantity && report.quantity->value.is_positive()) values.quantity = *report.quantity;
    if (rule.limit == NeedsLimit::Yes && report.limit_price)
        values.limit_price = report.limit_price;
    if (rule.stop != NeedsStop::No && report.stop_price) values.stop_price = report.stop_price;
    if (trailing && (report.trail_amount || report.trail_percent)) {
        values.trail_amount = report.trail_amount;
        values.trail_percent = report.trail_percent;
    }
    if (rule.offset == NeedsOffset::Yes && report.limit_offset)
        values.limit_offset = report.limit_offset;
    return values;
}

/// Whether the order's values, which were others before, are what Janus wanted; the stop of a
/// trailing order moves by itself.
bool asked_for(const Order& order, OrderValues before) {
    auto values = values_of(order);
    if (is_trailing(order.type)) {
        before.stop_price = values.stop_price;
        if (values == before) return true;
    }
    if (!order.wanted) return false;
    auto wanted = *order.wanted;
    if (is_trailing(order.type)) wanted.stop_price = values.stop_price;
    return values == wanted;
}

/// Rejected by the broker's answer alone, of which its books have not spoken yet. A rejection that
/// they have shown, with the broker's own id, is the last word: what contradicts it is late. What a
/// person has decided is withdrawn as such.
bool is_refused_by_answer(const Order& order) {
    return !order.external && order.state == OrderState::Rejected && order.ref.permanent.empty() &&
           !has_flag(order, "resolved_by_operator");
}

}  // namespace

void OrderEvidence::on_report(Now now, const gateway::OrderReport& report) {
    auto* entry = matching_.find_or_adopt(now, report);
    if (entry == nullptr) return;
    apply(now, *entry, report);
    if (const auto early = matching_.take_early(*entry)) apply(now, *entry, *early);
}

void OrderEvidence::on_execution(Now now, const Execution& execution) {
    auto* entry = matching_.find(execution.account, execution.client_order_id, execution.ref);
    const bool fresh = !fills_.knows(execution.account, execution.id);
    if (entry != nullptr && fresh && is_refused_by_answer(entry->order)) bring_back(now, *entry);
    fills_.on_execution(now, execution);
    entry = matching_.find(execution.account, execution.client_order_id, execution.ref);
    if (entry == nullptr) return;
    if (const auto early = matching_.take_early(*entry)) apply(now, *entry, *early);
}

void OrderEvidence::on_commission(Now now, const gateway::Gateway& gateway,
                                  const gateway::CommissionReport& report) {
    for (const auto& account : gateway.accounts())
        if (fills_.knows(account, report.execution)) {
            fills_.on_commission(now, account, report);
            return;
        }
    fills_.keep_commission(report);
}

void OrderEvidence::apply(Now now, OrderEntry& entry, const gateway::OrderReport& report) {
    if (is_refused_by_answer(entry.order) && report.status != BrokerStatus::Rejected)
        bring_back(now, entry);
    entry.seen_in = accounts_.download_of(entry.order.account);
    if (entry.order.external && !report.client_order_id.value.empty())
        entry.foreign_reference = report.client_order_id;
    bool changed = matching_.learn_ref(entry, report.ref);
    changed |= learn_terms(entry, report);
    changed |= remove_flag(entry.order, "not_in_books");
    if (fills_.on_cumulative(now, entry, report)) changed = false;  // It has recorded everything.
    // What is said to be filled by the end of an order is expected, though its executions may come
    // later; what comes on top of it is a fill after the end.
    const bool hint = report.fill_source == gateway::FillSource::Executions && report.filled;
    if (hint && !is_final(entry.order.state) && *report.filled > entry.filled_claimed)
        entry.filled_claimed = *report.filled;
    apply_status(now, entry, report, changed);
}

/// The order can be filled: it counts again, and a person who was told of its end is told.
void OrderEvidence::bring_back(Now now, OrderEntry& entry) {
    auto& order = entry.order;
    recorder_.advance(entry, OrderEvent::FoundAtBroker);
    add_flag(order, "found_after_refusal");
    auto text = fmt::format(
        "order {} on {} ({} {} {}) was refused by the broker's answer ({}), but stands in its "
        "books: it counts as sent",
        order.id, order.account, to_text(order.side), order.quantity, order.symbol, order.note);
    order.note = "the broker refused it, but has it in its books";
    const auto event = event_text(to_text(OrderEvent::FoundAtBroker), order.note);
    recorder_.record(now, entry, {event, order.note, {}, {std::move(text)}, {}});
}

/// What the broker shows is what can be filled: every order takes it. Of our own the values alone
/// can change; what nobody asked for here is flagged.
bool OrderEvidence::learn_terms(OrderEntry& entry, const gateway::OrderReport& report) {
    auto& order = entry.order;
    if (!order.external) return learn_values(entry, report);
    const Order before = order;
    if (report.quantity) order.quantity = *report.quantity;
    if (report.limit_price) order.limit_price = report.limit_price;
    if (report.stop_price) order.stop_price = report.stop_price;
    if (report.trail_amount) order.trail_amount = report.trail_amount;
    if (report.trail_percent) order.trail_percent = report.trail_percent;
    if (report.limit_offset) order.limit_offset = report.limit_offset;
    if (report.good_till) order.good_till = report.good_till;
    if (report.session) order.session = *report.session;
    if (report.oca_group) order.oca_group = *report.oca_group;
    if (report.time_in_force) order.time_in_force = *report.time_in_force;
    if (report.side) order.side = *report.side;
    if (report.type) order.type = *report.type;
    if (report.type || !report.type_text.empty()) order.type_text = report.type_text;
    return fills_.check_complete(entry) || before != order;
}

bool OrderEvidence::learn_values(OrderEntry& entry, const gateway::OrderReport& report) {
    auto& order = entry.order;
    const auto before = values_of(order);
    const auto shown = shown_values(order, report);
    if (shown == before || is_final(order.state)) return false;
    if (!order.placed) order.placed = before;
    set_values(order, shown);
    if (!asked_for(order, before))
        replace_flag(order, "changed_at_broker", describe_change(before, shown));
    fills_.check_complete(entry);
    return true;
}

void OrderEvidence::apply_status(Now now, OrderEntry& entry, const gateway::OrderReport& report,
                                 bool changed) {
    switch (report.status) {
        case BrokerStatus::Unmapped:
            on_unmapped(now, entry, report.reason, changed);
            return;
        case BrokerStatus::Filled:
            on_filled_claim(now, entry, changed);
            return;
        case BrokerStatus::PendingCancel:
            // That a cancel is pending proves that the broker has the order.
            if (entry.order.state == OrderState::PendingNew ||
                entry.order.state == OrderState::Unknown)
                transit(now, entry, OrderEvent::Accepted, report.reason,
                        std::exchange(changed, false));
            if (std::exchange(entry.cancel_doubt, false)) {
                entry.order.note = "the broker has the cancel, and the order still";
                changed = true;
            }
            transit(now, entry, OrderEvent::CancelSent, report.reason, changed);
            return;
        case BrokerStatus::Held:
        case BrokerStatus::Working:
        case BrokerStatus::Cancelled:
        case BrokerStatus::Expired:
            transit(now, entry, *find_event(report.status), report.reason, changed);
            return;
        case BrokerStatus::Rejected:
            transit(now, entry, OrderEvent::Rejected, rejection_reason(entry.order, report.reason),
                    changed);
            return;
    }
}

void OrderEvidence::on_unmapped(Now now, OrderEntry& entry, const std::string& word, bool changed) {
    counters_.add("order.unmapped_status");
    changed |= replace_flag(entry.order, "unmapped_status", word);
    if (changed) recorder_.record(now, entry, {"unmapped status: " + word, word, {}, {}, {}});
    queries_.ask(now, entry);
}

void OrderEvidence::on_filled_claim(Now now, OrderEntry& entry, bool changed) {
    auto& order = entry.order;
    if (is_final(order.state)) {
        transit(now, entry, OrderEvent::FilledInFull, {}, changed);
        return;
    }
    if (order.wanted && order.filled >= order.quantity && order.filled >= entry.filled_claimed) {
        // It was filled before the modification reached it.
        order.wanted.reset();
        entry.modify_doubt = false;
        if (fills_.check_complete(entry)) {
            recorder_.record(now, entry, {"filled, says the broker", {}, {}, {}, {}});
            return;
        }
    }
    const bool first = !entry.fill_claimed;
    if (first) {
        entry.fill_claimed = now.mono;
        changed = true;
        recorder_.advance(entry, OrderEvent::Accepted);
        order.note = "the broker calls it filled; its executions are awaited";
    }
    if (changed) recorder_.record(now, entry, {"filled, says the broker", {}, {}, {}, {}});
    queries_.ask(now, entry);
    if (now.mono - *entry.fill_claimed >= claim_age_max) believe_filled(now, entry);
}

void OrderEvidence::believe_filled(Now now, OrderEntry& entry) {
    auto& order = entry.order;
    entry.fill_claimed.reset();
    add_flag(order, "executions_missing");
    OrderChange change{"filled, says the broker, without executions", {}, {}, {}, {}};
    if (!order.external)
        change.alarms.push_back(fmt::format(
            "order {} on {} is filled at the broker, which shows executions for {} of {} only",
            order.id, order.account, order.filled, order.quantity));
    order.note.clear();
    recorder_.advance(entry, OrderEvent::FilledInFull);
    recorder_.record(now, entry, std::move(change));
}

void OrderEvidence::transit(Now now, OrderEntry& entry, OrderEvent event, const std::string& note,
                            bool changed) {
    auto& order = entry.order;
    if (is_final(order.state) && stays_final(now, entry, event)) {
        // The reason may come after the rejection.
        const bool explains = event == OrderEvent::Rejected && order.note == no_reason_given;
        if (explains && note != order.note) {
            order.note = note;
            changed = true;
        }
        if (changed) recorder_.record(now, entry, {"seen again", note, {}, {}, {}});
        return;
    }
    const bool alive = event == OrderEvent::Accepted || event == OrderEvent::Held;
    if (order.state == OrderState::PendingCancel && entry.cancel_doubt && alive)
        return on_cancel_lost(now, entry, event);
    const auto step = recorder_.advance(entry, event);
    if (step == Step::NoRow) {
        contradict(now, entry, event);
        return;
    }
    const bool noted = step == Step::Moved ? true : !note.empty() && note != order.note;
    if (noted) order.note = note;
    if (noted || changed)
        recorder_.record(now, entry, {event_text(to_text(event), note), note, {}, {}, {}});
}

/// Nobody has answered the cancel, and the broker shows the order alive: it did not take it, or not
/// yet. Another one may be sent.
void OrderEvidence::on_cancel_lost(Now now, OrderEntry& entry, OrderEvent event) {
    entry.cancel_doubt = false;
    entry.cancel_sent.reset();
    const std::string note = "the cancel was lost: the broker shows the order alive";
    recorder_.advance(entry, OrderEvent::CancelRefused);
    entry.order.note = note;
    recorder_.record(now, entry, {"cancel lost", note, {}, {}, {}});
    recorder_.move(now, entry, event, note);
}

/// What a report says of an order that has ended. A person's decision gives way to evidence;
/// evidence gives way to nothing that the table does not know.
bool OrderEvidence::stays_final(Now now, OrderEntry& entry, OrderEvent event) {
    auto& order = entry.order;
    if (final_state_of(event) == order.state) return true;
    if (has_flag(order, "resolved_by_operator")) {
        recorder_.withdraw_decision(now, entry, std::string(to_text(event)));
        return false;
    }
    // A filled order is proven by its executions; an older report is only late. That an order which
    // filled after its end is called filled is no news either: asking would be answered the same.
    const bool late = order.state == OrderState::Filled && !final_state_of(event);
    const bool known = event == OrderEvent::FilledInFull && order.quantity.value.is_positive() &&
                       order.filled >= order.quantity;
    if (late || known)
        counters_.add("order.late_report");
    else
        contradict(now, entry, event);
    return true;
}

void OrderEvidence::contradict(Now now, OrderEntry& entry, OrderEvent event) {
    const auto& order = entry.order;
    counters_.add("order.no_row");
    log_.write(LogLevel::Warning,
               fmt::format("order event without a row account={} order={} state={} event={}",
                           order.account, order.id, to_text(order.state), to_text(event)));
    queries_.ask(now, entry);
    if (++entry.contradictions == contradictions_alarm)
        recorder_.record(
            now, entry,
            {fmt::format("the broker goes on saying {}", to_text(event)),
             {},
             {},
             {fmt::format("order {} on {} is {} here, but its broker goes on saying {}", order.id,
                          order.account, to_text(order.state), to_text(event))},
             {}});
}

void OrderEvidence::on_not_sent(Now now, const gateway::OrderNotSent& event) {
    if (auto* entry = orders_.find(event.order))
        transit(now, *entry, OrderEvent::NotSent, event.reason, false);
}

void OrderEvidence::on_rejected(Now now, const gateway::OrderRejected& event) {
    if (auto* entry = orders_.find(event.order))
        transit(now, *entry, OrderEvent::Rejected, rejection_reason(entry->order, event.reason),
                false);
}

void OrderEvidence::on_uncertain(Now now, const gateway::OrderUncertain& event) {
    if (auto* entry = orders_.find(event.order)) on_no_answer(now, *entry, event.reason);
}

void OrderEvidence::on_no_answer(Now now, OrderEntry& entry, const std::string& reason) {
    // Evidence may have been faster than the lost answer; then there is nothing to doubt.
    if (entry.order.state != OrderState::PendingNew) return;
    const auto& order = entry.order;
    recorder_.advance(entry, OrderEvent::NoAnswer);
    entry.order.note = reason;
    recorder_.record(
        now, entry,
        {event_text(to_text(OrderEvent::NoAnswer), reason),
         reason,
         {},
         {fmt::format("order {} on {} ({} {} {}) has no known outcome: {}", order.id, order.account,
                      to_text(order.side), order.quantity, order.symbol, reason)},
         {}});
    queries_.ask(now, entry);
}

void OrderEvidence::on_not_found(Now now, const gateway::OrderNotFound& event) {
    auto* entry = orders_.find(event.order);
    if (entry == nullptr || is_final(entry->order.state)) return;
    if (!add_flag(entry->order, "not_in_books")) return;
    auto& note = entry->order.note;
    const auto gone = fmt::format("not in the broker's books at {}", to_iso_seconds_text(now.utc));
    note = note.empty() ? gone : fmt::format("{}; {}", note, gone);
    recorder_.record(now, *entry, {gone, event.reason, {}, {}, {}});
}

void OrderEvidence::on_notice(Now now, const gateway::OrderNotice& event) {
    auto* entry = orders_.find(event.order);
    if (entry == nullptr) return;
    if (event.ask) queries_.ask(now, *entry);
    if (entry->order.note == event.text || is_final(entry->order.state)) return;
    entry->order.note = event.text;
    recorder_.record(now, *entry, {"notice: " + event.text, event.text, {}, {}, {}});
}

void OrderEvidence::on_orders_complete(Now now, const AccountName& account) {
    const auto download = accounts_.download_of(account);
    const auto open = orders_.open_of(account);
    for (const auto id : open) {
        auto* entry = orders_.find(id);
        if (entry == nullptr || !entry->durable) continue;
        if (entry->seen_in != download && entry->order.state != OrderState::PendingNew)
            queries_.ask(now, *entry);
        else if (entry->fill_claimed && now.mono - *entry->fill_claimed >= claim_age_min)
            believe_filled(now, *entry);
    }
}

void OrderEvidence::on_account_lost(Now now, const AccountName& account,
                                    const std::string& reason) {
    const auto open = orders_.open_of(account);
    for (const auto id : open)
        if (auto* entry = orders_.find(id); entry != nullptr && entry->sent_here)
            on_no_answer(now, *entry, reason);
}

}  // namespace janus::core
