// Orders that belong together, changes of orders, and orders that were made by hand.
#include <gtest/gtest.h>

#include "sim/ib/faulty_world.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

/// Status by order id, as last told.
std::map<std::string, std::string> statuses(const std::vector<Fields>& messages) {
    std::map<std::string, std::string> result;
    for (const auto& fields : messages)
        if (fields.at(0) == "3") result[fields.at(1)] = fields.at(2);
    return result;
}

std::vector<std::string> codes(const std::vector<Fields>& messages) {
    std::vector<std::string> result;
    for (const auto& fields : messages)
        if (fields.at(0) == "4") result.push_back(code_of(fields, 200));
    return result;
}

TestOrder entry() {
    return {.order_id = 1, .type = "LMT", .limit = "191.00", .transmit = "0"};
}
TestOrder profit(std::string transmit = "0") {
    return {.order_id = 2,
            .action = "SELL",
            .type = "LMT",
            .limit = "195.00",
            .transmit = std::move(transmit),
            .parent = "1"};
}
TestOrder loss(std::string transmit = "1") {
    return {.order_id = 3,
            .action = "SELL",
            .type = "STP",
            .stop = "185.00",
            .transmit = std::move(transmit),
            .parent = "1"};
}

TEST(IbOrderGroups, ABracketIsParkedUntilItsLastOrderReleasesIt) {
    Faulty world;
    world.place(entry());
    world.place(profit());
    EXPECT_TRUE(world.received().empty());
    EXPECT_TRUE(world.exchange.orders().empty());
    world.place(loss());
    const auto messages = world.received();
    EXPECT_EQ(ids_of(messages), "5 3 5 3 5 3");
    EXPECT_EQ(messages[3][10], "child");
    EXPECT_EQ(messages[5][10], "child,trigger");
    EXPECT_EQ(messages[3][7], "1");  // The parent's order id.
}

TEST(IbOrderGroups, ChildrenGoLiveWithTheFillAndOneEndsTheOther) {
    Faulty world;
    world.place(entry());
    world.place(profit());
    world.place(loss());
    world.advance(1s);
    auto told = statuses(world.received());
    EXPECT_EQ(told["1"], "Filled");
    EXPECT_EQ(told["2"], "Submitted");
    EXPECT_EQ(told["3"], "PreSubmitted");
    world.move_price("195.50");
    world.advance(1s);
    const auto messages = world.received();
    told = statuses(messages);
    EXPECT_EQ(told["2"], "Filled");
    EXPECT_EQ(told["3"], "Cancelled");
    EXPECT_EQ(codes(messages), std::vector<std::string>{"202"});
}

TEST(IbOrderGroups, TheCancelOfAParentEndsItsChildren) {
    Faulty world;
    auto parent = entry();
    parent.limit = "150.00";
    world.place(parent);
    world.place(profit());
    world.place(loss());
    world.received();
    world.cancel(world.connection, 200, 1);
    const auto told = statuses(world.received());
    EXPECT_EQ(told.size(), 3u);
    for (const auto& [id, status] : told) EXPECT_EQ(status, "Cancelled") << id;
}

TEST(IbOrderGroups, AParkedOrderIsReplacedReleasedOrCancelledWithoutTrading) {
    Faulty world;
    world.place(entry());
    auto changed = entry();
    changed.quantity = "20";
    world.place(changed);
    changed.transmit = "1";
    world.place(changed);
    EXPECT_EQ(first_of(world.received(), "5")[14], "20");
    world.place({.order_id = 5, .transmit = "0"});
    world.cancel(world.connection, 200, 5);
    EXPECT_EQ(codes(world.received()), std::vector<std::string>{"202"});
    world.place({.order_id = 5});
    EXPECT_EQ(codes(world.received()), std::vector<std::string>{"103"});
}

TEST(IbOrderGroups, AGroupCancelsItsOthersAtTheFirstFill) {
    Faulty world;
    world.place({.order_id = 1, .quantity = "90", .oca_group = "g", .oca_type = "1"});
    world.place({.order_id = 2, .type = "LMT", .limit = "150", .oca_group = "g", .oca_type = "1"});
    world.place({.order_id = 3, .type = "LMT", .limit = "150", .oca_group = "h", .oca_type = "1"});
    world.received();
    world.advance(310ms);
    const auto messages = world.received();
    auto told = statuses(messages);
    EXPECT_EQ(told["2"], "Cancelled");
    EXPECT_NE(told["3"], "Cancelled");
    EXPECT_EQ(codes(messages), std::vector<std::string>{"202"});
}

