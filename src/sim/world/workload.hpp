#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "sim/world/janus_side.hpp"
#include "sim/world/verdict.hpp"

namespace janus::sim {

/// What clients and the brokers' own apps do in a world: orders of every type by canonical symbol,
/// repeats of them with the same key, brackets, changes, previews, cancels, orders placed
/// elsewhere, harmony, subscriptions, syncs, halts; and the trading day goes on. Everything it is
/// given must outlive it.
class Workload {
 public:
    Workload(std::uint64_t seed, const VirtualClock& clock, JanusSide& janus, Brokers& brokers,
             Trace& trace, Verdict& verdict)
        : seed_(seed),
          random_(seed ^ 0x776f726b6c6f6164ULL),
          clock_(clock),
          janus_(janus),
          brokers_(brokers),
          trace_(trace),
          verdict_(verdict) {}

    /// One thing, by chance. True when it placed an order.
    bool act();
    /// The server has been started again: what it had told a client must still be there.
    void on_restarted();
    /// The world comes to rest: halts are lifted.
    void finish();
    /// Every account is fetched afresh.
    void sync_all();
    /// Calls of the present life that are still waiting for their answer.
    std::vector<std::string> unanswered() const;
    std::size_t intents() const { return intents_.size(); }

 private:
    /// One question to the engine; answered once, unless the server dies before.
    struct Call {
        std::string what;
        int life{0};
        int answers{0};
    };
    struct Intent {
        OrderIntent intent;
        bool allowed{true};
        std::optional<OrderId> order;  ///< Once the engine has answered with one.
    };
    using Action = bool (Workload::*)();
    struct ActionRow;
    static std::span<const ActionRow> actions();

    bool place();
    bool place_too_much();
    bool burst();
    bool repeat();
    bool repeat_with_other_terms();
    bool cancel();
    bool modify();
    bool preview();
    bool bracket();
    bool order_elsewhere();
    bool cancel_elsewhere();
    bool harmony();
    bool subscribe();
    bool unsubscribe();
    bool sync();
    void sync(const AccountName& account);
    bool halt();
    bool move_day();

    OrderIntent random_intent();
    void give_prices(OrderIntent& intent, const SimInstrument& instrument);
    void give_more_terms(OrderIntent& intent, const SimInstrument& instrument);
    void give_webull_terms(OrderIntent& intent, const SimInstrument& instrument);
    void give_trail(OrderIntent& intent, const SimInstrument& instrument);
    std::optional<OrderChanges> random_changes(const Order& order);
    void on_modified(const OrderChanges& changes, const Result<Order>& outcome);
    std::size_t begin(std::string what);
    void end(std::size_t call);
    void send(std::size_t index, const OrderIntent& intent);
    void on_placed(std::size_t index, const OrderIntent& asked, const Result<Order>& outcome);
    const WorldAccount& random_account();
    const SimInstrument& random_instrument(Line line);

    std::uint64_t seed_;
    Random random_;
    const VirtualClock& clock_;
    JanusSide& janus_;
    Brokers& brokers_;
    Trace& trace_;
    Verdict& verdict_;
    std::deque<Call> calls_;
    std::deque<Intent> intents_;
    std::set<AccountName> halted_;  ///< Answered halts.
    std::vector<ExchangeOrderId> elsewhere_;
    std::size_t day_part_{0};
};

}  // namespace janus::sim
