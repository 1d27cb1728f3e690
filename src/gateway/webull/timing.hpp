#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/random.hpp"
#include "base/time.hpp"

namespace janus::webull {

/// The earlier of two times that may be absent.
inline std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

/// Waits that double from `first` to `longest`, each varied by up to 20 % either way.
class Backoff {
 public:
    Backoff(Duration first, Duration longest) : first_(first), longest_(longest), next_(first) {}
    Duration next(Random& random) {
        const auto wait = next_;
        next_ = std::min(next_ * 2, longest_);
        const auto percent = static_cast<std::int64_t>(80 + random.below(41));
        return wait * percent / 100;
    }
    void reset() { next_ = first_; }

 private:
    Duration first_;
    Duration longest_;
    Duration next_;
};

/// A trailing debounce: due once it has been quiet for `quiet`, but never later than five times
/// that after the first event, so that a steady stream of events cannot hold it off for ever.
class Debounce {
 public:
    explicit Debounce(Duration quiet) : quiet_(quiet) {}
    void on_event(Instant at) {
        if (!first_) first_ = at;
        due_ = std::min(at + quiet_, *first_ + quiet_ * 5);
    }
    bool due(Instant at) const { return due_ && at >= *due_; }
    std::optional<Instant> deadline() const { return due_; }
    /// Called when the work begins: an event from now on makes it due again.
    void begin() {
        first_.reset();
        due_.reset();
    }

 private:
    Duration quiet_;
    std::optional<Instant> first_;
    std::optional<Instant> due_;
};

/// A token bucket: `burst` at once, then one per `refill`. Over any window at most
/// burst + window / refill requests pass.
class RateBudget {
 public:
    RateBudget(int burst, Duration refill) : burst_(burst), refill_(refill) {}
    /// When the next request may go; `at` itself when one may go now.
    Instant next_at(Instant at) const {
        const auto ready = std::max(full_at_ - refill_ * (burst_ - 1), blocked_until_);
        return std::max(at, ready);
    }
    bool take(Instant at) {
        if (next_at(at) > at) return false;
        full_at_ = std::max(full_at_, at) + refill_;
        return true;
    }
    /// The broker told us to wait.
    void block_until(Instant at) { blocked_until_ = std::max(blocked_until_, at); }

 private:
    int burst_;
    Duration refill_;
    Instant full_at_{};  ///< When the bucket would be full again.
    Instant blocked_until_{};
};

}  // namespace janus::webull
