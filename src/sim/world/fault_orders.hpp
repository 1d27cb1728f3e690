#pragma once

#include <algorithm>

#include <gtest/gtest.h>

#include "sim/world/fault_world.hpp"

namespace janus::sim {

using namespace std::chrono_literals;

using Lines = std::vector<std::string>;
using Path = std::vector<OrderState>;

inline constexpr std::int64_t ib_client_id = 11;

/// IB shows every order as PreSubmitted first.
inline const Path to_filled{OrderState::PendingNew, OrderState::Held, OrderState::Working,
                            OrderState::Filled};

inline FaultWorldOptions whole_fills() {
    return {.scenario = [](Scenario& scenario) {
        scenario.partial_fill_above = {Decimal::from_integer(1000)};
    }};
}

inline bool has(const Lines& lines, std::string_view wanted) {
    return std::ranges::find(lines, wanted) != lines.end();
}

/// What a status message of IB says of an order of ours that the exchange does not make.
inline void tell_status(FaultWorld& world, const Asked<Order>& placed, std::string_view status,
                        std::string_view why_held = {}) {
    const auto order = world.order(placed).order;
    world.tell_client(fmt::format("3|{}|{}|0|{}|0|{}|0|0|{}|{}|0", order.ref.number, status,
                                  order.quantity, order.ref.permanent, ib_client_id, why_held));
    world.run(100ms);
}

inline void tell_error(FaultWorld& world, const Asked<Order>& placed, int code,
                       std::string_view text) {
    world.tell_client(
        fmt::format("4|{}|{}|{}||0", world.order(placed).order.ref.number, code, text));
    world.run(100ms);
}

inline OrderState state_of(const FaultWorld& world, const Asked<Order>& placed) {
    return world.order(placed).order.state;
}

inline const Order* find_external(const std::vector<Order>& orders, std::string_view symbol) {
    const auto found = std::ranges::find_if(
        orders, [&](const Order& order) { return order.external && order.symbol == symbol; });
    return found == orders.end() ? nullptr : &*found;
}

/// Places an order that rests, and sees it work.
inline Asked<Order> rest(FaultWorld& world, std::string_view symbol = "AAPL",
                         std::string_view quantity = "5") {
    const auto placed = world.place(FaultWorld::intent(symbol, quantity, "1.00"));
    world.run(1s);
    EXPECT_EQ(state_of(world, placed), OrderState::Working);
    return placed;
}

/// Lets an order that rests at one dollar fill at the market.
inline void fill(FaultWorld& world, const Asked<Order>& placed, std::string_view quantity) {
    ASSERT_TRUE(world.exchange().force_fill(world.now(), world.truth_of(placed)->id,
                                            quantity_of(quantity)));
    world.run(100ms);
}

}  // namespace janus::sim
