#include "core/order_modifies.hpp"

#include <utility>

#include "core/order_terms.hpp"

namespace janus::core {
namespace {

constexpr std::string_view unsent = "modification not sent";

/// Where the broker moves the stop by itself, it is no part of what was asked for.
bool shows(const Order& order, const OrderValues& wanted) {
    auto values = values_of(order);
    if (is_trailing(order.type)) values.stop_price = wanted.stop_price;
    return values == wanted;
}

/// Whether the report itself carries every value that the modification would have changed.
bool carries_changes(const gateway::OrderReport& report, const Order& order,
                     const OrderValues& wanted) {
    const auto values = values_of(order);
    const auto carried = [](const auto& now, const auto& then, const auto& told) {
        return now == then || told.has_value();
    };
    const bool trail_told = report.trail_amount || report.trail_percent;
    const bool trail_stays =
        values.trail_amount == wanted.trail_amount && values.trail_percent == wanted.trail_percent;
    return carried(values.quantity, wanted.quantity, report.quantity) &&
           carried(values.limit_price, wanted.limit_price, report.limit_price) &&
           (is_trailing(order.type) ||
            carried(values.stop_price, wanted.stop_price, report.stop_price)) &&
           (trail_stays || trail_told) &&
           carried(values.limit_offset, wanted.limit_offset, report.limit_offset);
}

std::string change_text(const Order& order) {
    return describe_change(values_of(order), *order.wanted);
}

}  // namespace

void OrderModifies::modify(Now now, OrderId id, const OrderChanges& changes, const std::string& who,
                           Reply<Order> reply) {
    auto* entry = parts_.orders.find(id);
    const auto say = [&](Result<Order> outcome) {
        parts_.deferred.later([reply, outcome = std::move(outcome)] { reply(outcome); });
    };
    if (entry == nullptr || !entry->durable)
        return say(fail(ErrorCode::NotFound, "order {} is not known", id));
    if (changes == OrderChanges{})
        return say(fail(ErrorCode::Invalid, "modification of order {} changes nothing", id));
    if (auto checked = check_state(*entry); !checked) return say(std::unexpected(checked.error()));
    const auto wanted = changed(values_of(entry->order), changes);
    if (wanted == values_of(entry->order)) return say(entry->order);
    if (auto checked = check_values(now, entry->order, wanted); !checked)
        return say(std::unexpected(checked.error()));
    entry->order.wanted = wanted;
    waiters_[id] = {wanted, {}, std::move(reply)};
    write(now, *entry, who);
}

Result<void> OrderModifies::check_state(const OrderEntry& entry) const {
    const auto& order = entry.order;
    if (order.external)
        return fail(ErrorCode::Denied,
                    "order {} was placed elsewhere; change it where it was placed", order.id);
    if (order.state == OrderState::PendingCancel)
        return fail(ErrorCode::Denied, "order {} has a cancel on its way", order.id);
    if (order.state != OrderState::Working && order.state != OrderState::Held)
        return fail(ErrorCode::Denied, "order {} is {}; only a live order can be modified",
                    order.id, to_text(order.state));
    if (order.wanted)
        return fail(ErrorCode::Denied,
                    "order {} has a modification without an answer ({}); wait for the broker",
                    order.id, change_text(order));
    if (entry.fill_claimed)
        return fail(ErrorCode::Denied, "order {} is filled, says the broker", order.id);
    return {};
}

/// Everything that a new order with these values would have to pass.
Result<OrderIntent> OrderModifies::check_values(Now now, const Order& order,
                                                const OrderValues& wanted) const {
    const auto symbol = CanonicalSymbol::parse(order.symbol);
    if (!symbol) return std::unexpected(symbol.error());
    auto intent = intent_of(order, *symbol);
    if (is_trailing(order.type) && wanted.stop_price != intent.stop_price)
        return fail(ErrorCode::Invalid, "{} order takes no stop price later: the broker moves it",
                    to_text(order.type));
    set_values(intent, wanted);
    if (auto checked = check_intent(intent); !checked) return std::unexpected(checked.error());
    if (wanted.quantity <= order.filled)
        return fail(ErrorCode::Denied,
                    "quantity {} is not above the {} that are filled; cancel the rest instead",
                    wanted.quantity, order.filled);
    if (auto checked = parts_.gate.check_modify_allowed(order.account); !checked)
        return std::unexpected(checked.error());
    if (auto checked = parts_.risk.check_modify(now, order, intent); !checked)
        return std::unexpected(checked.error());
    auto& gateway = parts_.gateways.at(*parts_.gateways.find_index(order.account));
    if (auto checked = gateway.check_modify(order, intent); !checked)
        return std::unexpected(checked.error());
    return intent;
}

void OrderModifies::write(Now now, OrderEntry& entry, const std::string& who) {
    const auto& order = entry.order;
    const auto text = change_text(order);
    const OrderHistoryRecord line{order.id, now.utc, "modification asked by " + who, text};
    parts_.journal.flush();
    parts_.journal.append(
        {
            OrderRecord{order},
            line,
            AuditRecord{now.utc, who, "modify_order", fmt::format("order {}: {}", order.id, text)}
    },
        [this, id = order.id, line](Now at, const Result<void>& outcome) {
            if (auto* known = parts_.orders.find(id); known != nullptr && outcome)
                parts_.recorder.announce(at, *known, line);
            on_journaled(at, id, outcome);
        });
}

void OrderModifies::on_journaled(Now now, OrderId id, const Result<void>& outcome) {
    auto& entry = *parts_.orders.find(id);
    const auto waiter = waiters_.find(id);
    if (waiter == waiters_.end()) return;  // The order has ended meanwhile.
    const auto unavailable = [&](const std::string& reason) {
        drop(now, entry, std::string(unsent), reason);
        answer(id, fail(ErrorCode::Denied, "{} of order {}: {}", unsent, id, reason));
    };
    if (!outcome) return unavailable("it could not be made durable: " + outcome.error().message);
    const bool live =
        entry.order.state == OrderState::Working || entry.order.state == OrderState::Held;
    if (!live) return unavailable(fmt::format("it is {}", to_text(entry.order.state)));
    if (auto open = parts_.gate.check_modify_allowed(entry.order.account); !open)
        return unavailable(open.error().message);
    waiter->second.due = now.mono + parts_.answer_timeout;
    send(now, entry);
}

void OrderModifies::send(Now now, const OrderEntry& entry) {
    auto order = entry.order;
    set_values(order, *order.wanted);
    auto command =
        command_of(order, *CanonicalSymbol::parse(order.symbol), now.mono + parts_.answer_timeout);
    if (const auto* parent = std::as_const(parts_.orders).find(order.parent))
        command.parent_number = parent->order.ref.number;
    parts_.gateways.send(now, *parts_.gateways.find_index(order.account),
                         gateway::ModifyOrder{std::move(command), order.ref});
}

/// The order goes on as it was.
void OrderModifies::drop(Now now, OrderEntry& entry, const std::string& event,
                         const std::string& reason) {
    if (!entry.order.wanted) return;
    entry.order.wanted.reset();
    entry.modify_doubt = false;
    parts_.fills.check_complete(entry);
    entry.order.note = fmt::format("{}: {}", event, reason);
    parts_.recorder.record(now, entry, {event, reason, {}, {}, {}});
}

void OrderModifies::answer(OrderId id, Result<Order> outcome) {
    auto node = waiters_.extract(id);
    if (node.empty() || !node.mapped().reply) return;
    parts_.deferred.later(
        [reply = std::move(node.mapped().reply), outcome = std::move(outcome)] { reply(outcome); });
}

void OrderModifies::on_refused(Now now, OrderId id, const std::string& reason) {
    auto* entry = parts_.orders.find(id);
    if (entry == nullptr) return;
    drop(now, *entry, "modification refused", reason);
    answer(id, fail(ErrorCode::Rejected,
                    "modification of order {} was refused by the broker: {}; it goes on as it was",
                    id, reason));
    // The broker's no says nothing of where the order stands: it may be filled.
    parts_.queries.ask(now, *entry);
}

void OrderModifies::on_not_sent(Now now, OrderId id, const std::string& reason) {
    auto* entry = parts_.orders.find(id);
    if (entry == nullptr) return;
    drop(now, *entry, std::string(unsent), reason);
    answer(id, fail(ErrorCode::Unavailable, "{} of order {}: {}", unsent, id, reason));
}

void OrderModifies::on_report(Now now, OrderEntry& entry, const gateway::OrderReport& report) {
    auto& order = entry.order;
    if (!order.wanted) return;
    if (shows(order, *order.wanted)) {
        order.wanted.reset();
        entry.modify_doubt = false;
        order.note.clear();
        remove_flag(order, "changed_at_broker");
        parts_.fills.check_complete(entry);
        parts_.recorder.record(now, entry, {"modified", {}, {}, {}, {}});
        return answer(order.id, order);
    }
    // While it is on its way an older report says nothing; once in doubt, the broker's books do.
    if (entry.modify_doubt && carries_changes(report, order, *order.wanted))
        drop(now, entry, "modification without effect", "the broker shows the order without it");
}

void OrderModifies::on_changed(const OrderEntry& entry) {
    const auto& order = entry.order;
    const auto waiter = waiters_.find(order.id);
    if (!is_final(order.state) || waiter == waiters_.end()) return;
    if (shows(order, waiter->second.wanted)) return answer(order.id, order);
    answer(order.id, fail(ErrorCode::Rejected, "modification came too late: order {} is {}",
                          order.id, to_text(order.state)));
}

void OrderModifies::doubt(Now now, OrderEntry& entry, const std::string& reason) {
    const auto id = entry.order.id;
    if (entry.order.wanted) {
        entry.modify_doubt = true;
        entry.order.note = "modification without an answer: " + reason;
        parts_.recorder.record(
            now, entry,
            {"modification without an answer",
             reason,
             {},
             {fmt::format("modification of order {} on {} ({}) has no known "
                          "outcome: {}",
                          id, entry.order.account, change_text(entry.order), reason)},
             {}});
        parts_.queries.ask(now, entry);
    }
    answer(id, fail(ErrorCode::Unknown, "modification of order {} has no known outcome: {}", id,
                    reason));
}

void OrderModifies::on_account_lost(Now now, const AccountName& account,
                                    const std::string& reason) {
    std::vector<OrderId> sent;
    for (const auto& [id, waiter] : waiters_)
        if (waiter.due && parts_.orders.find(id)->order.account == account) sent.push_back(id);
    for (const auto id : sent) doubt(now, *parts_.orders.find(id), reason);
}

void OrderModifies::on_start() {
    for (const auto& [id, known] : parts_.orders.all())
        if (known.order.wanted) parts_.orders.find(id)->modify_doubt = true;
}

void OrderModifies::on_timeout(Now now) {
    std::vector<OrderId> late;
    for (const auto& [id, waiter] : waiters_)
        if (waiter.due && *waiter.due <= now.mono) late.push_back(id);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(parts_.answer_timeout);
    for (const auto id : late)
        doubt(now, *parts_.orders.find(id), fmt::format("no answer within {} s", seconds.count()));
}

std::optional<Instant> OrderModifies::deadline() const {
    std::optional<Instant> first;
    for (const auto& [id, waiter] : waiters_)
        if (waiter.due && (!first || *waiter.due < *first)) first = waiter.due;
    return first;
}

}  // namespace janus::core
