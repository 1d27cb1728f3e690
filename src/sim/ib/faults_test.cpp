#include <gtest/gtest.h>

#include "sim/ib/test_world.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view hello_200("API\0\0\0\0\x09v176..200", 17);

TestOrder resting(int order_id = 1) {
    return {.order_id = order_id, .type = "LMT", .limit = "150.00"};
}

/// A world with one ready client at version 200.
struct Faulty : TestWorld {
    Faulty() : connection(client(200, 7)) {}
    void place(const TestOrder& order = {}) { TestWorld::place(connection, 200, order); }
    std::vector<Fields> ask(const Fields& fields) {
        send(connection, fields);
        return take(connection);
    }
    std::vector<Fields> received() { return take(connection); }
    std::string error_code() { return code_of(first_of(received(), "4"), 200); }
    void subscribe(const std::string& id = "9") {
        send(connection, {"1",     "11", id,    "265598", "", "STK", "", "",  "",  "",
                          "SMART", "",   "USD", "",       "", "0",   "", "0", "0", ""});
    }
    void move_price(std::string_view last) {
        const auto middle = Decimal::parse(last).value();
        const auto step = Decimal::parse("0.01").value();
        ASSERT_TRUE(exchange.set_market(now(), "AAPL", {middle - step}, {middle + step}, {middle}));
        pump();
    }
    ConnectionId connection;
};

TEST(IbFaults, TheTableDescribesItselfAndRefusesWhatItDoesNotKnow) {
    Faulty world;
    for (const auto& row : IbServer::faults()) {
        EXPECT_EQ(row.target, "ib");
        EXPECT_TRUE(row.what.ends_with(".")) << row.name;
    }
    EXPECT_EQ(world.fault("no_such_fault").error().code, ErrorCode::NotFound);
    EXPECT_EQ(world
                  .fault("drop_ack",
                         {
                             {"colour", "red"}
    })
                  .error()
                  .code,
              ErrorCode::Invalid);
    EXPECT_EQ(world
                  .fault("drop_ack",
                         {
                             {"count", "many"}
    })
                  .error()
                  .code,
              ErrorCode::Invalid);
    ASSERT_TRUE(world.fault("drop_ack", {
                                            {"count", "2"}
    }));
    EXPECT_EQ(world.server.active_faults(), std::vector<std::string>{"drop_ack"});
}

TEST(IbFaults, ConnectionsAreRefusedSoOftenAndThenAccepted) {
    TestWorld world;
    ASSERT_TRUE(world.fault("refuse_connect", {
                                                  {"count", "2"}
    }));
    EXPECT_TRUE(world.is_closed(world.accept()));
    EXPECT_TRUE(world.is_closed(world.accept()));
    world.client(200, 7);
    ASSERT_TRUE(world.fault("accept_then_close", {
                                                     {"count", "1"}
    }));
    const auto connection = world.accept();
    EXPECT_FALSE(world.is_closed(connection));
    world.send_bytes(connection, hello_200);
    EXPECT_TRUE(world.is_closed(connection));
    world.client(200, 8);
}

TEST(IbFaults, TheClientIdIsBusyUntilItIsNot) {
    TestWorld world;
    ASSERT_TRUE(world.fault("client_id_busy", {
                                                  {"count", "1"}
    }));
    const auto connection = world.accept();
    world.send_bytes(connection, hello_200);
    world.send(connection, {"71", "2", "7", ""});
    EXPECT_EQ(code_of(first_of(world.take(connection), "4"), 200), "326");
    EXPECT_TRUE(world.is_closed(connection));
    world.client(200, 7);
}

TEST(IbFaults, TheHandshakeAnswersAnyVersionAndMayStayWithoutAStart) {
    TestWorld world;
    ASSERT_TRUE(world.fault("server_version", {
                                                  {"version", "226"},
                                                  {"count",   "1"  }
    }));
    auto connection = world.accept();
    world.send_bytes(connection, hello_200);
    EXPECT_EQ(world.take(connection).at(0).at(0), "226");
    ASSERT_TRUE(world.fault("no_start", {
                                            {"count", "1"}
    }));
    connection = world.accept();
    world.send_bytes(connection, hello_200);
    world.send(connection, {"71", "2", "7", ""});
    EXPECT_EQ(ids_of(world.take(connection)), "200");
    world.client(200, 8);
}

