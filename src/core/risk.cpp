#include "core/risk.hpp"

#include <algorithm>

namespace janus::core {
namespace {

constexpr Duration rate_window = std::chrono::seconds(1);
constexpr auto per_cent = Decimal::from_units(Decimal::units_per_one / 100);

}  // namespace

std::optional<Money> notional_of(Price price, Quantity quantity, Decimal multiplier) {
    const auto units = Decimal::multiply(quantity.value, multiplier);
    const auto amount = units ? Decimal::multiply(price.value.abs(), *units) : std::nullopt;
    if (!amount) return std::nullopt;
    return Money{*amount};
}

Risk::Risk(const EngineSettings& settings, const MarketData& market_data, const Exposure& exposure)
    : stale_after_(settings.stale_after), market_data_(market_data), exposure_(exposure) {
    for (const auto& account : settings.accounts) limits_[account.name] = account.limits;
}

Result<const RiskLimits*> Risk::limits_of(const AccountName& account) const {
    const auto found = limits_.find(account);
    if (found != limits_.end()) return &found->second;
    return fail(ErrorCode::Denied, "account {} has no risk limits configured", account);
}

Result<void> Risk::check_order(Now now, const OrderIntent& intent) const {
    const auto limits = limits_of(intent.account);
    if (!limits) return std::unexpected(limits.error());
    if (auto checked = check_quantity(intent, **limits); !checked) return checked;
    if (auto checked = check_side(intent, **limits); !checked) return checked;
    if (auto checked = check_distance(now, intent, **limits); !checked) return checked;
    return check_notional(now, intent, **limits);
}

Result<void> Risk::check_modify(Now now, const Order& order, const OrderIntent& wanted) const {
    const auto limits = limits_of(wanted.account);
    if (!limits) return std::unexpected(limits.error());
    if (auto checked = check_quantity(wanted, **limits); !checked) return checked;
    if (auto checked = exposure_.check_modified_sale(order, wanted); !checked) return checked;
    if (auto checked = check_distance(now, wanted, **limits); !checked) return checked;
    return check_notional(now, wanted, **limits);
}

Result<void> Risk::check_room(Now now, const AccountName& account, std::size_t count) const {
    const auto limits = limits_of(account);
    if (!limits) return std::unexpected(limits.error());
    const auto above = [](std::size_t sum, const std::optional<Decimal>& most) {
        return most && Decimal::from_integer(static_cast<std::int64_t>(sum)) > *most;
    };
    const auto open = exposure_.count_open(account);
    if (above(open + count, (*limits)->max_open_orders))
        return fail(ErrorCode::Denied,
                    "account {} has {} open orders and {} more would be above max_open_orders {}",
                    account, open, count, *(*limits)->max_open_orders);
    std::size_t recent = 0;
    if (const auto found = accepted_.find(account); found != accepted_.end())
        recent = static_cast<std::size_t>(std::ranges::count_if(
            found->second, [&](Instant at) { return now.mono - at < rate_window; }));
    if (above(recent + count, (*limits)->max_orders_per_second))
        return fail(ErrorCode::Denied,
                    "account {} has placed {} orders within a second and {} more would be above "
                    "max_orders_per_second {}",
                    account, recent, count, *(*limits)->max_orders_per_second);
    return {};
}

void Risk::on_accepted(Now now, const AccountName& account, std::size_t count) {
    auto& times = accepted_[account];
    while (!times.empty() && now.mono - times.front() >= rate_window) times.pop_front();
    times.insert(times.end(), count, now.mono);
}

/// What the other side of the market offers: a limit beyond it trades at once.
std::optional<Price> Risk::find_market(Now now, const OrderIntent& intent) const {
    const auto view = market_data_.quote(now, intent.symbol);
    const bool fresh =
        view.quote.quality == DataQuality::Live && view.age && *view.age <= stale_after_;
    if (!fresh) return std::nullopt;
    const auto& side = intent.side == Side::Buy ? view.quote.ask : view.quote.bid;
    return side ? side : view.quote.last;
}

/// A limit that is far better than the market waits; one that is far worse is a slip of the hand.
/// A limit behind a stop is for a market that has moved.
Result<void> Risk::check_distance(Now now, const OrderIntent& intent,
                                  const RiskLimits& limits) const {
    const bool plain = rule_of(intent.type).stop == NeedsStop::No && intent.limit_price;
    if (!limits.price_distance_max || !plain) return {};
    const auto market = find_market(now, intent);
    if (!market)
        return fail(ErrorCode::Denied,
                    "limit price {} of {} cannot be compared with the market (price_distance_max): "
                    "no fresh live quote; subscribe its ticks",
                    *intent.limit_price, intent.symbol);
    const auto worse = intent.side == Side::Buy ? intent.limit_price->value - market->value
                                                : market->value - intent.limit_price->value;
    const auto share = Decimal::multiply(*limits.price_distance_max, per_cent);
    const auto most = share ? Decimal::multiply(market->value.abs(), *share) : std::nullopt;
    if (!most || worse <= *most) return {};
    return fail(ErrorCode::Denied,
                "limit price {} is more than price_distance_max {} % worse than the market at {}",
                *intent.limit_price, *limits.price_distance_max, *market);
}

Result<void> Risk::check_quantity(const OrderIntent& intent, const RiskLimits& limits) const {
    if (!limits.max_order_quantity || intent.quantity <= *limits.max_order_quantity) return {};
    return fail(ErrorCode::Denied, "quantity {} is above max_order_quantity {} of account {}",
                intent.quantity, *limits.max_order_quantity, intent.account);
}

Result<void> Risk::check_side(const OrderIntent& intent, const RiskLimits& limits) const {
    if (intent.side == Side::SellShort && !limits.allow_short)
        return fail(ErrorCode::Denied, "short sales are off for account {} (allow_short)",
                    intent.account);
    return exposure_.check_sale(intent);
}

/// What one unit costs at most, as far as it can be known before the order is sent.
Result<Price> Risk::price_of(Now now, const OrderIntent& intent) const {
    if (intent.limit_price) return *intent.limit_price;
    const auto view = market_data_.quote(now, intent.symbol);
    const bool fresh =
        view.quote.quality == DataQuality::Live && view.age && *view.age <= stale_after_;
    std::optional<Price> highest;
    for (const auto& price : {view.quote.bid, view.quote.ask, view.quote.last})
        if (price && (!highest || price->value.abs() > highest->value.abs())) highest = price;
    if (!fresh || !highest)
        return fail(ErrorCode::Denied,
                    "{} order for {} cannot be valued against max_order_notional: no fresh live "
                    "quote ({}); use a limit price, or subscribe its ticks",
                    to_text(intent.type), intent.symbol,
                    view.reason.empty() ? to_text(view.quote.quality) : view.reason);
    if (intent.stop_price && intent.stop_price->value.abs() > highest->value.abs())
        return *intent.stop_price;
    return *highest;
}

Result<void> Risk::check_notional(Now now, const OrderIntent& intent,
                                  const RiskLimits& limits) const {
    if (!limits.max_order_notional) return {};
    const auto price = price_of(now, intent);
    if (!price) return std::unexpected(price.error());
    const auto multiplier = exposure_.find_multiplier(intent);
    if (!multiplier)
        return fail(ErrorCode::Denied,
                    "contract size of {} is not known, so max_order_notional {} of account {} "
                    "cannot be checked",
                    intent.symbol, *limits.max_order_notional, intent.account);
    const auto notional = notional_of(*price, intent.quantity, *multiplier);
    if (!notional)
        return fail(ErrorCode::Denied, "notional of {} x {} is too large to count", intent.quantity,
                    *price);
    if (*notional <= *limits.max_order_notional) return {};
    return fail(ErrorCode::Denied, "notional {} ({} x {}) is above max_order_notional {} of {}",
                *notional, intent.quantity, *price, *limits.max_order_notional, intent.account);
}

}  // namespace janus::core
