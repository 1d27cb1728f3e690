#include "sim/ib/account_values.hpp"

#include <array>

#include "sim/ib/contract.hpp"

namespace janus::sim::ib {
namespace {

using PositionMap = std::map<std::string, SimPosition>;

Decimal times(Decimal a, Decimal b) {
    return Decimal::multiply(a, b).value_or(Decimal{});
}

const PositionMap& positions_of(const Exchange& exchange, const std::string& account) {
    static const PositionMap none;
    const auto found = exchange.positions().find(account);
    return found == exchange.positions().end() ? none : found->second;
}

Decimal gross_of(const Exchange& exchange, const std::string& account) {
    Decimal gross;
    for (const auto& [symbol, position] : positions_of(exchange, account))
        if (exchange.find_instrument(symbol)->asset_class != AssetClass::Future)
            gross += worth_of(exchange, symbol, position).value.value.abs();
    return gross;
}

Decimal zero_of(const Exchange&, const std::string&) {
    return {};
}
Decimal cash_of(const Exchange& exchange, const std::string& account) {
    return exchange.cash_of(account).value;
}
Decimal equity_of(const Exchange& exchange, const std::string& account) {
    return exchange.net_liquidation_of(account).value;
}
Decimal power_of(const Exchange& exchange, const std::string& account) {
    return exchange.buying_power_of(account).value;
}
/// A quarter of what is held, as a plain margin account has it.
Decimal margin_of(const Exchange& exchange, const std::string& account) {
    return Decimal::divide(gross_of(exchange, account), Decimal::from_integer(4)).value();
}
Decimal available_of(const Exchange& exchange, const std::string& account) {
    return equity_of(exchange, account) - margin_of(exchange, account);
}

struct TotalRow {
    std::string_view key;
    Decimal (*value)(const Exchange&, const std::string&);
};

constexpr auto total_rows = std::to_array<TotalRow>({
    {"NetLiquidation",                 equity_of   },
    {"TotalCashValue",                 cash_of     },
    {"SettledCash",                    cash_of     },
    {"AccruedCash",                    zero_of     },
    {"BuyingPower",                    power_of    },
    {"EquityWithLoanValue",            equity_of   },
    {"PreviousDayEquityWithLoanValue", equity_of   },
    {"GrossPositionValue",             gross_of    },
    {"RegTEquity",                     equity_of   },
    {"RegTMargin",                     margin_of   },
    {"SMA",                            available_of},
    {"InitMarginReq",                  margin_of   },
    {"MaintMarginReq",                 margin_of   },
    {"AvailableFunds",                 available_of},
    {"ExcessLiquidity",                available_of},
    {"FullInitMarginReq",              margin_of   },
    {"FullMaintMarginReq",             margin_of   },
    {"FullAvailableFunds",             available_of},
    {"FullExcessLiquidity",            available_of},
    {"LookAheadInitMarginReq",         margin_of   },
    {"LookAheadMaintMarginReq",        margin_of   },
    {"LookAheadAvailableFunds",        available_of},
    {"LookAheadExcessLiquidity",       available_of},
});

}  // namespace

PositionWorth worth_of(const Exchange& exchange, const std::string& symbol,
                       const SimPosition& position) {
    const auto& instrument = *exchange.find_instrument(symbol);
    const auto& quote = exchange.quote_of(symbol);
    const Decimal units = times(position.quantity.value, instrument.multiplier);
    const Decimal gain = quote.last.value - position.average_cost.value;
    const Decimal day = quote.last.value - quote.close.value;
    return {
        quote.last, {times(units, quote.last.value)}, {times(units, gain)}, {times(units, day)}};
}

Decimal shown_cost_of(const SimInstrument& instrument, const SimPosition& position) {
    return times(position.average_cost.value, instrument.multiplier);
}

AccountProfit profit_of(const Exchange& exchange, const std::string& account) {
    AccountProfit profit;
    for (const auto& [symbol, position] : positions_of(exchange, account)) {
        const auto worth = worth_of(exchange, symbol, position);
        profit.daily += worth.daily.value;
        profit.unrealized += worth.unrealized.value;
    }
    for (const auto& instrument : exchange.scenario().instruments)
        profit.realized += exchange.realized_of(account, instrument.symbol).value;
    profit.daily += profit.realized;
    return profit;
}

std::vector<AccountValue> totals_of(const Exchange& exchange, const std::string& account) {
    std::vector<AccountValue> values{
        {"AccountCode",        account,      ""},
        {"AccountReady",       "true",       ""},
        {"AccountType",        "INDIVIDUAL", ""},
        {"DayTradesRemaining", "-1",         ""},
        {"Leverage-S",         "1.00",       ""},
        {"Cushion",            "1",          ""},
    };
    for (const auto& row : total_rows)
        values.push_back({std::string(row.key), row.value(exchange, account).to_fixed(2), "USD"});
    return values;
}

std::vector<AccountValue> ledger_of(const Exchange& exchange, const std::string& account,
                                    std::string_view currency) {
    const auto profit = profit_of(exchange, account);
    const auto cash = cash_of(exchange, account).to_fixed(2);
    const std::string column(currency);
    return {
        {"Currency", column, column},
        {"CashBalance", cash, column},
        {"TotalCashBalance", cash, column},
        {"StockMarketValue", gross_of(exchange, account).to_fixed(2), column},
        {"NetLiquidationByCurrency", equity_of(exchange, account).to_fixed(2), column},
        {"UnrealizedPnL", profit.unrealized.to_fixed(2), column},
        {"RealizedPnL", profit.realized.to_fixed(2), column},
        {"ExchangeRate", "1.00", column},
    };
}

std::vector<AccountValue> foreign_ledger_of(const Exchange& exchange, const std::string& account) {
    std::vector<AccountValue> values;
    const auto* owner = exchange.find_account(account);
    if (owner == nullptr) return values;
    for (const auto& cash : owner->foreign_cash) {
        const auto amount = cash.amount.value.to_fixed(2);
        values.push_back({"Currency", cash.currency, cash.currency});
        values.push_back({"CashBalance", amount, cash.currency});
        values.push_back({"TotalCashBalance", amount, cash.currency});
        values.push_back({"NetLiquidationByCurrency", amount, cash.currency});
        values.push_back({"ExchangeRate", cash.exchange_rate.to_text(), cash.currency});
    }
    return values;
}

}  // namespace janus::sim::ib
