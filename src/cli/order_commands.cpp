#include <array>
#include <random>

#include "cli/command.hpp"
#include "cli/texts.hpp"

namespace janus::cli {
namespace {

using Stub = client::Client::Stub;

/// A key that no other command has: repeating a request after a lost answer must not place a second
/// order.
std::string fresh_key() {
    std::random_device device;
    std::string key = "cli-";
    for (int i = 0; i < 4; ++i) key += fmt::format("{:08x}", device());
    return key;
}

/// The words and options of a new order. `stop` is set for stop orders only.
struct OrderWords {
    std::string symbol, quantity, limit, stop, time_in_force{"DAY"}, session{"REGULAR"}, key;
    bool yes{false};
};

v1::PlaceOrderRequest request_of(const OrderWords& words, const std::string& side, bool is_stop,
                                 const std::string& account) {
    v1::PlaceOrderRequest request;
    request.set_account(account);
    request.set_symbol(words.symbol);
    request.set_side(side);
    const bool limited = !words.limit.empty();
    request.set_type(is_stop ? (limited ? "STOP_LIMIT" : "STOP") : (limited ? "LIMIT" : "MARKET"));
    request.set_quantity(words.quantity);
    if (limited) request.set_limit_price(words.limit);
    if (is_stop) request.set_stop_price(words.stop);
    request.set_time_in_force(words.time_in_force);
    request.set_session(words.session);
    request.set_idempotency_key(words.key.empty() ? fresh_key() : words.key);
    return request;
}

Table order_table(const google::protobuf::RepeatedPtrField<v1::Order>& orders) {
    Table table({
        {"ORDER", Align::Right},
        {"ACCOUNT"},
        {"SIDE"},
        {"QUANTITY", Align::Right},
        {"SYMBOL"},
        {"TYPE"},
        {"LIMIT", Align::Right},
        {"STOP", Align::Right},
        {"TIF"},
        {"STATE"},
        {"FILLED", Align::Right},
        {"AVERAGE", Align::Right},
        {"NOTE"}
    });
    for (const auto& order : orders) {
        std::string note = order.external() ? "external " : "";
        for (const auto& flag : order.flags()) note += flag + " ";
        table.add({std::to_string(order.id()), order.account(), order.side(), order.quantity(),
                   order.symbol(), order.type(), shown_price(order.limit_price()),
                   shown_price(order.stop_price()), order.time_in_force(), order.state(),
                   order.filled(), shown_price(order.average_price()), note + order.note()});
    }
    return table;
}

void show_order(Session& session, const v1::Order& order) {
    google::protobuf::RepeatedPtrField<v1::Order> one;
    *one.Add() = order;
    session.output.show(order, order_table(one));
}

std::string outcome_text(const v1::Order& order) {
    auto text = fmt::format("order {} {}: {}", order.id(), order_text(order), order.state());
    if (order.filled() != "0")
        text +=
            fmt::format(", filled {} at {}", order.filled(), shown_price(order.average_price()));
    if (!order.note().empty()) text += " (" + order.note() + ")";
    return text;
}

void place(Session& session, const OrderWords& words, const std::string& side, bool is_stop) {
    const auto request = request_of(words, side, is_stop, session.account);
    const auto question =
        fmt::format("{} {} {} {}{} in {}?", request.side(), request.quantity(), request.symbol(),
                    request.type(), request.has_limit_price() ? " " + request.limit_price() : "",
                    request.account().empty() ? "the default account" : request.account());
    if (session.interactive && !words.yes && !session.confirm(question)) {
        session.output.say("not sent");
        session.exit = Exit::Failed;
        return;
    }
    const auto order = session.call(&Stub::PlaceOrder, request);
    if (!order) return;
    show_order(session, *order);
    session.output.say(outcome_text(*order));
    session.exit = exit_of_order(*order);
}

void add_order_words(CLI::App& command, OrderWords& words, bool is_stop) {
    command.add_option("SYMBOL", words.symbol, "Canonical symbol: AAPL, BRK.B")->required();
    command.add_option("QUANTITY", words.quantity, "Number of shares or contracts")->required();
    if (is_stop) command.add_option("STOP", words.stop, "Stop price")->required();
    command.add_option("LIMIT", words.limit, "Limit price; a market order without one");
    command.add_option("--tif", words.time_in_force, "Time in force: DAY or GTC")
        ->transform(CLI::IsMember({"DAY", "GTC"}, CLI::ignore_case));
    command.add_option("--session", words.session, "REGULAR or EXTENDED")
        ->transform(CLI::IsMember({"REGULAR", "EXTENDED"}, CLI::ignore_case));
    command.add_option("--key", words.key,
                       "Idempotency key: the same key is the same order, for ever");
    command.add_flag("--yes,-y", words.yes, "Do not ask");
}

template <typename Side>
void add_place(CLI::App& command, Session& session, Side side, bool is_stop) {
    auto words = std::make_shared<OrderWords>();
    add_order_words(command, *words, is_stop);
    command.callback([&session, words, side, is_stop] { place(session, *words, side, is_stop); });
}

void add_buy(CLI::App& command, Session& session) {
    add_place(command, session, "BUY", false);
}
void add_sell(CLI::App& command, Session& session) {
    add_place(command, session, "SELL", false);
}
void add_short(CLI::App& command, Session& session) {
    add_place(command, session, "SELL_SHORT", false);
}
void add_bstop(CLI::App& command, Session& session) {
    add_place(command, session, "BUY", true);
}
void add_sstop(CLI::App& command, Session& session) {
    add_place(command, session, "SELL", true);
}

void add_cancel(CLI::App& command, Session& session) {
    auto id = std::make_shared<std::uint64_t>();
    command.add_option("ORDER", *id, "Janus order id")->required();
    command.callback([&session, id] {
        v1::CancelOrderRequest request;
        request.set_order(*id);
        const auto order = session.call(&Stub::CancelOrder, request);
        if (!order) return;
        show_order(session, *order);
        session.output.say(outcome_text(*order));
        if (order->state() == "FILLED") session.exit = Exit::Rejected;
        if (!order->final()) session.exit = Exit::Unknown;
    });
}

void add_cancel_all(CLI::App& command, Session& session) {
    command.callback([&session] {
        v1::CancelAllOrdersRequest request;
        request.set_account(session.account);
        const auto list = session.call(&Stub::CancelAllOrders, request);
        if (!list) return;
        session.output.show(*list, order_table(list->orders()));
        for (const auto& order : list->orders())
            if (!order.final()) session.exit = Exit::Unknown;
    });
}

void add_orders(CLI::App& command, Session& session) {
    auto all = std::make_shared<bool>(false);
    command.add_flag("--all", *all,
                     "Also the finished ones, of every account unless --account is given");
    command.callback([&session, all] {
        v1::ListOrdersRequest request;
        request.set_account(*all && session.account.empty() ? "all" : session.account);
        request.set_all(*all);
        const auto list = session.call(&Stub::ListOrders, request);
        if (list) session.output.show(*list, order_table(list->orders()));
    });
}

void add_order(CLI::App& command, Session& session) {
    auto id = std::make_shared<std::uint64_t>();
    command.add_option("ORDER", *id, "Janus order id")->required();
    command.callback([&session, id] {
        v1::GetOrderRequest request;
        request.set_order(*id);
        const auto detail = session.call(&Stub::GetOrder, request);
        if (!detail) return;
        Table table({{"AT"}, {"EVENT"}, {"DETAIL"}});
        for (const auto& line : detail->history())
            table.add({line.at(), line.event(), line.detail()});
        session.output.show(*detail, table);
        session.output.say(outcome_text(detail->order()));
    });
}

void add_resolve(CLI::App& command, Session& session) {
    struct Words {
        std::uint64_t order{0};
        std::string state, reason;
    };
    auto words = std::make_shared<Words>();
    command.add_option("ORDER", words->order, "Janus order id")->required();
    command
        .add_option("STATE", words->state,
                    "What became of it: CANCELLED, EXPIRED, REJECTED, NOT_SENT")
        ->required()
        ->transform(
            CLI::IsMember({"CANCELLED", "EXPIRED", "REJECTED", "NOT_SENT"}, CLI::ignore_case));
    command.add_option("--reason", words->reason, "How you know; goes into the audit trail")
        ->required();
    command.callback([&session, words] {
        v1::ResolveOrderRequest request;
        request.set_order(words->order);
        request.set_state(words->state);
        request.set_reason(words->reason);
        if (const auto order = session.call(&Stub::ResolveOrder, request))
            show_order(session, *order);
    });
}

void add_executions(CLI::App& command, Session& session) {
    command.callback([&session] {
        v1::ListExecutionsRequest request;
        request.set_account(session.account);
        const auto list = session.call(&Stub::ListExecutions, request);
        if (!list) return;
        Table table({
            {"AT"},
            {"ACCOUNT"},
            {"ORDER", Align::Right},
            {"SIDE"},
            {"QUANTITY", Align::Right},
            {"SYMBOL"},
            {"PRICE", Align::Right},
            {"COMMISSION", Align::Right},
            {"EXECUTION"}
        });
        for (const auto& execution : list->executions())
            table.add({execution.at(), execution.account(), std::to_string(execution.order()),
                       execution.side(), execution.quantity(), execution.symbol(),
                       shown_price(execution.price()), shown_price(execution.commission()),
                       execution.id()});
        session.output.show(*list, table);
    });
}

constexpr auto rows = std::to_array<CommandRow>({
    {"buy",        "Buy: a market order, or a limit order with a LIMIT",                     add_buy       },
    {"sell",       "Sell what is held; never opens a short",                                 add_sell      },
    {"short",      "An explicit short sale",                                                 add_short     },
    {"bstop",      "Buy stop; stop-limit with a LIMIT",                                      add_bstop     },
    {"sstop",      "Sell stop; stop-limit with a LIMIT",                                     add_sstop     },
    {"cancel",     "Cancel an order by its Janus id",                                        add_cancel    },
    {"cancel-all",
     "Cancel every open order of the default account, of --account A, or of --account all",  add_cancel_all},
    {"orders",     "Open orders; with --all every order",                                    add_orders    },
    {"order",      "One order with its whole history",                                       add_order     },
    {"resolve",    "End an order of unknown outcome by an audited decision",                 add_resolve   },
    {"executions", "Executions of the default account, of --account A, or of --account all",
     add_executions                                                                                        },
});

}  // namespace

std::span<const CommandRow> order_commands() {
    return rows;
}

}  // namespace janus::cli
