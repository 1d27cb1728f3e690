#include "sim/webull/rate_limiter.hpp"

namespace janus::sim::webull {

bool RateLimiter::admit(Now now, const std::string& app_key, Endpoint endpoint) {
    const auto& row = row_of(endpoint);
    if (row.calls_max == 0) return true;
    auto& calls = calls_[{app_key, endpoint}];
    while (!calls.empty() && now.mono - calls.front() >= row.window) calls.pop_front();
    if (calls.size() >= static_cast<std::size_t>(row.calls_max)) return false;
    calls.push_back(now.mono);
    return true;
}

}  // namespace janus::sim::webull
