#include "core/quote_slots.hpp"

#include <algorithm>
#include <utility>

namespace janus::core {
namespace {

constexpr std::size_t no_slot = static_cast<std::size_t>(-1);

std::size_t low_bits_of(SubscriptionId subscription) {
    static_assert((QuoteSlots::size_max & (QuoteSlots::size_max - 1)) == 0,
                  "a power of two, so that the low bits are an index");
    return subscription.value & (QuoteSlots::size_max - 1);
}

template <typename Value>
void set(std::optional<Value>& field, const std::optional<Decimal>& value) {
    field.reset();
    if (value) field.emplace(Value{*value});
}

std::optional<Price> Quote::* price_of(TickField field) {
    switch (field) {
        case TickField::Bid:
            return &Quote::bid;
        case TickField::Ask:
            return &Quote::ask;
        case TickField::Last:
            return &Quote::last;
        case TickField::Close:
            return &Quote::close;
        case TickField::Open:
            return &Quote::open;
        case TickField::High:
            return &Quote::high;
        case TickField::Low:
            return &Quote::low;
        case TickField::Mark:
            return &Quote::mark;
        case TickField::BidSize:
        case TickField::AskSize:
        case TickField::LastSize:
        case TickField::Volume:
        case TickField::Halted:
        case TickField::LastTime:
            break;
    }
    return nullptr;
}

std::optional<Quantity> Quote::* size_of(TickField field) {
    if (field == TickField::BidSize) return &Quote::bid_size;
    if (field == TickField::AskSize) return &Quote::ask_size;
    return field == TickField::LastSize ? &Quote::last_size : &Quote::volume;
}

/// True when the tick told about the market and not about a size.
bool apply_state(Quote& quote, const Tick& tick) {
    if (tick.field == TickField::Halted) {
        quote.halted.reset();
        if (tick.value) quote.halted = tick.value->is_positive();
        return true;
    }
    if (tick.field != TickField::LastTime) return false;
    quote.last_trade.reset();
    if (tick.value)
        quote.last_trade = Utc{std::chrono::seconds(tick.value->units() / Decimal::units_per_one)};
    return true;
}

}  // namespace

TickEffect apply_tick(Quote& quote, const Tick& tick) {
    const auto price = price_of(tick.field);
    if (price == nullptr) {
        if (apply_state(quote, tick)) return TickEffect::Detail;
        set(quote.*size_of(tick.field), tick.value);
        return TickEffect::Detail;
    }
    const auto before = quote.*price;
    set(quote.*price, tick.value);
    if (!tick.value || tick.field > TickField::Last) return TickEffect::Detail;
    return quote.*price == before ? TickEffect::SamePrice : TickEffect::NewPrice;
}
static_assert(TickField::Bid < TickField::Last && TickField::Ask < TickField::Last &&
                  TickField::BidSize > TickField::Last && TickField::Close > TickField::Last,
              "bid, ask and last come first, and only they value a holding");

bool has_price(const Quote& quote) {
    return quote.bid || quote.ask || quote.last;
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

std::optional<QuoteSlots::Index> QuoteSlots::find_live(SubscriptionId subscription) const {
    const auto index = by_subscription_[low_bits_of(subscription)];
    if (index == no_slot || slots_[index].subscription != subscription) return std::nullopt;
    return index;
}

void QuoteSlots::mark_changed(Index index) {
    if (std::exchange(slots_[index].changed, true)) return;
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
    std::ranges::sort(symbols);
    return symbols;
}

}  // namespace janus::core
