#pragma once

#include <utility>
#include <vector>

#include "sim/ib/order_book.hpp"

namespace janus::sim::ib {

/// Turns an order's news into messages for every client that may see it, and does so wrongly where
/// a fault says so.
class OrderTeller {
 public:
    OrderTeller(Context& context, OrderBook& book) : context_(context), book_(book) {}

    /// What there is to tell now: executions, openOrder, orderStatus, commissions; or how it ended.
    void tell(Now now, ExchangeOrderId id, IbOrder& order);
    /// openOrder and orderStatus, as a snapshot shows them.
    void send_open_order(const Session& session, ExchangeOrderId id, const IbOrder& order);
    /// An error that concerns one order, to everybody who may see it.
    void send_error(Now now, const IbOrder& order, int code, std::string_view text);

 private:
    using Group = std::vector<std::pair<char, Message>>;  ///< Letter: see the fault message_order.

    bool may_see(const Session& session, const IbOrder& order) const;
    Group group_of(const Session& session, ExchangeOrderId id, const IbOrder& order);
    void add_executions(Group& group, const Session& session, ExchangeOrderId id,
                        const IbOrder& order);
    void add_status(Group& group, const Session& session, const OrderView& view);
    void tell_end(Now now, const Session& session, ExchangeOrderId id, const IbOrder& order,
                  bool status);

    Context& context_;
    OrderBook& book_;
};

}  // namespace janus::sim::ib
