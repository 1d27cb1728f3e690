#include <gtest/gtest.h>

#include "sim/ib/test_world.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

constexpr int versions[] = {176, 177, 178, 183, 184, 187, 189, 190, 192, 193, 195, 198, 199, 200};

std::size_t open_order_count(int version) {
    if (version == 176) return 136;
    if (version <= 182) return 135;
    if (version == 183) return 136;
    if (version == 184) return 137;
    if (version <= 188) return 138;
    if (version <= 192) return 139;
    if (version <= 194) return 141;
    if (version <= 197) return 154;
    return version == 198 ? 155 : 156;
}

std::size_t completed_order_count(int version) {
    if (version == 176) return 101;
    if (version <= 182) return 100;
    if (version == 183) return 101;
    return version <= 197 ? 102 : 103;
}

std::size_t execution_count(int version) {
    return 31U + (version >= 178 ? 1U : 0U) + (version >= 198 ? 1U : 0U);
}

TestOrder resting(int order_id = 1) {
    return {.order_id = order_id, .type = "LMT", .limit = "150.00"};
}

Fields executions_request(int version) {
    Fields fields{"7", "3", "9001", "0", "", "", "", "", "", ""};
    if (version >= 200) fields.insert(fields.end(), {"2147483647", "0"});
    return fields;
}

TEST(IbOrders, AMarketOrderIsToldInTheDocumentedSequence) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    world.place(connection, 200, {});
    EXPECT_EQ(ids_of(world.take(connection)), "5 3");
    world.advance(2s);
    // Submitted; then the fill: execution, openOrder and status twice, commission.
    EXPECT_EQ(ids_of(world.take(connection)), "5 3 11 5 3 5 3 59");
}

TEST(IbOrders, EveryMessageHasTheFieldCountOfItsVersion) {
    for (const int version : versions) {
        TestWorld world;
        const auto connection = world.client(version, 7);
        world.place(connection, version, {});
        world.advance(2s);
        const auto messages = world.take(connection);
        EXPECT_EQ(first_of(messages, "5").size(), open_order_count(version)) << version;
        EXPECT_EQ(first_of(messages, "3").size(), 12u) << version;
        EXPECT_EQ(first_of(messages, "11").size(), execution_count(version)) << version;
        EXPECT_EQ(first_of(messages, "59").size(), 8u) << version;
        world.send(connection, {"99", "0"});
        const auto completed = world.take(connection);
        EXPECT_EQ(first_of(completed, "101").size(), completed_order_count(version)) << version;
        EXPECT_EQ(ids_of(completed), "101 102");
    }
}

TEST(IbOrders, OpenOrderFieldsStandWhereTheyBelongAt200) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    world.place(connection, 200, resting());
    const auto order = first_of(world.take(connection), "5");
    ASSERT_EQ(order.size(), 156u);
    EXPECT_EQ(Fields(order.begin() + 1, order.begin() + 20),
              (Fields{"1", "265598", "AAPL", "STK", "", "0", "?", "", "SMART", "USD", "AAPL", "NMS",
                      "BUY", "10", "LMT", "150", "0", "DAY", ""}));
    EXPECT_EQ(order[20], "DU1000001");
    EXPECT_EQ(order[23], "ref-1");
    EXPECT_EQ(order[24], "7");
    EXPECT_EQ(order[41], "-1");
    EXPECT_EQ(order[48], "2147483647");
    EXPECT_EQ(order[61], "None");
    EXPECT_EQ(order[67], "?");
    EXPECT_EQ(order[81], "2147483647");
    EXPECT_EQ(order[87], "IB");
    EXPECT_EQ(order[93], "PreSubmitted");
    EXPECT_EQ(order[94], "1.7976931348623157E308");
    EXPECT_EQ(order[117], "-9223372036854775808");
    EXPECT_EQ(order[124], "None");
    EXPECT_EQ(order[136], "1");
    EXPECT_EQ(order[153], "2147483647");
    EXPECT_EQ(order[154], "simuser");
}

