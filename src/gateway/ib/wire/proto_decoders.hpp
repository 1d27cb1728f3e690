#pragma once

#include "base/result.hpp"
#include "gateway/ib/wire/messages.hpp"
#include "gateway/ib/wire/proto_reader.hpp"

/// One function per incoming message of the protobuf generation (server versions 213 to 225); the
/// table in incoming.cpp names them next to their text twins, and both fill the same structs.
/// Source: the protocol reference's field numbers, as seen on gateways at 208 to 225.
namespace janus::ib::wire::proto {

// Ticks: into a fresh record, without a check of their own; the caller asks the reader once.
void tick_price(ProtoReader& in, TickMessage& tick);
void tick_size(ProtoReader& in, TickMessage& tick);
void tick_generic(ProtoReader& in, TickMessage& tick);
void tick_string(ProtoReader& in, TickMessage& tick);

Result<Message> market_data_type(ProtoReader& in);
Result<Message> error(ProtoReader& in);
Result<Message> next_valid_id(ProtoReader& in);
Result<Message> managed_accounts(ProtoReader& in);
Result<Message> order_bound(ProtoReader& in);
Result<Message> current_time(ProtoReader& in);
Result<Message> position(ProtoReader& in);
Result<Message> position_end(ProtoReader& in);
Result<Message> account_summary(ProtoReader& in);
Result<Message> account_summary_end(ProtoReader& in);
Result<Message> order_status(ProtoReader& in);
Result<Message> open_order(ProtoReader& in);
Result<Message> open_order_end(ProtoReader& in);
Result<Message> completed_order(ProtoReader& in);
Result<Message> completed_orders_end(ProtoReader& in);
Result<Message> execution_details(ProtoReader& in);
Result<Message> execution_details_end(ProtoReader& in);
Result<Message> commission_report(ProtoReader& in);
/// Bonds come in the same message as all others.
Result<Message> contract_data(ProtoReader& in);
Result<Message> contract_data_end(ProtoReader& in);
Result<Message> real_time_bar(ProtoReader& in);
Result<Message> historical_data(ProtoReader& in);
Result<Message> historical_data_end(ProtoReader& in);
Result<Message> head_timestamp(ProtoReader& in);
Result<Message> market_rule(ProtoReader& in);
Result<Message> profit_and_loss(ProtoReader& in);
Result<Message> account_update(ProtoReader& in);
Result<Message> account_update_end(ProtoReader& in);
Result<Message> account_position(ProtoReader& in);
Result<Message> account_position_end(ProtoReader& in);
/// A message that Janus knows and does not need: walked over, so that a broken one is noticed.
Result<Message> ignored(ProtoReader& in);

/// Reads a contract that is a message inside another one.
void read_contract(ProtoReader in, Contract& out);

}  // namespace janus::ib::wire::proto
