#pragma once

#include <deque>
#include <functional>
#include <utility>

namespace janus::core {

/// Replies to callers, held back until the core has finished what it is doing: a caller may ask for
/// the next thing from inside its reply. Owned by the engine.
class Deferred {
 public:
    void later(std::function<void()> call) { calls_.push_back(std::move(call)); }

    /// Calls everything that waits, also what is added meanwhile. Does nothing when it is already
    /// running further up the stack.
    void run() {
        if (running_) return;
        running_ = true;
        while (!calls_.empty()) {
            const auto call = std::move(calls_.front());
            calls_.pop_front();
            call();
        }
        running_ = false;
    }

 private:
    std::deque<std::function<void()>> calls_;
    bool running_{false};
};

}  // namespace janus::core
