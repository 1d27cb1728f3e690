#include "sim/ib/contract.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace janus::sim::ib {
namespace {

struct SecurityTypeRow {
    AssetClass asset_class;
    std::string_view text;
    std::string_view valid_exchanges;  ///< Besides the listing exchange; empty: only that one.
};

constexpr auto security_types = std::to_array<SecurityTypeRow>({
    {AssetClass::Equity, "STK",    "SMART,NASDAQ,NYSE,ARCA,BATS"},
    {AssetClass::Future, "FUT",    ""                           },
    {AssetClass::Option, "OPT",    "SMART,AMEX,CBOE,PHLX"       },
    {AssetClass::Forex,  "CASH",   ""                           },
    {AssetClass::Crypto, "CRYPTO", ""                           },
    {AssetClass::Bond,   "BOND",   "SMART"                      },
    {AssetClass::Fund,   "FUND",   "SMART"                      },
    {AssetClass::Other,  "WAR",    "SMART"                      },
});

const SecurityTypeRow& type_row_of(AssetClass asset_class) {
    return *std::ranges::find(security_types, asset_class, &SecurityTypeRow::asset_class);
}

constexpr auto twin_exchanges = std::to_array<std::string_view>({"AMEX", "NYSE", "PINK", "BATS"});
constexpr std::int64_t first_market_rule = 26;

bool holds(const auto& list, const auto& value) {
    return std::ranges::find(list, value) != list.end();
}

bool agrees(std::string_view wanted, std::string_view actual) {
    return wanted.empty() || wanted == actual;
}

/// Nasdaq's name was ISLAND until the builds of 2023.
std::string_view present_name(std::string_view exchange) {
    return exchange == "ISLAND" ? std::string_view("NASDAQ") : exchange;
}

bool agrees_on_date(const ContractQuery& query, const SimInstrument& instrument) {
    constexpr std::size_t month_size = 6;
    if (query.last_trade_date.empty()) return true;
    return query.last_trade_date.size() == month_size
               ? query.last_trade_date == instrument.contract_month
               : query.last_trade_date == instrument.last_trade_date;
}

bool agrees_on_strike(const ContractQuery& query, const SimInstrument& instrument) {
    if (!query.strike || query.strike->is_zero()) return true;
    const auto strike = Decimal::parse(instrument.strike);
    return strike && *strike == *query.strike;
}

bool agrees_on_right(const ContractQuery& query, const SimInstrument& instrument) {
    if (query.right.empty() || query.right == "0" || query.right == "?") return true;
    return !instrument.right.empty() && query.right.front() == instrument.right.front();
}

bool agrees_on_multiplier(const ContractQuery& query, const SimInstrument& instrument) {
    const auto wanted = Decimal::parse(query.multiplier);
    return !wanted || wanted->is_zero() || *wanted == instrument.multiplier;
}

bool agrees_by_description(const ContractQuery& query, const SimInstrument& instrument) {
    if (query.symbol.empty() && query.local_symbol.empty()) return false;
    return agrees(query.symbol, instrument.ib_symbol) &&
           agrees(query.security_type, security_type_of(instrument)) &&
           agrees(query.local_symbol, instrument.ib_local_symbol) &&
           agrees(query.trading_class, instrument.ib_trading_class) &&
           agrees(query.currency, instrument.currency) && agrees_on_date(query, instrument) &&
           agrees_on_strike(query, instrument) && agrees_on_right(query, instrument) &&
           agrees_on_multiplier(query, instrument);
}

std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> parts;
    while (!list.empty()) {
        const auto end = list.find(',');
        parts.emplace_back(list.substr(0, end));
        if (end == std::string_view::npos) break;
        list.remove_prefix(end + 1);
    }
    return parts;
}

/// The instrument under its own conid and under those of its twins.
std::vector<ContractRow> listings_of(const SimInstrument& instrument) {
    std::vector<ContractRow> rows{
        {&instrument, instrument.ib_conid, {}, instrument.ib_exchange}
    };
    for (std::size_t index = 0; index < instrument.ib_twins.size(); ++index)
        rows.push_back({&instrument,
                        instrument.ib_twins[index],
                        {},
                        std::string(twin_exchanges[index % twin_exchanges.size()])});
    return rows;
}

