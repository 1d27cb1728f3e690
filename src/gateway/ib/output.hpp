#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "domain/market_data.hpp"
#include "gateway/event.hpp"
#include "gateway/io.hpp"

namespace janus::ib {

/// What the machine wants and says, gathered by its parts until the owner takes it.
struct Output {
    std::vector<io::Effect> effects;
    std::vector<gateway::Event> events;
    std::vector<Tick> ticks;
    std::map<std::string, std::uint64_t> counters;

    void emit(gateway::Event event) { events.push_back(std::move(event)); }
    void count(const std::string& oddity) { ++counters[oddity]; }
    void say(LogLevel level, std::string text) { emit(gateway::Notice{level, std::move(text)}); }
};

/// Request ids start here, order numbers stay below: an error message carries only one id, and it
/// must tell which of the two it means.
inline constexpr std::int64_t request_id_min = 1'000'000'000;
/// Ids of tick subscriptions start here, so that a tick finds its subscription by index.
inline constexpr std::int64_t tick_id_min = 1'500'000'000;

/// Hands out request ids; never one twice in the life of the process.
class RequestIds {
 public:
    std::int64_t next() { return next_++; }

 private:
    std::int64_t next_{request_id_min};
};

}  // namespace janus::ib
