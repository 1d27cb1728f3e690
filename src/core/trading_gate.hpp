#pragma once

#include "core/accounts.hpp"
#include "core/halts.hpp"
#include "core/order_table.hpp"

namespace janus::core {

/// Whether an account may take a new order now: not stopping, not halted, ready, and nothing about
/// earlier orders that a person has to look at first. Owned by the engine.
class TradingGate {
 public:
    /// So many unknown outcomes in a row stop new orders of an account.
    static constexpr std::size_t unknown_in_a_row_max = 3;

    TradingGate(const Accounts& accounts, const Halts& halts, const OrderTable& orders)
        : accounts_(accounts), halts_(halts), orders_(orders) {}

    void stop() { stopping_ = true; }
    bool stopping() const { return stopping_; }

    /// What may change while an order is on its way: stop, halt, gate.
    /// Errors: `Denied`.
    Result<void> check_open(const AccountName& account) const;
    /// All of it. Errors: `Denied`, `NotFound` for an account that is not configured.
    Result<void> check_intent_allowed(const OrderIntent& intent) const;
    /// The same for a change of a live order, which adds no order to those in doubt.
    Result<void> check_modify_allowed(const AccountName& account) const;

 private:
    Result<void> check_alarms(const AccountName& account) const;
    Result<void> check_unknown(const OrderIntent& intent) const;

    const Accounts& accounts_;
    const Halts& halts_;
    const OrderTable& orders_;
    bool stopping_{false};
};

}  // namespace janus::core
