#include "core/order_cancels.hpp"

#include <chrono>

#include "core/test_world.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::BrokerStatus;
using gateway::Gate;
using testing::Test;

class OrderCancelsTest : public Test {
 protected:
    OrderCancelsTest() {
        world.start();
        world.placed(world.intent("k1"));
        world.report_now(OrderId{1}, BrokerStatus::Working);
    }
    std::size_t sent() const { return world.ib->count<gateway::CancelOrder>(); }
    Order order() const { return world.order(OrderId{1}); }

    World world;
};

TEST_F(OrderCancelsTest, TheReplyWaitsForTheEndOfTheOrder) {
    const auto answered = world.cancel(OrderId{1});
    ASSERT_EQ(sent(), 1U);
    EXPECT_EQ(world.ib->sent<gateway::CancelOrder>().front().ref.permanent, "p1");
    EXPECT_EQ(order().state, OrderState::PendingCancel);
    EXPECT_FALSE(answered->has_value());
    world.report_now(OrderId{1}, BrokerStatus::Cancelled, "202");
    EXPECT_EQ((**answered)->state, OrderState::Cancelled);
    const auto audit = world.journal.kept<AuditRecord>().back();
    EXPECT_EQ(audit.action, "cancel_order");
    EXPECT_EQ(audit.who, "tester");
}

TEST_F(OrderCancelsTest, AFillWinsOverTheCancel) {
    const auto answered = world.cancel(OrderId{1});
    world.execute(OrderId{1}, "a.01", "10", "190");
    EXPECT_EQ((**answered)->state, OrderState::Filled);
    EXPECT_TRUE(world.alarms().empty());
}

TEST_F(OrderCancelsTest, ARefusedCancelLeavesTheOrderWorkingAndIsRejected) {
    const auto answered = world.cancel(OrderId{1});
    world.tell("ib_main", gateway::CancelRefused{OrderId{1}, "10148 state: Submitted"});
    EXPECT_EQ(order().state, OrderState::Working);
    EXPECT_EQ(world.ib->count<gateway::QueryOrder>(), 1U);
    EXPECT_FALSE(answered->has_value()) << "the order itself must be asked first";
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(error_of(answered).code, ErrorCode::Rejected);
    EXPECT_NE(error_of(answered).message.find("10148"), std::string::npos);
}

TEST_F(OrderCancelsTest, ARefusedCancelOfAFilledOrderRepliesWithTheFilledOrder) {
    const auto answered = world.cancel(OrderId{1});
    world.tell("ib_main", gateway::CancelRefused{OrderId{1}, "10148 state: Filled"});
    world.execute(OrderId{1}, "a.01", "10", "190");
    EXPECT_EQ((**answered)->state, OrderState::Filled);
}

TEST_F(OrderCancelsTest, ACancelThatWasNotSentIsSaidAtOnceAndMayBeRepeatedAtOnce) {
    const auto answered = world.cancel(OrderId{1});
    world.tell("ib_main", gateway::CancelNotSent{OrderId{1}, "connection refused"});
    EXPECT_EQ(order().state, OrderState::Working);
    EXPECT_EQ(order().note, "cancel not sent: connection refused");
    EXPECT_EQ(error_of(answered).code, ErrorCode::Unavailable);
    EXPECT_NE(error_of(answered).message.find("connection refused"), std::string::npos);
    world.cancel(OrderId{1});
    EXPECT_EQ(sent(), 2U);
    EXPECT_EQ(order().state, OrderState::PendingCancel);
    expect_legal_feed(*world.engine);
}

TEST_F(OrderCancelsTest, WhenItsAnswerIsLostTheBrokersBooksDecide) {
    for (const auto shown : {BrokerStatus::Working, BrokerStatus::Held}) {
        const auto answered = world.cancel(OrderId{1});
        EXPECT_EQ(order().state, OrderState::PendingCancel);
        world.report_now(OrderId{1}, BrokerStatus::Working);
        EXPECT_EQ(order().state, OrderState::PendingCancel) << "an older report proves nothing";
        world.tell("ib_main", gateway::CancelUncertain{OrderId{1}, "status 502"});
        EXPECT_EQ(order().note, "cancel was not confirmed: status 502");
        EXPECT_FALSE(answered->has_value());
        world.report_now(OrderId{1}, shown);
        EXPECT_EQ(order().state,
                  shown == BrokerStatus::Held ? OrderState::Held : OrderState::Working);
        EXPECT_EQ(order().note, "the cancel was lost: the broker shows the order alive");
        EXPECT_EQ(error_of(answered).code, ErrorCode::Unknown);
    }
    EXPECT_EQ(sent(), 2U) << "another one is allowed at once";
    expect_legal_feed(*world.engine);
}

TEST_F(OrderCancelsTest, ALostCancelThatWasTakenEndsTheOrder) {
    const auto answered = world.cancel(OrderId{1});
    world.tell("ib_main", gateway::CancelUncertain{OrderId{1}, "status 502"});
    world.report_now(OrderId{1}, BrokerStatus::Cancelled);
    EXPECT_EQ((**answered)->state, OrderState::Cancelled);
}