TEST(IbFaults, ALowerNextValidIdLeadsToADuplicate) {
    Faulty world;
    world.place({.order_id = 5});
    world.advance(2s);
    world.received();
    ASSERT_TRUE(world.fault("lower_next_valid_id", {
                                                       {"to",    "3"},
                                                       {"count", "1"}
    }));
    EXPECT_EQ(world.ask({"8", "1", "1"}).at(0).at(2), "3");
    world.place({.order_id = 3});
    EXPECT_EQ(world.error_code(), "103");
    EXPECT_EQ(world.ask({"8", "1", "1"}).at(0).at(2), "6");
}

TEST(IbFaults, AnotherListOfAccountsIsShown) {
    Faulty world;
    ASSERT_TRUE(world.fault("accounts", {
                                            {"list", "DU1000001,"}
    }));
    EXPECT_EQ(world.ask({"17", "1"}).at(0).at(2), "DU1000001,");
    world.fault_off("accounts");
    EXPECT_EQ(world.ask({"17", "1"}).at(0).at(2), "DU1000001,DU1000002");
}

TEST(IbFaults, FrozenItAnswersNothingAndThawedItDoesWhatCameMeanwhile) {
    Faulty world;
    ASSERT_TRUE(world.fault("freeze"));
    world.place();
    EXPECT_TRUE(world.received().empty());
    EXPECT_TRUE(world.exchange.orders().empty());
    world.leave(world.connection);
    world.fault_off("freeze");
    EXPECT_EQ(world.exchange.orders().size(), 1u);
    world.client(200, 7);
}

TEST(IbFaults, SplitWritesGiveTheSameBytes) {
    Faulty world;
    ASSERT_TRUE(world.fault("split_writes"));
    world.server.on_bytes(world.now(), world.connection, frame_of({"49", "1"}));
    const auto outputs = world.server.take_outputs();
    std::string bytes;
    for (const auto& output : outputs) {
        EXPECT_EQ(output.bytes.size(), 1u);
        bytes += output.bytes;
    }
    EXPECT_EQ(bytes, frame_of({"49", "1", "1796054400"}));
}

TEST(IbFaults, DisconnectAllEndsEveryConnectionOnce) {
    Faulty world;
    ASSERT_TRUE(world.fault("disconnect_all"));
    EXPECT_TRUE(world.is_closed(world.connection));
    EXPECT_TRUE(world.server.active_faults().empty());
    world.client(200, 7);
}

TEST(IbFaults, ThePacingLimitAnswers100AndClosesAtTheThirdOffence) {
    Faulty world;
    ASSERT_TRUE(world.fault("pacing_limit", {
                                                {"per_second", "3"}
    }));
    for (int message = 0; message < 3; ++message) world.ask({"49", "1"});
    world.advance(1s);
    for (int message = 0; message < 3; ++message)
        EXPECT_EQ(ids_of(world.ask({"49", "1"})), "49") << message;
    EXPECT_EQ(code_of(world.ask({"49", "1"}).at(0), 200), "100");
    for (int message = 0; message < 8; ++message) world.ask({"49", "1"});
    EXPECT_TRUE(world.is_closed(world.connection));
}

TEST(IbFaults, TheUpstreamIsLostAndComesBackWithItsData) {
    Faulty world;
    world.subscribe();
    world.received();
    ASSERT_TRUE(world.fault("upstream_lost", {
                                                 {"repeat", "3"}
    }));
    EXPECT_EQ(world.received().size(), 3u);
    world.move_price("191");
    EXPECT_TRUE(world.received().empty());
    world.place();  // The book is still there.
    world.advance(2s);
    EXPECT_FALSE(first_of(world.received(), "11").empty());
    ASSERT_TRUE(world.fault("upstream_restored"));
    const auto messages = world.received();
    EXPECT_EQ(code_of(messages.at(0), 200), "1102");
    EXPECT_FALSE(first_of(messages, "1").empty());
}

