#pragma once

#include <optional>
#include <string>

#include "sim/exchange/exchange.hpp"

/// What an order's type, times and prices mean for the exchange.
namespace janus::sim {

/// The one auction that an order takes part in; it trades at no other time.
enum class Auction { None, Opening, Closing };

bool is_final(ExchangeState state);
bool is_buy(Side side);
bool has_stop(OrderType type);   ///< It waits for a stop price.
bool has_limit(OrderType type);  ///< It then trades at a limit price.
Auction auction_of(const ExchangeOrder& order);
bool is_immediate(const ExchangeOrder& order);  ///< It may not rest.

/// Whether the quote is at the order's limit or better; always, without a limit.
bool meets_limit(const ExchangeOrder& order, const SimQuote& quote);
bool reaches_stop(const ExchangeOrder& order, const SimQuote& quote);
/// Why an order's numbers do not fit its type; empty when they do.
std::string price_refusal_of(const ExchangeOrder& order);

/// Where a trailing order's stop belongs at this last price, on the grid.
/// Precondition: the order trails.
Price trailing_stop_of(const ExchangeOrder& order, Price last, Decimal tick_size);
/// The limit at the trail's offset from the stop; nothing without an offset.
std::optional<Price> trailing_limit_of(const ExchangeOrder& order);

}  // namespace janus::sim
