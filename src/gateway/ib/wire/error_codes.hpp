#pragma once

#include <cstdint>
#include <optional>

#include "domain/market_data.hpp"

/// What IB's error codes mean. IB uses one message for errors, warnings and plain information; only
/// the code, and what its id refers to, tells them apart.
namespace janus::ib::wire {

/// What a code with id -1 means for the session.
enum class SystemReaction {
    UpstreamLost,      ///< The gateway lost its link to IB; the socket stays.
    UpstreamDataLost,  ///< The link is back; every data subscription is gone.
    UpstreamBack,      ///< The link is back and so is all data.
    ClientIdBusy,
    Reconnect,
    SlowDown,  ///< We were above the message rate.
    Farm,      ///< News of a data farm; never touches orders.
    Say,       ///< A line for the log.
};
SystemReaction system_reaction_of(std::int64_t code);

/// What a code with an order's id means for the order.
enum class OrderReaction {
    Reject,        ///< The broker's no to a new order.
    Cancelled,     ///< The order is cancelled: our cancel's confirmation, or unsolicited.
    CancelRefuse,  ///< The cancel failed; the order goes on.
    Notice,        ///< A warning; the order lives.
    Ask,           ///< Not listed: a notice, and the core should ask for the order.
};
OrderReaction order_reaction_of(std::int64_t code);

/// What a code with a tick subscription's id means for the quote; nothing when it says nothing
/// about it.
struct QuoteReaction {
    std::int64_t code;
    DataQuality quality;
    bool ends;  ///< No ticks will come for this request any more.
};
const QuoteReaction* find_quote_reaction(std::int64_t code);

}  // namespace janus::ib::wire
