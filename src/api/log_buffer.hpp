#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/time.hpp"

namespace janus::api {

/// The most recent log lines, for clients. Written from any thread, read on the core thread.
class LogBuffer {
 public:
    struct Line {
        std::uint64_t number{0};  ///< Rises by one.
        Utc at;
        LogLevel level{LogLevel::Info};
        std::string text;
    };

    explicit LogBuffer(std::size_t lines_max = 1'000) : lines_max_(lines_max) {}

    void add(Utc at, LogLevel level, std::string_view text);
    /// Kept lines with a number above `after`, oldest first.
    std::vector<Line> lines_after(std::uint64_t after) const;
    std::uint64_t last_number() const;

 private:
    const std::size_t lines_max_;
    mutable std::mutex mutex_;
    std::deque<Line> lines_;
    std::uint64_t last_{0};
};

}  // namespace janus::api
