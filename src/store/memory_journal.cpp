#include "store/memory_journal.hpp"

#include <utility>

namespace janus::store {

MemoryJournal::MemoryJournal(std::string instance_id) : state_(std::move(instance_id)) {}

void MemoryJournal::append(core::JournalAppend request) {
    if (waiting_.size() < waiting_max)
        waiting_.push_back({std::move(request), std::nullopt});
    else
        replies_.push_back({request.token, fail(ErrorCode::Unavailable,
                                                "journal_busy: {} appends wait", waiting_max)});
}

std::vector<core::JournalAppended> MemoryJournal::take_replies(Now now) {
    for (auto& waiting : waiting_)
        if (!waiting.due) waiting.due = now.mono + delay_;
    while (!waiting_.empty() && *waiting_.front().due <= now.mono) {
        const auto request = std::move(waiting_.front().request);
        waiting_.pop_front();
        replies_.push_back({request.token, commit(request)});
    }
    return std::exchange(replies_, {});
}

std::optional<Instant> MemoryJournal::deadline() const {
    if (!replies_.empty()) return Instant{};
    if (waiting_.empty()) return std::nullopt;
    return waiting_.front().due.value_or(Instant{});
}

void MemoryJournal::crash() {
    waiting_.clear();
    replies_.clear();
}

Result<void> MemoryJournal::commit(const core::JournalAppend& request) {
    if (full_) return fail(ErrorCode::Unavailable, "journal_full: no space for the order journal");
    if (std::exchange(fail_next_, false))
        return fail(ErrorCode::Unavailable, "journal_failed: the commit could not be synced");
    for (const auto& record : request.records) state_.apply(record);
    return {};
}

}  // namespace janus::store
