#include "sim/world/trace.hpp"

#include <fmt/format.h>

namespace janus::sim {

void Trace::write(LogLevel level, std::string_view line) {
    for (const auto& secret : secrets_)
        if (!leak_ && line.find(secret) != std::string_view::npos) leak_ = line;
    add(to_text(level), line);
}

void Trace::note_bytes(std::string_view who, std::string_view what, std::string_view bytes) {
    mix(bytes);
    add(who, fmt::format("{} {} bytes", what, bytes.size()));
}

void Trace::add(std::string_view who, std::string_view what) {
    const auto micros =
        std::chrono::duration_cast<std::chrono::microseconds>(clock_.mono.since_start).count();
    const auto line =
        fmt::format("{:>6}.{:06} {:<8} {}", micros / 1'000'000, micros % 1'000'000, who, what);
    mix(line);
    if (sink_) sink_(line);
}

void Trace::mix(std::string_view bytes) {
    for (const char byte : bytes) {
        hash_ ^= static_cast<unsigned char>(byte);
        hash_ *= 0x100000001b3ULL;
    }
}

}  // namespace janus::sim
