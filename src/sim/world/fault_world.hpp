#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/world/janus_side.hpp"
#include "sim/world/network.hpp"
#include "sim/world/verdict.hpp"
#include "sim/world/watch.hpp"

namespace janus::sim {

/// A client's call and its answer, once there is one.
template <typename T>
struct AskedCall {
    std::string key;  ///< Of a place: its idempotency key.
    std::optional<Result<T>> answer;
};
template <typename T>
using Asked = std::shared_ptr<AskedCall<T>>;

/// One message that Janus sent to IB, cut into its fields.
struct SentToIb {
    Instant at;
    std::vector<std::string> fields;
    const std::string& id() const { return fields.front(); }
};

/// One REST call that Janus made to Webull.
struct SentToWebull {
    Instant at;
    std::string_view endpoint;  ///< `place`, `open`, ...: as the faults name it.
    std::string target;         ///< Path and query, encoded.
    std::string body;
    std::size_t body_size_max{0};  ///< Of the reply.
    Duration timeout{0};
};

/// What differs from the usual world.
struct FaultWorldOptions {
    Trouble trouble{Trouble::IbOnly};  ///< Whose accounts may leave ready.
    std::function<void(Scenario&)> scenario{};
    std::function<void(core::EngineSettings&)> settings{};
    std::function<void(::janus::ib::IbSettings&)> ib{};
    std::function<void(::janus::webull::WebullSettings&)> webull{};
    WebullServerSettings webull_server{};
    Trace::Sink sink{};  ///< Reads every line of what happens.
};

/// A world for scenarios that are written by hand: the production core and both production gateways
/// against the simulated brokers in virtual time, with prices that stand still. A test switches
/// faults on, lets time pass, acts as a client, and looks at the engine, at the exchange and at
/// what was on the wire. The promises of every world (at most once, durable first, a feed without
/// holes, no contagion) are watched all the time; `unhealed` tells what was found.
class FaultWorld {
 public:
    using Values = std::map<std::string, std::string>;

    explicit FaultWorld(FaultWorldOptions options = {});
    FaultWorld(const FaultWorld&) = delete;
    FaultWorld& operator=(const FaultWorld&) = delete;

    // ---- time ----

    /// Starts the server and waits until every account is ready; false when a minute was not
    /// enough.
    bool connect();
    void run(Duration span);
    /// Runs until `done`, which is looked at after every step; false when `most` was not enough.
    bool run_until(const std::function<bool()>& done, Duration most);
    /// kill -9, and a start after `pause`.
    void restart(Duration pause = std::chrono::seconds(1));
    void kill();
    void start();
    /// Somebody sets the computer's clock; durations do not notice.
    void shift_wall_clock(Duration by) { clock_.start = clock_.start + by; }

    // ---- faults: the names and parameters of POST /faults ----

    void fault(const std::string& name, const Values& values = {});
    void fault_off(const std::string& name);
    /// The same for Webull, by REST or of its streams.
    void webull_fault(const std::string& name, const Values& values = {});
    void webull_fault_off(const std::string& name);
    /// Makes the messages of a line go the way of this weather from now on.
    void weather(const Weather& weather, Line line = Line::Ib) {
        network_.set_weather(line, weather);
    }
    /// Every connection of the line ends now.
    void cut(Line line);
    /// The trading day moves on.
    void phase(MarketPhase phase);
    void market(const std::string& symbol, std::string_view bid, std::string_view ask,
                std::string_view last);
    /// One order event of Webull to every stream, as JSON; it arrives before this returns.
    void tell_stream(const std::string& payload);
    /// One message of IB to every client, its fields separated by `|`; it arrives before this
    /// returns.
    void tell_client(const std::string& fields);

    // ---- clients ----

    /// A limit order for ib_main; without a price a market order.
    static OrderIntent intent(std::string_view symbol, std::string_view quantity,
                              std::string_view limit = {}, Side side = Side::Buy);
    /// The same for webull_personal.
    static OrderIntent webull_intent(std::string_view symbol, std::string_view quantity,
                                     std::string_view limit = {}, Side side = Side::Buy);
    Asked<Order> place(OrderIntent intent);
    Asked<Order> modify(const Asked<Order>& placed, const OrderChanges& changes);
    Asked<Order> cancel(const Asked<Order>& placed);
    Asked<Order> cancel(OrderId id);
    Asked<std::vector<std::string>> sync(const AccountName& account = {"ib_main"});
    Asked<core::QuoteView> subscribe(std::string_view symbol);
    Asked<void> resume(const AccountName& account = {"ib_main"});
    /// Somebody enters an order in TWS.
    ExchangeOrderId order_elsewhere(std::string_view symbol, std::string_view quantity,
                                    std::string_view limit = {});
    /// Somebody enters an order in the Webull app, for webull_personal.
    ExchangeOrderId order_in_app(std::string_view symbol, std::string_view quantity,
                                 std::string_view limit = {});

