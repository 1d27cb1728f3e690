#include "app/sim_world.hpp"

namespace janus::app {

void SimWorld::carry_events(Now now) {
    for (auto events = exchange.take_events(); !events.empty(); events = exchange.take_events())
        for (const auto& event : events) {
            ib.on_exchange(now, event);
            webull.on_exchange(now, event);
        }
}

void SimWorld::on_timeout(Now now) {
    exchange.on_timeout(now);
    ib.on_timeout(now);
    webull.on_timeout(now);
    carry_events(now);
}

std::string SimWorld::certificate_flaw(std::string_view target) const {
    for (const auto& fault : webull.active_faults())
        if (fault.target == target && fault.name == "certificate")
            return fault.parameters.at("flaw");
    return {};
}

std::optional<Instant> SimWorld::deadline() const {
    std::optional<Instant> next;
    for (const auto& at : {exchange.deadline(), ib.deadline(), webull.deadline()})
        if (at && (!next || *at < *next)) next = at;
    return next;
}

}  // namespace janus::app
