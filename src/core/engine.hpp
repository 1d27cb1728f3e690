#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "core/bracket.hpp"
#include "core/reply.hpp"
#include "core/stores.hpp"
#include "core/views.hpp"
#include "gateway/gateway.hpp"

namespace janus::core {

/// Limits of one account; a missing limit is no limit. Checked before the journal, see DESIGN 7.
struct RiskLimits {
    std::optional<Quantity> max_order_quantity;
    std::optional<Money>
        max_order_notional;  ///< A market order without a usable price is then denied.
    std::optional<Decimal> max_open_orders;
    std::optional<Decimal> max_orders_per_second;
    std::optional<Decimal> price_distance_max;  ///< Per cent that a limit may be worse than the
                                                ///< market; without a live price it is denied.
    bool allow_short{false};
};

struct AccountSettings {
    AccountName name;
    RiskLimits limits;
    std::vector<CanonicalSymbol>
        default_symbols;  ///< Subscribed at start where the broker has market data.
};

struct EngineSettings {
    std::vector<AccountSettings> accounts;
    std::optional<AccountName> default_account;
    Duration answer_timeout{
        std::chrono::seconds(10)};  ///< No evidence by then: the order is unknown.
    Duration stale_after{
        std::chrono::seconds(10)};  ///< A quote without change for so long is stale.
    Duration market_order_age_max{std::chrono::seconds(30)};
    Duration order_age_max{std::chrono::seconds(120)};
    Duration query_interval{std::chrono::seconds(
        5)};  ///< Between two questions about one unknown order, doubling to 60 s.
    Duration lookup_timeout{std::chrono::seconds(15)};
    std::size_t market_data_lines_max{100};  ///< Tick subscriptions at a broker at a time.
    std::size_t feed_size_max{10'000};       ///< Events kept for replay.
};

/// Who asks, for the audit trail and the registry's history.
struct Caller {
    std::string name;
};

/// Everything that Janus decides, on one thread: order desk, registry, books, market data, harmony,
/// feed. A pure machine over the gateways and the two stores. Owned by the program (or the
/// simulated world), which calls `pump` after every input until nothing is left, performs the
/// gateways' effects, and calls `on_timeout` at `deadline`. Replies are called on the same thread,
/// at once or from a later call.
class Engine {
 public:
    /// `registry` and `journal` must outlive the engine; their replies are given to
    /// on_registry_reply / on_journal_reply.
    Engine(EngineSettings settings, std::vector<std::unique_ptr<gateway::Gateway>> gateways,
           RegistryStore& registry, Journal& journal, Log& log, Random& random);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // ---- life ----

    /// Takes what the stores know and starts the gateways. Orders that the journal holds without an
    /// answer become unknown.
    void start(Now now, std::vector<SymbolRecord> records, JournalContents contents);
    /// No new orders from now on; gateways are stopped after in-flight orders were answered or 5 s
    /// have passed.
    void stop(Now now);
    bool stopped() const;
    /// True once every account has finished its first connect attempt that led to ready,
    /// needs_operator or a failure.
    bool settled() const;

    void on_registry_reply(Now now, RegistryReply reply);
    void on_journal_reply(Now now, JournalAppended reply);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    /// Moves events and ticks from the gateways into the core until all are quiet. Effects stay for
    /// the driver.
    void pump(Now now);
    std::span<const std::unique_ptr<gateway::Gateway>> gateways() const;

    // ---- orders ----

