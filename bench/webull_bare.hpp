#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>

/// What the decoder of trade events is compared with: loops that do a part of its work and nothing
/// else. No check of ranges, no escapes, no unknown members, no events.
namespace janus::bench {

/// The members of an order event that its application needs.
enum class Member { ClientOrderId, Status, Quantity, Filled, Average, Count };
using Members = std::array<std::string_view, static_cast<std::size_t>(Member::Count)>;

/// Finds the payload of each message and, with memchr, its members.
struct FindMembers {
    void consume(std::string_view message);
    std::uint64_t sum{0};
};

/// The latest values of one order.
struct OrderSlot {
    std::int64_t quantity{0};
    std::int64_t filled{0};
    std::int64_t average{0};
    std::uint64_t rises{0};
    bool is_final{false};
};

/// Also reads their numbers, and keeps them in a slot of the order.
struct KeepOrders {
    void consume(std::string_view message);
    std::unordered_map<std::string_view, OrderSlot> slots;
};

}  // namespace janus::bench
