#pragma once

#include <cstdint>

#include "domain/holding.hpp"
#include "gateway/ib/wire/messages.hpp"

/// Between IB's descriptions and Janus's names. Pure functions.
///
/// Named are US dollar equities (`BRK B` is `BRK.B`), futures by contract month, standard options
/// and the pairs of forex and crypto (`EUR.USD`); everything else keeps IB's text and no canonical
/// name, so that two instruments never share one.
namespace janus::ib {

/// The number in a native id; 0 when the text is no conid.
std::int64_t conid_of(const NativeId& id);

/// From the full description that contract details bring.
Instrument instrument_of(const wire::ContractData& data);
/// From the fields that positions, orders and executions carry. Futures stay without a name: the
/// date of their last trade is not their contract month.
Instrument instrument_of(const wire::Contract& contract);

/// What to ask contract details for: the default market of a canonical symbol, in US dollars but
/// for pairs.
wire::Contract lookup_contract_of(const CanonicalSymbol& symbol);

/// What an order or a tick subscription carries: what the details said, routed smartly where IB
/// routes, else to the exchange of the details.
wire::Contract tradable_contract_of(const wire::ContractData& data);

}  // namespace janus::ib
