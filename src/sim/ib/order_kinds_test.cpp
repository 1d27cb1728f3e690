// Order types, times in force and sessions beyond the plain ones.
#include <gtest/gtest.h>

#include "sim/ib/faulty_world.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

/// Of the openOrder at version 200.
constexpr std::size_t limit_field = 16;
constexpr std::size_t status_field = 93;
constexpr std::size_t trail_stop_field = 73;
constexpr std::size_t trail_percent_field = 74;

std::string last_status(const std::vector<Fields>& messages) {
    std::string status;
    for (const auto& fields : messages)
        if (fields.at(0) == "3") status = fields.at(2);
    return status;
}

TEST(IbOrderKinds, ATrailShowsItsStopAsItMoves) {
    Faulty world;
    world.place({.action = "SELL", .type = "TRAIL", .stop = "2.00"});
    auto order = first_of(world.received(), "5");
    EXPECT_EQ(order[trail_stop_field], "188.5");
    EXPECT_EQ(order[126], "188.5");
    EXPECT_EQ(order[17], "2");
    EXPECT_EQ(order[status_field], "PreSubmitted");
    world.move_price("195.00");
    order = first_of(world.received(), "5");
    EXPECT_EQ(order[trail_stop_field], "193");
    world.move_price("194.00");
    EXPECT_TRUE(world.received().empty());
    world.move_price("193.00");
    world.advance(1s);
    EXPECT_EQ(last_status(world.received()), "Filled");
}

TEST(IbOrderKinds, ATrailTakesAPercentAndAStartingStop) {
    Faulty world;
    world.place({.action = "SELL", .type = "TRAIL", .trail_stop = "180.00", .trail_percent = "10"});
    const auto order = first_of(world.received(), "5");
    EXPECT_EQ(order[trail_stop_field], "180");
    EXPECT_EQ(order[trail_percent_field], "10");
    world.move_price("210.00");
    EXPECT_EQ(first_of(world.received(), "5")[trail_stop_field], "189");
}

TEST(IbOrderKinds, ATrailingLimitKeepsItsOffsetWhetherGivenOrMeant) {
    for (const bool given : {true, false}) {
        Faulty world;
        world.place({.action = "SELL",
                     .type = "TRAIL LIMIT",
                     .limit = given ? "" : "188.90",
                     .stop = "1.50",
                     .trail_stop = "189.00",
                     .limit_offset = given ? "0.10" : ""});
        auto order = first_of(world.received(), "5");
        EXPECT_EQ(order[limit_field], "188.9") << given;
        EXPECT_EQ(order[127], given ? "0.1" : "1.7976931348623157E308");
        world.move_price("192.00");
        order = first_of(world.received(), "5");
        EXPECT_EQ(order[trail_stop_field], "190.5");
        EXPECT_EQ(order[limit_field], "190.4") << given;
    }
}

TEST(IbOrderKinds, AnOrderIfTouchedWaitsForTheBetterPrice) {
    Faulty world;
    world.place({.type = "MIT", .stop = "189.00"});
    world.place({.order_id = 2, .type = "LIT", .limit = "189.50", .stop = "189.00"});
    world.advance(1s);
    EXPECT_EQ(last_status(world.received()), "PreSubmitted");
    world.move_price("189.00");
    world.advance(1s);
    EXPECT_EQ(world.exchange.executions().size(), 2u);
}

TEST(IbOrderKinds, TheRestOfAnImmediateOrderIsCancelledWith202) {
    Faulty world;
    world.place({.quantity = "400", .type = "LMT", .limit = "191.00", .time_in_force = "IOC"});
    world.advance(1s);
    const auto messages = world.received();
    EXPECT_EQ(first_of(messages, "11")[19], "300");
    EXPECT_EQ(last_status(messages), "Cancelled");
    EXPECT_EQ(code_of(first_of(messages, "4"), 200), "202");
}

TEST(IbOrderKinds, FillOrKillFillsWholeOrNotAtAll) {
    Faulty world;
    world.place({.quantity = "400", .time_in_force = "FOK"});
    world.advance(1s);
    auto messages = world.received();
    EXPECT_TRUE(first_of(messages, "11").empty());
    EXPECT_EQ(last_status(messages), "Cancelled");
    world.place({.order_id = 2, .quantity = "300", .time_in_force = "FOK"});
    world.advance(1s);
    messages = world.received();
    EXPECT_EQ(first_of(messages, "11")[19], "300");
    EXPECT_EQ(last_status(messages), "Filled");
}

TEST(IbOrderKinds, GoodTillDateIsReadInItsFormsAndEndsByTheClock) {
    // The clock of the test world begins at 20261130 16:00:00.
    for (const std::string form :
         {"20261130-16:10:00", "20261130 16:10:00 UTC", "20261130 16:10:00", "20261130"}) {
        Faulty world;
        world.place({.type = "LMT", .limit = "150.00", .time_in_force = "GTD", .good_till = form});
        const bool no_zone = form == "20261130 16:10:00";
        auto messages = world.received();
        EXPECT_EQ(first_of(messages, "5")[35], form);
        EXPECT_EQ(first_of(messages, "4").empty(), !no_zone) << form;
        if (no_zone) EXPECT_EQ(code_of(first_of(messages, "4"), 200), "2174");
        world.advance(form.size() > 8 ? 10min : 8h - 2s);
        const bool at_ten = form.size() > 8;
        EXPECT_EQ(last_status(world.received()), at_ten ? "Cancelled" : "Submitted") << form;
        world.advance(2s);
        EXPECT_EQ(world.exchange.orders().begin()->second.state, ExchangeState::Cancelled) << form;
    }
}

