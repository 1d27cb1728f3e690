#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/holding.hpp"

namespace janus::sim {

/// One instrument of the simulated world, with what each broker calls it.
struct SimInstrument {
    std::string symbol;  ///< Canonical: `AAPL`, `BRK.B`, `NQ.2612`.
    AssetClass asset_class{AssetClass::Equity};
    std::string description;
    std::string currency{"USD"};
    Decimal multiplier{Decimal::from_integer(1)};
    std::int64_t ib_conid{0};     ///< 0: IB does not know it (`NOIB`).
    std::string ib_symbol;        ///< `BRK B`; for derivatives the root or underlying.
    std::string ib_local_symbol;  ///< `NQZ6`, `AAPL  261218C00250000`.
    std::string ib_exchange;      ///< Listing exchange: `NASDAQ`, `CME`.
    std::string ib_trading_class;
    std::string last_trade_date;  ///< YYYYMMDD for derivatives.
    std::string contract_month;   ///< YYYYMM for futures.
    std::string strike;           ///< Options only.
    std::string right;            ///< `C`, `P`.
    std::string webull_ticker;    ///< Empty: Webull does not know it (`NOWB`).
    std::string webull_instrument_id;
    std::vector<std::int64_t>
        ib_twins;  ///< More conids under the same symbol in the US + SMART + USD look-up (`AMBX`).
    Price start_price;
    Decimal tick_size{Decimal::from_units(1'000'000)};  ///< 0.01
    friend bool operator==(const SimInstrument&, const SimInstrument&) = default;
};

struct SimHolding {
    std::string symbol;
    Quantity quantity;
    Price average_cost;
};

/// Cash of an account in another currency than its own; nothing moves it.
struct SimForeignCash {
    std::string currency;
    Money amount;
    Decimal exchange_rate;  ///< What one unit is worth in the account's own currency.
};

enum class SimBroker { Ib, Webull };

/// One account at one of the simulated brokers.
struct SimAccount {
    SimBroker broker{SimBroker::Ib};
    std::string id;       ///< `DU1000001`, or Webull's account_id.
    std::string number;   ///< Webull's account_number; empty at IB.
    std::string app_key;  ///< Webull only.
    Money cash;
    std::vector<SimHolding> holdings;
    std::vector<SimForeignCash> foreign_cash{};  ///< IB only.
};

struct SimAppKey {
    std::string key;
    std::string secret;
};

/// Everything the simulated world starts with.
struct Scenario {
    std::vector<SimInstrument> instruments;
    std::vector<SimAccount> accounts;
    std::vector<SimAppKey> app_keys;
    Duration walk_period{std::chrono::milliseconds(250)};  ///< How often prices move.
    int walk_ticks_max{3};  ///< By how many price steps at most; 0 keeps them still.
    Duration fill_delay{std::chrono::milliseconds(300)};  ///< From marketable to first fill.
    /// The first number of orders and executions. Brokers make ids of it, so a world that must not
    /// repeat the ids of an earlier one starts higher.
    std::uint64_t first_number{1};
    Quantity partial_fill_above{
        Decimal::from_integer(50)};  ///< Larger orders fill in several parts.
};

/// The built-in scenario of the contract: four accounts, the named instruments, the market open.
Scenario default_scenario();

/// Checks that a scenario hangs together: unique names and ids, holdings of known instruments,
/// prices on the tick grid, Webull accounts with a known app key.
/// Errors: `Invalid`, naming the first thing that is wrong.
Result<void> check_scenario(const Scenario& scenario);

}  // namespace janus::sim
