#include "sim/ib/order_desk.hpp"

#include <algorithm>

#include "sim/ib/clock_text.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

constexpr auto promotion_delay = 100ms;
constexpr int fill_parts_max = 3;
constexpr std::string_view read_only_text =
    "Error validating request:-'bN' : cause - The API interface is currently in Read-Only mode.";

/// What comes of an order's placement, told apart for the ledger.
std::string kind_of(const PlaceRequest& request, bool known) {
    if (request.what_if) return "preview";
    return known ? "modify" : "place";
}

std::chrono::milliseconds delay_of(const FaultBox& faults, std::string_view fault,
                                   std::int64_t fallback) {
    return std::chrono::milliseconds(faults.integer_of(fault, "delay_ms", fallback));
}

/// How many fields follow the order id in a cancelOrder.
int cancel_tail_of(int version) {
    if (version >= 192) return 3;
    return version >= 187 && version <= 189 ? 3 : 1;
}

/// Which executions a client asks for; empty parts do not restrict.
struct ExecutionFilter {
    RequestId id{0};
    std::int64_t client_id{0};
    std::string account;
    std::optional<Utc> since;
    std::string symbol;
    std::string security_type;
    std::string exchange;
    std::string side;
};

ExecutionFilter read_filter(FieldCursor& in, int version) {
    constexpr std::int64_t dates_max = 100;
    ExecutionFilter filter;
    filter.id = in.integer();
    filter.client_id = in.integer();
    filter.account = in.text();
    if (const auto since = parse_request_time(in.text())) filter.since = *since;
    filter.symbol = in.text();
    filter.security_type = in.text();
    filter.exchange = in.text();
    filter.side = in.text();
    if (version < 200) return filter;
    in.skip();  // Number of days: this gateway keeps the present one.
    in.skip(static_cast<int>(std::clamp<std::int64_t>(in.integer(), 0, dates_max)));
    return filter;
}

bool passes(const ExecutionFilter& filter, const ExchangeExecution& execution,
            const ExecutionView& shown, const IbOrder& order) {
    const auto agrees = [](std::string_view wanted, std::string_view actual) {
        return wanted.empty() || wanted == actual;
    };
    const auto& instrument = *order.contract.instrument;
    return (filter.client_id == 0 || filter.client_id == order.client_id) &&
           (!filter.since || execution.at >= *filter.since) &&
           agrees(filter.account, execution.account) &&
           agrees(filter.symbol, instrument.ib_symbol) &&
           agrees(filter.security_type, security_type_of(instrument)) &&
           agrees(filter.exchange, shown.exchange) &&
           agrees(filter.side, execution.side == Side::Buy ? "BUY" : "SELL");
}

}  // namespace

void OrderDesk::on_place(Now now, Session& session, FieldCursor& in, std::string_view raw) {
    auto request = read_place_request(in, session.version);
    const auto known = book_.find_number(session.client_id, request.order_id);
    const bool modifies = known && book_.is_live(*known);
    record(now, kind_of(request, modifies), request, raw);
    const auto refuse = [&](const Refusal& refusal) {
        context_.send_error(now, session, request.order_id, refusal.code, refusal.text);
    };
    if (!in.trouble().empty()) return refuse({320, "Error reading request. " + in.trouble()});
    if (const auto refusal = gateway_refusal(request)) return refuse(*refusal);
    const auto contract = find_contract(context_.exchange, request.contract);
    if (!contract) return refuse({200, contract.error().message});
    if (const auto refusal = find_refusal(context_, request, *contract)) return refuse(*refusal);
    if (request.account.empty()) request.account = context_.default_account();
    if (request.what_if) return answer_what_if(session, request, *contract);
    if (modifies) return modify(now, session, *known, request);
    if (const auto refusal = id_refusal(session, request.order_id)) return refuse(*refusal);
    if (!request.transmit) {
        parked_[{session.client_id, request.order_id}] = request;
        return;
    }
    accept(now, session, request, *contract);
}

