#include "core/order_evidence.hpp"

#include <algorithm>
#include <chrono>

#include "core/test_world.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::BrokerStatus;
using gateway::Gate;
using testing::Test;

class OrderEvidenceTest : public Test {
 protected:
    OrderEvidenceTest() { world.start(); }

    OrderState state(OrderId id = OrderId{1}) const { return world.order(id).state; }
    std::size_t queries() const { return world.ib->count<gateway::QueryOrder>(); }

    World world;
};

/// The order as people see it, without when.
Order outcome_of(Order order) {
    order.created = order.changed = Utc{};
    return order;
}

TEST_F(OrderEvidenceTest, EveryArrivalOrderOfTheSameEvidenceGivesTheSameOrder) {
    std::vector<int> arrival{0, 1, 2, 3, 4, 5};
    std::optional<Order> first;
    do {
        World fresh;
        fresh.start();
        const auto id = fresh.placed(fresh.intent("k1"));
        const auto working = fresh.report(id, BrokerStatus::Working);
        auto filled = fresh.report(id, BrokerStatus::Filled);
        filled.filled = quantity_of("10");
        auto fourth = fresh.execution(id, "a.01", "4", "190.1");
        auto sixth = fresh.execution(id, "b.01", "6", "190.3");
        const std::vector<gateway::Event> evidence{
            working,
            filled,
            gateway::ExecutionReport{fourth},
            gateway::ExecutionReport{sixth},
            gateway::ExecutionReport{fourth},
            gateway::CommissionReport{sixth.id, money_of("1.05"), "USD"}
        };
        for (const auto index : arrival)
            fresh.tell("ib_main", evidence[static_cast<std::size_t>(index)]);
        const auto order = outcome_of(fresh.order(id));
        EXPECT_EQ(order.state, OrderState::Filled);
        EXPECT_EQ(order.filled, quantity_of("10"));
        EXPECT_EQ(order.average_price, price_of("190.22"));
        EXPECT_TRUE(order.flags.empty());
        if (!first) first = order;
        EXPECT_EQ(order, *first);
        const auto executions = fresh.engine->executions(AccountName{"ib_main"});
        ASSERT_EQ(executions.size(), 2U);
        for (const auto& execution : executions)
            EXPECT_EQ(execution.commission.has_value(), execution.id == sixth.id);
        expect_legal_feed(*fresh.engine);
    } while (std::ranges::next_permutation(arrival).found);
}

TEST_F(OrderEvidenceTest, ExecutionsAloneFillAnOrder) {
    world.placed(world.intent("k1"));
    world.execute(OrderId{1}, "a.01", "4", "190");
    EXPECT_EQ(state(), OrderState::Working);
    world.execute(OrderId{1}, "b.01", "6", "190");
    EXPECT_EQ(state(), OrderState::Filled);
    EXPECT_TRUE(world.alarms().empty());
}

TEST_F(OrderEvidenceTest, ARepeatChangesNothingAndTellsNobody) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.execute(OrderId{1}, "a.01", "4", "190");
    const auto sequence = world.engine->last_sequence();
    const auto records = world.journal.durable.size();
    for (int repeat = 0; repeat < 3; ++repeat) {
        world.report_now(OrderId{1}, BrokerStatus::Working);
        world.execute(OrderId{1}, "a.01", "4", "190");
    }
    EXPECT_EQ(world.engine->last_sequence(), sequence);
    EXPECT_EQ(world.journal.durable.size(), records);
    world.start();
    const auto after_restart = world.engine->last_sequence();
    world.execute(OrderId{1}, "a.01", "4", "190");
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(world.engine->last_sequence(), after_restart);
    EXPECT_EQ(world.order(OrderId{1}).filled, quantity_of("4"));
}

/// Refused by the answer to its place; the books have not spoken.
void refuse(World& world, OrderId id = OrderId{1}) {
    world.placed(world.intent("k1"));
    world.tell("ib_main", gateway::OrderRejected{id, "no cash"});
    EXPECT_EQ(world.order(id).state, OrderState::Rejected);
}

