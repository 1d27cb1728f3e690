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

/// Bid, ask and last: what a holding is valued with.
bool is_live_price(TickField field);

/// The latest tick of each field of one symbol: to take one over is to store it under its field,
/// whichever that is. What it means is asked for far less often than there are ticks.
struct LatestTicks {
    struct Entry {
        std::optional<Decimal> value;
        std::optional<Instant> came;  ///< The last time with a value.
    };
    std::array<Entry, static_cast<std::size_t>(TickField::LastTime) + 1> entries;
    Utc at;  ///< When the last tick came.

    Entry& operator[](TickField field) { return entries[static_cast<std::size_t>(field)]; }
    const Entry& operator[](TickField field) const {
        return entries[static_cast<std::size_t>(field)];
    }
};
/// The same as a quote; its quality is for the caller to judge.
Quote quote_of(const LatestTicks& latest);
/// Whether there is a price that follows the market: bid, ask or last.
bool has_price(const LatestTicks& latest);
/// When the newest of these came.
std::optional<Instant> price_time_of(const LatestTicks& latest);

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
    bool changed{false};   ///< Will be in the next take_changed.
    bool doubtful{false};  ///< Asked for again; no new price since.
    bool retry{false};     ///< Failed for a reason that may pass by itself.
    LatestTicks latest;
    std::optional<Instant> told_stale;  ///< Which price was announced as stale.
    std::optional<Instant> watched;     ///< The newest price that the watch for silence knows.
    std::optional<Instant> watch_at;    ///< When the silence since then is too long.
    Duration patience{0};               ///< How long the next silence may last.
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
        if (!slots_[index].changed) note_changed(index);
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

    void note_changed(Index index);

    std::vector<QuoteSlot> slots_;
    std::vector<Index> free_;
    std::map<CanonicalSymbol, Index> by_symbol_;
    std::vector<Index> by_subscription_;  ///< By the low bits; the slot knows the whole number.
    std::vector<Index> changed_;
    std::uint32_t last_subscription_{0};
};

}  // namespace janus::core
