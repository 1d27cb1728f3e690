#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/time.hpp"

namespace boost::asio {
class io_context;
}

namespace janus::net {

/// One deadline of one machine: calls back on the loop at or after the instant that was set last.
class DeadlineTimer {
 public:
    /// `loop` must outlive the timer.
    DeadlineTimer(boost::asio::io_context& loop, std::function<void()> on_due);
    ~DeadlineTimer();
    DeadlineTimer(const DeadlineTimer&) = delete;
    DeadlineTimer& operator=(const DeadlineTimer&) = delete;

    /// Replaces the deadline; nothing clears it. Setting the same instant again is free. Never
    /// calls back from inside.
    void set(std::optional<Instant> deadline);

 private:
    struct Parts;
    std::shared_ptr<Parts> parts_;
};

}  // namespace janus::net
