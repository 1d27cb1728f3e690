#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <vector>

/// Clocks and medians. Machines are shared, so benchmarks compare CPU time and ratios of rounds
/// that alternate, never absolute times of different runs.
namespace janus::bench {

inline double seconds_of(clockid_t clock) {
    timespec at{};
    clock_gettime(clock, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) * 1e-9;
}

/// CPU seconds of the calling thread, in the kernel and out of it.
inline double thread_cpu() {
    return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

inline double wall() {
    return seconds_of(CLOCK_MONOTONIC);
}

/// The value below which `share` of the values lie; precondition: not empty.
inline double quantile(std::vector<double> values, double share) {
    const auto index = static_cast<std::size_t>(static_cast<double>(values.size() - 1) * share);
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(index));
    return values[index];
}

inline double median(std::vector<double> values) {
    return quantile(std::move(values), 0.5);
}

}  // namespace janus::bench
