#include "core/engine.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/engine_parts.hpp"

namespace janus::core {
namespace {

/// How long a stop waits for answers to orders, and then for the journal.
constexpr Duration answers_wait_max = std::chrono::seconds(5);
constexpr Duration journal_wait_max = std::chrono::seconds(2);

void take_earlier(std::optional<Instant>& first, const std::optional<Instant>& other) {
    if (other && (!first || *other < *first)) first = other;
}

}  // namespace

Engine::Parts::Parts(EngineSettings given, std::vector<std::unique_ptr<gateway::Gateway>> list,
                     RegistryStore& store, Journal& journal_store, Log& given_log)
    : settings(std::move(given)),
      gateway_list(std::move(list)),
      log(given_log),
      feed(settings.feed_size_max),
      gateways(gateway_list),
      accounts(gateways, halts, feed, log),
      registry(store, log),
      lookups(gateways, settings.lookup_timeout),
      resolver(gateways, registry, lookups),
      market_data(
          gateways, registry, resolver, log,
          {.stale_after = settings.stale_after, .lines_max = settings.market_data_lines_max}),
      harmony(gateways, registry, lookups),
      holdings(registry, log),
      portfolio(books, registry, gateways, market_data),
      journal(journal_store, feed, counters, log),
      recorder(orders, executions, journal, feed, log),
      queries(gateways, orders, settings.query_interval),
      matching(orders, recorder, accounts, gateways, registry, counters, log),
      fills(matching, recorder, executions, queries, counters, log),
      evidence(orders, matching, fills, recorder, queries, accounts, counters, log),
      exposure(books, orders, recent_sales, registry, gateways),
      risk(settings, market_data, exposure),
      gate(accounts, halts, orders),
      desk({settings, gateways, orders, recorder, evidence, journal, gate, risk, resolver,
            deferred}),
      cancels(orders, recorder, queries, gateways, deferred, settings.answer_timeout),
      modifies({gateways, orders, recorder, fills, queries, journal, gate, risk, deferred,
                settings.answer_timeout}),
      previews(gateways, resolver, deferred, settings.answer_timeout),
      brackets(orders, cancels, feed),
      actions(orders, recorder, journal, halts, accounts, deferred),
      syncs(books, orders, accounts, gateways, deferred) {
    journal.set_snapshot([this](OrderId id) { return recorder.snapshot_of(id); });
    recorder.set_listener([this](Now, OrderEntry& entry) {
        desk.on_changed(entry);
        cancels.on_changed(entry);
        modifies.on_changed(entry);
        brackets.on_changed(entry);
    });
    previews.set_check([this](Now now, const std::vector<OrderIntent>& intents) {
        return desk.check_intents(now, intents);
    });
    fills.set_listener([this](Now now, const Execution& execution) { on_traded(now, execution); });
}

Engine::Engine(EngineSettings settings, std::vector<std::unique_ptr<gateway::Gateway>> gateways,
               RegistryStore& registry, Journal& journal, Log& log, Random& /*random*/)
    : parts_(std::make_unique<Parts>(std::move(settings), std::move(gateways), registry, journal,
                                     log)) {}

Engine::~Engine() = default;

// ---- life ----

void Engine::Parts::start(Now now, std::vector<SymbolRecord> records, JournalContents contents) {
    registry.load(std::move(records));
    restore(contents);
    restore_numbers(contents);
    started = now.utc;
    accounts.start(now);
    journal.start(now);
    desk.start(std::move(contents.instance_id));
    doubt_unanswered(now);
    modifies.on_start();
    std::set<CanonicalSymbol> wanted;
    for (const auto& account : settings.accounts)
        wanted.insert(account.default_symbols.begin(), account.default_symbols.end());
    market_data.set_defaults(now, {wanted.begin(), wanted.end()});
    for (const auto& gateway : gateway_list) gateway->on_command(now, gateway::Start{});
    log.write(LogLevel::Info,
              fmt::format("engine started gateways={} symbols={} orders={}", gateway_list.size(),
                          registry.size(), orders.all().size()));
}

void Engine::Parts::restore(const JournalContents& contents) {
    JANUS_CHECK(contents.instance_id.size() == 8);
    orders.restore(contents);
    for (const auto& execution : contents.executions) executions.book(execution);
    halts.restore(contents.halts);
    accounts.set_default(contents.default_account ? contents.default_account
                                                  : settings.default_account);
}

/// The highest number that the journal knows for any account of a gateway, also from its orders.
void Engine::Parts::restore_numbers(const JournalContents& contents) {
    for (const auto& gateway : gateway_list) {
        std::int64_t highest = 0;
        for (const auto& account : gateway->accounts()) {
            const auto found = contents.numbers.find(number_key_of(gateway->broker(), account));
            if (found != contents.numbers.end()) highest = std::max(highest, found->second);
            for (const auto& order : contents.orders)
                if (order.account == account && !order.external)
                    highest = std::max(highest, order.ref.number);
        }
        gateway->restore_number(highest);
    }
}

/// An order whose answer this server did not live to see may or may not have left.
void Engine::Parts::doubt_unanswered(Now now) {
    std::vector<OrderId> unanswered;
    for (const auto& [id, entry] : orders.all())
        if (entry.order.state == OrderState::PendingNew) unanswered.push_back(id);
    for (const auto id : unanswered)
        evidence.on_no_answer(now, *orders.find(id), "restarted before an answer");
}

void Engine::Parts::begin_trade_events(Now now) {
    if (trade_events || stop_sent || !accounts.settled()) return;
    trade_events = true;
    for (const auto& gateway : gateway_list) gateway->on_command(now, gateway::StartTradeEvents{});
    log.write(LogLevel::Info, "every account has had its first connect, trade events begin");
}

bool Engine::Parts::gateways_stopped() const {
    return std::ranges::all_of(gateway_list,
                               [](const auto& gateway) { return gateway->stopped(); });
}

void Engine::Parts::check_stop(Now now) {
    if (!stop_due) return;
    if (!stop_sent && (desk.in_flight() + modifies.in_flight() == 0 || now.mono >= *stop_due)) {
        stop_sent = true;
        for (const auto& gateway : gateway_list) gateway->on_command(now, gateway::Stop{});
    }
    if (!stop_sent || !gateways_stopped()) return;
    if (!journal_given) journal_given = now.mono + journal_wait_max;
    if (journal.in_flight() == 0 || now.mono >= *journal_given) stop_done = true;
}

void Engine::Parts::absorb_registry(Now now) {
    for (const auto& record : registry.take_changes()) {
        feed.publish(now, RegistryChanged{record});
        market_data.on_registry_changed(now, record);
        held_changed = true;
    }
    for (const auto& alarm : holdings.take_alarms()) feed.alarm(now, alarm);
    for (const auto& alarm : market_data.take_alarms()) feed.alarm(now, alarm);
    if (std::exchange(held_changed, false)) market_data.set_held(now, portfolio.held_symbols());
}

void Engine::Parts::finish(Now now) {
    brackets.settle(now);
    absorb_registry(now);
    deferred.run();
    begin_trade_events(now);
    check_stop(now);
}

bool Engine::Parts::pump_once(Now now) {
    bool busy = false;
    for (const auto& gateway : gateway_list) {
        for (const auto& event : gateway->take_events()) {
            on_event(now, *gateway, event);
            busy = true;
        }
        gateway->take_ticks(ticks);
        market_data.on_ticks(now, ticks);
    }
    finish(now);
    return busy;
}

void Engine::start(Now now, std::vector<SymbolRecord> records, JournalContents contents) {
    parts_->start(now, std::move(records), std::move(contents));
    parts_->finish(now);
}

void Engine::stop(Now now) {
    if (parts_->stop_due) return;
    parts_->log.write(LogLevel::Info,
                      fmt::format("stopping in_flight={}", parts_->desk.in_flight()));
    parts_->stop_due = now.mono + answers_wait_max;
    parts_->gate.stop();
    parts_->desk.on_stop();
    parts_->finish(now);
}

bool Engine::stopped() const {
    const auto& parts = *parts_;
    return parts.stop_done ||
           (parts.stop_sent && parts.gateways_stopped() && parts.journal.in_flight() == 0);
}

bool Engine::settled() const {
    return parts_->accounts.settled();
}

void Engine::on_registry_reply(Now now, RegistryReply reply) {
    parts_->registry.on_reply(now, reply);
    const auto* state = std::get_if<RegistryStateChanged>(&reply);
    if (state != nullptr && state->available) parts_->holdings.on_registry_available(now);
    parts_->finish(now);
}

void Engine::on_journal_reply(Now now, JournalAppended reply) {
    parts_->journal.on_reply(now, reply);
    parts_->finish(now);
}

void Engine::on_timeout(Now now) {
    auto& parts = *parts_;
    for (const auto& gateway : parts.gateway_list) gateway->on_timeout(now);
    parts.lookups.on_timeout(now);
    parts.market_data.on_timeout(now);
    parts.journal.on_timeout(now);
    parts.accounts.on_timeout(now);
    parts.desk.on_timeout(now);
    parts.cancels.on_timeout(now);
    parts.modifies.on_timeout(now);
    parts.previews.on_timeout(now);
    parts.queries.on_timeout(now);
    parts.syncs.on_timeout(now);
    for (const auto& account : parts.recent_sales.take_overdue(now))
        parts.syncs.refresh(now, account);
    parts.finish(now);
}

std::optional<Instant> Engine::deadline() const {
    const auto& parts = *parts_;
    std::optional<Instant> first;
    for (const auto& gateway : parts.gateway_list) take_earlier(first, gateway->deadline());
    for (const auto& due :
         {parts.lookups.deadline(), parts.market_data.deadline(), parts.journal.deadline(),
          parts.accounts.deadline(), parts.desk.deadline(), parts.cancels.deadline(),
          parts.modifies.deadline(), parts.previews.deadline(), parts.queries.deadline(),
          parts.syncs.deadline(), parts.recent_sales.deadline()})
        take_earlier(first, due);
    if (!parts.stop_sent) take_earlier(first, parts.stop_due);
    if (!parts.stop_done) take_earlier(first, parts.journal_given);
    return first;
}

void Engine::pump(Now now) {
    while (parts_->pump_once(now)) {}
    if (parts_->feed.take_grown() && parts_->feed_grown) parts_->feed_grown();
}

std::span<const std::unique_ptr<gateway::Gateway>> Engine::gateways() const {
    return parts_->gateway_list;
}

}  // namespace janus::core
