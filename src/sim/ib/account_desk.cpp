#include "sim/ib/account_desk.hpp"

#include <algorithm>

#include "sim/ib/clock_text.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

constexpr auto profit_period = 1s;
constexpr auto refresh_period = 180s;
constexpr std::size_t summaries_max = 2;

/// A position's exchange is the listing for stocks and empty for derivatives.
std::string_view position_exchange_of(const ContractRow& row) {
    return row.instrument->asset_class == AssetClass::Equity
               ? std::string_view(row.primary_exchange)
               : std::string_view();
}

bool has_tag(std::string_view tags, std::string_view tag) {
    while (!tags.empty()) {
        const auto end = tags.find(',');
        if (tags.substr(0, end) == tag) return true;
        if (end == std::string_view::npos) break;
        tags.remove_prefix(end + 1);
    }
    return false;
}

bool has_subscriber(const Session& session) {
    const auto& accounts = session.accounts;
    return accounts.updates || !accounts.summaries.empty() || !accounts.updates_multi.empty();
}

}  // namespace

void AccountDesk::on_managed_accounts(Now, Session& session, FieldCursor&) {
    send_managed_accounts(session);
}

void AccountDesk::on_updates(Now now, Session& session, FieldCursor& in) {
    in.skip();
    const bool subscribe = in.flag();
    auto account = in.text();
    if (!subscribe) {
        session.accounts.updates.reset();
        return;
    }
    if (account.empty()) account = context_.default_account();
    if (!check_account(now, session, -1, account)) return;
    session.accounts.updates = account;
    if (!next_refresh_) next_refresh_ = now.mono + refresh_period;
    send_values(now, session, account);
    for (const auto& [symbol, position] : positions_of(account))
        send_portfolio(session, account, symbol, position);
    context_.send(session, Message(8).add(1).add(to_clock_text(now.utc)));
    if (!context_.spoils("withhold_end", "account"))
        context_.send(session, Message(54).add(1).add(account));
}

void AccountDesk::on_summary(Now now, Session& session, FieldCursor& in) {
    in.skip();
    const auto id = in.integer();
    const auto group = in.text();
    AccountSubscriptions::Summary summary{context_.accounts, in.text()};
    if (session.accounts.summaries.size() >= summaries_max &&
        !session.accounts.summaries.contains(id)) {
        context_.send_error(now, session, id, 322,
                            "Error processing request: Maximum number of account summary requests "
                            "exceeded");
        return;
    }
    if (context_.has_account(group)) summary.accounts = {group};
    session.accounts.summaries[id] = summary;
    if (!next_refresh_) next_refresh_ = now.mono + refresh_period;
    send_summary(session, id, summary);
    if (!context_.spoils("withhold_end", "summary"))
        context_.send(session, Message(64).add(1).add(id));
}

void AccountDesk::on_cancel_summary(Now, Session& session, FieldCursor& in) {
    in.skip();
    session.accounts.summaries.erase(in.integer());
}

void AccountDesk::on_positions(Now, Session& session, FieldCursor&) {
    session.accounts.positions = true;
    if (!context_.spoils("empty_snapshot", "positions"))
        for (const auto& account : context_.accounts)
            for (const auto& [symbol, position] : positions_of(account))
                send_position(session, account, symbol, position);
    if (!context_.spoils("withhold_end", "positions")) context_.send(session, Message(62).add(1));
}

void AccountDesk::on_cancel_positions(Now, Session& session, FieldCursor&) {
    session.accounts.positions = false;
}

void AccountDesk::on_positions_multi(Now now, Session& session, FieldCursor& in) {
    in.skip();
    const auto id = in.integer();
    auto account = in.text();
    if (account.empty()) account = context_.default_account();
    if (!check_account(now, session, id, account)) return;
    session.accounts.positions_multi[id] = account;
    for (const auto& [symbol, position] : positions_of(account))
        send_position_multi(session, id, account, symbol, position);
    if (!context_.spoils("withhold_end", "positions"))
        context_.send(session, Message(72).add(1).add(id));
}

void AccountDesk::on_cancel_positions_multi(Now, Session& session, FieldCursor& in) {
    in.skip();
    session.accounts.positions_multi.erase(in.integer());
}

void AccountDesk::on_updates_multi(Now now, Session& session, FieldCursor& in) {
    in.skip();
    const auto id = in.integer();
    auto account = in.text();
    if (account.empty()) account = context_.default_account();
    if (!check_account(now, session, id, account)) return;
    session.accounts.updates_multi[id] = account;
    if (!next_refresh_) next_refresh_ = now.mono + refresh_period;
    send_values_multi(session, id, account);
    if (!context_.spoils("withhold_end", "account"))
        context_.send(session, Message(74).add(1).add(id));
}

void AccountDesk::on_cancel_updates_multi(Now, Session& session, FieldCursor& in) {
    in.skip();
    session.accounts.updates_multi.erase(in.integer());
}

