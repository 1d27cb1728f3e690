#pragma once

#include <cstdint>
#include <optional>

#include "domain/market_data.hpp"

namespace janus::ib::wire {

/// Which number of a quote a tick type carries, and which size travels with its price.
struct TickRow {
    int type;
    TickField field;
    bool delayed;
    std::optional<TickField> size;  ///< Of the size that arrives in the same tickPrice.
};

/// Nothing for the many tick types that Janus does not show. One look-up by index.
const TickRow* find_tick_row(std::int64_t type);

}  // namespace janus::ib::wire
