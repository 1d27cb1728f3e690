#pragma once

#include <bit>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/event.hpp"
#include "gateway/io.hpp"

namespace janus::webull {

/// What the parts of the gateway want and have to say. Every text that leaves through it is
/// scrubbed: secrets become `***`, account ids are masked, however they came in.
class Outbox {
 public:
    void want(io::Effect effect) { effects_.push_back(std::move(effect)); }
    void tell(gateway::Event event);
    void notice(LogLevel level, std::string text) { tell(gateway::Notice{level, std::move(text)}); }
    /// Counts an oddity; returns how many there have been.
    std::uint64_t count(std::string_view name) { return ++counters_[std::string(name)]; }
    /// Counts an oddity and says so in the log, but ever more rarely: at 1, 2, 4, 8, ...
    void count_aloud(std::string_view name, const std::string& text) {
        if (std::has_single_bit(count(name)))
            notice(LogLevel::Warning,
                   fmt::format("{} ({} so far)", text, counters_.at(std::string(name))));
    }

    /// From now on `hidden` is shown as `shown`.
    void hide(const std::string& hidden, std::string shown);
    std::string scrubbed(std::string text) const;

    std::vector<io::Effect> take_effects() { return std::exchange(effects_, {}); }
    std::vector<gateway::Event> take_events() { return std::exchange(events_, {}); }
    const std::map<std::string, std::uint64_t>& counters() const { return counters_; }

 private:
    std::vector<io::Effect> effects_;
    std::vector<gateway::Event> events_;
    std::map<std::string, std::uint64_t> counters_;
    std::map<std::string, std::string> hidden_;
};

}  // namespace janus::webull
