#pragma once

#include <expected>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "sim/ib/context.hpp"
#include "sim/ib/order_book.hpp"
#include "sim/ib/order_rules.hpp"
#include "sim/ib/order_teller.hpp"

namespace janus::sim::ib {

/// A placeOrder however it was written: what it says, what was wrong with its layout (empty when
/// nothing was), and the whole message for the ledger.
struct PlaceCall {
    PlaceRequest request;
    std::string trouble;
    std::string_view raw;
};
struct CancelCall {
    std::int64_t order_id{0};
    std::string trouble;
    std::string_view raw;
};

/// Which executions a client asks for; empty parts do not restrict.
struct ExecutionFilter {
    RequestId id{0};
    std::int64_t client_id{0};
    std::string account;
    std::optional<Utc> since;
    std::string symbol;
    std::string security_type;
    std::string exchange;
    std::string side;
};

/// Orders and executions: takes requests, keeps IB's numbers for the exchange's orders, and turns
/// what happens at the exchange into messages for the clients that may see them.
class OrderDesk {
 public:
    OrderDesk(Context& context, Ledger& ledger)
        : context_(context), ledger_(ledger), book_(context), teller_(context, book_) {}

    // Requests in text; `raw` is the whole message for the ledger.
    void on_place(Now now, Session& session, FieldCursor& in, std::string_view raw);
    void on_cancel(Now now, Session& session, FieldCursor& in, std::string_view raw);
    void on_global_cancel(Now now, Session& session, FieldCursor& in, std::string_view raw);
    void on_request_ids(Now now, Session& session, FieldCursor& in);
    void on_open_orders(Now now, Session& session, FieldCursor& in);
    void on_all_open_orders(Now now, Session& session, FieldCursor& in);
    void on_auto_open_orders(Now now, Session& session, FieldCursor& in);
    void on_completed_orders(Now now, Session& session, FieldCursor& in);
    void on_executions(Now now, Session& session, FieldCursor& in);

    // The same, however they were written.
    void place(Now now, Session& session, const PlaceCall& call);
    void cancel(Now now, Session& session, const CancelCall& call);
    void cancel_all(Now now, Session& session, std::string_view raw);
    void send_open_orders(Now now, Session& session, bool all);
    void bind_automatically(Now now, Session& session, bool on);
    void send_completed_orders(Session& session, bool api_only);
    void send_executions(Session& session, const ExecutionFilter& filter);

    void send_next_valid_id(const Session& session);
    /// The open orders in front of the start burst, when the client has any.
    void send_start_orders(Now now, Session& session);

    void on_order_changed(Now now, ExchangeOrderId id);
    void on_executed(const ExchangeExecution& execution);
    /// Sends a completed order that nobody asked for.
    void send_any_completed(const Session& session);
    Result<void> correct_last_execution(Now now, std::optional<Decimal> quantity,
                                        std::optional<Decimal> price);
    /// Takes every live order of the login out of the market, or puts it back.
    void set_all_active(Now now, bool active);

    Result<ExchangeOrderId> external_order(Now now, const IbExternalOrder& order);

    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

 private:
    using Number = std::pair<std::int64_t, std::int64_t>;  ///< Client id and order id.
    enum class TaskKind { Promote, Reject, LateFill, LatePlace, LateCancel };
    struct Task {
        Instant due;
        TaskKind kind{TaskKind::Promote};
        ExchangeOrderId order;
        Quantity quantity;     ///< LateFill.
        PlaceRequest request;  ///< LatePlace.
        ContractRow contract;
        std::int64_t client_id{0};
        bool shown{false};  ///< LatePlace: its client sees it, held.
    };
    /// An order that was sent with transmit 0: nobody hears of it until it is released.
    struct Parked {
        PlaceRequest request;
        ContractRow contract;
    };

    // order_placing.cpp
    std::expected<ContractRow, Remark> check_place(Now now, const Session& session,
                                                   const PlaceCall& call, bool modifies);
    void refuse(Now now, const Session& session, std::int64_t order_id, const Remark& refusal);
    std::optional<Remark> gateway_refusal(const PlaceRequest& request);
    std::optional<Remark> id_refusal(const Session& session, std::int64_t order_id) const;
    std::optional<Remark> parent_refusal(const Session& session, const PlaceRequest& request) const;
    void answer_what_if(const Session& session, const PlaceRequest& request,
                        const ContractRow& contract);
    void modify(Now now, const Session& session, ExchangeOrderId id, const PlaceRequest& request);
    void park(const Session& session, const PlaceRequest& request, const ContractRow& contract);
    void release(Now now, Session& session, const Number& number);
    void release_family(Now now, Session& session, std::int64_t parent_id);
    void accept(Now now, Session& session, const PlaceRequest& request,
                const ContractRow& contract);
    void postpone(Now now, const Session& session, const PlaceRequest& request,
                  const ContractRow& contract, Duration delay);
    OrderView unbooked_view(const Session& session, const PlaceRequest& request,
                            const ContractRow& contract, std::string_view status,
                            std::string_view why_held) const;
    std::vector<Task>::iterator find_held(const Session& session, std::int64_t order_id);
    bool modify_held(Now now, const Session& session, const PlaceRequest& request);
    bool cancel_held(const Session& session, std::int64_t order_id);
    void show_held(Now now, const Session& session, const PlaceRequest& request,
                   const ContractRow& contract);
    ExchangeOrderId book(Now now, const PlaceRequest& request, const ContractRow& contract,
                         std::int64_t client_id);
    void warn(Now now, const Session& session, ExchangeOrderId id);
    void arm_faults(Now now, Session& session, ExchangeOrderId id);
    void cancel_known(Now now, const Session& session, ExchangeOrderId id);
    Remark too_late_for(ExchangeOrderId id) const;

    // order_desk.cpp
    void record(Now now, std::string kind, const PlaceRequest& request, std::string_view raw);
    void add_task(Instant due, TaskKind kind, ExchangeOrderId order, Quantity quantity = {});
    void perform(Now now, const Task& task);
    void bind(Session& session, ExchangeOrderId id);

    Context& context_;
    Ledger& ledger_;
    OrderBook book_;
    OrderTeller teller_;
    std::map<Number, Parked> parked_;
    bool closes_session_{false};  ///< Fault: once the order in hand is placed.
    std::vector<Task> tasks_;
};

}  // namespace janus::sim::ib
