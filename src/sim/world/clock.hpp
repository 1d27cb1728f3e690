#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "base/time.hpp"

namespace janus::sim {

/// The time of a simulated world: it moves when the world says so, and not by itself.
struct VirtualClock {
    Instant mono{std::chrono::hours(1)};
    Utc start{std::chrono::seconds(1'773'063'000)};  ///< 2026-03-09, a Monday, the market open.
    Now now() const { return {mono, start + mono.since_start}; }
};

/// What will happen, by time and then in the order in which it was asked for. Owned by the world.
class Schedule {
 public:
    void at(Instant when, std::function<void()> what) {
        entries_.emplace(std::pair{when, ++sequence_}, std::move(what));
    }
    std::optional<Instant> next() const {
        if (entries_.empty()) return std::nullopt;
        return entries_.begin()->first.first;
    }
    /// Takes the earliest entry out and runs it. Precondition: there is one.
    void run_next() {
        auto node = entries_.extract(entries_.begin());
        node.mapped()();
    }

 private:
    std::map<std::pair<Instant, std::uint64_t>, std::function<void()>> entries_;
    std::uint64_t sequence_{0};
};

}  // namespace janus::sim
