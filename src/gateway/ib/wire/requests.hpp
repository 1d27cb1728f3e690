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
/// Live data, or nothing: Janus does not ask for delayed data on its own.
Result<std::string> request_live_market_data(int server_version);

Result<std::string> request_positions(int server_version);
Result<std::string> cancel_positions(int server_version);
Result<std::string> request_account_summary(int server_version, std::int64_t request,
                                            std::string_view tags);
Result<std::string> cancel_account_summary(int server_version, std::int64_t request);

/// Orders of this client id only.
Result<std::string> request_open_orders(int server_version);
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
