#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sim/exchange/exchange.hpp"
#include "sim/ib/wire.hpp"

namespace janus::sim::ib {

/// What a client says about an instrument: the block of twelve fields of most requests.
struct ContractQuery {
    std::int64_t conid{0};
    std::string symbol;
    std::string security_type;
    std::string last_trade_date;  ///< YYYYMM or YYYYMMDD.
    std::optional<Decimal> strike;
    std::string right;
    std::string multiplier;
    std::string exchange;
    std::string primary_exchange;
    std::string currency;
    std::string local_symbol;
    std::string trading_class;
};
ContractQuery read_contract_query(FieldCursor& in);

/// One answer to a query: an instrument under one of its conids at one exchange. The pointer lives
/// as long as the exchange's scenario.
struct ContractRow {
    const SimInstrument* instrument{nullptr};
    std::int64_t conid{0};
    std::string exchange;  ///< As asked for; a row for each valid one when nothing was asked.
    std::string primary_exchange;
};

/// Everything that matches, as reqContractDetails answers it.
/// A symbol must be IB's own spelling: `BRK B`, not `BRK.B`.
std::vector<ContractRow> find_contracts(const Exchange& exchange, const ContractQuery& query);

/// The one instrument that a request for prices or an order means.
/// Errors: `NotFound` and `Ambiguous` with the text of IB's error 200.
Result<ContractRow> find_contract(const Exchange& exchange, const ContractQuery& query);

/// How IB describes an instrument that the scenario holds; nothing when IB does not know it.
std::optional<ContractRow> find_contract_of(const Exchange& exchange, const std::string& symbol);

std::string_view security_type_of(const SimInstrument& instrument);
std::string valid_exchanges_of(const ContractRow& row);           ///< Comma list, `SMART` first.
std::string multiplier_text_of(const SimInstrument& instrument);  ///< Empty for stocks.

/// Which listing a conid belongs to: itself or one of the twins.
bool knows_conid(const SimInstrument& instrument, std::int64_t conid);

/// The eleven fields of position, portfolio, execution and order messages.
void add_contract(Message& message, const ContractRow& row, std::string_view exchange);

/// The market rule of a price grid; rules are numbered over the scenario's different grids.
std::int64_t market_rule_of(const Exchange& exchange, Decimal tick_size);
std::optional<Decimal> find_market_rule(const Exchange& exchange, std::int64_t rule);

}  // namespace janus::sim::ib
