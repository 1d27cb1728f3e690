#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
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

/// The times of a trading day. The market stays in one until `set_phase` moves it on.
enum class MarketPhase { Closed, Regular, Extended, Overnight };
std::string_view to_text(MarketPhase phase);  ///< `closed`, `regular`, `extended`, `overnight`
Result<MarketPhase> parse_market_phase(std::string_view text);

/// Why an order that is not final does not trade.
enum class Hold {
    None,
    Inactive,  ///< Taken out of the market by hand.
    Parent,    ///< Its parent has not filled.
    Trigger,   ///< Its stop price was not reached.
    Session,   ///< The market does not trade it at this time of the day.
};
/// What a fill of one order of a group does to the others.
enum class GroupRule {
    CancelOthers,
    ReduceOthers,  ///< Their open quantities shrink in proportion.
};

/// A stop price that follows the last price at a distance, and never away from it.
struct Trail {
    std::optional<Decimal> amount{};        ///< Either this
    std::optional<Decimal> percent{};       ///< or this.
    std::optional<Decimal> limit_offset{};  ///< A limit price follows the stop at this distance.
    friend bool operator==(const Trail&, const Trail&) = default;
};

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
    bool session_only{false};      ///< It trades in this session and in no other.
    std::optional<Trail> trail;    ///< Of a trailing type: the exchange keeps its stop and limit.
    bool if_touched{false};        ///< The stop price triggers from its better side.
    std::optional<Utc> good_till;  ///< It is cancelled at this time.
    ExchangeOrderId parent;  ///< 0: none. It waits until that one has filled, and ends with it.
    std::string group;       ///< Of its account; empty: none.
    GroupRule group_rule{GroupRule::CancelOthers};
    std::string reference;  ///< Client's text: IB orderRef, Webull client_order_id; empty for
                            ///< external orders.
    ExchangeState state{ExchangeState::Working};
    Hold hold{Hold::None};
    bool inactive{false};    ///< Taken out of the market by hand.
    bool triggered{false};   ///< A stop order whose stop price was reached.
    bool in_auction{false};  ///< Its auction is being held.
    bool expired{false};     ///< Cancelled, because its time was over.
    Quantity filled;
    Price average_price;
    std::string reason;  ///< For Rejected and Cancelled.
    Utc placed;
    Utc changed;
};

struct ExchangeExecution {
    std::uint64_t number{0};  ///< Unique, rising; brokers make their execution ids of it.
    int revision{1};          ///< Rises when the execution is corrected.
    ExchangeOrderId order;
    std::string account;
    std::string symbol;
    Side side{Side::Buy};
    Quantity quantity;
    Price price;
    Money commission;
    Money realized;       ///< Profit of the part that closed a position; zero while opening.
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

/// What a modification changes; absent parts stay as they are.
struct ExchangeChange {
    std::optional<Quantity> quantity{};  ///< The new total, not the remainder.
    std::optional<Price> limit_price{};
    std::optional<Price> stop_price{};
    std::optional<Trail> trail{};  ///< Of an order that trails already.
    struct Lifetime {
        TimeInForce time_in_force{TimeInForce::Day};
        std::optional<Utc> good_till{};
    };
    std::optional<Lifetime> lifetime{};
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
/// the last price. The market is in its regular session until somebody moves the day on.
class Exchange {
 public:
    Exchange(Scenario scenario, std::uint64_t seed);

    /// Takes an order into the books. It may come back Rejected (unknown symbol, no such account,
    /// selling more than held where `Side::Sell`); the reason is in the order. Its events follow
    /// from take_events.
    ExchangeOrderId place(Now now, ExchangeOrder order);
    /// Cancels what is not final; false when it is final already or unknown.
    bool cancel(Now now, ExchangeOrderId id, std::string reason);
    /// Changes an order that is not final.
    /// Errors: `NotFound`; `Conflict` when it is final; `Invalid` when the quantity is not above
    /// what is filled or a price does not fit the type.
    Result<void> modify(Now now, ExchangeOrderId id, const ExchangeChange& change);
    /// Sets a quote and lets resting orders react. From then on this symbol's prices stand still
    /// (its sizes go on moving), so that a test sees what it has set.
    /// Errors: `NotFound` for an unknown symbol, `Invalid` when bid is above ask.
    Result<void> set_market(Now now, const std::string& symbol, Price bid, Price ask, Price last);

