#include "core/engine.hpp"

#include <chrono>

#include "core/feed.hpp"
#include "core/test_world.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::BrokerStatus;
using gateway::Gate;
using testing::Test;

class EngineTest : public Test {
 protected:
    using Lines = std::vector<std::string>;
    std::shared_ptr<std::optional<Result<Lines>>> sync(const std::string& account) {
        auto answered = std::make_shared<std::optional<Result<Lines>>>();
        world.engine->sync(world.now, AccountName{account},
                           [answered](Result<Lines> outcome) { *answered = std::move(outcome); });
        world.settle();
        return answered;
    }
    const ComponentHealth* find_health(const std::string& name) {
        health = world.engine->health(world.now);
        for (const auto& component : health)
            if (component.name == name) return &component;
        return nullptr;
    }

    World world;
    std::vector<ComponentHealth> health;
};

TEST_F(EngineTest, TradeEventsBeginOnceEveryAccountHasHadItsFirstTry) {
    world.boot();
    EXPECT_EQ(world.ib->count<gateway::Start>(), 1U);
    world.become_ready("ib_main");
    world.set_gate("webull", Gate::NeedsOperator, "webull_auth");
    EXPECT_FALSE(world.engine->settled());
    EXPECT_EQ(world.webull->count<gateway::StartTradeEvents>(), 0U);
    world.set_gate("ib_second", Gate::Connecting);
    EXPECT_FALSE(world.engine->settled());
    world.set_gate("ib_second", Gate::Down, "connection refused");
    EXPECT_TRUE(world.engine->settled());
    for (auto* gateway : {world.ib, world.webull})
        EXPECT_EQ(gateway->count<gateway::StartTradeEvents>(), 1U);
    world.become_ready("ib_second");
    EXPECT_EQ(world.webull->count<gateway::StartTradeEvents>(), 1U);
}

TEST_F(EngineTest, AccountsOfALoginThatAreNotConfiguredAreShownUntilTheyAre) {
    world.start();
    EXPECT_TRUE(world.engine->unconfigured_accounts().empty());
    const auto listed = [](std::optional<AccountName> second) {
        return gateway::AccountsListed{
            "webull",
            {{Secret("WB0000000001"), "WB0...01", "Cash", AccountName{"webull"}},
              {Secret("WB0000000002"), "WB0...02", "Roth IRA", std::move(second)}}
        };
    };
    world.webull->events.emplace_back(listed(std::nullopt));
    world.settle();
    const auto found = world.engine->unconfigured_accounts();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].broker, "webull");
    EXPECT_EQ(found[0].login, "webull");
    EXPECT_EQ(found[0].id, Secret("WB0000000002"));
    EXPECT_EQ(found[0].masked_id, "WB0...02");
    EXPECT_EQ(found[0].label, "Roth IRA");
    world.webull->events.emplace_back(listed(AccountName{"second"}));
    world.settle();
    EXPECT_TRUE(world.engine->unconfigured_accounts().empty());
}

TEST_F(EngineTest, ARepeatedGateIsNoEvent) {
    world.start();
    const auto sequence = world.engine->last_sequence();
    world.set_gate("ib_main", Gate::Ready);
    EXPECT_EQ(world.engine->last_sequence(), sequence);
    world.set_gate("ib_main", Gate::Degraded, "ib_upstream");
    EXPECT_EQ(world.engine->last_sequence(), sequence + 1);
    EXPECT_EQ(world.engine->account(AccountName{"ib_main"})->reason, "ib_upstream");
}

TEST_F(EngineTest, OneAccountsTroubleChangesNothingOnAnother) {
    world.start();
    world.set_gate("ib_main", Gate::Down, "line cut");
    EXPECT_EQ(world.engine->account(AccountName{"ib_second"})->gate, Gate::Ready);
    EXPECT_EQ(world.engine->account(AccountName{"webull"})->gate, Gate::Ready);
}

TEST_F(EngineTest, AnOutageIsAnAlarmAfterAQuarterOfAnHourAndThenHourly) {
    world.start();
    world.set_gate("ib_main", Gate::Down, "line cut");
    world.pass(15min - 1ms);
    EXPECT_TRUE(world.alarms().empty());
    world.pass(1ms);
    ASSERT_EQ(world.alarms().size(), 1U);
    EXPECT_NE(world.alarms().front().find("line cut"), std::string::npos);
    world.pass(60min - 1ms);
    EXPECT_EQ(world.alarms().size(), 1U);
    world.pass(1ms);
    EXPECT_EQ(world.alarms().size(), 2U);
    world.become_ready("ib_main");
    world.set_gate("ib_main", Gate::Down, "again");
    world.pass(15min);
    EXPECT_EQ(world.alarms().size(), 3U);
}

TEST_F(EngineTest, SinceIsWhenTheGateChanged) {
    world.start();
    world.now = at(7s);
    world.set_gate("ib_main", Gate::Down, "line cut");
    EXPECT_EQ(world.engine->account(AccountName{"ib_main"})->since, world.now.utc);
}

TEST_F(EngineTest, SyncSaysWhatDiffered) {
    world.start();
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Working);
    const auto answered = sync("ib_main");
    const auto shared = sync("ib_main");
    EXPECT_EQ(world.ib->count<gateway::RefreshAccount>(), 1U);
    EXPECT_FALSE(answered->has_value());
    world.report_now(OrderId{1}, BrokerStatus::Cancelled);
    world.held["ib_main"].front().quantity = quantity_of("90");
    world.give_lists("ib_main");
    ASSERT_TRUE(answered->has_value() && (*answered)->has_value());
    ASSERT_EQ((*answered)->value().size(), 2U);
    EXPECT_NE((*answered)->value()[0].find("AAPL"), std::string::npos);
    EXPECT_EQ((*answered)->value()[1],
              "order 1 (BUY 10 AAPL): CANCELLED filled 0 was WORKING filled 0");
    EXPECT_EQ(**shared, **answered);
}

