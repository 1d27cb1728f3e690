// Orders and cancels that come in: refused, parked, previewed, modified or handed to the exchange.
#include <algorithm>
#include <expected>

#include "sim/exchange/money.hpp"
#include "sim/exchange/order_rules.hpp"
#include "sim/ib/order_desk.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view read_only_text =
    "Error validating request:-'bN' : cause - The API interface is currently in Read-Only mode.";
constexpr ExchangeOrderId no_such_order{~std::uint64_t{0}};

/// What a placeOrder is for the ledger: under a used number it can only be meant as a change.
std::string kind_of(const PlaceRequest& request, bool used) {
    if (request.what_if) return "preview";
    return used ? "modify" : "place";
}

std::chrono::milliseconds delay_of(const FaultBox& faults, std::string_view fault,
                                   std::int64_t fallback) {
    return std::chrono::milliseconds(faults.integer_of(fault, "delay_ms", fallback));
}

/// A fault's code and text as what the gateway says.
Remark remark_of(const FaultBox& faults, std::string_view fault, int code, std::string_view text) {
    return {static_cast<int>(faults.integer_of(fault, "code", code)),
            faults.text_of(fault, "text", text)};
}

/// Orders of one group, and the orders of a bracket below one parent, end each other.
void set_group(ExchangeOrder& order, const PlaceRequest& request, std::int64_t client_id) {
    constexpr std::int64_t cancel_others = 1;
    order.group_rule = GroupRule::ReduceOthers;
    if (!request.oca_group.empty()) {
        order.group = "group " + request.oca_group;
        if (request.oca_type == cancel_others) order.group_rule = GroupRule::CancelOthers;
    } else if (request.parent_id != 0) {
        order.group = fmt::format("bracket {} {}", client_id, request.parent_id);
    }
}

}  // namespace

void OrderDesk::place(Now now, Session& session, const PlaceCall& call) {
    auto request = call.request;
    const auto connection = session.connection;
    const auto known = book_.find_number(session.client_id, request.order_id);
    const bool modifies = known && book_.is_live(*known);
    const bool used = known || find_held(session, request.order_id) != tasks_.end();
    record(now, kind_of(request, used), request, call.raw);
    const auto contract = check_place(now, session, call, modifies);
    if (!contract) return refuse(now, session, request.order_id, contract.error());
    if (request.account.empty()) request.account = context_.default_account();
    if (request.what_if) return answer_what_if(session, request, *contract);
    if (modifies) return modify(now, session, *known, request);
    if (modify_held(now, session, request)) return;
    if (!request.transmit) return park(session, request, *contract);
    parked_.erase({session.client_id, request.order_id});
    if (request.parent_id != 0) release_family(now, session, request.parent_id);
    accept(now, session, request, *contract);
    if (std::exchange(closes_session_, false)) {
        context_.outbox.close(connection);
        context_.sessions.erase(connection);
    }
}

void OrderDesk::refuse(Now now, const Session& session, std::int64_t order_id,
                       const Remark& refusal) {
    context_.send_error(now, session, order_id, refusal.code, refusal.text);
}

/// The instrument of an order that may go on.
std::expected<ContractRow, Remark> OrderDesk::check_place(Now now, const Session& session,
                                                          const PlaceCall& call, bool modifies) {
    const auto& request = call.request;
    if (!call.trouble.empty())
        return std::unexpected(Remark{320, "Error reading request. " + call.trouble});
    if (auto refusal = gateway_refusal(request)) return std::unexpected(*refusal);
    if (request.contract.security_type == "BAG")
        return std::unexpected(
            Remark{201, "Order rejected - reason:Combination orders are not traded here."});
    auto contract = find_contract(context_.exchange, request.contract);
    if (!contract) return std::unexpected(Remark{200, contract.error().message});
    if (auto refusal = find_refusal(context_, now, request, *contract))
        return std::unexpected(*refusal);
    if (request.what_if || modifies) return *contract;
    if (auto refusal = id_refusal(session, request.order_id)) return std::unexpected(*refusal);
    if (auto refusal = parent_refusal(session, request)) return std::unexpected(*refusal);
    return *contract;
}

