#include "sim/ib/clock_text.hpp"

#include <chrono>

namespace janus::sim::ib {
namespace {

struct Civil {
    std::chrono::year_month_day date;
    std::chrono::hh_mm_ss<std::chrono::seconds> time;
};

Civil civil_of(Utc at) {
    const std::chrono::sys_seconds instant{std::chrono::seconds(at.seconds())};
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    return {std::chrono::year_month_day(day),
            std::chrono::hh_mm_ss<std::chrono::seconds>(instant - day)};
}

std::string date_text(const Civil& civil) {
    return fmt::format("{:04}{:02}{:02}", static_cast<int>(civil.date.year()),
                       static_cast<unsigned>(civil.date.month()),
                       static_cast<unsigned>(civil.date.day()));
}

std::string time_text(const Civil& civil) {
    return fmt::format("{:02}:{:02}:{:02}", civil.time.hours().count(),
                       civil.time.minutes().count(), civil.time.seconds().count());
}

}  // namespace

std::string to_zoned_text(Utc at) {
    const auto civil = civil_of(at);
    return date_text(civil) + ' ' + time_text(civil) + " UTC";
}

std::string to_dashed_text(Utc at) {
    const auto civil = civil_of(at);
    return date_text(civil) + '-' + time_text(civil);
}

std::string to_date_text(Utc at) {
    return date_text(civil_of(at));
}

std::string to_clock_text(Utc at) {
    return time_text(civil_of(at)).substr(0, 5);
}

int weekday_of(Utc at) {
    const std::chrono::sys_seconds instant{std::chrono::seconds(at.seconds())};
    const std::chrono::weekday day(std::chrono::floor<std::chrono::days>(instant));
    return static_cast<int>(day.iso_encoding()) - 1;
}

Result<Utc> parse_request_time(std::string_view text) {
    const auto malformed = [&] {
        return fail(ErrorCode::Malformed, "'{}' is no time of the form YYYYMMDD-HH:MM:SS", text);
    };
    if (text.size() < 8) return malformed();
    std::string iso =
        fmt::format("{}-{}-{}T", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2));
    auto rest = text.substr(8);
    while (rest.starts_with(' ') || rest.starts_with('-')) rest.remove_prefix(1);
    if (!rest.empty() && rest.size() < 8) return malformed();
    iso += rest.empty() ? "00:00:00" : rest.substr(0, 8);
    iso += 'Z';
    auto at = parse_iso(iso);
    if (!at) return malformed();
    return at;
}

Result<Utc> parse_good_till(std::string_view text) {
    constexpr std::size_t date_size = 8;
    auto at = parse_request_time(text);
    if (!at || text.size() > date_size) return at;
    return *at + (std::chrono::days(1) - std::chrono::seconds(1));
}

}  // namespace janus::sim::ib
