#include "cli/command.hpp"

#include <array>

#include "cli/texts.hpp"

namespace janus::cli {
namespace {

using Stub = client::Client::Stub;

Table account_table(const google::protobuf::RepeatedPtrField<v1::Account>& accounts) {
    Table table({{""}, {"ACCOUNT"}, {"BROKER"}, {"STATE"}, {"SINCE"}, {"REASON"}});
    for (const auto& account : accounts)
        table.add({account.is_default() ? "*" : "", account.name(), account.broker(),
                   account.halted() ? account.state() + " HALTED" : account.state(),
                   account.since(), account.halted() ? account.halt_reason() : account.reason()});
    return table;
}

std::string note_of(const v1::UnconfiguredAccount& account) {
    return fmt::format("account_id {}{}{}, same login as {}", account.account_id(),
                       account.label().empty() ? "" : ": ", account.label(), account.login());
}

void add_accounts(CLI::App& command, Session& session) {
    auto whole_ids = std::make_shared<bool>(false);
    command.add_flag("--ids", *whole_ids,
                     "Show the ids of accounts that are not configured whole, for janus.toml");
    command.callback([&session, whole_ids] {
        v1::ListAccountsRequest request;
        request.set_whole_ids(*whole_ids);
        const auto list = session.call(&Stub::ListAccounts, request);
        if (!list) return;
        auto table = account_table(list->accounts());
        for (const auto& account : list->unconfigured())
            table.add({"", "", account.broker(), "not_configured", "", note_of(account)});
        session.output.show(*list, table);
        const bool masked = !list->unconfigured().empty() && !*whole_ids;
        if (masked && session.output.format == Format::Text)
            session.output.say("janus accounts --ids shows the ids that the configuration wants");
    });
}

void add_account(CLI::App& command, Session& session) {
    auto name = std::make_shared<std::string>();
    command.add_option("NAME", *name, "Account to use for later commands")->required();
    command.callback([&session, name] {
        v1::SetDefaultAccountRequest request;
        request.set_account(*name);
        const auto account = session.call(&Stub::SetDefaultAccount, request);
        if (!account) return;
        google::protobuf::RepeatedPtrField<v1::Account> one;
        *one.Add() = *account;
        session.output.show(*account, account_table(one));
    });
}

Table position_table(const v1::ListPositionsResponse& list) {
    Table table({
        {"ACCOUNT"},
        {"SYMBOL"},
        {"QUANTITY", Align::Right},
        {"COST", Align::Right},
        {"PRICE", Align::Right},
        {"VALUE", Align::Right},
        {"UNREALIZED", Align::Right},
        {"CUR"},
        {"DERIVED FROM"},
        {"NOTE"}
    });
    for (const auto& position : list.positions()) {
        const auto& value = position.valuation();
        table.add({position.account(), position.symbol(), position.quantity(),
                   shown_price(position.average_cost()), shown_price(value.price()),
                   shown_money(value.market_value()), shown_money(value.unrealized()),
                   position.currency(), source_text(value), position_note(position)});
    }
    return table;
}

void add_positions(CLI::App& command, Session& session) {
    command.callback([&session] {
        v1::ListPositionsRequest request;
        request.set_account(session.account);
        const auto list = session.call(&Stub::ListPositions, request);
        if (list) session.output.show(*list, position_table(*list));
    });
}

void add_balances(CLI::App& command, Session& session) {
    command.callback([&session] {
        v1::ListBalancesRequest request;
        request.set_account(session.account);
        const auto list = session.call(&Stub::ListBalances, request);
        if (!list) return;
        Table table({
            {"ACCOUNT"},
            {"CUR"},
            {"CASH", Align::Right},
            {"NET LIQUIDATION", Align::Right},
            {"BUYING POWER", Align::Right},
            {"AT"}
        });
        for (const auto& balance : list->balances())
            table.add({balance.account(), balance.currency(), shown_money(balance.cash()),
                       shown_money(balance.net_liquidation()), shown_money(balance.buying_power()),
                       balance.at()});
        session.output.show(*list, table);
    });
}

Table portfolio_table(const v1::Portfolio& portfolio, bool expand) {
    Table table({
        {"SYMBOL"},
        {"QUANTITY", Align::Right},
        {"COST", Align::Right},
        {"PRICE", Align::Right},
        {"VALUE", Align::Right},
        {"UNREALIZED", Align::Right},
        {"CUR"},
        {"DERIVED FROM"},
        {"ACCOUNTS"}
    });
    for (const auto& row : portfolio.rows()) {
        std::string accounts;
        for (const auto& part : row.parts())
            (accounts += accounts.empty() ? "" : " ") += part.account();
        const auto& value = row.valuation();
        table.add({row.symbol(), row.quantity(), shown_price(row.average_cost()),
                   shown_price(value.price()), shown_money(value.market_value()),
                   shown_money(value.unrealized()), row.currency(), source_text(value), accounts});
        for (const auto& part : row.parts())
            if (expand)
                table.add({"  " + part.account(), part.quantity(), shown_price(part.average_cost()),
                           "", shown_money(part.valuation().market_value()),
                           shown_money(part.valuation().unrealized()), part.currency(), "",
                           position_note(part)});
    }
    return table;
}

void say_totals(Session& session, const v1::Portfolio& portfolio) {
    for (const auto& total : portfolio.totals()) {
        session.output.say(fmt::format(
            "total {}: positions {} (derived), unrealized {} (derived), cash {}, net {}{}",
            total.currency(), shown_money(total.market_value()), shown_money(total.unrealized()),
            shown_money(total.cash()), shown_money(total.net_liquidation()),
            total.complete() ? "" : ", incomplete:"));
        for (const auto& what : total.missing()) session.output.say("  lacks " + what);
    }
}

void add_portfolio(CLI::App& command, Session& session) {
    auto expand = std::make_shared<bool>(false);
    command.add_flag("--expand", *expand, "Show the accounts behind each row");
    command.callback([&session, expand] {
        const auto portfolio = session.call(&Stub::GetPortfolio, v1::GetPortfolioRequest{});
        if (!portfolio) return;
        session.output.show(*portfolio, portfolio_table(*portfolio, *expand));
        if (session.output.format == Format::Text) say_totals(session, *portfolio);
    });
}

void add_sync(CLI::App& command, Session& session) {
    auto account = std::make_shared<std::string>();
    command.add_option("ACCOUNT", *account, "Account to fetch afresh; every one when left out");
    command.callback([&session, account] {
        v1::SyncRequest request;
        request.set_account(account->empty() ? session.account : *account);
        const auto response = session.call(&Stub::Sync, request);
        if (!response) return;
        Table table({{"DIFFERENCE"}});
        for (const auto& line : response->differences()) table.add({line});
        session.output.show(*response, table);
        if (response->differences().empty()) session.output.say("nothing differed");
    });
}

constexpr auto rows = std::to_array<CommandRow>({
    {"accounts",  "List the accounts with their states; * marks the default",                 add_accounts },
    {"account",   "Make an account the default; with a command: run it on that account only",
     add_account                                                                                           },
    {"positions", "Holdings of the default account, of --account A, or of --account all",
     add_positions                                                                                         },
    {"balances",  "Cash and totals as the brokers report them",                               add_balances },
    {"portfolio", "One row per canonical symbol over all accounts",                           add_portfolio},
    {"sync",      "Fetch everything afresh from the broker and say what differed",            add_sync     },
});

}  // namespace

std::span<const CommandRow> account_commands() {
    return rows;
}

}  // namespace janus::cli