/// What the gateway refuses whatever the order says.
std::optional<Remark> OrderDesk::gateway_refusal(const PlaceRequest& request) {
    auto& faults = context_.faults;
    if (faults.is_on("read_only")) return Remark{321, std::string(read_only_text)};
    if (request.what_if && !request.transmit)
        return Remark{413, "What-if order should have the transmit flag set to true."};
    if (!request.what_if && faults.strikes("reject_orders"))
        return remark_of(faults, "reject_orders", 201, "Order rejected - reason:simulated refusal");
    return std::nullopt;
}

std::optional<Remark> OrderDesk::id_refusal(const Session& session, std::int64_t order_id) const {
    if (const auto used = book_.find_number(session.client_id, order_id))
        if (book_.truth_of(*used).state == ExchangeState::Filled)
            return Remark{104, "Cannot modify a filled order."};
    if (order_id <= 0 || (order_id < book_.next_id_of(session.client_id) &&
                          !parked_.contains({session.client_id, order_id})))
        return Remark{103, "Duplicate order id"};
    return std::nullopt;
}

std::optional<Remark> OrderDesk::parent_refusal(const Session& session,
                                                const PlaceRequest& request) const {
    if (request.parent_id == 0 || parked_.contains({session.client_id, request.parent_id}))
        return std::nullopt;
    const auto parent = book_.find_number(session.client_id, request.parent_id);
    if (parent &&
        (book_.is_live(*parent) || book_.truth_of(*parent).state == ExchangeState::Filled))
        return std::nullopt;
    return Remark{10006, "Missing parent order."};
}

/// The margin that the account would need with the order filled, and what the fill would cost.
void OrderDesk::answer_what_if(const Session& session, const PlaceRequest& request,
                               const ContractRow& contract) {
    if (context_.faults.strikes("preview_without_answer")) return;
    const auto& exchange = context_.exchange;
    const auto& symbol = contract.instrument->symbol;
    const Decimal signed_quantity =
        request.action == "BUY" ? *request.quantity : -*request.quantity;
    const auto before = margin_need_of(exchange, request.account, "", {});
    const auto after = margin_need_of(exchange, request.account, symbol, {signed_quantity});
    const auto commission = exchange.commission_for(request.account, symbol, {*request.quantity});
    OrderView view;
    view.request = request;
    view.contract = contract;
    view.client_id = session.client_id;
    view.status = "PreSubmitted";
    view.submitter = context_.settings.login;
    view.margins = Margins{.initial_before = before.initial,
                           .maintenance_before = before.maintenance,
                           .equity_before = exchange.net_liquidation_of(request.account).value,
                           .initial_change = after.initial - before.initial,
                           .maintenance_change = after.maintenance - before.maintenance,
                           .equity_change = -commission.value,
                           .commission = commission.value};
    if (after.initial > view.margins->equity_before)
        view.reject_reason = "The initial margin would exceed the equity of the account.";
    context_.send(session, open_order_message(view, session.version));
}

void OrderDesk::modify(Now now, const Session& session, ExchangeOrderId id,
                       const PlaceRequest& request) {
    auto& faults = context_.faults;
    auto& order = *book_.find(id);
    if (faults.strikes("modify_refused"))
        return refuse(now, session, request.order_id,
                      remark_of(faults, "modify_refused", 105,
                                "Order being modified does not match original order."));
    if (const auto refusal = find_modify_refusal(order.request, request))
        return refuse(now, session, request.order_id, *refusal);
    if (faults.strikes("modify_without_answer")) {
        if (faults.integer_of("modify_without_answer", "apply", 1) == 0) return;
        order.silent = true;
    }
    const auto changed = context_.exchange.modify(now, id, exchange_change_of(request));
    if (!changed)
        return refuse(now, session, request.order_id,
                      {201, "Order rejected - reason:" + changed.error().message});
    order.request = request;
}

void OrderDesk::park(const Session& session, const PlaceRequest& request,
                     const ContractRow& contract) {
    parked_[{session.client_id, request.order_id}] = {request, contract};
    book_.use_number(session.client_id, request.order_id);
}

/// Hands a parked order to the exchange, its own parent before it.
void OrderDesk::release(Now now, Session& session, const Number& number) {
    const auto found = parked_.find(number);
    if (found == parked_.end()) return;
    const auto parked = found->second;
    parked_.erase(found);
    if (parked.request.parent_id != 0)
        release(now, session, {number.first, parked.request.parent_id});
    accept(now, session, parked.request, parked.contract);
}

