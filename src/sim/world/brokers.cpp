#include "sim/world/brokers.hpp"

namespace janus::sim {

void Brokers::carry_events(Now now) {
    for (auto events = exchange.take_events(); !events.empty(); events = exchange.take_events())
        for (const auto& event : events) {
            ib.on_exchange(now, event);
            webull.on_exchange(now, event);
        }
}

void Brokers::on_timeout(Now now) {
    exchange.on_timeout(now);
    ib.on_timeout(now);
    webull.on_timeout(now);
    carry_events(now);
}

std::optional<Instant> Brokers::deadline() const {
    std::optional<Instant> next;
    for (const auto& at : {exchange.deadline(), ib.deadline(), webull.deadline()})
        if (at && (!next || *at < *next)) next = at;
    return next;
}

}  // namespace janus::sim
