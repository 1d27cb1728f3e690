#include "cli/texts.hpp"

#include "base/decimal.hpp"

namespace janus::cli {
namespace {

std::string with_separators(std::string text) {
    const auto point = text.find('.');
    const std::size_t first = text[0] == '-' ? 1 : 0;
    auto at = point == std::string::npos ? text.size() : point;
    while (at > first + 3) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

/// A long reason would push the table off the screen; the totals below it say it in full.
std::string shortened(const std::string& reason) {
    constexpr std::size_t length_max = 40;
    if (reason.size() <= length_max) return reason;
    auto end = length_max;
    while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0U) == 0x80U) --end;
    return reason.substr(0, end) + "...";
}

}  // namespace

std::string shown_price(const std::string& decimal) {
    const auto value = Decimal::parse(decimal);
    if (!value) return decimal;
    auto text = value->to_text();
    const auto point = text.find('.');
    const auto places = point == std::string::npos ? 0 : text.size() - point - 1;
    return places >= 2 ? text : value->to_fixed(2);
}

std::string shown_money(const std::string& decimal) {
    const auto value = Decimal::parse(decimal);
    return value ? with_separators(value->to_fixed(2)) : decimal;
}

std::string age_text(double seconds) {
    if (seconds < 10) return fmt::format("{:.1f}s", seconds);
    if (seconds < 120) return fmt::format("{:.0f}s", seconds);
    if (seconds < 7200) return fmt::format("{:.0f}m", seconds / 60);
    return fmt::format("{:.0f}h", seconds / 3600);
}

std::string source_text(const v1::Valuation& valuation) {
    if (!valuation.has_price()) return "- " + shortened(valuation.missing());
    auto text = valuation.source() + " " + valuation.quality();
    if (valuation.has_age_seconds()) text += " " + age_text(valuation.age_seconds());
    return text;
}

std::string position_note(const v1::Position& position) {
    std::string note = position.mapped() ? "" : "unmapped";
    if (position.stale()) note += note.empty() ? "not current" : ", not current";
    return note;
}

std::string trail_text(const v1::Order& order) {
    if (order.has_trail_percent()) return order.trail_percent() + "%";
    return shown_price(order.trail_amount());
}

std::string order_text(const v1::Order& order) {
    auto text =
        fmt::format("{} {} {} {}", order.side(), order.quantity(), order.symbol(), order.type());
    if (order.has_stop_price()) text += " stop " + order.stop_price();
    if (order.has_limit_price()) text += " limit " + order.limit_price();
    if (!trail_text(order).empty()) text += " trail " + trail_text(order);
    if (order.has_limit_offset()) text += " offset " + order.limit_offset();
    text += " " + order.time_in_force();
    if (order.has_good_till()) text += " " + order.good_till();
    return text;
}

std::string quote_text(const v1::Quote& quote) {
    if (!quote.has_bid() && !quote.has_ask() && !quote.has_last() && !quote.has_close())
        return fmt::format("{} no quote{}{}", quote.symbol(), quote.reason().empty() ? "" : ": ",
                           quote.reason());
    auto text = fmt::format("{} {} x {} / {} x {} last {} {}", quote.symbol(),
                            shown_price(quote.bid()), quote.bid_size(), shown_price(quote.ask()),
                            quote.ask_size(), shown_price(quote.last()), quote.quality());
    if (quote.has_age_seconds()) text += " " + age_text(quote.age_seconds());
    return text;
}

}  // namespace janus::cli
