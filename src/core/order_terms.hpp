#pragma once

#include <string>

#include "domain/order.hpp"
#include "gateway/command.hpp"

/// One order's terms in the forms in which the core needs them.
namespace janus::core {

/// `BUY 10 AAPL LIMIT on ib_main limit 190.5`, for histories and the audit trail.
std::string describe(const OrderIntent& intent);
/// `quantity 10 -> 5, limit 190.5 -> 190`; empty when nothing differs.
std::string describe_change(const OrderValues& before, const OrderValues& after);

/// The order as placed now. Its id, references and number are the caller's to set.
Order order_of(Now now, const OrderIntent& intent, const NativeId& native_id);
/// What an own order amounts to now, as an intent.
OrderIntent intent_of(const Order& order, const CanonicalSymbol& symbol);
/// Whether an order was made from this intent.
bool same_intent(const Order& order, const OrderIntent& intent);

gateway::PlaceOrder command_of(const Order& order, const CanonicalSymbol& symbol,
                               Instant send_before);

}  // namespace janus::core
