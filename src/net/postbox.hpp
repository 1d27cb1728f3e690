#pragma once

#include <functional>
#include <memory>
#include <mutex>

namespace boost::asio {
class io_context;
}

namespace janus::net {

/// Carries work from other threads to the core thread's loop. Copies share one state; once one of
/// them is closed, further work is dropped, so a late thread never touches a loop that is gone.
class Postbox {
 public:
    explicit Postbox(boost::asio::io_context& loop);

    /// From any thread. False when the box is closed; the work is then dropped.
    bool post(std::function<void()> work) const;
    /// On the core thread, before the loop goes away. Work already posted no longer runs.
    void close() const;

 private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace janus::net
