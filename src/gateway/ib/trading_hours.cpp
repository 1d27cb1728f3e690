#include "gateway/ib/trading_hours.hpp"

#include <algorithm>
#include <string>

#include "gateway/ib/wire/times.hpp"

namespace janus::ib {
namespace {

constexpr std::size_t date_size = 8;
constexpr std::size_t moment_size = 13;  // `20260105:0930`
constexpr std::size_t items_max = 200;

}  // namespace

/// From the midnight before the first date to the one after the last, by the clock of the zone.
std::optional<TradingHours::Span> TradingHours::find_days(std::string_view first,
                                                          std::string_view last,
                                                          std::string_view zone) {
    const auto from = wire::find_hour(std::string(first) + ":0000", zone);
    const auto until = wire::find_hour(std::string(last) + ":2400", zone);
    if (!from || !until || *until <= *from) return std::nullopt;
    return Span{*from, *until};
}

bool TradingHours::add(std::string_view item, std::string_view zone) {
    const auto date = item.substr(0, date_size);
    if (item.substr(date.size()) == ":CLOSED") {
        const auto day = find_days(date, date, zone);
        if (day) described_.push_back(*day);
        return day.has_value();
    }
    if (item.size() != 2 * moment_size + 1 || item[moment_size] != '-') return false;
    const auto opens = item.substr(0, moment_size);
    const auto closes = item.substr(moment_size + 1);
    const auto from = wire::find_hour(opens, zone);
    const auto until = wire::find_hour(closes, zone);
    const auto days = find_days(date, closes.substr(0, date_size), zone);
    if (!from || !until || !days || *until <= *from) return false;
    described_.push_back(*days);
    sessions_.push_back({*from, *until});
    return true;
}

std::optional<TradingHours> TradingHours::parse(std::string_view text, std::string_view zone) {
    TradingHours hours;
    for (std::size_t items = 0; !text.empty(); ++items) {
        const auto end = text.find(';');
        const auto item = text.substr(0, end);
        if (items >= items_max || (!item.empty() && !hours.add(item, zone))) return std::nullopt;
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    if (hours.described_.empty()) return std::nullopt;
    return hours;
}

std::optional<bool> TradingHours::is_open(Utc at) const {
    const auto holds = [at](const Span& span) { return span.holds(at); };
    if (std::ranges::any_of(sessions_, holds)) return true;
    if (std::ranges::any_of(described_, holds)) return false;
    return std::nullopt;
}

}  // namespace janus::ib
