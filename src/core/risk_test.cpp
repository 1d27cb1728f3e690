#include "core/risk.hpp"

#include <chrono>

#include "core/test_world.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::BrokerStatus;
using gateway::Gate;
using testing::Test;

class RiskTest : public Test {
 protected:
    RiskLimits& limits() { return world.settings.accounts.front().limits; }
    OrderIntent sell(const std::string& key, const std::string& quantity) const {
        auto intent = world.intent(key);
        intent.side = Side::Sell;
        intent.quantity = quantity_of(quantity);
        return intent;
    }
    OrderIntent market(const std::string& key, const std::string& quantity) const {
        auto intent = world.intent(key);
        intent.type = OrderType::Market;
        intent.limit_price.reset();
        intent.quantity = quantity_of(quantity);
        return intent;
    }
    void expect_denied(const OrderIntent& intent, const std::string& words) {
        const auto before = world.ib->count<gateway::PlaceOrder>();
        const auto error = error_of(world.place(intent));
        EXPECT_EQ(error.code, ErrorCode::Denied) << error.message;
        EXPECT_NE(error.message.find(words), std::string::npos) << error.message;
        EXPECT_EQ(world.ib->count<gateway::PlaceOrder>(), before);
    }
    void tick(TickField field, const std::string& value) {
        const auto subscriptions = world.ib->sent<gateway::SubscribeTicks>();
        ASSERT_FALSE(subscriptions.empty());
        world.ib->ticks.push_back({subscriptions.back().subscription, field, decimal_of(value)});
        world.settle();
    }
    void sold(OrderId id, const std::string& name, const std::string& quantity) {
        world.execute(id, name, quantity, "190");
    }
    void position_is(const std::string& quantity) {
        world.held["ib_main"].front().quantity = quantity_of(quantity);
        world.tell("ib_main", gateway::PositionChanged{world.held["ib_main"].front()});
    }

    World world;
};

TEST_F(RiskTest, TheQuantityLimitHoldsAtItsEdge) {
    limits().max_order_quantity = quantity_of("10");
    world.start();
    auto intent = world.intent("k1");
    intent.quantity = quantity_of("10.00000001");
    expect_denied(intent, "quantity 10.00000001 is above max_order_quantity 10");
    intent.quantity = quantity_of("10");
    world.placed(intent);
}

TEST_F(RiskTest, TheNotionalLimitHoldsAtItsEdge) {
    limits().max_order_notional = money_of("1905");
    world.start();
    world.placed(world.intent("k1"));
    auto intent = world.intent("k2");
    intent.limit_price = price_of("190.51");
    expect_denied(intent, "notional 1905.1 (10 x 190.51) is above max_order_notional 1905");
}

TEST_F(RiskTest, ANotionalThatCannotBeCountedIsDenied) {
    limits().max_order_notional = money_of("90000000000");
    world.start();
    auto intent = world.intent("k1");
    intent.quantity = quantity_of("90000000000");
    expect_denied(intent, "too large to count");
}

TEST_F(RiskTest, LimitsOfOneAccountDoNotBindAnother) {
    limits().max_order_quantity = quantity_of("1");
    world.start();
    auto intent = world.intent("k1");
    intent.account.value = "ib_second";
    world.placed(intent);
}

TEST_F(RiskTest, AMarketOrderNeedsAFreshLiveQuoteWhenThereIsANotionalLimit) {
    limits().max_order_notional = money_of("2000");
    world.start();
    expect_denied(market("k1", "10"), "no fresh live quote");
    tick(TickField::Bid, "199");
    tick(TickField::Ask, "200");
    world.placed(market("k2", "10"));
    expect_denied(market("k3", "10.1"), "notional 2020 (10.1 x 200)");
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.pass(9999ms);
    world.placed(market("k4", "1"));
    world.report_now(OrderId{2}, BrokerStatus::Working);
    world.pass(1ms);
    expect_denied(market("k5", "1"), "no fresh live quote");
    tick(TickField::Ask, "200");
    const auto subscription = world.ib->sent<gateway::SubscribeTicks>().back().subscription;
    world.tell("ib_main",
               gateway::QuoteQualityChanged{subscription, DataQuality::Delayed, "10167"});
    expect_denied(market("k6", "1"), "no fresh live quote");
}

TEST_F(RiskTest, AMarketOrderNeedsNoQuoteWithoutANotionalLimit) {
    world.start();
    world.placed(market("k1", "10"));
}

TEST_F(RiskTest, AStopOrderIsValuedAtTheHigherOfQuoteAndStop) {
    limits().max_order_notional = money_of("2000");
    world.start();
    tick(TickField::Ask, "190");
    auto intent = market("k1", "10");
    intent.type = OrderType::Stop;
    intent.stop_price = price_of("201");
    expect_denied(intent, "notional 2010");
    intent.stop_price = price_of("200");
    world.placed(intent);
}

TEST_F(RiskTest, AnOptionCountsAHundredUnitsAndAFutureOfUnknownSizeIsDenied) {
    limits().max_order_notional = money_of("2000");
    world.registry.put(symbol_of("AAPL.260320.C.152.5"), "ib", "700");
    world.registry.put(symbol_of("NQ.2603"), "ib", "800");
    world.start();
    auto intent = world.intent("k1");
    intent.symbol = symbol_of("AAPL.260320.C.152.5");
    intent.quantity = quantity_of("2");
    intent.limit_price = price_of("10");
    world.placed(intent);
    intent.idempotency_key = "k2";
    intent.symbol = symbol_of("AAPL.260320.C.152.5");
    intent.limit_price = price_of("10.01");
    expect_denied(intent, "notional");
    intent.symbol = symbol_of("NQ.2603");
    expect_denied(intent, "contract size of NQ.2603 is not known");
}

