#include "core/order_desk.hpp"

#include <chrono>

#include "core/test_world.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::BrokerStatus;
using gateway::Gate;
using testing::Test;

class OrderDeskTest : public Test {
 protected:
    OrderDeskTest() { world.start(); }

    std::size_t wire() const {
        return world.ib->count<gateway::PlaceOrder>() + world.webull->count<gateway::PlaceOrder>();
    }
    void expect_denied(const OrderIntent& intent, ErrorCode code, const std::string& words) {
        const auto before = wire();
        const auto kept = world.journal.kept<OrderRecord>().size();
        const auto error = error_of(world.place(intent));
        EXPECT_EQ(error.code, code) << error.message;
        EXPECT_NE(error.message.find(words), std::string::npos) << error.message;
        EXPECT_EQ(wire(), before);
        EXPECT_EQ(world.journal.kept<OrderRecord>().size(), kept);
    }

    World world;
};

TEST_F(OrderDeskTest, AnOrderIsDurableBeforeItsGatewayHearsOfIt) {
    const auto answered = world.ask(world.intent("k1"));
    world.engine->pump(world.now);
    ASSERT_EQ(world.journal.waiting.size(), 1U);
    EXPECT_EQ(wire(), 0U);
    EXPECT_TRUE(world.engine->orders({}, true).empty()) << "shown before it is durable";
    world.settle();
    ASSERT_EQ(wire(), 1U);
    const auto sent = world.ib->sent<gateway::PlaceOrder>().front();
    EXPECT_EQ(sent.order, OrderId{1});
    EXPECT_EQ(sent.client_order_id.value, "Jab12cd3400000000001");
    EXPECT_EQ(sent.number, 1);
    EXPECT_EQ(sent.native_id.value, "265598");
    EXPECT_EQ(sent.quantity, quantity_of("10"));
    EXPECT_EQ(sent.limit_price, price_of("190.5"));
    EXPECT_EQ(sent.send_before, world.now.mono + 120s);
    EXPECT_EQ(world.journal.kept<NumberRecord>().front().highest, 1);
    EXPECT_EQ(world.journal.kept<AuditRecord>().front().who, "tester");
    EXPECT_FALSE(answered->has_value()) << "the broker has not answered";
}

TEST_F(OrderDeskTest, TheReplyComesWithTheBrokersAnswer) {
    const auto answered = world.place(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Working);
    ASSERT_TRUE(answered->has_value());
    EXPECT_EQ((**answered)->state, OrderState::Working);
    EXPECT_EQ((**answered)->ref.permanent, "p1");
}

TEST_F(OrderDeskTest, ARejectionIsTheBrokersWordWithItsReason) {
    const auto answered = world.place(world.intent("k1"));
    world.tell("ib_main", gateway::OrderRejected{OrderId{1}, "no margin"});
    EXPECT_EQ((**answered)->state, OrderState::Rejected);
    EXPECT_EQ((**answered)->note, "no margin");
}

TEST_F(OrderDeskTest, AMarketOrderMayWaitThirtySeconds) {
    auto intent = world.intent("k1");
    intent.type = OrderType::Market;
    intent.limit_price.reset();
    world.place(intent);
    EXPECT_EQ(world.ib->sent<gateway::PlaceOrder>().front().send_before, world.now.mono + 30s);
}

TEST_F(OrderDeskTest, AnOrderThatTheJournalTookTooLongToKeepIsNotSent) {
    const auto answered = world.ask(world.intent("k1"));
    world.now = at(120s);
    world.settle();
    EXPECT_EQ(wire(), 0U);
    ASSERT_TRUE(answered->has_value());
    EXPECT_EQ((**answered)->state, OrderState::NotSent);
    EXPECT_EQ((**answered)->note, "waited too long to be sent");
}

TEST_F(OrderDeskTest, TheKeyIsMandatoryAndBounded) {
    expect_denied(world.intent(""), ErrorCode::Invalid, "idempotency key is missing");
    expect_denied(world.intent("two words"), ErrorCode::Invalid, "printable");
    expect_denied(world.intent(std::string(129, 'k')), ErrorCode::Invalid, "1 to 128");
    world.placed(world.intent(std::string(128, 'k')));
}