TEST_F(OrderEvidenceTest, ARefusedOrderThatStandsInTheBooksIsLiveAgainAndAPersonIsTold) {
    refuse(world);
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(state(), OrderState::Working);
    EXPECT_EQ(world.order(OrderId{1}).flags, std::vector<std::string>{"found_after_refusal"});
    ASSERT_EQ(world.alarms().size(), 1U);
    EXPECT_EQ(world.alarms().front(),
              "order 1 on ib_main (BUY 10 AAPL) was refused by the broker's answer (no cash), but "
              "stands in its books: it counts as sent");
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(world.alarms().size(), 1U) << "once";
    world.cancel(OrderId{1});
    EXPECT_EQ(world.ib->count<gateway::CancelOrder>(), 1U);
    world.execute(OrderId{1}, "a.01", "10", "190");
    EXPECT_EQ(state(), OrderState::Filled);
    EXPECT_FALSE(has_flag(world.order(OrderId{1}), "fill_after_cancel")) << "nothing is blocked";
    expect_legal_feed(*world.engine);
}

TEST_F(OrderEvidenceTest, WhatHasBecomeOfARefusedOrderIsTakenFromTheBooks) {
    for (const auto& [said, becomes] : {
             std::pair{BrokerStatus::Held,          OrderState::Held         },
             std::pair{BrokerStatus::PendingCancel, OrderState::PendingCancel},
             std::pair{BrokerStatus::Cancelled,     OrderState::Cancelled    },
             std::pair{BrokerStatus::Expired,       OrderState::Expired      },
             std::pair{BrokerStatus::Unmapped,      OrderState::Unknown      }
    }) {
        World fresh;
        fresh.start();
        refuse(fresh);
        fresh.report_now(OrderId{1}, said);
        EXPECT_EQ(fresh.order(OrderId{1}).state, becomes);
        expect_legal_feed(*fresh.engine);
    }
}

TEST_F(OrderEvidenceTest, ARefusedOrderIsFoundAfterARestart) {
    refuse(world);
    world.start();
    EXPECT_EQ(state(), OrderState::Rejected);
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(state(), OrderState::Working);
    world.start();
    EXPECT_EQ(state(), OrderState::Working) << "that it lives is durable";
    EXPECT_EQ(world.ib->count<gateway::PlaceOrder>(), 0U);
}

TEST_F(OrderEvidenceTest, ANoticeAboutARefusedOrderAsksTheBooksAndChangesNothing) {
    refuse(world);
    world.tell("ib_main", gateway::OrderNotice{OrderId{1}, "shown as live", true});
    EXPECT_EQ(queries(), 1U);
    EXPECT_EQ(world.order(OrderId{1}).note, "no cash");
    world.tell("ib_main", gateway::OrderNotFound{OrderId{1}, "complete list"});
    EXPECT_EQ(state(), OrderState::Rejected);
    world.pass(300s);
    EXPECT_EQ(queries(), 1U);
}

TEST_F(OrderEvidenceTest, ARejectionThatTheBooksHaveShownIsTheLastWord) {
    refuse(world);
    world.report_now(OrderId{1}, BrokerStatus::Rejected);
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(state(), OrderState::Rejected) << "the report is late";
    World fresh;
    fresh.start();
    fresh.placed(fresh.intent("k1"));
    fresh.report_now(OrderId{1}, BrokerStatus::Working);
    fresh.tell("ib_main", gateway::OrderRejected{OrderId{1}, "201"});
    fresh.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(fresh.order(OrderId{1}).state, OrderState::Rejected);
}

TEST_F(OrderEvidenceTest, ATradeOfARefusedOrderBringsItBackBeforeAnyReport) {
    refuse(world);
    world.execute(OrderId{1}, "a.01", "4", "190");
    EXPECT_EQ(state(), OrderState::Working) << "the rest of it can be filled";
    EXPECT_EQ(world.order(OrderId{1}).flags, std::vector<std::string>{"found_after_refusal"});
    EXPECT_EQ(world.alarms().size(), 1U);
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.execute(OrderId{1}, "b.01", "6", "190");
    EXPECT_EQ(state(), OrderState::Filled);
    EXPECT_EQ(world.alarms().size(), 1U);
    EXPECT_EQ(world.counter("core.order.no_row"), 0U);
    expect_legal_feed(*world.engine);
}

TEST_F(OrderEvidenceTest, ARejectionHasAReasonAlsoWhenTheBrokerGivesNone) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.report_now(OrderId{1}, BrokerStatus::Rejected);
    EXPECT_EQ(world.order(OrderId{1}).note, no_reason_given);
    auto explained = world.report(OrderId{1}, BrokerStatus::Rejected);
    explained.reason = "no cash";
    world.tell("ib_main", explained);
    EXPECT_EQ(world.order(OrderId{1}).note, "no cash") << "it came later";
    const auto sequence = world.engine->last_sequence();
    world.report_now(OrderId{1}, BrokerStatus::Rejected);
    EXPECT_EQ(world.order(OrderId{1}).note, "no cash") << "what is known stays";
    EXPECT_EQ(world.engine->last_sequence(), sequence);
    world.start();
    EXPECT_EQ(world.order(OrderId{1}).note, "no cash");
}

