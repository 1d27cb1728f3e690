#pragma once

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "sim/world/fault_world.hpp"

/// What the tests of faults at Webull share.
namespace janus::sim {

using namespace std::chrono_literals;

using Values = FaultWorld::Values;
using Lines = std::vector<std::string>;
using Path = std::vector<OrderState>;

inline const AccountName webull_account{"webull_personal"};
/// The stream of the first app key, and that of the other, as health names them.
inline constexpr auto stream_name = "stream webull_personal+webull_second";
inline constexpr auto other_stream_name = "stream webull_other";

/// A world in which Webull may be in trouble, and IB may not notice. Orders fill as a whole.
inline FaultWorldOptions webull_world(WebullServerSettings server = {}) {
    FaultWorldOptions options{.trouble = Trouble::WebullOnly, .webull_server = server};
    options.scenario = [](Scenario& scenario) {
        scenario.partial_fill_above = {Decimal::from_integer(1000)};
    };
    return options;
}

inline OrderState state_of(const FaultWorld& world, const Asked<Order>& placed) {
    return world.order(placed).order.state;
}

inline Quantity filled_of(const FaultWorld& world, const Asked<Order>& placed) {
    return world.order(placed).order.filled;
}

/// Connected, with an open event stream for each app key.
inline void connect(FaultWorld& world) {
    ASSERT_TRUE(world.connect());
    world.run(1s);
    ASSERT_EQ(world.health(stream_name), "live");
    ASSERT_EQ(world.health(other_stream_name), "live");
}

/// Places an order that rests, and sees it work.
inline Asked<Order> rest_at_webull(FaultWorld& world, std::string_view symbol = "AAPL",
                                   std::string_view quantity = "5") {
    const auto placed = world.place(FaultWorld::webull_intent(symbol, quantity, "1.00"));
    world.run(1s);
    EXPECT_EQ(state_of(world, placed), OrderState::Working);
    return placed;
}

/// Lets an order that rests fill at the market.
inline void fill_at_webull(FaultWorld& world, const Asked<Order>& placed,
                           std::string_view quantity) {
    ASSERT_TRUE(world.exchange().force_fill(world.now(), world.truth_of(placed)->id,
                                            quantity_of(quantity)));
    world.run(100ms);
}

/// An order event as Webull writes it, about an order of ours.
inline std::string event_of(const FaultWorld& world, const Asked<Order>& placed,
                            std::string_view scene, std::string_view status,
                            std::string_view filled, std::string_view price = "10") {
    const auto order = world.order(placed).order;
    return fmt::format(
        R"({{"account_id":"WBSIM0000000001","order_id":"{}","client_order_id":"{}",)"
        R"("order_status":"{}","symbol":"{}","qty":"{}","filled_qty":"{}",)"
        R"("filled_price":"{}","side":"BUY","scene_type":"{}","category":"US_STOCK",)"
        R"("order_type":"LIMIT"}})",
        order.ref.permanent, order.client_order_id, status, order.symbol, order.quantity, filled,
        price, scene);
}

/// How many executions Janus has booked for an order.
inline std::size_t executions_of(const FaultWorld& world, const Asked<Order>& placed) {
    return world.order(placed).executions.size();
}

}  // namespace janus::sim
