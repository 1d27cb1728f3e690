#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "core/stores.hpp"
#include "store/journal_state.hpp"

namespace janus::store {

/// The journal in memory, for simulation: what is committed survives a simulated crash, what is not
/// is lost as a whole. No thread, no clock; the owner calls `take_replies` until nothing is due.
class MemoryJournal final : public core::Journal {
 public:
    static constexpr std::size_t waiting_max = 4096;

    /// `instance_id` is what the journal was given at its first start.
    explicit MemoryJournal(std::string instance_id);

    void append(core::JournalAppend request) override;

    /// Commits what is due and hands out its replies, in the order of the appends.
    std::vector<core::JournalAppended> take_replies(Now now);
    /// When take_replies has something next; nothing when idle.
    std::optional<Instant> deadline() const;

    /// What is committed: what the next start reads.
    core::JournalContents contents() const { return state_.contents(); }
    const std::vector<core::AuditRecord>& audit() const { return state_.audit(); }

    /// Full: appends answer `journal_full` and nothing of them is durable, until space returns.
    void set_full(bool full) { full_ = full; }
    /// The next append fails as if its sync had failed.
    void fail_next_commit() { fail_next_ = true; }
    /// Each append waits this long for its commit.
    void set_delay(Duration delay) { delay_ = delay; }
    /// The server has died: appends without a commit and replies in flight are gone.
    void crash();

 private:
    struct Waiting {
        core::JournalAppend request;
        std::optional<Instant> due;
    };
    Result<void> commit(const core::JournalAppend& request);

    JournalState state_;
    std::deque<Waiting> waiting_;
    std::vector<core::JournalAppended> replies_;
    Duration delay_{0};
    bool full_{false};
    bool fail_next_{false};
};

}  // namespace janus::store
