#include "core/order_desk.hpp"

#include <algorithm>
#include <utility>

namespace janus::core {
namespace {

Error conflict_of(const std::string& key) {
    return {ErrorCode::Conflict,
            fmt::format("idempotency key '{}' belongs to another order; a new order needs a new "
                        "key",
                        key)};
}

std::string describe(const OrderIntent& intent) {
    auto text = fmt::format("{} {} {} {} on {}", to_text(intent.side), intent.quantity,
                            intent.symbol, to_text(intent.type), intent.account);
    if (intent.limit_price) text += fmt::format(" limit {}", *intent.limit_price);
    if (intent.stop_price) text += fmt::format(" stop {}", *intent.stop_price);
    return text;
}

gateway::PlaceOrder command_of(const Order& order, const OrderIntent& intent, Instant send_before) {
    return {.order = order.id,
            .client_order_id = order.client_order_id,
            .number = order.ref.number,
            .account = order.account,
            .native_id = order.native_id,
            .symbol = intent.symbol,
            .side = order.side,
            .type = order.type,
            .quantity = order.quantity,
            .limit_price = order.limit_price,
            .stop_price = order.stop_price,
            .time_in_force = order.time_in_force,
            .session = order.session,
            .send_before = send_before};
}

bool is_plain(char letter) {
    return letter > ' ' && letter <= '~';
}

}  // namespace

ClientOrderId client_order_id_of(const std::string& instance_id, OrderId id) {
    return ClientOrderId{fmt::format("J{}{:011}", instance_id, id.value)};
}

std::string number_key_of(std::string_view broker, const AccountName& account) {
    return fmt::format("{}:{}", broker, account);
}

bool same_intent(const Order& order, const OrderIntent& intent) {
    return order.account == intent.account && order.symbol == intent.symbol.text() &&
           order.side == intent.side && order.type == intent.type &&
           order.quantity == intent.quantity && order.limit_price == intent.limit_price &&
           order.stop_price == intent.stop_price && order.time_in_force == intent.time_in_force &&
           order.session == intent.session;
}

void OrderDesk::place(Now now, const OrderIntent& intent, const std::string& who,
                      Reply<Order> reply) {
    if (auto checked = check_key(intent.idempotency_key); !checked) {
        reply_later(reply, std::unexpected(checked.error()));
        return;
    }
    if (answer_repeat(intent, reply)) return;
    if (auto checked = check_all(now, intent); !checked) {
        reply_later(reply, std::unexpected(checked.error()));
        return;
    }
    const auto& key = intent.idempotency_key;
    pending_.emplace(
        key, Pending{intent, who, now.mono + age_max_of(intent), {std::move(reply)}, false});
    const auto index = parts_.gateways.find_index(intent.account);
    JANUS_CHECK(index.has_value());
    parts_.resolver.resolve(now, *index, intent.symbol, who, "order",
                            [this, key](Now at, const Result<NativeId>& native_id) {
                                on_resolved(at, key, native_id);
                            });
}

Result<void> OrderDesk::check_key(const std::string& key) const {
    if (key.empty())
        return fail(ErrorCode::Invalid,
                    "idempotency key is missing: without one a repeated request would be a second "
                    "order");
    if (key.size() > key_length_max || !std::ranges::all_of(key, is_plain))
        return fail(ErrorCode::Invalid,
                    "idempotency key must be 1 to {} printable characters without spaces",
                    key_length_max);
    return {};
}

/// The same key again: the first order's outcome, now or when it comes. False for a new key.
bool OrderDesk::answer_repeat(const OrderIntent& intent, const Reply<Order>& reply) {
    const auto& key = intent.idempotency_key;
    if (const auto found = pending_.find(key); found != pending_.end()) {
        if (found->second.intent == intent)
            found->second.replies.push_back(reply);
        else
            reply_later(reply, std::unexpected(conflict_of(key)));
        return true;
    }
    const auto* entry = parts_.orders.find_by_key(key);
    if (entry == nullptr) return false;
    if (!same_intent(entry->order, intent))
        reply_later(reply, std::unexpected(conflict_of(key)));
    else if (entry->order.state == OrderState::PendingNew)
        waiting_[entry->order.id].push_back(reply);
    else
        reply_later(reply, entry->order);
    return true;
}

Result<void> OrderDesk::check_all(Now now, const OrderIntent& intent) const {
    if (parts_.gate.stopping()) return parts_.gate.check_open(intent.account);
    if (auto checked = check_intent(intent); !checked) return checked;
    if (auto checked = parts_.gate.check_intent_allowed(intent); !checked) return checked;
    if (auto checked = parts_.risk.check_order(now, intent); !checked) return checked;
    if (pending_.size() >= pending_max)
        return fail(ErrorCode::Unavailable, "{} orders wait to be written already", pending_max);
    return {};
}

void OrderDesk::reply_later(const Reply<Order>& reply, Result<Order> outcome) {
    if (reply) parts_.deferred.later([reply, outcome = std::move(outcome)] { reply(outcome); });
}

void OrderDesk::deny(const std::string& key, const Error& error) {
    const auto node = pending_.extract(key);
    if (node.empty()) return;
    for (const auto& reply : node.mapped().replies) reply_later(reply, std::unexpected(error));
}

Duration OrderDesk::age_max_of(const OrderIntent& intent) const {
    return intent.type == OrderType::Market ? parts_.settings.market_order_age_max
                                            : parts_.settings.order_age_max;
}

void OrderDesk::on_resolved(Now now, const std::string& key, const Result<NativeId>& native_id) {
    const auto found = pending_.find(key);
    if (found == pending_.end()) return;
    const auto& pending = found->second;
    if (!native_id) return deny(key, native_id.error());
    // The look-up took time and other orders may have been accepted meanwhile: check and
    // reservation are one step from here.
    if (auto checked = check_all(now, pending.intent); !checked) return deny(key, checked.error());
    auto& gateway = parts_.gateways.at(*parts_.gateways.find_index(pending.intent.account));
    const auto number = gateway.prepare_order(pending.intent, *native_id);
    if (!number) return deny(key, number.error());
    auto& entry = parts_.orders.add(make_order(now, pending, *native_id, *number));
    entry.durable = false;
    write(now, key, entry.order.id);
}

Order OrderDesk::make_order(Now now, const Pending& pending, const NativeId& native_id,
                            std::int64_t number) const {
    const auto& intent = pending.intent;
    Order order;
    order.id = parts_.orders.take_id();
    order.client_order_id = client_order_id_of(instance_id_, order.id);
    order.account = intent.account;
    order.symbol = intent.symbol.text();
    order.native_id = native_id;
    order.side = intent.side;
    order.type = intent.type;
    order.quantity = intent.quantity;
    order.limit_price = intent.limit_price;
    order.stop_price = intent.stop_price;
    order.time_in_force = intent.time_in_force;
    order.session = intent.session;
    order.idempotency_key = intent.idempotency_key;
    order.ref.number = number;
    order.created = now.utc;
    order.changed = now.utc;
    return order;
}

void OrderDesk::write(Now now, const std::string& key, OrderId id) {
    auto& pending = pending_.at(key);
    pending.written = true;
    const auto* entry = parts_.orders.find(id);
    const auto& order = entry->order;
    const auto& gateway = parts_.gateways.at(*parts_.gateways.find_index(order.account));
    const auto text = describe(pending.intent);
    std::vector<JournalRecord> records{
        OrderRecord{order},
        OrderHistoryRecord{id, now.utc, "placed by " + pending.who, text},
        AuditRecord{now.utc, pending.who, "place_order", fmt::format("order {}: {}", id, text)}
    };
    if (order.ref.number != 0)
        records.emplace_back(
            NumberRecord{number_key_of(gateway.broker(), order.account), order.ref.number});
    // A journal that has failed gets the older changes first; this order is its probe.
    parts_.journal.flush();
    parts_.journal.append(std::move(records), [this, key, id](Now at, const Result<void>& outcome) {
        on_journaled(at, key, id, outcome);
    });
}

void OrderDesk::on_journaled(Now now, const std::string& key, OrderId id,
                             const Result<void>& outcome) {
    if (!outcome) {
        // Nothing of it is durable and nothing was sent; the broker's number stays used.
        parts_.orders.remove(id);
        deny(key, {ErrorCode::Denied,
                   "order could not be made durable and was not sent: " + outcome.error().message});
        return;
    }
    auto node = pending_.extract(key);
    JANUS_CHECK(!node.empty());
    auto& pending = node.mapped();
    auto* entry = parts_.orders.find(id);
    entry->durable = true;
    waiting_[id] = std::move(pending.replies);
    parts_.recorder.announce(now, *entry,
                             {id, now.utc, "placed by " + pending.who, describe(pending.intent)});
    send(now, *entry, pending.intent, pending.send_before);
}

void OrderDesk::send(Now now, OrderEntry& entry, const OrderIntent& intent, Instant send_before) {
    const auto open = parts_.gate.check_open(intent.account);
    if (!open || now.mono >= send_before) {
        parts_.recorder.move(now, entry, OrderEvent::NotSent,
                             open ? "waited too long to be sent" : open.error().message);
        return;
    }
    entry.sent_here = true;
    parts_.orders.index(entry);
    unanswered_[entry.order.id] = now.mono + parts_.settings.answer_timeout;
    parts_.gateways.send(now, *parts_.gateways.find_index(intent.account),
                         command_of(entry.order, intent, send_before));
}

void OrderDesk::on_changed(const OrderEntry& entry) {
    if (entry.order.state == OrderState::PendingNew) return;
    unanswered_.erase(entry.order.id);
    const auto node = waiting_.extract(entry.order.id);
    if (node.empty()) return;
    for (const auto& reply : node.mapped()) reply_later(reply, entry.order);
}

void OrderDesk::on_stop() {
    std::vector<std::string> keys;
    for (const auto& [key, pending] : pending_)
        if (!pending.written) keys.push_back(key);
    for (const auto& key : keys)
        deny(key, {ErrorCode::Denied, "janusd is stopping and takes no new orders"});
}

void OrderDesk::on_timeout(Now now) {
    std::vector<OrderId> silent;
    for (const auto& [id, due] : unanswered_)
        if (due <= now.mono) silent.push_back(id);
    for (const auto id : silent) {
        unanswered_.erase(id);
        if (auto* entry = parts_.orders.find(id))
            parts_.evidence.on_no_answer(
                now, *entry,
                fmt::format(
                    "no answer within {} s",
                    std::chrono::duration_cast<std::chrono::seconds>(parts_.settings.answer_timeout)
                        .count()));
    }
}

std::optional<Instant> OrderDesk::deadline() const {
    std::optional<Instant> first;
    for (const auto& [id, due] : unanswered_)
        if (!first || due < *first) first = due;
    return first;
}

}  // namespace janus::core
