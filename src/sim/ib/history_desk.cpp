#include "sim/ib/history_desk.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "sim/ib/clock_text.hpp"

namespace janus::sim::ib {
namespace {

constexpr std::int64_t day_seconds = 86400;
constexpr std::size_t bars_max = 12000;         // Of one answer; the newest are kept.
constexpr std::int64_t history_days = 365;      // So far back there are bars.
constexpr std::int64_t regular_open = 52200;    // 14:30 UTC
constexpr std::int64_t regular_close = 75600;   // 21:00 UTC
constexpr std::int64_t extended_open = 32400;   // 09:00 UTC
constexpr std::int64_t extended_close = 86400;  // Midnight UTC
constexpr std::int64_t wave_ticks = 40;         // How far a price strays from the start price.
constexpr std::int64_t level_seconds = 5;       // The finest bar.
constexpr int wick_ticks = 3;
constexpr std::int64_t small_bar_seconds = 30;
constexpr std::string_view pacing_text =
    "Historical Market Data Service error message:Historical data request pacing violation";

struct WordSeconds {
    std::string_view word;
    std::int64_t seconds;
};
constexpr auto bar_sizes = std::to_array<WordSeconds>({
    {"5 secs",  5    },
    {"10 secs", 10   },
    {"15 secs", 15   },
    {"30 secs", 30   },
    {"1 min",   60   },
    {"2 mins",  120  },
    {"3 mins",  180  },
    {"5 mins",  300  },
    {"10 mins", 600  },
    {"15 mins", 900  },
    {"20 mins", 1200 },
    {"30 mins", 1800 },
    {"1 hour",  3600 },
    {"2 hours", 7200 },
    {"3 hours", 10800},
    {"4 hours", 14400},
    {"8 hours", 28800},
    {"1 day",   86400},
});
constexpr auto duration_units = std::to_array<WordSeconds>({
    {"S", 1                },
    {"D", day_seconds      },
    {"W", 7 * day_seconds  },
    {"M", 30 * day_seconds },
    {"Y", 365 * day_seconds},
});

std::optional<std::int64_t> find_bar_seconds(std::string_view text) {
    const auto* row = std::ranges::find(bar_sizes, text, &WordSeconds::word);
    return row == bar_sizes.end() ? std::nullopt : std::optional(row->seconds);
}

/// Where a span of trading days that ends at `to` begins: at the start of its first day.
std::int64_t start_of_days(std::int64_t to, std::int64_t days) {
    auto day = (to - 1) / day_seconds * day_seconds;
    for (days = std::min(days, history_days);; day -= day_seconds)
        if (weekday_of(Utc{std::chrono::seconds(day)}) < 5 && --days <= 0) return day;
}

/// Where `2 D`, `3600 S` and the like begin when they end at `to`.
std::optional<std::int64_t> find_start(std::string_view text, std::int64_t to) {
    const auto blank = text.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    const auto count = Decimal::parse(text.substr(0, blank));
    const auto* unit =
        std::ranges::find(duration_units, text.substr(blank + 1), &WordSeconds::word);
    if (!count || !count->is_whole() || !count->is_positive() || unit == duration_units.end())
        return std::nullopt;
    const auto units = std::min(count->units() / Decimal::units_per_one, day_seconds);
    if (unit->word == "D") return start_of_days(to, units);
    return to - std::min(units * unit->seconds, history_days * day_seconds);
}

struct HistoryQuery {
    RequestId id{0};
    ContractQuery contract;
    std::string end;
    std::string bar_size;
    std::string duration;
    bool regular_hours{true};
    std::string what;
    std::int64_t date_format{1};
    bool keep_up_to_date{false};
};

HistoryQuery read_query(FieldCursor& in) {
    HistoryQuery query;
    query.id = in.integer();
    query.contract = read_contract_query(in);
    in.skip();  // Include expired.
    query.end = in.text();
    query.bar_size = in.text();
    query.duration = in.text();
    query.regular_hours = in.flag();
    query.what = in.text();
    query.date_format = in.integer();
    query.keep_up_to_date = in.flag();
    return query;
}

bool is_open(std::int64_t second, bool regular_hours) {
    if (weekday_of(Utc{std::chrono::seconds(second)}) >= 5) return false;
    const auto of_day = second % day_seconds;
    return regular_hours ? of_day >= regular_open && of_day < regular_close
                         : of_day >= extended_open && of_day < extended_close;
}

/// A number that depends on instrument and time only.
std::int64_t chance_of(const SimInstrument& instrument, std::int64_t second) {
    Random random(static_cast<std::uint64_t>(instrument.ib_conid) * 1'000'003U ^
                  static_cast<std::uint64_t>(second));
    random.next();
    return static_cast<std::int64_t>(random.next() >> 2U);
}

/// The price at a moment, on the tick grid.
Decimal level_of(const SimInstrument& instrument, std::int64_t second) {
    const auto slow = chance_of(instrument, second / day_seconds) % wave_ticks;
    const auto fast = chance_of(instrument, second / level_seconds) % (wave_ticks / 4);
    const auto ticks = slow - wave_ticks / 2 + fast;
    const auto level = instrument.start_price.value.units() + ticks * instrument.tick_size.units();
    return Decimal::from_units(std::max(level, instrument.tick_size.units()));
}

struct HistoryBar {
    std::int64_t start{0};
    Decimal open, high, low, close;
    std::int64_t volume{0};
};

HistoryBar bar_of(const SimInstrument& instrument, std::int64_t start, std::int64_t seconds) {
    HistoryBar bar{.start = start, .open = {}, .high = {}, .low = {}, .close = {}};
    bar.open = level_of(instrument, start);
    bar.close = level_of(instrument, start + seconds);
    const auto wick = [&](std::int64_t salt) {
        return Decimal::from_units(chance_of(instrument, start + salt) % wick_ticks *
                                   instrument.tick_size.units());
    };
    bar.high = std::max(bar.open, bar.close) + wick(1);
    bar.low = std::max(std::min(bar.open, bar.close) - wick(2), instrument.tick_size);
    bar.volume = 100 + chance_of(instrument, start + 3) % 900;
    return bar;
}

/// Whole bars that started at or after `from` and before `to`, the newest `bars_max` of them.
std::vector<HistoryBar> bars_of(const SimInstrument& instrument, std::int64_t from, std::int64_t to,
                                std::int64_t seconds, bool regular_hours) {
    std::vector<HistoryBar> bars;
    const bool daily = seconds >= day_seconds;
    for (auto start = (to - 1) / seconds * seconds; start >= from && bars.size() < bars_max;
         start -= seconds)
        if (is_open(daily ? start + regular_open : start, regular_hours))
            bars.push_back(bar_of(instrument, start, seconds));
    std::ranges::reverse(bars);
    return bars;
}

std::string bar_time_text(const HistoryBar& bar, std::int64_t seconds, std::int64_t format) {
    const Utc at{std::chrono::seconds(bar.start)};
    if (seconds >= day_seconds) return to_date_text(at);
    return format == 2 ? fmt::format("{}", bar.start) : to_zoned_text(at);
}

void add_bar(Message& message, const HistoryBar& bar, std::int64_t seconds,
             const HistoryQuery& query) {
    const bool trades = query.what == "TRADES" || query.what == "ADJUSTED_LAST";
    message.add(bar_time_text(bar, seconds, query.date_format))
        .add(bar.open)
        .add(bar.high)
        .add(bar.low)
        .add(bar.close)
        .add(trades ? bar.volume : -1)
        .add(trades ? bar.close : Decimal::from_integer(-1))
        .add(trades ? bar.volume / 10 : -1);
}

}  // namespace

void HistoryDesk::on_historical_data(Now now, Session& session, FieldCursor& in) {
    const auto query = read_query(in);
    const auto refuse = [&](int code, const std::string& text) {
        context_.send_error(now, session, query.id, code, text);
    };
    const auto row = find_contract(context_.exchange, query.contract);
    if (!row) return refuse(200, row.error().message);
    const auto seconds_asked = find_bar_seconds(query.bar_size).value_or(0);
    const auto instrument = fmt::format("{} {} {}", row->conid, row->exchange, query.what);
    const auto question = fmt::format("{} {} {} {} {}", instrument, query.end, query.bar_size,
                                      query.duration, query.regular_hours);
    if (is_too_fast(now, question, instrument, seconds_asked <= small_bar_seconds))
        return refuse(162, std::string(pacing_text));
    const auto seconds = find_bar_seconds(query.bar_size);
    if (!seconds)
        return refuse(321, "Error validating request: Invalid bar size '" + query.bar_size + "'");
    const auto end = query.end.empty() ? Result<Utc>(now.utc) : parse_request_time(query.end);
    if (!end) return refuse(321, "Error validating request: " + end.error().message);
    if (query.keep_up_to_date && !query.end.empty())
        return refuse(321, "Error validating request: end date not supported with keepUpToDate");
    const auto to = std::min(end->seconds(), now.utc.seconds());
    const auto begin = find_start(query.duration, to);
    if (!begin)
        return refuse(321, "Error validating request: Invalid duration '" + query.duration + "'");
    const auto from = std::max(*begin, now.utc.seconds() - history_days * day_seconds);
    const auto bars = bars_of(*row->instrument, from, to, *seconds, query.regular_hours);
    if (bars.empty())
        return refuse(162,
                      "Historical Market Data Service error message:HMDS query returned no data");
    const auto first = to_zoned_text({std::chrono::seconds(from)});
    const auto last = to_zoned_text({std::chrono::seconds(to)});
    Message message(17);
    message.add(query.id);
    if (session.version < 196) message.add(first).add(last);
    message.add(static_cast<std::int64_t>(bars.size()));
    for (const auto& bar : bars) add_bar(message, bar, *seconds, query);
    context_.send(session, message);
    if (session.version >= 196)
        context_.send(session, Message(108).add(query.id).add(first).add(last));
    if (!query.keep_up_to_date) return;
    Feed feed;
    feed.kind = FeedKind::History;
    feed.contract = *row;
    feed.what = query.what;
    feed.seconds = *seconds;
    feed.date_format = query.date_format;
    session.feeds[query.id] = feed;
}

/// With the fault on: IB's rules for small bars, as its page has them.
bool HistoryDesk::is_too_fast(Now now, std::string_view question, std::string_view instrument,
                              bool small_bars) {
    using namespace std::chrono_literals;
    if (!context_.faults.is_on("history_pacing")) return false;
    std::erase_if(asked_, [now](const Asked& asked) { return now.mono - asked.at >= 10min; });
    std::int64_t in_window = 0;
    std::int64_t in_burst = 0;
    bool same = false;
    for (const auto& asked : asked_) {
        if (asked.small_bars) ++in_window;
        if (asked.instrument == instrument && now.mono - asked.at < 2s) ++in_burst;
        same = same || (asked.question == question && now.mono - asked.at < 15s);
    }
    asked_.push_back({now.mono, std::string(question), std::string(instrument), small_bars});
    const auto most = context_.faults.integer_of("history_pacing", "most", 60);
    return same || in_burst >= 5 || (small_bars && in_window >= most);
}

void HistoryDesk::on_cancel_historical_data(Now now, Session& session, FieldCursor& in) {
    in.skip();
    const auto id = in.integer();  // Only one that is kept up to date goes on after its answer.
    const auto feed = session.feeds.find(id);
    if (feed != session.feeds.end() && feed->second.kind == FeedKind::History) {
        session.feeds.erase(feed);
        return;
    }
    context_.send_error(now, session, id, 366,
                        fmt::format("No historical data query found for ticker id:{}", id));
}

void HistoryDesk::on_head_timestamp(Now now, Session& session, FieldCursor& in) {
    const auto id = in.integer();
    const auto row = find_contract(context_.exchange, read_contract_query(in));
    in.skip(3);  // Include expired, regular hours, what to show.
    const auto format = in.integer();
    if (!row) return context_.send_error(now, session, id, 200, row.error().message);
    const auto oldest = (now.utc.seconds() / day_seconds - history_days) * day_seconds;
    const Utc at{std::chrono::seconds(oldest + regular_open)};
    context_.send(session, Message(88).add(id).add(format == 2 ? fmt::format("{}", at.seconds())
                                                               : to_dashed_text(at)));
}

}  // namespace janus::sim::ib
