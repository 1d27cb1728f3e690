#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace janus::ib {

/// Who may use the last of the message rate: cancels all of it, orders less, requests least.
enum class Lane { Cancel, Place, Request };

/// Keeps Janus under IB's message rate: at most `rate` messages in any second, with room reserved
/// for cancels. Requests wait in line here; orders wait with their owner, which knows their limits.
class Outbox {
 public:
    static constexpr std::size_t queue_size_max = 20'000;

    explicit Outbox(std::size_t rate) : rate_(rate) {}

    bool may_send(Now now, Lane lane);
    /// When `may_send` turns true for this lane; the past when it is true already.
    Instant free_at(Lane lane) const;
    void on_sent(Now now);

    /// False when the queue is full; the frame is then dropped and its request runs into its
    /// timeout.
    bool push(Lane lane, std::string frame);
    /// The next waiting frame that may go now.
    std::optional<std::string> take_next(Now now);
    std::optional<Instant> deadline() const;
    std::size_t waiting() const { return cancels_.size() + requests_.size(); }
    /// How long the last one in the queue will wait at the rate of requests, in whole seconds.
    Duration delay() const;

    /// After a complaint about the rate: nothing but cancels for a while.
    void pause_until(Instant at) { paused_until_ = at; }
    void clear();

 private:
    std::size_t limit_of(Lane lane) const;

    std::size_t rate_;
    std::deque<Instant> sent_;
    std::deque<std::string> cancels_;
    std::deque<std::string> requests_;
    Instant paused_until_;
};

}  // namespace janus::ib