TEST(IbOrderGroups, AGroupOfTheOtherTypesIsReducedInProportion) {
    for (const std::string type : {"2", "3"}) {
        Faulty world;
        world.place({.order_id = 1, .quantity = "90", .oca_group = "g", .oca_type = type});
        world.place({.order_id = 2,
                     .quantity = "60",
                     .type = "LMT",
                     .limit = "150",
                     .oca_group = "g",
                     .oca_type = type});
        world.received();
        world.advance(310ms);
        std::string quantity;
        for (const auto& fields : world.received())
            if (fields[0] == "5" && fields[1] == "2") quantity = fields[14];
        EXPECT_EQ(quantity, "40") << type;
    }
}

TEST(IbOrderGroups, ALiveOrderChangesPriceQuantityAndLifetime) {
    Faulty world;
    world.place(resting());
    world.received();
    auto changed = resting();
    changed.limit = "151.00";
    changed.quantity = "12";
    changed.time_in_force = "GTC";
    world.place(changed);
    const auto messages = world.received();
    EXPECT_EQ(ids_of(messages), "5 3");
    EXPECT_EQ(messages[0][14], "12");
    EXPECT_EQ(messages[0][16], "151");
    EXPECT_EQ(messages[0][18], "GTC");
    EXPECT_EQ(world.exchange.orders().size(), 1u);
}

TEST(IbOrderGroups, ATrailChangesItsDistance) {
    Faulty world;
    TestOrder order{.action = "SELL", .type = "TRAIL", .stop = "2.00"};
    world.place(order);
    world.received();
    order.stop = "5.00";
    world.place(order);
    EXPECT_EQ(first_of(world.received(), "5")[73], "185.5");
}

TEST(IbOrderGroups, AWrongChangeIsRefusedByItsRuleAndTheOrderLives) {
    struct Case {
        std::string name;
        TestOrder order;
        std::string code;
    };
    const auto changed = [](auto change) {
        auto order = resting();
        order.quantity = "90";
        change(order);
        return order;
    };
    const std::vector<Case> cases{
        {"another type",    changed([](TestOrder& order) {
             order.type = "STP";
             order.stop = "195.00";
         }),
         "329"                                                                                     },
        {"another side",    changed([](TestOrder& order) { order.action = "SELL"; }),       "105"  },
        {"another account", changed([](TestOrder& order) { order.account = "DU1000002"; }), "105"  },
        {"a group",         changed([](TestOrder& order) { order.oca_group = "g"; }),       "10326"},
        {"off the grid",    changed([](TestOrder& order) { order.limit = "150.005"; }),     "110"  },
        {"nothing",         changed([](TestOrder& order) { order.quantity = "0"; }),        "434"  },
    };
    Faulty world;
    world.place(changed([](TestOrder&) {}));
    world.received();
    for (const auto& example : cases) {
        world.place(example.order);
        const auto messages = world.received();
        EXPECT_EQ(ids_of(messages), "4") << example.name;
        EXPECT_EQ(codes(messages), std::vector<std::string>{example.code}) << example.name;
    }
    EXPECT_EQ(ids_of(world.ask({"5", "1"})), "5 3 53");
}

TEST(IbOrderGroups, AQuantityBelowWhatIsFilledIsRefused) {
    Faulty world;
    TestOrder order{.quantity = "90", .type = "LMT", .limit = "191.00"};
    world.place(order);
    world.advance(310ms);
    world.received();
    order.quantity = "30";
    world.place(order);
    EXPECT_EQ(codes(world.received()), std::vector<std::string>{"201"});
    order.quantity = "31";
    world.place(order);
    EXPECT_EQ(codes(world.received()), std::vector<std::string>{});
    world.advance(1s);
    EXPECT_EQ(statuses(world.received())["1"], "Filled");
}

