#include "gateway/ib/price_grid.hpp"

#include <algorithm>
#include <charconv>

namespace janus::ib {
namespace {

std::string_view take_item(std::string_view& list) {
    const auto comma = list.find(',');
    const auto item = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    return item;
}

std::optional<std::int64_t> find_number(std::string_view text) {
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
    return whole ? std::optional(number) : std::nullopt;
}

/// The largest multiple of the increment that is not above the price.
Decimal floored(Decimal price, Decimal increment) {
    const auto rest = price.units() % increment.units();
    return Decimal::from_units(price.units() - rest - (rest < 0 ? increment.units() : 0));
}

}  // namespace

void PriceGrids::on_rule(const wire::MarketRule& rule) {
    auto steps = rule.steps;
    std::erase_if(steps, [](const auto& step) { return !step.increment.is_positive(); });
    std::ranges::sort(steps, {}, &wire::PriceStep::low_edge);
    if (steps.empty() || (steps_.size() >= grids_max && !knows(rule.rule))) return;
    steps_[rule.rule] = std::move(steps);
}

/// Below zero the grid is the same: futures and combinations get there.
std::optional<Decimal> PriceGrids::find_increment(std::int64_t rule, Decimal price) const {
    const auto found = steps_.find(rule);
    if (found == steps_.end()) return std::nullopt;
    auto increment = found->second.front().increment;
    for (const auto& step : found->second)
        if (step.low_edge <= price.abs()) increment = step.increment;
    return increment;
}

std::optional<NearestPrices> PriceGrids::find_nearest(std::int64_t rule, Decimal price) const {
    const auto increment = find_increment(rule, price);
    if (!increment || price.is_multiple_of(*increment)) return std::nullopt;
    const auto below = floored(price, *increment);
    return NearestPrices{below, below + *increment};
}

std::optional<std::int64_t> find_rule_number(const wire::ContractData& data,
                                             std::string_view exchange) {
    std::string_view exchanges = data.valid_exchanges;
    std::string_view rules = data.market_rules;
    while (!exchanges.empty() && !rules.empty()) {
        const auto name = take_item(exchanges);
        const auto rule = take_item(rules);
        if (name == exchange) return find_number(rule);
    }
    return std::nullopt;
}

}  // namespace janus::ib