TEST_F(OrderDeskTest, TheSameKeyWithTheSameIntentIsOneOrder) {
    const auto first = world.ask(world.intent("k1"));
    const auto second = world.ask(world.intent("k1"));
    world.settle();
    const auto third = world.place(world.intent("k1"));
    EXPECT_EQ(wire(), 1U);
    world.report_now(OrderId{1}, BrokerStatus::Working);
    const auto fourth = world.place(world.intent("k1"));
    for (const auto& answered : {first, second, third, fourth}) {
        ASSERT_TRUE(answered->has_value());
        EXPECT_EQ((**answered)->id, OrderId{1});
    }
    EXPECT_EQ(wire(), 1U);
}

TEST_F(OrderDeskTest, TheSameKeyWithAnotherIntentIsAConflictBeforeAndAfterTheJournal) {
    auto other = world.intent("k1");
    other.quantity = quantity_of("11");
    const auto first = world.ask(world.intent("k1"));
    const auto early = world.ask(other);
    world.settle();
    EXPECT_EQ(error_of(early).code, ErrorCode::Conflict);
    EXPECT_EQ(error_of(world.place(other)).code, ErrorCode::Conflict);
    EXPECT_EQ(wire(), 1U);
}

TEST_F(OrderDeskTest, TheKeyIsRememberedOverARestart) {
    world.place(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.start();
    const auto again = world.place(world.intent("k1"));
    ASSERT_TRUE(again->has_value());
    EXPECT_EQ((**again)->id, OrderId{1});
    EXPECT_EQ((**again)->state, OrderState::Working);
    auto other = world.intent("k1");
    other.limit_price = price_of("191");
    EXPECT_EQ(error_of(world.place(other)).code, ErrorCode::Conflict);
    EXPECT_EQ(wire(), 0U);
}

TEST_F(OrderDeskTest, ADeniedIntentDoesNotUseUpItsKey) {
    world.set_gate("ib_main", Gate::Down, "line cut");
    expect_denied(world.intent("k1"), ErrorCode::Denied, "line cut");
    world.become_ready("ib_main");
    world.placed(world.intent("k1"));
}

TEST_F(OrderDeskTest, RulesOfTheTypeAreCheckedFirst) {
    auto intent = world.intent("k1");
    intent.limit_price.reset();
    expect_denied(intent, ErrorCode::Invalid, "limit price");
    intent = world.intent("k2");
    intent.quantity = quantity_of("0");
    expect_denied(intent, ErrorCode::Invalid, "above zero");
}

TEST_F(OrderDeskTest, AnAccountMustBeConfigured) {
    auto intent = world.intent("k1");
    intent.account.value = "nobody";
    expect_denied(intent, ErrorCode::NotFound, "ib_main, ib_second, webull");
    intent.account.value.clear();
    expect_denied(intent, ErrorCode::Invalid, "account is missing");
}

TEST_F(OrderDeskTest, EveryGateButReadyDeniesByName) {
    int key = 0;
    for (const auto gate :
         {Gate::Down, Gate::Connecting, Gate::Reconciling, Gate::Degraded, Gate::NeedsOperator}) {
        world.set_gate("ib_main", gate, "because");
        expect_denied(world.intent("k" + std::to_string(++key)), ErrorCode::Denied,
                      std::string(gateway::to_text(gate)));
    }
    auto other = world.intent("other");
    other.account.value = "ib_second";
    world.placed(other);
}

TEST_F(OrderDeskTest, AGateThatClosesWhileTheJournalWritesKeepsTheOrderBack) {
    const auto answered = world.ask(world.intent("k1"));
    world.ib->events.emplace_back(
        gateway::GateChanged{AccountName{"ib_main"}, Gate::Degraded, "ib_upstream"});
    world.settle();
    EXPECT_EQ(wire(), 0U);
    EXPECT_EQ((**answered)->state, OrderState::NotSent);
    EXPECT_NE((**answered)->note.find("ib_upstream"), std::string::npos);
}

TEST_F(OrderDeskTest, AHaltThatComesWhileTheJournalWritesKeepsTheOrderBack) {
    const auto answered = world.ask(world.intent("k1"));
    world.engine->halt(world.now, {}, "enough", Caller{"boss"}, {});
    world.settle();
    EXPECT_EQ(wire(), 0U);
    EXPECT_EQ((**answered)->state, OrderState::NotSent);
    const auto again = world.place(world.intent("k1"));
    EXPECT_EQ((**again)->state, OrderState::NotSent) << "the first outcome stands";
}

TEST_F(OrderDeskTest, WhatTheBrokerCannotExpressIsDenied) {
    world.ib->refuses_orders = Error{ErrorCode::Denied, "GTC market orders do not exist here"};
    expect_denied(world.intent("k1"), ErrorCode::Denied, "do not exist here");
    world.ib->refuses_orders.reset();
    EXPECT_EQ(world.placed(world.intent("k1")), OrderId{1});
}

TEST_F(OrderDeskTest, AnUnknownSymbolIsLookedUpOnceAndTheGateIsCheckedAgain) {
    auto intent = world.intent("k1");
    intent.symbol = symbol_of("NVDA");
    const auto answered = world.place(intent);
    const auto lookups = world.ib->sent<gateway::LookupInstrument>();
    ASSERT_EQ(lookups.size(), 1U);
    EXPECT_EQ(wire(), 0U);
    world.set_gate("ib_main", Gate::Degraded, "ib_upstream");
    world.tell("ib_main", gateway::LookupResult{lookups.front().lookup,
                                                gateway::LookupStatus::Unique,
                                                {instrument_of("NVDA", "4815747")},
                                                {},
                                                "asked"});
    EXPECT_EQ(wire(), 0U);
    EXPECT_EQ(error_of(answered).code, ErrorCode::Denied);
}

TEST_F(OrderDeskTest, AResolvedSymbolGoesOutUnderTheBrokersId) {
    auto intent = world.intent("k1");
    intent.symbol = symbol_of("NVDA");
    world.place(intent);
    world.tell("ib_main",
               gateway::LookupResult{world.ib->sent<gateway::LookupInstrument>().front().lookup,
                                     gateway::LookupStatus::Unique,
                                     {instrument_of("NVDA", "4815747")},
                                     {},
                                     "asked"});
    ASSERT_EQ(wire(), 1U);
    EXPECT_EQ(world.ib->sent<gateway::PlaceOrder>().front().native_id.value, "4815747");
}

TEST_F(OrderDeskTest, AnAmbiguousSymbolIsAnErrorWithItsCandidates) {
    auto intent = world.intent("k1");
    intent.symbol = symbol_of("AMBX");
    const auto answered = world.place(intent);
    world.tell("ib_main", gateway::LookupResult{
                              world.ib->sent<gateway::LookupInstrument>().front().lookup,
                              gateway::LookupStatus::Ambiguous,
                              {instrument_of("AMBX", "11"), instrument_of("AMBX", "22")},
                              {},
                              "asked"
    });
    EXPECT_EQ(error_of(answered).code, ErrorCode::Ambiguous);
    EXPECT_NE(error_of(answered).message.find("22"), std::string::npos);
    EXPECT_EQ(wire(), 0U);
}

TEST_F(OrderDeskTest, WithoutAJournalNothingIsSentAndTheNumberIsNotUsedAgain) {
    world.journal.refusal = Error{ErrorCode::Unavailable, "journal_full"};
    expect_denied(world.intent("k1"), ErrorCode::Denied, "journal_full");
    EXPECT_TRUE(world.engine->orders({}, true).empty());
    world.pass(30s);
    EXPECT_EQ(world.alarms().size(), 1U) << "it is tried, and the trouble is said once";
    world.journal.refusal.reset();
    const auto id = world.placed(world.intent("k1"));
    EXPECT_EQ(world.ib->sent<gateway::PlaceOrder>().back().number, 2);
    EXPECT_EQ(id, OrderId{2});
    ASSERT_EQ(world.alarms().size(), 2U);
    EXPECT_NE(world.alarms()[0].find("journal_full"), std::string::npos);
    EXPECT_NE(world.alarms()[1].find("works again"), std::string::npos);
}

TEST_F(OrderDeskTest, AJournalThatWorksAgainIsFoundWithoutAnOrder) {
    world.journal.refusal = Error{ErrorCode::Unavailable, "journal_full"};
    expect_denied(world.intent("k1"), ErrorCode::Denied, "journal_full");
    world.journal.refusal.reset();
    world.pass(5s);
    ASSERT_EQ(world.alarms().size(), 2U);
    EXPECT_NE(world.alarms()[1].find("works again"), std::string::npos);
    const auto probes = world.journal.kept<AuditRecord>().size();
    world.pass(5min);
    EXPECT_EQ(world.journal.kept<AuditRecord>().size(), probes);
}

TEST_F(OrderDeskTest, NumbersAreGivenBackToTheGatewayAtTheNextStart) {
    world.placed(world.intent("k1"));
    world.placed(world.intent("k2"));
    world.boot();
    EXPECT_EQ(world.ib->highest_number, 2);
    EXPECT_EQ(world.webull->highest_number, 0);
}

TEST_F(OrderDeskTest, OneUnknownOrderStopsItsSymbolAndThreeStopTheAccount) {
    const auto order_of = [&](const std::string& key, const std::string& symbol) {
        auto intent = world.intent(key);
        intent.symbol = symbol_of(symbol);
        return intent;
    };
    world.placed(order_of("k1", "AAPL"));
    world.pass(10s);
    expect_denied(order_of("k2", "AAPL"), ErrorCode::Denied, "order 1 for AAPL");
    world.placed(order_of("k3", "MSFT"));
    world.pass(10s);
    world.registry.put(symbol_of("F"), "ib", "9599491");
    world.engine->on_registry_reply(world.now, world.registry.come_back());
    world.placed(order_of("k4", "F"));
    world.registry.put(symbol_of("SPY"), "ib", "756733");
    world.engine->on_registry_reply(world.now, world.registry.come_back());
    world.pass(9s);
    const auto pending = world.order(OrderId{3});
    EXPECT_EQ(pending.state, OrderState::PendingNew);
    world.pass(1s);
    expect_denied(order_of("k5", "SPY"), ErrorCode::Denied, "the last 3 orders");
    world.report_now(OrderId{3}, BrokerStatus::Working);
    world.placed(order_of("k5", "SPY"));
}

TEST_F(OrderDeskTest, AStopDeniesNewOrdersAndWaitsForTheAnswersOfOldOnes) {
    const auto answered = world.place(world.intent("k1"));
    world.engine->stop(world.now);
    world.settle();
    expect_denied(world.intent("k2"), ErrorCode::Denied, "stopping");
    EXPECT_EQ(world.ib->count<gateway::Stop>(), 0U);
    world.report_now(OrderId{1}, BrokerStatus::Working);
    EXPECT_TRUE(answered->has_value());
    EXPECT_EQ(world.ib->count<gateway::Stop>(), 1U);
    EXPECT_EQ(world.webull->count<gateway::Stop>(), 1U);
    EXPECT_EQ(world.ib->count<gateway::CancelOrder>(), 0U);
    EXPECT_TRUE(world.engine->stopped());
}

TEST_F(OrderDeskTest, AStopWaitsFiveSecondsAtMost) {
    world.place(world.intent("k1"));
    world.engine->stop(world.now);
    world.pass(4999ms);
    EXPECT_FALSE(world.engine->stopped());
    world.pass(1ms);
    EXPECT_TRUE(world.engine->stopped());
}

TEST_F(OrderDeskTest, AStopWaitsTwoSecondsForTheJournalAtMost) {
    world.engine->halt(world.now, {}, "enough", Caller{"boss"}, {});
    world.engine->stop(world.now);
    EXPECT_EQ(world.ib->count<gateway::Stop>(), 1U);
    EXPECT_FALSE(world.engine->stopped());
    world.now = at(2s);
    world.engine->on_timeout(world.now);
    EXPECT_TRUE(world.engine->stopped());
}

TEST_F(OrderDeskTest, TheFeedShowsEachOrderOnALegalPath) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.execute(OrderId{1}, "a.01", "4", "190");
    world.cancel(OrderId{1});
    world.execute(OrderId{1}, "b.01", "6", "190");
    EXPECT_EQ(world.order(OrderId{1}).state, OrderState::Filled);
    expect_legal_feed(*world.engine);
}

}  // namespace
}  // namespace janus::core
