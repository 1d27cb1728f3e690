#pragma once

#include <cstddef>
#include <map>
#include <optional>

#include "gateway/webull/order_tracker.hpp"
#include "gateway/webull/timing.hpp"

namespace janus::webull {

/// Compares what REST shows with what the trade-event stream announced: a stream may be healthy and
/// say nothing for hours (reference 6.7). A change that REST shows first and that no event
/// announces in time is a miss; enough misses make the stream silent.
class DeliveryWatch {
 public:
    static constexpr std::size_t waiting_max = 1'000;  ///< More are not watched.

    DeliveryWatch(Duration miss_after, int misses_until_silent)
        : miss_after_(miss_after), misses_until_silent_(misses_until_silent) {}

    /// REST showed a fill or an end while the stream was live. `filled` is the new total.
    void on_rest_change(Instant at, const OrderKey& order, Decimal filled);
    /// The stream spoke of an order. As many in a row as make it silent make it trusted again, so
    /// that a stream which delivers only some events stays silent.
    void on_event(const OrderKey& order, Decimal filled);
    /// Counts what is overdue; returns how many changes have been missed just now.
    int on_timeout(Instant at);
    std::optional<Instant> deadline() const;
    /// A new stream begins: what went on before is not its fault.
    void forget_waiting() { waiting_.clear(); }
    bool silent() const { return misses_ >= misses_until_silent_; }

 private:
    struct Waiting {
        Decimal filled;
        Instant missed_at;
    };
    Duration miss_after_;
    int misses_until_silent_;
    int misses_{0};
    int announced_in_a_row_{0};
    std::map<OrderKey, Waiting> waiting_;
};

}  // namespace janus::webull
