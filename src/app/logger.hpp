#pragma once

#include <memory>
#include <string_view>

#include "api/log_buffer.hpp"
#include "base/log.hpp"

namespace spdlog {
class logger;
}

namespace janus::app {

/// The log of janusd: one line an event on standard error, written by a thread of its own, and the
/// recent lines in memory for clients. May be called from any thread; when its queue is full the
/// oldest lines give way.
class Logger final : public Log {
 public:
    Logger();
    ~Logger() override;
    void write(LogLevel level, std::string_view line) override;
    /// `trace`, `debug`, `info`, `warning`, `error`; what lies below is dropped.
    void set_level(std::string_view level);
    api::LogBuffer& buffer() { return buffer_; }

 private:
    std::shared_ptr<spdlog::logger> logger_;
    api::LogBuffer buffer_;
};

/// The line with control characters escaped and cut at 4 KiB, so that no text of a broker or a
/// client forges a line.
std::string one_line(std::string_view text);

}  // namespace janus::app
