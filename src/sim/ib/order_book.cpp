#include "sim/ib/order_book.hpp"

#include <algorithm>

#include "sim/exchange/order_rules.hpp"
#include "sim/ib/clock_text.hpp"

namespace janus::sim::ib {
namespace {

constexpr std::int64_t first_permanent_id = 1'370'000'000;

std::string completed_status_of(const ExchangeOrder& truth) {
    if (truth.state == ExchangeState::Filled) return fmt::format("Filled Size: {}", truth.filled);
    if (truth.state == ExchangeState::Rejected)
        return fmt::format("Cancelled by System:{}", truth.reason);
    return "Cancelled by Trader";
}

/// The exchange keeps what moves by itself: sizes within a group, prices of a trail.
void show_terms(PlaceRequest& request, const ExchangeOrder& truth) {
    request.quantity = truth.quantity.value;
    if (!truth.trail) return;
    if (truth.stop_price) request.trail_stop_price = truth.stop_price->value;
    if (truth.limit_price) request.limit_price = truth.limit_price->value;
}

/// The last group rises when an execution is corrected.
std::string execution_id_of(const ExchangeExecution& execution) {
    return fmt::format("0000e0d5.{:08x}.01.{:02}", execution.number, execution.revision);
}

}  // namespace

IbOrder& OrderBook::add(ExchangeOrderId id, const PlaceRequest& request,
                        const ContractRow& contract, std::int64_t client_id) {
    auto& order = orders_[id];
    order.request = request;
    order.contract = contract;
    order.client_id = client_id;
    order.manual = request.order_id == 0;
    order.permanent_id = first_permanent_id + static_cast<std::int64_t>(id.value);
    if (!order.manual) numbers_[{client_id, request.order_id}] = id;
    use_number(client_id, request.order_id);
    return order;
}

void OrderBook::use_number(std::int64_t client_id, std::int64_t order_id) {
    auto& next = next_ids_[client_id];
    next = std::max(next, order_id + 1);
}

std::optional<std::int64_t> OrderBook::bind_manual(ExchangeOrderId id) {
    auto& order = orders_.at(id);
    if (!order.manual || order.request.order_id != 0) return std::nullopt;
    order.request.order_id = --last_bound_;
    numbers_[{order.client_id, order.request.order_id}] = id;
    return order.request.order_id;
}

IbOrder* OrderBook::find(ExchangeOrderId id) {
    const auto found = orders_.find(id);
    return found == orders_.end() ? nullptr : &found->second;
}

std::optional<ExchangeOrderId> OrderBook::find_number(std::int64_t client_id,
                                                      std::int64_t order_id) const {
    const auto found = numbers_.find({client_id, order_id});
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t OrderBook::next_id_of(std::int64_t client_id) const {
    const auto found = next_ids_.find(client_id);
    return found == next_ids_.end() ? 1 : std::max<std::int64_t>(found->second, 1);
}

const ExchangeOrder& OrderBook::truth_of(ExchangeOrderId id) const {
    const auto* truth = context_.exchange.find_order(id);
    JANUS_CHECK(truth != nullptr);
    return *truth;
}

bool OrderBook::is_live(ExchangeOrderId id) const {
    return !is_final(truth_of(id).state);
}

const ExchangeExecution& OrderBook::execution_of(std::uint64_t number) const {
    const auto& executions = context_.exchange.executions();
    const auto found = std::ranges::find(executions, number, &ExchangeExecution::number);
    JANUS_CHECK(found != executions.end());
    return *found;
}

OrderView OrderBook::view_of(ExchangeOrderId id, const IbOrder& order) const {
    const auto& truth = truth_of(id);
    OrderView view;
    view.request = order.request;
    view.contract = order.contract;
    view.client_id = order.client_id;
    view.permanent_id = order.permanent_id;
    view.status = status_of(truth, order.promoted);
    if (order.cancelling && !is_final(truth.state)) view.status = "PendingCancel";
    view.why_held = why_held_of(truth);
    show_terms(view.request, truth);
    view.filled = truth.filled.value;
    view.remaining = std::max(truth.quantity.value - truth.filled.value, Decimal{});
    view.average_price = truth.average_price.value;
    const auto& executions = context_.exchange.executions();
    const auto last =
        std::find_if(executions.rbegin(), executions.rend(),
                     [&](const ExchangeExecution& execution) { return execution.order == id; });
    if (last != executions.rend()) view.last_price = last->price.value;
    view.completed_time = to_zoned_text(truth.changed);
    view.completed_status = completed_status_of(truth);
    view.submitter = context_.settings.login;
    return view;
}

ExecutionView OrderBook::execution_view_of(const ExchangeExecution& execution,
                                           const IbOrder& order) const {
    ExecutionView view;
    view.id = execution_id_of(execution);
    view.time = to_dashed_text(execution.at);
    view.account = execution.account;
    view.exchange = order.contract.primary_exchange;
    view.side = execution.side == Side::Buy ? "BOT" : "SLD";
    view.quantity = execution.quantity.value;
    view.price = execution.price.value;
    view.cumulative = execution.cumulative.value;
    view.average_price = execution.average_price.value;
    return view;
}

Message OrderBook::commission_message_of(const ExchangeExecution& execution,
                                         const IbOrder& order) const {
    return commission_message(execution_id_of(execution), execution.commission.value,
                              order.contract.instrument->currency, execution.realized.value);
}

Decimal OrderBook::commission_of(ExchangeOrderId id) const {
    Decimal sum;
    for (const auto& execution : context_.exchange.executions())
        if (execution.order == id) sum += execution.commission.value;
    return sum;
}

std::string status_of(const ExchangeOrder& truth, bool promoted) {
    switch (truth.state) {
        case ExchangeState::Held:
            return truth.hold == Hold::Inactive ? "Inactive" : "PreSubmitted";
        case ExchangeState::Working:
            return promoted ? "Submitted" : "PreSubmitted";
        case ExchangeState::Filled:
            return "Filled";
        case ExchangeState::Cancelled:
            return "Cancelled";
        case ExchangeState::Rejected:
            return "Inactive";
    }
    return {};
}

std::string why_held_of(const ExchangeOrder& truth) {
    const bool stop = has_stop(truth.type) && !truth.triggered;
    switch (truth.hold) {
        case Hold::None:
        case Hold::Inactive:
        case Hold::Session:
            return {};
        case Hold::Parent:
            return stop ? "child,trigger" : "child";
        case Hold::Trigger:
            return "trigger";
    }
    return {};
}

}  // namespace janus::sim::ib
