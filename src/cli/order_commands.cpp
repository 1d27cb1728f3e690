#include <array>

#include "cli/command.hpp"
#include "cli/order_output.hpp"
#include "cli/texts.hpp"

namespace janus::cli {
namespace {

using Stub = client::Client::Stub;

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
