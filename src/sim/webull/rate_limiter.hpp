#pragma once

#include <deque>
#include <map>
#include <string>

#include "base/time.hpp"
#include "sim/webull/endpoints.hpp"

namespace janus::sim::webull {

/// Counts calls per app key and endpoint against the published limits, independently for each.
/// A refused call does not count. Remembers at most `calls_max` instants per pair.
class RateLimiter {
 public:
    /// False when one more call now would break the limit of this endpoint.
    bool admit(Now now, const std::string& app_key, Endpoint endpoint);

 private:
    std::map<std::pair<std::string, Endpoint>, std::deque<Instant>> calls_;
};

}  // namespace janus::sim::webull
