#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/time.hpp"
#include "domain/ids.hpp"
#include "domain/market_data.hpp"
#include "domain/order.hpp"
#include "domain/symbol.hpp"

/// What the core asks of a gateway. Commands are one-way; answers come back as events (event.hpp).
namespace janus::gateway {

using PreviewId = Tagged<std::uint32_t, struct PreviewIdTag>;  ///< Chosen by the core, used once.
using LookupId = Tagged<std::uint32_t, struct LookupIdTag>;    ///< Chosen by the core, used once.
/// Of a request for bars of the past; chosen by the core, used once.
using HistoryId = Tagged<std::uint32_t, struct HistoryIdTag>;

/// Connect and stay connected until Stop.
struct Start {};

/// Begin the trade-event streams. Sent once, after every account of every gateway has finished its
/// first connect. A gateway without separate streams ignores it.
struct StartTradeEvents {};

/// End everything in order: no new connection, streams closed, and then `Gateway::stopped()` is
/// true.
struct Stop {};

/// Put an order on the wire, at most once. The intent is durable before this command is given; a
/// gateway never repeats it. When it cannot go out now (not ready, pacing) and `send_before`
/// passes, the gateway answers OrderNotSent.
struct PlaceOrder {
    OrderId order;
    ClientOrderId client_order_id;  ///< Travels as IB orderRef, Webull client_order_id.
    std::int64_t number{0};         ///< From `Gateway::prepare_order`.
    AccountName account;
    NativeId native_id;
    CanonicalSymbol symbol;
    Side side{Side::Buy};
    OrderType type{OrderType::Market};
    Quantity quantity;
    std::optional<Price> limit_price;
    std::optional<Price> stop_price;
    std::optional<Price> trail_amount;
    std::optional<Decimal> trail_percent;
    std::optional<Price> limit_offset;
    TimeInForce time_in_force{TimeInForce::Day};
    std::optional<Utc> good_till;
    TradingSession session{TradingSession::Regular};
    std::string oca_group;
    std::int64_t parent_number{0};  ///< The broker's number of the bracket's parent; 0 for none.
    bool transmit{true};  ///< False: the broker holds it until the last order of its bracket.
    Instant send_before;
};

/// Change the values of a live order. `order` is the whole order with its new values, since IB
/// takes nothing less; its `number` is `ref.number`. Answered by an OrderReport that shows the new
/// values, or by ModifyRefused; when it cannot go out before `order.send_before`, by ModifyNotSent.
/// Durable before this command is given; never repeated by a gateway.
struct ModifyOrder {
    PlaceOrder order;
    BrokerOrderRef ref;
};

/// Ask the broker what an order would do to the account. Nothing is placed. Answered by exactly one
/// PreviewResult, also when the broker cannot be asked.
struct PreviewOrder {
    PreviewId preview;
    OrderIntent intent;
    NativeId native_id;
    std::int64_t number{0};  ///< From `Gateway::prepare_order`.
};

/// Ask for the cancel of an order. May be repeated by the core.
struct CancelOrder {
    OrderId order;
    ClientOrderId client_order_id;
    BrokerOrderRef ref;
    AccountName account;
};

/// Ask the broker's books for one order. Answered by OrderReport (and ExecutionReports),
/// OrderNotFound, or nothing when the broker cannot be reached; the core asks again later.
struct QueryOrder {
    OrderId order;
    ClientOrderId client_order_id;
    BrokerOrderRef ref;
    AccountName account;
};

/// Find the instrument that a canonical symbol names, by the default market filter. Answered by one
/// LookupResult.
struct LookupInstrument {
    LookupId lookup;
    CanonicalSymbol symbol;
};

/// Start or stop ticks. A gateway keeps wanted subscriptions over reconnects until told otherwise.
struct SubscribeTicks {
    SubscriptionId subscription;
    NativeId native_id;
    CanonicalSymbol symbol;
};
struct UnsubscribeTicks {
    SubscriptionId subscription;
};

/// Start or stop 5-second bars of live data. Kept over reconnects until told otherwise, like ticks;
/// a number of its own among the subscriptions. Answered by BarClosed for each, or BarsEnded.
struct SubscribeBars {
    SubscriptionId subscription;
    NativeId native_id;
    CanonicalSymbol symbol;
    BarSource source{BarSource::Trades};
    BarHours hours{BarHours::All};
};
struct UnsubscribeBars {
    SubscriptionId subscription;
};

/// Fetch bars of the past. Answered by exactly one HistoryResult, whatever happens.
struct RequestHistory {
    HistoryId request;
    NativeId native_id;
    CanonicalSymbol symbol;
    BarSize size{BarSize::Minute1};
    BarSource source{BarSource::Trades};
    BarHours hours{BarHours::Regular};
    std::optional<Utc> end;  ///< Bars that started before it; nothing means until now.
    Duration span{};         ///< How far before the end to begin, at least.
};
/// Ask when the data of an instrument begin. Answered by exactly one HeadTimestampResult.
struct RequestHeadTimestamp {
    HistoryId request;
    NativeId native_id;
    CanonicalSymbol symbol;
    BarSource source{BarSource::Trades};
    BarHours hours{BarHours::Regular};
};
/// Give up a request for bars or their beginning; it is answered as Cancelled.
struct CancelHistory {
    HistoryId request;
};

/// Fetch positions, balances, orders and executions of one account afresh. Ends with the same
/// complete snapshots as a reconnect does.
struct RefreshAccount {
    AccountName account;
};

using Command = std::variant<Start, StartTradeEvents, Stop, PlaceOrder, ModifyOrder, PreviewOrder,
                             CancelOrder, QueryOrder, LookupInstrument, SubscribeTicks,
                             UnsubscribeTicks, RefreshAccount, SubscribeBars, UnsubscribeBars,
                             RequestHistory, RequestHeadTimestamp, CancelHistory>;

}  // namespace janus::gateway
