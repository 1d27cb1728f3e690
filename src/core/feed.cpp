#include "core/feed.hpp"

#include <algorithm>

namespace janus::core {

void Feed::publish(Now now, FeedPayload payload) {
    // The wall clock may step back; the order of events may not seem to.
    newest_ = std::max(newest_, now.utc);
    events_.push_back(FeedEvent{++last_, newest_, std::move(payload)});
    if (events_.size() > size_max_) events_.pop_front();
    grown_ = true;
}

Result<std::vector<FeedEvent>> Feed::events_after(std::uint64_t after) const {
    if (after > last_)
        return fail(ErrorCode::NotFound,
                    "gap: event {} has not happened here, the last one is {}; take a snapshot",
                    after, last_);
    const std::uint64_t first_kept = last_ + 1 - events_.size();
    if (after + 1 < first_kept)
        return fail(ErrorCode::NotFound,
                    "gap: events {} to {} are no longer kept; take a snapshot and go on from {}",
                    after + 1, first_kept - 1, last_);
    const auto skip = static_cast<std::ptrdiff_t>(after + 1 - first_kept);
    return std::vector<FeedEvent>(events_.begin() + skip, events_.end());
}

}  // namespace janus::core
