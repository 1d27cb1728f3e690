#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/deferred.hpp"
#include "core/order_queries.hpp"
#include "core/order_recorder.hpp"
#include "core/reply.hpp"

namespace janus::core {

/// Cancels on request, and what became of them. A cancel passes halts and a failed journal; it may
/// be repeated, but not more than once a minute. Owned by the engine.
class OrderCancels {
 public:
    static constexpr Duration repeat_after = std::chrono::seconds(60);

    OrderCancels(OrderTable& orders, OrderRecorder& recorder, OrderQueries& queries,
                 const GatewaySet& gateways, Deferred& deferred, Duration answer_timeout)
        : orders_(orders),
          recorder_(recorder),
          queries_(queries),
          gateways_(gateways),
          deferred_(deferred),
          answer_timeout_(answer_timeout) {}

    /// Replies with the order when it is final or when the answer is late, with `Rejected` when the
    /// broker refuses. Errors: `NotFound`; `Unavailable` when the account cannot send; `Denied`
    /// when the last cancel is too young.
    void cancel(Now now, OrderId id, const std::string& who, Reply<Order> reply);
    void on_refused(Now now, OrderId id, const std::string& reason);
    /// The broker has reported the order: a refused cancel is now known to have left it alive.
    void on_report(const OrderEntry& entry);
    /// To be called after every recorded change of an order.
    void on_changed(const OrderEntry& entry);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

 private:
    struct Waiter {
        OrderId order;
        Instant due;
        std::optional<std::string> refusal;
        Reply<Order> reply;
    };
    Result<void> check_sendable(const OrderEntry& entry) const;
    Result<void> check_not_repeated(Now now, const OrderEntry& entry) const;
    bool waited_for(OrderId id) const;
    void send(Now now, OrderEntry& entry, const std::string& who);
    void answer(const Waiter& waiter, const OrderEntry& entry);
    template <typename Which>
    void answer_where(Which which);

    OrderTable& orders_;
    OrderRecorder& recorder_;
    OrderQueries& queries_;
    const GatewaySet& gateways_;
    Deferred& deferred_;
    Duration answer_timeout_;
    std::vector<Waiter> waiters_;
};

}  // namespace janus::core