TEST_F(EngineTest, ASyncThatFindsNoDifferenceSaysNothing) {
    world.start();
    const auto answered = sync("ib_main");
    world.give_lists("ib_main");
    EXPECT_EQ(**answered, Lines{});
}

TEST_F(EngineTest, ASyncThatDoesNotEndIsAnErrorAfterThirtySeconds) {
    world.start();
    const auto answered = sync("ib_main");
    world.pass(29'999ms);
    EXPECT_FALSE(answered->has_value());
    world.pass(1ms);
    EXPECT_EQ(error_of(answered).code, ErrorCode::Unavailable);
    const auto again = sync("ib_main");
    world.give_lists("ib_main");
    EXPECT_TRUE((*again)->has_value()) << "it works again";
}

TEST_F(EngineTest, ASyncNeedsAReadyAccountAndFailsWithIt) {
    world.start();
    EXPECT_EQ(error_of(sync("nobody")).code, ErrorCode::NotFound);
    const auto answered = sync("ib_main");
    world.set_gate("ib_main", Gate::Down, "line cut");
    EXPECT_EQ(error_of(answered).code, ErrorCode::Unavailable);
    EXPECT_EQ(error_of(sync("ib_main")).code, ErrorCode::Unavailable);
}

TEST_F(EngineTest, HealthNamesEveryPart) {
    world.start();
    world.tell("webull",
               gateway::StreamChanged{"webull", gateway::StreamState::Silent, "no event"});
    ASSERT_NE(find_health("account ib_main"), nullptr);
    EXPECT_TRUE(find_health("account ib_main")->ok);
    EXPECT_EQ(find_health("stream webull")->state, "silent");
    EXPECT_FALSE(find_health("stream webull")->ok);
    EXPECT_TRUE(find_health("database")->ok);
    EXPECT_TRUE(find_health("journal")->ok);
    world.engine->on_registry_reply(world.now, world.registry.go_away("terminated"));
    EXPECT_FALSE(find_health("database")->ok);
    EXPECT_EQ(find_health("database")->detail, "terminated");
    world.journal.refusal = Error{ErrorCode::Unavailable, "journal_full"};
    world.place(world.intent("k1"));
    EXPECT_FALSE(find_health("journal")->ok);
}

TEST_F(EngineTest, AKnownSymbolIsTradedWhileTheDatabaseIsAway) {
    world.start();
    world.engine->on_registry_reply(world.now, world.registry.go_away("terminated"));
    world.placed(world.intent("k1"));
}

TEST_F(EngineTest, ACallerMayAskForTheNextThingInsideItsReply) {
    world.start();
    std::optional<Result<Order>> second;
    world.engine->place_order(
        world.now, world.intent("k1"), Caller{"tester"}, [&](const Result<Order>&) {
            auto next = world.intent("k2");
            next.symbol = symbol_of("MSFT");
            world.engine->place_order(world.now, next, Caller{"tester"},
                                      [&](Result<Order> outcome) { second = outcome; });
        });
    world.settle();
    world.report_now(OrderId{1}, BrokerStatus::Working);
    ASSERT_EQ(world.ib->count<gateway::PlaceOrder>(), 2U);
    world.report_now(OrderId{2}, BrokerStatus::Working);
    EXPECT_TRUE(second.has_value());
}

TEST_F(EngineTest, TheFeedIsAnnouncedOncePerPumpThatAddedToIt) {
    world.start();
    int grown = 0;
    world.engine->on_feed_grown([&] { ++grown; });
    world.engine->pump(world.now);
    EXPECT_EQ(grown, 0);
    world.ib->events.emplace_back(
        gateway::GateChanged{AccountName{"ib_main"}, Gate::Down, "line cut"});
    world.ib->events.emplace_back(
        gateway::GateChanged{AccountName{"ib_second"}, Gate::Down, "line cut"});
    world.engine->pump(world.now);
    EXPECT_EQ(grown, 1);
}

TEST_F(EngineTest, TheWallClockMovesNoTimer) {
    world.start();
    world.placed(world.intent("k1"));
    world.now.utc = world.now.utc + 1h;
    world.engine->on_timeout(world.now);
    EXPECT_EQ(world.order(OrderId{1}).state, OrderState::PendingNew);
    world.now.utc = world.now.utc + -2h;
    world.report_now(OrderId{1}, BrokerStatus::Working);
    Utc newest;
    for (const auto& event : *world.engine->events_after(0)) {
        EXPECT_GE(event.at, newest);
        newest = event.at;
    }
}

TEST(Feed, ReplayBeginsAfterTheGivenEventAndAGapIsSaid) {
    Feed feed(3);
    EXPECT_TRUE(feed.events_after(0)->empty());
    for (int count = 0; count < 5; ++count) feed.alarm(at(0s), "x");
    EXPECT_EQ(feed.last_sequence(), 5U);
    ASSERT_EQ(feed.events_after(2)->size(), 3U);
    EXPECT_EQ(feed.events_after(2)->front().sequence, 3U);
    EXPECT_EQ(feed.events_after(4)->size(), 1U);
    EXPECT_TRUE(feed.events_after(5)->empty());
    EXPECT_EQ(feed.events_after(1).error().code, ErrorCode::NotFound);
    EXPECT_EQ(feed.events_after(6).error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace janus::core
