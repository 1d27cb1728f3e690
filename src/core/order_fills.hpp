#pragma once

#include <deque>
#include <string>

#include "core/counters.hpp"
#include "core/order_matching.hpp"
#include "core/order_queries.hpp"
#include "core/order_recorder.hpp"
#include "gateway/event.hpp"

namespace janus::core {

/// Books what has been traded and lets it move the orders: executions once each, corrections in
/// place of what they correct, a rise of a cumulative quantity as an execution of its own. A fill
/// is a fact in every state; what contradicts an expectation is flagged and alarmed. Owned by the
/// engine.
class OrderFills {
 public:
    /// Called for every trade that is booked for the first time.
    using Listener = std::function<void(Now, const Execution&)>;

    OrderFills(OrderMatching& matching, OrderRecorder& recorder, ExecutionLedger& ledger,
               OrderQueries& queries, Counters& counters, Log& log)
        : matching_(matching),
          recorder_(recorder),
          ledger_(ledger),
          queries_(queries),
          counters_(counters),
          log_(log) {}

    void set_listener(Listener listener) { listener_ = std::move(listener); }

    void on_execution(Now now, Execution execution);
    void on_commission(Now now, const AccountName& account,
                       const gateway::CommissionReport& report);
    /// True when one of the accounts knows this execution.
    bool knows(const AccountName& account, const ExecutionId& id) const {
        return ledger_.find_order(account, id).has_value();
    }
    /// A commission that came before its execution.
    void keep_commission(const gateway::CommissionReport& report);

    /// Books the rise of a cumulative quantity. True when something was recorded.
    bool on_cumulative(Now now, OrderEntry& entry, const gateway::OrderReport& report);
    /// Looks again whether the order is complete: its quantity has become known. True when it has
    /// moved; the caller records it.
    bool check_complete(OrderEntry& entry);

 private:
    static constexpr std::size_t commissions_max = 256;

    void book(Now now, OrderEntry& entry, Execution execution,
              std::optional<Price> broker_average = std::nullopt);
    void on_known(Now now, const Execution& execution);
    void take_commission(Execution& execution);
    void apply_totals(OrderEntry& entry, std::optional<Price> broker_average);
    void raise_flags(OrderEntry& entry, Quantity before, bool correction,
                     OrderChange& change) const;
    void move_state(OrderEntry& entry);

    OrderMatching& matching_;
    OrderRecorder& recorder_;
    ExecutionLedger& ledger_;
    OrderQueries& queries_;
    Counters& counters_;
    Log& log_;
    Listener listener_;
    std::deque<gateway::CommissionReport> early_commissions_;
};

}  // namespace janus::core
