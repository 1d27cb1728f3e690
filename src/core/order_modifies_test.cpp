#include "core/order_modifies.hpp"

#include <chrono>

#include "core/test_world.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::BrokerStatus;
using gateway::Gate;
using testing::Test;

constexpr OrderId first{1};

OrderChanges to_quantity(std::string_view quantity) {
    return {.quantity = quantity_of(quantity)};
}
OrderChanges to_limit(std::string_view limit) {
    return {.limit_price = price_of(limit)};
}

class OrderModifiesTest : public Test {
 protected:
    OrderModifiesTest() {
        world.start();
        world.placed(world.intent("k1"));
        world.report_now(first, BrokerStatus::Working);
    }
    std::size_t sent() const { return world.ib->count<gateway::ModifyOrder>(); }
    Order order() const { return world.order(first); }
    /// The broker shows the order with these values.
    void show(std::string_view quantity, std::string_view limit,
              BrokerStatus status = BrokerStatus::Working) {
        auto report = world.report(first, status);
        report.quantity = quantity_of(quantity);
        report.limit_price = price_of(limit);
        world.tell("ib_main", report);
    }
    void expect_denied(const OrderChanges& changes, ErrorCode code, const std::string& words) {
        const auto before = sent();
        const auto kept = world.journal.kept<AuditRecord>().size();
        const auto error = error_of(world.modify(first, changes));
        EXPECT_EQ(error.code, code) << error.message;
        EXPECT_NE(error.message.find(words), std::string::npos) << error.message;
        EXPECT_EQ(sent(), before);
        EXPECT_EQ(world.journal.kept<AuditRecord>().size(), kept);
        EXPECT_FALSE(order().wanted);
    }

    World world;
};

TEST_F(OrderModifiesTest, AModificationIsDurableBeforeItsGatewayHearsOfIt) {
    auto answered = std::make_shared<std::optional<Result<Order>>>();
    world.engine->modify_order(world.now, first, to_limit("191"), Caller{"tester"},
                               [answered](Result<Order> outcome) { *answered = outcome; });
    world.engine->pump(world.now);
    EXPECT_EQ(sent(), 0U);
    world.settle();
    ASSERT_EQ(sent(), 1U);
    EXPECT_EQ(world.journal.kept<OrderRecord>().back().order.wanted->limit_price, price_of("191"));
    EXPECT_EQ(world.journal.kept<AuditRecord>().back().action, "modify_order");
    EXPECT_EQ(world.journal.kept<AuditRecord>().back().detail, "order 1: limit 190.5 -> 191");
    const auto command = world.ib->sent<gateway::ModifyOrder>().front();
    EXPECT_EQ(command.order.limit_price, price_of("191"));
    EXPECT_EQ(command.order.quantity, quantity_of("10"));
    EXPECT_EQ(command.order.number, order().ref.number);
    EXPECT_EQ(command.order.client_order_id, order().client_order_id);
    EXPECT_EQ(command.ref.permanent, "p1");
    EXPECT_EQ(command.order.send_before, world.now.mono + 10s);
    EXPECT_EQ(order().limit_price, price_of("190.5")) << "not yet proven";
    EXPECT_FALSE(answered->has_value());
}

TEST_F(OrderModifiesTest, TheReplyComesWhenTheBrokerShowsTheNewValues) {
    const auto answered = world.modify(first, to_limit("191"));
    show("10", "190.5");
    EXPECT_FALSE(answered->has_value()) << "an older report says nothing";
    show("10", "191");
    ASSERT_TRUE(answered->has_value() && **answered);
    EXPECT_EQ((**answered)->limit_price, price_of("191"));
    EXPECT_FALSE(order().wanted);
    EXPECT_FALSE(has_flag(order(), "changed_at_broker"));
    EXPECT_EQ(order().placed->limit_price, price_of("190.5"));
    EXPECT_EQ(world.engine->order(first)->history.back().event, "modified");
}

TEST_F(OrderModifiesTest, AStatusWithoutValuesProvesNothing) {
    const auto answered = world.modify(first, to_quantity("20"));
    auto report = world.report(first, BrokerStatus::Working);
    report.quantity.reset();
    report.limit_price.reset();
    world.tell("ib_main", report);
    EXPECT_FALSE(answered->has_value());
    EXPECT_TRUE(order().wanted);
}

TEST_F(OrderModifiesTest, InDoubtOnlyAReportThatCarriesTheValueProvesThatNothingHappened) {
    world.modify(first, {.quantity = quantity_of("20"), .limit_price = price_of("191")});
    world.pass(10s);
    ASSERT_TRUE(order().wanted);
    auto report = world.report(first, BrokerStatus::Working);
    report.limit_price.reset();
    world.tell("ib_main", report);
    EXPECT_TRUE(order().wanted) << "the old quantity alone: the limit may be the new one";
    report.quantity.reset();
    world.tell("ib_main", report);
    EXPECT_TRUE(order().wanted);
    show("10", "190.5");
    EXPECT_FALSE(order().wanted);
    EXPECT_EQ(world.engine->order(first)->history.back().event, "modification without effect");
}

