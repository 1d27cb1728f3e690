#include "core/order_queries.hpp"

#include <algorithm>
#include <utility>

namespace janus::core {

bool OrderQueries::in_doubt(const OrderEntry& entry) {
    if (is_final(entry.order.state)) return false;
    return entry.order.state == OrderState::Unknown || entry.fill_claimed.has_value() ||
           entry.cancel_doubt || entry.modify_doubt;
}

bool OrderQueries::may_ask(const OrderEntry& entry) const {
    return gateways_.ready(entry.order.account);
}

void OrderQueries::ask(Now now, const OrderEntry& entry) {
    auto [place, first] =
        questions_.try_emplace(entry.order.id, Question{interval_, now.mono, true});
    auto& question = place->second;
    question.wanted = true;
    if (first || now.mono >= question.due) send(now, entry);
}

void OrderQueries::send(Now now, const OrderEntry& entry) {
    auto& question = questions_[entry.order.id];
    question.due = now.mono + question.interval;
    if (!may_ask(entry)) return;
    question.wanted = false;
    question.interval = std::min(2 * question.interval, interval_max);
    const auto& order = entry.order;
    const auto index = gateways_.find_index(order.account);
    JANUS_CHECK(index.has_value());
    const auto& reference = order.external ? entry.foreign_reference : order.client_order_id;
    gateways_.send(now, *index, gateway::QueryOrder{order.id, reference, order.ref, order.account});
}

void OrderQueries::on_account_ready(Now now, const AccountName& account) {
    const auto wanted = [&](OrderId id) {
        const auto found = questions_.find(id);
        return found != questions_.end() && found->second.wanted;
    };
    for (const auto id : orders_.open_of(account)) {
        const auto* entry = std::as_const(orders_).find(id);
        if (entry == nullptr || !(in_doubt(*entry) || wanted(id))) continue;
        questions_.erase(id);
        ask(now, *entry);
    }
}

void OrderQueries::on_timeout(Now now) {
    std::vector<OrderId> due;
    for (const auto& [id, question] : questions_)
        if (question.due <= now.mono) due.push_back(id);
    for (const auto id : due) {
        const auto* entry = std::as_const(orders_).find(id);
        auto& question = questions_[id];
        if (entry == nullptr || !(in_doubt(*entry) || question.wanted))
            questions_.erase(id);
        else if (may_ask(*entry))
            send(now, *entry);
        else
            question.due = now.mono + interval_max;  // The account's next ready comes first.
    }
}

std::optional<Instant> OrderQueries::deadline() const {
    std::optional<Instant> first;
    for (const auto& [id, question] : questions_)
        if (!first || question.due < *first) first = question.due;
    return first;
}

}  // namespace janus::core
