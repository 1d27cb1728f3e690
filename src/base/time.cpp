#include "base/time.hpp"

#include <charconv>

namespace janus {
namespace {

using namespace std::chrono;

struct Civil {
    year_month_day date;
    hh_mm_ss<Duration> clock;
};

Civil civil_of(Utc at) {
    const auto day = floor<days>(at.since_epoch);
    return {year_month_day{sys_days{day}}, hh_mm_ss<Duration>{at.since_epoch - day}};
}

std::string date_and_seconds(const Civil& civil) {
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(civil.date.year()),
                       static_cast<unsigned>(civil.date.month()),
                       static_cast<unsigned>(civil.date.day()), civil.clock.hours().count(),
                       civil.clock.minutes().count(), civil.clock.seconds().count());
}

/// Reads `count` digits at the front of `text` and removes them; -1 when they are not there.
int take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return -1;
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + count, value);
    if (error != std::errc{} || end != text.data() + count || text[0] == '-') return -1;
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char expected) {
    if (text.empty() || text[0] != expected) return false;
    text.remove_prefix(1);
    return true;
}

Duration take_fraction(std::string_view& text) {
    Duration fraction{0};
    if (!take(text, '.')) return fraction;
    auto unit = nanoseconds{100'000'000};
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
        fraction += unit * (text[0] - '0');
        unit /= 10;
        text.remove_prefix(1);
    }
    return fraction;
}

/// Reads `Z`, `+hhmm` or `+hh:mm` up to the end of the text.
bool take_offset(std::string_view text, Duration& offset) {
    if (text == "Z") return true;
    const bool negative = !text.empty() && text[0] == '-';
    if (!take(text, '+') && !take(text, '-')) return false;
    const int hour = take_digits(text, 2);
    take(text, ':');
    const int minute = take_digits(text, 2);
    if (hour < 0 || hour > 18 || minute < 0 || minute > 59 || !text.empty()) return false;
    offset = hours{hour} + minutes{minute};
    if (negative) offset = -offset;
    return true;
}

}  // namespace

std::string to_iso_text(Utc at) {
    const auto civil = civil_of(at);
    const auto milli = duration_cast<milliseconds>(civil.clock.subseconds()).count();
    return fmt::format("{}.{:03}Z", date_and_seconds(civil), milli);
}

std::string to_iso_seconds_text(Utc at) {
    return date_and_seconds(civil_of(at)) + "Z";
}

Result<Utc> parse_iso(std::string_view text) {
    const auto whole = text;
    const int y = take_digits(text, 4);
    const bool dash1 = take(text, '-');
    const int m = take_digits(text, 2);
    const bool dash2 = take(text, '-');
    const int d = take_digits(text, 2);
    const bool between = take(text, 'T') || take(text, ' ');
    const int hour = take_digits(text, 2);
    const bool colon1 = take(text, ':');
    const int minute = take_digits(text, 2);
    const bool colon2 = take(text, ':');
    const int second = take_digits(text, 2);
    const auto fraction = take_fraction(text);
    Duration offset{0};
    const bool shape = dash1 && dash2 && between && colon1 && colon2 && take_offset(text, offset);
    const auto date = year{y} / m / d;
    if (!shape || y < 1970 || y > 2200 || !date.ok() || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 60)
        return fail(ErrorCode::Malformed, "time was '{}', not like 2026-03-09T14:30:05Z", whole);
    const Duration since_day = hours{hour} + minutes{minute} + seconds{second} + fraction;
    return Utc{sys_days{date}.time_since_epoch() + since_day - offset};
}

}  // namespace janus
