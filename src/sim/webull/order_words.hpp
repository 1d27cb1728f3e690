#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/exchange/exchange.hpp"

namespace janus::sim::webull {

/// Webull's words for what an order is. The `find_` functions know what this simulator trades.
std::optional<Side> find_side(std::string_view word);             ///< `BUY`, `SELL`, `SHORT`
std::optional<OrderType> find_order_type(std::string_view word);  ///< `STOP_LOSS_LIMIT`, ...
std::optional<TimeInForce> find_time_in_force(std::string_view word);
std::optional<TradingSession> find_session(std::string_view word);  ///< `CORE`, `ALL`, `NIGHT`
std::string_view word_of(Side side);
std::string_view word_of(OrderType type);
std::string_view word_of(TimeInForce time_in_force);
std::string_view word_of(TradingSession session);

/// What an order that ended with its day is called; clients have seen both.
enum class ExpiredWord { Cancelled, Expired };
/// The status of an order in REST replies: `PENDING`, `SUBMITTED`, `PARTIAL_FILLED`, ...
std::string_view status_of(const ExchangeOrder& order, ExpiredWord expired);
/// `EQUITY`, `OPTION`, ... of an instrument.
std::string_view instrument_type_of(const SimInstrument& instrument);
/// `US_STOCK`, `US_OPTION`, ... as events name it.
std::string_view category_of(const SimInstrument& instrument);
/// What Webull calls an instrument; the canonical symbol for what it cannot name.
const std::string& ticker_of(const SimInstrument& instrument);

}  // namespace janus::sim::webull
