#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/deferred.hpp"
#include "core/order_fills.hpp"
#include "core/order_queries.hpp"
#include "core/order_recorder.hpp"
#include "core/reply.hpp"
#include "core/risk.hpp"
#include "core/trading_gate.hpp"

namespace janus::core {

/// What modifications work with; everything outlives them.
struct OrderModifiesParts {
    const GatewaySet& gateways;
    OrderTable& orders;
    OrderRecorder& recorder;
    OrderFills& fills;
    OrderQueries& queries;
    JournalWriter& journal;
    const TradingGate& gate;
    const Risk& risk;
    Deferred& deferred;
    Duration answer_timeout;
};

/// Changes of live orders: checked like a new order, durable before the gateway hears of them, one
/// at a time for each order. While the outcome is not proven the order carries what was wanted, and
/// counts with the larger quantity; what the broker then shows is the truth. Owned by the engine.
class OrderModifies {
 public:
    explicit OrderModifies(const OrderModifiesParts& parts) : parts_(parts) {}

    /// Replies with the order when a report shows the new values. Errors: `NotFound`; `Invalid` for
    /// values that the type does not take; `Denied` for states, limits and what the broker cannot
    /// do; `Rejected` in the broker's words, the order goes on as it was; `Unavailable` when
    /// nothing was sent; `Unknown` when there was no answer, which is then asked for.
    void modify(Now now, OrderId id, const OrderChanges& changes, const std::string& who,
                Reply<Order> reply);
    void on_refused(Now now, OrderId id, const std::string& reason);
    void on_not_sent(Now now, OrderId id, const std::string& reason);
    /// The broker has reported the order, which has taken the values of the report. In doubt, only
    /// a report that carries every value in question proves that the modification had no effect.
    void on_report(Now now, OrderEntry& entry, const gateway::OrderReport& report);
    /// To be called after every recorded change of an order.
    void on_changed(const OrderEntry& entry);
    /// The gate has left ready: what was not answered is in doubt.
    void on_account_lost(Now now, const AccountName& account, const std::string& reason);
    /// What an earlier process left without an answer is in doubt.
    void on_start();
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    std::size_t in_flight() const { return waiters_.size(); }

 private:
    struct Waiter {
        OrderValues wanted;
        std::optional<Instant> due;  ///< Nothing until it is on its way.
        Reply<Order> reply;
    };

    Result<void> check_state(const OrderEntry& entry) const;
    Result<OrderIntent> check_values(Now now, const Order& order, const OrderValues& wanted) const;
    void write(Now now, OrderEntry& entry, const std::string& who);
    void on_journaled(Now now, OrderId id, const Result<void>& outcome);
    void send(Now now, const OrderEntry& entry);
    void drop(Now now, OrderEntry& entry, const std::string& event, const std::string& reason);
    void doubt(Now now, OrderEntry& entry, const std::string& reason);
    void answer(OrderId id, Result<Order> outcome);

    OrderModifiesParts parts_;
    std::map<OrderId, Waiter> waiters_;
};

}  // namespace janus::core
