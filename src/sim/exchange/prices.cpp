// Quotes: set from outside, or walking by themselves.
#include <algorithm>

#include "sim/exchange/exchange.hpp"
#include "sim/exchange/money.hpp"

namespace janus::sim {
namespace {

constexpr int walk_band_divisor = 50;  // The walk turns back 2 % away from the start price.

}  // namespace

Result<void> Exchange::set_market(Now now, const std::string& symbol, Price bid, Price ask,
                                  Price last) {
    const auto found = quotes_.find(symbol);
    if (found == quotes_.end())
        return fail(ErrorCode::NotFound, "symbol '{}' is not known", symbol);
    if (bid > ask) return fail(ErrorCode::Invalid, "bid {} is above ask {}", bid, ask);
    found->second.bid = bid;
    found->second.ask = ask;
    found->second.last = last;
    pinned_.insert(symbol);
    events_.push_back(QuoteChanged{symbol});
    react_all(now, symbol);
    return {};
}

const SimQuote& Exchange::quote_of(const std::string& symbol) const {
    const auto found = quotes_.find(symbol);
    JANUS_CHECK(found != quotes_.end());
    return found->second;
}

void Exchange::walk(Now now) {
    next_walk_ = now.mono + scenario_.walk_period;
    for (const auto& instrument : scenario_.instruments) {
        auto& quote = quotes_.at(instrument.symbol);
        quote.bid_size = {
            Decimal::from_integer(static_cast<std::int64_t>(1 + random_.below(20)) * 100)};
        quote.ask_size = {
            Decimal::from_integer(static_cast<std::int64_t>(1 + random_.below(20)) * 100)};
        if (!pinned_.contains(instrument.symbol)) move_price(instrument, quote);
        events_.push_back(QuoteChanged{instrument.symbol});
        react_all(now, instrument.symbol);
    }
}

/// One step of the walk: up to `walk_ticks_max` price steps either way, turned back at the edge of
/// a band around the start price; bid and ask stand one or two steps around the last price.
void Exchange::move_price(const SimInstrument& instrument, SimQuote& quote) {
    const auto span = static_cast<std::uint64_t>(scenario_.walk_ticks_max);
    auto steps = static_cast<std::int64_t>(random_.below(2 * span + 1)) - scenario_.walk_ticks_max;
    const Decimal drift = quote.last.value - instrument.start_price.value;
    if (drift.abs() > divided(instrument.start_price.value, walk_band_divisor) &&
        drift.is_negative() == (steps < 0))
        steps = -steps;
    const std::int64_t tick = instrument.tick_size.units();
    const Decimal moved = quote.last.value + Decimal::from_units(steps * tick);
    // A price stays at three steps or more, so that the bid stays positive.
    quote.last = {std::max(moved, Decimal::from_units(3 * tick))};
    quote.bid = {quote.last.value -
                 Decimal::from_units(tick * static_cast<std::int64_t>(1 + random_.below(2)))};
    quote.ask = {quote.last.value +
                 Decimal::from_units(tick * static_cast<std::int64_t>(1 + random_.below(2)))};
    quote.last_size = {
        Decimal::from_integer(static_cast<std::int64_t>(1 + random_.below(5)) * 100)};
    quote.volume.value += quote.last_size.value;
}

}  // namespace janus::sim
