#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "sim/fault.hpp"
#include "sim/world/network.hpp"

namespace janus::sim {

/// Whose trouble a run is about.
enum class Trouble { Both, IbOnly, WebullOnly, None };
/// `both`, `ib`, `webull`, `none`.
std::string_view to_text(Trouble trouble);
bool troubles(Trouble trouble, Line line);

/// A broker's fault that a seed may choose, with its parameters.
struct WorldFault {
    std::string_view target;
    std::string_view name;
    std::string_view parameters;  ///< `count=1 when=after`, as the fault takes them.
    Line line{Line::Ib};          ///< Of the broker: what Webull has, all its lines have.
};
/// Every fault that heals by itself or when it is switched off.
std::span<const WorldFault> world_faults();

/// The order that switches a fault.
FaultOrder order_of(const WorldFault& fault, bool enabled);
/// Weather by chance: often fair, sometimes rough; every kind of loss has its turn.
Weather random_weather(Random& random);

}  // namespace janus::sim
