#include "core/operator_actions.hpp"

#include <chrono>

#include "core/test_world.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::BrokerStatus;
using testing::Test;

class OperatorActionsTest : public Test {
 protected:
    OperatorActionsTest() { world.start(); }

    using Done = std::shared_ptr<std::optional<Result<void>>>;
    Done halt(const std::string& account, const std::string& reason = "enough") {
        auto done = std::make_shared<std::optional<Result<void>>>();
        world.engine->halt(world.now, AccountName{account}, reason, Caller{"boss"},
                           [done](Result<void> outcome) { *done = std::move(outcome); });
        return done;
    }
    Done resume(const std::string& account, const std::string& reason = "calm again") {
        auto done = std::make_shared<std::optional<Result<void>>>();
        world.engine->resume(world.now, AccountName{account}, reason, Caller{"boss"},
                             [done](Result<void> outcome) { *done = std::move(outcome); });
        return done;
    }
    World::Answered resolve(OrderId id, OrderState state, const std::string& reason) {
        auto answered = std::make_shared<std::optional<Result<Order>>>();
        world.engine->resolve_order(
            world.now, id, state, reason, Caller{"boss"},
            [answered](Result<Order> outcome) { *answered = std::move(outcome); });
        world.settle();
        return answered;
    }
    void make_unknown() {
        world.placed(world.intent("k1"));
        world.pass(10s);
        ASSERT_EQ(world.order(OrderId{1}).state, OrderState::Unknown);
    }
    void expect_halted(const std::string& key, const std::string& words) {
        const auto error = error_of(world.place(world.intent(key)));
        EXPECT_EQ(error.code, ErrorCode::Denied);
        EXPECT_NE(error.message.find(words), std::string::npos) << error.message;
    }

    World world;
};

TEST_F(OperatorActionsTest, AHaltWorksAtOnceAndIsConfirmedWhenDurable) {
    const auto done = halt("ib_main");
    EXPECT_FALSE(done->has_value());
    const auto early = world.ask(world.intent("k1"));
    EXPECT_EQ(error_of(early).code, ErrorCode::Denied);
    world.settle();
    ASSERT_TRUE(done->has_value());
    EXPECT_TRUE((*done)->has_value());
    EXPECT_TRUE(world.engine->account(AccountName{"ib_main"})->halted);
    EXPECT_FALSE(world.engine->account(AccountName{"ib_second"})->halted);
    auto other = world.intent("k2");
    other.account.value = "ib_second";
    world.placed(other);
}

TEST_F(OperatorActionsTest, AHaltOutlivesARestartAndOnlyAResumeWithAReasonEndsIt) {
    halt("");
    world.settle();
    world.start();
    expect_halted("k1", "all accounts by boss: enough");
    const auto without = resume("", "");
    EXPECT_EQ(error_of(without).code, ErrorCode::Invalid);
    const auto done = resume("");
    expect_halted("k2", "enough");
    world.settle();
    EXPECT_TRUE((*done)->has_value());
    world.placed(world.intent("k3"));
    EXPECT_EQ(world.journal.kept<AuditRecord>().size(), 3U);
}

TEST_F(OperatorActionsTest, TheEndOfTheGeneralHaltLeavesTheAccountsOwn) {
    halt("");
    halt("ib_main", "its own");
    world.settle();
    resume("");
    world.settle();
    expect_halted("k1", "its own");
}

TEST_F(OperatorActionsTest, AHaltThatCannotBeKeptHaltsNowAndSaysSo) {
    world.journal.refusal = Error{ErrorCode::Unavailable, "journal_full"};
    const auto done = halt("");
    world.settle();
    EXPECT_EQ(error_of(done).code, ErrorCode::Unavailable);
    world.journal.refusal.reset();
    expect_halted("k1", "enough");
}

TEST_F(OperatorActionsTest, AResumeThatCannotBeKeptDoesNotResume) {
    halt("");
    world.settle();
    world.journal.refusal = Error{ErrorCode::Unavailable, "journal_full"};
    const auto done = resume("");
    world.settle();
    EXPECT_EQ(error_of(done).code, ErrorCode::Unavailable);
    world.journal.refusal.reset();
    expect_halted("k1", "enough");
}

TEST_F(OperatorActionsTest, OnlyAKnownAccountIsHalted) {
    EXPECT_EQ(error_of(halt("nobody")).code, ErrorCode::NotFound);
}

