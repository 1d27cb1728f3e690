#include <chrono>

#include "core/test_world.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::BrokerStatus;
using testing::Test;

/// API-05 and API-06: slips of the hand and storms of orders.
class OrderLimitsTest : public Test {
 protected:
    RiskLimits& limits() { return world.settings.accounts.front().limits; }
    void expect_denied(const OrderIntent& intent, const std::string& words) {
        const auto before = world.ib->count<gateway::PlaceOrder>();
        const auto error = error_of(world.place(intent));
        EXPECT_EQ(error.code, ErrorCode::Denied) << error.message;
        EXPECT_NE(error.message.find(words), std::string::npos) << error.message;
        EXPECT_EQ(world.ib->count<gateway::PlaceOrder>(), before);
    }
    OrderIntent at_limit(const std::string& key, const std::string& limit,
                         Side side = Side::Buy) const {
        auto intent = world.intent(key);
        intent.side = side;
        intent.limit_price = price_of(limit);
        return intent;
    }
    void quote(const std::string& bid, const std::string& ask) {
        const auto id = world.ib->sent<gateway::SubscribeTicks>().back().subscription;
        world.ib->ticks.push_back({id, TickField::Bid, decimal_of(bid)});
        world.ib->ticks.push_back({id, TickField::Ask, decimal_of(ask)});
        world.settle();
    }

    World world;
};

TEST_F(OrderLimitsTest, OpenOrdersAreCountedAtTheEdgeAndFreedByTheirEnd) {
    limits().max_open_orders = decimal_of("2");
    world.start();
    world.placed(world.intent("k1"));
    world.placed(world.intent("k2"));
    expect_denied(world.intent("k3"), "max_open_orders 2");
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.cancel(OrderId{1});
    expect_denied(world.intent("k3"), "has 2 open orders");
    world.report_now(OrderId{1}, BrokerStatus::Cancelled);
    world.placed(world.intent("k3"));
    auto elsewhere = world.intent("k4");
    elsewhere.account = AccountName{"webull"};
    world.placed(elsewhere);
}

TEST_F(OrderLimitsTest, ABracketNeedsRoomForItsThreeOrders) {
    limits().max_open_orders = decimal_of("2");
    world.start();
    std::optional<Result<std::vector<Order>>> answered;
    world.engine->place_bracket(world.now, {world.intent("b"), price_of("200"), price_of("180")},
                                Caller{"tester"},
                                [&](Result<std::vector<Order>> outcome) { answered = outcome; });
    world.settle();
    ASSERT_TRUE(answered && !*answered);
    EXPECT_NE(answered->error().message.find("3 more would be above"), std::string::npos);
}

TEST_F(OrderLimitsTest, AStormIsCutOffUntilTheSecondHasPassed) {
    limits().max_orders_per_second = decimal_of("2");
    world.start();
    world.placed(world.intent("k1"));
    world.pass(500ms);
    world.placed(world.intent("k2"));
    expect_denied(world.intent("k3"), "max_orders_per_second 2");
    world.place(world.intent("k2"));  // A repeat is no new order.
    world.pass(499ms);
    expect_denied(world.intent("k3"), "has placed 2 orders within a second");
    world.pass(1ms);
    world.placed(world.intent("k3"));
    expect_denied(world.intent("k4"), "max_orders_per_second");
    EXPECT_TRUE(world.cancel(OrderId{1}) != nullptr) << "cancels have no such limit";
    EXPECT_EQ(world.ib->count<gateway::CancelOrder>(), 1U);
}

TEST_F(OrderLimitsTest, ALimitFarWorseThanTheMarketIsDenied) {
    limits().price_distance_max = decimal_of("5");
    world.start();
    quote("99", "100");
    world.placed(at_limit("k1", "105"));
    expect_denied(at_limit("k2", "105.01"), "price_distance_max 5 % worse than the market at 100");
    world.placed(at_limit("k3", "1"));
    world.placed(at_limit("k4", "94.05", Side::Sell));
    expect_denied(at_limit("k5", "94.04", Side::Sell), "worse than the market at 99");
    world.placed(at_limit("k6", "1000", Side::Sell));
}

TEST_F(OrderLimitsTest, WithoutALivePriceTheDistanceIsDenied) {
    limits().price_distance_max = decimal_of("5");
    world.start();
    expect_denied(at_limit("k1", "100"), "no fresh live quote");
    quote("99", "100");
    world.pass(10s + 1ms);
    expect_denied(at_limit("k2", "100"), "no fresh live quote");
    quote("99", "101");
    world.placed(at_limit("k3", "100"));
}

TEST_F(OrderLimitsTest, AStopLimitIsForAMarketThatHasMoved) {
    limits().price_distance_max = decimal_of("5");
    world.start();
    quote("99", "100");
    auto intent = at_limit("k1", "130");
    intent.type = OrderType::StopLimit;
    intent.stop_price = price_of("129");
    world.placed(intent);
}

TEST_F(OrderLimitsTest, AModificationMayNotSlipEither) {
    limits().price_distance_max = decimal_of("5");
    world.start();
    quote("99", "100");
    const auto id = world.placed(at_limit("k1", "90"));
    world.report_now(id, BrokerStatus::Working);
    const auto error = error_of(world.modify(id, {.limit_price = price_of("900")}));
    EXPECT_EQ(error.code, ErrorCode::Denied);
    EXPECT_NE(error.message.find("price_distance_max"), std::string::npos);
    world.modify(id, {.limit_price = price_of("104")});
    EXPECT_EQ(world.ib->count<gateway::ModifyOrder>(), 1U);
}

}  // namespace
}  // namespace janus::core
