#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "domain/market_data.hpp"
#include "gateway/ib/wire/contract.hpp"

/// What the gateway tells us about bars, price grids and single accounts.
namespace janus::ib::wire {

/// One finished 5-second bar.
struct RealTimeBar {
    std::int64_t request{0};
    Bar bar;
};

/// One bar of the past, its date as the gateway wrote it.
struct HistoricalBar {
    std::string date;  ///< Unix seconds, or `YYYYMMDD` for bars of a day and more.
    Bar bar;           ///< Its start is not set yet.
};
/// Below server version 196 this is the whole answer; from 196 on its end is a message of its own.
struct HistoricalData {
    std::int64_t request{0};
    std::vector<HistoricalBar> bars;
};
struct HistoricalDataEnd {
    std::int64_t request{0};
};
struct HeadTimestamp {
    std::int64_t request{0};
    std::string text;  ///< Unix seconds, as Janus asks for them.
};

/// From `low_edge` on, up to the next step, prices are multiples of `increment`.
struct PriceStep {
    Decimal low_edge;
    Decimal increment;
    friend bool operator==(const PriceStep&, const PriceStep&) = default;
};
struct MarketRule {
    std::int64_t rule{0};
    std::vector<PriceStep> steps;
};

/// Profit and loss of one account.
struct ProfitAndLoss {
    std::int64_t request{0};
    std::optional<Decimal> daily;
    std::optional<Decimal> unrealized;
    std::optional<Decimal> realized;
};

/// One value of one account: `CashBalance`, `ExchangeRate`, `AccountReady`, ...
struct AccountUpdate {
    std::int64_t request{0};
    std::string account;
    std::string key;
    std::string value;
    std::string currency;
};
struct AccountUpdateEnd {
    std::int64_t request{0};
};

/// A position from the list of one account.
struct AccountPosition {
    std::int64_t request{0};
    std::string account;
    Contract contract;
    Decimal quantity;
    std::optional<Decimal> average_cost;  ///< Includes the multiplier.
};
struct AccountPositionEnd {
    std::int64_t request{0};
};

}  // namespace janus::ib::wire
