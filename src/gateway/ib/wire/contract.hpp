#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/decimal.hpp"

namespace janus::ib::wire {

/// An instrument in IB's words, as requests carry it and replies bring it.
struct Contract {
    std::int64_t conid{0};  ///< 0 when not known.
    std::string symbol;     ///< `AAPL`, `BRK B`, `NQ`
    std::string security_type;
    std::string last_trade_date;  ///< YYYYMMDD, or YYYYMM as a contract month in requests.
    std::optional<Decimal> strike;
    std::string right;  ///< `C`, `P`, or empty.
    std::string multiplier;
    std::string exchange;
    std::string primary_exchange;
    std::string currency;
    std::string local_symbol;
    std::string trading_class;
    friend bool operator==(const Contract&, const Contract&) = default;
};

}  // namespace janus::ib::wire
