#include "gateway/ib/outbox.hpp"

#include <algorithm>
#include <utility>

namespace janus::ib {
namespace {

constexpr Duration window = std::chrono::seconds(1);

}  // namespace

std::size_t Outbox::limit_of(Lane lane) const {
    switch (lane) {
        case Lane::Cancel:
            return rate_;
        case Lane::Place:
            return std::max<std::size_t>(1, rate_ - rate_ / 10);
        case Lane::Request:
            return std::max<std::size_t>(1, rate_ - rate_ / 4);
    }
    return 1;
}

Instant Outbox::free_at(Lane lane) const {
    const auto limit = limit_of(lane);
    const auto room = sent_.size() < limit ? Instant{} : sent_[sent_.size() - limit] + window;
    return lane == Lane::Cancel ? room : std::max(room, paused_until_);
}

bool Outbox::may_send(Now now, Lane lane) {
    while (!sent_.empty() && now.mono - sent_.front() >= window) sent_.pop_front();
    return now.mono >= free_at(lane);
}

void Outbox::on_sent(Now now) {
    sent_.push_back(now.mono);
    // Older ones than the rate can never matter again.
    while (sent_.size() > rate_) sent_.pop_front();
}

bool Outbox::push(Lane lane, std::string frame) {
    auto& queue = lane == Lane::Cancel ? cancels_ : requests_;
    if (queue.size() >= queue_size_max) return false;
    queue.push_back(std::move(frame));
    return true;
}

std::optional<std::string> Outbox::take_next(Now now) {
    const bool cancel = !cancels_.empty() && may_send(now, Lane::Cancel);
    const bool request = !cancel && !requests_.empty() && may_send(now, Lane::Request);
    if (!cancel && !request) return std::nullopt;
    auto& queue = cancel ? cancels_ : requests_;
    auto frame = std::move(queue.front());
    queue.pop_front();
    on_sent(now);
    return frame;
}

std::optional<Instant> Outbox::deadline() const {
    if (!cancels_.empty()) return free_at(Lane::Cancel);
    if (!requests_.empty()) return free_at(Lane::Request);
    return std::nullopt;
}

Duration Outbox::delay() const {
    return window * static_cast<std::int64_t>(requests_.size() / limit_of(Lane::Request));
}

void Outbox::clear() {
    sent_.clear();
    cancels_.clear();
    requests_.clear();
    paused_until_ = {};
}

}  // namespace janus::ib
