#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "base/time.hpp"

namespace janus::core {

/// Keeps repeated causes from drowning a person: the same text passes once an hour.
class AlarmPace {
 public:
    static constexpr Duration quiet{std::chrono::hours(1)};
    static constexpr std::size_t causes_max = 100;  ///< More in one hour are kept back.

    bool may_raise(Now now, const std::string& cause) {
        std::erase_if(raised_, [&](const auto& entry) { return entry.second + quiet <= now.mono; });
        return raised_.size() < causes_max && raised_.emplace(cause, now.mono).second;
    }

 private:
    std::map<std::string, Instant> raised_;
};

}  // namespace janus::core
