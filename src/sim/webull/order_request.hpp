#pragma once

#include <optional>
#include <string>

#include <boost/json/fwd.hpp>

#include "sim/exchange/exchange.hpp"
#include "sim/webull/refusal.hpp"

namespace janus::sim::webull {

/// A placement that has been read and that is well formed by itself.
struct PlaceRequest {
    ExchangeOrder order;
    std::optional<Decimal> amount;  ///< Of an order by amount, whose quantity follows from it.
};

/// Reads one member of `new_orders` for an account: the needed members, the words, the numbers and
/// what they must fit to. What needs the books is checked by the trade desk.
/// Errors: 417 with Webull's code.
Answer<PlaceRequest> read_order(const Exchange& exchange, const std::string& account,
                                const boost::json::object& object);

/// Reads one member of `modify_orders` against the order that it changes.
/// Errors: 417 `PARAM_ERR` for what cannot be changed or does not fit the type.
Answer<ExchangeChange> read_change(const ExchangeOrder& order, const boost::json::object& object);

/// Writes `trailing_type` and `trailing_stop_step`, as orders are read and shown.
void write_trail(const Trail& trail, boost::json::object& object);

/// 10 to 40 letters, digits, dashes and underscores.
bool is_client_order_id(const std::string& text);

}  // namespace janus::sim::webull
