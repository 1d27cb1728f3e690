#include "core/order_desk.hpp"

#include <algorithm>
#include <utility>

#include "core/order_terms.hpp"

namespace janus::core {
namespace {

Error conflict_of(const std::string& key) {
    return {ErrorCode::Conflict,
            fmt::format("idempotency key '{}' belongs to another order; a new order needs a new "
                        "key",
                        key)};
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

void OrderDesk::place(Now now, const OrderIntent& intent, const std::string& who,
                      Reply<Order> reply) {
    accept(now, {intent}, who, [reply = std::move(reply)](Result<std::vector<Order>> outcome) {
        if (!reply) return;
        if (outcome)
            reply(std::move(outcome->front()));
        else
            reply(std::unexpected(outcome.error()));
    });
}

void OrderDesk::place_bracket(Now now, const BracketIntent& bracket, const std::string& who,
                              Reply<std::vector<Order>> reply) {
    if (auto checked = check_bracket(bracket); !checked)
        return reply_later(reply, std::unexpected(checked.error()));
    accept(now, intents_of(bracket), who, std::move(reply));
}

void OrderDesk::accept(Now now, std::vector<OrderIntent> intents, const std::string& who,
                       Reply<std::vector<Order>> reply) {
    const auto key = intents.front().idempotency_key;
    if (auto checked = check_key(key); !checked)
        return reply_later(reply, std::unexpected(checked.error()));
    if (answer_repeat(intents, reply)) return;
    if (auto checked = check_intents(now, intents); !checked)
        return reply_later(reply, std::unexpected(checked.error()));
    const auto symbol = intents.front().symbol;
    const auto index = parts_.gateways.find_index(intents.front().account);
    JANUS_CHECK(index.has_value());
    const auto send_before = now.mono + age_max_of(intents.front());
    pending_.emplace(key, Pending{std::move(intents), who, send_before, {std::move(reply)}, {}});
    parts_.resolver.resolve(now, *index, symbol, who, "order",
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

/// The orders that were placed under these keys; nothing when they are not just these orders. The
/// group is the desk's own choice.
std::vector<OrderId> OrderDesk::find_placed(const std::vector<OrderIntent>& intents) const {
    std::vector<OrderId> ids;
    for (auto intent : intents) {
        const auto* entry = parts_.orders.find_by_key(intent.idempotency_key);
        if (entry == nullptr) return {};
        if (entry->order.parent.value != 0) intent.oca_group = entry->order.oca_group;
        if (!same_intent(entry->order, intent)) return {};
        ids.push_back(entry->order.id);
    }
    const auto exits = parts_.orders.count_children(ids.front());
    return exits + 1 == ids.size() ? ids : std::vector<OrderId>{};
}

/// The same key again: the first order's outcome, now or when it comes. False for a new key.
bool OrderDesk::answer_repeat(const std::vector<OrderIntent>& intents,
                              const Reply<std::vector<Order>>& reply) {
    const auto& key = intents.front().idempotency_key;
    if (const auto found = pending_.find(key); found != pending_.end()) {
        if (found->second.intents == intents)
            found->second.replies.push_back(reply);
        else
            reply_later(reply, std::unexpected(conflict_of(key)));
        return true;
    }
    if (parts_.orders.find_by_key(key) == nullptr) return false;
    const auto ids = find_placed(intents);
    if (ids.empty())
        reply_later(reply, std::unexpected(conflict_of(key)));
    else if (answered(ids))
        reply_later(reply, orders_of(ids));
    else {
        auto& waiting = waiting_[ids.front()];
        waiting.ids = ids;
        waiting.replies.push_back(reply);
    }
    return true;
}

bool OrderDesk::answered(const std::vector<OrderId>& ids) const {
    return std::ranges::all_of(ids, [&](OrderId id) {
        return parts_.orders.find(id)->order.state != OrderState::PendingNew;
    });
}

std::vector<Order> OrderDesk::orders_of(const std::vector<OrderId>& ids) const {
    std::vector<Order> orders;
    for (const auto id : ids) orders.push_back(parts_.orders.find(id)->order);
    return orders;
}

Result<void> OrderDesk::check_all(Now now, const OrderIntent& intent) const {
    if (parts_.gate.stopping()) return parts_.gate.check_open(intent.account);
    if (auto checked = check_intent(intent); !checked) return checked;
    if (auto checked = check_good_till(intent, now.utc); !checked) return checked;
    if (auto checked = parts_.gate.check_intent_allowed(intent); !checked) return checked;
    if (auto checked = parts_.risk.check_order(now, intent); !checked) return checked;
    return parts_.risk.check_room(now, intent.account, 1);
}

/// The exits of a bracket close what its entry opens: limits and cover are the entry's.
Result<void> OrderDesk::check_intents(Now now, const std::vector<OrderIntent>& intents) const {
    const auto& first = intents.front();
    if (auto checked = check_all(now, first); !checked) return checked;
    for (const auto& intent : intents)
        if (auto checked = check_intent(intent); !checked) return checked;
    if (auto checked = parts_.risk.check_room(now, first.account, intents.size()); !checked)
        return checked;
    const auto& gateway = parts_.gateways.at(*parts_.gateways.find_index(first.account));
    if (intents.size() > 1 && !gateway.capabilities().brackets)
        return fail(ErrorCode::Denied,
                    "{} takes no brackets through Janus; place the entry, and its exits when it is "
                    "filled",
                    gateway.broker());
    if (pending_.size() >= pending_max)
        return fail(ErrorCode::Unavailable, "{} orders wait to be written already", pending_max);
    return {};
}

void OrderDesk::reply_later(const Reply<std::vector<Order>>& reply,
                            Result<std::vector<Order>> outcome) {
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
    auto& pending = found->second;
    if (!native_id) return deny(key, native_id.error());
    // The look-up took time and other orders may have been accepted meanwhile: check and
    // reservation are one step from here.
    if (auto checked = check_intents(now, pending.intents); !checked)
        return deny(key, checked.error());
    const auto orders = make_orders(now, pending, *native_id);
    if (!orders) return deny(key, orders.error());
    parts_.risk.on_accepted(now, orders->front().account, orders->size());
    for (const auto& order : *orders) {
        parts_.orders.add(order).durable = false;
        pending.ids.push_back(order.id);
    }
    write(now, key);
}

Result<std::vector<Order>> OrderDesk::make_orders(Now now, const Pending& pending,
                                                  const NativeId& native_id) {
    std::vector<Order> orders;
    auto& gateway = parts_.gateways.at(*parts_.gateways.find_index(pending.intents[0].account));
    for (const auto& intent : pending.intents) {
        const auto number = gateway.prepare_order(intent, native_id);
        if (!number) return std::unexpected(number.error());
        auto& order = orders.emplace_back(order_of(now, intent, native_id));
        order.ref.number = *number;
    }
    for (auto& order : orders) {
        order.id = parts_.orders.take_id();
        order.client_order_id = client_order_id_of(instance_id_, order.id);
        if (order.id == orders.front().id) continue;
        order.parent = orders.front().id;
        order.oca_group = orders.front().client_order_id.value;
    }
    return orders;
}

std::vector<JournalRecord> OrderDesk::records_of(Now now, const Pending& pending) const {
    std::vector<JournalRecord> records;
    for (std::size_t i = 0; i < pending.ids.size(); ++i) {
        const auto& order = parts_.orders.find(pending.ids[i])->order;
        const auto text = describe(pending.intents[i]);
        records.emplace_back(OrderRecord{order});
        records.emplace_back(
            OrderHistoryRecord{order.id, now.utc, "placed by " + pending.who, text});
        records.emplace_back(AuditRecord{now.utc, pending.who, "place_order",
                                         fmt::format("order {}: {}", order.id, text)});
        const auto& gateway = parts_.gateways.at(*parts_.gateways.find_index(order.account));
        if (order.ref.number != 0)
            records.emplace_back(
                NumberRecord{number_key_of(gateway.broker(), order.account), order.ref.number});
    }
    return records;
}

void OrderDesk::write(Now now, const std::string& key) {
    // A journal that has failed gets the older changes first; this order is its probe.
    parts_.journal.flush();
    parts_.journal.append(
        records_of(now, pending_.at(key)),
        [this, key](Now at, const Result<void>& outcome) { on_journaled(at, key, outcome); });
}

void OrderDesk::on_journaled(Now now, const std::string& key, const Result<void>& outcome) {
    if (!outcome) {
        // Nothing of it is durable and nothing was sent; the brokers' numbers stay used.
        for (const auto id : pending_.at(key).ids) parts_.orders.remove(id);
        deny(key, {ErrorCode::Denied,
                   "order could not be made durable and was not sent: " + outcome.error().message});
        return;
    }
    auto node = pending_.extract(key);
    JANUS_CHECK(!node.empty());
    auto& pending = node.mapped();
    waiting_[pending.ids.front()] = {pending.ids, std::move(pending.replies)};
    for (std::size_t i = 0; i < pending.ids.size(); ++i) {
        auto* entry = parts_.orders.find(pending.ids[i]);
        entry->durable = true;
        parts_.recorder.announce(
            now, *entry,
            {entry->order.id, now.utc, "placed by " + pending.who, describe(pending.intents[i])});
    }
    send(now, pending);
}

void OrderDesk::send(Now now, const Pending& pending) {
    const auto& account = pending.intents.front().account;
    const auto open = parts_.gate.check_open(account);
    if (!open || now.mono >= pending.send_before) {
        for (const auto id : pending.ids)
            parts_.recorder.move(now, *parts_.orders.find(id), OrderEvent::NotSent,
                                 open ? "waited too long to be sent" : open.error().message);
        return;
    }
    const auto parent = parts_.orders.find(pending.ids.front())->order.ref.number;
    for (const auto id : pending.ids) {
        auto& entry = *parts_.orders.find(id);
        entry.sent_here = true;
        parts_.orders.index(entry);
        unanswered_[id] = now.mono + parts_.settings.answer_timeout;
        auto command = command_of(entry.order, pending.intents.front().symbol, pending.send_before);
        if (id != pending.ids.front()) command.parent_number = parent;
        command.transmit = id == pending.ids.back();
        parts_.gateways.send(now, *parts_.gateways.find_index(account), std::move(command));
    }
}

void OrderDesk::on_changed(const OrderEntry& entry) {
    const auto& order = entry.order;
    if (order.state == OrderState::PendingNew) return;
    unanswered_.erase(order.id);
    const auto first = order.parent.value == 0 ? order.id : order.parent;
    const auto found = waiting_.find(first);
    if (found == waiting_.end() || !answered(found->second.ids)) return;
    const auto waiting = std::move(found->second);
    waiting_.erase(found);
    const auto orders = orders_of(waiting.ids);
    for (const auto& reply : waiting.replies) reply_later(reply, orders);
}

void OrderDesk::on_stop() {
    std::vector<std::string> keys;
    for (const auto& [key, pending] : pending_)
        if (pending.ids.empty()) keys.push_back(key);
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
