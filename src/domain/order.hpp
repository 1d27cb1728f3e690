#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/ids.hpp"
#include "domain/symbol.hpp"

namespace janus {

enum class Side { Buy, Sell, SellShort };
enum class OrderType {
    Market,
    Limit,
    Stop,
    StopLimit,
    TrailingStop,       ///< A stop that follows the market at a distance, then a market order.
    TrailingStopLimit,  ///< The same, then a limit order at an offset from the stop.
    MarketOnClose,
    LimitOnClose,
};
enum class TimeInForce {
    Day,
    GoodTillCancel,
    ImmediateOrCancel,
    FillOrKill,
    AtTheOpening,
    GoodTillDate,
};
/// Regular trading hours only; every session the broker has for the instrument by day; or the night
/// between two of them.
enum class TradingSession { Regular, Extended, Overnight };

std::string_view to_text(Side side);                  ///< `BUY`, `SELL`, `SELL_SHORT`
std::string_view to_text(OrderType type);             ///< `MARKET`, `STOP_LIMIT`, `TRAILING_STOP`
std::string_view to_text(TimeInForce time_in_force);  ///< `DAY`, `GTC`, `IOC`, `FOK`, `OPG`, `GTD`
std::string_view to_text(TradingSession session);     ///< `REGULAR`, `EXTENDED`, `OVERNIGHT`
Result<Side> parse_side(std::string_view text);
Result<OrderType> parse_order_type(std::string_view text);
Result<TimeInForce> parse_time_in_force(std::string_view text);
Result<TradingSession> parse_trading_session(std::string_view text);

/// The numbers of an order that a modification may change.
struct OrderValues {
    Quantity quantity;
    std::optional<Price> limit_price;
    std::optional<Price> stop_price;
    std::optional<Price> trail_amount;
    std::optional<Decimal> trail_percent;
    std::optional<Price> limit_offset;
    friend bool operator==(const OrderValues&, const OrderValues&) = default;
};

/// What a modification asks for; what is absent stays as it is.
struct OrderChanges {
    std::optional<Quantity> quantity;
    std::optional<Price> limit_price;
    std::optional<Price> stop_price;
    std::optional<Price> trail_amount;     ///< Takes the place of a percent.
    std::optional<Decimal> trail_percent;  ///< Takes the place of an amount.
    std::optional<Price> limit_offset;
    friend bool operator==(const OrderChanges&, const OrderChanges&) = default;
};
OrderValues changed(OrderValues values, const OrderChanges& changes);

/// What a client asks for, before Janus has accepted it.
struct OrderIntent {
    AccountName account;
    CanonicalSymbol symbol;
    Side side{Side::Buy};
    OrderType type{OrderType::Market};
    Quantity quantity;  ///< Positive.
    std::optional<Price> limit_price;
    std::optional<Price> stop_price;    ///< Of a trailing type: where it starts, else the broker's.
    std::optional<Price> trail_amount;  ///< Distance of a trailing stop, in the price's unit.
    std::optional<Decimal> trail_percent;  ///< The same in per cent: exactly one of the two.
    std::optional<Price> limit_offset;     ///< From a trailing stop to its limit.
    TimeInForce time_in_force{TimeInForce::Day};
    std::optional<Utc> good_till;  ///< The end of a GTD order.
    TradingSession session{TradingSession::Regular};
    std::string oca_group;  ///< Orders of one group: one fill cancels the others. Empty: no group.
    std::string
        idempotency_key;  ///< Chosen by the client; the same key is the same intent, for ever.
    friend bool operator==(const OrderIntent&, const OrderIntent&) = default;
};

/// Where an order stands. Partly filled is not a state: see `Order::filled`.
enum class OrderState {
    PendingNew,  ///< Durable in the journal and handed to the gateway; no answer yet.
    Unknown,     ///< Its outcome at the broker is not proven. Only evidence or an audited decision
                 ///< ends it.
    Held,        ///< The broker has it and waits: trigger, opening, shares to borrow, parked.
    Working,     ///< Live at the market.
    PendingCancel,  ///< A cancel is on its way; fills can still happen.
    Filled,         ///< Final.
    Cancelled,      ///< Final; may have fills.
    Expired,        ///< Final; may have fills.
    Rejected,       ///< Final; the broker said no. Its books may say yes: `FoundAtBroker`.
    NotSent,        ///< Final; proven that no byte of it left.
};

/// What can happen to an order.
enum class OrderEvent {
    NotSent,        ///< The gateway proves that nothing left.
    NoAnswer,       ///< No evidence within the allowed time, or the line was cut.
    Held,           ///< Evidence: at the broker, not live.
    Accepted,       ///< Evidence: live.
    CancelSent,     ///< We asked for the cancel.
    CancelRefused,  ///< The broker refused the cancel; the order goes on.
    FoundAtBroker,  ///< Evidence: the broker has an order that its answer had refused.
    FilledInFull,   ///< Executions reach the quantity.
    Cancelled,
    Expired,
    Rejected,
};

std::string_view to_text(OrderState state);  ///< `PENDING_NEW`, `UNKNOWN`, ...
Result<OrderState> parse_order_state(std::string_view text);
std::string_view to_text(OrderEvent event);
bool is_final(OrderState state);

/// The published table of (state, event) -> state. Nothing when the pair has no row: such an event
/// is logged, counted and answered by asking the broker; it is never forced.
std::optional<OrderState> next_state(OrderState state, OrderEvent event);

/// How the broker names the order; grows as evidence arrives.
struct BrokerOrderRef {
    std::int64_t number{0};  ///< IB: orderId of our client id, 0 when it is not ours. Others: 0.
    std::string permanent;   ///< IB: permId. Webull: order_id. Empty until known.
    friend bool operator==(const BrokerOrderRef&, const BrokerOrderRef&) = default;
};

/// An order as Janus knows it: our own, or an external one that the broker showed us.
struct Order {
    OrderId id;
    ClientOrderId client_order_id;  ///< Empty for external orders.
    bool external{false};           ///< Placed elsewhere: the broker's app, another client.
    AccountName account;
    std::string symbol;  ///< Canonical when mapped, else the broker's own text.
    NativeId native_id;  ///< As sent to, or reported by, the broker.
    Side side{Side::Buy};
    OrderType type{OrderType::Market};
    std::string type_text;  ///< The broker's word when it is none of ours; else empty.
    Quantity quantity;
    std::optional<Price> limit_price;
    std::optional<Price> stop_price;  ///< Of a trailing type: as the broker last moved it.
    std::optional<Price> trail_amount;
    std::optional<Decimal> trail_percent;
    std::optional<Price> limit_offset;
    TimeInForce time_in_force{TimeInForce::Day};
    std::optional<Utc> good_till;
    TradingSession session{TradingSession::Regular};
    std::string oca_group;
    OrderId parent;  ///< The order of a bracket that this one waits for; 0 for none.
    std::optional<OrderValues> placed;  ///< As placed, once the values have changed since.
    std::optional<OrderValues> wanted;  ///< A modification whose outcome is not proven yet.
    std::string idempotency_key;
    BrokerOrderRef ref;
    OrderState state{OrderState::PendingNew};
    Quantity filled;                     ///< Sum of the booked executions.
    std::optional<Price> average_price;  ///< Over `filled`.
    std::string note;                    ///< Last reason or notice, in plain words.
    std::vector<std::string>
        flags;  ///< `overfilled`, `fill_after_cancel`, `unmapped_status(...)`: for a person.
    Utc created;
    Utc changed;
    friend bool operator==(const Order&, const Order&) = default;
};

/// One trade against an order. `root` is the identity that corrections share; the highest
/// `revision` wins.
struct Execution {
    ExecutionId id;
    ExecutionId root;
    std::int64_t revision{0};
    AccountName account;
    ClientOrderId client_order_id;  ///< Empty when the order is not ours.
    BrokerOrderRef ref;
    OrderId order;       ///< 0 until matched.
    std::string symbol;  ///< Canonical when mapped, else the broker's own text.
    NativeId native_id;
    Side side{Side::Buy};
    Quantity quantity;  ///< Zero when the broker has busted it.
    Price price;
    Utc at;
    std::optional<Money> commission;
    std::string commission_currency;
    friend bool operator==(const Execution&, const Execution&) = default;
};

OrderValues values_of(const OrderIntent& intent);
OrderValues values_of(const Order& order);
void set_values(OrderIntent& intent, const OrderValues& values);
void set_values(Order& order, const OrderValues& values);
/// The quantity that the broker may have to fill: the larger one while a modification is not
/// proven.
Quantity ordered_quantity(const Order& order);

enum class NeedsLimit { No, Yes };
/// `May`: the broker starts the stop from the market when it is left out.
enum class NeedsStop { No, Yes, May };
enum class NeedsTrail { No, Yes };
enum class NeedsOffset { No, Yes };
enum class RegularOnly { No, Yes };

/// What an order of a type must carry, and for how long it may live.
struct OrderTypeRule {
    OrderType type;
    std::string_view name;
    NeedsLimit limit;
    NeedsStop stop;
    NeedsTrail trail;
    NeedsOffset offset;
    RegularOnly regular_only;
    std::span<const TimeInForce> times;
};
const OrderTypeRule& rule_of(OrderType type);
bool is_trailing(OrderType type);

/// Checks an intent by itself: quantity, the prices its type needs or forbids, how long it may
/// live, its session and its group. What a broker cannot do is the gateway's to say.
/// Errors: `Invalid`, naming the rule.
Result<void> check_intent(const OrderIntent& intent);
/// The end of a GTD order must lie ahead.
/// Errors: `Invalid`.
Result<void> check_good_till(const OrderIntent& intent, Utc now);

}  // namespace janus