TEST(IbOrders, CompletedOrderFieldsStandWhereTheyBelongAt200) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    world.place(connection, 200, {});
    world.advance(2s);
    world.take(connection);
    world.send(connection, {"99", "1"});
    const auto order = first_of(world.take(connection), "101");
    ASSERT_EQ(order.size(), 103u);
    EXPECT_EQ(order[1], "265598");
    EXPECT_EQ(order[12], "BUY");
    EXPECT_EQ(order[19], "DU1000001");
    EXPECT_EQ(order[22], "ref-1");
    EXPECT_EQ(order[44], "2147483647");
    EXPECT_EQ(order[52], "None");
    EXPECT_EQ(order[66], "2147483647");
    EXPECT_EQ(order[71], "IB");
    EXPECT_EQ(order[76], "Filled");
    EXPECT_EQ(order[86], "10");
    EXPECT_EQ(order[92], "9223372036854775807");
    EXPECT_EQ(order[93], "20261130 16:00:00 UTC");
    EXPECT_EQ(order[94], "Filled Size: 10");
    EXPECT_EQ(order[102], "simuser");
}

TEST(IbOrders, ExecutionAndStatusCarryTheNumbersOfTheFill) {
    TestWorld world;
    const auto connection = world.client(178, 7);
    world.place(connection, 178, {.order_id = 5, .reference = "janus-42"});
    world.advance(2s);
    const auto messages = world.take(connection);
    const auto execution = first_of(messages, "11");
    EXPECT_EQ(execution[1], "-1");
    EXPECT_EQ(execution[2], "5");
    EXPECT_EQ(execution[14], "0000e0d5.00000001.01.01");
    EXPECT_EQ(execution[15], "20261130-16:00:00");
    EXPECT_EQ(execution[18], "BOT");
    EXPECT_EQ(execution[19], "10");
    EXPECT_EQ(execution[20], "190.51");
    EXPECT_EQ(execution[22], "7");
    EXPECT_EQ(execution[24], "10");
    EXPECT_EQ(execution[26], "janus-42");
    const auto& status = messages.at(messages.size() - 2);
    EXPECT_EQ(Fields(status.begin(), status.begin() + 6),
              (Fields{"3", "5", "Filled", "10", "0", "190.51"}));
    EXPECT_EQ(messages.back()[2], execution[14]);
    EXPECT_EQ(messages.back()[3], "1");
}

TEST(IbOrders, ALimitOrderRestsAsSubmittedAndItsCancelIsConfirmed) {
    for (const int version : versions) {
        TestWorld world;
        const auto connection = world.client(version, 7);
        world.place(connection, version, resting());
        world.advance(1s);
        EXPECT_EQ(world.take(connection, 3).back()[2], "Submitted");
        world.cancel(connection, version, 1);
        const auto messages = world.take(connection);
        EXPECT_EQ(ids_of(messages), "3 4") << version;
        EXPECT_EQ(messages[0][2], "Cancelled");
        EXPECT_EQ(code_of(messages[1], version), "202");
        world.cancel(connection, version, 1);
        EXPECT_EQ(code_of(first_of(world.take(connection), "4"), version), "10148");
        world.cancel(connection, version, 99);
        EXPECT_EQ(code_of(first_of(world.take(connection), "4"), version), "10147");
    }
}

TEST(IbOrders, ALargeOrderFillsInPartsThatAddUp) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    world.place(connection, 200, {.quantity = "100"});
    world.advance(3s);
    const auto messages = world.take(connection);
    std::vector<std::string> filled;
    for (const auto& fields : messages)
        if (fields[0] == "3") filled.push_back(fields[2] + " " + fields[3]);
    EXPECT_EQ(filled, (std::vector<std::string>{"PreSubmitted 0", "Submitted 0", "Submitted 34",
                                                "Submitted 68", "Filled 100", "Filled 100"}));
}

