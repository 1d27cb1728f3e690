#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "domain/ids.hpp"
#include "domain/symbol.hpp"

namespace janus {

/// An instrument as a broker describes it.
struct Instrument {
    NativeId native_id;
    std::optional<CanonicalSymbol>
        symbol;                 ///< By the naming rule; nothing when Janus cannot name it.
    std::string broker_symbol;  ///< The broker's own text, shown when there is no canonical one.
    AssetClass asset_class{AssetClass::Other};
    std::string currency;
    std::string exchange;  ///< Listing exchange, when the broker says so.
    Decimal multiplier{Decimal::from_integer(1)};
    std::string description;
    friend bool operator==(const Instrument&, const Instrument&) = default;
};

/// A holding of one instrument in one account, in the broker's own numbers. Ticks never change it.
struct Position {
    AccountName account;
    Instrument instrument;
    Quantity quantity;                  ///< Negative when short.
    std::optional<Price> average_cost;  ///< Per unit, without the multiplier.
    Utc at;                             ///< When the broker told us.
    friend bool operator==(const Position&, const Position&) = default;
};

/// Cash and totals of one account in one currency, in the broker's own numbers.
struct Balance {
    AccountName account;
    std::string currency;
    std::optional<Money> cash;
    std::optional<Money> net_liquidation;
    std::optional<Money> buying_power;
    Utc at;
    std::optional<Decimal> exchange_rate{};  ///< What one unit is worth in the account's base
                                             ///< currency, by the broker.
    friend bool operator==(const Balance&, const Balance&) = default;
};

/// Profit and loss of one account as the broker computes it from its own prices: derived, never
/// booked. In the account's base currency.
struct AccountProfit {
    AccountName account;
    std::optional<Money> daily;       ///< Since the previous close.
    std::optional<Money> unrealized;  ///< Of what is held.
    std::optional<Money> realized;    ///< Today.
    Utc at;
    friend bool operator==(const AccountProfit&, const AccountProfit&) = default;
};

}  // namespace janus
