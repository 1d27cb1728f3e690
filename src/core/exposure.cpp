#include "core/exposure.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace janus::core {
namespace {

/// Sums within the bounds of Decimal; the bound itself when they do not fit, which denies.
Quantity add(Quantity a, Quantity b) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a.value.units(), b.value.units(), &sum))
        return Quantity{Decimal::from_units(std::numeric_limits<std::int64_t>::max())};
    return Quantity{Decimal::from_units(sum)};
}

}  // namespace

const Position* Exposure::find_position(const OrderIntent& intent) const {
    const auto index = gateways_.find_index(intent.account);
    if (!index) return nullptr;
    const auto native_id = registry_.find_native(intent.symbol, gateways_.at(*index).broker());
    for (const auto& [name, position] : books_.book_of(intent.account).positions) {
        const auto& instrument = position.instrument;
        if (native_id ? instrument.native_id == *native_id : instrument.symbol == intent.symbol)
            return &position;
    }
    return nullptr;
}

/// An exit of a bracket can sell no more than its parent has bought.
Quantity Exposure::may_sell(const Order& order) const {
    const auto open = open_quantity(order);
    const auto* parent = orders_.find(order.parent);
    return parent == nullptr ? open : std::min(open, parent->order.filled);
}

Quantity Exposure::on_sale(const OrderIntent& intent, const NativeId& native_id,
                           OrderId without) const {
    Quantity sum;
    std::map<OrderId, Quantity> brackets;  // Of the exits of one parent only one can be filled.
    for (const auto id : orders_.open_of(intent.account)) {
        const auto* entry = orders_.find(id);
        if (entry == nullptr || entry->order.side == Side::Buy || id == without) continue;
        const auto& order = entry->order;
        const bool same = order.symbol == intent.symbol.text() ||
                          (!native_id.value.empty() && order.native_id == native_id);
        if (!same) continue;
        if (order.parent.value == 0)
            sum = add(sum, open_quantity(order));
        else
            brackets[order.parent] = std::max(brackets[order.parent], may_sell(order));
    }
    for (const auto& [parent, most] : brackets) sum = add(sum, most);
    return sum;
}

Result<void> Exposure::check_sale(const OrderIntent& intent) const {
    return check_covered(intent, intent.quantity, OrderId{});
}

Result<void> Exposure::check_modified_sale(const Order& order, const OrderIntent& wanted) const {
    if (order.parent.value != 0) return {};
    return check_covered(wanted, Quantity{wanted.quantity.value - order.filled.value}, order.id);
}

Result<void> Exposure::check_covered(const OrderIntent& intent, Quantity quantity,
                                     OrderId without) const {
    if (intent.side == Side::Buy) return {};
    if (!books_.snapshot_at(intent.account))
        return fail(ErrorCode::Denied, "positions of {} are not known yet, so nothing can be sold",
                    intent.account);
    const auto* position = find_position(intent);
    const auto held = position == nullptr ? Quantity{} : position->quantity;
    if (intent.side == Side::SellShort) {
        if (!held.value.is_positive()) return {};
        return fail(ErrorCode::Denied, "{} holds {} {}: sell them before a short sale",
                    intent.account, held, intent.symbol);
    }
    const auto native_id = position == nullptr ? NativeId{} : position->instrument.native_id;
    const auto on_offer = on_sale(intent, native_id, without);
    const auto just_sold = sales_.pending_of(intent.account, native_id);
    if (add(add(quantity, on_offer), just_sold) <= held) return {};
    return fail(ErrorCode::Denied,
                "sell {} {} exceeds what {} can sell: {} held, {} in open sell orders, {} just "
                "sold; a short position needs an explicit short sale",
                quantity, intent.symbol, intent.account, held, on_offer, just_sold);
}

std::optional<Decimal> Exposure::find_multiplier(const OrderIntent& intent) const {
    if (const auto* position = find_position(intent)) return position->instrument.multiplier;
    switch (intent.symbol.asset_class()) {
        case AssetClass::Equity:
            return Decimal::from_integer(1);
        case AssetClass::Option:
            // The standard contract of US options; an adjusted one shows its own when it is held.
            return Decimal::from_integer(100);
        case AssetClass::Future:
        case AssetClass::Forex:
        case AssetClass::Crypto:
        case AssetClass::Bond:
        case AssetClass::Fund:
        case AssetClass::Other:
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace janus::core
