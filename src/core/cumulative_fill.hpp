#pragma once

#include <optional>

#include "core/execution_ledger.hpp"

namespace janus::core {

/// What a broker without executions says of an order: so much is filled, at this average.
struct CumulativeFill {
    Quantity filled;
    Price average;
};

/// The price of what was filled since the booked executions: the amount that has come, divided by
/// the quantity that has come. The broker's average is rounded, so the result carries an error that
/// grows with filled / risen; within that error the price with the fewest decimals (two at least)
/// is taken. Precondition: `now.filled` is above `booked.filled`.
/// Nothing when it cannot be computed.
std::optional<Price> price_of_rise(const FillTotals& booked, const CumulativeFill& now);

}  // namespace janus::core