void AccountDesk::on_profit(Now now, Session& session, FieldCursor& in) {
    const auto id = in.integer();
    const auto account = in.text();
    if (!check_account(now, session, id, account)) return;
    session.accounts.profits[id] = {account, 0};
    if (!next_profit_) next_profit_ = now.mono + profit_period;
    send_profit(session, id, session.accounts.profits[id]);
}

void AccountDesk::on_profit_single(Now now, Session& session, FieldCursor& in) {
    const auto id = in.integer();
    const auto account = in.text();
    in.skip();
    const auto conid = in.integer();
    if (!check_account(now, session, id, account)) return;
    session.accounts.profits[id] = {account, conid};
    if (!next_profit_) next_profit_ = now.mono + profit_period;
    send_profit(session, id, session.accounts.profits[id]);
}

void AccountDesk::on_cancel_profit(Now now, Session& session, FieldCursor& in) {
    const auto id = in.integer();
    if (session.accounts.profits.erase(id) == 0)
        context_.send_error(now, session, id, 10185, "Failed to cancel PNL (not subscribed)");
}

void AccountDesk::send_managed_accounts(const Session& session) {
    std::string list;
    for (const auto& account : context_.accounts)
        list += (list.empty() ? std::string() : std::string(",")) + account;
    if (context_.faults.is_on("adviser"))
        list = context_.faults.text_of("adviser", "master", "DF1000000") + "," + list;
    if (context_.faults.is_on("accounts")) list = context_.faults.text_of("accounts", "list", list);
    context_.send(session, Message(15).add(1).add(list));
}

void AccountDesk::on_execution(Now now, const ExchangeExecution& execution) {
    const auto position = position_of(execution.account, execution.symbol);
    for (const auto& [connection, session] : context_.sessions) {
        const auto& accounts = session.accounts;
        if (accounts.positions)
            send_position(session, execution.account, execution.symbol, position);
        for (const auto& [id, account] : accounts.positions_multi)
            if (account == execution.account)
                send_position_multi(session, id, account, execution.symbol, position);
        for (const auto& [id, account] : accounts.updates_multi)
            if (account == execution.account) send_values_multi(session, id, account);
        if (accounts.updates != execution.account) continue;
        send_portfolio(session, execution.account, execution.symbol, position);
        send_values(now, session, execution.account);
        context_.send(session, Message(8).add(1).add(to_clock_text(now.utc)));
    }
}

void AccountDesk::tell_everything(Now now) {
    for (auto& [connection, session] : context_.sessions)
        if (has_subscriber(session)) send_everything_again(now, session);
}

void AccountDesk::on_timeout(Now now) {
    if (next_profit_ && now.mono >= *next_profit_) {
        next_profit_.reset();
        for (const auto& [connection, session] : context_.sessions)
            for (const auto& [id, profit] : session.accounts.profits) {
                send_profit(session, id, profit);
                next_profit_ = now.mono + profit_period;
            }
    }
    if (next_refresh_ && now.mono >= *next_refresh_) {
        next_refresh_.reset();
        for (auto& [connection, session] : context_.sessions) {
            if (!has_subscriber(session)) continue;
            send_everything_again(now, session);
            next_refresh_ = now.mono + refresh_period;
        }
    }
}

std::optional<Instant> AccountDesk::deadline() const {
    if (!next_profit_ || !next_refresh_) return next_profit_ ? next_profit_ : next_refresh_;
    return std::min(*next_profit_, *next_refresh_);
}

const AccountDesk::PositionMap& AccountDesk::positions_of(const std::string& account) const {
    static const PositionMap none;
    const auto found = context_.exchange.positions().find(account);
    return found == context_.exchange.positions().end() ? none : found->second;
}

SimPosition AccountDesk::position_of(const std::string& account, const std::string& symbol) const {
    const auto& positions = positions_of(account);
    const auto found = positions.find(symbol);
    return found == positions.end() ? SimPosition{} : found->second;
}

void AccountDesk::send_position(const Session& session, const std::string& account,
                                const std::string& symbol, const SimPosition& position) {
    const auto row = find_contract_of(context_.exchange, symbol);
    if (!row) return;
    Message message(61);
    message.add(3).add(account);
    add_contract(message, *row, position_exchange_of(*row));
    message.add(position.quantity.value).add(shown_cost_of(*row->instrument, position));
    context_.send(session, message);
}

void AccountDesk::send_position_multi(const Session& session, RequestId id,
                                      const std::string& account, const std::string& symbol,
                                      const SimPosition& position) {
    const auto row = find_contract_of(context_.exchange, symbol);
    if (!row) return;
    Message message(71);
    message.add(1).add(id).add(account);
    add_contract(message, *row, position_exchange_of(*row));
    message.add(position.quantity.value).add(shown_cost_of(*row->instrument, position)).empty();
    context_.send(session, message);
}

