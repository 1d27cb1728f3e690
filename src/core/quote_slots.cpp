#include "core/quote_slots.hpp"

#include <algorithm>

namespace janus::core {
namespace {

constexpr auto live_prices = std::to_array({TickField::Bid, TickField::Ask, TickField::Last});

template <typename Value>
std::optional<Value> value_in(const LatestTicks& latest, TickField field) {
    const auto& value = latest[field].value;
    return value ? std::optional(Value{*value}) : std::nullopt;
}

}  // namespace

Quote quote_of(const LatestTicks& latest) {
    const auto price = [&](TickField field) { return value_in<Price>(latest, field); };
    const auto size = [&](TickField field) { return value_in<Quantity>(latest, field); };
    Quote quote{.bid = price(TickField::Bid),
                .ask = price(TickField::Ask),
                .last = price(TickField::Last),
                .close = price(TickField::Close),
                .open = price(TickField::Open),
                .high = price(TickField::High),
                .low = price(TickField::Low),
                .mark = price(TickField::Mark),
                .bid_size = size(TickField::BidSize),
                .ask_size = size(TickField::AskSize),
                .last_size = size(TickField::LastSize),
                .volume = size(TickField::Volume),
                .changed = price_time_of(latest),
                .last_changed = latest[TickField::Last].came,
                .at = latest.at};
    if (const auto& halted = latest[TickField::Halted].value) quote.halted = halted->is_positive();
    if (const auto& seconds = latest[TickField::LastTime].value)
        quote.last_trade = Utc{std::chrono::seconds(seconds->units() / Decimal::units_per_one)};
    return quote;
}

bool is_live_price(TickField field) {
    return std::ranges::find(live_prices, field) != live_prices.end();
}

bool has_price(const LatestTicks& latest) {
    return std::ranges::any_of(live_prices,
                               [&](auto field) { return latest[field].value.has_value(); });
}

std::optional<Instant> price_time_of(const LatestTicks& latest) {
    std::optional<Instant> newest;  // Nothing is less than any time.
    for (const auto field : live_prices) newest = std::max(newest, latest[field].came);
    return newest;
}

bool follows_market(DataQuality quality) {
    return quality == DataQuality::Live || quality == DataQuality::Delayed;
}

QuoteRank rank_of(const QuoteSlot& slot) {
    if (slot.held) return QuoteRank::Held;
    return slot.clients > 0 ? QuoteRank::Watched : QuoteRank::Rest;
}

bool is_wanted(const QuoteSlot& slot) {
    return slot.clients > 0 || slot.held || slot.configured || !slot.asking.empty();
}

QuoteSlots::QuoteSlots() : by_subscription_(size_max, no_slot) {
    changed_.reserve(size_max);
}

std::optional<QuoteSlots::Index> QuoteSlots::find(const CanonicalSymbol& symbol) const {
    const auto found = by_symbol_.find(symbol);
    if (found == by_symbol_.end()) return std::nullopt;
    return found->second;
}

std::optional<QuoteSlots::Index> QuoteSlots::find_or_make(const CanonicalSymbol& symbol) {
    if (const auto found = find(symbol)) return found;
    if (size() >= size_max) return std::nullopt;
    if (free_.empty()) {
        free_.push_back(slots_.size());
        slots_.emplace_back();
    }
    const auto index = free_.back();
    free_.pop_back();
    slots_[index].step = QuoteStep::Named;
    slots_[index].symbol = symbol;
    by_symbol_.emplace(symbol, index);
    return index;
}

void QuoteSlots::drop(Index index) {
    JANUS_CHECK(slots_[index].step != QuoteStep::Active);
    std::erase(changed_, index);
    by_symbol_.erase(*slots_[index].symbol);
    slots_[index] = QuoteSlot{};
    free_.push_back(index);
}

SubscriptionId QuoteSlots::attach(Index index) {
    SubscriptionId subscription;
    do {
        subscription = SubscriptionId{++last_subscription_};
    } while (by_subscription_[low_bits_of(subscription)] != no_slot);
    by_subscription_[low_bits_of(subscription)] = index;
    slots_[index].subscription = subscription;
    return subscription;
}

void QuoteSlots::detach(Index index) {
    by_subscription_[low_bits_of(slots_[index].subscription)] = no_slot;
}

/// Apart from `mark_changed`, which nearly always has nothing to do.
void QuoteSlots::note_changed(Index index) {
    slots_[index].changed = true;
    changed_.push_back(index);
}

std::vector<CanonicalSymbol> QuoteSlots::take_changed() {
    std::vector<CanonicalSymbol> symbols;
    symbols.reserve(changed_.size());
    for (const auto index : changed_) {
        slots_[index].changed = false;
        symbols.push_back(*slots_[index].symbol);
    }
    changed_.clear();
    return symbols;
}

}  // namespace janus::core
