#include "core/order_cancels.hpp"

#include <algorithm>
#include <utility>

namespace janus::core {
namespace {

std::int64_t seconds_of(Duration span) {
    return std::chrono::ceil<std::chrono::seconds>(span).count();
}

}  // namespace

void OrderCancels::cancel(Now now, OrderId id, const std::string& who, Reply<Order> reply) {
    auto* entry = orders_.find(id);
    const auto say = [&](Result<Order> outcome) {
        deferred_.later([reply, outcome = std::move(outcome)] { reply(outcome); });
    };
    if (entry == nullptr || !entry->durable)
        return say(fail(ErrorCode::NotFound, "order {} is not known", id));
    if (is_final(entry->order.state)) return say(entry->order);
    if (auto checked = check_sendable(*entry); !checked)
        return say(std::unexpected(checked.error()));
    const auto fresh = check_not_repeated(now, *entry);
    if (!fresh && !waited_for(id)) return say(std::unexpected(fresh.error()));
    waiters_.push_back({id, now.mono + answer_timeout_, {}, std::move(reply)});
    if (fresh) send(now, *entry, who);
}

Result<void> OrderCancels::check_sendable(const OrderEntry& entry) const {
    const auto& account = entry.order.account;
    const auto gate = gateways_.gate_of(account).gate;
    if (gate == gateway::Gate::Ready || gate == gateway::Gate::Degraded) return {};
    return fail(ErrorCode::Unavailable, "cancel cannot be sent: {}",
                gateways_.why_not_ready(account));
}

Result<void> OrderCancels::check_not_repeated(Now now, const OrderEntry& entry) const {
    if (!entry.cancel_sent || now.mono - *entry.cancel_sent >= repeat_after) return {};
    const auto age = now.mono - *entry.cancel_sent;
    return fail(ErrorCode::Denied, "a cancel of order {} was sent {} s ago; again in {} s",
                entry.order.id, seconds_of(age), seconds_of(repeat_after - age));
}

bool OrderCancels::waited_for(OrderId id) const {
    return std::ranges::any_of(waiters_, [&](const Waiter& waiter) { return waiter.order == id; });
}

void OrderCancels::send(Now now, OrderEntry& entry, const std::string& who) {
    entry.cancel_sent = now.mono;
    entry.cancel_doubt = false;
    without_effect_[entry.order.id] = now.mono + patience;
    recorder_.advance(entry, OrderEvent::CancelSent);
    const auto& order = entry.order;
    recorder_.record(
        now, entry,
        {"cancel sent",
         "asked by " + who,
         {},
         {},
         {AuditRecord{now.utc, who, "cancel_order", fmt::format("order {}", order.id)}}});
    const auto& reference = order.external ? entry.foreign_reference : order.client_order_id;
    auto refs = entry.other_refs;
    refs.insert(refs.begin(), order.ref);
    for (const auto& ref : refs)
        gateways_.send(now, *gateways_.find_index(order.account),
                       gateway::CancelOrder{order.id, reference, ref, order.account});
}

/// The order lives, whatever was said of its cancel.
void OrderCancels::goes_on(Now now, OrderEntry& entry, const std::string& event,
                           const std::string& reason) {
    if (is_final(entry.order.state)) return;
    entry.cancel_doubt = false;
    recorder_.advance(entry, OrderEvent::CancelRefused);
    entry.order.note = event_text(event, reason);
    recorder_.record(now, entry, {event, reason, {}, {}, {}});
}

void OrderCancels::fail_waiters(OrderId id, ErrorCode code, const std::string& what,
                                const std::string& reason) {
    for (auto& waiter : waiters_)
        if (waiter.order == id)
            waiter.failure =
                Error{code, fmt::format("cancel of order {} {}: {}", id, what, reason)};
}

void OrderCancels::on_refused(Now now, OrderId id, const std::string& reason) {
    auto* entry = orders_.find(id);
    if (entry == nullptr) return;
    fail_waiters(id, ErrorCode::Rejected, "was refused by the broker", reason);
    goes_on(now, *entry, "cancel refused", reason);
    queries_.ask(now, *entry);
}

void OrderCancels::on_not_sent(Now now, OrderId id, const std::string& reason) {
    auto* entry = orders_.find(id);
    if (entry == nullptr) return;
    fail_waiters(id, ErrorCode::Unavailable, "was not sent", reason);
    entry->cancel_sent.reset();
    goes_on(now, *entry, "cancel not sent", reason);
    on_report(*entry);
}

void OrderCancels::on_uncertain(Now now, OrderId id, const std::string& reason) {
    auto* entry = orders_.find(id);
    if (entry == nullptr || is_final(entry->order.state)) return;
    fail_waiters(id, ErrorCode::Unknown, "was not confirmed", reason);
    doubt(now, *entry, reason);
}

void OrderCancels::doubt(Now now, OrderEntry& entry, const std::string& reason) {
    entry.cancel_doubt = entry.order.state == OrderState::PendingCancel;
    entry.order.note = event_text("cancel was not confirmed", reason);
    recorder_.record(now, entry, {"cancel unanswered", reason, {}, {}, {}});
    queries_.ask(now, entry);
}

void OrderCancels::on_account_lost(const AccountName& account) {
    for (const auto id : orders_.open_of(account)) {
        auto* entry = orders_.find(id);
        entry->cancel_doubt |= entry->order.state == OrderState::PendingCancel;
    }
}

void OrderCancels::answer(const Waiter& waiter, const OrderEntry& entry) {
    Result<Order> outcome = entry.order;
    if (waiter.failure && !is_final(entry.order.state)) outcome = std::unexpected(*waiter.failure);
    if (waiter.reply)
        deferred_.later([reply = waiter.reply, outcome = std::move(outcome)] { reply(outcome); });
}

template <typename Which>
void OrderCancels::answer_where(Which which) {
    const auto rest = std::ranges::partition(waiters_, std::not_fn(which));
    for (const auto& waiter : rest)
        if (const auto* entry = orders_.find(waiter.order)) answer(waiter, *entry);
    waiters_.erase(rest.begin(), rest.end());
}

void OrderCancels::on_report(const OrderEntry& entry) {
    answer_where([&](const Waiter& waiter) {
        return waiter.order == entry.order.id && waiter.failure.has_value();
    });
}

void OrderCancels::on_changed(const OrderEntry& entry) {
    if (!is_final(entry.order.state)) return;
    without_effect_.erase(entry.order.id);
    answer_where([&](const Waiter& waiter) { return waiter.order == entry.order.id; });
}

void OrderCancels::on_timeout(Now now) {
    std::vector<OrderId> late;
    std::erase_if(without_effect_, [&](const auto& sent) {
        if (sent.second > now.mono) return false;
        late.push_back(sent.first);
        return true;
    });
    for (const auto id : late)
        if (auto* entry = orders_.find(id);
            entry != nullptr && entry->order.state == OrderState::PendingCancel)
            doubt(now, *entry, fmt::format("no effect within {} s", seconds_of(patience)));
    answer_where([&](const Waiter& waiter) { return waiter.due <= now.mono; });
}

std::optional<Instant> OrderCancels::deadline() const {
    std::optional<Instant> first;
    for (const auto& waiter : waiters_)
        if (!first || waiter.due < *first) first = waiter.due;
    for (const auto& [id, due] : without_effect_)
        if (!first || due < *first) first = due;
    return first;
}

}  // namespace janus::core
