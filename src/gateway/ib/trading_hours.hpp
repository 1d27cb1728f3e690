#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace janus::ib {

/// When an instrument trades in the days that its contract details describe, about a week. A value;
/// asks no clock.
class TradingHours {
 public:
    /// Reads `20260105:0930-20260105:1600;20260106:CLOSED` in the zone of the details.
    /// Nothing when the text or the zone is not understood: hours are then unknown, never guessed.
    static std::optional<TradingHours> parse(std::string_view text, std::string_view zone);

    /// Nothing for a moment outside of the described days.
    std::optional<bool> is_open(Utc at) const;

 private:
    struct Span {
        Utc from;
        Utc until;  ///< The first moment that is no longer in it.
        bool holds(Utc at) const { return at >= from && at < until; }
    };
    static std::optional<Span> find_days(std::string_view first, std::string_view last,
                                         std::string_view zone);
    bool add(std::string_view item, std::string_view zone);

    std::vector<Span> described_;
    std::vector<Span> sessions_;
};

}  // namespace janus::ib