    /// Checks, journals and sends. Replies once with the order when the broker has answered, when
    /// its outcome is unknown (state Unknown), or at once with an error when Janus denies it. The
    /// same idempotency key with the same intent replies with the first order; with another intent:
    /// `Conflict`. Errors: `Invalid`, `NotFound`, `Ambiguous`, `Denied`, `Conflict`, `Unavailable`.
    void place_order(Now now, const OrderIntent& intent, const Caller& caller, Reply<Order> reply);
    /// An entry with two exits, durable together and sent together. Replies with the three orders,
    /// the entry first. Errors: as place_order; `Denied` where the broker has no brackets.
    void place_bracket(Now now, const BracketIntent& bracket, const Caller& caller,
                       Reply<std::vector<Order>> reply);
    /// Changes a live order. Replies with the order when the broker shows the new values; see
    /// OrderModifies for the errors. A modification that was refused leaves the order as it was.
    void modify_order(Now now, OrderId order, const OrderChanges& changes, const Caller& caller,
                      Reply<Order> reply);
    /// What the broker says that the order would do. Passes the checks of place_order; nothing is
    /// placed and nothing is kept.
    void preview_order(Now now, const OrderIntent& intent, const Caller& caller,
                       Reply<gateway::OrderPreview> reply);
    /// The same of a bracket: what its entry would do; see OrderPreviews.
    void preview_bracket(Now now, const BracketIntent& bracket, const Caller& caller,
                         Reply<gateway::OrderPreview> reply);
    /// Replies when the order is final, when the broker has refused the cancel (`Rejected`), or
    /// after answer_timeout.
    void cancel_order(Now now, OrderId order, const Caller& caller, Reply<Order> reply);
    /// Ends an unknown order by a person's decision: `state` must be final. Audited; later evidence
    /// overrides it.
    void resolve_order(Now now, OrderId order, OrderState state, const std::string& reason,
                       const Caller& caller, Reply<Order> reply);
    Result<OrderView> order(OrderId id) const;
    /// By id; open ones only unless `all`. Empty account: every account.
    std::vector<Order> orders(const AccountName& account, bool all) const;
    std::vector<Execution> executions(const AccountName& account) const;
    /// Durable kill switch; empty account: all. New orders are denied, cancels pass.
    void halt(Now now, const AccountName& account, const std::string& reason, const Caller& caller,
              Reply<void> reply);
    void resume(Now now, const AccountName& account, const std::string& reason,
                const Caller& caller, Reply<void> reply);

    // ---- accounts and books ----

    std::vector<AccountView> accounts() const;
    Result<AccountView> account(const AccountName& name) const;
    /// What the logins have at their brokers besides, as far as the brokers say it.
    std::vector<UnconfiguredAccount> unconfigured_accounts() const;
    void set_default_account(Now now, const AccountName& account, const Caller& caller,
                             Reply<AccountView> reply);
    /// Empty account: every account.
    std::vector<PositionView> positions(Now now, const AccountName& account) const;
    std::vector<Balance> balances(const AccountName& account) const;
    PortfolioView portfolio(Now now) const;
    /// Fetches everything afresh from the broker; replies with what differed, one line each.
    void sync(Now now, const AccountName& account, Reply<std::vector<std::string>> reply);

    // ---- registry ----

    std::vector<SymbolRecord> symbols() const;
    Result<SymbolRecord> symbol(const CanonicalSymbol& symbol) const;
    void map_symbol(Now now, const CanonicalSymbol& symbol, const std::string& broker,
                    const NativeId& native_id, const Caller& caller, Reply<SymbolRecord> reply);
    void unmap_symbol(Now now, const CanonicalSymbol& symbol, const std::string& broker,
                      const Caller& caller, Reply<SymbolRecord> reply);
    void symbol_history(Now now, const CanonicalSymbol& symbol,
                        Reply<std::vector<SymbolChange>> reply);
    /// One run at a time; `progress` is called for each item as it is known. A database error fails
    /// the run as a whole.
    void harmony(Now now, const HarmonyOptions& options, const Caller& caller,
                 std::function<void(const HarmonyItem&)> progress, Reply<HarmonyReport> reply);

    // ---- market data ----

    /// One count for this symbol; the broker is asked with the first. Replies when the broker's id
    /// is known (IB: one automatic look-up if it is missing).
    void subscribe_ticks(Now now, const CanonicalSymbol& symbol, const Caller& caller,
                         Reply<QuoteView> reply);
    /// Gives one count back; the broker is told with the last. Errors: `NotFound` when there is
    /// none.
    Result<void> unsubscribe_ticks(Now now, const CanonicalSymbol& symbol);
    QuoteView quote(Now now, const CanonicalSymbol& symbol) const;
    std::vector<QuoteView> quotes(Now now) const;  ///< Every subscribed symbol.
    /// Symbols whose quote has changed since the last call; conflated. For the API's fan-out.
    std::vector<CanonicalSymbol> take_changed_quotes();

    // ---- feed ----

    std::uint64_t last_sequence() const;
    /// Events from `after`+1 on that are kept. Errors: `NotFound` ("gap") when some are gone; take
    /// a snapshot and go on from last_sequence().
    Result<std::vector<FeedEvent>> events_after(std::uint64_t after) const;
    /// Called once after each pump in which events were added.
    void on_feed_grown(std::function<void()> call);

    std::vector<ComponentHealth> health(Now now) const;
    /// Numbers for the metrics page: name -> value.
    std::vector<std::pair<std::string, std::uint64_t>> counters() const;

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace janus::core
