#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "sim/ib/context.hpp"
#include "sim/ib/order_book.hpp"
#include "sim/ib/order_rules.hpp"
#include "sim/ib/order_teller.hpp"

namespace janus::sim::ib {

/// Orders and executions: takes requests, keeps IB's numbers for the exchange's orders, and turns
/// what happens at the exchange into messages for the clients that may see them.
class OrderDesk {
 public:
    OrderDesk(Context& context, Ledger& ledger)
        : context_(context), ledger_(ledger), book_(context), teller_(context, book_) {}

    // Requests; `raw` is the whole message for the ledger.
    void on_place(Now now, Session& session, FieldCursor& in, std::string_view raw);
    void on_cancel(Now now, Session& session, FieldCursor& in, std::string_view raw);
    void on_global_cancel(Now now, Session& session, FieldCursor& in, std::string_view raw);
    void on_request_ids(Now now, Session& session, FieldCursor& in);
    void on_open_orders(Now now, Session& session, FieldCursor& in);
    void on_all_open_orders(Now now, Session& session, FieldCursor& in);
    void on_auto_open_orders(Now now, Session& session, FieldCursor& in);
    void on_completed_orders(Now now, Session& session, FieldCursor& in);
    void on_executions(Now now, Session& session, FieldCursor& in);

    void send_next_valid_id(const Session& session);
    /// The open orders in front of the start burst, when the client has any.
    void send_start_orders(Now now, Session& session);

    void on_order_changed(Now now, ExchangeOrderId id);
    void on_executed(const ExchangeExecution& execution);
    /// Sends a completed order that nobody asked for.
    void send_any_completed(const Session& session);
    Result<void> correct_last_execution(Now now, std::optional<Decimal> quantity,
                                        std::optional<Decimal> price);

    Result<ExchangeOrderId> external_order(Now now, const IbExternalOrder& order);

    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

 private:
    enum class TaskKind { Promote, Reject, LateFill, LatePlace, EndImmediate };
    struct Task {
        Instant due;
        TaskKind kind{TaskKind::Promote};
        ExchangeOrderId order;
        Quantity quantity;     ///< LateFill.
        PlaceRequest request;  ///< LatePlace.
        ContractRow contract;
        std::int64_t client_id{0};
    };

    void record(Now now, std::string kind, const PlaceRequest& request, std::string_view raw);
    std::optional<Refusal> gateway_refusal(const PlaceRequest& request);
    std::optional<Refusal> id_refusal(const Session& session, std::int64_t order_id) const;
    void answer_what_if(const Session& session, const PlaceRequest& request,
                        const ContractRow& contract);
    void modify(Now now, const Session& session, ExchangeOrderId id, const PlaceRequest& request);
    void accept(Now now, Session& session, const PlaceRequest& request,
                const ContractRow& contract);
    void postpone(Now now, const Session& session, const PlaceRequest& request,
                  const ContractRow& contract, Duration delay);
    void show_held(Now now, const Session& session, const PlaceRequest& request,
                   const ContractRow& contract);
    ExchangeOrderId book(Now now, const PlaceRequest& request, const ContractRow& contract,
                         std::int64_t client_id);
    void add_task(Instant due, TaskKind kind, ExchangeOrderId order, Quantity quantity = {});
    void arm_faults(Now now, Session& session, ExchangeOrderId id);

    void send_open_orders(Now now, Session& session, bool all);
    void perform(Now now, const Task& task);

    Context& context_;
    Ledger& ledger_;
    OrderBook book_;
    OrderTeller teller_;
    std::map<std::pair<std::int64_t, std::int64_t>, PlaceRequest> parked_;  ///< transmit = 0.
    std::vector<Task> tasks_;
};

}  // namespace janus::sim::ib
