#include "core/cumulative_fill.hpp"

#include <algorithm>
#include <limits>

namespace janus::core {
namespace {

using Wide = __int128;

constexpr std::int64_t power_of_ten(int exponent) {
    std::int64_t power = 1;
    for (; exponent > 0; --exponent) power *= 10;
    return power;
}

/// Units of the last of `places` decimals.
constexpr std::int64_t step_of(int places) {
    return power_of_ten(Decimal::places_max - places);
}

/// Decimals that a number uses, two at least.
int places_of(Decimal value) {
    int places = 2;
    while (places < Decimal::places_max && value.units() % step_of(places) != 0) ++places;
    return places;
}

/// `value` on a grid of `step`, half away from zero.
Wide round_to(Wide value, Wide step) {
    const Wide half = step / 2;
    return (value < 0 ? value - half : value + half) / step * step;
}

Wide magnitude(Wide value) {
    return value < 0 ? -value : value;
}

/// The coarsest price within `error` of `price`, both in units.
Wide simplest_near(Wide price, Wide error) {
    for (int places = 2; places < Decimal::places_max; ++places) {
        const Wide candidate = round_to(price, step_of(places));
        if (magnitude(candidate - price) <= error) return candidate;
    }
    return price;
}

}  // namespace

std::optional<Price> price_of_rise(const FillTotals& booked, const CumulativeFill& now) {
    const Wide before = booked.filled.value.units();
    const Wide after = now.filled.value.units();
    const Wide risen = after - before;
    const Wide before_average = booked.average ? booked.average->value.units() : 0;
    const Wide amount = after * now.average.value.units() - before * before_average;
    if (before == 0) return now.average;
    // Half of the average's last decimal, times what is filled, over what has risen.
    const Wide error = step_of(places_of(now.average.value)) * (after / 2 + 1) / risen + 1;
    const Wide price = simplest_near(round_to(amount, risen) / risen, error);
    if (magnitude(price) > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    // A price of the other sign than the average is a sign of disorder, not a trade.
    const bool impossible = (now.average.value.is_positive() && price <= 0) ||
                            (now.average.value.is_negative() && price >= 0);
    if (impossible) return now.average;
    return Price{Decimal::from_units(static_cast<std::int64_t>(price))};
}

}  // namespace janus::core
