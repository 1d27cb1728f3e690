#pragma once

#include <functional>
#include <memory>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace janus::net {

/// Turns the signals of the process (SIGTERM, SIGHUP, ...) into calls on the loop.
class Signals {
 public:
    /// `loop` must outlive it.
    Signals(boost::asio::io_context& loop, const std::vector<int>& numbers,
            std::function<void(int number)> on_signal);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

 private:
    struct Parts;
    std::shared_ptr<Parts> parts_;
};

}  // namespace janus::net
