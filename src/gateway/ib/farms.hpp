#pragma once

#include <string_view>

#include "gateway/ib/wire/contract.hpp"

/// IB's data farms: which part of the data each serves. IB names them in its notices and says no
/// more; the names were learned from what gateways say.
namespace janus::ib {

/// `usfarm` of `Market data farm connection is broken:usfarm`; empty when there is none.
std::string_view farm_of(std::string_view notice);

/// Whether the data of this instrument come from the farm. False for a farm that is not known: its
/// symbols then grow old by themselves.
bool serves(std::string_view farm, const wire::Contract& contract);

}  // namespace janus::ib
