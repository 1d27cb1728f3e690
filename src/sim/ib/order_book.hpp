#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "sim/ib/context.hpp"
#include "sim/ib/order_messages.hpp"

namespace janus::sim::ib {

/// IB's view of one order of the exchange.
struct IbOrder {
    PlaceRequest request;
    ContractRow contract;
    std::int64_t client_id{0};
    std::int64_t permanent_id{0};
    bool manual{false};               ///< Entered by hand: order id 0 until it is bound.
    bool announced{false};            ///< Its client has seen it.
    bool was_held{false};             ///< At its last change.
    bool promoted{false};             ///< Shown as Submitted, no longer as PreSubmitted.
    bool cancelling{false};           ///< Fault: its cancel is on its way.
    bool silent{false};               ///< Fault: nothing is told until the client asks.
    bool without_status{false};       ///< Fault: executions only.
    std::vector<std::uint64_t> news;  ///< Numbers of executions that are not told yet.
};

/// The orders of the login by the exchange's numbers, and the order ids of every client. Outlives
/// connections. What an order is worth is always read from the exchange.
class OrderBook {
 public:
    explicit OrderBook(Context& context) : context_(context) {}

    /// Adds what the exchange has taken in; uses up its order id.
    IbOrder& add(ExchangeOrderId id, const PlaceRequest& request, const ContractRow& contract,
                 std::int64_t client_id);
    std::map<ExchangeOrderId, IbOrder>& orders() { return orders_; }
    const std::map<ExchangeOrderId, IbOrder>& orders() const { return orders_; }
    IbOrder* find(ExchangeOrderId id);
    std::optional<ExchangeOrderId> find_number(std::int64_t client_id, std::int64_t order_id) const;
    /// An order id that is used up without an order at the exchange.
    void use_number(std::int64_t client_id, std::int64_t order_id);
    /// Gives an order made by hand a number of client 0; nothing when it has one already.
    std::optional<std::int64_t> bind_manual(ExchangeOrderId id);
    /// The next free order id of a client; 1 or more.
    std::int64_t next_id_of(std::int64_t client_id) const;

    const ExchangeOrder& truth_of(ExchangeOrderId id) const;
    bool is_live(ExchangeOrderId id) const;
    const ExchangeExecution& execution_of(std::uint64_t number) const;
    OrderView view_of(ExchangeOrderId id, const IbOrder& order) const;
    ExecutionView execution_view_of(const ExchangeExecution& execution, const IbOrder& order) const;
    Message commission_message_of(const ExchangeExecution& execution, const IbOrder& order) const;
    Decimal commission_of(ExchangeOrderId id) const;

 private:
    Context& context_;
    std::map<ExchangeOrderId, IbOrder> orders_;
    std::map<std::pair<std::int64_t, std::int64_t>, ExchangeOrderId> numbers_;
    std::map<std::int64_t, std::int64_t> next_ids_;
    std::int64_t last_bound_{0};  ///< Numbers of orders made by hand go down from -1.
};

/// The word that IB has for an order's state; a working order is `PreSubmitted` until `promoted`.
std::string status_of(const ExchangeOrder& truth, bool promoted);
/// Why it waits, in IB's words; empty when it does not, or only for another time of the day.
std::string why_held_of(const ExchangeOrder& truth);

}  // namespace janus::sim::ib