void OrderDesk::on_cancel(Now now, Session& session, FieldCursor& in, std::string_view raw) {
    if (session.version < 192) in.skip();
    const auto order_id = in.integer();
    in.skip(cancel_tail_of(session.version));
    const auto id = book_.find_number(session.client_id, order_id);
    PlaceRequest request;
    if (id) request = book_.find(*id)->request;
    record(now, "cancel", request, raw);
    const auto refuse = [&](int code, const std::string& text) {
        context_.send_error(now, session, order_id, code, text);
    };
    auto& faults = context_.faults;
    if (!in.trouble().empty()) return refuse(320, "Error reading request. " + in.trouble());
    if (faults.is_on("read_only")) return refuse(321, std::string(read_only_text));
    if (parked_.erase({session.client_id, order_id}) > 0)
        return refuse(202, "Order Canceled - reason:");
    if (!id)
        return refuse(10147,
                      fmt::format("OrderId {} that needs to be cancelled is not found.", order_id));
    const auto& truth = book_.truth_of(*id);
    const auto too_late =
        fmt::format("OrderId {} that needs to be cancelled cannot be cancelled, state: {}.",
                    order_id, status_of(truth, true));
    if (is_final(truth.state)) return refuse(10148, too_late);
    if (faults.strikes("cancel_refused"))
        return refuse(static_cast<int>(faults.integer_of("cancel_refused", "code", 10148)),
                      faults.text_of("cancel_refused", "text", too_late));
    const Quantity open{truth.quantity.value - truth.filled.value};
    context_.exchange.cancel(now, *id, "");
    if (faults.strikes("fill_after_cancel"))
        add_task(now.mono + delay_of(faults, "fill_after_cancel", 100), TaskKind::LateFill, *id,
                 open);
}

void OrderDesk::on_global_cancel(Now now, Session& session, FieldCursor&, std::string_view raw) {
    record(now, "cancel_all", {}, raw);
    if (context_.faults.is_on("read_only")) {
        context_.send_error(now, session, -1, 321, read_only_text);
        return;
    }
    for (const auto& [id, order] : book_.orders())
        if (book_.is_live(id)) context_.exchange.cancel(now, id, "");
}

void OrderDesk::on_request_ids(Now, Session& session, FieldCursor&) {
    send_next_valid_id(session);
}

void OrderDesk::on_open_orders(Now now, Session& session, FieldCursor&) {
    send_open_orders(now, session, false);
}

void OrderDesk::on_all_open_orders(Now now, Session& session, FieldCursor&) {
    send_open_orders(now, session, true);
}

void OrderDesk::on_auto_open_orders(Now now, Session& session, FieldCursor&) {
    if (session.client_id == 0) return;
    context_.send_error(now, session, -1, 327,
                        "Only the default client (i.e 0) can auto bind orders");
}

void OrderDesk::on_completed_orders(Now, Session& session, FieldCursor& in) {
    const bool api_only = in.flag();
    if (context_.faults.is_on("read_only")) return;
    const bool hidden = context_.spoils("empty_snapshot", "completed");
    for (auto& [id, order] : book_.orders()) {
        if (book_.is_live(id) || hidden || (api_only && order.manual)) continue;
        order.silent = false;
        context_.send(session, completed_order_message(book_.view_of(id, order), session.version));
    }
    if (!context_.spoils("withhold_end", "completed")) context_.send(session, Message(102));
}

void OrderDesk::on_executions(Now now, Session& session, FieldCursor& in) {
    in.skip();
    const auto filter = read_filter(in, session.version);
    if (!in.trouble().empty()) {
        context_.send_error(now, session, filter.id, 320, "Error reading request. " + in.trouble());
        return;
    }
    std::vector<Message> commissions;
    const bool hidden = context_.spoils("empty_snapshot", "executions");
    for (const auto& execution : context_.exchange.executions()) {
        auto* order = book_.find(execution.order);
        if (order == nullptr || hidden) continue;
        auto shown = book_.execution_view_of(execution, *order);
        if (!passes(filter, execution, shown, *order)) continue;
        shown.request_id = filter.id;
        order->silent = false;
        context_.send(session, execution_message(book_.view_of(execution.order, *order), shown,
                                                 session.version));
        commissions.push_back(book_.commission_message_of(execution, *order));
    }
    for (const auto& message : commissions) context_.send(session, message);
    if (!context_.spoils("withhold_end", "executions"))
        context_.send(session, Message(55).add(1).add(filter.id));
}

