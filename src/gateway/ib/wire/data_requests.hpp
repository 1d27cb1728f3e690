#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/market_data.hpp"
#include "gateway/ib/wire/contract.hpp"

/// Requests about bars, price grids and single accounts, one function each, like requests.hpp.
namespace janus::ib::wire {

/// `5 secs`, `1 min`, `1 day`.
std::string_view to_word(BarSize size);
/// `TRADES`, `MIDPOINT`, ...
std::string_view to_word(BarSource source);
/// How far back to look, at least `span`: `3600 S`, `2 D`, `1 Y`. IB takes seconds up to a day and
/// days up to a year; a day is a day of trading.
std::string duration_text(Duration span);

Result<std::string> request_real_time_bars(int server_version, std::int64_t request,
                                           const Contract& contract, BarSource source,
                                           BarHours hours);
Result<std::string> cancel_real_time_bars(int server_version, std::int64_t request);

struct HistoryQuery {
    std::int64_t request{0};
    Contract contract;
    BarSize size{BarSize::Minute1};
    BarSource source{BarSource::Trades};
    BarHours hours{BarHours::Regular};
    std::optional<Utc> end;
    Duration span{};
};
/// Dates come back as unix seconds, so that no zone has to be known.
Result<std::string> request_historical_data(int server_version, const HistoryQuery& query);
Result<std::string> cancel_historical_data(int server_version, std::int64_t request);
Result<std::string> request_head_timestamp(int server_version, const HistoryQuery& query);
Result<std::string> cancel_head_timestamp(int server_version, std::int64_t request);

Result<std::string> request_market_rule(int server_version, std::int64_t rule);

Result<std::string> request_profit(int server_version, std::int64_t request,
                                   std::string_view account);
Result<std::string> cancel_profit(int server_version, std::int64_t request);
/// Every value of one account, and its changes.
Result<std::string> request_account_updates(int server_version, std::int64_t request,
                                            std::string_view account);
Result<std::string> cancel_account_updates(int server_version, std::int64_t request);
Result<std::string> request_account_positions(int server_version, std::int64_t request,
                                              std::string_view account);
Result<std::string> cancel_account_positions(int server_version, std::int64_t request);

}  // namespace janus::ib::wire
