#include "gateway/webull/http_date.hpp"

#include <array>
#include <charconv>

namespace janus::webull {
namespace {

using namespace std::chrono;

constexpr auto months = std::to_array<std::string_view>(
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});

/// The two or four digits at `at`; -1 when they are none.
int digits_at(std::string_view text, std::size_t at, std::size_t count) {
    int value = 0;
    const auto part = text.substr(at, count);
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc{} || end != part.data() + count || part[0] == '-') return -1;
    return value;
}

int month_of(std::string_view name) {
    for (std::size_t i = 0; i < months.size(); ++i)
        if (months[i] == name) return static_cast<int>(i) + 1;
    return -1;
}

/// New York is 4 hours behind from the second Sunday of March to the first Sunday of November,
/// each at 2 o'clock local time, and 5 hours otherwise.
hours eastern_offset(Utc at) {
    const year_month_day today{floor<days>(sys_time<Duration>{at.since_epoch})};
    const sys_days spring{today.year() / March / Sunday[2]};
    const sys_days autumn{today.year() / November / Sunday[1]};
    const auto since = at.since_epoch;
    const bool summer = since >= spring.time_since_epoch() + hours{7} &&
                        since < autumn.time_since_epoch() + hours{6};
    return summer ? hours{-4} : hours{-5};
}

sys_days eastern_day(Utc at) {
    return floor<days>(sys_time<Duration>{at.since_epoch + eastern_offset(at)});
}

}  // namespace

Result<Utc> parse_http_date(std::string_view text) {
    const auto broken = [text] {
        return fail(ErrorCode::Malformed, "date was '{}'", text.substr(0, 40));
    };
    if (text.size() != 29 || !text.ends_with(" GMT") || text.substr(3, 2) != ", " ||
        text[7] != ' ' || text[11] != ' ' || text[16] != ' ' || text[19] != ':' || text[22] != ':')
        return broken();
    const int d = digits_at(text, 5, 2);
    const int m = month_of(text.substr(8, 3));
    const int y = digits_at(text, 12, 4);
    const int hour = digits_at(text, 17, 2);
    const int minute = digits_at(text, 20, 2);
    const int second = digits_at(text, 23, 2);
    if (d < 0 || m < 0 || y < 1970 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 60)
        return broken();
    const auto date = year{y} / m / d;
    if (!date.ok()) return broken();
    return Utc{sys_days{date}.time_since_epoch() + hours{hour} + minutes{minute} + seconds{second}};
}

std::string us_eastern_date(Utc at) {
    const year_month_day date{eastern_day(at)};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

Utc us_eastern_midnight(Utc at) {
    return {eastern_day(at).time_since_epoch() - eastern_offset(at)};
}

}  // namespace janus::webull
