#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "core/engine.hpp"

namespace janus::bench {

/// A journal that answers at once. The real one is another thread's work; what the core does for it
/// is in what is measured.
class InstantJournal final : public core::Journal {
 public:
    void append(core::JournalAppend request) override {
        records_ += request.records.size();
        waiting_.push_back({request.token, {}});
    }
    std::deque<core::JournalAppended> take_replies() { return std::exchange(waiting_, {}); }
    std::uint64_t records() const { return records_; }

 private:
    std::deque<core::JournalAppended> waiting_;
    std::uint64_t records_{0};
};

/// A database that is never asked: the only symbol is known from the start.
class KnownRegistry final : public core::RegistryStore {
 public:
    void submit(core::RegistryRequest) override {}
};

/// The production path of a trade event: the Webull gateway and the whole engine behind it, with
/// orders of ours that an earlier run left working. A scripted broker answers what the start asks.
class WebullPath {
 public:
    explicit WebullPath(std::size_t orders);

    /// Starts, and goes on in virtual time until the account is ready and its stream is live.
    void become_live();
    /// One message of the stream, with all that follows from it.
    void on_message(const std::string& bytes);

    std::size_t filled_orders() const;
    std::size_t executions() const;
    std::uint64_t journal_records() const { return journal_.records(); }

 private:
    void pump();
    void perform(const io::Effect& effect);
    std::string body_of(const std::string& target) const;
    std::string open_page(std::size_t page) const;

    std::size_t orders_;
    Random random_{7};
    NoLog log_;
    KnownRegistry registry_;
    InstantJournal journal_;
    Now now_;
    std::unique_ptr<core::Engine> engine_;
    gateway::Gateway* gateway_{nullptr};
    io::StreamId stream_;
    bool live_{false};
};

}  // namespace janus::bench