TEST_F(OrderEvidenceTest, ARejectionWithoutAReasonKeepsTheErrorThatWasKnown) {
    world.placed(world.intent("k1"));
    world.tell("ib_main", gateway::OrderUncertain{OrderId{1}, "417 SYSTEM_ERROR: try again"});
    world.start();
    world.report_now(OrderId{1}, BrokerStatus::Rejected);
    EXPECT_EQ(state(), OrderState::Rejected);
    EXPECT_EQ(world.order(OrderId{1}).note,
              "the broker refused it without a reason; known before: 417 SYSTEM_ERROR: try again");
}

TEST_F(OrderEvidenceTest, SilenceMakesAnOrderUnknownAtTheDeadlineAndNotBefore) {
    const auto answered = world.place(world.intent("k1"));
    world.pass(9999ms);
    EXPECT_EQ(state(), OrderState::PendingNew);
    EXPECT_EQ(queries(), 0U);
    world.pass(1ms);
    EXPECT_EQ(state(), OrderState::Unknown);
    EXPECT_EQ(queries(), 1U);
    ASSERT_TRUE(answered->has_value());
    EXPECT_EQ((**answered)->state, OrderState::Unknown);
    EXPECT_EQ(world.ib->count<gateway::PlaceOrder>(), 1U) << "never sent again";
    ASSERT_EQ(world.alarms().size(), 1U);
    EXPECT_NE(world.alarms().front().find("no known outcome"), std::string::npos);
}

TEST_F(OrderEvidenceTest, AnUnknownOrderIsAskedForAtDoublingIntervalsUpToAMinute) {
    world.placed(world.intent("k1"));
    world.pass(10s);
    for (const auto interval : {5s, 10s, 20s, 40s, 60s, 60s}) {
        const auto before = queries();
        world.pass(interval - 1ms);
        EXPECT_EQ(queries(), before) << interval.count();
        world.pass(1ms);
        EXPECT_EQ(queries(), before + 1) << interval.count();
    }
    world.report_now(OrderId{1}, BrokerStatus::Working);
    const auto before = queries();
    world.pass(300s);
    EXPECT_EQ(queries(), before);
}

TEST_F(OrderEvidenceTest, NobodyIsAskedWhileTheAccountIsAway) {
    world.placed(world.intent("k1"));
    world.set_gate("ib_main", Gate::Down, "line cut");
    EXPECT_EQ(state(), OrderState::Unknown);
    const auto before = queries();
    world.pass(200s);
    EXPECT_EQ(queries(), before);
    world.become_ready("ib_main");
    EXPECT_GT(queries(), before);
}

TEST_F(OrderEvidenceTest, ALostAnswerIsUnknownAtOnceUnlessEvidenceWasFaster) {
    world.placed(world.intent("k1"));
    world.tell("ib_main", gateway::OrderUncertain{OrderId{1}, "504"});
    EXPECT_EQ(state(), OrderState::Unknown);
    auto other = world.intent("k2");
    other.symbol = symbol_of("MSFT");
    world.placed(other);
    world.report_now(OrderId{2}, BrokerStatus::Working);
    world.tell("ib_main", gateway::OrderUncertain{OrderId{2}, "504"});
    EXPECT_EQ(state(OrderId{2}), OrderState::Working);
    EXPECT_EQ(world.counter("core.order.no_row"), 0U);
}

TEST_F(OrderEvidenceTest, NotFoundClosesNothingAndIsSaidOnce) {
    world.placed(world.intent("k1"));
    world.tell("ib_main", gateway::OrderUncertain{OrderId{1}, "status 504"});
    world.tell("ib_main", gateway::OrderNotFound{OrderId{1}, "no such order"});
    EXPECT_EQ(state(), OrderState::Unknown);
    EXPECT_TRUE(
        world.order(OrderId{1}).note.starts_with("status 504; not in the broker's books at "))
        << "why it is in doubt stays there to read";
    const auto sequence = world.engine->last_sequence();
    world.pass(5s);
    world.tell("ib_main", gateway::OrderNotFound{OrderId{1}, "no such order"});
    EXPECT_EQ(world.engine->last_sequence(), sequence);
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(state(), OrderState::Working);
    EXPECT_FALSE(has_flag(world.order(OrderId{1}), "not_in_books"));
}

