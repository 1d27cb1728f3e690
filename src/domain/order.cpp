#include "domain/order.hpp"

#include <algorithm>
#include <array>

namespace janus {
namespace {

using S = OrderState;
using E = OrderEvent;

struct Transition {
    OrderState from;
    OrderEvent event;
    OrderState to;
};

// Final states have no rows: a fill that arrives later is booked and flagged, and the state stays.
// A repeat of what is already known (Working, Accepted) is a row that changes nothing.
constexpr auto transitions = std::to_array<Transition>({
    {S::PendingNew,    E::NotSent,       S::NotSent      },
    {S::PendingNew,    E::NoAnswer,      S::Unknown      },
    {S::PendingNew,    E::Held,          S::Held         },
    {S::PendingNew,    E::Accepted,      S::Working      },
    {S::PendingNew,    E::CancelSent,    S::PendingNew   },
    {S::PendingNew,    E::CancelRefused, S::PendingNew   },
    {S::PendingNew,    E::FilledInFull,  S::Filled       },
    {S::PendingNew,    E::Cancelled,     S::Cancelled    },
    {S::PendingNew,    E::Expired,       S::Expired      },
    {S::PendingNew,    E::Rejected,      S::Rejected     },

    {S::Unknown,       E::NotSent,       S::NotSent      },
    {S::Unknown,       E::NoAnswer,      S::Unknown      },
    {S::Unknown,       E::Held,          S::Held         },
    {S::Unknown,       E::Accepted,      S::Working      },
    {S::Unknown,       E::CancelSent,    S::Unknown      },
    {S::Unknown,       E::CancelRefused, S::Unknown      },
    {S::Unknown,       E::FilledInFull,  S::Filled       },
    {S::Unknown,       E::Cancelled,     S::Cancelled    },
    {S::Unknown,       E::Expired,       S::Expired      },
    {S::Unknown,       E::Rejected,      S::Rejected     },

    {S::Held,          E::Held,          S::Held         },
    {S::Held,          E::Accepted,      S::Working      },
    {S::Held,          E::CancelSent,    S::PendingCancel},
    {S::Held,          E::CancelRefused, S::Held         },
    {S::Held,          E::FilledInFull,  S::Filled       },
    {S::Held,          E::Cancelled,     S::Cancelled    },
    {S::Held,          E::Expired,       S::Expired      },
    {S::Held,          E::Rejected,      S::Rejected     },

    {S::Working,       E::Held,          S::Held         },
    {S::Working,       E::Accepted,      S::Working      },
    {S::Working,       E::CancelSent,    S::PendingCancel},
    {S::Working,       E::CancelRefused, S::Working      },
    {S::Working,       E::FilledInFull,  S::Filled       },
    {S::Working,       E::Cancelled,     S::Cancelled    },
    {S::Working,       E::Expired,       S::Expired      },
    {S::Working,       E::Rejected,      S::Rejected     },

    {S::PendingCancel, E::Held,          S::PendingCancel},
    {S::PendingCancel, E::Accepted,      S::PendingCancel},
    {S::PendingCancel, E::CancelSent,    S::PendingCancel},
    {S::PendingCancel, E::CancelRefused, S::Working      },
    {S::PendingCancel, E::FilledInFull,  S::Filled       },
    {S::PendingCancel, E::Cancelled,     S::Cancelled    },
    {S::PendingCancel, E::Expired,       S::Expired      },
    {S::PendingCancel, E::Rejected,      S::Rejected     },
});

constexpr std::optional<OrderState> find_next(OrderState state, OrderEvent event) {
    for (const auto& row : transitions)
        if (row.from == state && row.event == event) return row.to;
    return std::nullopt;
}
static_assert(!find_next(S::Filled, E::Cancelled), "filled is final");
static_assert(!find_next(S::Working, E::NoAnswer), "time proves nothing about a working order");
static_assert(find_next(S::PendingCancel, E::FilledInFull) == S::Filled,
              "the fill wins over the cancel");

constexpr auto order_type_rules = std::to_array<OrderTypeRule>({
    {OrderType::Market,    "MARKET",     NeedsLimit::No,  NeedsStop::No },
    {OrderType::Limit,     "LIMIT",      NeedsLimit::Yes, NeedsStop::No },
    {OrderType::Stop,      "STOP",       NeedsLimit::No,  NeedsStop::Yes},
    {OrderType::StopLimit, "STOP_LIMIT", NeedsLimit::Yes, NeedsStop::Yes},
});
static_assert(order_type_rules[static_cast<std::size_t>(OrderType::StopLimit)].name == "STOP_LIMIT",
              "rows follow the enum's order");

Result<void> check_price(const OrderTypeRule& rule, std::string_view what, bool needed,
                         const std::optional<Price>& price) {
    if (needed && !price)
        return fail(ErrorCode::Invalid, "{} order needs a {} price", rule.name, what);
    if (!needed && price)
        return fail(ErrorCode::Invalid, "{} order takes no {} price", rule.name, what);
    return {};
}

}  // namespace

std::optional<OrderState> next_state(OrderState state, OrderEvent event) {
    return find_next(state, event);
}

bool is_final(OrderState state) {
    switch (state) {
        case S::PendingNew:
        case S::Unknown:
        case S::Held:
        case S::Working:
        case S::PendingCancel:
            return false;
        case S::Filled:
        case S::Cancelled:
        case S::Expired:
        case S::Rejected:
        case S::NotSent:
            return true;
    }
    return true;
}

const OrderTypeRule& rule_of(OrderType type) {
    return order_type_rules[static_cast<std::size_t>(type)];
}

Result<void> check_intent(const OrderIntent& intent) {
    const auto& rule = rule_of(intent.type);
    if (!intent.quantity.value.is_positive())
        return fail(ErrorCode::Invalid, "quantity was {}, must be above zero", intent.quantity);
    if (auto limit = check_price(rule, "limit", rule.limit == NeedsLimit::Yes, intent.limit_price);
        !limit)
        return limit;
    return check_price(rule, "stop", rule.stop == NeedsStop::Yes, intent.stop_price);
}

}  // namespace janus
