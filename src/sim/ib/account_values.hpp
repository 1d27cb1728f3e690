#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/exchange/exchange.hpp"

namespace janus::sim::ib {

/// One line of an account: `NetLiquidation`, `12345.67`, `USD`.
struct AccountValue {
    std::string key;
    std::string value;
    std::string currency;  ///< Empty where the value is no money.
};

struct PositionWorth {
    Price price;
    Money value;
    Money unrealized;
    Money daily;  ///< Against yesterday's close.
};

PositionWorth worth_of(const Exchange& exchange, const std::string& symbol,
                       const SimPosition& position);
/// Average cost as IB shows it: with the multiplier.
Decimal shown_cost_of(const SimInstrument& instrument, const SimPosition& position);

struct AccountProfit {
    Decimal daily, unrealized, realized;
};
AccountProfit profit_of(const Exchange& exchange, const std::string& account);

/// The totals that reqAccountUpdates and the account summary show.
std::vector<AccountValue> totals_of(const Exchange& exchange, const std::string& account);
/// The currencies besides the account's own that it has cash in.
std::vector<AccountValue> foreign_ledger_of(const Exchange& exchange, const std::string& account);
/// The ledger of one currency column: `USD` or `BASE`, which are the same money here.
std::vector<AccountValue> ledger_of(const Exchange& exchange, const std::string& account,
                                    std::string_view currency);

}  // namespace janus::sim::ib
