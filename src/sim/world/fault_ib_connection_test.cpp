// Faults of the connection to IB, by the ids of the fault catalogue (docs/faults.md).

#include <algorithm>

#include <gtest/gtest.h>

#include "sim/world/fault_world.hpp"

namespace janus::sim {
namespace {

using namespace std::chrono_literals;

using Lines = std::vector<std::string>;

constexpr std::string_view request_market_data = "1";
constexpr std::string_view place_order = "3";
constexpr std::string_view request_executions = "7";
constexpr std::string_view request_positions = "61";
constexpr std::string_view start_api = "71";

std::size_t times(const Lines& lines, std::string_view wanted) {
    return static_cast<std::size_t>(std::ranges::count(lines, wanted));
}

bool starts(const std::string& text, std::string_view with) {
    return text.starts_with(with);
}

/// Every client id that Janus has introduced itself with.
std::set<std::string> client_ids(const FaultWorld& world) {
    std::set<std::string> ids;
    for (const auto& start : world.sent(start_api)) ids.insert(start.fields.at(2));
    return ids;
}

TEST(IbFaults, IBC_01_ANightlyResetIsOneGateEventAndNoNewConnection) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto before = world.gates_of().size();
    for (int round = 0; round < 15; ++round) {
        world.fault("farm_flap", {
                                     {"repeat", "3"}
        });
        world.fault("upstream_lost", {
                                         {"repeat", "14"}
        });
        world.run(1s);
    }
    EXPECT_EQ(world.counter("ib.upstream_lost"), 210U);
    EXPECT_GE(world.counter("ib.farm_notices"), 180U);
    const auto during = world.gates_of();
    ASSERT_EQ(during.size(), before + 1);
    EXPECT_EQ(during.back(), "degraded ib_upstream");
    world.forget_sent();
    world.fault("upstream_restored");
    ASSERT_TRUE(world.run_until([&] { return world.gate() == "ready"; }, 10s));
    EXPECT_EQ(world.connects().size(), 1U);
    EXPECT_TRUE(world.sent(start_api).empty());
    EXPECT_FALSE(world.sent(request_executions).empty()) << "reconciled before ready";
    EXPECT_TRUE(world.sent(request_market_data).empty()) << "1102 keeps the subscriptions";
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBC_02_AfterLostDataEverySubscriptionIsAskedForOnceUnderAFreshId) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.run(2s);
    std::set<std::string> old_ids;
    std::set<std::string> contracts;
    for (const auto& request : world.sent(request_market_data)) {
        old_ids.insert(request.fields.at(2));
        contracts.insert(request.fields.at(3));
    }
    ASSERT_GE(contracts.size(), 5U);
    world.fault("upstream_lost");
    world.run(20s);
    world.forget_sent();
    world.fault("stop_ticks");
    world.fault("upstream_restored_lost_data");
    ASSERT_TRUE(world.run_until([&] { return world.gate() == "ready"; }, 10s));
    world.run(2s);
    const auto again = world.sent(request_market_data);
    EXPECT_EQ(again.size(), contracts.size());
    for (const auto& request : again) {
        EXPECT_FALSE(old_ids.contains(request.fields.at(2))) << "a fresh request id";
        EXPECT_EQ(contracts.erase(request.fields.at(3)), 1U) << "each of them once";
    }
    EXPECT_NE(world.quote("AAPL").quote.quality, DataQuality::Live) << "no tick since";
    const auto alarms = world.alarms().size();
    for (const auto& id : old_ids)
        world.tell_client("4|" + id + "|300|Can't find EId with tickerId:" + id + "||0");
    EXPECT_EQ(world.counter("ib.late_tick_error"), old_ids.size());
    EXPECT_EQ(world.alarms().size(), alarms);
    world.fault_off("stop_ticks");
    world.market("AAPL", "191.00", "191.02", "191.01");
    world.run(1s);
    EXPECT_EQ(world.quote("AAPL").quote.quality, DataQuality::Live);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBC_03_AnOutageOfTwentyHoursIsRetriedForEverAndAlarmedHourly) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("refuse_connect");
    world.fault("disconnect_all");
    const auto began = world.now().mono;
    world.run(14min);
    EXPECT_EQ(world.alarms_with("ib_main has not been ready for"), 0U);
    world.run(2min);
    EXPECT_EQ(world.alarms_with("ib_main has not been ready for"), 1U);
    world.run(20h - 16min);
    const auto hourly = world.alarms_with("ib_main has not been ready for");
    EXPECT_GE(hourly, 19U);
    EXPECT_LE(hourly, 21U);
    const auto& connects = world.connects();
    EXPECT_GT(connects.size(), 20U * 3600 / 37) << "attempts go on, at most 36 s apart";
    for (std::size_t at = connects.size() - 20; at + 1 < connects.size(); ++at)
        EXPECT_GE(connects[at + 1] - connects[at], 24s) << "at the capped backoff";
    const auto health = world.engine().health(world.now());
    EXPECT_FALSE(health.front().ok);
    EXPECT_FALSE(health.front().detail.empty());
    EXPECT_GE(world.now().mono - began, 20h);
    world.fault_off("refuse_connect");
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBC_03_AnUpstreamThatStaysAwayIsAlarmedAsWell) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("upstream_lost");
    world.run(15h);
    const auto alarms = world.alarms_with("ib_main has not been ready for");
    EXPECT_GE(alarms, 14U);
    EXPECT_LE(alarms, 16U);
    EXPECT_EQ(world.gate(), "degraded ib_upstream");
    world.fault_off("upstream_lost");
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBC_04_ABusyClientIdIsWaitedForUnderTheSameId) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("client_id_busy");
    world.fault("disconnect_all");
    world.run(90s);
    EXPECT_EQ(world.gate(), "connecting client_id_busy");
    const auto attempts = world.connects();
    ASSERT_GE(attempts.size(), 5U);
    EXPECT_LE(attempts.size(), 15U);
    EXPECT_EQ(client_ids(world), std::set<std::string>{"11"});
    world.fault_off("client_id_busy");
    world.forget_sent();
    ASSERT_TRUE(world.run_until([&] { return world.gate() == "ready"; }, 40s));
    EXPECT_EQ(world.sent(start_api).size(), 1U) << "one session";
    EXPECT_EQ(world.sent(request_positions).size(), 1U) << "and a full download";
    EXPECT_FALSE(world.sent(request_executions).empty());
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBC_04_APortThatResetsAtOnceIsTriedWithGrowingPauses) {
    FaultWorld world;
    world.fault("accept_then_close", {
                                         {"count", "10"}
    });
    world.start();
    world.run_until([&] { return world.gate() == "ready"; }, 5min);
    EXPECT_EQ(world.gate(), "ready");
    const auto& connects = world.connects();
    ASSERT_EQ(connects.size(), 11U);
    EXPECT_LT(connects[1] - connects[0], 1s);
    EXPECT_GT(connects[10] - connects[9], 20s);
    EXPECT_EQ(client_ids(world), std::set<std::string>{"11"});
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBC_05_ASnapshotWithoutItsEndNeverMakesReady) {
    struct Stage {
        std::string which;
        std::string reason;
    };
    for (const auto& [which, reason] : std::vector<Stage>{
             {"positions",  "positions: no end"       },
             {"executions", "executions: no end"      },
             {"completed",  "completed_orders: no end"}
    }) {
        SCOPED_TRACE(which);
        FaultWorld world;
        world.fault("withhold_end", {
                                        {"which", which},
                                        {"count", "1"  }
        });
        world.start();
        world.run(28s);
        EXPECT_EQ(times(world.gates_of(), "ready"), 0U);
        EXPECT_TRUE(starts(world.gate(), "reconciling"));
        EXPECT_EQ(world.connects().size(), 1U);
        world.run(5s);
        const auto gates = world.gates_of();
        EXPECT_TRUE(std::ranges::any_of(gates, [&](const auto& gate) {
            return gate.contains(reason);
        })) << testing::PrintToString(gates);
        EXPECT_EQ(world.connects().size(), 2U) << "the session is closed and tried again";
        EXPECT_EQ(world.unhealed(), Lines{});
    }
}

