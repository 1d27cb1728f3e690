#pragma once

#include <string_view>

namespace janus {

enum class LogLevel { Trace, Debug, Info, Warning, Error };

/// `trace`, `debug`, `info`, `warning`, `error`.
std::string_view to_text(LogLevel level);

/// Where a short fact and its fields go: `order accepted account=ib_main order=42`.
/// Nothing decides by what was logged. Implementations may be called from any thread.
class Log {
 public:
    virtual ~Log() = default;
    virtual void write(LogLevel level, std::string_view line) = 0;
};

/// Throws every line away; for tests.
class NoLog final : public Log {
 public:
    void write(LogLevel, std::string_view) override {}
};

}  // namespace janus
