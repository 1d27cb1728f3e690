#include "core/quote_slots.hpp"

#include <algorithm>
#include <array>

namespace janus::core {
namespace {

template <typename Value>
void set(std::optional<Value>& field, const std::optional<Decimal>& value) {
    field.reset();
    if (value) field.emplace(Value{*value});
}

using PriceOf = std::optional<Price> Quote::*;
using SizeOf = std::optional<Quantity> Quote::*;

/// Where the value of a field lives; by index, since there are thousands of ticks a second.
struct FieldRow {
    PriceOf price{nullptr};
    SizeOf size{nullptr};  ///< Neither for what tells about the market.
};
constexpr auto row_of_field = [] {
    std::array<FieldRow, static_cast<std::size_t>(TickField::LastTime) + 1> rows{};
    const auto price = [&](TickField field, PriceOf where) {
        rows[static_cast<std::size_t>(field)].price = where;
    };
    const auto size = [&](TickField field, SizeOf where) {
        rows[static_cast<std::size_t>(field)].size = where;
    };
    price(TickField::Bid, &Quote::bid);
    price(TickField::Ask, &Quote::ask);
    price(TickField::Last, &Quote::last);
    price(TickField::Close, &Quote::close);
    price(TickField::Open, &Quote::open);
    price(TickField::High, &Quote::high);
    price(TickField::Low, &Quote::low);
    price(TickField::Mark, &Quote::mark);
    size(TickField::BidSize, &Quote::bid_size);
    size(TickField::AskSize, &Quote::ask_size);
    size(TickField::LastSize, &Quote::last_size);
    size(TickField::Volume, &Quote::volume);
    return rows;
}();

void apply_state(Quote& quote, const Tick& tick) {
    if (tick.field == TickField::Halted) {
        quote.halted.reset();
        if (tick.value) quote.halted = tick.value->is_positive();
        return;
    }
    quote.last_trade.reset();
    if (tick.value)
        quote.last_trade = Utc{std::chrono::seconds(tick.value->units() / Decimal::units_per_one)};
}

}  // namespace

TickEffect apply_tick(Quote& quote, const Tick& tick) {
    const auto& row = row_of_field[static_cast<std::size_t>(tick.field)];
    if (row.price == nullptr) {
        if (row.size != nullptr)
            set(quote.*row.size, tick.value);
        else
            apply_state(quote, tick);
        return TickEffect::Detail;
    }
    auto& price = quote.*row.price;
    const auto before = price;
    set(price, tick.value);
    if (!tick.value || tick.field > TickField::Last) return TickEffect::Detail;
    return price == before ? TickEffect::SamePrice : TickEffect::NewPrice;
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

std::vector<CanonicalSymbol> QuoteSlots::take_changed() {
    std::ranges::sort(changed_, {}, [this](Index index) -> const CanonicalSymbol& {
        return *slots_[index].symbol;
    });
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
