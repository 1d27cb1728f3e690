#include "core/broken_brackets.hpp"

#include <algorithm>
#include <utility>

namespace janus::core {
namespace {

bool never_live(OrderState state) {
    return state == OrderState::Rejected || state == OrderState::NotSent;
}

}  // namespace

std::vector<OrderId> BrokenBrackets::members_of(OrderId first) const {
    std::vector<OrderId> members{first};
    for (const auto id : std::as_const(orders_).children_of(first)) members.push_back(id);
    return members;
}

void BrokenBrackets::on_changed(const OrderEntry& entry) {
    const auto& order = entry.order;
    if (!never_live(order.state)) return;
    const auto first = order.parent.value == 0 ? order.id : order.parent;
    if (orders_.count_children(first) > 0) broken_.insert(first);
}

void BrokenBrackets::settle(Now now) {
    for (const auto first : std::exchange(broken_, {})) {
        const auto members = members_of(first);
        const auto open = [&](OrderId id) { return !is_final(orders_.find(id)->order.state); };
        const auto traded = [&](OrderId id) {
            return orders_.find(id)->order.filled.value.is_positive();
        };
        if (std::ranges::none_of(members, open)) continue;
        const auto& account = orders_.find(first)->order.account;
        if (std::ranges::any_of(members, traded)) {
            feed_.alarm(now, fmt::format("bracket of order {} on {} is not whole any more, and has "
                                         "traded: look at its orders",
                                         first, account));
            continue;
        }
        for (const auto id : members)
            if (open(id) && !orders_.find(id)->cancel_sent) cancel(now, id);
    }
}

void BrokenBrackets::cancel(Now now, OrderId id) {
    cancels_.cancel(now, id, "bracket", [this, now, id](const Result<Order>& outcome) {
        if (outcome && is_final(outcome->state)) return;
        feed_.alarm(now, fmt::format("order {} is left of a bracket that was refused; its cancel "
                                     "has had no effect: {}",
                                     id, outcome ? "no answer yet" : outcome.error().message));
    });
}

}  // namespace janus::core
