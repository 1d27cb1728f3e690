#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/counters.hpp"
#include "core/execution_ledger.hpp"
#include "core/feed.hpp"
#include "core/journal_writer.hpp"
#include "core/order_table.hpp"

namespace janus::core {

/// An execution that a change has booked.
struct BookedExecution {
    Execution execution;
    bool correction{false};
};

/// One change of an order as it is written down and published.
struct OrderChange {
    std::string event;   ///< For people: `working`, `filled 3 @ 401.20`.
    std::string detail;  ///< The broker's or the caller's words.
    std::vector<BookedExecution> executions;
    std::vector<std::string> alarms;
    std::vector<JournalRecord> records;  ///< More that belongs to it: an audit line.
};

/// What came of an event given to the state machine.
enum class Step { Moved, Same, NoRow };

/// The one place where an order changes its state, and where a change goes to the journal, the feed
/// and whoever waits for it. Owned by the engine.
class OrderRecorder {
 public:
    using Listener = std::function<void(Now, OrderEntry&)>;

    OrderRecorder(OrderTable& orders, ExecutionLedger& executions, JournalWriter& journal,
                  Feed& feed, Log& log)
        : orders_(orders), executions_(executions), journal_(journal), feed_(feed), log_(log) {}

    /// Called after every recorded change.
    void set_listener(Listener listener) { listener_ = std::move(listener); }

    /// Moves the state by the published table and nowhere else. Records nothing.
    Step advance(OrderEntry& entry, OrderEvent event);
    /// Takes back a person's decision that evidence contradicts; the order is unknown again.
    void withdraw_decision(Now now, OrderEntry& entry, const std::string& evidence);
    /// Writes the order as it is now, one history line and what else changed, and publishes it.
    void record(Now now, OrderEntry& entry, OrderChange change);
    /// Publishes an order that the caller has just made durable itself.
    void announce(Now now, OrderEntry& entry, const OrderHistoryRecord& line);
    /// Moves the state and records it when it has moved; `note` becomes the order's note.
    Step move(Now now, OrderEntry& entry, OrderEvent event, const std::string& note);

    /// What brings the journal up to date with one order.
    std::vector<JournalRecord> snapshot_of(OrderId id) const;

 private:
    void publish(Now now, const OrderEntry& entry, const OrderChange& change);

    OrderTable& orders_;
    ExecutionLedger& executions_;
    JournalWriter& journal_;
    Feed& feed_;
    Log& log_;
    Listener listener_;
};

/// `accepted: reason`, or the word alone without a reason.
std::string event_text(std::string_view word, const std::string& reason);

}  // namespace janus::core
