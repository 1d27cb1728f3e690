#include "bench/webull_bare.hpp"

#include <cstring>

namespace janus::bench {
namespace {

constexpr std::uint64_t payload_field = 4;
constexpr std::uint64_t bytes_type = 2;

constexpr std::array<std::string_view, static_cast<std::size_t>(Member::Count)> names{
    "client_order_id", "order_status", "qty", "filled_qty", "filled_price"};

std::uint64_t varint(const char*& at) {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        const auto byte = static_cast<unsigned char>(*at++);
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
        if (byte < 0x80U) return value;
    }
}

std::string_view payload_of(std::string_view message) {
    const char* at = message.data();
    const char* const end = at + message.size();
    while (at < end) {
        const auto tag = varint(at);
        const auto value = varint(at);
        if ((tag & 7U) != bytes_type) continue;
        if (tag >> 3U == payload_field) return {at, static_cast<std::size_t>(value)};
        at += value;
    }
    return {};
}

/// The next text in quotes; behind its end afterwards.
std::string_view next_text(const char*& at, const char* end) {
    const auto quote = [end](const char* from) {
        return static_cast<const char*>(
            std::memchr(from, '"', static_cast<std::size_t>(end - from)));
    };
    const char* const begin = quote(at);
    if (begin == nullptr) return {};
    const char* const stop = quote(begin + 1);
    at = stop + 1;
    return {begin + 1, static_cast<std::size_t>(stop - begin - 1)};
}

Members members_of(std::string_view payload) {
    Members found;
    const char* at = payload.data();
    const char* const end = at + payload.size();
    for (;;) {
        const auto name = next_text(at, end);
        if (name.empty()) return found;
        const auto value = next_text(at, end);
        for (std::size_t i = 0; i < names.size(); ++i)
            if (name == names[i]) found[i] = value;
    }
}

/// In units of 1e-8; what lies behind the eighth place is dropped.
std::int64_t units(std::string_view text) {
    std::int64_t value = 0;
    int places = -1;
    for (const char c : text) {
        if (c == '.') {
            places = 0;
        } else if (places < 8) {
            value = value * 10 + (c - '0');
            places += places >= 0 ? 1 : 0;
        }
    }
    for (places = places < 0 ? 0 : places; places < 8; ++places) value *= 10;
    return value;
}

std::string_view member(const Members& members, Member which) {
    return members[static_cast<std::size_t>(which)];
}

}  // namespace

void FindMembers::consume(std::string_view message) {
    for (const auto& value : members_of(payload_of(message))) sum += value.size();
}

void KeepOrders::consume(std::string_view message) {
    const auto members = members_of(payload_of(message));
    auto& slot = slots[member(members, Member::ClientOrderId)];
    const auto filled = units(member(members, Member::Filled));
    if (filled > slot.filled) ++slot.rises;
    slot.quantity = units(member(members, Member::Quantity));
    slot.filled = filled;
    slot.average = units(member(members, Member::Average));
    slot.is_final = member(members, Member::Status) == "FILLED";
}

}  // namespace janus::bench
