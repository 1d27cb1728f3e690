#pragma once

#include "base/result.hpp"
#include "gateway/ib/wire/field_reader.hpp"
#include "gateway/ib/wire/messages.hpp"

/// One function per incoming message; the table in incoming.cpp names them. Each starts after the
/// message id.
namespace janus::ib::wire {

// Ticks: into a fresh record, without a check of their own; the caller asks the reader once.
void decode_tick_price(FieldReader& in, TickMessage& tick);
void decode_tick_size(FieldReader& in, TickMessage& tick);
void decode_tick_generic(FieldReader& in, TickMessage& tick);
void decode_tick_string(FieldReader& in, TickMessage& tick);

Result<Message> decode_market_data_type(FieldReader& in);
Result<Message> decode_error(FieldReader& in);
Result<Message> decode_next_valid_id(FieldReader& in);
Result<Message> decode_managed_accounts(FieldReader& in);
Result<Message> decode_order_bound(FieldReader& in);
Result<Message> decode_current_time(FieldReader& in);
Result<Message> decode_position(FieldReader& in);
Result<Message> decode_position_end(FieldReader& in);
Result<Message> decode_account_summary(FieldReader& in);
Result<Message> decode_account_summary_end(FieldReader& in);
Result<Message> decode_order_status(FieldReader& in);
Result<Message> decode_open_order(FieldReader& in);
Result<Message> decode_open_order_end(FieldReader& in);
Result<Message> decode_completed_order(FieldReader& in);
Result<Message> decode_completed_orders_end(FieldReader& in);
Result<Message> decode_execution_details(FieldReader& in);
Result<Message> decode_execution_details_end(FieldReader& in);
Result<Message> decode_commission_report(FieldReader& in);
Result<Message> decode_contract_data(FieldReader& in);
Result<Message> decode_bond_contract_data(FieldReader& in);
Result<Message> decode_contract_data_end(FieldReader& in);
Result<Message> decode_real_time_bar(FieldReader& in);
Result<Message> decode_historical_data(FieldReader& in);
Result<Message> decode_historical_data_end(FieldReader& in);
Result<Message> decode_head_timestamp(FieldReader& in);
Result<Message> decode_market_rule(FieldReader& in);
Result<Message> decode_profit_and_loss(FieldReader& in);
Result<Message> decode_account_update(FieldReader& in);
Result<Message> decode_account_update_end(FieldReader& in);
Result<Message> decode_account_position(FieldReader& in);
Result<Message> decode_account_position_end(FieldReader& in);
/// Skips every field: a message that Janus knows and does not need.
Result<Message> decode_ignored(FieldReader& in);

/// The 11 contract fields of positions, orders and executions: conid to trading class, without a
/// primary exchange.
Contract take_contract(FieldReader& in);
/// `C` and `P` as they are; `CALL`, `PUT` shortened; `?`, `0` and the like are no right.
std::string_view right_of(std::string_view text);
/// Account codes separated by commas; an empty one is none.
std::vector<std::string> split_codes(std::string_view list);
/// The date of `YYYYMMDD HH:MM Zone`.
std::string_view date_of(std::string_view text);

}  // namespace janus::ib::wire
