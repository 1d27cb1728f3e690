#pragma once

#include <cstdint>
#include <string>

#include "base/decimal.hpp"
#include "base/tagged.hpp"

namespace janus {

/// Our number of an accepted intent. Starts at 1, is never reused, and lives in the order journal.
using OrderId = Tagged<std::uint64_t, struct OrderIdTag>;
/// Our text that travels with the order to the broker and comes back: 20 to 32 letters and digits.
using ClientOrderId = Tagged<std::string, struct ClientOrderIdTag>;
/// Our alias of one account at one broker, e.g. `ib_main`.
using AccountName = Tagged<std::string, struct AccountNameTag>;
/// A broker's own id of an instrument as text: a conid at IB, a ticker at Webull.
using NativeId = Tagged<std::string, struct NativeIdTag>;
/// The broker's identity of one execution. Corrections keep the root (see Execution).
using ExecutionId = Tagged<std::string, struct ExecutionIdTag>;
/// The row number in the symbol registry.
using SymbolId = Tagged<std::int64_t, struct SymbolIdTag>;

/// Price of one unit in the quoted currency. May be negative (futures, spreads).
using Price = Tagged<Decimal, struct PriceTag>;
/// Number of shares or contracts; signed where a position is meant.
using Quantity = Tagged<Decimal, struct QuantityTag>;
/// An amount in a named currency.
using Money = Tagged<Decimal, struct MoneyTag>;

}  // namespace janus

template <typename Value, typename Tag>
struct fmt::formatter<janus::Tagged<Value, Tag>> : fmt::formatter<Value> {
    auto format(const janus::Tagged<Value, Tag>& id, fmt::format_context& context) const {
        return fmt::formatter<Value>::format(id.value, context);
    }
};
