#include "gateway/ib/wire/error_codes.hpp"

#include <algorithm>
#include <array>

namespace janus::ib::wire {
namespace {

template <typename Reaction>
struct CodeRow {
    std::int64_t first;
    std::int64_t last;
    Reaction reaction;
};

template <typename Table>
constexpr bool is_disjoint(const Table& table) {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (table[i].last < table[i].first || (i > 0 && table[i].first <= table[i - 1].last))
            return false;
    return true;
}

using S = SystemReaction;
constexpr auto system_codes = std::to_array<CodeRow<S>>({
    {100,  100,  S::SlowDown        },
    {326,  326,  S::ClientIdBusy    },
    {1100, 1100, S::UpstreamLost    },
    {1101, 1101, S::UpstreamDataLost},
    {1102, 1102, S::UpstreamBack    },
    {1300, 1300, S::Reconnect       },
    {2103, 2108, S::Farm            },
    {2110, 2110, S::UpstreamLost    },
    {2119, 2119, S::Farm            },
    {2157, 2158, S::Farm            },
});
static_assert(is_disjoint(system_codes));

using O = OrderReaction;
// Codes that IB documents or that gateways were seen to send with an order's id.
constexpr auto order_codes = std::to_array<CodeRow<O>>({
    {103,   103,   O::Reject      }, // Duplicate or too low order number.
    {104,   104,   O::CancelRefuse}, // A filled order cannot be changed.
    {105,   105,   O::Notice      }, // A modification did not match; the order lives.
    {106,   107,   O::Reject      }, // Cannot transmit.
    {109,   111,   O::Reject      }, // Price off the grid or out of bounds; time in force.
    {113,   113,   O::Reject      },
    {116,   116,   O::Reject      },
    {131,   131,   O::Notice      },
    {132,   134,   O::Reject      },
    {135,   136,   O::CancelRefuse},
    {140,   141,   O::Reject      },
    {143,   147,   O::Reject      },
    {152,   152,   O::Reject      },
    {154,   154,   O::Reject      },
    {158,   160,   O::Reject      },
    {161,   161,   O::CancelRefuse},
    {163,   163,   O::Reject      },
    {167,   168,   O::Reject      },
    {200,   201,   O::Reject      }, // No such instrument; rejected, reason in the text.
    {202,   202,   O::Cancelled   },
    {203,   203,   O::Reject      },
    {303,   303,   O::Reject      },
    {311,   315,   O::Reject      },
    {320,   321,   O::Reject      }, // Could not be read, did not validate.
    {328,   329,   O::Notice      }, // A change of a live order was refused.
    {330,   334,   O::Reject      },
    {336,   337,   O::Reject      },
    {343,   343,   O::Reject      },
    {355,   364,   O::Reject      },
    {382,   383,   O::Reject      },
    {387,   388,   O::Reject      },
    {391,   392,   O::Reject      },
    {399,   399,   O::Notice      }, // Will not be placed at the exchange until ...
    {400,   400,   O::Reject      },
    {403,   403,   O::Reject      },
    {404,   404,   O::Notice      }, // Held while shares are located.
    {411,   411,   O::Notice      },
    {413,   413,   O::Reject      },
    {421,   421,   O::Reject      },
    {422,   422,   O::Notice      },
    {426,   426,   O::Reject      },
    {434,   436,   O::Reject      },
    {439,   443,   O::Reject      },
    {460,   460,   O::Reject      },
    {478,   478,   O::Reject      },
    {492,   492,   O::Notice      },
    {2100,  2199,  O::Notice      },
    {10005, 10006, O::Reject      },
    {10015, 10015, O::Reject      },
    {10020, 10020, O::Reject      },
    {10052, 10052, O::Reject      },
    {10147, 10148, O::CancelRefuse},
    {10149, 10149, O::Reject      },
    {10241, 10252, O::Reject      },
    {10255, 10255, O::Reject      },
    {10268, 10270, O::Reject      },
    {10311, 10311, O::Notice      },
    {10318, 10318, O::Reject      },
    {10326, 10326, O::Notice      },
    {10349, 10349, O::Notice      }, // Time in force was set by a preset.
});
static_assert(is_disjoint(order_codes));

constexpr auto quote_codes = std::to_array<QuoteReaction>({
    {101,   DataQuality::None,    true }, // Market data lines are exhausted.
    {200,   DataQuality::None,    true },
    {320,   DataQuality::None,    true },
    {321,   DataQuality::None,    true },
    {322,   DataQuality::None,    true },
    {354,   DataQuality::None,    true }, // No subscription for the data.
    {10089, DataQuality::None,    false}, // Needs a further subscription; delayed data may follow.
    {10090, DataQuality::None,    false},
    {10091, DataQuality::None,    false},
    {10167, DataQuality::Delayed, false}, // Not subscribed: delayed data follows.
    {10168, DataQuality::None,    true },
    {10186, DataQuality::None,    true },
    {10197, DataQuality::None,    false}, // The same user has live data elsewhere.
    {10225, DataQuality::None,    true }, // Bust event; the subscription was ended.
});
static_assert(std::ranges::is_sorted(quote_codes, {}, &QuoteReaction::code));

template <typename Table>
constexpr auto find_reaction(const Table& table, std::int64_t code)
    -> std::optional<decltype(table[0].reaction)> {
    for (const auto& row : table)
        if (code >= row.first && code <= row.last) return row.reaction;
    return std::nullopt;
}
static_assert(!find_reaction(order_codes, 19'999), "an unlisted code decides nothing");
static_assert(find_reaction(order_codes, 202) == O::Cancelled, "202 confirms a cancel");

}  // namespace

SystemReaction system_reaction_of(std::int64_t code) {
    return find_reaction(system_codes, code).value_or(S::Say);
}

OrderReaction order_reaction_of(std::int64_t code) {
    return find_reaction(order_codes, code).value_or(O::Ask);
}

const QuoteReaction* find_quote_reaction(std::int64_t code) {
    const auto row = std::ranges::lower_bound(quote_codes, code, {}, &QuoteReaction::code);
    return row != quote_codes.end() && row->code == code ? &*row : nullptr;
}

}  // namespace janus::ib::wire