TEST_F(RiskTest, AHeldContractTellsItsSize) {
    limits().max_order_notional = money_of("2000");
    world.registry.put(symbol_of("NQ.2603"), "ib", "800");
    world.hold("ib_main", "NQ.2603", "800", "1");
    world.held["ib_main"].back().instrument.multiplier = Decimal::from_integer(20);
    world.start();
    auto intent = world.intent("k1");
    intent.symbol = symbol_of("NQ.2603");
    intent.quantity = quantity_of("1");
    intent.limit_price = price_of("100");
    world.placed(intent);
    intent.idempotency_key = "k2";
    intent.limit_price = price_of("100.25");
    expect_denied(intent, "2005");
}

TEST_F(RiskTest, ASaleNeverExceedsWhatIsHeld) {
    world.start();
    expect_denied(sell("k1", "100.00000001"), "100 held");
    auto other = sell("k2", "1");
    other.symbol = symbol_of("MSFT");
    expect_denied(other, "0 held");
    world.placed(sell("k3", "100"));
}

TEST_F(RiskTest, OpenSalesCountInEveryStateTheyCanBeIn) {
    world.start();
    world.ask(sell("k1", "60"));
    const auto beside_the_journal = error_of(world.ask(sell("k2", "41")));
    EXPECT_NE(beside_the_journal.message.find("60 in open sell orders"), std::string::npos);
    world.settle();
    expect_denied(sell("k3", "41"), "60 in open sell orders");
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.cancel(OrderId{1});
    EXPECT_EQ(world.order(OrderId{1}).state, OrderState::PendingCancel);
    expect_denied(sell("k4", "41"), "60 in open sell orders");
    world.report_now(OrderId{1}, BrokerStatus::Cancelled);
    world.placed(sell("k5", "100"));
}

TEST_F(RiskTest, TwoSalesAtTheSameMomentCannotShareTheHolding) {
    world.start();
    const auto first = world.ask(sell("k1", "60"));
    const auto second = world.ask(sell("k2", "60"));
    world.settle();
    EXPECT_EQ(world.ib->count<gateway::PlaceOrder>(), 1U);
    EXPECT_EQ(error_of(second).code, ErrorCode::Denied);
}

TEST_F(RiskTest, ASaleOfUnknownOutcomeStillCountsAndSoDoesOnePlacedElsewhere) {
    world.start();
    auto elsewhere = gateway::OrderReport{};
    elsewhere.account.value = "ib_main";
    elsewhere.ref.permanent = "901";
    elsewhere.instrument = instrument_of("AAPL", "265598");
    elsewhere.side = Side::Sell;
    elsewhere.quantity = quantity_of("30");
    world.tell("ib_main", elsewhere);
    expect_denied(sell("k1", "71"), "30 in open sell orders");
    world.placed(sell("k2", "70"));
    world.pass(10s);
    EXPECT_EQ(world.order(OrderId{2}).state, OrderState::Unknown);
    world.engine->resolve_order(world.now, OrderId{2}, OrderState::Rejected, "called the desk",
                                Caller{"boss"}, {});
    world.settle();
    world.placed(sell("k3", "70"));
}

TEST_F(RiskTest, WhatWasJustSoldIsNotSoldAgainBeforeThePositionShowsIt) {
    world.start();
    world.placed(sell("k1", "100"));
    sold(OrderId{1}, "a.01", "100");
    EXPECT_EQ(world.order(OrderId{1}).state, OrderState::Filled);
    expect_denied(sell("k2", "1"), "100 just sold");
    position_is("0");
    expect_denied(sell("k3", "1"), "0 held, 0 in open sell orders, 0 just sold");
}

TEST_F(RiskTest, APositionThatMovedBeforeItsTradeWasToldIsFetchedAfresh) {
    world.start();
    world.placed(sell("k1", "40"));
    position_is("60");
    sold(OrderId{1}, "a.01", "40");
    expect_denied(sell("k2", "60"), "40 just sold");
    world.pass(5s);
    ASSERT_EQ(world.ib->count<gateway::RefreshAccount>(), 1U);
    world.give_lists("ib_main");
    world.placed(sell("k3", "60"));
}

TEST_F(RiskTest, AShortSaleIsAnExplicitPermission) {
    world.start();
    auto intent = sell("k1", "5");
    intent.side = Side::SellShort;
    intent.symbol = symbol_of("MSFT");
    expect_denied(intent, "allow_short");
}

TEST_F(RiskTest, AnAllowedShortSaleMeetsNoLongPosition) {
    limits().allow_short = true;
    world.start();
    auto intent = sell("k1", "5");
    intent.side = Side::SellShort;
    expect_denied(intent, "holds 100 AAPL");
    intent.symbol = symbol_of("MSFT");
    world.placed(intent);
    EXPECT_EQ(world.ib->sent<gateway::PlaceOrder>().back().side, Side::SellShort);
}

TEST_F(RiskTest, WithoutACompleteListOfPositionsNothingIsSold) {
    world.boot();
    world.set_gate("ib_main", Gate::Ready);
    expect_denied(sell("k1", "1"), "not known yet");
}

}  // namespace
}  // namespace janus::core
