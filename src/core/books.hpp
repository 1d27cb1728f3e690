#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/holding.hpp"
#include "gateway/event.hpp"

namespace janus::core {

/// What one account holds, in its broker's own numbers.
struct AccountBook {
    std::map<std::string, Position> positions;  ///< By the broker's id, else by its text.
    std::map<std::string, Balance> balances;    ///< By currency.
    std::optional<Utc> positions_at;            ///< Of the last complete list.
    std::optional<Utc> balances_at;
    friend bool operator==(const AccountBook&, const AccountBook&) = default;
};

/// What differs between two pictures of one account, a line each: quantities, average costs, cash.
std::vector<std::string> differences_of(const AccountBook& before, const AccountBook& after);

/// Positions and balances of every account. Only a broker's own report changes them: there is no
/// function here that takes a price. A position disappears by a complete list or an explicit zero,
/// never by silence. Used on the core thread only.
class Books {
 public:
    void on_positions_snapshot(Now now, const gateway::PositionsSnapshot& snapshot);
    void on_position_changed(const gateway::PositionChanged& change);
    void on_balances_snapshot(Now now, const gateway::BalancesSnapshot& snapshot);

    /// An empty book for an account that has never reported. Lives until the next change.
    const AccountBook& book_of(const AccountName& account) const;
    const std::map<AccountName, AccountBook>& all() const { return books_; }
    /// The held quantity; zero when the account does not hold it.
    Quantity quantity_of(const AccountName& account, const NativeId& native_id) const;
    /// Empty account: every account.
    std::vector<Position> positions(const AccountName& account) const;
    std::vector<Balance> balances(const AccountName& account) const;
    std::optional<Utc> snapshot_at(const AccountName& account) const;

 private:
    std::map<AccountName, AccountBook> books_;
};

}  // namespace janus::core
