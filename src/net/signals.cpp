#include "net/signals.hpp"

#include <utility>

#include <boost/asio/signal_set.hpp>

#include "net/asio.hpp"

namespace janus::net {

struct Signals::Parts : std::enable_shared_from_this<Signals::Parts> {
    Parts(asio::io_context& loop, std::function<void(int)> on_signal_in)
        : set(loop), on_signal(std::move(on_signal_in)) {}

    void wait() {
        set.async_wait([weak = weak_from_this()](error_code error, int number) {
            const auto self = weak.lock();
            if (error || !self || self->ended) return;
            self->wait();
            self->on_signal(number);
        });
    }

    asio::signal_set set;
    std::function<void(int)> on_signal;
    bool ended{false};
};

Signals::Signals(asio::io_context& loop, const std::vector<int>& numbers,
                 std::function<void(int number)> on_signal)
    : parts_(std::make_shared<Parts>(loop, std::move(on_signal))) {
    for (const int number : numbers) parts_->set.add(number);
    parts_->wait();
}

Signals::~Signals() {
    parts_->ended = true;
    error_code ignored;
    parts_->set.cancel(ignored);
}

}  // namespace janus::net
