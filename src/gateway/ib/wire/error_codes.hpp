#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/market_data.hpp"

/// What IB's error codes mean. IB uses one message for errors, warnings and plain information; only
/// the code, and what its id refers to, tells them apart. One table holds them all.
namespace janus::ib::wire {

/// What kind of news a code is, whomever it is for.
enum class CodeClass {
    Information,    ///< All is well, or it is a harmless race.
    DegradedData,   ///< Some data is late, gone or not the live one; orders go on.
    RequestFailed,  ///< One request was refused; it is not repeated as it is.
    OrderWarning,   ///< About an order that lives, or a change or cancel of it that failed.
    OrderRejected,  ///< A new order is dead.
    Connection,     ///< About the way to IB: wait, slow down, or connect again.
    Fatal,          ///< No session of this kind is possible.
};
std::string_view to_text(CodeClass code_class);
/// Nothing for a code that is not listed.
std::optional<CodeClass> find_code_class(std::int64_t code);

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
    Reject,        ///< The broker's no to a new order, or to a change of a live one.
    Cancelled,     ///< The order is cancelled: our cancel's confirmation, or unsolicited.
    CancelRefuse,  ///< The cancel failed; the order goes on.
    ModifyRefuse,  ///< A change of the order failed; the order goes on as it was.
    Notice,        ///< A warning; the order lives.
    Ask,           ///< Not listed: a notice, and the core should ask for the order.
};
OrderReaction order_reaction_of(std::int64_t code);

/// What a code with a tick subscription's id means for the quote; nothing when it says nothing
/// about it.
struct QuoteReaction {
    DataQuality quality;
    bool ends;  ///< No ticks will come for this request any more.
};
const QuoteReaction* find_quote_reaction(std::int64_t code);

}  // namespace janus::ib::wire
