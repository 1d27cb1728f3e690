#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.hpp"
#include "domain/ids.hpp"

namespace janus {

/// Which number of a quote a tick carries.
enum class TickField {
    Bid,
    Ask,
    Last,
    BidSize,
    AskSize,
    LastSize,
    Close,
    Open,
    High,
    Low,
    Volume,
    Mark,      ///< What the broker values a holding with.
    Halted,    ///< 0 trading, above 0 halted; absent when the broker does not know.
    LastTime,  ///< When the last trade was made, in seconds since 1970.
};

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
    std::optional<Price> bid, ask, last, close, open, high, low, mark;
    std::optional<Quantity> bid_size, ask_size, last_size, volume;
    DataQuality quality{DataQuality::None};
    std::optional<Instant> changed;       ///< When the last bid, ask or last came; for the age.
    std::optional<Instant> last_changed;  ///< When the last trade's price came.
    Utc at;
    std::optional<bool> halted{};     ///< Absent when the broker does not say.
    std::optional<Utc> last_trade{};  ///< When the last trade was made, by the broker's clock.
};

/// The length of a bar.
enum class BarSize {
    Seconds5,
    Seconds10,
    Seconds15,
    Seconds30,
    Minute1,
    Minutes2,
    Minutes3,
    Minutes5,
    Minutes10,
    Minutes15,
    Minutes20,
    Minutes30,
    Hour1,
    Hours2,
    Hours3,
    Hours4,
    Hours8,
    Day1,
    Week1,
    Month1,
};
/// Which prices a bar gathers.
enum class BarSource { Trades, Midpoint, Bid, Ask, BidAsk, AdjustedTrades };
/// Which part of the day it covers.
enum class BarHours { Regular, All };

std::string_view to_text(BarSize size);      ///< `5s`, `1m`, `1h`, `1d`, `1w`, `1mo`
std::string_view to_text(BarSource source);  ///< `trades`, `midpoint`, `bid`, `ask`, ...

/// Open, high, low and close over a span.
struct Bar {
    Utc start;  ///< Of bars of a day and more: midnight UTC of the trading day, which is a date.
    Price open, high, low, close;
    std::optional<Quantity> volume{};  ///< Only trades have one.
    std::optional<Price> average{};    ///< Weighted by volume.
    std::optional<std::int64_t> trades{};
    friend bool operator==(const Bar&, const Bar&) = default;
};

}  // namespace janus
