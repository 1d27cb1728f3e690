#include "sim/ib/order_desk.hpp"

#include <algorithm>

#include "sim/exchange/order_rules.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

constexpr auto promotion_delay = 100ms;

}  // namespace

/// Tells the clients, except what a fault keeps back.
void OrderDesk::on_order_changed(Now now, ExchangeOrderId id) {
    auto* known = book_.find(id);
    if (known == nullptr) return;
    auto& order = *known;
    const auto& truth = book_.truth_of(id);
    const bool works = truth.state == ExchangeState::Working;
    if (!truth.filled.value.is_zero() || (order.was_held && works)) order.promoted = true;
    if (!order.announced && works) add_task(now.mono + promotion_delay, TaskKind::Promote, id);
    order.was_held = truth.state == ExchangeState::Held;
    order.announced = true;
    teller_.tell(now, id, order);
    order.news.clear();
    if (truth.state == ExchangeState::Filled && truth.filled == truth.quantity &&
        context_.faults.strikes("overfill")) {
        const auto more = context_.faults.find_number("overfill", "quantity");
        const Quantity quantity{more.value_or(Decimal::from_integer(1))};
        if (const auto filled = context_.exchange.force_fill(now, id, quantity); !filled)
            context_.broadcast(now, 2150, filled.error().message);
    }
}

void OrderDesk::on_executed(const ExchangeExecution& execution) {
    if (auto* order = book_.find(execution.order)) order->news.push_back(execution.number);
}

Result<void> OrderDesk::correct_last_execution(Now now, std::optional<Decimal> quantity,
                                               std::optional<Decimal> price) {
    const auto& executions = context_.exchange.executions();
    for (auto execution = executions.rbegin(); execution != executions.rend(); ++execution)
        if (book_.find(execution->order) != nullptr)
            return context_.exchange.correct(now, execution->number,
                                             {quantity.value_or(execution->quantity.value)},
                                             {price.value_or(execution->price.value)});
    return fail(ErrorCode::NotFound, "there is no execution to correct");
}

void OrderDesk::set_all_active(Now now, bool active) {
    for (const auto& [id, order] : book_.orders())
        if (book_.is_live(id) && context_.has_account(book_.truth_of(id).account))
            JANUS_CHECK(context_.exchange.set_active(now, id, active).has_value());
}

Result<ExchangeOrderId> OrderDesk::external_order(Now now, const IbExternalOrder& order) {
    const auto contract = find_contract_of(context_.exchange, order.symbol);
    if (!contract) return fail(ErrorCode::NotFound, "IB does not know '{}'", order.symbol);
    if (!context_.has_account(order.account))
        return fail(ErrorCode::NotFound, "the login has no account '{}'", order.account);
    PlaceRequest request;
    request.account = order.account;
    request.action = order.side == Side::Buy ? "BUY" : "SELL";
    request.quantity = order.quantity.value;
    request.order_type = order_type_word_of(order.type);
    if (order.limit_price) request.limit_price = order.limit_price->value;
    if (order.stop_price) request.aux_price = order.stop_price->value;
    request.time_in_force = time_in_force_word_of(order.time_in_force);
    auto row = *contract;
    row.exchange = row.instrument->asset_class == AssetClass::Future ? row.primary_exchange
                                                                     : std::string("SMART");
    if (const auto refusal = find_refusal(context_, now, request, row))
        return fail(ErrorCode::Rejected, "{}", refusal->text);
    const auto id = book(now, request, row, 0);
    const auto& truth = book_.truth_of(id);
    if (truth.state == ExchangeState::Rejected)
        return fail(ErrorCode::Rejected, "{}", truth.reason);
    for (auto& [connection, session] : context_.sessions)
        if (session.step == SessionStep::Ready && session.binds_orders) bind(session, id);
    return id;
}

void OrderDesk::on_timeout(Now now) {
    const auto all = std::exchange(tasks_, {});
    for (const auto& task : all) {
        if (task.due <= now.mono)
            perform(now, task);
        else
            tasks_.push_back(task);
    }
}

std::optional<Instant> OrderDesk::deadline() const {
    std::optional<Instant> next;
    for (const auto& task : tasks_)
        if (!next || task.due < *next) next = task.due;
    return next;
}

void OrderDesk::record(Now now, std::string kind, const PlaceRequest& request,
                       std::string_view raw) {
    ledger_.push_back(
        {now.utc, "ib", std::move(kind), request.account, request.order_reference, readable(raw)});
}

void OrderDesk::add_task(Instant due, TaskKind kind, ExchangeOrderId order, Quantity quantity) {
    tasks_.push_back({.due = due,
                      .kind = kind,
                      .order = order,
                      .quantity = quantity,
                      .request = {},
                      .contract = {},
                      .client_id = 0});
}

void OrderDesk::perform(Now now, const Task& task) {
    auto& exchange = context_.exchange;
    switch (task.kind) {
        case TaskKind::Promote: {
            auto& order = *book_.find(task.order);
            if (order.promoted || book_.truth_of(task.order).state != ExchangeState::Working)
                return;
            order.promoted = true;
            if (!order.without_status) teller_.tell(now, task.order, order);
            return;
        }
        case TaskKind::Reject: {
            const auto code =
                static_cast<int>(context_.faults.integer_of("reject_after_ack", "code", 201));
            const auto text = context_.faults.text_of("reject_after_ack", "text",
                                                      "Order rejected - reason:simulated");
            if (!book_.is_live(task.order)) return;
            teller_.send_error(now, *book_.find(task.order), code, text);
            exchange.cancel(now, task.order, text);
            return;
        }
        case TaskKind::LateFill:
            if (const auto filled = exchange.force_fill(now, task.order, task.quantity); !filled)
                context_.broadcast(now, 2150, filled.error().message);
            return;
        case TaskKind::LatePlace:
            book(now, task.request, task.contract, task.client_id);
            return;
        case TaskKind::LateCancel: {
            if (exchange.cancel(now, task.order, "")) return;
            const auto late = too_late_for(task.order);
            teller_.send_error(now, *book_.find(task.order), late.code, late.text);
            return;
        }
    }
}

}  // namespace janus::sim::ib