TEST(IbFaults, TheUpstreamComesBackWithoutItsData) {
    Faulty world;
    world.subscribe();
    ASSERT_TRUE(world.fault("upstream_lost"));
    world.received();
    ASSERT_TRUE(world.fault("upstream_restored_lost_data"));
    EXPECT_EQ(world.error_code(), "1101");
    world.move_price("191");
    EXPECT_TRUE(world.received().empty());
    world.subscribe("10");
    EXPECT_FALSE(first_of(world.received(), "1").empty());
}

TEST(IbFaults, ANewConnectionHearsThatTheUpstreamIsLost) {
    TestWorld world;
    ASSERT_TRUE(world.fault("upstream_lost"));
    const auto connection = world.accept();
    world.send_bytes(connection, hello_200);
    world.send(connection, {"71", "2", "7", ""});
    EXPECT_EQ(code_of(world.take(connection).back(), 200), "1100");
}

TEST(IbFaults, FarmsFlapAndBreakWhileOrdersWork) {
    Faulty world;
    ASSERT_TRUE(world.fault("farm_flap", {
                                             {"repeat", "2"}
    }));
    std::string codes;
    for (const auto& fields : world.received()) codes += code_of(fields, 200) + " ";
    EXPECT_EQ(codes, "2103 2105 2104 2106 2103 2105 2104 2106 ");
    world.subscribe();
    world.received();
    ASSERT_TRUE(world.fault("farm_broken"));
    EXPECT_EQ(world.error_code(), "2103");
    world.move_price("191");
    world.place();
    world.advance(2s);
    auto messages = world.received();
    EXPECT_TRUE(first_of(messages, "1").empty());
    EXPECT_FALSE(first_of(messages, "11").empty());
    world.fault_off("farm_broken");
    EXPECT_FALSE(first_of(world.received(), "1").empty());
}

TEST(IbFaults, ReadOnlyRefusesOrdersAndLeavesCompletedOrdersWithoutAnswer) {
    Faulty world;
    ASSERT_TRUE(world.fault("read_only"));
    world.place();
    EXPECT_EQ(world.error_code(), "321");
    EXPECT_TRUE(world.ask({"99", "0"}).empty());
    EXPECT_EQ(ids_of(world.ask({"61", "1"})).substr(0, 2), "61");
    world.fault_off("read_only");
    world.place();
    EXPECT_EQ(ids_of(world.received()), "5 3");
}

TEST(IbFaults, AnEndMarkerIsWithheldByName) {
    const std::vector<std::pair<std::string, Fields>> snapshots{
        {"positions",   {"61", "1"}                                                    },
        {"open_orders", {"5", "1"}                                                     },
        {"executions",  {"7", "3", "1", "0", "", "", "", "", "", "", "2147483647", "0"}},
        {"completed",   {"99", "0"}                                                    },
        {"account",     {"6", "2", "1", "DU1000001"}                                   },
        {"summary",     {"62", "1", "3", "All", "NetLiquidation"}                      }
    };
    const std::vector<std::string> ends{"62", "53", "55", "102", "54", "64"};
    for (std::size_t index = 0; index < snapshots.size(); ++index) {
        Faulty world;
        const auto& [name, request] = snapshots[index];
        ASSERT_TRUE(world.fault("withhold_end", {
                                                    {"which", name},
                                                    {"count", "1" }
        }));
        EXPECT_TRUE(first_of(world.ask(request), ends[index]).empty()) << name;
        EXPECT_FALSE(first_of(world.ask(request), ends[index]).empty()) << name;
    }
}

TEST(IbFaults, AnEmptySnapshotIsNotAFlatAccount) {
    Faulty world;
    ASSERT_TRUE(world.fault("empty_snapshot", {
                                                  {"which", "positions"},
                                                  {"count", "1"        }
    }));
    EXPECT_EQ(ids_of(world.ask({"61", "1"})), "62");
    EXPECT_NE(ids_of(world.ask({"61", "1"})), "62");
}

