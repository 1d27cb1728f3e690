#include <algorithm>
#include <array>

#include "domain/order.hpp"

namespace janus {
namespace {

using Type = OrderType;
using Time = TimeInForce;

constexpr auto any_time =
    std::to_array<Time>({Time::Day, Time::GoodTillCancel, Time::ImmediateOrCancel, Time::FillOrKill,
                         Time::AtTheOpening, Time::GoodTillDate});
// An order that waits for a trigger cannot be immediate, nor be part of an auction.
constexpr auto rests = std::to_array<Time>({Time::Day, Time::GoodTillCancel, Time::GoodTillDate});
constexpr auto today = std::to_array<Time>({Time::Day});

constexpr auto no_limit = NeedsLimit::No;
constexpr auto limit = NeedsLimit::Yes;
constexpr auto no_stop = NeedsStop::No;
constexpr auto stop = NeedsStop::Yes;
constexpr auto may_stop = NeedsStop::May;
constexpr auto no_trail = NeedsTrail::No;
constexpr auto trail = NeedsTrail::Yes;
constexpr auto fixed = NeedsOffset::No;
constexpr auto offset = NeedsOffset::Yes;
constexpr auto any = RegularOnly::No;
constexpr auto core = RegularOnly::Yes;

constexpr auto rules = std::to_array<OrderTypeRule>({
    {Type::Market,            "MARKET",              no_limit, no_stop,  no_trail, fixed,  any,  any_time},
    {Type::Limit,             "LIMIT",               limit,    no_stop,  no_trail, fixed,  any,  any_time},
    {Type::Stop,              "STOP",                no_limit, stop,     no_trail, fixed,  any,  rests   },
    {Type::StopLimit,         "STOP_LIMIT",          limit,    stop,     no_trail, fixed,  any,  rests   },
    {Type::TrailingStop,      "TRAILING_STOP",       no_limit, may_stop, trail,    fixed,  any,  rests   },
    {Type::TrailingStopLimit, "TRAILING_STOP_LIMIT", no_limit, may_stop, trail,    offset, any,  rests   },
    {Type::MarketOnClose,     "MARKET_ON_CLOSE",     no_limit, no_stop,  no_trail, fixed,  core, today   },
    {Type::LimitOnClose,      "LIMIT_ON_CLOSE",      limit,    no_stop,  no_trail, fixed,  core, today   },
});
constexpr bool rows_follow_the_enum() {
    for (std::size_t row = 0; row < rules.size(); ++row)
        if (static_cast<std::size_t>(rules[row].type) != row) return false;
    return true;
}
static_assert(rows_follow_the_enum());

constexpr std::size_t oca_group_length_max = 64;

Result<void> check_presence(const OrderTypeRule& rule, std::string_view what, bool needed,
                            bool given) {
    if (needed && !given) return fail(ErrorCode::Invalid, "{} order needs a {}", rule.name, what);
    if (!needed && given) return fail(ErrorCode::Invalid, "{} order takes no {}", rule.name, what);
    return {};
}

Result<void> check_stop(const OrderTypeRule& rule, const OrderIntent& intent) {
    if (rule.stop == NeedsStop::May) return {};
    return check_presence(rule, "stop price", rule.stop == NeedsStop::Yes,
                          intent.stop_price.has_value());
}

Result<void> check_trail(const OrderTypeRule& rule, const OrderIntent& intent) {
    const bool given = intent.trail_amount || intent.trail_percent;
    if (auto checked =
            check_presence(rule, "trail amount or percent", rule.trail == NeedsTrail::Yes, given);
        !checked)
        return checked;
    if (intent.trail_amount && intent.trail_percent)
        return fail(ErrorCode::Invalid, "{} order takes a trail amount or a percent, not both",
                    rule.name);
    if (intent.trail_amount && !intent.trail_amount->value.is_positive())
        return fail(ErrorCode::Invalid, "trail amount was {}, must be above zero",
                    *intent.trail_amount);
    const auto hundred = Decimal::from_integer(100);
    if (intent.trail_percent &&
        !(intent.trail_percent->is_positive() && *intent.trail_percent < hundred))
        return fail(ErrorCode::Invalid, "trail percent was {}, must be above 0 and below 100",
                    *intent.trail_percent);
    return {};
}

Result<void> check_offset(const OrderTypeRule& rule, const OrderIntent& intent) {
    if (auto checked = check_presence(rule, "limit offset", rule.offset == NeedsOffset::Yes,
                                      intent.limit_offset.has_value());
        !checked)
        return checked;
    if (intent.limit_offset && intent.limit_offset->value.is_negative())
        return fail(ErrorCode::Invalid, "limit offset was {}, must not be negative",
                    *intent.limit_offset);
    return {};
}

Result<void> check_prices(const OrderTypeRule& rule, const OrderIntent& intent) {
    if (auto checked = check_presence(rule, "limit price", rule.limit == NeedsLimit::Yes,
                                      intent.limit_price.has_value());
        !checked)
        return checked;
    if (auto checked = check_stop(rule, intent); !checked) return checked;
    if (auto checked = check_trail(rule, intent); !checked) return checked;
    return check_offset(rule, intent);
}

std::string words_of(std::span<const TimeInForce> times) {
    std::string words;
    for (const auto time : times)
        words += fmt::format("{}{}", words.empty() ? "" : ", ", to_text(time));
    return words;
}

Result<void> check_time(const OrderTypeRule& rule, const OrderIntent& intent) {
    if (std::ranges::find(rule.times, intent.time_in_force) == rule.times.end())
        return fail(ErrorCode::Invalid, "{} order cannot be {}; it takes {}", rule.name,
                    to_text(intent.time_in_force), words_of(rule.times));
    const bool dated = intent.time_in_force == Time::GoodTillDate;
    if (dated && !intent.good_till)
        return fail(ErrorCode::Invalid, "GTD order needs the time until which it is good");
    if (!dated && intent.good_till)
        return fail(ErrorCode::Invalid, "{} order takes no time until which it is good; GTD does",
                    to_text(intent.time_in_force));
    return {};
}

Result<void> check_session(const OrderTypeRule& rule, const OrderIntent& intent) {
    if (intent.session == TradingSession::Regular) return {};
    if (rule.regular_only == RegularOnly::Yes)
        return fail(ErrorCode::Invalid, "{} order belongs to the REGULAR session, not to {}",
                    rule.name, to_text(intent.session));
    if (intent.time_in_force == Time::AtTheOpening)
        return fail(ErrorCode::Invalid, "OPG order belongs to the REGULAR session, not to {}",
                    to_text(intent.session));
    return {};
}

Result<void> check_group(const OrderIntent& intent) {
    const bool plain = std::ranges::all_of(
        intent.oca_group, [](char letter) { return letter > ' ' && letter <= '~'; });
    if (plain && intent.oca_group.size() <= oca_group_length_max) return {};
    return fail(ErrorCode::Invalid,
                "OCA group must be at most {} printable characters without spaces",
                oca_group_length_max);
}

}  // namespace

const OrderTypeRule& rule_of(OrderType type) {
    return rules[static_cast<std::size_t>(type)];
}

bool is_trailing(OrderType type) {
    return rule_of(type).trail == NeedsTrail::Yes;
}

Result<void> check_intent(const OrderIntent& intent) {
    const auto& rule = rule_of(intent.type);
    if (!intent.quantity.value.is_positive())
        return fail(ErrorCode::Invalid, "quantity was {}, must be above zero", intent.quantity);
    if (auto checked = check_prices(rule, intent); !checked) return checked;
    if (auto checked = check_time(rule, intent); !checked) return checked;
    if (auto checked = check_session(rule, intent); !checked) return checked;
    return check_group(intent);
}

Result<void> check_good_till(const OrderIntent& intent, Utc now) {
    if (!intent.good_till || *intent.good_till > now) return {};
    return fail(ErrorCode::Invalid, "GTD order was to end at {}, which is past",
                to_iso_seconds_text(*intent.good_till));
}

}  // namespace janus
