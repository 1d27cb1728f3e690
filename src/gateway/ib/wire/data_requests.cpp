#include "gateway/ib/wire/data_requests.hpp"

#include <array>

#include "gateway/ib/wire/request_writer.hpp"
#include "gateway/ib/wire/times.hpp"
#include "gateway/word_table.hpp"

namespace janus::ib::wire {
namespace {

using gateway::first_word_of;
using gateway::Word;

constexpr auto bar_sizes = std::to_array<Word<BarSize>>({
    {"5 secs",  BarSize::Seconds5 },
    {"10 secs", BarSize::Seconds10},
    {"15 secs", BarSize::Seconds15},
    {"30 secs", BarSize::Seconds30},
    {"1 min",   BarSize::Minute1  },
    {"2 mins",  BarSize::Minutes2 },
    {"3 mins",  BarSize::Minutes3 },
    {"5 mins",  BarSize::Minutes5 },
    {"10 mins", BarSize::Minutes10},
    {"15 mins", BarSize::Minutes15},
    {"20 mins", BarSize::Minutes20},
    {"30 mins", BarSize::Minutes30},
    {"1 hour",  BarSize::Hour1    },
    {"2 hours", BarSize::Hours2   },
    {"3 hours", BarSize::Hours3   },
    {"4 hours", BarSize::Hours4   },
    {"8 hours", BarSize::Hours8   },
    {"1 day",   BarSize::Day1     },
    {"1 week",  BarSize::Week1    },
    {"1 month", BarSize::Month1   },
});
constexpr auto bar_sources = std::to_array<Word<BarSource>>({
    {"TRADES",        BarSource::Trades        },
    {"MIDPOINT",      BarSource::Midpoint      },
    {"BID",           BarSource::Bid           },
    {"ASK",           BarSource::Ask           },
    {"BID_ASK",       BarSource::BidAsk        },
    {"ADJUSTED_LAST", BarSource::AdjustedTrades},
});
static_assert(first_word_of(bar_sizes, BarSize::Month1) == "1 month" &&
              first_word_of(bar_sources, BarSource::AdjustedTrades) == "ADJUSTED_LAST");

constexpr std::int64_t unix_seconds = 2;
constexpr std::int64_t real_time_bar_seconds = 5;

std::int64_t rounded_up(Duration span, Duration unit) {
    return (span.count() + unit.count() - 1) / unit.count();
}

}  // namespace

std::string_view to_word(BarSize size) {
    return first_word_of(bar_sizes, size);
}

std::string_view to_word(BarSource source) {
    return first_word_of(bar_sources, source);
}

std::string duration_text(Duration span) {
    constexpr Duration second = std::chrono::seconds(1);
    constexpr Duration day = std::chrono::hours(24);
    constexpr std::int64_t days_of_year = 365;
    if (span <= second) return "1 S";
    if (span <= day) return fmt::format("{} S", rounded_up(span, second));
    const auto days = rounded_up(span, day);
    if (days <= days_of_year) return fmt::format("{} D", days);
    return fmt::format("{} Y", rounded_up(span, day * days_of_year));
}

Result<std::string> request_real_time_bars(int server_version, std::int64_t request,
                                           const Contract& contract, BarSource source,
                                           BarHours hours) {
    RequestWriter out(server_version, 50);
    out.integer(3).integer(At{1}, request).contract(At{2}, contract);
    out.integer(At{3}, real_time_bar_seconds).text(At{4}, to_word(source));
    return out.flag(At{5}, hours == BarHours::Regular).empty().finish();
}

Result<std::string> cancel_real_time_bars(int server_version, std::int64_t request) {
    return RequestWriter(server_version, 51).integer(1).integer(At{1}, request).finish();
}

Result<std::string> request_historical_data(int server_version, const HistoryQuery& query) {
    RequestWriter out(server_version, 20);
    out.integer(At{1}, query.request).contract(At{2}, query.contract);
    out.integer(0);  // Include expired ones.
    out.text(At{3}, query.end ? dashed_text(*query.end) : std::string());
    out.text(At{4}, to_word(query.size)).text(At{5}, duration_text(query.span));
    out.flag(At{6}, query.hours == BarHours::Regular).text(At{7}, to_word(query.source));
    out.integer(At{8}, unix_seconds).flag(At{9}, false);
    return out.empty().finish();  // Options.
}

Result<std::string> cancel_historical_data(int server_version, std::int64_t request) {
    return RequestWriter(server_version, 25).integer(1).integer(At{1}, request).finish();
}

Result<std::string> request_head_timestamp(int server_version, const HistoryQuery& query) {
    RequestWriter out(server_version, 87);
    out.integer(At{1}, query.request).contract(At{2}, query.contract);
    out.integer(0);  // Include expired ones.
    out.flag(At{3}, query.hours == BarHours::Regular).text(At{4}, to_word(query.source));
    return out.integer(At{5}, unix_seconds).finish();
}

Result<std::string> cancel_head_timestamp(int server_version, std::int64_t request) {
    return RequestWriter(server_version, 90).integer(At{1}, request).finish();
}

Result<std::string> request_market_rule(int server_version, std::int64_t rule) {
    return RequestWriter(server_version, 91).integer(At{1}, rule).finish();
}

Result<std::string> request_profit(int server_version, std::int64_t request,
                                   std::string_view account) {
    RequestWriter out(server_version, 92);
    return out.integer(At{1}, request).text(At{2}, account).text(At{3}, "").finish();
}

Result<std::string> cancel_profit(int server_version, std::int64_t request) {
    return RequestWriter(server_version, 93).integer(At{1}, request).finish();
}

Result<std::string> request_account_updates(int server_version, std::int64_t request,
                                            std::string_view account) {
    RequestWriter out(server_version, 76);
    out.integer(1).integer(At{1}, request).text(At{2}, account).text(At{3}, "");
    return out.flag(At{4}, false).finish();  // All values, not the ledger alone.
}

Result<std::string> cancel_account_updates(int server_version, std::int64_t request) {
    return RequestWriter(server_version, 77).integer(1).integer(At{1}, request).finish();
}

Result<std::string> request_account_positions(int server_version, std::int64_t request,
                                              std::string_view account) {
    RequestWriter out(server_version, 74);
    return out.integer(1).integer(At{1}, request).text(At{2}, account).text(At{3}, "").finish();
}

Result<std::string> cancel_account_positions(int server_version, std::int64_t request) {
    return RequestWriter(server_version, 75).integer(1).integer(At{1}, request).finish();
}

}  // namespace janus::ib::wire
