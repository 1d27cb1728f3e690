#pragma once

#include "gateway/ib/wire/contract.hpp"
#include "gateway/ib/wire/field_writer.hpp"

namespace janus::ib::wire {

/// The 12 contract fields that requests share.
void write_contract(FieldWriter& out, const Contract& contract);

}  // namespace janus::ib::wire
