#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace janus {

using Duration = std::chrono::nanoseconds;

/// A point on the monotonic clock, counted from an arbitrary start. Durations are measured with it
/// only.
struct Instant {
    Duration since_start{};
    friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
    friend constexpr Instant operator+(Instant at, Duration span) {
        return {at.since_start + span};
    }
    friend constexpr Instant operator-(Instant at, Duration span) {
        return {at.since_start - span};
    }
    friend constexpr Duration operator-(Instant later, Instant earlier) {
        return later.since_start - earlier.since_start;
    }
};

/// A point on the wall clock: nanoseconds since 1970-01-01T00:00:00Z. For stamps and signatures
/// only.
struct Utc {
    Duration since_epoch{};
    friend constexpr auto operator<=>(const Utc&, const Utc&) = default;
    friend constexpr Utc operator+(Utc at, Duration span) { return {at.since_epoch + span}; }
    friend constexpr Duration operator-(Utc later, Utc earlier) {
        return later.since_epoch - earlier.since_epoch;
    }
    constexpr std::int64_t milliseconds() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
    }
    constexpr std::int64_t seconds() const {
        return std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count();
    }
};

/// The time as a machine is told it. Nothing that decides asks a clock.
struct Now {
    Instant mono;
    Utc utc;
};

constexpr Utc utc_from_milliseconds(std::int64_t milliseconds) {
    return {std::chrono::milliseconds(milliseconds)};
}

/// `2026-03-09T14:30:05.412Z`, always with milliseconds.
std::string to_iso_text(Utc at);
/// `2026-03-09T14:30:05Z`, whole seconds.
std::string to_iso_seconds_text(Utc at);
/// Reads both forms above, also with an offset (`+0000`, `+00:00`) and with 0 to 9 decimals.
/// Errors: `Malformed`.
Result<Utc> parse_iso(std::string_view text);

}  // namespace janus