TEST_F(OrderModifiesTest, IBO_08_ARefusedModifyLeavesTheOrderWorkingAtItsOldTerms) {
    const auto answered = world.modify(first, to_limit("190.123"));
    world.tell("ib_main", gateway::ModifyRefused{first, "price increment (IB 110)"});
    EXPECT_EQ(error_of(answered).code, ErrorCode::Rejected);
    EXPECT_NE(error_of(answered).message.find("IB 110"), std::string::npos);
    EXPECT_EQ(order().state, OrderState::Working);
    EXPECT_EQ(order().limit_price, price_of("190.5"));
    EXPECT_FALSE(order().wanted);
    EXPECT_EQ(world.ib->count<gateway::QueryOrder>(), 1U) << "it may be filled meanwhile";
    world.execute(first, "a.01", "10", "190.5");
    EXPECT_EQ(order().state, OrderState::Filled);
    EXPECT_TRUE(world.alarms().empty());
}

TEST_F(OrderModifiesTest, WhatWasNotSentIsUnavailableAndTheOrderGoesOn) {
    const auto answered = world.modify(first, to_limit("191"));
    world.tell("ib_main", gateway::ModifyNotSent{first, "pacing"});
    EXPECT_EQ(error_of(answered).code, ErrorCode::Unavailable);
    EXPECT_FALSE(order().wanted);
    world.modify(first, to_limit("192"));
    EXPECT_EQ(sent(), 2U);
}

TEST_F(OrderModifiesTest, SilenceIsAnUnknownOutcomeThatTheBooksDecide) {
    const auto answered = world.modify(first, to_quantity("20"));
    world.pass(9999ms);
    EXPECT_FALSE(answered->has_value());
    world.pass(1ms);
    EXPECT_EQ(error_of(answered).code, ErrorCode::Unknown);
    EXPECT_EQ(order().state, OrderState::Working);
    EXPECT_TRUE(order().wanted);
    EXPECT_EQ(world.alarms().size(), 1U);
    EXPECT_EQ(world.ib->count<gateway::QueryOrder>(), 1U);
    EXPECT_EQ(error_of(world.modify(first, to_quantity("30"))).code, ErrorCode::Denied);
    show("20", "190.5");
    EXPECT_EQ(order().quantity, quantity_of("20"));
    EXPECT_FALSE(order().wanted);
}

TEST_F(OrderModifiesTest, BooksWithoutItEndAnUnknownModification) {
    world.modify(first, to_quantity("20"));
    world.pass(10s);
    show("10", "190.5");
    EXPECT_EQ(order().quantity, quantity_of("10"));
    EXPECT_FALSE(order().wanted);
    show("20", "190.5");
    EXPECT_EQ(order().quantity, quantity_of("20")) << "what the broker shows is the truth";
    EXPECT_TRUE(has_flag(order(), "changed_at_broker"));
}

TEST_F(OrderModifiesTest, ACutLineIsAnUnknownOutcomeAtOnce) {
    const auto answered = world.modify(first, to_quantity("20"));
    world.set_gate("ib_main", Gate::Connecting, "ib_connection");
    EXPECT_EQ(error_of(answered).code, ErrorCode::Unknown);
    EXPECT_TRUE(order().wanted);
    world.set_gate("ib_main", Gate::Reconciling);
    show("10", "190.5");
    EXPECT_FALSE(order().wanted);
}

TEST_F(OrderModifiesTest, ARestartLeavesTheOutcomeToTheBroker) {
    for (const auto* shown : {"20", "10"}) {
        SCOPED_TRACE(shown);
        world.modify(first, to_quantity(shown == std::string("20") ? "20" : "30"));
        world.boot();
        EXPECT_TRUE(order().wanted);
        EXPECT_EQ(world.ib->count<gateway::ModifyOrder>(), 0U) << "never repeated";
        world.become_ready("ib_main");
        EXPECT_EQ(world.ib->count<gateway::QueryOrder>(), 1U);
        show(shown, "190.5");
        EXPECT_FALSE(order().wanted);
        EXPECT_EQ(order().quantity, quantity_of(shown));
    }
}

TEST_F(OrderModifiesTest, WithoutAJournalNothingIsSent) {
    world.journal.refusal = Error{ErrorCode::Unavailable, "journal_full"};
    const auto error = error_of(world.modify(first, to_limit("191")));
    EXPECT_EQ(error.code, ErrorCode::Denied);
    EXPECT_NE(error.message.find("journal_full"), std::string::npos);
    EXPECT_EQ(sent(), 0U);
    EXPECT_FALSE(order().wanted);
}

