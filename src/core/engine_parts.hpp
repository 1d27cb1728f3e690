#pragma once

#include <map>
#include <string>

#include "core/accounts.hpp"
#include "core/alarm_pace.hpp"
#include "core/books.hpp"
#include "core/broken_brackets.hpp"
#include "core/engine.hpp"
#include "core/exposure.hpp"
#include "core/feed.hpp"
#include "core/halts.hpp"
#include "core/harmony.hpp"
#include "core/holdings.hpp"
#include "core/journal_writer.hpp"
#include "core/lookups.hpp"
#include "core/market_data.hpp"
#include "core/operator_actions.hpp"
#include "core/order_cancels.hpp"
#include "core/order_desk.hpp"
#include "core/order_evidence.hpp"
#include "core/order_modifies.hpp"
#include "core/order_previews.hpp"
#include "core/portfolio.hpp"
#include "core/recent_sales.hpp"
#include "core/resolver.hpp"
#include "core/risk.hpp"
#include "core/syncs.hpp"

namespace janus::core {

/// Everything that the engine owns, in the order of need, and how an event finds its way through
/// it.
struct Engine::Parts {
    Parts(EngineSettings given, std::vector<std::unique_ptr<gateway::Gateway>> list,
          RegistryStore& store, Journal& journal_store, Log& given_log);

    // ---- life (engine.cpp) ----
    void start(Now now, std::vector<SymbolRecord> records, JournalContents contents);
    void restore(const JournalContents& contents);
    void restore_numbers(const JournalContents& contents);
    void doubt_unanswered(Now now);
    void begin_trade_events(Now now);
    void check_stop(Now now);
    bool gateways_stopped() const;
    bool pump_once(Now now);
    /// What follows from a change: registry news, replies to callers, the next step of a stop.
    void finish(Now now);
    void absorb_registry(Now now);

    // ---- events (engine_events.cpp) ----
    void on_event(Now now, const gateway::Gateway& gateway, const gateway::Event& event);
    void on_notice(Now now, const gateway::Notice& event);
    void on_gate(Now now, const gateway::GateChanged& event);
    void on_positions(Now now, const gateway::PositionsSnapshot& event);
    void on_position(Now now, const gateway::PositionChanged& event);
    void on_balances(Now now, const gateway::BalancesSnapshot& event);
    void on_profit(const AccountProfit& profit);
    void on_report(Now now, const gateway::OrderReport& event);
    void on_orders_complete(Now now, const AccountName& account);
    void on_stream(Now now, const gateway::StreamChanged& event);
    void on_token(Now now, const gateway::TokenChanged& event);
    void on_traded(Now now, const Execution& execution);
    void learn(Now now, const Position& position);
    void publish_difference(Now now, const AccountName& account, const AccountBook& before);

    // ---- answers (engine_health.cpp) ----
    std::vector<ComponentHealth> health(Now now) const;
    std::vector<std::pair<std::string, std::uint64_t>> all_counters() const;

    const EngineSettings settings;
    const std::vector<std::unique_ptr<gateway::Gateway>> gateway_list;
    Log& log;

    Counters counters;
    Deferred deferred;
    Feed feed;
    AlarmPace alarm_pace;  ///< Of errors that gateways tell.
    GatewaySet gateways;
    Halts halts;
    Accounts accounts;

    SymbolRegistry registry;
    Lookups lookups;
    Resolver resolver;
    MarketData market_data;
    Harmony harmony;
    Holdings holdings;
    Books books;
    Portfolio portfolio;

    JournalWriter journal;
    OrderTable orders;
    ExecutionLedger executions;
    OrderRecorder recorder;
    OrderQueries queries;
    OrderMatching matching;
    OrderFills fills;
    OrderEvidence evidence;
    RecentSales recent_sales;
    Exposure exposure;
    Risk risk;
    TradingGate gate;
    OrderDesk desk;
    OrderCancels cancels;
    OrderModifies modifies;
    OrderPreviews previews;
    BrokenBrackets brackets;
    OperatorActions actions;
    Syncs syncs;

    struct Stream {
        gateway::StreamState state{gateway::StreamState::Off};
        std::string reason;
        Utc since;
    };
    std::map<std::string, Stream> streams;
    struct Token {
        gateway::TokenChanged last;
        Utc since;
    };
    std::map<std::string, Token> tokens;  ///< By login.
    std::vector<Tick> ticks;              ///< Reused, so that a tick costs no allocation.
    std::function<void()> feed_grown;
    Utc started;
    bool held_changed{false};
    bool trade_events{false};
    bool stop_sent{false};
    std::optional<Instant> stop_due;       ///< When the gateways are stopped at the latest.
    std::optional<Instant> journal_given;  ///< When the journal is no longer waited for.
    bool stop_done{false};
};

}  // namespace janus::core
