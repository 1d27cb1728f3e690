#pragma once

#include <map>
#include <optional>
#include <string>

#include "gateway/command.hpp"
#include "gateway/webull/order_calls.hpp"

namespace janus::webull {

/// Replaces the values of live orders. A replace is like a place: on the wire at most once, and
/// what its answer does not prove, the order's detail does. The receipt only says that it was taken
/// for processing, so the detail is asked for until it shows the new values. One replace at a time
/// for each order, since Webull numbers them not. Used by the gateway.
class ReplaceCalls {
 public:
    static constexpr std::size_t open_max = 2'000;

    ReplaceCalls(Outbox& out, RestClient& rest, OrderTracker& tracker, OrderCalls& calls)
        : out_(out), rest_(rest), tracker_(tracker), calls_(calls) {}

    /// `refusal` says why the account cannot take orders now; empty when it can.
    void replace(Now now, std::size_t account, const std::string& account_id,
                 const gateway::ModifyOrder& modify, const std::string& refusal);
    /// Answers to Replace.
    void on_answer(Now now, const std::string& account_id, const Answer& answer);
    /// An event has refused a replace of this order.
    void on_refused(Now now, std::size_t account, const std::string& account_id,
                    const ClientOrderId& client_order_id, OrderId order, const std::string& reason);
    /// Lets go of what the tracker knows to be done by now.
    void settle();
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

 private:
    /// A replace whose new values the broker has not shown yet.
    struct OpenReplace {
        gateway::PlaceOrder wanted;
        std::string account_id;
        Instant given_up_at;
        std::optional<Instant> ask_at;  ///< Nothing until it is answered.
        Duration next_wait;
    };
    using OpenReplaces = std::map<OrderKey, OpenReplace>;

    std::string obstacle_of(const OrderKey& key, const gateway::ModifyOrder& modify,
                            const std::string& refusal) const;
    void ask_soon(Now now, const OrderKey& key);
    OpenReplaces::iterator close(OpenReplaces::iterator at);

    Outbox& out_;
    RestClient& rest_;
    OrderTracker& tracker_;
    OrderCalls& calls_;
    OpenReplaces open_;
};

}  // namespace janus::webull
