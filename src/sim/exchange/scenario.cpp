#include "sim/exchange/scenario.hpp"

#include <array>
#include <set>
#include <string_view>

namespace janus::sim {
namespace {

Decimal decimal_of(std::string_view text) {
    return Decimal::parse(text).value();
}

struct EquityRow {
    std::string_view symbol;
    std::int64_t ib_conid;
    std::string_view ib_symbol;
    std::string_view ib_exchange;
    std::string_view webull_ticker;
    std::string_view webull_instrument_id;
    std::string_view start_price;
    std::string_view description;
};

// NOIB has no conid: IB does not know it. NOWB has no ticker: Webull does not know it.
constexpr auto equity_rows = std::to_array<EquityRow>({
    {"AAPL",  265598,    "AAPL",  "NASDAQ", "AAPL",  "913256135", "190.50", "APPLE INC"              },
    {"MSFT",  272093,    "MSFT",  "NASDAQ", "MSFT",  "913323997", "410.25", "MICROSOFT CORP"         },
    {"NVDA",  4815747,   "NVDA",  "NASDAQ", "NVDA",  "913257561", "131.80", "NVIDIA CORP"            },
    {"SPY",   756733,    "SPY",   "ARCA",   "SPY",   "913243251", "585.10", "SS SPDR S&P 500 ETF"    },
    {"QQQ",   320227571, "QQQ",   "NASDAQ", "QQQ",   "913244089", "505.40", "INVESCO QQQ TRUST"      },
    {"BRK.B", 72063691,  "BRK B", "NYSE",   "BRK.B", "913255154", "470.15", "BERKSHIRE HATHAWAY-CL B"},
    {"F",     9599491,   "F",     "NYSE",   "F",     "913255218", "11.20",  "FORD MOTOR CO"          },
    {"TSLA",  76792991,  "TSLA",  "NASDAQ", "TSLA",  "913255598", "332.60", "TESLA INC"              },
    {"AMBX",  700100101, "AMBX",  "NASDAQ", "AMBX",  "913900101", "24.40",  "AMBIX HOLDINGS"         },
    {"NOIB",  0,         "",      "",       "NOIB",  "913900102", "15.75",  "NOT AT IB CORP"         },
    {"NOWB",  700100103, "NOWB",  "NYSE",   "",      "",          "42.10",  "NOT AT WEBULL CORP"     },
});

SimInstrument equity_of(const EquityRow& row) {
    SimInstrument instrument;
    instrument.symbol = row.symbol;
    instrument.description = row.description;
    instrument.ib_conid = row.ib_conid;
    instrument.ib_symbol = row.ib_symbol;
    instrument.ib_local_symbol = row.ib_symbol;
    instrument.ib_exchange = row.ib_exchange;
    // As IB names it: the market tier for NASDAQ, else the listing's own symbol.
    if (row.ib_conid != 0)
        instrument.ib_trading_class = row.ib_exchange == "NASDAQ" ? "NMS" : row.ib_symbol;
    instrument.webull_ticker = row.webull_ticker;
    instrument.webull_instrument_id = row.webull_instrument_id;
    instrument.start_price = {decimal_of(row.start_price)};
    if (row.symbol == "AMBX") instrument.ib_twins = {700100111, 700100112};
    return instrument;
}

struct FutureRow {
    std::string_view symbol;
    std::int64_t conid;
    std::string_view local_symbol;
    std::string_view last_trade_date;
    std::string_view contract_month;
    std::string_view start_price;
};

constexpr auto future_rows = std::to_array<FutureRow>({
    {"NQ.2612", 730283085, "NQZ6", "20261218", "202612", "21050.25"},
    {"NQ.2703", 750150186, "NQH7", "20270319", "202703", "21262.50"},
});

SimInstrument future_of(const FutureRow& row) {
    SimInstrument instrument;
    instrument.symbol = row.symbol;
    instrument.asset_class = AssetClass::Future;
    instrument.description = "E-mini NASDAQ 100";
    instrument.multiplier = Decimal::from_integer(20);
    instrument.ib_conid = row.conid;
    instrument.ib_symbol = "NQ";
    instrument.ib_local_symbol = row.local_symbol;
    instrument.ib_exchange = "CME";
    instrument.ib_trading_class = "NQ";
    instrument.last_trade_date = row.last_trade_date;
    instrument.contract_month = row.contract_month;
    instrument.start_price = {decimal_of(row.start_price)};
    instrument.tick_size = decimal_of("0.25");
    return instrument;
}

struct OptionRow {
    std::string_view symbol;
    std::int64_t conid;
    std::string_view local_symbol;
    std::string_view strike;
    std::string_view right;
    std::string_view start_price;
};

constexpr auto option_rows = std::to_array<OptionRow>({
    {"AAPL.261218.C.190", 733920041, "AAPL  261218C00190000", "190", "C", "5.60"},
    {"AAPL.261218.P.190", 733920987, "AAPL  261218P00190000", "190", "P", "4.85"},
});

SimInstrument option_of(const OptionRow& row) {
    SimInstrument instrument;
    instrument.symbol = row.symbol;
    instrument.asset_class = AssetClass::Option;
    instrument.description = "APPLE INC";
    instrument.multiplier = Decimal::from_integer(100);
    instrument.ib_conid = row.conid;
    instrument.ib_symbol = "AAPL";
    instrument.ib_local_symbol = row.local_symbol;
    instrument.ib_exchange = "AMEX";
    instrument.ib_trading_class = "AAPL";
    instrument.last_trade_date = "20261218";
    instrument.contract_month = "202612";
    instrument.strike = row.strike;
    instrument.right = row.right;
    instrument.start_price = {decimal_of(row.start_price)};
    return instrument;
}

struct AccountRow {
    SimBroker broker;
    std::string_view id;
    std::string_view number;
    std::int64_t cash;
};

constexpr auto account_rows = std::to_array<AccountRow>({
    {SimBroker::Ib,     "DU1000001",       "",         250000},
    {SimBroker::Ib,     "DU1000002",       "",         120000},
    {SimBroker::Webull, "WBSIM0000000001", "CVA00001", 90000 },
    {SimBroker::Webull, "WBSIM0000000002", "CVA00002", 60000 },
});

struct HoldingRow {
    std::string_view account;
    std::string_view symbol;
    std::int64_t quantity;
    std::string_view average_cost;
};

// TSLA is held at IB only, F at Webull only; NOWB, NOIB and AMBX are what harmony stumbles over.
constexpr auto holding_rows = std::to_array<HoldingRow>({
    {"DU1000001",       "AAPL",              100,  "171.235"},
    {"DU1000001",       "MSFT",              40,   "388.10" },
    {"DU1000001",       "BRK.B",             10,   "402.50" },
    {"DU1000001",       "NQ.2612",           1,    "20875.5"},
    {"DU1000001",       "AAPL.261218.C.190", 2,    "4.35"   },
    {"DU1000002",       "AAPL",              25,   "182.40" },
    {"DU1000002",       "SPY",               30,   "541.25" },
    {"DU1000002",       "TSLA",              15,   "248.90" },
    {"DU1000002",       "NOWB",              60,   "39.95"  },
    {"WBSIM0000000001", "AAPL",              50,   "165.00" },
    {"WBSIM0000000001", "NVDA",              80,   "98.72"  },
    {"WBSIM0000000001", "BRK.B",             5,    "455.00" },
    {"WBSIM0000000001", "NOIB",              200,  "14.20"  },
    {"WBSIM0000000002", "QQQ",               12,   "470.60" },
    {"WBSIM0000000002", "F",                 1000, "10.85"  },
    {"WBSIM0000000002", "AMBX",              75,   "22.15"  },
});

SimAccount account_of(const AccountRow& row) {
    SimAccount account;
    account.broker = row.broker;
    account.id = row.id;
    account.number = row.number;
    if (row.broker == SimBroker::Webull) account.app_key = "demo-key";
    account.cash = {Decimal::from_integer(row.cash)};
    for (const auto& holding : holding_rows)
        if (holding.account == row.id)
            account.holdings.push_back({std::string(holding.symbol),
                                        {Decimal::from_integer(holding.quantity)},
                                        {decimal_of(holding.average_cost)}});
    return account;
}

Result<void> check_instruments(const Scenario& scenario) {
    std::set<std::string> symbols;
    std::set<std::int64_t> conids;
    for (const auto& instrument : scenario.instruments) {
        if (!symbols.insert(instrument.symbol).second)
            return fail(ErrorCode::Invalid, "instrument '{}' is there twice", instrument.symbol);
        if (instrument.ib_conid != 0 && !conids.insert(instrument.ib_conid).second)
            return fail(ErrorCode::Invalid, "conid {} of '{}' is there twice", instrument.ib_conid,
                        instrument.symbol);
        if (!instrument.tick_size.is_positive() || !instrument.start_price.value.is_positive())
            return fail(ErrorCode::Invalid, "'{}' needs a positive price and tick size",
                        instrument.symbol);
        if (!instrument.start_price.value.is_multiple_of(instrument.tick_size))
            return fail(ErrorCode::Invalid, "start price {} of '{}' is off its tick grid of {}",
                        instrument.start_price, instrument.symbol, instrument.tick_size);
    }
    return {};
}

bool has_instrument(const Scenario& scenario, const std::string& symbol) {
    for (const auto& instrument : scenario.instruments)
        if (instrument.symbol == symbol) return true;
    return false;
}

bool has_app_key(const Scenario& scenario, const std::string& key) {
    for (const auto& app_key : scenario.app_keys)
        if (app_key.key == key) return true;
    return false;
}

}  // namespace

Scenario default_scenario() {
    Scenario scenario;
    for (const auto& row : equity_rows) scenario.instruments.push_back(equity_of(row));
    for (const auto& row : future_rows) scenario.instruments.push_back(future_of(row));
    for (const auto& row : option_rows) scenario.instruments.push_back(option_of(row));
    for (const auto& row : account_rows) scenario.accounts.push_back(account_of(row));
    scenario.app_keys.push_back({"demo-key", "demo-secret"});
    return scenario;
}

Result<void> check_scenario(const Scenario& scenario) {
    if (auto checked = check_instruments(scenario); !checked) return checked;
    std::set<std::string> ids;
    for (const auto& account : scenario.accounts) {
        if (account.id.empty() || !ids.insert(account.id).second)
            return fail(ErrorCode::Invalid, "account '{}' has no id or is there twice", account.id);
        if (account.broker == SimBroker::Webull && !has_app_key(scenario, account.app_key))
            return fail(ErrorCode::Invalid, "account '{}' has the unknown app key '{}'", account.id,
                        account.app_key);
        for (const auto& holding : account.holdings)
            if (!has_instrument(scenario, holding.symbol))
                return fail(ErrorCode::Invalid, "account '{}' holds the unknown symbol '{}'",
                            account.id, holding.symbol);
    }
    return {};
}

}  // namespace janus::sim
