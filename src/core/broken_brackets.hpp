#pragma once

#include <set>

#include "core/order_cancels.hpp"
#include "core/order_table.hpp"

namespace janus::core {

/// A bracket stands or falls as a whole until something of it has traded: when one of its orders
/// was refused or never left, the others are cancelled. Owned by the engine.
class BrokenBrackets {
 public:
    BrokenBrackets(OrderTable& orders, OrderCancels& cancels, Feed& feed)
        : orders_(orders), cancels_(cancels), feed_(feed) {}

    /// To be called after every recorded change of an order; acts in `settle`.
    void on_changed(const OrderEntry& entry);
    void settle(Now now);

 private:
    std::vector<OrderId> members_of(OrderId first) const;
    void cancel(Now now, OrderId id);

    OrderTable& orders_;
    OrderCancels& cancels_;
    Feed& feed_;
    std::set<OrderId> broken_;  ///< By the entry's id.
};

}  // namespace janus::core
