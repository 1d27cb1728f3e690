#pragma once

#include <cstddef>
#include <deque>
#include <string>

#include "base/time.hpp"

namespace janus::ib {

/// One question about the past, as IB counts it.
struct PacedQuestion {
    std::string whole;       ///< Everything that makes two questions the same.
    std::string instrument;  ///< Conid, exchange and kind of prices.
    std::size_t weight{1};   ///< Bid-and-ask bars count twice.
    bool small_bars{true};   ///< Of 30 seconds or less, and streams of bars.
};

/// IB's rules for questions about the past: of small bars at most sixty in ten minutes; no question
/// twice within fifteen seconds; fewer than six about one instrument within two.
/// Source: IB's page on historical data limitations.
class HistoryPacing {
 public:
    static constexpr std::size_t window_max = 60;
    static constexpr Duration window = std::chrono::minutes(10);
    static constexpr Duration same_pause = std::chrono::seconds(15);
    static constexpr std::size_t burst_max = 5;
    static constexpr Duration burst_span = std::chrono::seconds(2);

    /// When the question may go out; the past when it may now.
    Instant free_at(const PacedQuestion& question) const;
    void on_sent(Now now, PacedQuestion question);
    /// After a complaint: nothing goes out for a while.
    void pause_until(Instant at) { paused_until_ = at; }

 private:
    struct Sent {
        Instant at;
        PacedQuestion question;
    };
    Instant window_free_at(const PacedQuestion& question) const;

    std::deque<Sent> sent_;  ///< Of the last window.
    Instant paused_until_;
};

}  // namespace janus::ib