/// A child that is transmitted takes its parent and the children before it along.
void OrderDesk::release_family(Now now, Session& session, std::int64_t parent_id) {
    release(now, session, {session.client_id, parent_id});
    std::vector<Number> siblings;
    for (const auto& [number, parked] : parked_)
        if (number.first == session.client_id && parked.request.parent_id == parent_id)
            siblings.push_back(number);
    for (const auto& number : siblings) release(now, session, number);
}

void OrderDesk::accept(Now now, Session& session, const PlaceRequest& request,
                       const ContractRow& contract) {
    auto& faults = context_.faults;
    if (faults.strikes("swallow_place")) {
        const auto delay = delay_of(faults, "swallow_place", 0);
        if (delay > 0ms) postpone(now, session, request, contract, delay);
        return;
    }
    if (faults.strikes("hold_orders")) {
        show_held(now, session, request, contract);
        postpone(now, session, request, contract, delay_of(faults, "hold_orders", 2000));
        tasks_.back().shown = true;
        return;
    }
    const auto id = book(now, request, contract, session.client_id);
    warn(now, session, id);
    arm_faults(now, session, id);
}

/// Books an order later; until then only its client knows of it.
void OrderDesk::postpone(Now now, const Session& session, const PlaceRequest& request,
                         const ContractRow& contract, Duration delay) {
    tasks_.push_back({.due = now.mono + delay,
                      .kind = TaskKind::LatePlace,
                      .order = {},
                      .quantity = {},
                      .request = request,
                      .contract = contract,
                      .client_id = session.client_id});
}

/// How an order looks that its client knows and the exchange does not.
OrderView OrderDesk::unbooked_view(const Session& session, const PlaceRequest& request,
                                   const ContractRow& contract, std::string_view status,
                                   std::string_view why_held) const {
    OrderView view;
    view.request = request;
    view.contract = contract;
    view.client_id = session.client_id;
    view.status = status;
    view.why_held = why_held;
    view.remaining = *request.quantity;
    view.submitter = context_.settings.login;
    return view;
}

/// An order whose shares are still being located, on its way to the exchange.
auto OrderDesk::find_held(const Session& session, std::int64_t order_id)
    -> std::vector<Task>::iterator {
    return std::ranges::find_if(tasks_, [&](const Task& task) {
        return task.shown && task.client_id == session.client_id &&
               task.request.order_id == order_id;
    });
}

/// Changes it before it gets there; false when there is none.
bool OrderDesk::modify_held(Now now, const Session& session, const PlaceRequest& request) {
    const auto held = find_held(session, request.order_id);
    if (held == tasks_.end()) return false;
    if (const auto refusal = find_modify_refusal(held->request, request)) {
        refuse(now, session, request.order_id, *refusal);
        return true;
    }
    held->request = request;
    show_held(now, session, request, held->contract);
    return true;
}

/// Ends it; false when there is none.
bool OrderDesk::cancel_held(const Session& session, std::int64_t order_id) {
    const auto held = find_held(session, order_id);
    if (held == tasks_.end()) return false;
    context_.send(session, order_status_message(unbooked_view(session, held->request,
                                                              held->contract, "Cancelled", "")));
    tasks_.erase(held);
    return true;
}

/// `Inactive` is not the end here: the shares are being located.
void OrderDesk::show_held(Now now, const Session& session, const PlaceRequest& request,
                          const ContractRow& contract) {
    const auto view = unbooked_view(session, request, contract, "Inactive", "locate");
    context_.send(session, open_order_message(view, session.version));
    context_.send(session, order_status_message(view));
    context_.send_error(now, session, request.order_id, 404,
                        "Shares for this order are not immediately available for short sale. The "
                        "order will be held while we attempt to locate the shares.");
}

ExchangeOrderId OrderDesk::book(Now now, const PlaceRequest& request, const ContractRow& contract,
                                std::int64_t client_id) {
    auto order = exchange_order_of(context_, request, contract);
    set_group(order, request, client_id);
    if (request.parent_id != 0)
        order.parent = book_.find_number(client_id, request.parent_id).value_or(no_such_order);
    const auto id = context_.exchange.place(now, std::move(order));
    book_.add(id, request, contract, client_id);
    return id;
}

