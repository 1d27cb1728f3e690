#include "core/books.hpp"

#include <set>

namespace janus::core {
namespace {

/// The broker's id; instruments without one go by the broker's text.
std::string key_of(const Instrument& instrument) {
    const auto& id = instrument.native_id.value;
    return id.empty() ? "text:" + instrument.broker_symbol : id;
}

std::string text_of(const Instrument& instrument) {
    return instrument.symbol ? instrument.symbol->text() : instrument.broker_symbol;
}

template <typename Value>
std::string text_of(const std::optional<Value>& value) {
    return value ? value->value.to_text() : "none";
}

template <typename Map>
std::set<std::string> keys_of(const Map& first, const Map& second) {
    std::set<std::string> keys;
    for (const auto& [key, value] : first) keys.insert(key);
    for (const auto& [key, value] : second) keys.insert(key);
    return keys;
}

template <typename Map>
const typename Map::mapped_type* find_in(const Map& map, const std::string& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

void compare(const Position* before, const Position* after, std::vector<std::string>& lines) {
    const auto& shown = text_of((before != nullptr ? before : after)->instrument);
    const auto old_quantity = before != nullptr ? before->quantity : Quantity{};
    const auto new_quantity = after != nullptr ? after->quantity : Quantity{};
    if (old_quantity != new_quantity)
        lines.push_back(
            fmt::format("position {}: quantity was {}, is {}", shown, old_quantity, new_quantity));
    if (before == nullptr || after == nullptr || before->average_cost == after->average_cost)
        return;
    lines.push_back(fmt::format("position {}: average cost was {}, is {}", shown,
                                text_of(before->average_cost), text_of(after->average_cost)));
}

void compare(const std::string& currency, const Balance* before, const Balance* after,
             std::vector<std::string>& lines) {
    const auto old_cash = before != nullptr ? before->cash : std::nullopt;
    const auto new_cash = after != nullptr ? after->cash : std::nullopt;
    if (old_cash != new_cash)
        lines.push_back(
            fmt::format("cash {}: was {}, is {}", currency, text_of(old_cash), text_of(new_cash)));
}

}  // namespace

std::vector<std::string> differences_of(const AccountBook& before, const AccountBook& after) {
    std::vector<std::string> lines;
    for (const auto& key : keys_of(before.positions, after.positions))
        compare(find_in(before.positions, key), find_in(after.positions, key), lines);
    for (const auto& currency : keys_of(before.balances, after.balances))
        compare(currency, find_in(before.balances, currency), find_in(after.balances, currency),
                lines);
    return lines;
}

void Books::on_positions_snapshot(Now now, const gateway::PositionsSnapshot& snapshot) {
    auto& book = books_[snapshot.account];
    book.positions.clear();
    for (const auto& position : snapshot.positions)
        if (!position.quantity.value.is_zero())
            book.positions.insert_or_assign(key_of(position.instrument), position);
    book.positions_at = now.utc;
}

void Books::on_position_changed(const gateway::PositionChanged& change) {
    const auto& position = change.position;
    auto& book = books_[position.account];
    if (position.quantity.value.is_zero())
        book.positions.erase(key_of(position.instrument));
    else
        book.positions.insert_or_assign(key_of(position.instrument), position);
}

void Books::on_balances_snapshot(Now now, const gateway::BalancesSnapshot& snapshot) {
    auto& book = books_[snapshot.account];
    book.balances.clear();
    for (const auto& balance : snapshot.balances)
        book.balances.insert_or_assign(balance.currency, balance);
    book.balances_at = now.utc;
}

const AccountBook& Books::book_of(const AccountName& account) const {
    static const AccountBook empty;
    const auto found = books_.find(account);
    return found == books_.end() ? empty : found->second;
}

Quantity Books::quantity_of(const AccountName& account, const NativeId& native_id) const {
    const auto* held = find_in(book_of(account).positions, native_id.value);
    return held == nullptr ? Quantity{} : held->quantity;
}

std::vector<Position> Books::positions(const AccountName& account) const {
    std::vector<Position> found;
    for (const auto& [name, book] : books_)
        if (account.value.empty() || account == name)
            for (const auto& [key, position] : book.positions) found.push_back(position);
    return found;
}

std::vector<Balance> Books::balances(const AccountName& account) const {
    std::vector<Balance> found;
    for (const auto& [name, book] : books_)
        if (account.value.empty() || account == name)
            for (const auto& [currency, balance] : book.balances) found.push_back(balance);
    return found;
}

std::optional<Utc> Books::snapshot_at(const AccountName& account) const {
    return book_of(account).positions_at;
}

}  // namespace janus::core