TEST(IbOrders, AStopIsPreSubmittedWithItsTriggerUntilItIsElected) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    world.place(connection, 200, {.action = "SELL", .type = "STP", .stop = "189.00"});
    world.advance(1s);
    const auto status = world.take(connection, 3).back();
    EXPECT_EQ(status[2], "PreSubmitted");
    EXPECT_EQ(status[10], "trigger");
    const auto price = [](std::string_view text) { return Price{Decimal::parse(text).value()}; };
    ASSERT_TRUE(world.exchange.set_market(world.now(), "AAPL", price("188.95"), price("188.99"),
                                          price("188.97")));
    world.advance(2s);
    EXPECT_EQ(world.take(connection, 3).back()[2], "Filled");
}

TEST(IbOrders, TheSameIdModifiesAndAWrongModificationLeavesTheOrderAlive) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    world.place(connection, 200, resting());
    world.advance(1s);
    world.take(connection);
    auto changed = resting();
    changed.limit = "151.00";
    changed.quantity = "12";
    world.place(connection, 200, changed);
    auto order = first_of(world.take(connection), "5");
    EXPECT_EQ(order[14], "12");
    EXPECT_EQ(order[16], "151");
    changed.limit = "151.005";
    world.place(connection, 200, changed);
    EXPECT_EQ(code_of(first_of(world.take(connection), "4"), 200), "110");
    changed = resting();
    changed.action = "SELL";
    world.place(connection, 200, changed);
    EXPECT_EQ(code_of(first_of(world.take(connection), "4"), 200), "105");
    world.send(connection, {"5", "1"});
    EXPECT_EQ(ids_of(world.take(connection)), "5 3 53");
}

TEST(IbOrders, RefusalsNameTheRuleByCode) {
    struct Case {
        std::string name;
        TestOrder order;
        std::string code;
    };
    const std::vector<Case> cases{
        {"unknown type",            {.type = "XXX"},                                                "321"  },
        {"untraded type",           {.type = "REL"},                                                "387"  },
        {"no trail",                {.type = "TRAIL"},                                              "321"  },
        {"two trails",              {.type = "TRAIL", .stop = "1", .trail_percent = "1"},           "321"  },
        {"no trail stop",           {.type = "TRAIL LIMIT", .stop = "1", .limit_offset = "0.1"},    "159"  },
        {"no trail limit",          {.type = "TRAIL LIMIT", .stop = "1", .trail_stop = "189"},      "321"  },
        {"MOC good till cancelled", {.type = "MOC", .time_in_force = "GTC"},                        "111"  },
        {"stop at the opening",     {.type = "STP", .stop = "189", .time_in_force = "OPG"},         "111"  },
        {"stop fill or kill",       {.type = "STP", .stop = "189", .time_in_force = "FOK"},         "111"  },
        {"GTD without date",        {.type = "LMT", .limit = "150", .time_in_force = "GTD"},        "391"  },
        {"GTD with a word",
         {.type = "LMT", .limit = "150", .time_in_force = "GTD", .good_till = "tomorrow"},
         "391"                                                                                             },
        {"GTD of the past",
         {.type = "LMT", .limit = "150", .time_in_force = "GTD", .good_till = "20200101-00:00:00"},
         "201"                                                                                             },
        {"market by night",         {.overnight = "1"},                                             "201"  },
        {"combination",             {.conid = "0", .symbol = "AAPL", .security_type = "BAG"},       "201"  },
        {"what-if parked",          {.transmit = "0", .what_if = "1"},                              "413"  },
        {"no parent",               {.parent = "9"},                                                "10006"},
        {"unknown tif",             {.time_in_force = "FOO"},                                       "321"  },
        {"foreign account",         {.account = "DU999"},                                           "321"  },
        {"no account",              {.account = ""},                                                "435"  },
        {"zero size",               {.quantity = "0"},                                              "434"  },
        {"no limit",                {.type = "LMT"},                                                "321"  },
        {"off the grid",            {.type = "LMT", .limit = "150.001"},                            "110"  },
        {"unknown conid",           {.conid = "4711"},                                              "200"  },
        {"dotted class",            {.conid = "0", .symbol = "BRK.B"},                              "200"  },
        {"ambiguous symbol",        {.conid = "0", .symbol = "AMBX"},                               "200"  },
        {"too expensive",           {.quantity = "100000"},                                         "201"  },
        {"bad action",              {.action = "HOLD"},                                             "321"  },
        {"not a number",            {.quantity = "ten"},                                            "320"  },
    };
    TestWorld world;
    const auto connection = world.client(200, 7);
    int order_id = 10;
    for (const auto& example : cases) {
        auto order = example.order;
        order.order_id = ++order_id;
        world.place(connection, 200, order);
        const auto error = first_of(world.take(connection), "4");
        EXPECT_EQ(code_of(error, 200), example.code) << example.name;
        EXPECT_EQ(error.at(1), std::to_string(order_id)) << example.name;
    }
}

