#include "core/order_table.hpp"

#include <algorithm>
#include <array>

namespace janus::core {
namespace {

constexpr auto blocking_flags =
    std::to_array<std::string_view>({"overfilled", "fill_after_cancel"});

bool matches(std::string_view carried, std::string_view flag) {
    return carried == flag || (carried.size() > flag.size() && carried.starts_with(flag) &&
                               carried[flag.size()] == '(');
}

void put(std::set<OrderId>& set, OrderId id, bool member) {
    if (member)
        set.insert(id);
    else
        set.erase(id);
}

template <typename Map, typename Key>
const OrderId* find_id(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

const std::set<OrderId> no_orders;

}  // namespace

bool has_flag(const Order& order, std::string_view flag) {
    return std::ranges::any_of(order.flags,
                               [&](const auto& carried) { return matches(carried, flag); });
}

bool add_flag(Order& order, std::string flag) {
    if (std::ranges::find(order.flags, flag) != order.flags.end()) return false;
    order.flags.push_back(std::move(flag));
    std::ranges::sort(order.flags);
    return true;
}

bool replace_flag(Order& order, std::string_view name, std::string_view text) {
    auto flag = fmt::format("{}({})", name, text);
    if (std::ranges::find(order.flags, flag) != order.flags.end()) return false;
    remove_flag(order, name);
    return add_flag(order, std::move(flag));
}

bool remove_flag(Order& order, std::string_view flag) {
    return std::erase_if(order.flags,
                         [&](const auto& carried) { return matches(carried, flag); }) != 0;
}

Quantity open_quantity(const Order& order) {
    const auto open = ordered_quantity(order).value - order.filled.value;
    return Quantity{open.is_negative() ? Decimal{} : open};
}

bool is_blocking(const Order& order) {
    return !order.external && std::ranges::any_of(blocking_flags, [&](std::string_view flag) {
        return has_flag(order, flag);
    });
}

void OrderTable::restore(const JournalContents& contents) {
    for (const auto& order : contents.orders)
        add(order).cancel_doubt = order.state == OrderState::PendingCancel;
    for (const auto& line : contents.history)
        if (auto* entry = find(line.order)) add_line(*entry, line);
}

OrderEntry& OrderTable::add(Order order) {
    const OrderId id = order.id;
    last_id_ = std::max(last_id_, id.value);
    OrderEntry fresh;
    fresh.order = std::move(order);
    auto& entry = entries_.insert_or_assign(id, std::move(fresh)).first->second;
    if (!entry.order.external) {
        by_client_[entry.order.client_order_id.value] = id;
        by_key_[entry.order.idempotency_key] = id;
        accounts_[entry.order.account].own.insert(id);
    }
    if (entry.order.parent.value != 0) children_[entry.order.parent].insert(id);
    index(entry);
    return entry;
}

void OrderTable::remove(OrderId id) {
    const auto* entry = find(id);
    if (entry == nullptr) return;
    auto& account = accounts_[entry->order.account];
    account.own.erase(id);
    account.open.erase(id);
    account.blocking.erase(id);
    by_client_.erase(entry->order.client_order_id.value);
    by_key_.erase(entry->order.idempotency_key);
    children_.erase(id);
    if (const auto siblings = children_.find(entry->order.parent); siblings != children_.end())
        siblings->second.erase(id);
    entries_.erase(id);
}

const OrderEntry* OrderTable::find(OrderId id) const {
    const auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : &found->second;
}

OrderEntry* OrderTable::find(OrderId id) {
    const auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : &found->second;
}

OrderEntry* OrderTable::find_by_client(const AccountName& account, const ClientOrderId& id) {
    const auto* order = id.value.empty() ? nullptr : find_id(by_client_, id.value);
    auto* entry = order == nullptr ? nullptr : find(*order);
    return entry != nullptr && entry->order.account == account ? entry : nullptr;
}

OrderEntry* OrderTable::find_by_permanent(const AccountName& account,
                                          const std::string& permanent) {
    const auto* orders = permanent.empty() ? nullptr : find_account(account);
    const auto* order = orders == nullptr ? nullptr : find_id(orders->by_permanent, permanent);
    return order == nullptr ? nullptr : find(*order);
}

OrderEntry* OrderTable::find_by_number(const AccountName& account, std::int64_t number) {
    const auto* orders = number == 0 ? nullptr : find_account(account);
    const auto* order = orders == nullptr ? nullptr : find_id(orders->by_number, number);
    return order == nullptr ? nullptr : find(*order);
}

OrderEntry* OrderTable::find_by_key(const std::string& idempotency_key) {
    const auto* order = find_id(by_key_, idempotency_key);
    return order == nullptr ? nullptr : find(*order);
}

void OrderTable::index(OrderEntry& entry) {
    const auto& order = entry.order;
    auto& account = accounts_[order.account];
    put(account.open, order.id, !is_final(order.state));
    put(account.blocking, order.id, is_blocking(order));
    if (!order.ref.permanent.empty()) account.by_permanent[order.ref.permanent] = order.id;
    for (const auto& ref : entry.other_refs) account.by_permanent[ref.permanent] = order.id;
    if (entry.sent_here && order.ref.number != 0) account.by_number[order.ref.number] = order.id;
}

void OrderTable::add_line(OrderEntry& entry, OrderHistoryRecord line) {
    if (entry.history.size() >= history_max) entry.history.erase(entry.history.begin());
    entry.history.push_back(std::move(line));
}

const OrderTable::AccountOrders* OrderTable::find_account(const AccountName& account) const {
    const auto found = accounts_.find(account);
    return found == accounts_.end() ? nullptr : &found->second;
}

const std::set<OrderId>& OrderTable::children_of(OrderId parent) const {
    const auto found = children_.find(parent);
    return found == children_.end() ? no_orders : found->second;
}

const std::set<OrderId>& OrderTable::open_of(const AccountName& account) const {
    const auto* orders = find_account(account);
    return orders == nullptr ? no_orders : orders->open;
}

const std::set<OrderId>& OrderTable::blocking_of(const AccountName& account) const {
    const auto* orders = find_account(account);
    return orders == nullptr ? no_orders : orders->blocking;
}

std::vector<const OrderEntry*> OrderTable::newest_of(const AccountName& account,
                                                     std::size_t count) const {
    std::vector<const OrderEntry*> newest;
    const auto* orders = find_account(account);
    if (orders == nullptr) return newest;
    for (auto id = orders->own.rbegin(); id != orders->own.rend() && newest.size() < count; ++id)
        if (const auto* entry = find(*id);
            entry != nullptr && entry->durable && entry->order.state != OrderState::NotSent)
            newest.push_back(entry);
    return newest;
}

}  // namespace janus::core
