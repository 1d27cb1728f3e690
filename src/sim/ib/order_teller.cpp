#include "sim/ib/order_teller.hpp"

namespace janus::sim::ib {
namespace {

/// The messages sorted by the place of their letters; letters that are not named come last.
std::vector<std::pair<char, Message>> sorted(const std::vector<std::pair<char, Message>>& group,
                                             std::string_view letters) {
    std::vector<std::pair<char, Message>> result;
    for (const char letter : letters)
        for (const auto& item : group)
            if (item.first == letter) result.push_back(item);
    for (const auto& item : group)
        if (!letters.contains(item.first)) result.push_back(item);
    return result;
}

}  // namespace

void OrderTeller::tell(Now now, ExchangeOrderId id, IbOrder& order) {
    if (order.silent) return;
    auto& faults = context_.faults;
    const auto state = book_.truth_of(id).state;
    const bool ended = order.news.empty() &&
                       (state == ExchangeState::Cancelled || state == ExchangeState::Rejected);
    const bool status = !(ended && faults.strikes("cancel_without_status"));
    const bool reorder = !order.news.empty() && faults.strikes("message_order");
    for (const auto& [connection, session] : context_.sessions) {
        if (!may_see(session, order)) continue;
        if (ended) {
            tell_end(now, session, id, order, status);
            continue;
        }
        auto group = group_of(session, id, order);
        if (reorder) group = sorted(group, faults.text_of("message_order", "order", "EOSC"));
        for (const auto& [letter, message] : group) context_.send(session, message);
    }
}

void OrderTeller::send_open_order(const Session& session, ExchangeOrderId id,
                                  const IbOrder& order) {
    Group group;
    add_status(group, session, book_.view_of(id, order));
    for (const auto& [letter, message] : group) context_.send(session, message);
}

void OrderTeller::send_error(Now now, const IbOrder& order, int code, std::string_view text) {
    for (const auto& [connection, session] : context_.sessions)
        if (may_see(session, order))
            context_.send_error(now, session, order.request.order_id, code, text);
}

bool OrderTeller::may_see(const Session& session, const IbOrder& order) const {
    const auto& master = context_.settings.master_client_id;
    return session.step == SessionStep::Ready &&
           (session.client_id == order.client_id || (master && session.client_id == *master));
}

/// A full fill is told twice: the second openOrder has the commission.
OrderTeller::Group OrderTeller::group_of(const Session& session, ExchangeOrderId id,
                                         const IbOrder& order) {
    Group group;
    add_executions(group, session, id, order);
    auto view = book_.view_of(id, order);
    if (!order.without_status) {
        add_status(group, session, view);
        if (view.status == "Filled") {
            view.commission = book_.commission_of(id);
            add_status(group, session, view);
        }
    }
    for (const auto number : order.news)
        group.emplace_back('C', book_.commission_message_of(book_.execution_of(number), order));
    return group;
}

void OrderTeller::add_executions(Group& group, const Session& session, ExchangeOrderId id,
                                 const IbOrder& order) {
    auto& faults = context_.faults;
    const auto view = book_.view_of(id, order);
    for (const auto number : order.news) {
        const auto shown = book_.execution_view_of(book_.execution_of(number), order);
        const auto times = faults.strikes("duplicate_executions")
                               ? faults.integer_of("duplicate_executions", "times", 3)
                               : 1;
        for (std::int64_t time = 0; time < times; ++time)
            group.emplace_back('E', execution_message(view, shown, session.version));
    }
}

void OrderTeller::add_status(Group& group, const Session& session, const OrderView& view) {
    auto& faults = context_.faults;
    auto message = open_order_message(view, session.version);
    if (faults.strikes("field_count"))
        message.change_field_count(
            static_cast<int>(faults.integer_of("field_count", "change", -2)));
    group.emplace_back('O', message);
    group.emplace_back('S', order_status_message(view));
}

/// A cancellation is a status and error 202, a rejection error 201 and a status.
void OrderTeller::tell_end(Now now, const Session& session, ExchangeOrderId id,
                           const IbOrder& order, bool status) {
    const auto& truth = book_.truth_of(id);
    const auto order_id = order.request.order_id;
    const bool rejected = truth.state == ExchangeState::Rejected;
    if (rejected)
        context_.send_error(now, session, order_id, 201, "Order rejected - reason:" + truth.reason);
    if (status && !order.without_status)
        context_.send(session, order_status_message(book_.view_of(id, order)));
    if (!rejected)
        context_.send_error(now, session, order_id, 202, "Order Canceled - reason:" + truth.reason);
}

}  // namespace janus::sim::ib
