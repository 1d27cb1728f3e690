#include <gtest/gtest.h>

#include "sim/ib/faulty_world.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view hello_200("API\0\0\0\0\x09v176..200", 17);

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
    ASSERT_TRUE(world.fault("send_message", {
                                                {"fields", "62|1||x"}
    }));
    EXPECT_EQ(first_of(world.received(), "62"), (Fields{"62", "1", "", "x"}));
    ASSERT_TRUE(world.fault("bad_frame"));
    EXPECT_EQ(world.take_raw(world.connection), "\xFF\xFF\xFF\xFF");
}

TEST(IbFaults, AnyMessageIsKeptBackOrChangedInOneField) {
    Faulty world;
    ASSERT_TRUE(world.fault("withhold_message", {
                                                    {"message", "62"},
                                                    {"count",   "1" }
    }));
    EXPECT_FALSE(ids_of(world.ask({"61", "1"})).contains("62"));
    EXPECT_TRUE(ids_of(world.ask({"61", "1"})).ends_with("62"));
    ASSERT_TRUE(
        world.fault("change_field", {
                                        {"message", "49" },
                                        {"field",   "2"  },
                                        {"text",    "NaN"}
    }));
    EXPECT_EQ(first_of(world.ask({"49", "1"}), "49"), (Fields{"49", "1", "NaN"}));
    EXPECT_TRUE(ids_of(world.ask({"61", "1"})).ends_with("62"));
    world.fault_off("change_field");
    EXPECT_NE(first_of(world.ask({"49", "1"}), "49")[2], "NaN");
}

}  // namespace
}  // namespace janus::sim::ib
