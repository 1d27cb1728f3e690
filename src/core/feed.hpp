#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "core/views.hpp"

namespace janus::core {

/// The event stream that clients follow: sequence numbers rise by one without holes, stamps never
/// decrease, the last `size_max` events are kept for replay. Owned by the engine.
class Feed {
 public:
    explicit Feed(std::size_t size_max) : size_max_(size_max) {}

    void publish(Now now, FeedPayload payload);
    void alarm(Now now, std::string text) { publish(now, Alarm{std::move(text)}); }

    /// 0 before the first event.
    std::uint64_t last_sequence() const { return last_; }
    /// Events from `after` + 1 on. Errors: `NotFound` when some of them are not kept any more, or
    /// when `after` was never reached (the client followed an earlier server).
    Result<std::vector<FeedEvent>> events_after(std::uint64_t after) const;
    /// True when events were added since the last call.
    bool take_grown() { return std::exchange(grown_, false); }

 private:
    std::size_t size_max_;
    std::deque<FeedEvent> events_;
    std::uint64_t last_{0};
    Utc newest_;
    bool grown_{false};
};

}  // namespace janus::core
