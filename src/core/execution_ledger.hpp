#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/order.hpp"

namespace janus::core {

/// What a set of executions adds up to.
struct FillTotals {
    Quantity filled;
    std::optional<Price> average;  ///< Exact sum, rounded once; absent when nothing is filled.
    bool overflow{false};          ///< The sum does not fit; then `filled` is the last that did.
};
FillTotals totals_of(std::span<const Execution> executions);

/// What became of an execution given to the ledger.
enum class Booking {
    First,       ///< New and valid.
    Correction,  ///< Replaces an earlier revision of the same root.
    Superseded,  ///< New, but a later revision is already booked; kept for the record.
    Repeat,      ///< Known; nothing has changed.
    Conflict,    ///< The same id with other numbers; the first report stays.
};

/// The executions of every order: each (account, id) once, the highest revision of a root wins.
/// Owned by the engine.
class ExecutionLedger {
 public:
    /// `execution.order` must be set.
    Booking book(const Execution& execution);
    /// The order that an execution was booked to; nothing when it is new.
    std::optional<OrderId> find_order(const AccountName& account, const ExecutionId& id) const;
    /// Adds a commission that arrived late. Returns the execution when it is known and changed.
    std::optional<Execution> set_commission(const AccountName& account, const ExecutionId& id,
                                            Money amount, const std::string& currency);

    /// What the valid executions of one order add up to.
    FillTotals totals_of(OrderId order) const;
    /// The valid executions of one order, by root.
    std::vector<Execution> valid_of(OrderId order) const;
    /// Every revision of one order, as it was reported.
    std::vector<Execution> all_of(OrderId order) const;
    /// The valid executions of one account (empty: all), in order of time.
    std::vector<Execution> of_account(const AccountName& account) const;

 private:
    using Revisions = std::vector<Execution>;        // Ascending; the last one is valid.
    using Roots = std::map<std::string, Revisions>;  // By account and root.
    Execution* find(const AccountName& account, const ExecutionId& id);

    std::map<OrderId, Roots> orders_;
    std::unordered_map<std::string, OrderId> order_by_execution_;
};

}  // namespace janus::core
