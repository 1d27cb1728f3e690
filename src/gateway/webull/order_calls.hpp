#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/command.hpp"
#include "gateway/webull/order_tracker.hpp"
#include "gateway/webull/rest_client.hpp"

namespace janus::webull {

/// A row about an order that REST showed, for those who compare it with the stream.
struct RestChange {
    std::size_t account{0};
    ClientOrderId client_order_id;
    Merge merge;
    bool catching_up{false};  ///< It happened while nobody was listening.
};

/// Whether a question is about what happened before the account was ready.
enum class CatchUp { No, Yes };

/// Places, cancels and asks for single orders. A place goes on the wire at most once; what its
/// answer proves is decided by one table (wire/words.cpp). Used by the gateway.
class OrderCalls {
 public:
    OrderCalls(const WebullSettings& settings, Outbox& out, RestClient& rest,
               OrderTracker& tracker);

    /// `refusal` says why the account cannot take orders now; empty when it can.
    void place(Now now, std::size_t account, const std::string& account_id,
               const gateway::PlaceOrder& place, const std::string& refusal);
    void cancel(Now now, std::size_t account, const std::string& account_id,
                const gateway::CancelOrder& cancel);
    void query(Now now, std::size_t account, const std::string& account_id,
               const gateway::QueryOrder& query);
    /// Our own question for the detail of an order; at most one per order is open.
    void ask_detail(Now now, std::size_t account, const std::string& account_id,
                    const ClientOrderId& client_order_id, OrderId order, CatchUp catch_up);
    /// A list has shown the order for the first time: what it says need not be asked for any more.
    void on_listed(std::size_t account, const ClientOrderId& client_order_id);

    /// Answers to Place, Cancel and Detail.
    void on_answer(Now now, const std::string& account_id, const Answer& answer);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    std::vector<RestChange> take_changes() { return std::exchange(changes_, {}); }

 private:
    /// A question for a detail that is not answered yet.
    struct OpenDetail {
        OrderId order;
        CatchUp catch_up{CatchUp::No};
        Instant asked;
    };
    /// A cancel that came before its order was visible there; said again shortly.
    struct EarlyCancel {
        Instant at;
        std::string account_id;
        Ticket ticket;
    };

    void submit_cancel(Now now, const std::string& account_id, const Ticket& ticket);
    void on_place_answer(Now now, const std::string& account_id, const Answer& answer);
    void on_accepted(Now now, const std::string& account_id, const Answer& answer);
    void on_place_refused(Now now, const std::string& account_id, const Answer& answer);
    void uncertain(Now now, const std::string& account_id, const Answer& answer,
                   std::string reason);
    void on_cancel_answer(Now now, const std::string& account_id, const Answer& answer);
    bool say_cancel_later(Now now, const std::string& account_id, const Answer& answer);
    void on_detail_answer(Now now, const Answer& answer);
    bool on_detail_row(Now now, const Answer& answer, const OpenDetail& open);
    std::optional<ClientOrderId> client_order_id_of(std::size_t account,
                                                    const ClientOrderId& client_order_id,
                                                    const BrokerOrderRef& ref) const;

    const WebullSettings& settings_;
    Outbox& out_;
    RestClient& rest_;
    OrderTracker& tracker_;
    std::map<OrderKey, OpenDetail> details_open_;
    std::map<OrderKey, Instant> placed_at_;  ///< Of the last few seconds only.
    std::vector<EarlyCancel> early_cancels_;
    std::vector<RestChange> changes_;
};

}  // namespace janus::webull
