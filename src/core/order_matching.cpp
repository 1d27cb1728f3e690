#include "core/order_matching.hpp"

#include <algorithm>
#include <array>

namespace janus::core {
namespace {

using gateway::BrokerStatus;

struct StatusRow {
    BrokerStatus status;
    std::optional<OrderEvent> event;
};

// One row per status, in the order of the enum.
constexpr auto status_rows = std::to_array<StatusRow>({
    {BrokerStatus::Held,          OrderEvent::Held        },
    {BrokerStatus::Working,       OrderEvent::Accepted    },
    {BrokerStatus::PendingCancel, OrderEvent::CancelSent  },
    {BrokerStatus::Filled,        OrderEvent::FilledInFull},
    {BrokerStatus::Cancelled,     OrderEvent::Cancelled   },
    {BrokerStatus::Expired,       OrderEvent::Expired     },
    {BrokerStatus::Rejected,      OrderEvent::Rejected    },
    {BrokerStatus::Unmapped,      std::nullopt            },
});
constexpr bool rows_follow_the_enum() {
    for (std::size_t row = 0; row < status_rows.size(); ++row)
        if (static_cast<std::size_t>(status_rows[row].status) != row) return false;
    return true;
}
static_assert(rows_follow_the_enum());

/// Where an external order stands when Janus first sees it. Filled waits for its executions.
OrderState first_state(BrokerStatus status) {
    if (status == BrokerStatus::PendingCancel) return OrderState::PendingCancel;
    if (status == BrokerStatus::Filled) return OrderState::Working;
    const auto event = find_event(status);
    const auto state = event ? next_state(OrderState::PendingNew, *event) : std::nullopt;
    return state.value_or(OrderState::Working);
}

Order order_of(Now now, const gateway::OrderReport& report) {
    Order order;
    order.account = report.account;
    order.native_id = report.instrument.native_id;
    order.side = *report.side;
    order.type = report.type.value_or(OrderType::Limit);
    order.type_text = report.type_text;
    order.quantity = report.quantity.value_or(Quantity{});
    order.limit_price = report.limit_price;
    order.stop_price = report.stop_price;
    order.trail_amount = report.trail_amount;
    order.trail_percent = report.trail_percent;
    order.limit_offset = report.limit_offset;
    order.good_till = report.good_till;
    order.session = report.session.value_or(TradingSession::Regular);
    order.oca_group = report.oca_group.value_or("");
    order.time_in_force = report.time_in_force.value_or(TimeInForce::Day);
    order.ref = report.ref;
    order.state = first_state(report.status);
    order.note = order.state == OrderState::Rejected ? rejection_reason(order, report.reason)
                                                     : report.reason;
    order.created = report.at.value_or(now.utc);
    return order;
}

/// What can be said of an order of which only a trade is known; its quantity stays zero (unknown).
Order order_of(const Execution& execution) {
    Order order;
    order.account = execution.account;
    order.symbol = execution.symbol;
    order.native_id = execution.native_id;
    order.side = execution.side;
    order.type_text = "unknown";
    order.ref = execution.ref;
    order.state = OrderState::Working;
    order.created = execution.at;
    return order;
}

}  // namespace

std::optional<OrderEvent> find_event(BrokerStatus status) {
    return status_rows[static_cast<std::size_t>(status)].event;
}

std::string rejection_reason(const Order& order, const std::string& said) {
    if (!said.empty()) return said;
    if (order.note.empty()) return std::string(no_reason_given);
    if (order.state == OrderState::Rejected) return order.note;
    return fmt::format("the broker refused it without a reason; known before: {}", order.note);
}

OrderEntry* OrderMatching::find(const AccountName& account, const ClientOrderId& client_order_id,
                                const BrokerOrderRef& ref) {
    if (auto* entry = orders_.find_by_client(account, client_order_id)) return entry;
    if (auto* entry = orders_.find_by_permanent(account, ref.permanent)) return entry;
    // A reference that is not ours says that the number is not ours either.
    if (!client_order_id.value.empty()) return nullptr;
    return orders_.find_by_number(account, ref.number);
}

bool OrderMatching::served(const AccountName& account) {
    if (accounts_.known(account)) return true;
    counters_.add("order.unknown_account");
    return false;
}

OrderEntry* OrderMatching::find_or_adopt(Now now, const gateway::OrderReport& report) {
    if (auto* entry = find(report.account, report.client_order_id, report.ref)) return entry;
    if (!served(report.account)) return nullptr;
    if (!report.side || report.ref.permanent.empty()) {
        keep_early(report);
        return nullptr;
    }
    auto order = order_of(now, report);
    const auto index = gateways_.find_index(report.account);
    order.symbol = registry_.shown_name(gateways_.broker_of(*index), report.instrument).text;
    return &adopt(now, std::move(order), report.client_order_id);
}

OrderEntry* OrderMatching::find_or_adopt(Now now, const Execution& execution) {
    if (auto* entry = find(execution.account, execution.client_order_id, execution.ref))
        return entry;
    if (!served(execution.account)) return nullptr;
    if (execution.ref.permanent.empty()) {
        counters_.add("execution.without_order");
        log_.write(LogLevel::Error, fmt::format("execution names no order account={} execution={}",
                                                execution.account, execution.id));
        return nullptr;
    }
    return &adopt(now, order_of(execution), execution.client_order_id);
}

OrderEntry& OrderMatching::adopt(Now now, Order order, const ClientOrderId& reference) {
    order.id = orders_.take_id();
    order.external = true;
    order.changed = order.created;
    auto& entry = orders_.add(std::move(order));
    entry.foreign_reference = reference;
    counters_.add("order.adopted");
    recorder_.record(now, entry, {"placed elsewhere", entry.order.note, {}, {}, {}});
    return entry;
}

bool OrderMatching::learn_ref(OrderEntry& entry, const BrokerOrderRef& ref) {
    auto& known = entry.order.ref;
    bool learnt = false;
    if (known.number == 0 && ref.number != 0) {
        known.number = ref.number;
        learnt = true;
    }
    if (ref.permanent.empty() || ref.permanent == known.permanent) return learnt;
    if (known.permanent.empty()) {
        known.permanent = ref.permanent;
        return true;
    }
    const bool listed = std::ranges::find(entry.other_refs, ref.permanent,
                                          &BrokerOrderRef::permanent) != entry.other_refs.end();
    if (listed) return learnt;
    entry.other_refs.push_back(ref);
    counters_.add("order.second_incarnation");
    return add_flag(entry.order, fmt::format("also_at_broker_as({})", ref.permanent)) || learnt;
}

void OrderMatching::keep_early(const gateway::OrderReport& report) {
    counters_.add("order.early_report");
    if (report.ref.permanent.empty()) return;
    if (early_.size() >= early_max) early_.pop_front();
    early_.push_back(report);
}

std::optional<gateway::OrderReport> OrderMatching::take_early(const OrderEntry& entry) {
    std::optional<gateway::OrderReport> latest;
    const auto about = [&](const gateway::OrderReport& report) {
        return report.account == entry.order.account &&
               report.ref.permanent == entry.order.ref.permanent;
    };
    for (const auto& report : early_)
        if (about(report)) latest = report;
    if (latest) std::erase_if(early_, about);
    return latest;
}

}  // namespace janus::core
