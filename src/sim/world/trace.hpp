#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "sim/world/clock.hpp"

namespace janus::sim {

/// Everything that happens in a world, as lines: hashed, so that two runs can be compared bit for
/// bit, and handed to a sink when a person wants to read them. It is the server's log as well, and
/// looks for secrets in it. The clock must outlive it.
class Trace final : public Log {
 public:
    using Sink = std::function<void(std::string_view line)>;

    Trace(const VirtualClock& clock, Sink sink) : clock_(clock), sink_(std::move(sink)) {}

    /// A line of the server's log.
    void write(LogLevel level, std::string_view line) override;
    template <typename... Args>
    void note(std::string_view who, fmt::format_string<Args...> format, Args&&... args) {
        add(who, fmt::format(format, std::forward<Args>(args)...));
    }
    /// Bytes that moved: counted into the hash, shown by their number only.
    void note_bytes(std::string_view who, std::string_view what, std::string_view bytes);

    /// Log lines must not hold this text.
    void guard(std::string secret) { secrets_.push_back(std::move(secret)); }
    /// The first log line that held a secret.
    const std::optional<std::string>& leak() const { return leak_; }
    std::uint64_t hash() const { return hash_; }

 private:
    void add(std::string_view who, std::string_view what);
    void mix(std::string_view bytes);

    const VirtualClock& clock_;
    Sink sink_;
    std::vector<std::string> secrets_;
    std::optional<std::string> leak_;
    std::uint64_t hash_{0xcbf29ce484222325ULL};  // FNV-1a.
};

}  // namespace janus::sim
