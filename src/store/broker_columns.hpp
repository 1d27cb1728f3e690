#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace janus::store {

enum class NativeIdKind { Number, Text };

/// A broker's column in janus.symbol_registry. A new broker is a row here and a step in sql/.
struct BrokerColumn {
    std::string_view broker;  ///< The broker's key: `ib`.
    std::string_view column;  ///< `ib_conid`
    NativeIdKind kind;
};

inline constexpr auto broker_columns = std::to_array<BrokerColumn>({
    {"ib",     "ib_conid",      NativeIdKind::Number},
    {"webull", "webull_ticker", NativeIdKind::Text  },
});

/// Errors: `Invalid` when no broker has this key.
Result<BrokerColumn> find_broker_column(std::string_view broker);
/// Checks that a native id fits its column: a conid is a positive whole number, a ticker is 1 to 64
/// printable characters without blanks at its ends. Errors: `Invalid`.
Result<void> check_native_id(const BrokerColumn& column, std::string_view native_id);

}  // namespace janus::store