TEST(IbFaults, ASwallowedOrderIsInTheLedgerOnlyOrComesLate) {
    Faulty world;
    ASSERT_TRUE(world.fault("swallow_place", {
                                                 {"count", "1"}
    }));
    world.place();
    EXPECT_TRUE(world.received().empty());
    EXPECT_TRUE(world.exchange.orders().empty());
    EXPECT_EQ(world.server.ledger().size(), 1u);
    ASSERT_TRUE(world.fault("swallow_place", {
                                                 {"count",    "1"    },
                                                 {"delay_ms", "60000"}
    }));
    world.place({.order_id = 2});
    world.advance(59s);
    EXPECT_TRUE(world.exchange.orders().empty());
    world.advance(2s);
    EXPECT_EQ(world.exchange.orders().size(), 1u);
    EXPECT_EQ(first_of(world.received(), "11")[2], "2");
}

TEST(IbFaults, AnUnacknowledgedOrderIsSeenWhenItsClientAsks) {
    Faulty world;
    ASSERT_TRUE(world.fault("drop_ack", {
                                            {"count", "1"}
    }));
    world.place();
    world.advance(2s);
    EXPECT_TRUE(world.received().empty());
    const auto executions =
        world.ask({"7", "3", "1", "0", "", "", "", "", "", "", "2147483647", "0"});
    EXPECT_EQ(ids_of(executions), "11 59 55");
    EXPECT_EQ(executions[0][26], "ref-1");
}

TEST(IbFaults, TheConnectionClosesAfterTheOrderWasCommitted) {
    Faulty world;
    ASSERT_TRUE(world.fault("close_after_place", {
                                                     {"count", "1"}
    }));
    world.place(resting());
    EXPECT_TRUE(world.is_closed(world.connection));
    EXPECT_TRUE(world.received().empty());
    EXPECT_EQ(world.exchange.orders().size(), 1u);
    const auto again = world.client(200, 7);
    world.send(again, {"5", "1"});
    EXPECT_EQ(first_of(world.take(again), "5")[23], "ref-1");
}

TEST(IbFaults, OrdersAreRejectedAtOnceOrAfterTheirAcknowledgement) {
    Faulty world;
    ASSERT_TRUE(world.fault("reject_orders", {
                                                 {"code",  "201"},
                                                 {"text",  "no" },
                                                 {"count", "1"  }
    }));
    world.place();
    const auto error = first_of(world.received(), "4");
    EXPECT_EQ(error[2], "201");
    EXPECT_EQ(error[3], "no");
    ASSERT_TRUE(world.fault("reject_after_ack", {
                                                    {"delay_ms", "2000"},
                                                    {"count",    "1"   }
    }));
    world.place(resting(2));
    world.advance(1s);
    EXPECT_EQ(ids_of(world.received()), "5 3 5 3");
    world.advance(2s);
    const auto messages = world.received();
    EXPECT_EQ(code_of(messages.at(0), 200), "201");
    EXPECT_EQ(first_of(messages, "3")[2], "Cancelled");
    world.place(resting(3));
    EXPECT_EQ(ids_of(world.received()), "5 3");
}

TEST(IbFaults, AHeldOrderIsInactiveAndThenLives) {
    Faulty world;
    ASSERT_TRUE(world.fault("hold_orders", {
                                               {"delay_ms", "3000"},
                                               {"count",    "1"   }
    }));
    world.place();
    const auto held = world.received();
    EXPECT_EQ(ids_of(held), "5 3 4");
    EXPECT_EQ(held[1][2], "Inactive");
    EXPECT_EQ(held[1][10], "locate");
    EXPECT_EQ(held[2][2], "404");
    world.advance(2s);
    EXPECT_TRUE(world.received().empty());
    world.advance(3s);
    EXPECT_EQ(ids_of(world.received()), "5 3 5 3 11 5 3 5 3 59");
}

