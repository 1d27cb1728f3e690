#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/log.hpp"
#include "base/secret.hpp"
#include "domain/holding.hpp"
#include "domain/market_data.hpp"
#include "domain/order.hpp"
#include "gateway/command.hpp"

/// What a gateway tells the core. Every event is a fact with its account; nothing here is a guess.
namespace janus::gateway {

/// How far an account is usable. New orders are accepted in Ready only.
enum class Gate { Down, Connecting, Reconciling, Ready, Degraded, NeedsOperator };

/// `down`, `connecting`, `reconciling`, `ready`, `degraded`, `needs_operator`.
std::string_view to_text(Gate gate);

/// The gate of one account has changed, or its reason has. Reconciling begins a download; Ready
/// ends it.
struct GateChanged {
    AccountName account;
    Gate gate{Gate::Down};
    std::string
        reason;  ///< `client_id_busy`, `ib_upstream`, `webull_auth`: a word, then maybe a sentence.
};

/// A complete list: what is not in it is not held. Sent only after the broker's end marker or last
/// page.
struct PositionsSnapshot {
    AccountName account;
    std::vector<Position> positions;
};
/// One position has changed; quantity zero means that it is gone.
struct PositionChanged {
    Position position;
};
/// All currencies of one account.
struct BalancesSnapshot {
    AccountName account;
    std::vector<Balance> balances;
};

/// What the broker says of an order.
enum class BrokerStatus {
    Held,  ///< At the broker, not live: trigger, opening, locate, parked.
    Working,
    PendingCancel,
    Filled,
    Cancelled,
    Expired,
    Rejected,
    Unmapped,  ///< A word Janus does not know, in `reason`: the state stays, the core asks again.
};

/// Where the fills of an order come from.
enum class FillSource {
    Executions,  ///< ExecutionReports carry them; `filled` here is only a hint.
    Cumulative,  ///< No executions exist: `filled` and `average_price` are the truth, a rise is a
                 ///< fill.
};

/// Evidence about one order, ours or not. Repeats are normal and change nothing.
struct OrderReport {
    AccountName account;
    ClientOrderId client_order_id;  ///< As it came back; empty for orders that carry none.
    BrokerOrderRef ref;
    Instrument instrument;
    std::optional<Side> side;       ///< Absent where the message does not say (IB orderStatus).
    std::optional<OrderType> type;  ///< Absent when unknown to Janus; then `type_text`.
    std::string type_text;
    std::optional<Quantity> quantity;
    std::optional<Price> limit_price;
    std::optional<Price> stop_price;
    std::optional<Price> trail_amount;
    std::optional<Decimal> trail_percent;
    std::optional<Price> limit_offset;
    std::optional<TimeInForce> time_in_force;
    std::optional<Utc> good_till;
    std::optional<TradingSession> session;
    std::optional<std::string> oca_group;
    BrokerStatus status{BrokerStatus::Working};
    FillSource fill_source{FillSource::Executions};
    std::optional<Quantity> filled;
    std::optional<Price> average_price;
    std::string reason;  ///< The broker's text: reject reason, why held, warning.
    std::optional<Utc> at;
};

/// One execution, first report or correction (same root, higher revision).
struct ExecutionReport {
    Execution execution;
};
/// A commission that arrived after its execution.
struct CommissionReport {
    ExecutionId execution;
    Money amount;
    std::string currency;
};

/// All live orders and today's finished ones of this account have been reported since the last
/// Reconciling (or since RefreshAccount). What was not mentioned is not in the broker's books now.
struct OrdersComplete {
    AccountName account;
};

/// Proven: no byte of the order left.
struct OrderNotSent {
    OrderId order;
    std::string reason;
};
/// The broker's definite no to a new order, in its own words.
struct OrderRejected {
    OrderId order;
    std::string reason;
};
/// The place went out and its answer is lost: timeout, reset, 5xx, unreadable reply.
struct OrderUncertain {
    OrderId order;
    std::string reason;
};
/// The broker refused a cancel; the order goes on. The core asks for the order.
struct CancelRefused {
    OrderId order;
    std::string reason;
};
/// Proven: no byte of the cancel left; the order goes on.
struct CancelNotSent {
    OrderId order;
    std::string reason;
};
/// The cancel went out and its answer is lost. The core asks for the order.
struct CancelUncertain {
    OrderId order;
    std::string reason;
};
/// The broker's definite no to a modification, in its own words; the order goes on as it was.
struct ModifyRefused {
    OrderId order;
    std::string reason;
};
/// Proven: no byte of the modification left.
struct ModifyNotSent {
    OrderId order;
    std::string reason;
};
/// A complete answer of the broker's books does not contain the order. Evidence, but no proof that
/// it never will.
struct OrderNotFound {
    OrderId order;
    std::string reason;
};
/// A warning attached to an order; it changes no state.
struct OrderNotice {
    OrderId order;
    std::string text;
    bool ask{false};  ///< Unlisted code: the core should ask for the order.
};

/// One figure of an account before an order, by how much the order would change it, and after it.
struct MarginChange {
    std::optional<Money> before;
    std::optional<Money> change;
    std::optional<Money> after;
    friend bool operator==(const MarginChange&, const MarginChange&) = default;
};
/// What an order would do, as its broker computes it. What the broker does not say is absent.
struct OrderPreview {
    MarginChange initial;           ///< Initial margin.
    MarginChange maintenance;       ///< Maintenance margin.
    MarginChange equity_with_loan;  ///< Equity with loan value.
    std::string margin_currency;
    std::optional<Money> commission;  ///< Where one figure is known, else the two bounds.
    std::optional<Money> commission_min;
    std::optional<Money> commission_max;
    std::string commission_currency;
    std::string warning;  ///< The broker's words.
    friend bool operator==(const OrderPreview&, const OrderPreview&) = default;
};
/// The answer to PreviewOrder. Errors: `Rejected` when the broker says that it would refuse the
/// order, in its words; `Unavailable` when it could not be asked.
struct PreviewResult {
    PreviewId preview;
    Result<OrderPreview> outcome;
};

enum class LookupStatus { Unique, Ambiguous, NotFound, Failed };

/// The answer to LookupInstrument. Unique has exactly one candidate, from a complete answer.
struct LookupResult {
    LookupId lookup;
    LookupStatus status{LookupStatus::Failed};
    std::vector<Instrument> candidates;
    std::string reason;    ///< For NotFound and Failed.
    std::string evidence;  ///< What was asked and answered, for the registry's history.
};

/// The broker's kind of data for a subscription, or why there is none.
struct QuoteQualityChanged {
    SubscriptionId subscription;
    DataQuality quality{DataQuality::Live};
    std::string reason;
};

/// How many market data lines the broker grants now, counted from what it served when it refused
/// one more. The core gives the lines to what matters most.
struct LineBudgetChanged {
    std::size_t lines{0};
    std::string reason;
};

/// One finished 5-second bar.
struct BarClosed {
    SubscriptionId subscription;
    Bar bar;
};
/// No bars will come for this subscription any more.
struct BarsEnded {
    SubscriptionId subscription;
    std::string reason;
};

/// How a question about the past ended.
enum class HistoryStatus {
    Complete,   ///< Everything the broker has for the span.
    NoData,     ///< The broker's definite no: it has none for this span.
    Busy,       ///< The broker's pacing, or our queue is full: ask again later.
    Cancelled,  ///< We gave it up: CancelHistory, Stop, a lost connection.
    Failed,
};
/// The one answer to RequestHistory. Bars are in order of their start.
struct HistoryResult {
    HistoryId request;
    HistoryStatus status{HistoryStatus::Failed};
    std::vector<Bar> bars;
    std::string reason;  ///< For all but Complete.
};
/// The one answer to RequestHeadTimestamp.
struct HeadTimestampResult {
    HistoryId request;
    HistoryStatus status{HistoryStatus::Failed};
    std::optional<Utc> earliest;
    std::string reason;
};

/// What the broker computes an account's profit to be; shown as derived.
struct ProfitChanged {
    AccountProfit profit;
};

/// The state of a trade-event stream (one per app key) for health and screens.
enum class StreamState { Off, Connecting, Live, Silent, Backoff, NeedsOperator };
std::string_view to_text(HistoryStatus status);  ///< `complete`, `no_data`, `busy`, ...
std::string_view to_text(
    StreamState state);  ///< `off`, `connecting`, `live`, `silent`, `backoff`, `needs_operator`
struct StreamChanged {
    std::string stream;  ///< A name without secrets: `webull_personal+webull_second`.
    StreamState state{StreamState::Off};
    std::string reason;
};

/// The access token of a login (Webull's 2FA), for health and screens. Its text is never in it.
enum class TokenState {
    Pending,   ///< A person must confirm it; nothing works until then.
    Normal,    ///< In use.
    Expiring,  ///< In use; its end is near and it could not be renewed yet.
    Refused,   ///< The broker refuses it; a new one is asked for.
};
std::string_view to_text(TokenState state);  ///< `pending`, `normal`, `expiring`, `refused`
struct TokenChanged {
    std::string login;  ///< Named like its stream.
    TokenState state{TokenState::Normal};
    std::optional<Utc> issued;  ///< When it was first confirmed.
    std::optional<Utc> expires;
    std::string reason;  ///< What a person should do.
};

/// One account that a login has at its broker.
struct ListedAccount {
    Secret id;                        ///< What the configuration wants to read.
    std::string masked_id;            ///< The same as it may be shown.
    std::string label;                ///< The broker's words for it; may be empty.
    std::optional<AccountName> name;  ///< Absent: it is not configured.
};
/// Every account of a login, after each complete list of them.
struct AccountsListed {
    std::string login;  ///< Named like its stream.
    std::vector<ListedAccount> accounts;
};

/// A line for the log; nothing decides by it.
struct Notice {
    LogLevel level{LogLevel::Info};
    std::string text;
};

using Event =
    std::variant<GateChanged, PositionsSnapshot, PositionChanged, BalancesSnapshot, OrderReport,
                 ExecutionReport, CommissionReport, OrdersComplete, OrderNotSent, OrderRejected,
                 OrderUncertain, CancelRefused, CancelNotSent, CancelUncertain, ModifyRefused,
                 ModifyNotSent, PreviewResult, OrderNotFound, OrderNotice, LookupResult,
                 QuoteQualityChanged, LineBudgetChanged, BarClosed, BarsEnded, HistoryResult,
                 HeadTimestampResult, ProfitChanged, StreamChanged, TokenChanged, AccountsListed,
                 Notice>;

}  // namespace janus::gateway