TEST_F(OrderEvidenceTest, AKillBetweenJournalAndAnswerSendsOnceOverBothLives) {
    world.ask(world.intent("k1"));
    world.engine->pump(world.now);
    for (const auto& reply : world.journal.take_replies())
        world.engine->on_journal_reply(world.now, reply);
    const auto sent_before = world.ib->count<gateway::PlaceOrder>();
    EXPECT_EQ(sent_before, 1U);
    world.start();  // The process was killed; the broker's answer is lost.
    EXPECT_EQ(world.ib->count<gateway::PlaceOrder>(), 0U);
    EXPECT_EQ(state(), OrderState::Unknown);
    EXPECT_EQ(world.order(OrderId{1}).note, "restarted before an answer");
    EXPECT_GE(queries(), 1U);
    EXPECT_EQ(world.ib->sent<gateway::QueryOrder>().front().client_order_id.value,
              "Jab12cd3400000000001");
    const auto again = world.place(world.intent("k1"));
    EXPECT_EQ((**again)->state, OrderState::Unknown);
    EXPECT_EQ(world.ib->count<gateway::PlaceOrder>(), 0U);
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(state(), OrderState::Working);
}

TEST_F(OrderEvidenceTest, AKillBeforeTheJournalLeavesNothingBehind) {
    world.ask(world.intent("k1"));
    world.engine->pump(world.now);
    world.start();
    EXPECT_TRUE(world.engine->orders({}, true).empty());
    EXPECT_EQ(world.placed(world.intent("k1")), OrderId{1});
}

TEST_F(OrderEvidenceTest, WhatACompleteListDoesNotMentionIsAskedForAndNeverAssumed) {
    world.placed(world.intent("k1"));
    auto other = world.intent("k2");
    other.symbol = symbol_of("MSFT");
    world.placed(other);
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.report_now(OrderId{2}, BrokerStatus::Working);
    world.set_gate("ib_main", Gate::Down, "line cut");
    world.set_gate("ib_main", Gate::Reconciling);
    world.report_now(OrderId{2}, BrokerStatus::Working);
    world.set_gate("ib_main", Gate::Ready);
    EXPECT_EQ(queries(), 0U);
    world.tell("ib_main", gateway::OrdersComplete{AccountName{"ib_main"}});
    ASSERT_EQ(queries(), 1U);
    EXPECT_EQ(world.ib->sent<gateway::QueryOrder>().front().order, OrderId{1});
    EXPECT_EQ(state(), OrderState::Working);
}

TEST_F(OrderEvidenceTest, AVanishedOrderIsAskedForEvenWhenTheListEndsBeforeReady) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.set_gate("ib_main", Gate::Down, "line cut");
    world.become_ready("ib_main");
    world.pass(5s);
    ASSERT_GE(queries(), 1U);
    EXPECT_EQ(world.ib->sent<gateway::QueryOrder>().front().order, OrderId{1});
}

TEST_F(OrderEvidenceTest, AQuestionThatWaitsForTheAccountIsNotForgotten) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.set_gate("ib_main", Gate::Down, "line cut");
    world.set_gate("ib_main", Gate::Reconciling);
    world.tell("ib_main", gateway::OrdersComplete{AccountName{"ib_main"}});
    world.pass(120s);
    EXPECT_EQ(queries(), 0U);
    world.set_gate("ib_main", Gate::Ready);
    EXPECT_EQ(queries(), 1U);
}

TEST_F(OrderEvidenceTest, AnEventWithoutARowIsCountedAskedAboutAndNeverForced) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Cancelled);
    EXPECT_EQ(state(), OrderState::Cancelled);
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(state(), OrderState::Cancelled);
    EXPECT_EQ(world.counter("core.order.no_row"), 1U);
    EXPECT_EQ(queries(), 1U);
    for (int repeat = 0; repeat < 20; ++repeat) world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(queries(), 1U) << "a contradiction does not become a storm";
    EXPECT_EQ(world.alarms().size(), 1U);
}

