#include "sim/webull/pages.hpp"

#include <charconv>

namespace janus::sim::webull {
namespace {

using namespace std::chrono;

constexpr std::size_t page_size_min = 10;
constexpr std::size_t page_size_max = 100;
constexpr Duration history_days = days(7);
constexpr Duration history_reach = days(731);
constexpr Duration history_span_max = days(184);
constexpr std::string_view key_prefix = "pg-";

std::optional<std::uint64_t> find_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::unexpected<Refusal> parameter_error(std::string message) {
    return refuse("PARAM_ERR", std::move(message));
}

Answer<std::uint64_t> read_cursor_g3(const QueryParameters& query, const OrderShelf& shelf,
                                     const std::string& account) {
    const auto cursor = value_of(query, "last_client_order_id");
    if (cursor.empty()) return 0;
    const auto* record = shelf.find(account, std::string(cursor));
    // Seen at Webull: the other cursor beside this one is answered as if the order did not exist.
    if (record == nullptr || !value_of(query, "last_order_id").empty())
        return refuse("ORDER_NOT_FOUND", "Order not present");
    return record->sequence;
}

Answer<std::uint64_t> read_cursor_g4(const QueryParameters& query) {
    auto key = value_of(query, "pagination_key");
    if (key.empty()) return 0;
    if (!key.starts_with(key_prefix)) return parameter_error("pagination_key is not known");
    const auto sequence = find_number(key.substr(key_prefix.size()));
    if (!sequence || *sequence == 0) return parameter_error("pagination_key is not known");
    return *sequence;
}

/// The start of a US/Eastern day given as `2026-03-09`.
Answer<Utc> read_date(std::string_view text) {
    const auto midnight = parse_iso(fmt::format("{}T00:00:00Z", text));
    if (!midnight) return parameter_error("dates must be like 2026-03-09");
    return *midnight + eastern_offset_at(*midnight);
}

/// The two bounds of a query; nothing when neither is there.
Answer<std::optional<std::pair<std::string, std::string>>> read_bounds(const QueryParameters& query,
                                                                       const char* from,
                                                                       const char* until) {
    const auto first = value_of(query, from);
    const auto last = value_of(query, until);
    if (first.empty() != last.empty())
        return parameter_error(fmt::format("{} and {} go together", from, until));
    if (first.empty()) return std::nullopt;
    return std::pair(std::string(first), std::string(last));
}

Answer<HistoryRange> read_days(Now now, const std::pair<std::string, std::string>& bounds) {
    const auto from = read_date(bounds.first);
    const auto last = read_date(bounds.second);
    if (!from) return std::unexpected(from.error());
    if (!last) return std::unexpected(last.error());
    if (*from > *last) return parameter_error("start_date is after end_date");
    if (now.utc - *from > history_reach) return parameter_error("history reaches back two years");
    return HistoryRange{*from, *last + days(1)};
}

Answer<HistoryRange> read_times(const std::pair<std::string, std::string>& bounds) {
    const auto from = parse_iso(bounds.first);
    const auto until = parse_iso(bounds.second);
    if (!from || !until) return parameter_error("times must be like 2026-03-09T14:30:05.000Z");
    if (*from > *until) return parameter_error("start_time is after end_time");
    if (*until - *from > history_span_max)
        return parameter_error("start_time and end_time may be six months apart");
    return HistoryRange{*from, *until + milliseconds(1)};
}

}  // namespace

Answer<PageRequest> read_page_request(Generation generation, const QueryParameters& query,
                                      const OrderShelf& shelf, const std::string& account) {
    PageRequest request;
    if (const auto text = value_of(query, "page_size"); !text.empty()) {
        const auto size = find_number(text);
        if (!size || *size < page_size_min || *size > page_size_max)
            return parameter_error("page_size must be 10 to 100");
        request.size = *size;
    }
    const auto cursor = generation == Generation::G3 ? read_cursor_g3(query, shelf, account)
                                                     : read_cursor_g4(query);
    if (!cursor) return std::unexpected(cursor.error());
    request.below = *cursor;
    return request;
}

Page page_of(std::span<const OrderRecord* const> records, const PageRequest& request) {
    Page page;
    for (const auto* record : records) {
        if (request.below != 0 && record->sequence >= request.below) continue;
        if (page.records.size() == request.size) {
            page.next_key = fmt::format("{}{}", key_prefix, page.records.back()->sequence);
            break;
        }
        page.records.push_back(record);
    }
    return page;
}

Answer<HistoryRange> read_history_range(Now now, Generation generation,
                                        const QueryParameters& query) {
    const bool older = generation == Generation::G3;
    const auto bounds = older ? read_bounds(query, "start_date", "end_date")
                              : read_bounds(query, "start_time", "end_time");
    if (!bounds) return std::unexpected(bounds.error());
    if (!*bounds) return HistoryRange{now.utc + -history_days, now.utc + days(1)};
    return older ? read_days(now, **bounds) : read_times(**bounds);
}

Duration eastern_offset_at(Utc at) {
    const auto today = year_month_day{floor<days>(sys_time<Duration>{at.since_epoch})};
    // Clocks change at two in the morning, local time: at 7:00 and at 6:00 UTC.
    const sys_time<Duration> spring = sys_days{today.year() / March / Sunday[2]} + hours(7);
    const sys_time<Duration> autumn = sys_days{today.year() / November / Sunday[1]} + hours(6);
    const sys_time<Duration> moment{at.since_epoch};
    return moment >= spring && moment < autumn ? hours(4) : hours(5);
}

}  // namespace janus::sim::webull