    /// Moves the trading day on. Becoming Regular holds the opening auction, ceasing to be Regular
    /// the closing one; becoming Closed ends the day and its DAY orders, ceasing to be Overnight
    /// those that trade in the night only.
    void set_phase(Now now, MarketPhase phase);
    MarketPhase phase() const { return phase_; }
    /// Takes an order out of the market or puts it back, as a person does by hand.
    /// Errors: `NotFound`; `Conflict` when it is final.
    Result<void> set_active(Now now, ExchangeOrderId id, bool active);

    /// Books an execution at the quote whatever the order's state and size: the late fill after a
    /// cancel, the fill beyond the quantity. Errors: `NotFound`; `Invalid` for no positive
    /// quantity.
    Result<void> force_fill(Now now, ExchangeOrderId id, Quantity quantity);
    /// Replaces quantity and price of an execution, zero quantity being a bust; books follow, and
    /// the execution is handed out again with a higher revision. Errors: `NotFound`, `Invalid`.
    Result<void> correct(Now now, std::uint64_t execution_number, Quantity quantity, Price price);

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
    /// Zero for an unknown account.
    Money cash_of(const std::string& account) const;
    /// Cash and everything held at its last price; futures count by their open profit only.
    Money net_liquidation_of(const std::string& account) const;
    /// Four times the cash, as a margin account has it; never negative.
    Money buying_power_of(const std::string& account) const;
    /// What is held and not yet promised to an open sell order; negative when short.
    Quantity free_to_sell(const std::string& account, const std::string& symbol) const;
    /// Profit that was realized since the start, before commissions.
    Money realized_of(const std::string& account, const std::string& symbol) const;
    /// What an order of this size would cost in all. Precondition: account and symbol are known.
    Money commission_for(const std::string& account, const std::string& symbol,
                         Quantity quantity) const;
    /// Precondition: the symbol is known.
    const SimQuote& quote_of(const std::string& symbol) const;

 private:
    // exchange.cpp
    std::string refusal_of(const ExchangeOrder& order) const;
    std::string parent_refusal_of(const ExchangeOrder& order) const;
    Decimal price_needed(const ExchangeOrder& order) const;
    void end(Now now, ExchangeOrder& order, ExchangeState state, std::string reason);
    void set_expiry(Now now, const ExchangeOrder& order);

    // matching.cpp
    bool may_trade(const ExchangeOrder& order) const;
    void expire(Now now, ExchangeOrder& order, std::string reason);
    Hold hold_of(const ExchangeOrder& order) const;
    bool follow_price(ExchangeOrder& order) const;
    bool find_trigger(ExchangeOrder& order) const;
    void react(Now now, ExchangeOrder& order);
    void react_all(Now now, const std::string& symbol);
    void plan_fill(Now now, const ExchangeOrder& order);
    void fill_due(Now now);
    void fill_at_once(Now now, ExchangeOrder& order);
    void expire_due(Now now);
    void fill(Now now, ExchangeOrder& order, Quantity quantity);
    void settle_group(Now now, const ExchangeOrder& filled, Quantity quantity);
    void settle_children(Now now, ExchangeOrderId parent);
    void recount(ExchangeOrder& order);
    Quantity part_of(const ExchangeOrder& order) const;
    Quantity immediate_part_of(const ExchangeOrder& order) const;
    Money commission_of(const ExchangeOrder& order, Quantity cumulative) const;
    Money book(const ExchangeExecution& execution);

    // prices.cpp
    void walk(Now now);
    void move_price(const SimInstrument& instrument, SimQuote& quote);

    Scenario scenario_;
    Random random_;
    std::map<ExchangeOrderId, ExchangeOrder> orders_;
    std::vector<ExchangeExecution> executions_;
    std::map<std::string, std::map<std::string, SimPosition>> positions_;
    std::map<std::string, Money> cash_;
    std::map<std::string, SimQuote> quotes_;
    std::map<std::string, std::map<std::string, Money>> realized_;
    std::map<ExchangeOrderId, Money> charged_;  ///< Commission so far.
    std::map<ExchangeOrderId, Instant> due_;    ///< When the next part of a marketable order fills.
    std::map<ExchangeOrderId, Instant> expiry_;  ///< Of orders that are good till a time.
    MarketPhase phase_{MarketPhase::Regular};
    std::set<std::string> pinned_;  ///< Symbols whose price was set from outside.
    std::optional<Instant> next_walk_;
    std::uint64_t next_order_{1};
    std::uint64_t next_execution_{1};
    std::vector<ExchangeEvent> events_;
};

}  // namespace janus::sim