TEST_F(OrderCancelsTest, ACancelWithoutEffectIsAskedForUntilTheBrokerShowsTheOrder) {
    world.cancel(OrderId{1});
    world.pass(29'999ms);
    EXPECT_EQ(world.ib->count<gateway::QueryOrder>(), 0U);
    world.pass(1ms);
    EXPECT_EQ(world.ib->count<gateway::QueryOrder>(), 1U);
    EXPECT_EQ(order().note, "cancel was not confirmed: no effect within 30 s");
    world.pass(60s);
    EXPECT_GT(world.ib->count<gateway::QueryOrder>(), 1U);
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(order().state, OrderState::Working);
    const auto asked = world.ib->count<gateway::QueryOrder>();
    world.pass(5min);
    EXPECT_EQ(world.ib->count<gateway::QueryOrder>(), asked);
}

TEST_F(OrderCancelsTest, ACancelThatTheBrokerShowsAsPendingIsWaitedFor) {
    world.cancel(OrderId{1});
    world.pass(30s);
    world.report_now(OrderId{1}, BrokerStatus::PendingCancel);
    EXPECT_EQ(order().note, "the broker has the cancel, and the order still");
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(order().state, OrderState::PendingCancel);
}

TEST_F(OrderCancelsTest, AfterALostLineOrARestartTheOrderIsWhatTheBrokerShows) {
    world.cancel(OrderId{1});
    world.set_gate("ib_main", Gate::Connecting, "connection lost");
    world.set_gate("ib_main", Gate::Ready, "");
    EXPECT_GE(world.ib->count<gateway::QueryOrder>(), 1U);
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(order().state, OrderState::Working);
    world.cancel(OrderId{1});
    EXPECT_EQ(order().state, OrderState::PendingCancel);
    world.start();
    EXPECT_EQ(order().state, OrderState::PendingCancel);
    EXPECT_GE(world.ib->count<gateway::QueryOrder>(), 1U);
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(order().state, OrderState::Working);
    expect_legal_feed(*world.engine);
}

TEST_F(OrderCancelsTest, ASilentBrokerIsSaidAfterTheAnswerTimeout) {
    const auto answered = world.cancel(OrderId{1});
    world.pass(9999ms);
    EXPECT_FALSE(answered->has_value());
    world.pass(1ms);
    EXPECT_EQ((**answered)->state, OrderState::PendingCancel);
}

TEST_F(OrderCancelsTest, ACancelIsRepeatedOnceAMinuteAtMost) {
    const auto first = world.cancel(OrderId{1});
    const auto shared = world.cancel(OrderId{1});
    EXPECT_EQ(sent(), 1U);
    world.pass(10s);
    EXPECT_TRUE(first->has_value() && shared->has_value());
    world.pass(49'999ms);
    EXPECT_EQ(error_of(world.cancel(OrderId{1})).code, ErrorCode::Denied);
    EXPECT_EQ(sent(), 1U);
    world.pass(1ms);
    world.cancel(OrderId{1});
    EXPECT_EQ(sent(), 2U);
}

TEST_F(OrderCancelsTest, CancelsPassHaltsDegradedGatesAndAFailedJournal) {
    world.engine->halt(world.now, {}, "enough", Caller{"boss"}, {});
    world.settle();
    world.set_gate("ib_main", Gate::Degraded, "ib_upstream");
    world.journal.refusal = Error{ErrorCode::Unavailable, "journal_full"};
    world.cancel(OrderId{1});
    EXPECT_EQ(sent(), 1U);
}

TEST_F(OrderCancelsTest, AnAccountThatCannotSendSaysSo) {
    world.set_gate("ib_main", Gate::Connecting, "client_id_busy");
    const auto answered = world.cancel(OrderId{1});
    EXPECT_EQ(error_of(answered).code, ErrorCode::Unavailable);
    EXPECT_NE(error_of(answered).message.find("client_id_busy"), std::string::npos);
    EXPECT_EQ(sent(), 0U);
}

TEST_F(OrderCancelsTest, AFinalOrderIsTheAnswerAndAnUnknownIdIsNotFound) {
    world.report_now(OrderId{1}, BrokerStatus::Cancelled);
    EXPECT_EQ((**world.cancel(OrderId{1}))->state, OrderState::Cancelled);
    EXPECT_EQ(sent(), 0U);
    EXPECT_EQ(error_of(world.cancel(OrderId{99})).code, ErrorCode::NotFound);
}

TEST_F(OrderCancelsTest, AnOrderWithoutAnAnswerCanBeCancelledAndStaysWhatItIs) {
    auto intent = world.intent("k2");
    intent.symbol = symbol_of("MSFT");
    const auto id = world.placed(intent);
    world.cancel(id);
    EXPECT_EQ(sent(), 1U);
    EXPECT_EQ(world.order(id).state, OrderState::PendingNew);
    world.report_now(id, BrokerStatus::PendingCancel);
    EXPECT_EQ(world.order(id).state, OrderState::PendingCancel);
    expect_legal_feed(*world.engine);
}

}  // namespace
}  // namespace janus::core
