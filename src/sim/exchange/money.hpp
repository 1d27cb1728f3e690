#pragma once

#include "sim/exchange/exchange.hpp"

/// Amounts of the exchange's books, and what a trade does to a position.
namespace janus::sim {

/// Precondition of both: the result is within the range of a decimal.
Decimal times(Decimal a, Decimal b);
Decimal divided(Decimal a, int divisor);

/// Price times quantity times multiplier.
Decimal value_of(const SimInstrument& instrument, Quantity quantity, Price price);

/// What a broker charges for an order that has filled this much in all.
Decimal commission_at(SimBroker broker, AssetClass asset_class, Quantity filled);

/// The position after a trade, and the profit of the part that it closed.
struct Booking {
    SimPosition position;
    Decimal realized;  ///< Without the multiplier.
    Quantity opened;   ///< Signed part of the trade that opened or enlarged.
    Quantity closed;   ///< Signed part of the trade that closed.
};
/// `traded` is negative for a sale.
Booking booking_of(const SimPosition& held, Quantity traded, Price price);

/// What a margin account must keep for what it holds.
struct MarginNeed {
    Decimal initial;
    Decimal maintenance;
};
/// The need of an account when it held `more` of a symbol besides (negative: less); an empty symbol
/// stands for what it holds now.
/// The rule is simple on purpose: shares, funds and coins need 30 % of their value at the last
/// price to open and 25 % to keep, futures 10 % and 8 %, long options are paid in full and need
/// nothing, short ones 20 % and 15 % of the value of what they are on at their strike.
MarginNeed margin_need_of(const Exchange& exchange, const std::string& account,
                          const std::string& symbol, Quantity more);

}  // namespace janus::sim
