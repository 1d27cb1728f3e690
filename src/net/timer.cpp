#include "net/timer.hpp"

#include <utility>

#include "net/asio.hpp"

namespace janus::net {

struct DeadlineTimer::Parts : std::enable_shared_from_this<DeadlineTimer::Parts> {
    Parts(asio::io_context& loop, std::function<void()> on_due_in)
        : timer(loop), on_due(std::move(on_due_in)) {}

    void set(std::optional<Instant> wanted) {
        if (wanted == deadline) return;
        deadline = wanted;
        ++round;  // A wait that has already completed belongs to an older round.
        if (!deadline) {
            timer.cancel();
            return;
        }
        using Clock = asio::steady_timer::clock_type;
        timer.expires_at(Clock::time_point(deadline->since_start));
        timer.async_wait([weak = weak_from_this(), mine = round](error_code error) {
            const auto self = weak.lock();
            if (error || !self || self->round != mine) return;
            self->deadline.reset();
            self->on_due();
        });
    }

    asio::steady_timer timer;
    std::function<void()> on_due;
    std::optional<Instant> deadline;
    std::uint64_t round{0};
};

DeadlineTimer::DeadlineTimer(asio::io_context& loop, std::function<void()> on_due)
    : parts_(std::make_shared<Parts>(loop, std::move(on_due))) {}

DeadlineTimer::~DeadlineTimer() {
    parts_->set(std::nullopt);
}

void DeadlineTimer::set(std::optional<Instant> deadline) {
    parts_->set(deadline);
}

}  // namespace janus::net
