#include "core/recent_sales.hpp"

#include <algorithm>

namespace janus::core {

void RecentSales::on_sale(Now now, const Execution& execution, Quantity held) {
    if (execution.side == Side::Buy || !execution.quantity.value.is_positive()) return;
    sales_[{execution.account, execution.native_id}].push_back(
        {execution.quantity, held, now.mono, false});
}

void RecentSales::on_position(Now now, const AccountName& account, const NativeId& native_id,
                              Quantity quantity) {
    const auto found = sales_.find({account, native_id});
    if (found == sales_.end()) return;
    std::erase_if(found->second, [&](const Sale& sale) {
        const bool moved = quantity.value <= sale.held.value - sale.quantity.value;
        return moved || now.mono - sale.at >= reflected_after;
    });
    if (found->second.empty()) sales_.erase(found);
}

void RecentSales::on_snapshot(Now now, const AccountName& account,
                              const std::vector<Position>& positions) {
    std::vector<NativeId> sold;
    for (const auto& [key, sales] : sales_)
        if (key.first == account) sold.push_back(key.second);
    for (const auto& native_id : sold) {
        const auto row = std::ranges::find(positions, native_id, [](const Position& position) {
            return position.instrument.native_id;
        });
        on_position(now, account, native_id, row == positions.end() ? Quantity{} : row->quantity);
    }
}

Quantity RecentSales::pending_of(const AccountName& account, const NativeId& native_id) const {
    Quantity pending;
    if (const auto found = sales_.find({account, native_id}); found != sales_.end())
        for (const auto& sale : found->second) pending.value += sale.quantity.value;
    return pending;
}

std::vector<AccountName> RecentSales::take_overdue(Now now) {
    std::vector<AccountName> accounts;
    for (auto& [key, sales] : sales_)
        for (auto& sale : sales) {
            if (sale.asked || now.mono - sale.at < reflected_after) continue;
            sale.asked = true;
            if (std::ranges::find(accounts, key.first) == accounts.end())
                accounts.push_back(key.first);
        }
    return accounts;
}

std::optional<Instant> RecentSales::deadline() const {
    std::optional<Instant> first;
    for (const auto& [key, sales] : sales_)
        for (const auto& sale : sales)
            if (!sale.asked && (!first || sale.at + reflected_after < *first))
                first = sale.at + reflected_after;
    return first;
}

}  // namespace janus::core
