#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "domain/holding.hpp"
#include "domain/order.hpp"

namespace janus::core {

/// Sales that are booked while the broker's position may still show what was sold: without them a
/// second sale in that moment would open a short position. A sale is forgotten when the position
/// has moved since, or was reported again some seconds later. Owned by the engine.
class RecentSales {
 public:
    /// A report this long after the trade contains it.
    static constexpr Duration reflected_after = std::chrono::seconds(5);

    /// `held` is the position's quantity at this moment.
    void on_sale(Now now, const Execution& execution, Quantity held);
    void on_position(Now now, const AccountName& account, const NativeId& native_id,
                     Quantity quantity);
    /// A complete list; what it does not contain is held no more.
    void on_snapshot(Now now, const AccountName& account, const std::vector<Position>& positions);

    /// What was sold and is not yet seen in the position.
    Quantity pending_of(const AccountName& account, const NativeId& native_id) const;
    /// Accounts whose positions should be fetched afresh, each once per sale.
    std::vector<AccountName> take_overdue(Now now);
    std::optional<Instant> deadline() const;

 private:
    struct Sale {
        Quantity quantity;
        Quantity held;
        Instant at;
        bool asked{false};
    };
    using Key = std::pair<AccountName, NativeId>;
    std::map<Key, std::vector<Sale>> sales_;
};

}  // namespace janus::core
