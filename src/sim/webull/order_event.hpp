#pragma once

#include <string>
#include <string_view>

#include "sim/exchange/exchange.hpp"
#include "sim/webull/order_shelf.hpp"
#include "sim/webull/order_words.hpp"

namespace janus::sim::webull {

/// Which words the faults want in an order event.
struct EventStyle {
    bool partial_as_submitted{false};  ///< Partial fills carry the older status SUBMITTED.
    std::string status;                ///< Shown instead of every status; empty for the true one.
    ExpiredWord expired{ExpiredWord::Cancelled};
};

/// The JSON payload of an order event. Quantities are cumulative, prices are averages, both with
/// ten decimals. Source: protocol sheet, section 6.3.
std::string order_event_text(const SimInstrument& instrument, const OrderRecord& record,
                             std::string_view scene, const EventStyle& style);

}  // namespace janus::sim::webull
