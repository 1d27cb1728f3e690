// What clients ask about orders and executions.
#include <algorithm>

#include "sim/ib/clock_text.hpp"
#include "sim/ib/order_desk.hpp"

namespace janus::sim::ib {
namespace {

constexpr std::string_view read_only_text =
    "Error validating request:-'bN' : cause - The API interface is currently in Read-Only mode.";

/// How many fields follow the order id in a cancelOrder.
int cancel_tail_of(int version) {
    if (version >= 192) return 3;
    return version >= 187 && version <= 189 ? 3 : 1;
}

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

// ---- the text of requests ----

void OrderDesk::on_place(Now now, Session& session, FieldCursor& in, std::string_view raw) {
    const auto request = read_place_request(in, session.version);
    place(now, session, {.request = request, .trouble = in.trouble(), .raw = raw});
}

void OrderDesk::on_cancel(Now now, Session& session, FieldCursor& in, std::string_view raw) {
    if (session.version < 192) in.skip();
    const auto order_id = in.integer();
    in.skip(cancel_tail_of(session.version));
    cancel(now, session, {.order_id = order_id, .trouble = in.trouble(), .raw = raw});
}

void OrderDesk::on_global_cancel(Now now, Session& session, FieldCursor&, std::string_view raw) {
    cancel_all(now, session, raw);
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

void OrderDesk::on_auto_open_orders(Now now, Session& session, FieldCursor& in) {
    in.skip();
    bind_automatically(now, session, in.flag());
}

void OrderDesk::on_completed_orders(Now, Session& session, FieldCursor& in) {
    send_completed_orders(session, in.flag());
}

void OrderDesk::on_executions(Now now, Session& session, FieldCursor& in) {
    in.skip();
    const auto filter = read_filter(in, session.version);
    if (in.trouble().empty()) return send_executions(session, filter);
    context_.send_error(now, session, filter.id, 320, "Error reading request. " + in.trouble());
}

// ---- answers ----

/// The client with id 0 gets a number for every order made by hand.
void OrderDesk::send_open_orders(Now now, Session& session, bool all) {
    if (context_.faults.is_on("read_only")) {
        context_.send_error(now, session, -1, 321, read_only_text);
        return;
    }
    const bool hidden = context_.spoils("empty_snapshot", "open_orders");
    for (auto& [id, order] : book_.orders()) {
        if (!book_.is_live(id) || hidden) continue;
        if (!all && order.client_id != session.client_id) continue;
        if (!all && order.manual) bind(session, id);
        order.silent = false;
        teller_.send_open_order(session, id, order);
    }
    if (!context_.spoils("withhold_end", "open_orders")) context_.send(session, Message(53).add(1));
}

void OrderDesk::bind_automatically(Now now, Session& session, bool on) {
    if (session.client_id == 0) {
        session.binds_orders = on;
        return;
    }
    context_.send_error(now, session, -1, 327,
                        "Only the default client (i.e 0) can auto bind orders");
}

void OrderDesk::bind(Session& session, ExchangeOrderId id) {
    const auto number = book_.bind_manual(id);
    if (!number) return;
    context_.send(
        session,
        Message(100).add(book_.find(id)->permanent_id).add(session.client_id).add(*number));
}

void OrderDesk::send_completed_orders(Session& session, bool api_only) {
    if (context_.faults.is_on("read_only")) return;
    const bool hidden = context_.spoils("empty_snapshot", "completed");
    for (auto& [id, order] : book_.orders()) {
        if (book_.is_live(id) || hidden || (api_only && order.manual)) continue;
        order.silent = false;
        context_.send(session, completed_order_message(book_.view_of(id, order), session.version));
    }
    if (!context_.spoils("withhold_end", "completed")) context_.send(session, Message(102));
}

void OrderDesk::send_executions(Session& session, const ExecutionFilter& filter) {
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

void OrderDesk::send_any_completed(const Session& session) {
    for (const auto& [id, order] : book_.orders()) {
        if (book_.is_live(id)) continue;
        context_.send(session, completed_order_message(book_.view_of(id, order), session.version));
        return;
    }
}

}  // namespace janus::sim::ib
