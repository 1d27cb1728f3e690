#include "sim/world/verdict.hpp"

#include <algorithm>
#include <array>

namespace janus::sim {
namespace {

struct InvariantRow {
    Invariant invariant;
    std::string_view name;
};
constexpr auto invariant_rows = std::to_array<InvariantRow>({
    {Invariant::AtMostOnce,      "1 at most once"        },
    {Invariant::DurableFirst,    "2 durable first"       },
    {Invariant::KnownOutcome,    "3 known outcome"       },
    {Invariant::Executions,      "5 executions"          },
    {Invariant::Feed,            "6 feed"                },
    {Invariant::FilledShrank,    "7 filled shrank"       },
    {Invariant::Registry,        "8 registry"            },
    {Invariant::TicksMovedBooks, "9 ticks moved books"   },
    {Invariant::Limits,          "11 limits"             },
    {Invariant::Contagion,       "12 contagion"          },
    {Invariant::Secret,          "14 secret"             },
    {Invariant::Healing,         "15 healing"            },
    {Invariant::Orders,          "orders are the truth"  },
    {Invariant::Positions,       "positions are true"    },
    {Invariant::Balances,        "balances are true"     },
    {Invariant::Answers,         "every call is answered"},
    {Invariant::Progress,        "time goes on"          },
});
constexpr bool rows_follow_the_enum() {
    for (std::size_t row = 0; row < invariant_rows.size(); ++row)
        if (static_cast<std::size_t>(invariant_rows[row].invariant) != row) return false;
    return true;
}
static_assert(rows_follow_the_enum());

}  // namespace

std::string_view to_text(Invariant invariant) {
    return invariant_rows[static_cast<std::size_t>(invariant)].name;
}

}  // namespace janus::sim
