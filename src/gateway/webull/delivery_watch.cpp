#include "gateway/webull/delivery_watch.hpp"

namespace janus::webull {

void DeliveryWatch::on_rest_change(Instant at, const OrderKey& order, Decimal filled) {
    if (waiting_.size() >= waiting_max && !waiting_.contains(order)) return;
    const auto [found, is_new] =
        waiting_.try_emplace(order, Waiting{.filled = filled, .missed_at = at + miss_after_});
    if (!is_new) found->second.filled = std::max(found->second.filled, filled);
}

void DeliveryWatch::on_event(const OrderKey& order, Decimal filled) {
    if (++announced_in_a_row_ >= misses_until_silent_) misses_ = 0;
    const auto found = waiting_.find(order);
    if (found != waiting_.end() && filled >= found->second.filled) waiting_.erase(found);
}

int DeliveryWatch::on_timeout(Instant at) {
    const auto missed =
        std::erase_if(waiting_, [at](const auto& entry) { return at >= entry.second.missed_at; });
    misses_ += static_cast<int>(missed);
    if (missed > 0) announced_in_a_row_ = 0;
    return static_cast<int>(missed);
}

std::optional<Instant> DeliveryWatch::deadline() const {
    std::optional<Instant> at;
    for (const auto& [order, waiting] : waiting_) at = earlier(at, waiting.missed_at);
    return at;
}

}  // namespace janus::webull
