#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.hpp"
#include "domain/ids.hpp"

namespace janus {

/// Which number of a quote a tick carries.
enum class TickField { Bid, Ask, Last, BidSize, AskSize, LastSize, Close, Open, High, Low, Volume };

/// How far a price can be trusted. `Stale` is decided by age, the others by what the broker says.
enum class DataQuality { Live, Frozen, Delayed, DelayedFrozen, Stale, None };

std::string_view to_text(TickField field);  ///< `bid`, `ask_size`, ...
std::string_view to_text(
    DataQuality quality);  ///< `live`, `frozen`, `delayed`, `delayed_frozen`, `stale`, `none`

/// The core's number of one wanted subscription at one gateway; never reused.
using SubscriptionId = Tagged<std::uint32_t, struct SubscriptionIdTag>;

/// One changed value. An absent value means that the broker has no quote now.
struct Tick {
    SubscriptionId subscription;
    TickField field{TickField::Last};
    std::optional<Decimal> value;
    friend bool operator==(const Tick&, const Tick&) = default;
};

/// The latest values of one symbol.
struct Quote {
    std::optional<Price> bid, ask, last, close, open, high, low;
    std::optional<Quantity> bid_size, ask_size, last_size, volume;
    DataQuality quality{DataQuality::None};
    std::optional<Instant> changed;       ///< When the last bid, ask or last came; for the age.
    std::optional<Instant> last_changed;  ///< When the last trade's price came.
    Utc at;
};

}  // namespace janus
