#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace janus::sim {

/// One switchable fault of a simulated broker, as `GET /faults` lists it.
struct FaultRow {
    std::string_view target;      ///< `ib`, `webull`, `events`
    std::string_view name;        ///< `swallow_place`
    std::string_view parameters;  ///< What `POST /faults` takes besides: `count (how many times, 0
                                  ///< = until off)`.
    std::string_view what;        ///< What it does, one sentence.
};

/// A request to switch a fault. `enabled` false switches it off.
struct FaultOrder {
    std::string target;
    std::string name;
    bool enabled{true};
    std::map<std::string, std::string> parameters;
};

}  // namespace janus::sim
