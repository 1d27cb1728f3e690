#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/time.hpp"
#include "core/counters.hpp"
#include "core/feed.hpp"
#include "core/stores.hpp"

namespace janus::core {

/// The core's pen for the order journal. What must be durable before the core goes on is written by
/// `append`; what has already happened (evidence) by `append_order`, which is written again later
/// when the journal could not take it. A journal that has failed is tried every 5 s. Owned by the
/// engine.
class JournalWriter {
 public:
    using Done = std::function<void(Now, const Result<void>&)>;
    /// The records that bring the journal up to date with one order: its latest form and every
    /// execution. Writing what is already there changes nothing.
    using Snapshot = std::function<std::vector<JournalRecord>(OrderId)>;

    JournalWriter(Journal& journal, Feed& feed, Counters& counters, Log& log)
        : journal_(journal), feed_(feed), counters_(counters), log_(log) {}

    void set_snapshot(Snapshot snapshot) { snapshot_ = std::move(snapshot); }

    void append(std::vector<JournalRecord> records, Done done);
    void append_order(OrderId order, std::vector<JournalRecord> records);
    void on_reply(Now now, const JournalAppended& reply);

    /// Writes the orders again that an earlier append has lost. Harmless when there are none.
    void flush();
    void on_timeout(Now now);
    std::optional<Instant> deadline() const { return retry_at_; }

    /// False after a failed append until one works again.
    bool available() const { return !failed_; }
    const std::string& reason() const { return reason_; }
    Utc since() const { return since_; }
    void start(Now now) { since_ = now.utc; }
    std::size_t in_flight() const { return waiting_.size(); }
    /// Orders that the journal does not know in their latest form.
    std::size_t backlog() const { return backlog_.size(); }

 private:
    /// History lines of one order that could not be written; the oldest ones, up to a bound.
    using Lines = std::vector<OrderHistoryRecord>;
    struct Waiting {
        Done done;
        std::map<OrderId, Lines> orders;
    };

    void submit(std::vector<JournalRecord> records, Waiting waiting);
    void probe(Now now);
    void on_failure(Now now, const Error& error, Waiting& waiting);
    void on_success(Now now);

    Journal& journal_;
    Feed& feed_;
    Counters& counters_;
    Log& log_;
    Snapshot snapshot_;
    std::uint64_t last_token_{0};
    std::map<StoreToken, Waiting> waiting_;
    std::map<OrderId, Lines> backlog_;
    bool failed_{false};
    std::string reason_;
    Utc since_;
    std::optional<Instant> retry_at_;
};

}  // namespace janus::core
