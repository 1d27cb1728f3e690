#pragma once

#include "core/books.hpp"
#include "core/gateway_set.hpp"
#include "core/order_table.hpp"
#include "core/recent_sales.hpp"
#include "core/symbol_registry.hpp"

namespace janus::core {

/// What an account could still sell: the held quantity less what other orders may sell. Reads the
/// books and the orders; owned by the engine.
class Exposure {
 public:
    Exposure(const Books& books, const OrderTable& orders, const RecentSales& sales,
             const SymbolRegistry& registry, const GatewaySet& gateways)
        : books_(books), orders_(orders), sales_(sales), registry_(registry), gateways_(gateways) {}

    /// A sale must not exceed what is held and not yet on sale; a short sale must not meet a long
    /// position. Call with a ready account only: then its books are complete.
    /// Errors: `Denied`, with the numbers.
    Result<void> check_sale(const OrderIntent& intent) const;
    /// The same for an open sell order with new values. The exits of a bracket sell what it has
    /// bought or will buy; they are not checked, as when they were placed.
    Result<void> check_modified_sale(const Order& order, const OrderIntent& wanted) const;
    /// Orders of the account that have not ended, whoever placed them.
    std::size_t count_open(const AccountName& account) const {
        return orders_.open_of(account).size();
    }
    /// Units of the instrument per contract, as far as a holding or its kind says so.
    std::optional<Decimal> find_multiplier(const OrderIntent& intent) const;

 private:
    const Position* find_position(const OrderIntent& intent) const;
    /// What open sell orders may sell, without the one named.
    Quantity on_sale(const OrderIntent& intent, const NativeId& native_id, OrderId without) const;
    Quantity may_sell(const Order& order) const;
    Result<void> check_covered(const OrderIntent& intent, Quantity quantity, OrderId without) const;

    const Books& books_;
    const OrderTable& orders_;
    const RecentSales& sales_;
    const SymbolRegistry& registry_;
    const GatewaySet& gateways_;
};

}  // namespace janus::core
