#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace janus::bench {

/// The account of every order here.
inline constexpr auto webull_account = "JNS7QK20ACC0001";
inline constexpr auto webull_quantity = "100";

/// The client order id of one order, and the broker's own id.
std::string webull_client_id(std::size_t order);
std::string webull_order_id(std::size_t order);

/// What the trade-event stream sends while these orders fill: serialized messages, and what must
/// have become of the orders after them.
struct WebullStream {
    std::vector<std::string> messages;
    std::size_t orders{0};
    std::size_t fills{0};  ///< Rises of a filled quantity; one message in five repeats the last.
};
/// Five messages an order: three partial fills, the last of them twice, and the final one. As many
/// orders as `side_by_side` fill at a time.
WebullStream make_webull_stream(std::size_t orders, std::size_t side_by_side = 50);

}  // namespace janus::bench
