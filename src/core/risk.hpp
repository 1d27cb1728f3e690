#pragma once

#include <deque>
#include <map>

#include "core/engine.hpp"
#include "core/exposure.hpp"
#include "core/market_data.hpp"

namespace janus::core {

/// The limits of every account, checked before an order becomes durable. What is missing for a
/// check refuses the order. Owned by the engine.
class Risk {
 public:
    Risk(const EngineSettings& settings, const MarketData& market_data, const Exposure& exposure);

    /// Quantity, notional, short sales, and that a sale is covered.
    /// Errors: `Denied`, naming the limit and the numbers.
    Result<void> check_order(Now now, const OrderIntent& intent) const;
    /// The same for new values of a live order, which takes no part twice.
    Result<void> check_modify(Now now, const Order& order, const OrderIntent& wanted) const;
    /// Whether so many more orders may be open, and may be placed within this second.
    /// Errors: `Denied`, naming the limit.
    Result<void> check_room(Now now, const AccountName& account, std::size_t count) const;
    /// So many orders were accepted and go out.
    void on_accepted(Now now, const AccountName& account, std::size_t count);

 private:
    Result<void> check_quantity(const OrderIntent& intent, const RiskLimits& limits) const;
    Result<void> check_notional(Now now, const OrderIntent& intent, const RiskLimits& limits) const;
    Result<void> check_side(const OrderIntent& intent, const RiskLimits& limits) const;
    Result<const RiskLimits*> limits_of(const AccountName& account) const;
    Result<Price> price_of(Now now, const OrderIntent& intent) const;
    Result<void> check_distance(Now now, const OrderIntent& intent, const RiskLimits& limits) const;
    std::optional<Price> find_market(Now now, const OrderIntent& intent) const;

    std::map<AccountName, RiskLimits> limits_;
    std::map<AccountName, std::deque<Instant>> accepted_;  ///< Within the last second.
    Duration stale_after_;
    const MarketData& market_data_;
    const Exposure& exposure_;
};

/// |price| x quantity x multiplier; nothing when it does not fit.
std::optional<Money> notional_of(Price price, Quantity quantity, Decimal multiplier);

}  // namespace janus::core