    // ---- what Janus believes ----

    core::Engine& engine() { return janus_.engine(); }
    JanusSide& janus() { return janus_; }
    /// The order that a place became. Precondition: Janus has taken it.
    core::OrderView order(const Asked<Order>& placed) const;
    bool is_taken(const Asked<Order>& placed) const;
    core::AccountView account(std::string_view name = "ib_main") const;
    /// `ready`, or `degraded ib_upstream`.
    std::string gate(std::string_view name = "ib_main") const;
    std::optional<core::PositionView> position(std::string_view symbol,
                                               std::string_view account = "ib_main") const;
    core::QuoteView quote(std::string_view symbol) const;
    std::uint64_t counter(std::string_view name) const;
    /// A part of the server as health shows it, `state detail`; empty when there is none such.
    std::string health(std::string_view component) const;
    /// Every alarm since the last start, and those that hold a word.
    const std::vector<std::string>& alarms() const { return alarms_; }
    std::size_t alarms_with(std::string_view word) const;
    /// Every gate of an account since the last start, as `gate` has it.
    std::vector<std::string> gates_of(std::string_view name = "ib_main") const;
    /// Every state of an order since the last start, without repetitions.
    std::vector<OrderState> path_of(const Asked<Order>& placed) const;

    // ---- the truth ----

    Brokers& brokers() { return brokers_; }
    Exchange& exchange() { return brokers_.exchange; }
    /// The order at the exchange that a place became; nothing when it never got there.
    const ExchangeOrder* truth_of(const Asked<Order>& placed) const;
    /// How often the brokers have received such a message about an order: `place`, `cancel`,
    /// `modify`.
    std::size_t received(std::string_view kind, const Asked<Order>& placed) const;
    /// What Janus has sent to IB with this message id.
    std::vector<SentToIb> sent(std::string_view message) const;
    /// What Janus has asked this endpoint of Webull for.
    std::vector<SentToWebull> asked(std::string_view endpoint) const;
    void forget_sent();
    /// When Janus has opened event streams.
    const std::vector<Instant>& subscriptions() const { return subscriptions_; }
    /// When Janus has opened connections to IB.
    const std::vector<Instant>& connects() const { return connects_; }

    /// Lets everything become ready again, places and fills a fresh order, fetches everything
    /// afresh, and says what is not as it should be: gates, books that differ from the
    /// exchange's, broken promises. Empty: healed.
    std::vector<std::string> unhealed(const AccountName& account = {"ib_main"});
    /// The same without a fresh order, for accounts that wait for a person.
    std::vector<std::string> differences();

    Now now() const { return clock_.now(); }
    /// Of everything that has happened: equal for two runs of one scenario.
    std::uint64_t hash() const { return trace_.hash(); }

 private:
    bool step(Instant end);
    void settle();
    std::optional<Instant> next_time() const;
    void read_feed();
    void set_fault(const FaultOrder& order);
    void note_wire(const std::vector<io::Effect>& effects);
    void note_call(const io::HttpRequest& request);
    void note_frames(std::string bytes);
    bool all_ready() const;

    FaultWorldOptions options_;
    VirtualClock clock_;
    Schedule schedule_;
    Random random_{7};
    Trace trace_;
    Verdict verdict_;
    Sabotage sabotage_;
    Brokers brokers_;
    JanusSide janus_;
    VirtualNetwork network_;
    Watch watch_;
    std::vector<SentToIb> sent_;
    std::vector<SentToWebull> asked_;
    std::vector<Instant> connects_;
    std::vector<Instant> subscriptions_;
    std::vector<std::string> alarms_;
    std::map<std::string, std::vector<std::string>> gates_;
    std::map<OrderId, std::vector<OrderState>> paths_;
    std::uint64_t read_{0};  ///< Last event that was read of the feed.
    int keys_{0};
    std::size_t standing_steps_{0};
};

Quantity quantity_of(std::string_view text);
Price price_of(std::string_view text);

}  // namespace janus::sim