TEST_F(OrderModifiesTest, WhatHappenedWhileTheJournalWroteKeepsItBack) {
    auto answered = std::make_shared<std::optional<Result<Order>>>();
    world.engine->modify_order(world.now, first, to_limit("191"), Caller{"tester"},
                               [answered](Result<Order> outcome) { *answered = outcome; });
    world.engine->cancel_order(world.now, first, Caller{"tester"}, [](Result<Order>) {});
    world.settle();
    EXPECT_EQ(sent(), 0U);
    EXPECT_EQ(error_of(answered).code, ErrorCode::Denied);
    EXPECT_EQ(order().state, OrderState::PendingCancel);
    EXPECT_FALSE(order().wanted);
}

TEST_F(OrderModifiesTest, OneModificationAtATime) {
    world.modify(first, to_limit("191"));
    const auto error = error_of(world.modify(first, to_limit("192")));
    EXPECT_EQ(error.code, ErrorCode::Denied);
    EXPECT_NE(error.message.find("without an answer (limit 190.5 -> 191)"), std::string::npos);
    EXPECT_EQ(sent(), 1U);
}

TEST_F(OrderModifiesTest, OnlyALiveOrderOfOursCanBeModified) {
    world.cancel(first);
    expect_denied(to_limit("191"), ErrorCode::Denied, "a cancel on its way");
    world.report_now(first, BrokerStatus::Cancelled);
    expect_denied(to_limit("191"), ErrorCode::Denied, "order 1 is CANCELLED");
    EXPECT_EQ(error_of(world.modify(OrderId{9}, to_limit("191"))).code, ErrorCode::NotFound);
    world.placed(world.intent("k2"));
    EXPECT_NE(error_of(world.modify(OrderId{2}, to_limit("1"))).message.find("PENDING_NEW"),
              std::string::npos);
}

TEST_F(OrderModifiesTest, ValuesMustSuitTheTypeAndTheFills) {
    expect_denied({}, ErrorCode::Invalid, "changes nothing");
    expect_denied({.stop_price = price_of("1")}, ErrorCode::Invalid, "LIMIT order takes no stop");
    expect_denied(to_quantity("0"), ErrorCode::Invalid, "above zero");
    expect_denied({.trail_percent = decimal_of("2")}, ErrorCode::Invalid, "takes no trail");
    world.execute(first, "a.01", "4", "190");
    expect_denied(to_quantity("4"), ErrorCode::Denied, "not above the 4 that are filled");
    world.modify(first, to_quantity("4.5"));
    EXPECT_EQ(sent(), 1U);
}

TEST_F(OrderModifiesTest, TheSameValuesAgainAreAnsweredWithoutTheBroker) {
    const auto answered = world.modify(first, to_limit("190.5"));
    EXPECT_TRUE(answered->has_value() && **answered);
    EXPECT_EQ(sent(), 0U);
}

TEST_F(OrderModifiesTest, WhatTheBrokerCannotExpressIsDenied) {
    world.ib->refuses_modify = Error{ErrorCode::Denied, "no such grid"};
    expect_denied(to_limit("191"), ErrorCode::Denied, "no such grid");
}

TEST_F(OrderModifiesTest, AHaltStopsModifications) {
    world.engine->halt(world.now, {}, "test", Caller{"tester"}, [](Result<void>) {});
    world.settle();
    expect_denied(to_limit("191"), ErrorCode::Denied, "halt");
}

TEST_F(OrderModifiesTest, AFillAtTheOldQuantityWaitsForTheBrokersWord) {
    const auto answered = world.modify(first, to_quantity("20"));
    world.execute(first, "a.01", "10", "190");
    EXPECT_EQ(order().state, OrderState::Working) << "it may be an order for 20 by now";
    auto report = world.report(first, BrokerStatus::Filled);
    report.filled = quantity_of("10");
    world.tell("ib_main", report);
    EXPECT_EQ(order().state, OrderState::Filled);
    EXPECT_EQ(error_of(answered).code, ErrorCode::Rejected);
    EXPECT_NE(error_of(answered).message.find("too late"), std::string::npos);
    EXPECT_TRUE(world.alarms().empty());
}

TEST_F(OrderModifiesTest, FillsOfTheNewQuantityAreNotTooMuch) {
    world.modify(first, to_quantity("20"));
    world.execute(first, "a.01", "15", "190");
    EXPECT_FALSE(has_flag(order(), "overfilled"));
    show("20", "190.5");
    world.execute(first, "b.01", "5", "190");
    EXPECT_EQ(order().state, OrderState::Filled);
    EXPECT_TRUE(world.alarms().empty());
}

