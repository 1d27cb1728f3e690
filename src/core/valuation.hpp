#pragma once

#include <optional>
#include <vector>

#include "core/views.hpp"

namespace janus::core {

/// The amount that is valued.
struct Holding {
    Quantity quantity;
    std::optional<Price> average_cost;
    Decimal multiplier{Decimal::from_integer(1)};
};

/// Values a holding by a quote: the last trade while it is fresh, else the middle of bid and ask,
/// else the old last, else the close. What cannot be computed is absent, never zero.
Valuation value_of(Now now, const Holding& holding, const QuoteView& quote, Duration stale_after);

/// Why the numbers of one account may lack something; empty when they are current.
struct AccountCompleteness {
    AccountName account;
    std::string missing;  ///< `ib_main: connecting`
};

/// One row per canonical symbol and currency; what is unmapped stays apart per account. Totals per
/// currency: currencies are never added to each other.
PortfolioView portfolio_of(const std::vector<PositionView>& positions,
                           const std::vector<Balance>& balances,
                           const std::vector<AccountCompleteness>& accounts);

}  // namespace janus::core
