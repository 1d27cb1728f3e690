#include "sim/world/watch.hpp"

#include <algorithm>
#include <array>

namespace janus::sim {
namespace {

constexpr auto order_events = std::to_array<OrderEvent>(
    {OrderEvent::NotSent, OrderEvent::NoAnswer, OrderEvent::Held, OrderEvent::Accepted,
     OrderEvent::CancelSent, OrderEvent::CancelRefused, OrderEvent::FoundAtBroker,
     OrderEvent::FilledInFull, OrderEvent::Cancelled, OrderEvent::Expired, OrderEvent::Rejected});

/// Whether the published table has a step from one state to the other.
bool has_step(OrderState from, OrderState to) {
    return from == to || std::ranges::any_of(order_events, [&](auto event) {
               return next_state(from, event) == to;
           });
}

bool was_corrected(const Order& order) {
    return std::ranges::count(order.flags, "fill_corrected") > 0;
}

const WorldAccount* find_account(const AccountName& name) {
    const auto found = std::ranges::find(world_accounts(), name, &WorldAccount::name);
    return found == world_accounts().end() ? nullptr : &*found;
}

}  // namespace

void Watch::on_wire() {
    read_ledger(brokers_.ib.ledger(), ledger_sizes_[0]);
    read_ledger(brokers_.webull.ledger(), ledger_sizes_[1]);
}

void Watch::read_ledger(const Ledger& ledger, std::size_t& known) {
    for (; known < ledger.size(); ++known) {
        const auto& entry = ledger[known];
        if (entry.kind == "cancel" || entry.kind == "preview") continue;
        if (entry.kind == "modify") {
            check_modify(entry);
            continue;
        }
        if (++placed_[entry.reference] > 1)
            verdict_.against(Invariant::AtMostOnce, "{} got order {} {} times", entry.broker,
                             entry.reference, placed_[entry.reference]);
        const auto contents = janus_.journal().contents();
        if (std::ranges::none_of(contents.orders, [&](const Order& order) {
                return order.client_order_id.value == entry.reference;
            }))
            verdict_.against(Invariant::DurableFirst,
                             "{} got order {}, which is not in the journal", entry.broker,
                             entry.reference);
    }
}

/// IB takes a repeated place for a change: only a change that the journal holds may be one.
void Watch::check_modify(const LedgerEntry& entry) {
    const auto& contents = janus_.journal().contents();
    const auto order = std::ranges::find(contents.orders, entry.reference, [](const Order& known) {
        return known.client_order_id.value;
    });
    const auto known = order == contents.orders.end() ? fmt::format("order ?")
                                                      : fmt::format("order {}: ", order->id);
    const auto asked =
        std::ranges::count_if(janus_.journal().audit(), [&](const core::AuditRecord& record) {
            return record.action == "modify_order" && record.detail.starts_with(known);
        });
    if (++modified_[entry.reference] > asked)
        verdict_.against(Invariant::AtMostOnce,
                         "{} got {} changes of order {}, the journal holds {}", entry.broker,
                         modified_[entry.reference], entry.reference, asked);
}

void Watch::on_start(const core::JournalContents& contents) {
    sequence_ = 0;
    ready_.clear();
    orders_.clear();
    for (const auto& order : contents.orders)
        orders_[order.id] = {order.state, order.filled, order.external};
}

void Watch::on_started() {
    const auto known = janus_.engine().orders({}, true);
    for (const auto& order : known)
        if (!order.external && order.state == OrderState::PendingNew)
            verdict_.against(Invariant::KnownOutcome, "order {} is PENDING_NEW after a restart",
                             order.id);
    for (const auto& [id, order] : orders_)
        if (std::ranges::find(known, id, &Order::id) == known.end())
            verdict_.against(Invariant::KnownOutcome, "order {} is forgotten after a restart", id);
}

void Watch::on_feed() {
    if (!janus_.running() || janus_.engine().last_sequence() == sequence_) return;
    const auto news = janus_.engine().events_after(sequence_);
    if (!news) {
        verdict_.against(Invariant::Feed, "events after {}: {}", sequence_, news.error().message);
        sequence_ = janus_.engine().last_sequence();
        return;
    }
    read(*news);
}

void Watch::read(const std::vector<core::FeedEvent>& list) {
    for (const auto& event : list) {
        if (event.sequence != sequence_ + 1)
            verdict_.against(Invariant::Feed, "event {} follows event {}", event.sequence,
                             sequence_);
        sequence_ = event.sequence;
        if (const auto* order = std::get_if<core::OrderChanged>(&event.payload)) on_event(*order);
        if (const auto* account = std::get_if<core::AccountChanged>(&event.payload))
            on_event(*account);
    }
}

void Watch::on_event(const core::OrderChanged& event) {
    const auto& order = event.order;
    const auto [seen, first] =
        orders_.try_emplace(order.id, SeenOrder{order.state, order.filled, order.external});
    if (first && !order.external && order.state != OrderState::PendingNew)
        verdict_.against(Invariant::Feed, "order {} is first seen as {}", order.id,
                         to_text(order.state));
    if (!first) check_path(order, seen->second);
    seen->second = {order.state, order.filled, order.external};
}

void Watch::check_path(const Order& order, const SeenOrder& before) {
    if (!has_step(before.state, order.state))
        verdict_.against(Invariant::Feed, "order {} went from {} to {}", order.id,
                         to_text(before.state), to_text(order.state));
    if (order.filled < before.filled && !was_corrected(order))
        verdict_.against(Invariant::FilledShrank, "order {} had filled {} and now {}", order.id,
                         before.filled, order.filled);
}

void Watch::on_event(const core::AccountChanged& event) {
    const auto& account = event.account;
    const auto* known = find_account(account.name);
    if (known == nullptr || troubles(trouble_, known->line)) return;
    if (account.gate == gateway::Gate::Ready)
        ready_.insert(account.name);
    else if (ready_.erase(account.name) > 0)
        verdict_.against(Invariant::Contagion, "{} became {} ({}) though its broker has no trouble",
                         account.name, gateway::to_text(account.gate), account.reason);
}

void Watch::on_end() {
    for (const auto& order : janus_.engine().orders({}, true)) {
        const auto seen = orders_.find(order.id);
        if (seen == orders_.end())
            verdict_.against(Invariant::Feed, "order {} never was in the feed", order.id);
        else if (seen->second.state != order.state || seen->second.filled != order.filled)
            verdict_.against(Invariant::Feed,
                             "order {} is {} filled {}, the feed said {} filled {}", order.id,
                             to_text(order.state), order.filled, to_text(seen->second.state),
                             seen->second.filled);
    }
}

}  // namespace janus::sim
