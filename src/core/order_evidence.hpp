#pragma once

#include <functional>
#include <string>

#include "core/order_fills.hpp"
#include "core/order_matching.hpp"
#include "core/order_queries.hpp"
#include "core/order_recorder.hpp"
#include "gateway/event.hpp"

namespace janus::core {

/// What brokers say of orders, applied: reports, executions, refusals, absences. Every change goes
/// through the published table; what has no row there is counted and answered by asking the broker.
/// Owned by the engine.
class OrderEvidence {
 public:
    OrderEvidence(OrderTable& orders, OrderMatching& matching, OrderFills& fills,
                  OrderRecorder& recorder, OrderQueries& queries, const Accounts& accounts,
                  Counters& counters, Log& log)
        : orders_(orders),
          matching_(matching),
          fills_(fills),
          recorder_(recorder),
          queries_(queries),
          accounts_(accounts),
          counters_(counters),
          log_(log) {}

    void on_report(Now now, const gateway::OrderReport& report);
    void on_execution(Now now, const Execution& execution);
    void on_commission(Now now, const gateway::Gateway& gateway,
                       const gateway::CommissionReport& report);
    void on_not_sent(Now now, const gateway::OrderNotSent& event);
    void on_rejected(Now now, const gateway::OrderRejected& event);
    void on_uncertain(Now now, const gateway::OrderUncertain& event);
    void on_not_found(Now now, const gateway::OrderNotFound& event);
    void on_notice(Now now, const gateway::OrderNotice& event);

    /// An order that the complete list did not mention is asked for; one that the broker calls
    /// filled is believed now, with a flag for the executions that are missing.
    void on_orders_complete(Now now, const AccountName& account);
    /// The gate has left ready: what has not been answered is unknown.
    void on_account_lost(Now now, const AccountName& account, const std::string& reason);
    /// No evidence within the allowed time.
    void on_no_answer(Now now, OrderEntry& entry, const std::string& reason);

 private:
    void apply(Now now, OrderEntry& entry, const gateway::OrderReport& report);
    void bring_back(Now now, OrderEntry& entry);
    bool learn_terms(OrderEntry& entry, const gateway::OrderReport& report);
    bool learn_values(OrderEntry& entry, const gateway::OrderReport& report);
    void apply_status(Now now, OrderEntry& entry, const gateway::OrderReport& report, bool changed);
    void on_unmapped(Now now, OrderEntry& entry, const std::string& word, bool changed);
    void on_filled_claim(Now now, OrderEntry& entry, bool changed);
    void believe_filled(Now now, OrderEntry& entry);
    void transit(Now now, OrderEntry& entry, OrderEvent event, const std::string& note,
                 bool changed);
    bool stays_final(Now now, OrderEntry& entry, OrderEvent event);
    void on_cancel_lost(Now now, OrderEntry& entry, OrderEvent event);
    void contradict(Now now, OrderEntry& entry, OrderEvent event);

    OrderTable& orders_;
    OrderMatching& matching_;
    OrderFills& fills_;
    OrderRecorder& recorder_;
    OrderQueries& queries_;
    const Accounts& accounts_;
    Counters& counters_;
    Log& log_;
};

}  // namespace janus::core
