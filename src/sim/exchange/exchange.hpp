#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/random.hpp"
#include "base/time.hpp"
#include "domain/order.hpp"
#include "sim/exchange/scenario.hpp"

namespace janus::sim {

/// The exchange's own number of an order.
using ExchangeOrderId = Tagged<std::uint64_t, struct ExchangeOrderIdTag>;

enum class ExchangeState { Held, Working, Filled, Cancelled, Rejected };

/// An order in the true books. Both brokers' books are views of these.
struct ExchangeOrder {
    ExchangeOrderId id;
    std::string account;  ///< SimAccount::id
    std::string symbol;   ///< Canonical.
    Side side{Side::Buy};
    OrderType type{OrderType::Market};
    Quantity quantity;
    std::optional<Price> limit_price;
    std::optional<Price> stop_price;
    TimeInForce time_in_force{TimeInForce::Day};
    TradingSession session{TradingSession::Regular};
    std::string reference;  ///< Client's text: IB orderRef, Webull client_order_id; empty for
                            ///< external orders.
    ExchangeState state{ExchangeState::Working};
    bool triggered{false};  ///< A stop order whose stop price was reached.
    Quantity filled;
    Price average_price;
    std::string reason;  ///< For Rejected and Cancelled.
    Utc placed;
    Utc changed;
};

struct ExchangeExecution {
    std::uint64_t number{0};  ///< Unique, rising; brokers make their execution ids of it.
    ExchangeOrderId order;
    std::string account;
    std::string symbol;
    Side side{Side::Buy};
    Quantity quantity;
    Price price;
    Money commission;
    Quantity cumulative;  ///< Filled of the order after this execution.
    Price average_price;  ///< Of the order after this execution.
    Utc at;
};

struct SimPosition {
    Quantity quantity;
    Price average_cost;
};

struct SimQuote {
    Price bid, ask, last, close;
    Quantity bid_size, ask_size, last_size, volume;
};

/// What changed at the exchange; each broker's machine turns it into its own messages.
struct OrderChangedAtExchange {
    ExchangeOrderId order;
};
struct ExecutedAtExchange {
    ExchangeExecution execution;
};
struct QuoteChanged {
    std::string symbol;
};
using ExchangeEvent = std::variant<OrderChangedAtExchange, ExecutedAtExchange, QuoteChanged>;

/// The one simulated market behind both brokers, with the true books. A pure machine.
/// A marketable order fills after `fill_delay`, in one or more parts; others rest; stops trigger on
/// the last price.
class Exchange {
 public:
    Exchange(Scenario scenario, std::uint64_t seed);

    /// Takes an order into the books. It may come back Rejected (unknown symbol, no such account,
    /// selling more than held where `Side::Sell`); the reason is in the order. Its events follow
    /// from take_events.
    ExchangeOrderId place(Now now, ExchangeOrder order);
    /// Cancels what is not final; false when it is final already or unknown.
    bool cancel(Now now, ExchangeOrderId id, std::string reason);
    /// Sets a quote and lets resting orders react.
    /// Errors: `NotFound` for an unknown symbol, `Invalid` when bid is above ask.
    Result<void> set_market(Now now, const std::string& symbol, Price bid, Price ask, Price last);

    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    std::vector<ExchangeEvent> take_events();

    const Scenario& scenario() const { return scenario_; }
    const SimInstrument* find_instrument(const std::string& symbol) const;
    const SimAccount* find_account(const std::string& id) const;
    const ExchangeOrder* find_order(ExchangeOrderId id) const;
    const std::map<ExchangeOrderId, ExchangeOrder>& orders() const { return orders_; }
    const std::vector<ExchangeExecution>& executions() const { return executions_; }
    /// account id -> symbol -> position; closed positions are not in it.
    const std::map<std::string, std::map<std::string, SimPosition>>& positions() const {
        return positions_;
    }
    Money cash_of(const std::string& account) const;
    const SimQuote& quote_of(const std::string& symbol) const;

 private:
    Scenario scenario_;
    Random random_;
    std::map<ExchangeOrderId, ExchangeOrder> orders_;
    std::vector<ExchangeExecution> executions_;
    std::map<std::string, std::map<std::string, SimPosition>> positions_;
    std::map<std::string, Money> cash_;
    std::map<std::string, SimQuote> quotes_;
    // The owner of this room adds what matching needs.
};

}  // namespace janus::sim
