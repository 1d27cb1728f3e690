#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "core/gateway_set.hpp"
#include "core/reply.hpp"
#include "core/resolver.hpp"
#include "core/views.hpp"
#include "gateway/event.hpp"

namespace janus::core {

struct MarketDataSettings {
    Duration stale_after{std::chrono::seconds(10)};
    std::size_t lines_max{100};                         ///< Subscriptions at the broker at a time.
    Duration retry_interval{std::chrono::seconds(60)};  ///< For wants that could not be served.
};

/// The latest quote of every wanted symbol. Clients are counted; held symbols and the configured
/// ones are wanted without a client. One gateway serves a symbol, whoever holds it. When there are
/// more wants than lines, held symbols come first, then watched ones, then the rest. The gateway
/// restores what it serves after a reconnect by itself.
/// Used on the core thread only; a tick costs no allocation and no search.
class MarketData {
 public:
    static constexpr std::size_t symbols_max = 4096;  ///< More are refused: `Unavailable`.

    MarketData(const GatewaySet& gateways, SymbolRegistry& registry, Resolver& resolver, Log& log,
               const MarketDataSettings& settings);

    // ---- wants ----

    /// One count for this symbol. Replies when the broker's id is known; an error leaves no count.
    void subscribe(Now now, const CanonicalSymbol& symbol, const std::string& who,
                   Answer<QuoteView> answer);
    /// Gives one count back. Errors: `NotFound` when there is none.
    Result<void> unsubscribe(Now now, const CanonicalSymbol& symbol);
    /// The symbols that any account holds now, replacing the earlier set.
    void set_held(Now now, const std::set<CanonicalSymbol>& symbols);
    /// The configured ones, wanted for ever.
    void set_defaults(Now now, const std::vector<CanonicalSymbol>& symbols);

    // ---- what happened ----

    void on_tick(Now now, const Tick& tick);
    void on_quality_changed(Now now, const gateway::QuoteQualityChanged& event);
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
    /// Symbols whose quote has changed since the last call, conflated, by symbol.
    std::vector<CanonicalSymbol> take_changed();
    std::size_t wanted() const { return by_symbol_.size(); }
    std::size_t lines_used() const { return lines_used_; }
    std::uint64_t ticks() const { return ticks_; }
    std::uint64_t late_ticks() const { return late_ticks_; }  ///< For ended subscriptions.
    const MarketDataSettings& settings() const { return settings_; }

 private:
    enum class Step {
        Free,       ///< No symbol lives here.
        Resolving,  ///< The broker's id is being found.
        Waiting,    ///< The id is known; no line is free.
        Active,     ///< Subscribed at the gateway.
        Failed,     ///< Could not be served; `reason` says why, a retry may come.
    };
    enum class Rank { Held, Watched, Rest };
    struct Slot {
        Step step{Step::Free};
        std::optional<CanonicalSymbol> symbol;
        SubscriptionId subscription;
        GatewayIndex gateway;
        NativeId native_id;
        std::string broker;
        Quote quote;
        DataQuality told{DataQuality::Live};  ///< What the broker says of its data.
        std::string reason;
        std::optional<Instant> retry_at;
        std::size_t clients{0};
        bool held{false};
        bool configured{false};
        bool changed{false};
        bool fresh{false};  ///< Not yet announced as stale.
        std::vector<Answer<QuoteView>> asking;
    };
    using SlotIndex = std::size_t;

    static Rank rank_of(const Slot& slot);
    std::optional<SlotIndex> find_slot(const CanonicalSymbol& symbol) const;
    std::optional<SlotIndex> want(const CanonicalSymbol& symbol);
    Slot* find_live(SubscriptionId subscription);
    void mark_changed(SlotIndex index);
    void resolve(Now now, SlotIndex index, const std::string& who);
    void on_resolved(Now now, SlotIndex index, const CanonicalSymbol& symbol, GatewayIndex gateway,
                     const Result<NativeId>& outcome);
    void answer_all(Now now, Slot& slot, const Result<NativeId>& outcome);
    void activate(Now now, SlotIndex index);
    void deactivate(Now now, SlotIndex index);
    void share_lines(Now now);
    void drop_if_unwanted(Now now, SlotIndex index);
    void retry_failed(Now now);
    QuoteView view_of(Now now, const Slot& slot) const;

    const GatewaySet& gateways_;
    SymbolRegistry& registry_;
    Resolver& resolver_;
    Log& log_;
    const MarketDataSettings settings_;
    std::vector<Slot> slots_;
    std::map<CanonicalSymbol, SlotIndex> by_symbol_;
    std::vector<SlotIndex> changed_;
    std::uint32_t last_subscription_{0};
    std::size_t lines_used_{0};
    std::uint64_t ticks_{0};
    std::uint64_t late_ticks_{0};
    std::optional<Instant> sweep_at_;
};

}  // namespace janus::core
