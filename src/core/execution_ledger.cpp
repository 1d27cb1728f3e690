#include "core/execution_ledger.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace janus::core {
namespace {

using Wide = __int128;

std::string key_of(const AccountName& account, const std::string& id) {
    return account.value + '\n' + id;
}

std::string root_of(const Execution& execution) {
    const auto& root = execution.root.value.empty() ? execution.id : execution.root;
    return key_of(execution.account, root.value);
}

bool same_trade(const Execution& a, const Execution& b) {
    return a.quantity == b.quantity && a.price == b.price && a.side == b.side;
}

std::optional<Decimal> to_decimal(Wide units) {
    constexpr Wide limit = std::numeric_limits<std::int64_t>::max();
    if (units > limit || units < -limit) return std::nullopt;
    return Decimal::from_units(static_cast<std::int64_t>(units));
}

/// amount / quantity, half-even; both in Decimal units, `amount` with their square.
std::optional<Decimal> average_of(Wide amount, Wide quantity) {
    if (quantity < 0) {
        amount = -amount;
        quantity = -quantity;
    }
    Wide quotient = amount / quantity;
    const Wide rest = amount % quantity;
    const Wide twice = rest < 0 ? -2 * rest : 2 * rest;
    if (twice > quantity || (twice == quantity && quotient % 2 != 0))
        quotient += amount < 0 ? -1 : 1;
    return to_decimal(quotient);
}

/// Adds executions up, each exactly.
class Sum {
 public:
    void add(const Execution& execution) {
        const Wide part = execution.quantity.value.units();
        quantity_ += part;
        Wide sum = 0;
        if (__builtin_add_overflow(amount_, part * execution.price.value.units(), &sum))
            amount_fits_ = false;
        amount_ = sum;
    }
    FillTotals totals() const {
        FillTotals totals;
        const auto filled = to_decimal(quantity_);
        totals.overflow = !filled || !amount_fits_;
        totals.filled.value = filled.value_or(Decimal{});
        if (totals.overflow || quantity_ == 0) return totals;
        if (const auto average = average_of(amount_, quantity_)) totals.average = Price{*average};
        return totals;
    }

 private:
    Wide quantity_{0};
    Wide amount_{0};
    bool amount_fits_{true};
};

}  // namespace

FillTotals totals_of(std::span<const Execution> executions) {
    Sum sum;
    for (const auto& execution : executions) sum.add(execution);
    return sum.totals();
}

Booking ExecutionLedger::book(const Execution& execution) {
    if (const auto* known = find(execution.account, execution.id))
        return same_trade(*known, execution) ? Booking::Repeat : Booking::Conflict;
    order_by_execution_[key_of(execution.account, execution.id.value)] = execution.order;
    auto& revisions = orders_[execution.order][root_of(execution)];
    const auto place =
        std::ranges::upper_bound(revisions, execution.revision, {}, &Execution::revision);
    const bool last = place == revisions.end();
    const bool first = revisions.empty();
    revisions.insert(place, execution);
    if (first) return Booking::First;
    return last ? Booking::Correction : Booking::Superseded;
}

std::optional<OrderId> ExecutionLedger::find_order(const AccountName& account,
                                                   const ExecutionId& id) const {
    const auto found = order_by_execution_.find(key_of(account, id.value));
    if (found == order_by_execution_.end()) return std::nullopt;
    return found->second;
}

Execution* ExecutionLedger::find(const AccountName& account, const ExecutionId& id) {
    const auto order = find_order(account, id);
    if (!order) return nullptr;
    for (auto& [root, revisions] : orders_[*order])
        for (auto& execution : revisions)
            if (execution.account == account && execution.id == id) return &execution;
    return nullptr;
}

std::optional<Execution> ExecutionLedger::set_commission(const AccountName& account,
                                                         const ExecutionId& id, Money amount,
                                                         const std::string& currency) {
    auto* execution = find(account, id);
    if (execution == nullptr) return std::nullopt;
    if (execution->commission == amount && execution->commission_currency == currency)
        return std::nullopt;
    execution->commission = amount;
    execution->commission_currency = currency;
    return *execution;
}

FillTotals ExecutionLedger::totals_of(OrderId order) const {
    Sum sum;
    if (const auto found = orders_.find(order); found != orders_.end())
        for (const auto& [root, revisions] : found->second) sum.add(revisions.back());
    return sum.totals();
}

std::vector<Execution> ExecutionLedger::valid_of(OrderId order) const {
    std::vector<Execution> valid;
    if (const auto found = orders_.find(order); found != orders_.end())
        for (const auto& [root, revisions] : found->second) valid.push_back(revisions.back());
    return valid;
}

std::vector<Execution> ExecutionLedger::all_of(OrderId order) const {
    std::vector<Execution> all;
    if (const auto found = orders_.find(order); found != orders_.end())
        for (const auto& [root, revisions] : found->second)
            all.insert(all.end(), revisions.begin(), revisions.end());
    return all;
}

std::vector<Execution> ExecutionLedger::of_account(const AccountName& account) const {
    std::vector<Execution> executions;
    for (const auto& [order, roots] : orders_)
        for (const auto& [root, revisions] : roots)
            if (account.value.empty() || revisions.back().account == account)
                executions.push_back(revisions.back());
    std::ranges::sort(executions, {}, [](const Execution& execution) {
        return std::tie(execution.at, execution.order, execution.id);
    });
    return executions;
}

}  // namespace janus::core
