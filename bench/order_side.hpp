#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "base/log.hpp"
#include "bench/ib_broker.hpp"
#include "bench/market_path.hpp"
#include "core/engine.hpp"

namespace janus::bench {

/// Answers of a journal, carried from its thread to the one that measures.
class ReplyBox {
 public:
    void put(core::JournalAppended reply);
    /// Waits for the next one.
    core::JournalAppended take();

 private:
    std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<core::JournalAppended> replies_;
};

/// Answers at once that all is durable: what is measured with it is the path without the journal.
class NoJournal final : public core::Journal {
 public:
    explicit NoJournal(ReplyBox& box) : box_(box) {}
    void append(core::JournalAppend request) override { box_.put({request.token, {}}); }

 private:
    ReplyBox& box_;
};

/// The production engine over IB's gateway, whose broker stands in memory and refuses each order,
/// so that no order stays open. Throws when a step does not happen.
class OrderSide {
 public:
    /// `journal` puts its answers into `box`; both outlive it.
    OrderSide(core::Journal& journal, core::JournalContents contents, ReplyBox& box);

    /// One limit order, from the intent to the bytes of its message handed to the socket; gives the
    /// seconds between them.
    double place_one();

 private:
    void settle(Now now);
    void perform(Now now);
    void perform(Now now, io::Effect& effect);
    bool take_placed();
    void finish_order();

    ReplyBox& box_;
    SilentRegistry registry_;
    NoLog log_;
    Random random_{7};
    IbBroker broker_;
    io::ChannelId channel_{1};
    std::unique_ptr<core::Engine> engine_;
    gateway::Gateway* gateway_;
    std::string unanswered_;  ///< What the broker has not been given yet.
    std::uint64_t placed_{0};
    std::uint64_t ended_{0};
};

}  // namespace janus::bench
