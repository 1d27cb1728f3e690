#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/stores.hpp"
#include "domain/holding.hpp"
#include "domain/market_data.hpp"
#include "domain/order.hpp"
#include "gateway/event.hpp"

/// What the core shows: plain copies, safe to keep.
namespace janus::core {

struct AccountView {
    AccountName name;
    std::string broker;
    gateway::Gate gate{gateway::Gate::Down};
    std::string reason;
    Utc since;  ///< Of this gate and reason.
    bool is_default{false};
    bool halted{false};
    std::string halt_reason;
    std::optional<Utc> snapshot_at;         ///< Of the last complete download.
    std::optional<AccountProfit> profit{};  ///< The broker's own computation: derived.
};

/// An account that a configured login has at its broker, and the configuration has not.
struct UnconfiguredAccount {
    std::string broker;
    std::string login;  ///< `webull_personal+webull_second`: the accounts that share it.
    Secret id;
    std::string masked_id;
    std::string label;  ///< The broker's words for it; may be empty.
};

/// A value computed from market data: for display only, always marked as derived.
struct Valuation {
    std::optional<Price> price;
    std::optional<Money> market_value;
    std::optional<Money> unrealized;  ///< Absent when the average cost or the price is.
    std::string source;               ///< `ib:last`, `ib:mid`, `ib:close`; empty without a price.
    DataQuality quality{DataQuality::None};
    std::optional<Duration> age;
    std::string missing;  ///< Why there is no value: `no quote`, `unmapped`, `not subscribed`.
};

struct PositionView {
    Position position;
    std::string symbol;  ///< Canonical, else the broker's own text.
    bool mapped{false};  ///< In the registry.
    Valuation valuation;
    bool stale{false};  ///< The account's snapshot is not current (gate not ready).
};

struct PortfolioRow {
    std::string symbol;
    std::string currency;
    Quantity quantity;  ///< Sum over accounts.
    std::optional<Price>
        average_cost;     ///< Weighted; absent when one part has none or they cancel out.
    Valuation valuation;  ///< Of the sum.
    std::vector<PositionView> parts;
};

struct PortfolioTotal {
    std::string currency;
    std::optional<Money> market_value;  ///< Sum of the rows that have one.
    std::optional<Money> unrealized;
    std::optional<Money> cash;
    std::optional<Money> net_liquidation;    ///< Sum of what the brokers report.
    DataQuality quality{DataQuality::None};  ///< The worst of the prices in it.
    bool complete{false};
    std::vector<std::string>
        missing;  ///< What the total lacks: `AMBX: no quote`, `ib_main: connecting`.
};

struct PortfolioView {
    std::vector<PortfolioRow> rows;      ///< By symbol.
    std::vector<PortfolioTotal> totals;  ///< By currency.
};

struct OrderView {
    Order order;
    std::vector<OrderHistoryRecord> history;
    std::vector<Execution> executions;  ///< The valid ones, corrections applied.
};

struct QuoteView {
    CanonicalSymbol symbol;
    Quote quote;
    std::optional<Duration> age;
    std::string reason;  ///< Why there is no or no live data.
    bool subscribed{false};
    std::string broker;  ///< Whose ticks these are; empty while nobody serves the symbol.
};

/// One part of the server as `health` shows it.
struct ComponentHealth {
    /// `account ib_main`, `database`, `journal`, `stream webull_personal+webull_second`,
    /// `token webull_personal`.
    std::string name;
    std::string state;  ///< `ready`, `connecting`, `available`, ...
    bool ok{false};
    Utc since;
    std::string detail;
};

// ---- harmony ----

struct HarmonyOptions {
    bool dry_run{false};
    std::string broker;  ///< Only this one; empty for every broker.
};
enum class HarmonyOutcome { Filled, Missing, Ambiguous, Skipped, Failed, Present };
/// `filled`, `missing`, `ambiguous`, `skipped`, `failed`, `present`
std::string_view to_text(HarmonyOutcome outcome);
/// The result for one symbol at one broker.
struct HarmonyItem {
    CanonicalSymbol symbol;
    std::string broker;
    HarmonyOutcome outcome{HarmonyOutcome::Failed};
    std::optional<NativeId> native_id;   ///< Filled, or (dry run) what would be filled.
    std::vector<Instrument> candidates;  ///< For Ambiguous.
    std::string reason;
};
struct HarmonySummary {
    std::string broker;
    int filled{0}, missing{0}, ambiguous{0}, skipped{0}, failed{0}, present{0};
};
struct HarmonyReport {
    std::vector<HarmonyItem> items;
    std::vector<HarmonySummary> summaries;  ///< By broker.
    bool dry_run{false};
};

// ---- the feed ----

struct OrderChanged {
    Order order;
    std::string event;  ///< What happened, for a person.
};
struct ExecutionBooked {
    Execution execution;
    bool correction{false};
};
struct AccountChanged {
    AccountView account;
};
struct PositionsChanged {
    AccountName account;
};
struct RegistryChanged {
    SymbolRecord record;
};
/// Something a person must see.
struct Alarm {
    std::string text;
};
using FeedPayload = std::variant<OrderChanged, ExecutionBooked, AccountChanged, PositionsChanged,
                                 RegistryChanged, Alarm>;

/// One event of the stream. Sequence numbers rise by one without holes while the server runs.
struct FeedEvent {
    std::uint64_t sequence{0};
    Utc at;
    FeedPayload payload;
};

}  // namespace janus::core
