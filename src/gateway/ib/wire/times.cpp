#include "gateway/ib/wire/times.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace janus::ib::wire {
namespace {

using namespace std::chrono;

enum class Summer { None, America, Europe };

struct ZoneRow {
    std::string_view name;
    int offset;  ///< Hours east of Greenwich in winter.
    Summer summer;
};

// The zones that a gateway's login or a US or European exchange brings.
constexpr auto zones = std::to_array<ZoneRow>({
    {"US/Eastern",          -5, Summer::America},
    {"America/New_York",    -5, Summer::America},
    {"US/Central",          -6, Summer::America},
    {"America/Chicago",     -6, Summer::America},
    {"US/Mountain",         -7, Summer::America},
    {"America/Denver",      -7, Summer::America},
    {"US/Pacific",          -8, Summer::America},
    {"America/Los_Angeles", -8, Summer::America},
    {"EST5EDT",             -5, Summer::America},
    {"EST",                 -5, Summer::None   },
    {"Europe/London",       0,  Summer::Europe },
    {"GB",                  0,  Summer::Europe },
    {"MET",                 1,  Summer::Europe },
    {"CET",                 1,  Summer::Europe },
    {"Europe/Berlin",       1,  Summer::Europe },
    {"Europe/Paris",        1,  Summer::Europe },
    {"Europe/Zurich",       1,  Summer::Europe },
    {"Europe/Amsterdam",    1,  Summer::Europe },
    {"Europe/Vienna",       1,  Summer::Europe },
    {"Asia/Tokyo",          9,  Summer::None   },
    {"Japan",               9,  Summer::None   },
    {"Asia/Hong_Kong",      8,  Summer::None   },
    {"Hongkong",            8,  Summer::None   },
    {"Asia/Singapore",      8,  Summer::None   },
    {"UTC",                 0,  Summer::None   },
    {"GMT",                 0,  Summer::None   },
    {"Z",                   0,  Summer::None   },
});

/// The span in which clocks are an hour ahead, in the zone's winter time.
struct Span {
    Duration from{};
    Duration until{};
};

Duration at_hour(sys_days day, int hour) {
    return day.time_since_epoch() + hours{hour};
}

Span summer_of(year y, const ZoneRow& zone) {
    switch (zone.summer) {
        case Summer::None:
            return {};
        case Summer::America:
            return {at_hour(sys_days{y / March / Sunday[2]}, 2),
                    at_hour(sys_days{y / November / Sunday[1]}, 1)};
        case Summer::Europe:
            return {at_hour(sys_days{y / March / Sunday[last]}, 1 + zone.offset),
                    at_hour(sys_days{y / October / Sunday[last]}, 1 + zone.offset)};
    }
    return {};
}

std::optional<int> find_number(std::string_view text, std::size_t at, std::size_t size) {
    if (text.size() < at + size) return std::nullopt;
    int value = 0;
    const auto* end = text.data() + at + size;
    const auto parsed = std::from_chars(text.data() + at, end, value);
    if (parsed.ec != std::errc{} || parsed.ptr != end || value < 0) return std::nullopt;
    return value;
}

struct Wall {
    year_month_day date;
    Duration at{};  ///< Since 1970 by the clock on the wall.
};

/// The 17 characters `YYYYMMDD?HH:MM:SS`.
std::optional<Wall> find_wall(std::string_view text) {
    if (text.size() < 17 || text[11] != ':' || text[14] != ':') return std::nullopt;
    const auto y = find_number(text, 0, 4);
    const auto m = find_number(text, 4, 2);
    const auto d = find_number(text, 6, 2);
    const auto hour = find_number(text, 9, 2);
    const auto minute = find_number(text, 12, 2);
    const auto second = find_number(text, 15, 2);
    if (!y || !m || !d || !hour || !minute || !second) return std::nullopt;
    const year_month_day date = year{*y} / *m / *d;
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return Wall{date, sys_days{date}.time_since_epoch() + hours{*hour} + minutes{*minute} +
                          seconds{*second}};
}

Utc utc_of(const Wall& wall, const ZoneRow& zone) {
    const auto summer = summer_of(wall.date.year(), zone);
    // The wall shows summer time, so its last hour reaches one hour further than in winter time.
    const bool ahead = wall.at >= summer.from && wall.at < summer.until + hours{1};
    return Utc{wall.at - hours{zone.offset} - (ahead ? hours{1} : hours{0})};
}

}  // namespace

std::optional<Utc> find_time(std::string_view text) {
    const auto wall = find_wall(text);
    if (!wall) return std::nullopt;
    auto zone = text.substr(17);
    if (text[8] == '-')
        return zone.empty() || zone == "Z" ? std::optional(Utc{wall->at}) : std::nullopt;
    if (text[8] != ' ' || !zone.starts_with(' ')) return std::nullopt;
    zone.remove_prefix(1);
    const auto row = std::ranges::find(zones, zone, &ZoneRow::name);
    return row != zones.end() ? std::optional(utc_of(*wall, *row)) : std::nullopt;
}

std::optional<Utc> find_hour(std::string_view text, std::string_view zone) {
    constexpr std::size_t form_size = 13;
    if (text.size() != form_size || text[8] != ':') return std::nullopt;
    const auto day = find_date(text.substr(0, 8));
    const auto hour = find_number(text, 9, 2);
    const auto minute = find_number(text, 11, 2);
    const auto row = std::ranges::find(zones, zone, &ZoneRow::name);
    if (!day || !hour || !minute || row == zones.end()) return std::nullopt;
    const bool ends_day = *hour == 24 && *minute == 0;
    if ((*hour > 23 && !ends_day) || *minute > 59) return std::nullopt;
    const year_month_day date{sys_days{floor<days>(day->since_epoch)}};
    return utc_of({date, day->since_epoch + hours{*hour} + minutes{*minute}}, *row);
}

std::optional<Utc> find_date(std::string_view text) {
    if (text.size() != 8) return std::nullopt;
    const auto y = find_number(text, 0, 4);
    const auto m = find_number(text, 4, 2);
    const auto d = find_number(text, 6, 2);
    if (!y || !m || !d) return std::nullopt;
    const year_month_day date = year{*y} / *m / *d;
    if (!date.ok()) return std::nullopt;
    return Utc{sys_days{date}.time_since_epoch()};
}

std::optional<Utc> find_moment(std::int64_t seconds) {
    constexpr std::int64_t seconds_end = 4'102'444'800;  // The year 2100.
    if (seconds <= 0 || seconds >= seconds_end) return std::nullopt;
    return Utc{std::chrono::seconds(seconds)};
}

std::optional<Utc> find_moment(std::string_view digits) {
    std::int64_t seconds = 0;
    const auto* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, seconds);
    const bool whole = parsed.ec == std::errc{} && parsed.ptr == end;
    return whole ? find_moment(seconds) : std::nullopt;
}

std::string dashed_text(Utc at) {
    const auto day = floor<days>(at.since_epoch);
    const year_month_day date{sys_days{day}};
    const hh_mm_ss clock{floor<seconds>(at.since_epoch - day)};
    return fmt::format("{:04}{:02}{:02}-{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace janus::ib::wire
