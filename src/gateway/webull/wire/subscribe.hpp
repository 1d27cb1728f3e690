#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// The two protobuf messages of the trade-event stream, written and read by hand (proto3).
/// Source: reference 6.1.
namespace janus::webull::wire {

/// What the subscription asks for: a bit set.
enum class SubscribeBits : std::uint32_t { Orders = 1, Positions = 2, Options = 4 };

/// The one request of the stream.
struct SubscribeRequest {
    std::uint32_t subscribe_type{0};
    std::int64_t timestamp{0};  ///< Epoch milliseconds.
    std::string content_type;
    std::string payload;
    std::vector<std::string> accounts;
    friend bool operator==(const SubscribeRequest&, const SubscribeRequest&) = default;
};

/// The event types that Janus knows; others are kept as their number.
namespace event_type {
inline constexpr std::uint32_t subscribe_success = 0;
inline constexpr std::uint32_t ping = 1;
inline constexpr std::uint32_t auth_error = 2;
inline constexpr std::uint32_t connections_exceeded = 3;
inline constexpr std::uint32_t subscribe_expired = 4;
inline constexpr std::uint32_t order = 1024;
inline constexpr std::uint32_t position = 1028;
inline constexpr std::uint32_t option = 1032;
}  // namespace event_type

/// One message of the stream.
struct SubscribeResponse {
    std::uint32_t event_type{0};
    std::uint32_t subscribe_type{0};
    std::string content_type;
    std::string payload;
    std::string request_id;
    std::int64_t timestamp{0};
    friend bool operator==(const SubscribeResponse&, const SubscribeResponse&) = default;
};

inline constexpr std::size_t stream_message_size_max = 1U << 20U;

/// Fields with their default value are left out, as proto3 does it.
std::string encode(const SubscribeRequest& request);
std::string encode(const SubscribeResponse& response);
/// Unknown fields are skipped. Errors: `Malformed` for broken bytes, a known field with another
/// wire type, or more than `stream_message_size_max` bytes.
Result<SubscribeRequest> decode_subscribe_request(std::string_view bytes);
Result<SubscribeResponse> decode_subscribe_response(std::string_view bytes);

}  // namespace janus::webull::wire