TEST_F(OrderEvidenceTest, ThatALateFillMadeItFilledIsKnownAndNotAskedAboutForEver) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Cancelled);
    world.execute(OrderId{1}, "x.01", "10", "190");
    const auto asked = queries();
    for (int repeat = 0; repeat < 5; ++repeat) {
        world.report_now(OrderId{1}, BrokerStatus::Filled);
        world.pass(61s);
    }
    EXPECT_EQ(state(), OrderState::Cancelled);
    EXPECT_EQ(world.counter("core.order.no_row"), 0U);
    EXPECT_EQ(queries(), asked);
}

TEST_F(OrderEvidenceTest, AWordThatJanusDoesNotKnowLeavesTheState) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.report_now(OrderId{1}, BrokerStatus::Unmapped, "FROBNICATED");
    EXPECT_EQ(state(), OrderState::Working);
    EXPECT_TRUE(has_flag(world.order(OrderId{1}), "unmapped_status"));
    EXPECT_EQ(queries(), 1U);
}

TEST_F(OrderEvidenceTest, HeldIsNotFinalAndKeepsItsReason) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Held, "locate");
    EXPECT_EQ(state(), OrderState::Held);
    EXPECT_EQ(world.order(OrderId{1}).note, "locate");
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_EQ(state(), OrderState::Working);
    EXPECT_EQ(world.order(OrderId{1}).note, "");
    world.report_now(OrderId{1}, BrokerStatus::Rejected, "margin");
    EXPECT_EQ(state(), OrderState::Rejected);
}

TEST_F(OrderEvidenceTest, ANoticeIsANoteAndAnUnlistedOneAlsoAQuestion) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.tell("ib_main", gateway::OrderNotice{OrderId{1}, "399 at the opening", false});
    EXPECT_EQ(world.order(OrderId{1}).note, "399 at the opening");
    EXPECT_EQ(queries(), 0U);
    world.tell("ib_main", gateway::OrderNotice{OrderId{1}, "19999 what", true});
    EXPECT_EQ(queries(), 1U);
    EXPECT_EQ(state(), OrderState::Working);
}

TEST_F(OrderEvidenceTest, AnOrderCalledFilledWithoutExecutionsIsBelievedAfterAMinuteAndFlagged) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Filled);
    EXPECT_EQ(state(), OrderState::Working);
    EXPECT_EQ(queries(), 1U);
    world.pass(59s);
    world.report_now(OrderId{1}, BrokerStatus::Filled);
    EXPECT_EQ(state(), OrderState::Working);
    world.pass(1s);
    world.report_now(OrderId{1}, BrokerStatus::Filled);
    EXPECT_EQ(state(), OrderState::Filled);
    EXPECT_EQ(world.order(OrderId{1}).filled, Quantity{}) << "no fill is invented";
    EXPECT_TRUE(has_flag(world.order(OrderId{1}), "executions_missing"));
    world.execute(OrderId{1}, "a.01", "10", "190");
    EXPECT_FALSE(has_flag(world.order(OrderId{1}), "executions_missing"));
    EXPECT_FALSE(has_flag(world.order(OrderId{1}), "fill_after_cancel"));
}

TEST_F(OrderEvidenceTest, MessagesAreProcessedWhileTheAccountIsDown) {
    world.placed(world.intent("k1"));
    world.set_gate("ib_main", Gate::Degraded, "ib_upstream");
    world.execute(OrderId{1}, "a.01", "10", "190");
    EXPECT_EQ(state(), OrderState::Filled);
}

TEST_F(OrderEvidenceTest, EvidenceIsAppliedWithoutAJournalAndWrittenWhenItIsBack) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.journal.refusal = Error{ErrorCode::Unavailable, "journal_full"};
    world.execute(OrderId{1}, "a.01", "4", "190");
    EXPECT_EQ(world.order(OrderId{1}).filled, quantity_of("4"));
    EXPECT_TRUE(world.journal.kept<ExecutionRecord>().empty());
    world.pass(5s);
    EXPECT_TRUE(world.journal.kept<ExecutionRecord>().empty());
    world.journal.refusal.reset();
    world.pass(5s);
    ASSERT_EQ(world.journal.kept<ExecutionRecord>().size(), 1U);
    EXPECT_EQ(world.journal.kept<OrderRecord>().back().order.filled, quantity_of("4"));
    EXPECT_EQ(world.journal.kept<OrderHistoryRecord>().back().event, "filled 4 @ 190");
    EXPECT_EQ(world.counter("core.journal_backlog"), 0U);
    world.start();
    EXPECT_EQ(world.order(OrderId{1}).filled, quantity_of("4"));
}

}  // namespace
}  // namespace janus::core
