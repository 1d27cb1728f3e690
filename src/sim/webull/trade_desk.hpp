#pragma once

#include <map>
#include <optional>
#include <string>

#include <boost/json/fwd.hpp>

#include "base/random.hpp"
#include "sim/exchange/exchange.hpp"
#include "sim/webull/event_hub.hpp"
#include "sim/webull/fault_book.hpp"
#include "sim/webull/order_request.hpp"
#include "sim/webull/order_shelf.hpp"
#include "sim/webull/refusal.hpp"

namespace janus::sim::webull {

/// Takes placements, replacements and cancels into the exchange, and turns what happens there into
/// order events. A resting order sends nothing, as at Webull.
class TradeDesk {
 public:
    TradeDesk(Exchange& exchange, OrderShelf& shelf, EventHub& hub, FaultBook& faults,
              Random& random, Duration cancel_delay)
        : exchange_(exchange),
          shelf_(shelf),
          hub_(hub),
          faults_(faults),
          random_(random),
          cancel_delay_(cancel_delay) {}

    /// The calls of section 5. Errors: 417 with Webull's code.
    Answer<boost::json::object> preview(const std::string& account,
                                        const boost::json::object& body);
    Answer<boost::json::object> place(Now now, const std::string& account,
                                      const boost::json::object& body);
    Answer<boost::json::object> batch_place(Now now, const std::string& account,
                                            const boost::json::object& body);
    Answer<boost::json::object> replace(Now now, const std::string& account,
                                        const boost::json::object& body);
    /// A cancel is only requested: it happens a little later, and a fill may come first.
    Answer<boost::json::object> cancel(Now now, const std::string& account,
                                       const boost::json::object& body);

    /// A receipt for an order that will never exist; for the fault that swallows placements.
    boost::json::object receipt_without_order(const boost::json::object& body);
    /// The same for each order of a batch.
    boost::json::object receipts_without_orders(const boost::json::object& body);

    void on_exchange(Now now, const ExchangeEvent& event);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

 private:
    struct PendingCancel {
        std::string account;
        std::string client_order_id;
        bool refused{false};
    };
    using OrderName = std::pair<std::string, std::string>;  ///< account, client_order_id

    Answer<boost::json::object> place_one(Now now, const std::string& account,
                                          const boost::json::object& object);
    Answer<void> check_permission(const PlaceRequest& request) const;
    Answer<void> check_side(const ExchangeOrder& order) const;
    Answer<void> check_against_open(const ExchangeOrder& order) const;
    Answer<OrderRecord*> commit(Now now, const PlaceRequest& request);
    OrderRecord& shelve(Now now, const ExchangeOrder& order, const std::optional<Decimal>& amount,
                        bool at_exchange);
    OrderRecord* find_or_adopt(Now now, const ExchangeOrder& order);
    Answer<void> change(Now now, OrderRecord& record, const boost::json::object& object);
    void on_order_changed(Now now, ExchangeOrderId id);
    void on_executed(Now now, const ExchangeExecution& execution);
    void carry_out(Now now, const PendingCancel& cancel);
    void fail_later(Now now, const OrderName& name);
    void publish(Now now, const OrderRecord& record, std::string_view scene);
    std::string new_order_id();

    Exchange& exchange_;
    OrderShelf& shelf_;
    EventHub& hub_;
    FaultBook& faults_;
    Random& random_;
    Duration cancel_delay_;
    std::multimap<Instant, PendingCancel> cancels_;
    std::multimap<Instant, OrderName> failures_;
};

}  // namespace janus::sim::webull