TEST(IbOrderGroups, AFaultRefusesAChangeOrKeepsItsAnswerBack) {
    Faulty world;
    world.place(resting());
    world.received();
    auto changed = resting();
    changed.limit = "151.00";
    ASSERT_TRUE(world.fault("modify_refused", {
                                                  {"code",  "2102"},
                                                  {"count", "1"   }
    }));
    world.place(changed);
    EXPECT_EQ(codes(world.received()), std::vector<std::string>{"2102"});
    for (const std::string apply : {"0", "1"}) {
        ASSERT_TRUE(world.fault("modify_without_answer", {
                                                             {"apply", apply},
                                                             {"count", "1"  }
        }));
        world.place(changed);
        EXPECT_TRUE(world.received().empty()) << apply;
        const auto shown = first_of(world.ask({"5", "1"}), "5");
        EXPECT_EQ(shown[16], apply == "1" ? "151" : "150");
    }
    changed.limit = "152.00";
    world.place(changed);
    EXPECT_EQ(first_of(world.received(), "5")[16], "152");
}

TEST(IbOrderGroups, AWhatIfComparesTheAccountBeforeAndAfter) {
    Faulty world;
    world.place({.action = "SELL", .what_if = "1"});
    const auto order = first_of(world.received(), "5");
    EXPECT_EQ(order[97], "-571.5");  // Less is held: 30 % of 10 x 190.50 are free again.
    EXPECT_EQ(order[107], "USD");
    EXPECT_EQ(order[118], "");
    world.place({.quantity = "100000", .what_if = "1"});
    const auto too_much = first_of(world.received(), "5");
    EXPECT_EQ(too_much[118], "The initial margin would exceed the equity of the account.");
    EXPECT_EQ(too_much[120], too_much[118]);
    ASSERT_TRUE(world.fault("preview_without_answer", {
                                                          {"count", "1"}
    }));
    world.place({.order_id = 2, .what_if = "1"});
    EXPECT_TRUE(world.received().empty());
    world.place({.order_id = 2, .what_if = "1"});
    EXPECT_EQ(ids_of(world.received()), "5");
    EXPECT_TRUE(world.exchange.orders().empty());
}

TEST(IbOrderGroups, DeactivatedOrdersAreInactiveAndComeBack) {
    Faulty world;
    world.place(resting());
    world.advance(1s);
    world.received();
    ASSERT_TRUE(world.fault("deactivate_orders"));
    EXPECT_EQ(statuses(world.received())["1"], "Inactive");
    EXPECT_EQ(ids_of(world.ask({"5", "1"})), "5 3 53");
    world.fault_off("deactivate_orders");
    EXPECT_EQ(statuses(world.received())["1"], "Submitted");
    world.move_price("149.00");
    world.advance(1s);
    EXPECT_EQ(statuses(world.received())["1"], "Filled");
}

TEST(IbOrderGroups, ClientZeroGetsNumbersForOrdersMadeByHandAndMayCancelThem) {
    Faulty world;
    const auto zero = world.client(200, 0);
    const IbExternalOrder by_hand{.account = "DU1000001",
                                  .symbol = "MSFT",
                                  .type = OrderType::Limit,
                                  .quantity = {Decimal::from_integer(3)},
                                  .limit_price = Price{Decimal::from_integer(300)}};
    ASSERT_TRUE(world.server.external_order(world.now(), by_hand));
    world.pump();
    EXPECT_EQ(first_of(world.take(zero), "5")[1], "0");
    world.send(zero, {"5", "1"});
    auto messages = world.take(zero);
    EXPECT_EQ(ids_of(messages), "100 5 3 53");
    EXPECT_EQ(messages[0][3], "-1");
    EXPECT_EQ(messages[1][1], "-1");
    world.send(zero, {"15", "1", "1"});
    ASSERT_TRUE(world.server.external_order(world.now(), by_hand));
    world.pump();
    EXPECT_EQ(first_of(world.take(zero), "100")[3], "-2");
    world.cancel(zero, 200, -1);
    EXPECT_EQ(statuses(world.take(zero))["-1"], "Cancelled");
    world.cancel(world.connection, 200, -2);
    EXPECT_EQ(world.error_code(), "10147");
}

}  // namespace
}  // namespace janus::sim::ib