TEST(IbOrders, AUsedIdIsADuplicateAndAFilledOneCannotBeModified) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    world.place(connection, 200, {.order_id = 5});
    world.advance(2s);
    world.take(connection);
    world.place(connection, 200, {.order_id = 5});
    EXPECT_EQ(code_of(first_of(world.take(connection), "4"), 200), "104");
    world.place(connection, 200, {.order_id = 4});
    EXPECT_EQ(code_of(first_of(world.take(connection), "4"), 200), "103");
}

TEST(IbOrders, ARejectedOrderIsInactive) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    world.place(connection, 200, {.quantity = "100000"});
    const auto messages = world.take(connection);
    EXPECT_EQ(ids_of(messages), "4 3");
    EXPECT_EQ(messages[1][2], "Inactive");
    world.send(connection, {"5", "1"});
    EXPECT_EQ(ids_of(world.take(connection)), "53");
}

TEST(IbOrders, AnOrderIsNotTransmittedUntilItSaysSo) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    auto order = resting();
    order.transmit = "";
    world.place(connection, 200, order);
    EXPECT_TRUE(world.take(connection).empty());
    EXPECT_TRUE(world.exchange.orders().empty());
    order.transmit = "1";
    world.place(connection, 200, order);
    EXPECT_EQ(ids_of(world.take(connection)), "5 3");
}

TEST(IbOrders, AWhatIfTradesNothing) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    world.place(connection, 200, {.what_if = "1"});
    const auto messages = world.take(connection);
    EXPECT_EQ(ids_of(messages), "5");
    EXPECT_EQ(messages[0][92], "1");
    EXPECT_EQ(messages[0][97], "571.5");   // 30 % of 10 x 190.50.
    EXPECT_EQ(messages[0][98], "476.25");  // 25 % to keep it.
    EXPECT_EQ(messages[0][103], "1");
    EXPECT_TRUE(world.exchange.orders().empty());
    EXPECT_EQ(world.server.ledger().at(0).kind, "preview");
}

TEST(IbOrders, AnImmediateOrderDoesNotRest) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    auto order = resting();
    order.time_in_force = "IOC";
    world.place(connection, 200, order);
    world.advance(3s);
    EXPECT_EQ(world.take(connection, 3).back()[2], "Cancelled");
}

TEST(IbOrders, ASaleAboveTheHoldingBecomesAShortSale) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    world.place(connection, 200, {.action = "SELL", .quantity = "40", .account = "DU1000002"});
    world.advance(2s);
    EXPECT_EQ(first_of(world.take(connection), "11")[18], "SLD");
    EXPECT_EQ(world.exchange.positions().at("DU1000002").at("AAPL").quantity.value,
              Decimal::from_integer(-15));
}

TEST(IbOrders, OrdersSurviveTheirClientAndBelongToItsId) {
    TestWorld world;
    auto connection = world.client(200, 7);
    world.place(connection, 200, resting());
    world.leave(connection);
    const auto other = world.client(200, 8);
    world.send(other, {"5", "1"});
    EXPECT_EQ(ids_of(world.take(other)), "53");
    world.send(other, {"16", "1"});
    EXPECT_EQ(ids_of(world.take(other)), "5 3 53");
    world.cancel(other, 200, 1);
    EXPECT_EQ(code_of(first_of(world.take(other), "4"), 200), "10147");
    connection = world.accept();
    world.send_bytes(connection, std::string_view("API\0\0\0\0\x09v176..200", 17));
    world.send(connection, {"71", "2", "7", ""});
    EXPECT_EQ(ids_of(world.take(connection)), "200 5 3 53 15 9 4 4 4");
}