TEST(IbFaults, IBC_05_DrippingBytesDoNotLengthenAStage) {
    FaultWorld world;
    world.fault("withhold_end", {
                                    {"which", "positions"},
                                    {"count", "1"        }
    });
    world.start();
    for (int second = 0; second < 32; ++second) {
        world.run(1s);
        world.fault("farm_flap");
    }
    EXPECT_EQ(world.connects().size(), 2U);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBC_06_AHalfOpenLineIsDeadWithinFifteenSecondsAndItsOrderUnknown) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("freeze");
    const auto placed = world.place(FaultWorld::intent("AAPL", "5", "150.00"));
    world.run(1s);
    EXPECT_EQ(world.order(placed).order.state, OrderState::PendingNew);
    const auto lost = [&] { return starts(world.gate(), "connecting"); };
    ASSERT_TRUE(world.run_until(lost, 15s));
    EXPECT_TRUE(world.gate().contains("no byte for 15 s"));
    EXPECT_EQ(world.order(placed).order.state, OrderState::Unknown);
    world.fault_off("freeze");
    ASSERT_TRUE(world.run_until([&] { return world.gate() == "ready"; }, 60s));
    world.run(1s);
    EXPECT_EQ(world.order(placed).order.state, OrderState::Working);
    EXPECT_EQ(world.received("place", placed), 1U);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBC_06_BytesThatVanishLeaveTheOrderUnknownAndAreNotSentAgain) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.weather({.client_unaware = 1000});
    const auto placed = world.place(FaultWorld::intent("AAPL", "5", "150.00"));
    world.weather({});
    world.run(16s);
    EXPECT_EQ(world.order(placed).order.state, OrderState::Unknown);
    EXPECT_EQ(world.differences(), Lines{});
    EXPECT_EQ(world.order(placed).order.state, OrderState::Unknown) << "silence ends nothing";
    EXPECT_LE(world.received("place", placed), 1U);
    EXPECT_EQ(world.sent(place_order).size(), 1U);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBC_07_AGatewayThatWaitsForAPersonIsTriedSlowlyAndAlarmedOnce) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("refuse_connect");
    world.fault("disconnect_all");
    world.run(30min);
    world.fault_off("refuse_connect");
    world.fault("upstream_lost");
    world.fault("withhold_end", {
                                    {"which", "positions"}
    });
    const auto needs = [&] { return starts(world.gate(), "needs_operator ib_login"); };
    ASSERT_TRUE(world.run_until(needs, 10min)) << world.gate();
    EXPECT_EQ(world.alarms_with("account ib_main needs a person: ib_login"), 1U);
    const auto before = world.connects().size();
    world.run(10min);
    EXPECT_EQ(world.alarms_with("account ib_main needs a person: ib_login"), 1U);
    EXPECT_LE(world.connects().size() - before, 17U) << "at the cap, each with its bound";
    world.fault_off("withhold_end");
    world.fault_off("upstream_lost");
    world.run(2min);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBC_08_ABurstStaysUnderTheRateAndCancelsGoFirst) {
    FaultWorld world({.scenario = [](Scenario& scenario) {
        auto model = scenario.instruments.front();
        for (int number = 0; number < 500; ++number) {
            auto& more = scenario.instruments.emplace_back(model);
            more.symbol = more.ib_symbol = more.ib_local_symbol = fmt::format(
                "ZZ{:c}{:c}{:c}", 'A' + number / 100, 'A' + number / 10 % 10, 'A' + number % 10);
            more.ib_conid = 900'000'000 + number;
            more.webull_ticker.clear();
            more.webull_instrument_id.clear();
        }
    }});
    ASSERT_TRUE(world.connect());
    const auto resting = world.place(FaultWorld::intent("AAPL", "1", "100.00"));
    world.run(1s);
    world.fault("pacing_limit", {
                                    {"per_second", "50"}
    });
    for (const auto& instrument : world.exchange().scenario().instruments)
        if (instrument.symbol.starts_with("ZZ")) world.subscribe(instrument.symbol);
    std::vector<Asked<Order>> orders;
    for (int number = 0; number < 30; ++number)
        orders.push_back(world.place(FaultWorld::intent("SPY", "1")));
    const auto asked = world.now().mono;
    const auto cancelled = world.cancel(resting);
    ASSERT_TRUE(world.run_until([&] { return cancelled->answer.has_value(); }, 10s));
    EXPECT_LE(world.now().mono - asked, 2s) << "a cancel does not wait behind the burst";
    world.run(2min);
    EXPECT_EQ(world.connects().size(), 1U) << "the gateway never had to close";
    EXPECT_EQ(world.counter("ib.rate_exceeded"), 0U);
    for (const auto& order : orders)
        EXPECT_TRUE(is_final(world.order(order).order.state)) << world.order(order).order.note;
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBC_09_AReadOnlyGatewayRefusesOrdersAtOnceAndShowsTheBooks) {
    FaultWorld world;
    world.fault("read_only");
    world.start();
    const auto told = [&] { return starts(world.gate(), "needs_operator ib_read_only"); };
    ASSERT_TRUE(world.run_until(told, 60s)) << world.gate();
    const auto placed = world.place(FaultWorld::intent("AAPL", "1"));
    ASSERT_TRUE(placed->answer.has_value());
    ASSERT_FALSE(placed->answer->has_value());
    EXPECT_TRUE(placed->answer->error().message.contains("Read-Only"))
        << placed->answer->error().message;
    EXPECT_TRUE(world.sent(place_order).empty());
    ASSERT_TRUE(world.position("AAPL").has_value());
    EXPECT_EQ(world.position("AAPL")->position.quantity, quantity_of("100"));
    world.market("AAPL", "191.00", "191.02", "191.01");
    world.run(1s);
    EXPECT_EQ(world.quote("AAPL").quote.last, price_of("191.01"));
    world.fault_off("read_only");
    world.fault("disconnect_all");  // A person changes the setting and restarts the gateway.
    world.run(2s);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBC_10_ABrokenFarmMakesPricesStaleAndStopsNoOrder) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.market("AAPL", "191.00", "191.02", "191.01");
    world.run(1s);
    ASSERT_EQ(world.quote("AAPL").quote.quality, DataQuality::Live);
    const auto gates = world.gates_of().size();
    world.fault("farm_broken");
    world.run(11s);
    EXPECT_EQ(world.gate(), "ready");
    EXPECT_EQ(world.gates_of().size(), gates);
    EXPECT_EQ(world.quote("AAPL").quote.quality, DataQuality::Stale);
    EXPECT_EQ(world.position("AAPL")->valuation.quality, DataQuality::Stale);
    const auto placed = world.place(FaultWorld::intent("AAPL", "5"));
    world.run(2s);
    EXPECT_EQ(world.order(placed).order.state, OrderState::Filled);
    world.fault_off("farm_broken");
    world.market("AAPL", "192.00", "192.02", "192.01");
    world.run(1s);
    EXPECT_EQ(world.quote("AAPL").quote.quality, DataQuality::Live);
    EXPECT_EQ(world.unhealed(), Lines{});
}

}  // namespace
}  // namespace janus::sim
