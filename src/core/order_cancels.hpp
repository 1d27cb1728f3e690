#pragma once

#include <map>
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
    static constexpr Duration patience = std::chrono::seconds(30);  ///< With a cancel's effect.

    OrderCancels(OrderTable& orders, OrderRecorder& recorder, OrderQueries& queries,
                 const GatewaySet& gateways, Deferred& deferred, Duration answer_timeout)
        : orders_(orders),
          recorder_(recorder),
          queries_(queries),
          gateways_(gateways),
          deferred_(deferred),
          answer_timeout_(answer_timeout) {}

    /// Replies with the order when it is final or when the answer is late. Errors: `NotFound`;
    /// `Unavailable` when it could not be sent; `Denied` when the last cancel is too young;
    /// `Rejected` when the broker refuses; `Unknown` when its answer is lost and the order lives.
    void cancel(Now now, OrderId id, const std::string& who, Reply<Order> reply);
    void on_refused(Now now, OrderId id, const std::string& reason);
    void on_not_sent(Now now, OrderId id, const std::string& reason);
    /// Whether the broker has it is asked until it shows the order.
    void on_uncertain(Now now, OrderId id, const std::string& reason);
    /// Answers to the cancels of the account are lost.
    void on_account_lost(const AccountName& account);
    /// The broker has reported the order: a cancel that failed is now known to have left it alive.
    void on_report(const OrderEntry& entry);
    /// To be called after every recorded change of an order.
    void on_changed(const OrderEntry& entry);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

 private:
    struct Waiter {
        OrderId order;
        Instant due;
        std::optional<Error> failure;
        Reply<Order> reply;
    };
    Result<void> check_sendable(const OrderEntry& entry) const;
    Result<void> check_not_repeated(Now now, const OrderEntry& entry) const;
    bool waited_for(OrderId id) const;
    void send(Now now, OrderEntry& entry, const std::string& who);
    void goes_on(Now now, OrderEntry& entry, const std::string& event, const std::string& reason);
    void fail_waiters(OrderId id, ErrorCode code, const std::string& what,
                      const std::string& reason);
    void doubt(Now now, OrderEntry& entry, const std::string& reason);
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
    std::map<OrderId, Instant> without_effect_;  ///< Until when a sent cancel has time.
};

}  // namespace janus::core
