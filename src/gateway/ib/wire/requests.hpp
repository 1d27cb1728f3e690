#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "gateway/ib/wire/contract.hpp"

/// One function per request. Each describes its request once (`RequestWriter`) and returns the
/// whole frame in the form of the negotiated server version: text to 200, protobuf from 213 on.
/// Errors of all of them: `Invalid` for a text with a control character or an over-long one.
namespace janus::ib::wire {

Result<std::string> start_api(int server_version, std::int64_t client);
Result<std::string> request_current_time(int server_version);
/// 1 is live data or none; 3 is delayed data where there is no right to live ones.
Result<std::string> request_market_data_type(int server_version, std::int64_t type);

Result<std::string> request_positions(int server_version);
Result<std::string> cancel_positions(int server_version);
Result<std::string> request_account_summary(int server_version, std::int64_t request,
                                            std::string_view tags);
Result<std::string> cancel_account_summary(int server_version, std::int64_t request);

/// Orders of this client id only. Asked by client 0, it binds those made by hand to it.
Result<std::string> request_open_orders(int server_version);
/// Of client 0 only: orders that are made by hand from now on are bound to it.
Result<std::string> request_auto_open_orders(int server_version);
/// Orders of every client and those entered by hand.
Result<std::string> request_all_open_orders(int server_version);
Result<std::string> request_completed_orders(int server_version);
/// Executions of today, of every client and account.
Result<std::string> request_executions(int server_version, std::int64_t request);

Result<std::string> request_contract_details(int server_version, std::int64_t request,
                                             const Contract& contract);
/// `generic_ticks` are numbers separated by commas; empty asks for the plain ones only.
Result<std::string> request_market_data(int server_version, std::int64_t request,
                                        const Contract& contract,
                                        std::string_view generic_ticks = {});
Result<std::string> cancel_market_data(int server_version, std::int64_t request);

Result<std::string> cancel_order(int server_version, std::int64_t order);

}  // namespace janus::ib::wire