TEST(IbFaults, ANoticeAndStrangeWordsLeaveTheOrderAlive) {
    Faulty world;
    ASSERT_TRUE(world.fault("order_notice", {
                                                {"code",  "404"},
                                                {"count", "1"  }
    }));
    world.place();
    EXPECT_EQ(world.error_code(), "404");
    world.advance(2s);
    EXPECT_FALSE(first_of(world.received(), "11").empty());
    ASSERT_TRUE(world.fault("order_words", {
                                               {"type",  "XYZ"},
                                               {"count", "1"  }
    }));
    world.place(resting(2));
    const auto order = first_of(world.received(), "5");
    EXPECT_EQ(order[15], "XYZ");
    EXPECT_EQ(order[18], "FOO");
}

TEST(IbFaults, ACancelIsRefusedOrConfirmedWithoutAStatus) {
    Faulty world;
    world.place(resting());
    world.received();
    ASSERT_TRUE(world.fault("cancel_refused", {
                                                  {"code",  "161"},
                                                  {"count", "1"  }
    }));
    world.cancel(world.connection, 200, 1);
    EXPECT_EQ(world.error_code(), "161");
    EXPECT_EQ(ids_of(world.ask({"5", "1"})), "5 3 53");
    ASSERT_TRUE(world.fault("cancel_without_status", {
                                                         {"count", "1"}
    }));
    world.cancel(world.connection, 200, 1);
    EXPECT_EQ(ids_of(world.received()), "4");
}

TEST(IbFaults, AFillComesAfterTheCancelAndBeyondTheQuantity) {
    Faulty world;
    ASSERT_TRUE(world.fault("fill_after_cancel", {
                                                     {"delay_ms", "1000"},
                                                     {"count",    "1"   }
    }));
    world.place(resting());
    world.cancel(world.connection, 200, 1);
    EXPECT_EQ(ids_of(world.received()), "5 3 3 4");
    world.advance(2s);
    EXPECT_EQ(first_of(world.received(), "11")[19], "10");
    ASSERT_TRUE(world.fault("overfill", {
                                            {"quantity", "4"},
                                            {"count",    "1"}
    }));
    world.place({.order_id = 2});
    world.advance(2s);
    Fields last;
    for (const auto& fields : world.received())
        if (fields[0] == "11") last = fields;
    EXPECT_EQ(last[19], "4");
    EXPECT_EQ(last[24], "14");
}

TEST(IbFaults, AFillComesWithoutAnyStatus) {
    Faulty world;
    ASSERT_TRUE(world.fault("fill_without_status", {
                                                       {"count", "1"}
    }));
    world.place();
    world.advance(2s);
    EXPECT_EQ(ids_of(world.received()), "11 59");
    world.place({.order_id = 2});
    EXPECT_EQ(ids_of(world.received()), "5 3");
}

TEST(IbFaults, ExecutionsComeSeveralTimesAndInAnyOrder) {
    Faulty world;
    ASSERT_TRUE(world.fault("duplicate_executions", {
                                                        {"times", "3"},
                                                        {"count", "1"}
    }));
    world.place();
    world.advance(2s);
    EXPECT_EQ(ids_of(world.received()), "5 3 5 3 11 11 11 5 3 5 3 59");
    ASSERT_TRUE(world.fault("message_order", {
                                                 {"order", "CSOE"},
                                                 {"count", "1"   }
    }));
    world.place({.order_id = 2});
    world.advance(2s);
    EXPECT_EQ(ids_of(world.received()), "5 3 5 3 59 3 3 5 5 11");
}

TEST(IbFaults, TheLastExecutionIsCorrectedAndBusted) {
    Faulty world;
    EXPECT_FALSE(world.fault("execution_correction", {
                                                         {"quantity", "6"}
    }));
    world.place();
    world.advance(2s);
    world.received();
    ASSERT_TRUE(world.fault("execution_correction", {
                                                        {"quantity", "6"}
    }));
    auto execution = first_of(world.received(), "11");
    EXPECT_EQ(execution[14], "0000e0d5.00000001.01.02");
    EXPECT_EQ(execution[19], "6");
    ASSERT_TRUE(world.fault("execution_correction", {
                                                        {"quantity", "0"}
    }));
    execution = first_of(world.received(), "11");
    EXPECT_EQ(execution[14], "0000e0d5.00000001.01.03");
    EXPECT_EQ(execution[19], "0");
    EXPECT_EQ(world.exchange.positions().at("DU1000001").at("AAPL").quantity.value,
              Decimal::from_integer(100));
}