TEST(IbOrders, ExecutionsAreAskedForByFilterAndAtVersion200WithItsTwoMoreFields) {
    for (const int version : {178, 199, 200}) {
        TestWorld world;
        const auto connection = world.client(version, 7);
        world.place(connection, version, {});
        world.advance(2s);
        world.take(connection);
        world.send(connection, executions_request(version));
        const auto messages = world.take(connection);
        EXPECT_EQ(ids_of(messages), "11 59 55") << version;
        EXPECT_EQ(messages[0][1], "9001");
        auto filtered = executions_request(version);
        filtered[4] = "DU1000002";
        world.send(connection, filtered);
        EXPECT_EQ(ids_of(world.take(connection)), "55");
    }
    TestWorld world;
    const auto connection = world.client(200, 7);
    world.send(connection, executions_request(199));
    const auto messages = world.take(connection);
    EXPECT_EQ(ids_of(messages), "4");
    EXPECT_EQ(code_of(messages[0], 200), "320");
}

TEST(IbOrders, AGlobalCancelEndsEverythingOfTheLogin) {
    for (const int version : {178, 200}) {
        TestWorld world;
        const auto connection = world.client(version, 7);
        world.place(connection, version, resting(1));
        world.place(connection, version, resting(2));
        world.send(connection, version >= 192 ? Fields{"58", "", "2147483647"} : Fields{"58", "1"});
        for (const auto& [id, order] : world.exchange.orders())
            EXPECT_EQ(order.state, ExchangeState::Cancelled);
    }
}

TEST(IbOrders, AnOrderFromElsewhereHasNoIdAndNoReference) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    const auto placed = world.server.external_order(
        world.now(), {.account = "DU1000001",
                      .symbol = "MSFT",
                      .side = Side::Buy,
                      .type = OrderType::Limit,
                      .quantity = {Decimal::from_integer(3)},
                      .limit_price = Price{Decimal::from_integer(300)}});
    ASSERT_TRUE(placed);
    world.pump();
    EXPECT_TRUE(world.take(connection).empty());
    world.send(connection, {"16", "1"});
    const auto order = first_of(world.take(connection), "5");
    EXPECT_EQ(order[1], "0");
    EXPECT_EQ(order[23], "");
    EXPECT_EQ(order[24], "0");
    ASSERT_TRUE(world.server.external_cancel(world.now(), *placed));
    EXPECT_FALSE(world.server.external_cancel(world.now(), *placed));
    world.send(connection, {"99", "1"});
    EXPECT_EQ(ids_of(world.take(connection)), "102");
    world.send(connection, {"99", "0"});
    EXPECT_EQ(ids_of(world.take(connection)), "101 102");
}

TEST(IbOrders, TheLedgerHasEveryOrderBearingMessage) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    world.place(connection, 200, resting());
    world.place(connection, 200, resting());
    world.cancel(connection, 200, 1);
    const auto& ledger = world.server.ledger();
    ASSERT_EQ(ledger.size(), 3u);
    EXPECT_EQ(ledger[0].kind, "place");
    EXPECT_EQ(ledger[1].kind, "modify");
    EXPECT_EQ(ledger[2].kind, "cancel");
    for (const auto& entry : ledger) {
        EXPECT_EQ(entry.account, "DU1000001");
        EXPECT_EQ(entry.reference, "ref-1");
        EXPECT_EQ(entry.broker, "ib");
    }
    EXPECT_TRUE(ledger[0].raw.starts_with("3|1|265598|"));
}

}  // namespace
}  // namespace janus::sim::ib