TEST_F(OrderModifiesTest, ARefusalAfterAFullFillEndsTheOrder) {
    const auto answered = world.modify(first, to_quantity("20"));
    world.execute(first, "a.01", "10", "190");
    world.tell("ib_main", gateway::ModifyRefused{first, "cannot modify a filled order (IB 104)"});
    EXPECT_EQ(order().state, OrderState::Filled);
    EXPECT_EQ(error_of(answered).code, ErrorCode::Rejected);
}

TEST_F(OrderModifiesTest, ARepeatedPlaceFindsTheModifiedOrder) {
    world.modify(first, to_limit("191"));
    show("10", "191");
    const auto again = world.place(world.intent("k1"));
    ASSERT_TRUE(again->has_value() && **again);
    EXPECT_EQ((**again)->id, first);
    auto other = world.intent("k1");
    other.limit_price = price_of("191");
    EXPECT_EQ(error_of(world.place(other)).code, ErrorCode::Conflict);
    world.boot();
    world.become_ready("ib_main");
    EXPECT_EQ((**world.place(world.intent("k1")))->id, first) << "also after a restart";
}

TEST_F(OrderModifiesTest, ATrailingStopMovesWithoutBeingChanged) {
    auto intent = world.intent("t1");
    intent.side = Side::Sell;
    intent.type = OrderType::TrailingStop;
    intent.limit_price.reset();
    intent.trail_amount = price_of("2");
    const auto id = world.placed(intent);
    auto report = world.report(id, BrokerStatus::Held);
    report.stop_price = price_of("188");
    world.tell("ib_main", report);
    EXPECT_EQ(world.order(id).stop_price, price_of("188"));
    EXPECT_FALSE(has_flag(world.order(id), "changed_at_broker"));
    const auto answered = world.modify(id, {.trail_percent = decimal_of("1")});
    report.trail_amount.reset();
    report.trail_percent = decimal_of("1");
    report.stop_price = price_of("189");
    world.tell("ib_main", report);
    ASSERT_TRUE(answered->has_value() && **answered) << error_of(answered).message;
    EXPECT_EQ((**answered)->trail_percent, decimal_of("1"));
    EXPECT_FALSE((**answered)->trail_amount);
    EXPECT_EQ(error_of(world.modify(id, {.stop_price = price_of("1")})).code, ErrorCode::Invalid);
    EXPECT_EQ((**world.place(intent))->id, id) << "the intent is known by what was placed";
}

TEST_F(OrderModifiesTest, LimitsHoldForTheNewValues) {
    world.settings.accounts[0].limits = {.max_order_quantity = quantity_of("50"),
                                         .max_order_notional = money_of("5000")};
    world.boot();
    for (const auto* name : {"ib_main", "ib_second", "webull"}) world.become_ready(name);
    expect_denied(to_quantity("51"), ErrorCode::Denied, "max_order_quantity");
    expect_denied(to_quantity("30"), ErrorCode::Denied, "max_order_notional");
    world.modify(first, to_quantity("26"));
    EXPECT_EQ(sent(), 1U);
}

TEST_F(OrderModifiesTest, ASaleCountsWithTheLargerQuantityWhileItIsNotProven) {
    auto sale = world.intent("s1");
    sale.side = Side::Sell;
    sale.quantity = quantity_of("60");
    const auto id = world.placed(sale);
    world.report_now(id, BrokerStatus::Working);
    EXPECT_EQ(error_of(world.modify(id, to_quantity("101"))).code, ErrorCode::Denied);
    world.modify(id, to_quantity("90"));
    sale.idempotency_key = "s2";
    sale.quantity = quantity_of("11");
    EXPECT_NE(error_of(world.place(sale)).message.find("90 in open sell orders"),
              std::string::npos);
    world.tell("ib_main", gateway::ModifyRefused{id, "no"});
    sale.idempotency_key = "s3";
    world.placed(sale);
    const auto down = world.modify(id, to_quantity("10"));
    sale.idempotency_key = "s4";
    sale.quantity = quantity_of("30");
    EXPECT_EQ(error_of(world.place(sale)).code, ErrorCode::Denied) << "60 until it is proven";
    auto report = world.report(id, BrokerStatus::Working);
    report.quantity = quantity_of("10");
    world.tell("ib_main", report);
    EXPECT_TRUE(down->has_value() && **down);
    sale.idempotency_key = "s5";
    world.placed(sale);
}

TEST_F(OrderModifiesTest, AChangeInTheBrokersAppIsTakenAndFlagged) {
    show("4", "189");
    EXPECT_EQ(order().quantity, quantity_of("4"));
    EXPECT_EQ(order().limit_price, price_of("189"));
    EXPECT_TRUE(has_flag(order(), "changed_at_broker"));
    world.execute(first, "a.01", "4", "189");
    EXPECT_EQ(order().state, OrderState::Filled);
}

}  // namespace
}  // namespace janus::core
