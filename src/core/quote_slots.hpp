#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/gateway_set.hpp"
#include "core/reply.hpp"
#include "core/views.hpp"

namespace janus::core {

/// True for a bid, ask or last that is there: what a holding is valued with.
inline bool is_live_price(const Tick& tick) {
    return tick.field <= TickField::Last && tick.value;
}

/// The latest value of each field of one symbol, as ticks bring them: to take one over is to store
/// it under its field. What it means is asked for far less often than there are ticks.
struct LatestTicks {
    std::array<std::optional<Decimal>, static_cast<std::size_t>(TickField::LastTime) + 1> values;
    std::optional<Instant> changed;       ///< As in `Quote`.
    std::optional<Instant> last_changed;  ///< As in `Quote`.
    Utc at;                               ///< When the last tick came.

    std::optional<Decimal>& operator[](TickField field) {
        return values[static_cast<std::size_t>(field)];
    }
    const std::optional<Decimal>& operator[](TickField field) const {
        return values[static_cast<std::size_t>(field)];
    }
};
/// The same as a quote; its quality is for the caller to judge.
Quote quote_of(const LatestTicks& latest);
/// Whether there is a price that follows the market: bid, ask or last.
bool has_price(const LatestTicks& latest);

/// Data that follows the market grows stale; frozen data says by its name that it does not.
bool follows_market(DataQuality quality);

/// How far a wanted symbol has come.
enum class QuoteStep {
    Free,       ///< No symbol lives here.
    Named,      ///< Nobody has asked for the broker's id yet.
    Resolving,  ///< The broker's id is being found.
    Waiting,    ///< The id is known; no line is free.
    Active,     ///< Subscribed at the gateway.
    Failed,     ///< Could not be served; `reason` says why.
};

/// Who gets a line first when there are not enough.
enum class QuoteRank { Held, Watched, Rest };

/// One wanted symbol: who wants it, who serves it, and its latest quote.
/// What a tick touches stands together.
struct QuoteSlot {
    SubscriptionId subscription;  ///< While Active.
    QuoteStep step{QuoteStep::Free};
    bool changed{false};              ///< Will be in the next take_changed.
    bool fresh{false};                ///< Had a price; not yet announced as stale.
    bool doubtful{false};             ///< Asked for again; no new price since.
    bool retry{false};                ///< Failed for a reason that may pass by itself.
    Duration patience{0};             ///< How long the next silence may last.
    std::optional<Instant> watch_at;  ///< When the present silence is too long.
    LatestTicks latest;
    std::optional<CanonicalSymbol> symbol;
    GatewayIndex gateway;
    std::string broker;
    NativeId native_id;
    DataQuality told{DataQuality::Live};  ///< What the broker says of its data.
    std::string reason;
    std::size_t clients{0};
    bool held{false};
    bool configured{false};
    std::vector<Answer<QuoteView>> asking;
};

QuoteRank rank_of(const QuoteSlot& slot);
bool is_wanted(const QuoteSlot& slot);

/// The table of wanted symbols: found by symbol through a map, by a tick's subscription through two
/// array look-ups. Places are reused, subscription numbers never are. References live until the
/// next find_or_make.
class QuoteSlots {
 public:
    using Index = std::size_t;
    static constexpr std::size_t size_max = 4096;

    QuoteSlots();

    QuoteSlot& at(Index index) { return slots_[index]; }
    const QuoteSlot& at(Index index) const { return slots_[index]; }
    std::optional<Index> find(const CanonicalSymbol& symbol) const;
    /// A new slot is Named. Nothing when the table is full.
    std::optional<Index> find_or_make(const CanonicalSymbol& symbol);
    /// Precondition: it is not Active.
    void drop(Index index);
    const std::map<CanonicalSymbol, Index>& by_symbol() const { return by_symbol_; }
    std::size_t size() const { return by_symbol_.size(); }

    /// Gives the slot a new subscription number.
    SubscriptionId attach(Index index);
    void detach(Index index);
    /// The slot that this subscription serves now.
    std::optional<Index> find_live(SubscriptionId subscription) const {
        const auto index = by_subscription_[low_bits_of(subscription)];
        if (index == no_slot || slots_[index].subscription != subscription) return std::nullopt;
        return index;
    }

    void mark_changed(Index index) {
        if (std::exchange(slots_[index].changed, true)) return;
        changed_.push_back(index);
    }
    /// In the order in which they changed.
    std::vector<CanonicalSymbol> take_changed();

 private:
    static constexpr auto no_slot = static_cast<Index>(-1);
    static std::size_t low_bits_of(SubscriptionId subscription) {
        static_assert((size_max & (size_max - 1)) == 0,
                      "a power of two, so that the low bits are an index");
        return subscription.value & (size_max - 1);
    }

    std::vector<QuoteSlot> slots_;
    std::vector<Index> free_;
    std::map<CanonicalSymbol, Index> by_symbol_;
    std::vector<Index> by_subscription_;  ///< By the low bits; the slot knows the whole number.
    std::vector<Index> changed_;
    std::uint32_t last_subscription_{0};
};

}  // namespace janus::core