TEST(IbOrderKinds, AClosedMarketWarnsWith399AndTheOrderLives) {
    Faulty world;
    ASSERT_TRUE(world.fault("market_phase"));
    world.place();
    world.advance(2s);
    auto messages = world.received();
    EXPECT_EQ(code_of(first_of(messages, "4"), 200), "399");
    EXPECT_EQ(last_status(messages), "PreSubmitted");
    EXPECT_EQ(first_of(messages, "3")[10], "");
    world.fault_off("market_phase");
    world.advance(2s);
    messages = world.received();
    EXPECT_EQ(first_of(messages, "3")[2], "Submitted");
    EXPECT_EQ(last_status(messages), "Filled");
}

TEST(IbOrderKinds, OrdersOutsideRegularHoursTradeThenUnlessTheirTypeForbidsIt) {
    Faulty world;
    ASSERT_TRUE(world.fault("market_phase", {
                                                {"phase", "extended"}
    }));
    world.place({.type = "LMT", .limit = "191.00", .outside_regular_hours = "1"});
    world.advance(1s);
    EXPECT_EQ(last_status(world.received()), "Filled");
    world.place({.order_id = 2, .type = "LMT", .limit = "191.00"});
    world.advance(1s);
    EXPECT_EQ(last_status(world.received()), "PreSubmitted");
    world.place({.order_id = 3, .outside_regular_hours = "1"});
    EXPECT_EQ(code_of(first_of(world.received(), "4"), 200), "2109");
}

TEST(IbOrderKinds, TheNightTakesLimitOrdersForIt) {
    Faulty world;
    ASSERT_TRUE(world.fault("market_phase", {
                                                {"phase", "overnight"}
    }));
    world.place({.type = "LMT", .limit = "191.00", .overnight = "1"});
    world.advance(1s);
    const auto messages = world.received();
    EXPECT_EQ(first_of(messages, "5")[151], "1");
    EXPECT_EQ(last_status(messages), "Filled");
}

TEST(IbOrderKinds, OrdersOnCloseAndAtTheOpeningFillInTheirAuctions) {
    Faulty world;
    world.place({.type = "MOC"});
    world.place({.order_id = 2, .type = "LOC", .limit = "191.00"});
    world.place({.order_id = 3, .time_in_force = "OPG"});
    world.advance(5s);
    EXPECT_TRUE(world.exchange.executions().empty());
    EXPECT_TRUE(first_of(world.received(), "4").empty());
    ASSERT_TRUE(world.fault("market_phase"));
    world.advance(1s);
    EXPECT_EQ(world.exchange.executions().size(), 2u);
    world.fault_off("market_phase");
    world.advance(1s);
    EXPECT_EQ(world.exchange.executions().size(), 3u);
}

TEST(IbOrderKinds, AnUnknownMarketPhaseIsRefused) {
    Faulty world;
    EXPECT_FALSE(world.fault("market_phase", {
                                                 {"phase", "noon"}
    }));
}

TEST(IbOrderKinds, AnAdvisersGroupStandsForTheAccountAndIsShown) {
    Faulty world;
    world.place({.type = "LMT", .limit = "150.00", .account = "", .adviser_group = "Family"});
    const auto order = first_of(world.received(), "5");
    EXPECT_EQ(order[31], "Family");
    EXPECT_EQ(order[20], "DU1000001");
}

TEST(IbOrderKinds, EveryKindIsShownWithTheFieldCountOfItsVersion) {
    const std::vector<TestOrder> kinds{
        {.order_id = 1, .action = "SELL", .type = "TRAIL", .stop = "2"},
        {.order_id = 2,
         .action = "SELL",
         .type = "TRAIL LIMIT",
         .stop = "2",
         .trail_stop = "188",
         .limit_offset = "0.1"},
        {.order_id = 3,
         .type = "LMT",
         .limit = "150",
         .time_in_force = "GTD",
         .good_till = "20261201-16:00:00"},
        {.order_id = 4, .type = "LOC", .limit = "150", .oca_group = "g", .oca_type = "1"},
    };
    for (int version = 176; version <= 200; ++version) {
        TestWorld world;
        const auto connection = world.client(version, 7);
        world.place(connection, version, {});
        const auto plain = first_of(world.take(connection), "5").size();
        int order_id = 10;
        for (auto kind : kinds) {
            kind.order_id = ++order_id;
            world.place(connection, version, kind);
            const auto messages = world.take(connection);
            EXPECT_EQ(first_of(messages, "5").size(), plain) << version << ' ' << kind.type;
        }
        world.send(connection, {"58", "1"});
        world.advance(1s);
        world.take(connection);
        world.send(connection, {"99", "0"});
        const auto completed = world.take(connection, 101);
        ASSERT_EQ(completed.size(), 5u) << version;
        for (const auto& order : completed) EXPECT_EQ(order.size(), completed[0].size()) << version;
    }
}

}  // namespace
}  // namespace janus::sim::ib
