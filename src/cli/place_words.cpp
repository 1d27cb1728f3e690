#include "cli/place_words.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/decimal.hpp"
#include "base/time.hpp"

namespace janus::cli {
namespace {

constexpr std::string_view dated = "GTD:";
constexpr std::size_t date_length = std::string_view("2026-12-31").size();

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char letter) {
        return static_cast<char>(std::toupper(letter));
    });
    return text;
}

/// A date alone is the end of that day.
std::string moment_of(const std::string& text) {
    return text.size() == date_length ? text + "T23:59:59Z" : text;
}

/// Sets the distance of a trailing stop, which may be in per cent.
template <typename Request>
void set_trail(Request& request, const std::string& trail) {
    if (trail.empty()) return;
    if (trail.ends_with('%'))
        request.set_trail_percent(trail.substr(0, trail.size() - 1));
    else
        request.set_trail_amount(trail);
}

std::string type_of(const PlaceWords& words, bool is_stop) {
    const bool limited = !words.limit.empty();
    if (is_stop) return limited ? "STOP_LIMIT" : "STOP";
    if (!words.trail.empty())
        return words.limit_offset.empty() ? "TRAILING_STOP" : "TRAILING_STOP_LIMIT";
    if (words.on_close) return limited ? "LIMIT_ON_CLOSE" : "MARKET_ON_CLOSE";
    return limited ? "LIMIT" : "MARKET";
}

}  // namespace

v1::PlaceOrderRequest request_of(const PlaceWords& words, const std::string& side, bool is_stop,
                                 const std::string& account) {
    v1::PlaceOrderRequest request;
    request.set_account(account);
    request.set_symbol(words.symbol);
    request.set_side(side);
    request.set_type(type_of(words, is_stop));
    request.set_quantity(words.quantity);
    if (!words.limit.empty()) request.set_limit_price(words.limit);
    if (!words.stop.empty()) request.set_stop_price(words.stop);
    set_trail(request, words.trail);
    if (!words.limit_offset.empty()) request.set_limit_offset(words.limit_offset);
    const auto time = upper(words.time_in_force);
    const bool has_date = time.starts_with(dated);
    request.set_time_in_force(has_date ? "GTD" : time);
    if (has_date) request.set_good_till(moment_of(time.substr(dated.size())));
    request.set_session(words.session);
    request.set_oca_group(words.oca_group);
    request.set_idempotency_key(words.key);
    return request;
}

v1::ModifyOrderRequest request_of(const ModifyWords& words) {
    v1::ModifyOrderRequest request;
    request.set_order(words.order);
    if (!words.quantity.empty()) request.set_quantity(words.quantity);
    if (!words.limit.empty()) request.set_limit_price(words.limit);
    if (!words.stop.empty()) request.set_stop_price(words.stop);
    set_trail(request, words.trail);
    if (!words.limit_offset.empty()) request.set_limit_offset(words.limit_offset);
    return request;
}

bool changes_nothing(const ModifyWords& words) {
    return words.quantity.empty() && words.limit.empty() && words.stop.empty() &&
           words.trail.empty() && words.limit_offset.empty();
}

std::string is_trail(const std::string& text) {
    const bool percent = text.ends_with('%');
    if (Decimal::parse(percent ? text.substr(0, text.size() - 1) : text)) return {};
    return "trail was '" + text + "', must be a distance (1.5) or a percent (2%)";
}

std::string is_time_in_force(const std::string& text) {
    const auto word = upper(text);
    constexpr auto plain = std::to_array<std::string_view>({"DAY", "GTC", "IOC", "FOK", "OPG"});
    if (std::ranges::find(plain, word) != plain.end()) return {};
    if (word.starts_with(dated) && parse_iso(moment_of(word.substr(dated.size())))) return {};
    return "time in force was '" + text + "', not DAY, GTC, IOC, FOK, OPG or GTD:2026-12-31";
}

}  // namespace janus::cli