TEST(IbFaults, DelayedDataComesOnlyToWhoAskedForIt) {
    Faulty world;
    ASSERT_TRUE(world.fault("delayed_data"));
    world.subscribe();
    EXPECT_EQ(world.error_code(), "354");
    world.ask({"59", "1", "3"});
    world.subscribe("10");
    auto messages = world.received();
    EXPECT_EQ(code_of(first_of(messages, "4"), 200), "10167");
    EXPECT_EQ(first_of(messages, "58")[3], "3");
    EXPECT_EQ(first_of(messages, "1")[3], "66");
    world.fault_off("delayed_data");
    messages = world.received();
    EXPECT_EQ(first_of(messages, "58")[3], "1");
    EXPECT_EQ(first_of(messages, "1")[3], "1");
}

TEST(IbFaults, NoMarketDataStopsWhatFlows) {
    Faulty world;
    world.subscribe();
    world.received();
    ASSERT_TRUE(world.fault("no_market_data", {
                                                  {"code", "10197"}
    }));
    EXPECT_EQ(world.error_code(), "10197");
    world.move_price("191");
    EXPECT_TRUE(world.received().empty());
    world.fault_off("no_market_data");
    EXPECT_EQ(first_of(world.received(), "1")[4], "190.99");
    ASSERT_TRUE(world.fault("no_market_data"));
    world.received();
    world.subscribe("10");
    EXPECT_EQ(world.error_code(), "354");
}

TEST(IbFaults, TicksStopWithoutAWordAndQuotesVanish) {
    Faulty world;
    world.subscribe();
    world.received();
    ASSERT_TRUE(world.fault("stop_ticks", {
                                              {"symbol", "AAPL"}
    }));
    world.move_price("191");
    EXPECT_TRUE(world.received().empty());
    world.fault_off("stop_ticks");
    world.received();
    ASSERT_TRUE(world.fault("no_quote"));
    EXPECT_EQ(first_of(world.received(), "1"), (Fields{"1", "6", "9", "1", "-1", "0", "0"}));
    world.fault_off("no_quote");
    EXPECT_EQ(first_of(world.received(), "1")[4], "190.99");
}

TEST(IbFaults, TheLinesAreLimited) {
    Faulty world;
    ASSERT_TRUE(world.fault("lines_limit", {
                                               {"lines", "1"}
    }));
    world.subscribe("9");
    world.received();
    world.subscribe("10");
    EXPECT_EQ(world.error_code(), "101");
    world.ask({"2", "2", "9"});
    world.subscribe("10");
    EXPECT_FALSE(first_of(world.received(), "1").empty());
}

TEST(IbFaults, OddMessagesComeOnceAndTheSessionLives) {
    Faulty world;
    world.place();
    world.advance(2s);
    world.received();
    ASSERT_TRUE(world.fault("unknown_message", {
                                                   {"id", "9999"}
    }));
    EXPECT_EQ(ids_of(world.received()), "9999");
    ASSERT_TRUE(world.fault("unsolicited"));
    EXPECT_EQ(ids_of(world.received()), "101 62 52");
    EXPECT_EQ(ids_of(world.ask({"49", "1"})), "49");
    ASSERT_TRUE(world.fault("bad_frame"));
    EXPECT_EQ(world.take_raw(world.connection), "\xFF\xFF\xFF\xFF");
}

TEST(IbFaults, AnOpenOrderLosesAndGainsFields) {
    Faulty world;
    ASSERT_TRUE(world.fault("field_count", {
                                               {"change", "-2"},
                                               {"count",  "1" }
    }));
    world.place(resting());
    EXPECT_EQ(first_of(world.received(), "5").size(), 154u);
    ASSERT_TRUE(world.fault("field_count", {
                                               {"change", "10"},
                                               {"count",  "1" }
    }));
    EXPECT_EQ(world.ask({"5", "1"}).at(0).size(), 166u);
    EXPECT_EQ(world.ask({"5", "1"}).at(0).size(), 156u);
}

}  // namespace
}  // namespace janus::sim::ib