TEST_F(OperatorActionsTest, APersonEndsAnUnknownOrderAndEvidenceOverridesThePerson) {
    make_unknown();
    const auto answered = resolve(OrderId{1}, OrderState::Cancelled, "called the desk");
    EXPECT_EQ((**answered)->state, OrderState::Cancelled);
    EXPECT_TRUE(has_flag(world.order(OrderId{1}), "resolved_by_operator"));
    EXPECT_EQ(world.journal.kept<AuditRecord>().back().action, "resolve_order");
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(world.order(OrderId{1}).state, OrderState::Working);
    EXPECT_FALSE(has_flag(world.order(OrderId{1}), "resolved_by_operator"));
    expect_legal_feed(*world.engine);
}

TEST_F(OperatorActionsTest, ARejectionByAPersonIsWithdrawnAsADecisionAndNotAsAnAnswer) {
    make_unknown();
    resolve(OrderId{1}, OrderState::Rejected, "called the desk");
    const auto alarms = world.alarms().size();
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(world.order(OrderId{1}).state, OrderState::Working);
    EXPECT_TRUE(world.order(OrderId{1}).flags.empty());
    EXPECT_EQ(world.alarms().size(), alarms) << "no answer of the broker was wrong";
    expect_legal_feed(*world.engine);
}

TEST_F(OperatorActionsTest, ATradeOverridesAPersonToo) {
    make_unknown();
    resolve(OrderId{1}, OrderState::NotSent, "nothing in the log");
    world.start();
    world.execute(OrderId{1}, "a.01", "4", "190");
    EXPECT_EQ(world.order(OrderId{1}).state, OrderState::Working);
    world.execute(OrderId{1}, "b.01", "6", "190");
    EXPECT_EQ(world.order(OrderId{1}).state, OrderState::Filled);
    EXPECT_FALSE(has_flag(world.order(OrderId{1}), "fill_after_cancel"));
    expect_legal_feed(*world.engine);
}

TEST_F(OperatorActionsTest, EvidenceThatAgreesLeavesTheDecision) {
    make_unknown();
    resolve(OrderId{1}, OrderState::Cancelled, "called the desk");
    world.report_now(OrderId{1}, BrokerStatus::Cancelled);
    EXPECT_EQ(world.order(OrderId{1}).state, OrderState::Cancelled);
    EXPECT_EQ(world.counter("core.order.no_row"), 0U);
}

TEST_F(OperatorActionsTest, ADecisionNeedsAFinalStateAReasonAndADoubt) {
    world.placed(world.intent("k1"));
    EXPECT_EQ(error_of(resolve(OrderId{1}, OrderState::Working, "x")).code, ErrorCode::Invalid);
    EXPECT_EQ(error_of(resolve(OrderId{1}, OrderState::Cancelled, "")).code, ErrorCode::Invalid);
    EXPECT_EQ(error_of(resolve(OrderId{9}, OrderState::Cancelled, "x")).code, ErrorCode::NotFound);
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(error_of(resolve(OrderId{1}, OrderState::Cancelled, "x")).code, ErrorCode::Denied);
    world.tell("ib_main", gateway::OrderNotFound{OrderId{1}, "complete list"});
    EXPECT_EQ((**resolve(OrderId{1}, OrderState::Cancelled, "x"))->state, OrderState::Cancelled);
}

TEST_F(OperatorActionsTest, ADecisionThatCannotBeAuditedIsNotMade) {
    make_unknown();
    world.journal.refusal = Error{ErrorCode::Unavailable, "journal_full"};
    EXPECT_EQ(error_of(resolve(OrderId{1}, OrderState::Cancelled, "x")).code,
              ErrorCode::Unavailable);
    EXPECT_EQ(world.order(OrderId{1}).state, OrderState::Unknown);
}

TEST_F(OperatorActionsTest, AnAlarmOfOneOrderIsAcknowledgedByItsResolution) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Cancelled);
    world.execute(OrderId{1}, "a.01", "10", "190");
    EXPECT_EQ(error_of(world.place(world.intent("k2"))).code, ErrorCode::Denied);
    resolve(OrderId{1}, OrderState::Cancelled, "seen");
    world.placed(world.intent("k2"));
}

TEST_F(OperatorActionsTest, TheDefaultAccountIsDurable) {
    std::optional<Result<AccountView>> answered;
    world.engine->set_default_account(world.now, AccountName{"webull"}, Caller{"boss"},
                                      [&](Result<AccountView> outcome) { answered = outcome; });
    world.settle();
    ASSERT_TRUE(answered.has_value());
    EXPECT_TRUE((*answered)->is_default);
    world.start();
    EXPECT_TRUE(world.engine->account(AccountName{"webull"})->is_default);
    EXPECT_FALSE(world.engine->account(AccountName{"ib_main"})->is_default);
}

}  // namespace
}  // namespace janus::core