void OrderDesk::send_next_valid_id(const Session& session) {
    auto told = book_.next_id_of(session.client_id);
    if (context_.faults.strikes("lower_next_valid_id"))
        told = context_.faults.integer_of("lower_next_valid_id", "to", 1);
    context_.send(session, Message(9).add(1).add(told));
}

void OrderDesk::send_start_orders(Now now, Session& session) {
    for (const auto& [id, order] : book_.orders()) {
        if (order.client_id != session.client_id || order.manual || !book_.is_live(id)) continue;
        send_open_orders(now, session, false);
        return;
    }
}

/// Tells the clients, except what a fault keeps back.
void OrderDesk::on_order_changed(Now now, ExchangeOrderId id) {
    auto* known = book_.find(id);
    if (known == nullptr) return;
    auto& order = *known;
    const auto& truth = book_.truth_of(id);
    if (!truth.filled.value.is_zero() || (order.announced && truth.triggered))
        order.promoted = true;
    if (!order.announced && truth.state == ExchangeState::Working)
        add_task(now.mono + promotion_delay, TaskKind::Promote, id);
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

void OrderDesk::send_any_completed(const Session& session) {
    for (const auto& [id, order] : book_.orders()) {
        if (book_.is_live(id)) continue;
        context_.send(session, completed_order_message(book_.view_of(id, order), session.version));
        return;
    }
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
    request.time_in_force = order.time_in_force == TimeInForce::Day ? "DAY" : "GTC";
    auto row = *contract;
    row.exchange = row.instrument->asset_class == AssetClass::Future ? row.primary_exchange
                                                                     : std::string("SMART");
    if (const auto refusal = find_refusal(context_, request, row))
        return fail(ErrorCode::Rejected, "{}", refusal->text);
    const auto id = book(now, request, row, 0);
    const auto& truth = book_.truth_of(id);
    if (truth.state == ExchangeState::Rejected)
        return fail(ErrorCode::Rejected, "{}", truth.reason);
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

/// What the gateway refuses whatever the order says.
std::optional<Refusal> OrderDesk::gateway_refusal(const PlaceRequest& request) {
    auto& faults = context_.faults;
    if (faults.is_on("read_only")) return Refusal{321, std::string(read_only_text)};
    if (!request.what_if && faults.strikes("reject_orders"))
        return Refusal{
            static_cast<int>(faults.integer_of("reject_orders", "code", 201)),
            faults.text_of("reject_orders", "text", "Order rejected - reason:simulated refusal")};
    return std::nullopt;
}

std::optional<Refusal> OrderDesk::id_refusal(const Session& session, std::int64_t order_id) const {
    if (const auto used = book_.find_number(session.client_id, order_id))
        if (book_.truth_of(*used).state == ExchangeState::Filled)
            return Refusal{104, "Cannot modify a filled order."};
    if (order_id <= 0 || (order_id < book_.next_id_of(session.client_id) &&
                          !parked_.contains({session.client_id, order_id})))
        return Refusal{103, "Duplicate order id"};
    return std::nullopt;
}

void OrderDesk::answer_what_if(const Session& session, const PlaceRequest& request,
                               const ContractRow& contract) {
    const auto& exchange = context_.exchange;
    const auto price =
        request.limit_price.value_or(exchange.quote_of(contract.instrument->symbol).ask.value);
    const auto value =
        Decimal::multiply(Decimal::multiply(price, *request.quantity).value_or(Decimal{}),
                          contract.instrument->multiplier);
    const auto quarter = Decimal::divide(value.value_or(Decimal{}), Decimal::from_integer(4));
    OrderView view;
    view.request = request;
    view.contract = contract;
    view.client_id = session.client_id;
    view.status = "PreSubmitted";
    view.submitter = context_.settings.login;
    view.margins = Margins{.initial_before = {},
                           .maintenance_before = {},
                           .equity_before = exchange.net_liquidation_of(request.account).value,
                           .initial_change = quarter.value_or(Decimal{}),
                           .maintenance_change = quarter.value_or(Decimal{}),
                           .equity_change = {},
                           .commission = Decimal::from_integer(1)};
    context_.send(session, open_order_message(view, session.version));
}

void OrderDesk::modify(Now now, const Session& session, ExchangeOrderId id,
                       const PlaceRequest& request) {
    auto& order = *book_.find(id);
    const auto refuse = [&](const Refusal& refusal) {
        context_.send_error(now, session, request.order_id, refusal.code, refusal.text);
    };
    if (const auto refusal = find_modify_refusal(order.request, request)) return refuse(*refusal);
    ExchangeChange change;
    if (request.quantity) change.quantity = Quantity{*request.quantity};
    const auto& truth = book_.truth_of(id);
    if (truth.limit_price && request.limit_price) change.limit_price = Price{*request.limit_price};
    if (truth.stop_price && request.aux_price) change.stop_price = Price{*request.aux_price};
    if (const auto changed = context_.exchange.modify(now, id, change); !changed)
        return refuse({201, "Order rejected - reason:" + changed.error().message});
    order.request = request;
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
        return postpone(now, session, request, contract, delay_of(faults, "hold_orders", 2000));
    }
    parked_.erase({session.client_id, request.order_id});
    arm_faults(now, session, book(now, request, contract, session.client_id));
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

/// `Inactive` is not the end here: the shares are being located.
void OrderDesk::show_held(Now now, const Session& session, const PlaceRequest& request,
                          const ContractRow& contract) {
    OrderView view;
    view.request = request;
    view.contract = contract;
    view.client_id = session.client_id;
    view.status = "Inactive";
    view.why_held = "locate";
    view.remaining = *request.quantity;
    view.submitter = context_.settings.login;
    context_.send(session, open_order_message(view, session.version));
    context_.send(session, order_status_message(view));
    context_.send_error(now, session, request.order_id, 404,
                        "Shares for this order are not immediately available for short sale. The "
                        "order will be held while we attempt to locate the shares.");
}

ExchangeOrderId OrderDesk::book(Now now, const PlaceRequest& request, const ContractRow& contract,
                                std::int64_t client_id) {
    const auto id = context_.exchange.place(now, exchange_order_of(context_, request, contract));
    book_.add(id, request, contract, client_id);
    const auto filled_by = fill_parts_max * context_.exchange.scenario().fill_delay;
    if (is_immediate(request))
        add_task(now.mono + filled_by + promotion_delay, TaskKind::EndImmediate, id);
    return id;
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
        context_.send_error(now, session, order.request.order_id,
                            static_cast<int>(faults.integer_of("order_notice", "code", 399)),
                            faults.text_of("order_notice", "text", "Order message: simulated"));
    if (faults.strikes("reject_after_ack"))
        add_task(now.mono + delay_of(faults, "reject_after_ack", 500), TaskKind::Reject, id);
    if (faults.strikes("close_after_place")) {
        const auto connection = session.connection;
        context_.outbox.close(connection);
        context_.sessions.erase(connection);
    }
}

void OrderDesk::send_open_orders(Now now, Session& session, bool all) {
    if (context_.faults.is_on("read_only")) {
        context_.send_error(now, session, -1, 321, read_only_text);
        return;
    }
    const bool hidden = context_.spoils("empty_snapshot", "open_orders");
    for (auto& [id, order] : book_.orders()) {
        if (!book_.is_live(id) || hidden) continue;
        if (!all && order.client_id != session.client_id) continue;
        order.silent = false;
        teller_.send_open_order(session, id, order);
    }
    if (!context_.spoils("withhold_end", "open_orders")) context_.send(session, Message(53).add(1));
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
        case TaskKind::EndImmediate:
            exchange.cancel(now, task.order, "");
            return;
    }
}

}  // namespace janus::sim::ib
