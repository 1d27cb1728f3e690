#pragma once

#include <map>
#include <optional>

#include "base/time.hpp"
#include "core/gateway_set.hpp"
#include "core/order_table.hpp"

namespace janus::core {

/// Asks brokers about orders whose state is in doubt: at once, then again after an interval that
/// doubles up to a minute, as long as the doubt lasts and the account is ready. Owned by the
/// engine.
class OrderQueries {
 public:
    static constexpr Duration interval_max = std::chrono::seconds(60);

    OrderQueries(const GatewaySet& gateways, OrderTable& orders, Duration interval)
        : gateways_(gateways), orders_(orders), interval_(interval) {}

    /// One question, now, or when the interval since the last one about this order has passed.
    void ask(Now now, const OrderEntry& entry);
    /// What is in doubt there is asked for afresh.
    void on_account_ready(Now now, const AccountName& account);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

 private:
    struct Question {
        Duration interval{};
        Instant due;
        bool wanted{true};
    };
    static bool in_doubt(const OrderEntry& entry);
    bool may_ask(const OrderEntry& entry) const;
    void send(Now now, const OrderEntry& entry);

    const GatewaySet& gateways_;
    OrderTable& orders_;
    Duration interval_;
    std::map<OrderId, Question> questions_;
};

}  // namespace janus::core
