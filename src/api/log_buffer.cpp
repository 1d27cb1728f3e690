#include "api/log_buffer.hpp"

namespace janus::api {

void LogBuffer::add(Utc at, LogLevel level, std::string_view text) {
    std::lock_guard lock(mutex_);
    lines_.push_back({++last_, at, level, std::string(text)});
    if (lines_.size() > lines_max_) lines_.pop_front();
}

std::vector<LogBuffer::Line> LogBuffer::lines_after(std::uint64_t after) const {
    std::lock_guard lock(mutex_);
    std::vector<Line> found;
    for (const auto& line : lines_)
        if (line.number > after) found.push_back(line);
    return found;
}

std::uint64_t LogBuffer::last_number() const {
    std::lock_guard lock(mutex_);
    return last_;
}

}  // namespace janus::api
