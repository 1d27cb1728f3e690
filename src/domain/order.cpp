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
// But for one: an answer that refuses an order says less than the books that show it.
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

    {S::Rejected,      E::FoundAtBroker, S::Unknown      },
});

constexpr std::optional<OrderState> find_next(OrderState state, OrderEvent event) {
    for (const auto& row : transitions)
        if (row.from == state && row.event == event) return row.to;
    return std::nullopt;
}
static_assert(!find_next(S::Filled, E::Cancelled), "filled is final");
static_assert(!find_next(S::Rejected, E::Accepted),
              "only what was refused by an answer comes back");
static_assert(!find_next(S::Working, E::NoAnswer), "time proves nothing about a working order");
static_assert(find_next(S::PendingCancel, E::FilledInFull) == S::Filled,
              "the fill wins over the cancel");

template <typename Carrier>
void set_all(Carrier& carrier, const OrderValues& values) {
    carrier.quantity = values.quantity;
    carrier.limit_price = values.limit_price;
    carrier.stop_price = values.stop_price;
    carrier.trail_amount = values.trail_amount;
    carrier.trail_percent = values.trail_percent;
    carrier.limit_offset = values.limit_offset;
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

OrderValues values_of(const OrderIntent& intent) {
    return {intent.quantity,     intent.limit_price,   intent.stop_price,
            intent.trail_amount, intent.trail_percent, intent.limit_offset};
}

OrderValues values_of(const Order& order) {
    return {order.quantity,     order.limit_price,   order.stop_price,
            order.trail_amount, order.trail_percent, order.limit_offset};
}

void set_values(OrderIntent& intent, const OrderValues& values) {
    set_all(intent, values);
}

void set_values(Order& order, const OrderValues& values) {
    set_all(order, values);
}

OrderValues changed(OrderValues values, const OrderChanges& changes) {
    if (changes.quantity) values.quantity = *changes.quantity;
    if (changes.limit_price) values.limit_price = changes.limit_price;
    if (changes.stop_price) values.stop_price = changes.stop_price;
    if (changes.limit_offset) values.limit_offset = changes.limit_offset;
    if (changes.trail_amount || changes.trail_percent) {
        values.trail_amount = changes.trail_amount;
        values.trail_percent = changes.trail_percent;
    }
    return values;
}

Quantity ordered_quantity(const Order& order) {
    return order.wanted ? std::max(order.quantity, order.wanted->quantity) : order.quantity;
}

}  // namespace janus