/// A listing once for the exchange that was asked for, or once for each when none was.
void add_rows(std::vector<ContractRow>& rows, ContractRow listing, const ContractQuery& query) {
    if (!agrees(present_name(query.primary_exchange), listing.primary_exchange)) return;
    for (const auto& exchange : split(valid_exchanges_of(listing))) {
        if (!query.exchange.empty() && exchange != present_name(query.exchange)) continue;
        listing.exchange = exchange;
        rows.push_back(listing);
        if (query.exchange.empty() && query.conid != 0) return;
    }
}

std::vector<Decimal> price_grids(const Exchange& exchange) {
    std::vector<Decimal> grids;
    for (const auto& instrument : exchange.scenario().instruments)
        if (!holds(grids, instrument.tick_size)) grids.push_back(instrument.tick_size);
    return grids;
}

}  // namespace

ContractQuery read_contract_query(FieldCursor& in) {
    ContractQuery query;
    query.conid = in.integer();
    query.symbol = in.text();
    query.security_type = in.text();
    query.last_trade_date = in.text();
    query.strike = in.number();
    query.right = in.text();
    query.multiplier = in.text();
    query.exchange = in.text();
    query.primary_exchange = in.text();
    query.currency = in.text();
    query.local_symbol = in.text();
    query.trading_class = in.text();
    return query;
}

std::vector<ContractRow> find_contracts(const Exchange& exchange, const ContractQuery& query) {
    std::vector<ContractRow> rows;
    for (const auto& instrument : exchange.scenario().instruments) {
        if (instrument.ib_conid == 0) continue;
        if (query.conid == 0 && !agrees_by_description(query, instrument)) continue;
        for (const auto& listing : listings_of(instrument))
            if (query.conid == 0 || query.conid == listing.conid) add_rows(rows, listing, query);
    }
    return rows;
}

Result<ContractRow> find_contract(const Exchange& exchange, const ContractQuery& query) {
    const auto rows = find_contracts(exchange, query);
    std::set<std::int64_t> conids;
    for (const auto& row : rows) conids.insert(row.conid);
    if (conids.empty())
        return fail(ErrorCode::NotFound, "No security definition has been found for the request");
    if (conids.size() > 1)
        return fail(ErrorCode::Ambiguous, "The contract description specified for {} is ambiguous.",
                    query.symbol);
    return rows.front();
}

std::optional<ContractRow> find_contract_of(const Exchange& exchange, const std::string& symbol) {
    const auto* instrument = exchange.find_instrument(symbol);
    if (instrument == nullptr || instrument->ib_conid == 0) return std::nullopt;
    return listings_of(*instrument).front();
}

std::string_view security_type_of(const SimInstrument& instrument) {
    return type_row_of(instrument.asset_class).text;
}

std::string valid_exchanges_of(const ContractRow& row) {
    const auto& type = type_row_of(row.instrument->asset_class);
    std::string list(type.valid_exchanges);
    if (!holds(split(list), row.primary_exchange)) {
        if (!list.empty()) list += ',';
        list += row.primary_exchange;
    }
    return list;
}

std::string multiplier_text_of(const SimInstrument& instrument) {
    return instrument.multiplier == Decimal::from_integer(1) ? std::string()
                                                             : instrument.multiplier.to_text();
}

bool knows_conid(const SimInstrument& instrument, std::int64_t conid) {
    return conid != 0 && (instrument.ib_conid == conid || holds(instrument.ib_twins, conid));
}

void add_contract(Message& message, const ContractRow& row, std::string_view exchange) {
    const auto& instrument = *row.instrument;
    message.add(row.conid)
        .add(instrument.ib_symbol)
        .add(security_type_of(instrument))
        .add(instrument.last_trade_date)
        .add(instrument.strike.empty() ? std::string("0") : instrument.strike)
        .add(instrument.right.empty() ? std::string("?") : instrument.right)
        .add(multiplier_text_of(instrument))
        .add(exchange)
        .add(instrument.currency)
        .add(instrument.ib_local_symbol)
        .add(instrument.ib_trading_class);
}

std::int64_t market_rule_of(const Exchange& exchange, Decimal tick_size) {
    const auto grids = price_grids(exchange);
    return first_market_rule + (std::ranges::find(grids, tick_size) - grids.begin());
}

std::optional<Decimal> find_market_rule(const Exchange& exchange, std::int64_t rule) {
    const auto grids = price_grids(exchange);
    const auto index = rule - first_market_rule;
    if (index < 0 || index >= static_cast<std::int64_t>(grids.size())) return std::nullopt;
    return grids[static_cast<std::size_t>(index)];
}

}  // namespace janus::sim::ib
