#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "gateway/webull/test_desk.hpp"

/// A desk with an order at work, for tests of what happens next.
namespace janus::webull {

inline constexpr auto place_path = "/trading/orders/place";
inline constexpr auto detail_path = "/trading/orders/get";
inline constexpr auto open_path = "/trading/orders/open-orders/list";
inline constexpr auto history_path = "/trading/orders/historical-orders/list";
inline constexpr auto positions_path = "/trading/assets/positions/list";

inline std::string receipt(std::string_view client) {
    return fmt::format(R"({{"client_order_id":"{0}","order_id":"B{0}"}})", client);
}

/// Ready, subscribed, and with order 7 working, which REST shows as well.
inline Desk working_desk() {
    Desk desk;
    desk.start(true);
    EXPECT_EQ(desk.gate(), "ready");
    EXPECT_EQ(desk.stream_state(), "live");
    desk.replies[place_path] = ok(receipt(client_1.value));
    desk.replies[open_path] = ok("[" + order_group(client_1.value, "SUBMITTED") + "]");
    desk.command(desk.place_command());
    desk.forget();
    return desk;
}

}  // namespace janus::webull