void OrderDesk::warn(Now now, const Session& session, ExchangeOrderId id) {
    const auto& order = *book_.find(id);
    const auto& truth = book_.truth_of(id);
    if (is_final(truth.state)) return;
    for (const auto& warning : warnings_of(order.request, order.contract))
        refuse(now, session, order.request.order_id, warning);
    if (truth.hold == Hold::Session && auction_of(truth) == Auction::None)
        refuse(now, session, order.request.order_id,
               closed_warning_of(order.request, order.contract));
}

/// Faults that begin with an order's acceptance.
void OrderDesk::arm_faults(Now now, Session& session, ExchangeOrderId id) {
    auto& faults = context_.faults;
    auto& order = *book_.find(id);
    order.silent = faults.strikes("drop_ack");
    order.without_status = faults.strikes("fill_without_status");
    if (faults.strikes("order_words")) {
        order.request.order_type = faults.text_of("order_words", "type", "XYZ");
        order.request.time_in_force = faults.text_of("order_words", "time_in_force", "FOO");
    }
    if (faults.strikes("order_notice"))
        refuse(now, session, order.request.order_id,
               remark_of(faults, "order_notice", 399, "Order message: simulated"));
    if (faults.strikes("reject_after_ack"))
        add_task(now.mono + delay_of(faults, "reject_after_ack", 500), TaskKind::Reject, id);
    if (faults.strikes("close_after_place")) closes_session_ = true;
}

void OrderDesk::cancel(Now now, Session& session, const CancelCall& call) {
    const Number number{session.client_id, call.order_id};
    const auto id = book_.find_number(number.first, number.second);
    const auto parked = parked_.find(number);
    PlaceRequest request;
    if (id) request = book_.find(*id)->request;
    if (parked != parked_.end()) request = parked->second.request;
    record(now, "cancel", request, call.raw);
    const auto answer = [&](int code, const std::string& text) {
        context_.send_error(now, session, call.order_id, code, text);
    };
    if (!call.trouble.empty()) return answer(320, "Error reading request. " + call.trouble);
    if (context_.faults.is_on("read_only")) return answer(321, std::string(read_only_text));
    if (parked_.erase(number) > 0 || cancel_held(session, call.order_id))
        return answer(202, "Order Canceled - reason:");
    if (!id)
        return answer(10147, fmt::format("OrderId {} that needs to be cancelled is not found.",
                                         call.order_id));
    cancel_known(now, session, *id);
}

Remark OrderDesk::too_late_for(ExchangeOrderId id) const {
    return {
        10148,
        fmt::format("OrderId {} that needs to be cancelled cannot be cancelled, state: {}.",
                    book_.orders().at(id).request.order_id, status_of(book_.truth_of(id), true))};
}

void OrderDesk::cancel_known(Now now, const Session& session, ExchangeOrderId id) {
    auto& faults = context_.faults;
    const auto& truth = book_.truth_of(id);
    auto& order = *book_.find(id);
    const auto too_late = too_late_for(id);
    if (is_final(truth.state)) return refuse(now, session, order.request.order_id, too_late);
    if (faults.strikes("cancel_refused"))
        return refuse(now, session, order.request.order_id,
                      remark_of(faults, "cancel_refused", too_late.code, too_late.text));
    if (faults.strikes("slow_cancel")) {
        order.cancelling = true;
        teller_.tell(now, id, order);
        return add_task(now.mono + delay_of(faults, "slow_cancel", 500), TaskKind::LateCancel, id);
    }
    const Quantity open{truth.quantity.value - truth.filled.value};
    context_.exchange.cancel(now, id, "");
    if (faults.strikes("fill_after_cancel"))
        add_task(now.mono + delay_of(faults, "fill_after_cancel", 100), TaskKind::LateFill, id,
                 open);
}

void OrderDesk::cancel_all(Now now, Session& session, std::string_view raw) {
    record(now, "cancel_all", {}, raw);
    if (context_.faults.is_on("read_only")) {
        context_.send_error(now, session, -1, 321, read_only_text);
        return;
    }
    for (const auto& [id, order] : book_.orders())
        if (book_.is_live(id)) context_.exchange.cancel(now, id, "");
}

}  // namespace janus::sim::ib
