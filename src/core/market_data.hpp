#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "core/alarm_pace.hpp"
#include "core/gateway_set.hpp"
#include "core/quote_slots.hpp"
#include "core/reply.hpp"
#include "core/resolver.hpp"
#include "core/views.hpp"
#include "gateway/event.hpp"

namespace janus::core {

struct MarketDataSettings {
    Duration stale_after{std::chrono::seconds(10)};
    std::size_t lines_max{100};  ///< Subscriptions at the broker at a time.
    /// After the broker granted fewer lines, one more is tried so often.
    Duration line_probe_interval{std::chrono::minutes(10)};
    Duration retry_interval{std::chrono::seconds(60)};  ///< For wants that could not be served.
    /// A subscription that had prices and then none for so long is asked for once more; then after
    /// twice the time, up to `silence_wait_max`. While its market is closed, silence is in order.
    Duration silence_max{std::chrono::seconds(30)};
    Duration silence_wait_max{std::chrono::hours(1)};
};

/// The latest quote of every wanted symbol. Clients are counted; held symbols and the configured
/// ones are wanted without a client. One gateway serves a symbol, whoever holds it. When there are
/// more wants than lines, held symbols come first, then watched ones, then the rest. The gateway
/// restores what it serves after a reconnect by itself; while it is lost, another ready one takes
/// its symbols over.
/// Used on the core thread only; a tick costs no allocation and no search.
class MarketData {
 public:
    MarketData(const GatewaySet& gateways, const SymbolRegistry& registry, Resolver& resolver,
               Log& log, const MarketDataSettings& settings);

    // ---- wants ----

    /// One count for this symbol. Replies when the broker's id is known; an error leaves no count.
    /// Errors: those of Resolver::resolve; `Unavailable` when the table of symbols is full.
    void subscribe(Now now, const CanonicalSymbol& symbol, const std::string& who,
                   Answer<QuoteView> answer);
    /// Gives one count back. Errors: `NotFound` when there is none.
    Result<void> unsubscribe(Now now, const CanonicalSymbol& symbol);
    /// The symbols that any account holds now, replacing the earlier set.
    void set_held(Now now, const std::set<CanonicalSymbol>& symbols);
    /// The configured ones, wanted for ever.
    void set_defaults(Now now, const std::vector<CanonicalSymbol>& symbols);

    // ---- what happened ----

    /// As they came, from one read.
    void on_ticks(Now now, std::span<const Tick> ticks);
    void on_quality_changed(Now now, const gateway::QuoteQualityChanged& event);
    /// The broker serves fewer lines than the setting allows: the least wanted ones go.
    void on_line_budget(Now now, const gateway::LineBudgetChanged& event);
    /// A gateway that is ready again is a reason to try what could not be served. Call after
    /// GatewaySet::on_gate_changed.
    void on_gate_changed(Now now, const gateway::GateChanged& event);
    /// A changed id moves the subscription; a new one serves who waits for it.
    void on_registry_changed(Now now, const SymbolRecord& record);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

    // ---- answers ----

    QuoteView quote(Now now, const CanonicalSymbol& symbol) const;
    std::vector<QuoteView> quotes(Now now) const;  ///< Every wanted symbol, by symbol.
    /// Symbols whose quote has changed since the last call, conflated, the first one first.
    std::vector<CanonicalSymbol> take_changed() { return slots_.take_changed(); }
    std::size_t wanted() const { return slots_.size(); }
    std::size_t lines_used() const { return lines_used_; }
    /// How many lines there are now; below the setting after the broker refused one.
    std::size_t line_budget() const { return line_budget_; }
    std::uint64_t ticks() const { return ticks_; }
    /// Why data are missing, for the feed: each reason once an hour.
    std::vector<std::string> take_alarms();
    std::uint64_t late_ticks() const { return late_ticks_; }  ///< For ended subscriptions.
    const MarketDataSettings& settings() const { return settings_; }

 private:
    using SlotIndex = QuoteSlots::Index;

    void want_without_client(Now now, const CanonicalSymbol& symbol, bool QuoteSlot::* reason,
                             const std::string& who);
    void resolve(Now now, SlotIndex index, const std::string& who);
    void on_resolved(Now now, SlotIndex index, GatewayIndex gateway,
                     const Result<NativeId>& outcome);
    void serve(SlotIndex index, GatewayIndex gateway, const NativeId& native_id);
    void serve_if_known(SlotIndex index);
    void follow_id(Now now, SlotIndex index);
    void give_up(Now now, SlotIndex index, const Error& error);
    void activate(Now now, SlotIndex index);
    void deactivate(Now now, SlotIndex index);
    std::optional<SlotIndex> find_first_waiting() const;
    std::optional<SlotIndex> find_last_active() const;
    void share_lines(Now now);
    void free_surplus_lines(Now now);
    void try_one_more_line(Now now);
    void drop_if_unwanted(Now now, SlotIndex index);
    void retry_failed(Now now, bool all);
    void leave_lost_gateways(Now now);
    void on_tick(Now now, const Tick& tick);
    static bool is_kept_price(QuoteSlot& slot, const Tick& tick);
    static void forget_prices(QuoteSlot& slot);
    void sweep(Now now);
    void look_again_at(Instant at);
    void announce_stale(Now now, SlotIndex index);
    void ask_again_if_silent(Now now, SlotIndex index);
    void report_once(Now now, std::optional<GatewayIndex> gateway, const std::string& reason);
    QuoteView view_of(Now now, const QuoteSlot& slot) const;
    void judge(Now now, const QuoteSlot& slot, QuoteView& view) const;
    bool is_closed(Now now, const QuoteSlot& slot) const;

    const GatewaySet& gateways_;
    const SymbolRegistry& registry_;
    Resolver& resolver_;
    Log& log_;
    const MarketDataSettings settings_;
    const std::size_t lines_max_;
    std::size_t line_budget_;
    std::optional<Instant> line_probe_at_;
    QuoteSlots slots_;
    struct MissingAlarm {
        std::optional<GatewayIndex> gateway;
        std::string text;
    };
    AlarmPace pace_;  ///< Of reasons why data are missing.
    std::vector<MissingAlarm> alarms_;
    std::size_t lines_used_{0};
    std::uint64_t ticks_{0};
    std::uint64_t late_ticks_{0};
    std::optional<Instant> sweep_at_;
    std::optional<Instant> retry_at_;
};

}  // namespace janus::core