void AccountDesk::send_portfolio(const Session& session, const std::string& account,
                                 const std::string& symbol, const SimPosition& position) {
    const auto row = find_contract_of(context_.exchange, symbol);
    if (!row) return;
    const auto worth = worth_of(context_.exchange, symbol, position);
    Message message(7);
    message.add(8);
    add_contract(message, *row, row->primary_exchange);
    message.add(position.quantity.value)
        .add(worth.price.value)
        .add(worth.value.value)
        .add(shown_cost_of(*row->instrument, position))
        .add(worth.unrealized.value)
        .add(context_.exchange.realized_of(account, symbol).value)
        .add(account);
    context_.send(session, message);
}

void AccountDesk::send_values(Now, const Session& session, const std::string& account) {
    const auto send = [&](const AccountValue& value) {
        context_.send(
            session,
            Message(6).add(2).add(value.key).add(value.value).add(value.currency).add(account));
    };
    std::ranges::for_each(totals_of(context_.exchange, account), send);
    std::ranges::for_each(ledger_of(context_.exchange, account, "BASE"), send);
    std::ranges::for_each(ledger_of(context_.exchange, account, "USD"), send);
    std::ranges::for_each(foreign_ledger_of(context_.exchange, account), send);
}

void AccountDesk::send_values_multi(const Session& session, RequestId id,
                                    const std::string& account) {
    const auto send = [&](const AccountValue& value) {
        const bool reset =
            value.key == "AccountReady" && context_.faults.is_on("account_not_ready");
        context_.send(session, Message(73)
                                   .add(1)
                                   .add(id)
                                   .add(account)
                                   .empty()
                                   .add(value.key)
                                   .add(reset ? std::string("false") : value.value)
                                   .add(value.currency));
    };
    std::ranges::for_each(totals_of(context_.exchange, account), send);
    std::ranges::for_each(ledger_of(context_.exchange, account, "USD"), send);
    std::ranges::for_each(foreign_ledger_of(context_.exchange, account), send);
}

void AccountDesk::send_summary(const Session& session, RequestId id,
                               const AccountSubscriptions::Summary& summary) {
    for (const auto& account : summary.accounts) {
        const auto send = [&](const AccountValue& value) {
            context_.send(session, Message(63)
                                       .add(1)
                                       .add(id)
                                       .add(account)
                                       .add(value.key)
                                       .add(value.value)
                                       .add(value.currency));
        };
        for (const auto& value : totals_of(context_.exchange, account))
            if (has_tag(summary.tags, value.key)) send(value);
        if (has_tag(summary.tags, "$LEDGER:USD") || has_tag(summary.tags, "$LEDGER:ALL"))
            std::ranges::for_each(ledger_of(context_.exchange, account, "USD"), send);
        if (has_tag(summary.tags, "$LEDGER:ALL"))
            std::ranges::for_each(foreign_ledger_of(context_.exchange, account), send);
        if (has_tag(summary.tags, "$LEDGER") || has_tag(summary.tags, "$LEDGER:ALL"))
            std::ranges::for_each(ledger_of(context_.exchange, account, "BASE"), send);
    }
}

void AccountDesk::send_profit(const Session& session, RequestId id,
                              const AccountSubscriptions::Profit& profit) {
    if (profit.conid == 0) {
        const auto total = profit_of(context_.exchange, profit.account);
        context_.send(
            session,
            Message(94).add(id).add(total.daily).add(total.unrealized).add(total.realized));
        return;
    }
    for (const auto& [symbol, position] : positions_of(profit.account)) {
        if (!knows_conid(*context_.exchange.find_instrument(symbol), profit.conid)) continue;
        const auto worth = worth_of(context_.exchange, symbol, position);
        context_.send(session, Message(95)
                                   .add(id)
                                   .add(position.quantity.value)
                                   .add(worth.daily.value)
                                   .add(worth.unrealized.value)
                                   .add(context_.exchange.realized_of(profit.account, symbol).value)
                                   .add(worth.value.value));
    }
}

void AccountDesk::send_everything_again(Now now, Session& session) {
    if (session.accounts.updates) {
        const auto& account = *session.accounts.updates;
        send_values(now, session, account);
        for (const auto& [symbol, position] : positions_of(account))
            send_portfolio(session, account, symbol, position);
        context_.send(session, Message(8).add(1).add(to_clock_text(now.utc)));
    }
    for (const auto& [id, summary] : session.accounts.summaries) send_summary(session, id, summary);
    for (const auto& [id, account] : session.accounts.updates_multi)
        send_values_multi(session, id, account);
}

bool AccountDesk::check_account(Now now, const Session& session, RequestId id,
                                const std::string& account) {
    if (context_.has_account(account)) return true;
    // An adviser's master account holds nothing itself.
    if (context_.faults.is_on("adviser") &&
        account == context_.faults.text_of("adviser", "master", "DF1000000"))
        return true;
    context_.send_error(now, session, id, 321,
                        "Error validating request: Invalid account code '" + account + "'");
    return false;
}

}  // namespace janus::sim::ib
