#include "core/journal_writer.hpp"

#include <chrono>
#include <utility>

namespace janus::core {
namespace {

constexpr Duration retry_interval = std::chrono::seconds(5);
constexpr std::size_t orders_per_flush_max = 64;
constexpr std::size_t lines_per_order_max = 50;

std::vector<OrderHistoryRecord> lines_of(const std::vector<JournalRecord>& records) {
    std::vector<OrderHistoryRecord> lines;
    for (const auto& record : records)
        if (const auto* line = std::get_if<OrderHistoryRecord>(&record)) lines.push_back(*line);
    return lines;
}

}  // namespace

void JournalWriter::append(std::vector<JournalRecord> records, Done done) {
    submit(std::move(records), Waiting{std::move(done), {}});
}

void JournalWriter::append_order(OrderId order, std::vector<JournalRecord> records) {
    auto lines = lines_of(records);
    submit(std::move(records), Waiting{{}, {{order, std::move(lines)}}});
}

void JournalWriter::submit(std::vector<JournalRecord> records, Waiting waiting) {
    const StoreToken token{++last_token_};
    waiting_.emplace(token, std::move(waiting));
    journal_.append(JournalAppend{token, std::move(records)});
}

void JournalWriter::on_reply(Now now, const JournalAppended& reply) {
    const auto found = waiting_.find(reply.token);
    if (found == waiting_.end()) {
        counters_.add("journal.unexpected_reply");
        return;
    }
    auto waiting = std::move(found->second);
    waiting_.erase(found);
    if (reply.outcome)
        on_success(now);
    else
        on_failure(now, reply.outcome.error(), waiting);
    if (waiting.done) waiting.done(now, reply.outcome);
}

void JournalWriter::on_failure(Now now, const Error& error, Waiting& waiting) {
    counters_.add("journal.failed_appends");
    for (auto& [order, lines] : waiting.orders) {
        auto& kept = backlog_[order];
        for (auto& line : lines)
            if (kept.size() < lines_per_order_max)
                kept.push_back(std::move(line));
            else
                counters_.add("journal.dropped_history_lines");
    }
    retry_at_ = now.mono + retry_interval;
    reason_ = error.message;
    if (std::exchange(failed_, true)) return;
    since_ = now.utc;
    log_.write(LogLevel::Error, fmt::format("journal failed reason={}", error.message));
    feed_.alarm(now, fmt::format("the order journal cannot be written, new orders are denied: {}",
                                 error.message));
}

void JournalWriter::on_success(Now now) {
    if (!backlog_.empty()) retry_at_ = now.mono;
    if (!std::exchange(failed_, false)) return;
    reason_.clear();
    since_ = now.utc;
    log_.write(LogLevel::Info, "journal works again");
    feed_.alarm(now, "the order journal works again");
}

void JournalWriter::flush() {
    if (backlog_.empty()) return;
    std::vector<JournalRecord> records;
    Waiting waiting;
    while (!backlog_.empty() && waiting.orders.size() < orders_per_flush_max) {
        auto node = backlog_.extract(backlog_.begin());
        for (auto& record : snapshot_(node.key())) records.push_back(std::move(record));
        records.insert(records.end(), node.mapped().begin(), node.mapped().end());
        waiting.orders.insert(std::move(node));
    }
    submit(std::move(records), std::move(waiting));
}

/// Something must really be written to know that it can be.
void JournalWriter::probe(Now now) {
    append(
        {
            AuditRecord{now.utc, "janusd", "probe_journal", reason_}
    },
        {});
}

void JournalWriter::on_timeout(Now now) {
    if (!retry_at_ || now.mono < *retry_at_) return;
    retry_at_.reset();
    if (backlog_.empty() && failed_) return probe(now);
    flush();
}

}  // namespace janus::core
