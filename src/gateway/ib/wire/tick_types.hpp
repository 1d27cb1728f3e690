#pragma once

#include <algorithm>
#include <array>
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

namespace tick_table {

inline constexpr std::optional<TickField> no_size{};
inline constexpr auto ticks = std::to_array<TickRow>({
    {0,  TickField::BidSize,  false, no_size            },
    {1,  TickField::Bid,      false, TickField::BidSize },
    {2,  TickField::Ask,      false, TickField::AskSize },
    {3,  TickField::AskSize,  false, no_size            },
    {4,  TickField::Last,     false, TickField::LastSize},
    {5,  TickField::LastSize, false, no_size            },
    {6,  TickField::High,     false, no_size            },
    {7,  TickField::Low,      false, no_size            },
    {8,  TickField::Volume,   false, no_size            },
    {9,  TickField::Close,    false, no_size            },
    {14, TickField::Open,     false, no_size            },
    {37, TickField::Mark,     false, no_size            },
    {45, TickField::LastTime, false, no_size            },
    {49, TickField::Halted,   false, no_size            },
    {66, TickField::Bid,      true,  TickField::BidSize },
    {67, TickField::Ask,      true,  TickField::AskSize },
    {68, TickField::Last,     true,  TickField::LastSize},
    {69, TickField::BidSize,  true,  no_size            },
    {70, TickField::AskSize,  true,  no_size            },
    {71, TickField::LastSize, true,  no_size            },
    {72, TickField::High,     true,  no_size            },
    {73, TickField::Low,      true,  no_size            },
    {74, TickField::Volume,   true,  no_size            },
    {75, TickField::Close,    true,  no_size            },
    {76, TickField::Open,     true,  no_size            },
    {88, TickField::LastTime, true,  no_size            },
    {90, TickField::Halted,   true,  no_size            },
});
static_assert(std::ranges::is_sorted(ticks, {}, &TickRow::type));
static_assert(std::ranges::adjacent_find(ticks, {}, &TickRow::type) == ticks.end());

inline constexpr std::size_t type_end = ticks.back().type + 1;

/// Index: tick type. A tick finds its row without a search.
inline constexpr auto row_of_type = [] {
    std::array<const TickRow*, type_end> rows{};
    for (const auto& row : ticks) rows[static_cast<std::size_t>(row.type)] = &row;
    return rows;
}();

}  // namespace tick_table

/// Nothing for the many tick types that Janus does not show. One look-up by index.
inline const TickRow* find_tick_row(std::int64_t type) {
    const auto index = static_cast<std::uint64_t>(type);  // Negative ones are beyond the end, too.
    return index < tick_table::type_end ? tick_table::row_of_type[index] : nullptr;
}

}  // namespace janus::ib::wire
