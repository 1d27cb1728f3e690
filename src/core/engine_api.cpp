#include <algorithm>
#include <utility>

#include "core/engine_parts.hpp"

namespace janus::core {
namespace {

/// A caller's reply as the parts give their answers: held back until the core has finished.
template <typename T>
Answer<T> answer_to(Deferred& deferred, Reply<T> reply) {
    return [&deferred, reply = std::move(reply)](Now, Result<T> outcome) {
        if (reply) deferred.later([reply, outcome = std::move(outcome)] { reply(outcome); });
    };
}

}  // namespace

// ---- orders ----

void Engine::place_order(Now now, const OrderIntent& intent, const Caller& caller,
                         Reply<Order> reply) {
    parts_->desk.place(now, intent, caller.name, std::move(reply));
    parts_->finish(now);
}

void Engine::place_bracket(Now now, const BracketIntent& bracket, const Caller& caller,
                           Reply<std::vector<Order>> reply) {
    parts_->desk.place_bracket(now, bracket, caller.name, std::move(reply));
    parts_->finish(now);
}

void Engine::modify_order(Now now, OrderId order, const OrderChanges& changes, const Caller& caller,
                          Reply<Order> reply) {
    parts_->modifies.modify(now, order, changes, caller.name, std::move(reply));
    parts_->finish(now);
}

void Engine::preview_order(Now now, const OrderIntent& intent, const Caller& caller,
                           Reply<gateway::OrderPreview> reply) {
    parts_->previews.preview(now, intent, caller.name, std::move(reply));
    parts_->finish(now);
}

void Engine::preview_bracket(Now now, const BracketIntent& bracket, const Caller& caller,
                             Reply<gateway::OrderPreview> reply) {
    parts_->previews.preview_bracket(now, bracket, caller.name, std::move(reply));
    parts_->finish(now);
}

void Engine::cancel_order(Now now, OrderId order, const Caller& caller, Reply<Order> reply) {
    parts_->cancels.cancel(now, order, caller.name, std::move(reply));
    parts_->finish(now);
}

void Engine::resolve_order(Now now, OrderId order, OrderState state, const std::string& reason,
                           const Caller& caller, Reply<Order> reply) {
    parts_->actions.resolve(now, order, state, reason, caller.name, std::move(reply));
    parts_->finish(now);
}

Result<OrderView> Engine::order(OrderId id) const {
    const auto* entry = std::as_const(parts_->orders).find(id);
    if (entry == nullptr || !entry->durable)
        return fail(ErrorCode::NotFound, "order {} is not known", id);
    return OrderView{entry->order, entry->history, parts_->executions.valid_of(id)};
}

std::vector<Order> Engine::orders(const AccountName& account, bool all) const {
    std::vector<Order> orders;
    for (const auto& [id, entry] : parts_->orders.all()) {
        const bool asked = account.value.empty() || entry.order.account == account;
        if (asked && entry.durable && (all || !is_final(entry.order.state)))
            orders.push_back(entry.order);
    }
    return orders;
}

std::vector<Execution> Engine::executions(const AccountName& account) const {
    return parts_->executions.of_account(account);
}

void Engine::halt(Now now, const AccountName& account, const std::string& reason,
                  const Caller& caller, Reply<void> reply) {
    parts_->actions.halt(now, account, reason, caller.name, std::move(reply));
    parts_->finish(now);
}

void Engine::resume(Now now, const AccountName& account, const std::string& reason,
                    const Caller& caller, Reply<void> reply) {
    parts_->actions.resume(now, account, reason, caller.name, std::move(reply));
    parts_->finish(now);
}

// ---- accounts and books ----

std::vector<AccountView> Engine::accounts() const {
    return parts_->accounts.views();
}

std::vector<UnconfiguredAccount> Engine::unconfigured_accounts() const {
    return parts_->accounts.unconfigured();
}

Result<AccountView> Engine::account(const AccountName& name) const {
    if (auto checked = parts_->accounts.check_known(name); !checked)
        return std::unexpected(checked.error());
    return parts_->accounts.view_of(name);
}

void Engine::set_default_account(Now now, const AccountName& account, const Caller& caller,
                                 Reply<AccountView> reply) {
    parts_->actions.set_default_account(now, account, caller.name, std::move(reply));
    parts_->finish(now);
}

std::vector<PositionView> Engine::positions(Now now, const AccountName& account) const {
    return parts_->portfolio.positions(now, account);
}

std::vector<Balance> Engine::balances(const AccountName& account) const {
    return parts_->books.balances(account);
}

PortfolioView Engine::portfolio(Now now) const {
    return parts_->portfolio.portfolio(now);
}

void Engine::sync(Now now, const AccountName& account, Reply<std::vector<std::string>> reply) {
    parts_->syncs.sync(now, account, std::move(reply));
    parts_->finish(now);
}

// ---- registry ----

std::vector<SymbolRecord> Engine::symbols() const {
    return parts_->registry.all();
}

Result<SymbolRecord> Engine::symbol(const CanonicalSymbol& symbol) const {
    if (const auto* record = parts_->registry.find(symbol)) return *record;
    return fail(ErrorCode::NotFound, "symbol {} is not in the registry", symbol);
}

void Engine::map_symbol(Now now, const CanonicalSymbol& symbol, const std::string& broker,
                        const NativeId& native_id, const Caller& caller,
                        Reply<SymbolRecord> reply) {
    parts_->registry.map(now, symbol, broker, native_id, {caller.name, "map", {}},
                         answer_to(parts_->deferred, std::move(reply)));
    parts_->finish(now);
}

void Engine::unmap_symbol(Now now, const CanonicalSymbol& symbol, const std::string& broker,
                          const Caller& caller, Reply<SymbolRecord> reply) {
    parts_->registry.unmap(now, symbol, broker, {caller.name, "unmap", {}},
                           answer_to(parts_->deferred, std::move(reply)));
    parts_->finish(now);
}

void Engine::symbol_history(Now now, const CanonicalSymbol& symbol,
                            Reply<std::vector<SymbolChange>> reply) {
    parts_->registry.history(now, symbol, answer_to(parts_->deferred, std::move(reply)));
    parts_->finish(now);
}

void Engine::harmony(Now now, const HarmonyOptions& options, const Caller& caller,
                     std::function<void(const HarmonyItem&)> progress, Reply<HarmonyReport> reply) {
    auto* deferred = &parts_->deferred;
    auto tell = [deferred, progress = std::move(progress)](const HarmonyItem& item) {
        if (progress) deferred->later([progress, item] { progress(item); });
    };
    parts_->harmony.run(now, options, caller.name, std::move(tell),
                        answer_to(parts_->deferred, std::move(reply)));
    parts_->finish(now);
}

// ---- market data ----

void Engine::subscribe_ticks(Now now, const CanonicalSymbol& symbol, const Caller& caller,
                             Reply<QuoteView> reply) {
    parts_->market_data.subscribe(now, symbol, caller.name,
                                  answer_to(parts_->deferred, std::move(reply)));
    parts_->finish(now);
}

Result<void> Engine::unsubscribe_ticks(Now now, const CanonicalSymbol& symbol) {
    auto outcome = parts_->market_data.unsubscribe(now, symbol);
    parts_->finish(now);
    return outcome;
}

QuoteView Engine::quote(Now now, const CanonicalSymbol& symbol) const {
    return parts_->market_data.quote(now, symbol);
}

std::vector<QuoteView> Engine::quotes(Now now) const {
    return parts_->market_data.quotes(now);
}

std::vector<CanonicalSymbol> Engine::take_changed_quotes() {
    return parts_->market_data.take_changed();
}

// ---- feed ----

std::uint64_t Engine::last_sequence() const {
    return parts_->feed.last_sequence();
}

Result<std::vector<FeedEvent>> Engine::events_after(std::uint64_t after) const {
    return parts_->feed.events_after(after);
}

void Engine::on_feed_grown(std::function<void()> call) {
    parts_->feed_grown = std::move(call);
}

// ---- health ----

std::vector<ComponentHealth> Engine::health(Now now) const {
    return parts_->health(now);
}

std::vector<std::pair<std::string, std::uint64_t>> Engine::counters() const {
    return parts_->all_counters();
}

}  // namespace janus::core
