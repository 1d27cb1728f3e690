#include <utility>
#include <variant>

#include "core/engine_parts.hpp"

namespace janus::core {
namespace {

/// A trade this old was not made in the moment in which it is shown.
constexpr Duration recent_trade_age = std::chrono::seconds(60);

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

}  // namespace

void Engine::Parts::on_event(Now now, const gateway::Gateway& gateway,
                             const gateway::Event& event) {
    std::visit(
        Overloaded{
            [&](const gateway::GateChanged& e) { on_gate(now, e); },
            [&](const gateway::PositionsSnapshot& e) { on_positions(now, e); },
            [&](const gateway::PositionChanged& e) { on_position(now, e); },
            [&](const gateway::BalancesSnapshot& e) { on_balances(now, e); },
            [&](const gateway::OrderReport& e) { on_report(now, e); },
            [&](const gateway::ExecutionReport& e) { evidence.on_execution(now, e.execution); },
            [&](const gateway::CommissionReport& e) { evidence.on_commission(now, gateway, e); },
            [&](const gateway::OrdersComplete& e) { on_orders_complete(now, e.account); },
            [&](const gateway::OrderNotSent& e) { evidence.on_not_sent(now, e); },
            [&](const gateway::OrderRejected& e) { evidence.on_rejected(now, e); },
            [&](const gateway::OrderUncertain& e) { evidence.on_uncertain(now, e); },
            [&](const gateway::CancelRefused& e) { cancels.on_refused(now, e.order, e.reason); },
            [&](const gateway::CancelNotSent& e) { cancels.on_not_sent(now, e.order, e.reason); },
            [&](const gateway::CancelUncertain& e) {
                cancels.on_uncertain(now, e.order, e.reason);
            },
            [&](const gateway::ModifyRefused& e) { modifies.on_refused(now, e.order, e.reason); },
            [&](const gateway::ModifyNotSent& e) { modifies.on_not_sent(now, e.order, e.reason); },
            [&](const gateway::PreviewResult& e) { previews.on_result(e); },
            [&](const gateway::OrderNotFound& e) { evidence.on_not_found(now, e); },
            [&](const gateway::OrderNotice& e) { evidence.on_notice(now, e); },
            [&](const gateway::LookupResult& e) { lookups.on_result(now, e); },
            [&](const gateway::QuoteQualityChanged& e) { market_data.on_quality_changed(now, e); },
            [&](const gateway::LineBudgetChanged& e) { market_data.on_line_budget(now, e); },
            [&](const gateway::BarClosed&) { counters.add("event.unwanted_bar"); },
            [&](const gateway::BarsEnded&) { counters.add("event.unwanted_bar"); },
            [&](const gateway::HistoryResult&) { counters.add("event.unwanted_history"); },
            [&](const gateway::HeadTimestampResult&) { counters.add("event.unwanted_history"); },
            [&](const gateway::ProfitChanged& e) { on_profit(e.profit); },
            [&](const gateway::StreamChanged& e) { on_stream(now, e); },
            [&](const gateway::TokenChanged& e) { on_token(now, e); },
            [&](const gateway::AccountsListed& e) {
                accounts.on_listed(std::string(gateway.broker()), e);
            },
            [&](const gateway::Notice& e) { on_notice(now, e); },
        },
        event);
}

/// An error is a part that is down: someone must act, so it is an alarm as well.
void Engine::Parts::on_notice(Now now, const gateway::Notice& event) {
    log.write(event.level, event.text);
    if (event.level == LogLevel::Error && alarm_pace.may_raise(now, event.text))
        feed.alarm(now, event.text);
}

void Engine::Parts::on_gate(Now now, const gateway::GateChanged& event) {
    if (!accounts.known(event.account)) return counters.add("event.unknown_account");
    const auto before = gateways.gate_of(event.account);
    if (before.gate == event.gate && before.reason == event.reason) return;
    gateways.on_gate_changed(event);
    if (event.gate == gateway::Gate::Ready) accounts.on_downloaded(now, event.account);
    accounts.on_gate_changed(now, event);
    const bool was_ready = before.gate == gateway::Gate::Ready;
    const bool is_ready = event.gate == gateway::Gate::Ready;
    if (was_ready && !is_ready) {
        const auto why = fmt::format("the account became {} ({}) before an answer",
                                     gateway::to_text(event.gate), event.reason);
        evidence.on_account_lost(now, event.account, why);
        cancels.on_account_lost(event.account);
        modifies.on_account_lost(now, event.account, why);
        syncs.on_account_lost(event.account, event.reason);
    }
    if (is_ready && !was_ready) queries.on_account_ready(now, event.account);
    market_data.on_gate_changed(now, event);
}

void Engine::Parts::learn(Now now, const Position& position) {
    if (const auto index = gateways.find_index(position.account))
        holdings.on_position(now, gateways.broker_of(*index), position);
}

void Engine::Parts::publish_difference(Now now, const AccountName& account,
                                       const AccountBook& before) {
    if (!differences_of(before, books.book_of(account)).empty())
        feed.publish(now, PositionsChanged{account});
}

void Engine::Parts::on_positions(Now now, const gateway::PositionsSnapshot& event) {
    if (!accounts.known(event.account)) return counters.add("event.unknown_account");
    const AccountBook before = books.book_of(event.account);
    books.on_positions_snapshot(now, event);
    recent_sales.on_snapshot(now, event.account, event.positions);
    for (const auto& position : event.positions) learn(now, position);
    held_changed = true;
    publish_difference(now, event.account, before);
    syncs.on_positions(now, event.account);
}

void Engine::Parts::on_position(Now now, const gateway::PositionChanged& event) {
    const auto& position = event.position;
    if (!accounts.known(position.account)) return counters.add("event.unknown_account");
    const AccountBook before = books.book_of(position.account);
    books.on_position_changed(event);
    recent_sales.on_position(now, position.account, position.instrument.native_id,
                             position.quantity);
    learn(now, position);
    held_changed = true;
    publish_difference(now, position.account, before);
}

void Engine::Parts::on_balances(Now now, const gateway::BalancesSnapshot& event) {
    if (!accounts.known(event.account)) return counters.add("event.unknown_account");
    const AccountBook before = books.book_of(event.account);
    books.on_balances_snapshot(now, event);
    publish_difference(now, event.account, before);
    syncs.on_balances(now, event.account);
}

void Engine::Parts::on_profit(const AccountProfit& profit) {
    if (!accounts.known(profit.account)) return counters.add("event.unknown_account");
    accounts.on_profit(profit);
}

void Engine::Parts::on_report(Now now, const gateway::OrderReport& event) {
    evidence.on_report(now, event);
    auto* entry = matching.find(event.account, event.client_order_id, event.ref);
    if (entry == nullptr) return;
    cancels.on_report(*entry);
    modifies.on_report(now, *entry, event);
}

void Engine::Parts::on_orders_complete(Now now, const AccountName& account) {
    if (!accounts.known(account)) return counters.add("event.unknown_account");
    evidence.on_orders_complete(now, account);
    accounts.on_downloaded(now, account);
    syncs.on_orders_complete(now, account);
}

void Engine::Parts::on_stream(Now now, const gateway::StreamChanged& event) {
    auto& stream = streams[event.stream];
    const bool changed = stream.state != event.state;
    stream.reason = event.reason;
    if (!changed && stream.since != Utc{}) return;
    stream.state = event.state;
    stream.since = now.utc;
    log.write(LogLevel::Info,
              fmt::format("stream changed stream={} state={} reason=\"{}\"", event.stream,
                          gateway::to_text(event.state), event.reason));
    if (event.state == gateway::StreamState::NeedsOperator)
        feed.alarm(now,
                   fmt::format("trade events of {} need a person: {}", event.stream, event.reason));
}

/// A token that is used up needs a person while everything still works: nothing else would tell.
void Engine::Parts::on_token(Now now, const gateway::TokenChanged& event) {
    const auto [at, is_new] = tokens.try_emplace(event.login, Token{event, now.utc});
    auto& token = at->second;
    const bool changed = is_new || token.last.state != event.state;
    token.last = event;
    if (!changed) return;
    token.since = now.utc;
    const bool calm = event.state == gateway::TokenState::Normal;
    log.write(calm ? LogLevel::Info : LogLevel::Warning,
              fmt::format("token changed login={} state={} reason=\"{}\"", event.login,
                          gateway::to_text(event.state), event.reason));
    if (event.state == gateway::TokenState::Expiring)
        feed.alarm(now, fmt::format("access token of {}: {}", event.login, event.reason));
}

/// What was sold in this moment may still be shown as held. A download also brings the trades of
/// the whole day; what is old in it is contained in the positions of the same download.
void Engine::Parts::on_traded(Now now, const Execution& execution) {
    const bool old = now.utc - execution.at > recent_trade_age;
    if (old && !gateways.ready(execution.account)) return;
    recent_sales.on_sale(now, execution, books.quantity_of(execution.account, execution.native_id));
}

}  // namespace janus::core
