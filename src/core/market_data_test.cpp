#include "core/market_data.hpp"

#include <gtest/gtest.h>

#include "core/test_rig.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::LookupStatus;
using gateway::SubscribeTicks;
using gateway::UnsubscribeTicks;

struct MarketDataTest : testing::Test {
    explicit MarketDataTest(std::size_t lines_max = 100) : rig(lines_max) {
        rig.store.put(symbol_of("AAPL"), "ib", "1");
        rig.store.put(symbol_of("MSFT"), "ib", "2");
        rig.store.put(symbol_of("SPY"), "ib", "3");
        rig.registry.load(rig.store.records());
        rig.ready(at(0s));
    }
    void subscribe(std::string_view symbol, Now now = at(0s)) {
        rig.market_data.subscribe(now, symbol_of(symbol), "anna", heard.listen());
    }
    QuoteView quote(std::string_view symbol, Now now = at(0s)) {
        return rig.market_data.quote(now, symbol_of(symbol));
    }
    RegistryRig rig;
    Heard<QuoteView> heard;
};

struct TwoLinesTest : MarketDataTest {
    TwoLinesTest() : MarketDataTest(2) {}
};

TEST_F(MarketDataTest, TheFirstClientSubscribesAndTheLastUnsubscribes) {
    subscribe("AAPL");
    subscribe("AAPL");
    EXPECT_EQ(heard.replies.size(), 2U);
    ASSERT_EQ(rig.ib.count<SubscribeTicks>(), 1U);
    EXPECT_EQ(rig.ib.sent<SubscribeTicks>()[0].native_id, NativeId{"1"});
    EXPECT_TRUE(rig.market_data.unsubscribe(at(1s), symbol_of("AAPL")));
    EXPECT_EQ(rig.ib.count<UnsubscribeTicks>(), 0U);
    EXPECT_TRUE(rig.market_data.unsubscribe(at(1s), symbol_of("AAPL")));
    EXPECT_EQ(rig.ib.count<UnsubscribeTicks>(), 1U);
    const auto again = rig.market_data.unsubscribe(at(1s), symbol_of("AAPL"));
    EXPECT_EQ(again.error().code, ErrorCode::NotFound);
    EXPECT_EQ(rig.market_data.wanted(), 0U);
    EXPECT_EQ(quote("AAPL").reason, "not subscribed");
}

TEST_F(MarketDataTest, TicksBecomeOneQuoteWithAgeAndSource) {
    subscribe("AAPL");
    const auto subscription = rig.subscription_of("AAPL");
    rig.tick(at(1s), subscription, TickField::Bid, "99");
    rig.tick(at(2s), subscription, TickField::Ask, "101");
    rig.tick(at(3s), subscription, TickField::Last, "100.5");
    rig.tick(at(4s), subscription, TickField::Volume, "12345");
    rig.tick(at(4s), subscription, TickField::BidSize, "7");
    rig.tick(at(4s), subscription, TickField::Close, "98");
    const auto view = quote("AAPL", at(5s));
    EXPECT_EQ(view.quote.bid, price_of("99"));
    EXPECT_EQ(view.quote.ask, price_of("101"));
    EXPECT_EQ(view.quote.last, price_of("100.5"));
    EXPECT_EQ(view.quote.volume, quantity_of("12345"));
    EXPECT_EQ(view.quote.bid_size, quantity_of("7"));
    EXPECT_EQ(view.quote.close, price_of("98"));
    EXPECT_EQ(view.age, 2s);
    EXPECT_EQ(view.quote.quality, DataQuality::Live);
    EXPECT_EQ(view.broker, "ib");
    EXPECT_TRUE(view.subscribed);
    EXPECT_TRUE(view.reason.empty());
}

TEST_F(MarketDataTest, AQuoteIsStaleAtTenSecondsAndNotBefore) {
    subscribe("AAPL");
    rig.tick(at(5s), rig.subscription_of("AAPL"), TickField::Last, "100");
    EXPECT_EQ(quote("AAPL", at(14999ms)).quote.quality, DataQuality::Live);
    EXPECT_EQ(quote("AAPL", at(15s)).quote.quality, DataQuality::Stale);
    EXPECT_EQ(quote("AAPL", at(15s)).age, 10s);
    rig.tick(at(16s), rig.subscription_of("AAPL"), TickField::Last, "100");
    EXPECT_EQ(quote("AAPL", at(16s)).quote.quality, DataQuality::Live);
}

TEST_F(MarketDataTest, GoingStaleIsAChangeOfItsOwn) {
    subscribe("AAPL");
    subscribe("MSFT");
    rig.tick(at(5s), rig.subscription_of("AAPL"), TickField::Last, "100");
    rig.tick(at(7s), rig.subscription_of("MSFT"), TickField::Last, "200");
    rig.market_data.take_changed();
    EXPECT_EQ(rig.market_data.deadline(), at(15s).mono);
    rig.market_data.on_timeout(at(15s - 1ns));
    EXPECT_TRUE(rig.market_data.take_changed().empty());
    rig.market_data.on_timeout(at(15s));
    EXPECT_EQ(rig.market_data.take_changed(), std::vector{symbol_of("AAPL")});
    EXPECT_EQ(rig.market_data.deadline(), at(17s).mono);
    rig.market_data.on_timeout(at(17s));
    EXPECT_EQ(rig.market_data.take_changed(), std::vector{symbol_of("MSFT")});
    EXPECT_TRUE(rig.market_data.take_changed().empty());
}

TEST_F(MarketDataTest, AFeedThatDiesQuietlyIsAskedForAgainOnceAndThenMoreAndMoreSeldom) {
    subscribe("AAPL");
    rig.tick(at(0s), rig.subscription_of("AAPL"), TickField::Last, "100");
    for (const auto silent : {10s, 29s}) rig.market_data.on_timeout(at(silent));
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 1U);
    EXPECT_EQ(rig.market_data.deadline(), at(30s).mono);
    rig.market_data.on_timeout(at(30s));
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 2U);
    EXPECT_EQ(rig.ib.count<UnsubscribeTicks>(), 1U);
    EXPECT_EQ(rig.market_data.deadline(), at(90s).mono);
    rig.market_data.on_timeout(at(89s));
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 2U);
    rig.market_data.on_timeout(at(90s));
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 3U);
    EXPECT_EQ(rig.market_data.deadline(), at(210s).mono);
    EXPECT_EQ(rig.market_data.lines_used(), 1U);
}

TEST_F(MarketDataTest, SilenceIsInOrderWhileTheMarketIsClosedAndIsWatchedAgainOnceItIsOpen) {
    subscribe("AAPL");
    rig.tick(at(0s), rig.subscription_of("AAPL"), TickField::Last, "100");
    rig.ib.open = false;
    rig.market_data.on_timeout(at(30s));
    rig.market_data.on_timeout(at(60s));
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 1U);
    EXPECT_EQ(rig.market_data.deadline(), at(90s).mono) << "the opening is not missed";
    EXPECT_EQ(quote("AAPL", at(60s)).quote.quality, DataQuality::Stale);
    EXPECT_EQ(quote("AAPL", at(60s)).reason, "the market is closed");
    rig.ib.open = true;
    EXPECT_EQ(quote("AAPL", at(60s)).reason, "no new price");
    rig.market_data.on_timeout(at(90s));
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 2U);
}

TEST_F(MarketDataTest, AnOldPriceThatIsSentAgainDoesNotLookNew) {
    subscribe("AAPL");
    rig.tick(at(0s), rig.subscription_of("AAPL"), TickField::Last, "100");
    rig.market_data.on_timeout(at(30s));
    rig.tick(at(31s), rig.subscription_of("AAPL"), TickField::Last, "100");
    EXPECT_EQ(quote("AAPL", at(31s)).quote.quality, DataQuality::Stale);
    EXPECT_EQ(quote("AAPL", at(31s)).age, 31s);
    rig.tick(at(32s), rig.subscription_of("AAPL"), TickField::Last, "100.5");
    EXPECT_EQ(quote("AAPL", at(32s)).quote.quality, DataQuality::Live);
    rig.tick(at(40s), rig.subscription_of("AAPL"), TickField::Last, "100.5");
    EXPECT_EQ(quote("AAPL", at(40s)).age, 0s);
    rig.market_data.on_timeout(at(70s - 1ns));
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 2U);
    rig.market_data.on_timeout(at(70s));
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 3U);
}

TEST_F(MarketDataTest, FrozenOrLostDataIsNotAskedForAgain) {
    subscribe("AAPL");
    subscribe("MSFT");
    rig.tick(at(0s), rig.subscription_of("AAPL"), TickField::Last, "100");
    rig.tick(at(0s), rig.subscription_of("MSFT"), TickField::Last, "100");
    rig.market_data.on_quality_changed(
        at(1s), {rig.subscription_of("AAPL"), DataQuality::Frozen, "closed"});
    rig.market_data.on_quality_changed(
        at(1s), {rig.subscription_of("MSFT"), DataQuality::None, "10197 competing session"});
    rig.market_data.on_timeout(at(30s));
    rig.market_data.on_timeout(at(1h));
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 2U);
}

TEST_F(MarketDataTest, FrozenDataKeepsItsNameAndItsAge) {
    subscribe("AAPL");
    const auto subscription = rig.subscription_of("AAPL");
    rig.market_data.on_quality_changed(at(0s), {subscription, DataQuality::Frozen, "closed"});
    rig.tick(at(0s), subscription, TickField::Last, "100");
    EXPECT_EQ(quote("AAPL", at(1h)).quote.quality, DataQuality::Frozen);
    EXPECT_EQ(quote("AAPL", at(1h)).age, 1h);
}

TEST_F(MarketDataTest, DelayedDataIsNeverShownAsLive) {
    subscribe("AAPL");
    const auto subscription = rig.subscription_of("AAPL");
    rig.market_data.on_quality_changed(at(0s), {subscription, DataQuality::Delayed, "10167"});
    rig.tick(at(0s), subscription, TickField::Last, "100");
    EXPECT_EQ(quote("AAPL", at(1s)).quote.quality, DataQuality::Delayed);
    EXPECT_EQ(quote("AAPL", at(1s)).reason, "10167");
    EXPECT_EQ(quote("AAPL", at(10s)).quote.quality, DataQuality::Stale);
    rig.market_data.on_quality_changed(at(11s), {subscription, DataQuality::Live, ""});
    rig.tick(at(11s), subscription, TickField::Last, "101");
    EXPECT_EQ(quote("AAPL", at(11s)).quote.quality, DataQuality::Live);
}

TEST_F(MarketDataTest, ACompetingSessionMakesPricesStaleWithItsReason) {
    subscribe("AAPL");
    const auto subscription = rig.subscription_of("AAPL");
    rig.tick(at(1s), subscription, TickField::Last, "100");
    rig.market_data.on_quality_changed(
        at(2s), {subscription, DataQuality::None, "10197 competing session"});
    const auto view = quote("AAPL", at(2s));
    EXPECT_EQ(view.quote.quality, DataQuality::Stale);
    EXPECT_EQ(view.reason, "10197 competing session");
    EXPECT_EQ(view.quote.last, price_of("100"));
}

TEST_F(MarketDataTest, NoPriceIsNoneAndNotZero) {
    subscribe("AAPL");
    EXPECT_EQ(quote("AAPL").quote.quality, DataQuality::None);
    EXPECT_EQ(quote("AAPL").reason, "no price yet");
    const auto subscription = rig.subscription_of("AAPL");
    rig.tick(at(1s), subscription, TickField::Bid, "99");
    rig.tick(at(2s), Tick{subscription, TickField::Bid, std::nullopt});
    EXPECT_FALSE(quote("AAPL", at(2s)).quote.bid);
    EXPECT_EQ(quote("AAPL", at(2s)).quote.quality, DataQuality::None);
}

TEST_F(MarketDataTest, PricesBelowZeroAreKept) {
    subscribe("AAPL");
    rig.tick(at(1s), rig.subscription_of("AAPL"), TickField::Last, "-37.63");
    EXPECT_EQ(quote("AAPL", at(1s)).quote.last, price_of("-37.63"));
}

TEST_F(MarketDataTest, ALostLineMakesPricesStaleAtOnceAndReadyAgainNeedsNoNewSubscription) {
    subscribe("AAPL");
    rig.tick(at(1s), rig.subscription_of("AAPL"), TickField::Last, "100");
    rig.market_data.take_changed();
    rig.gate(at(2s), "ib_main", gateway::Gate::Connecting);
    rig.gate(at(2s), "ib_second", gateway::Gate::Connecting);
    EXPECT_EQ(quote("AAPL", at(2s)).quote.quality, DataQuality::Stale);
    EXPECT_EQ(quote("AAPL", at(2s)).reason, "ib_main: connecting");
    EXPECT_EQ(rig.market_data.take_changed(), std::vector{symbol_of("AAPL")});
    rig.ready(at(3s));
    rig.tick(at(3s), rig.subscription_of("AAPL"), TickField::Last, "101");
    EXPECT_EQ(quote("AAPL", at(3s)).quote.quality, DataQuality::Live);
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 1U);
}

TEST_F(MarketDataTest, TicksOfAnEndedSubscriptionReachNobody) {
    subscribe("AAPL");
    const auto old = rig.subscription_of("AAPL");
    ASSERT_TRUE(rig.market_data.unsubscribe(at(1s), symbol_of("AAPL")));
    subscribe("MSFT");
    EXPECT_NE(rig.subscription_of("MSFT"), old);
    rig.tick(at(2s), old, TickField::Last, "1");
    rig.tick(at(2s), SubscriptionId{old.value + 4096}, TickField::Last, "1");
    rig.tick(at(2s), SubscriptionId{rig.subscription_of("MSFT").value + 4096}, TickField::Last,
             "1");
    EXPECT_FALSE(quote("MSFT", at(2s)).quote.last);
    EXPECT_EQ(rig.market_data.late_ticks(), 3U);
    EXPECT_EQ(rig.market_data.ticks(), 0U);
}

TEST_F(MarketDataTest, SubscriptionNumbersAreNeverReusedWhilePlacesAre) {
    subscribe("SPY");  // Stays alive over a whole turn of the table.
    const auto staying = rig.subscription_of("SPY");
    std::uint32_t last = staying.value;
    for (int i = 0; i < 5000; ++i) {
        subscribe("AAPL");
        EXPECT_GT(rig.subscription_of("AAPL").value, last);
        last = rig.ib.sent<SubscribeTicks>().back().subscription.value;
        rig.ib.commands.clear();
        ASSERT_TRUE(rig.market_data.unsubscribe(at(1s), symbol_of("AAPL")));
        rig.ib.commands.clear();
    }
    rig.tick(at(2s), staying, TickField::Last, "500");
    EXPECT_EQ(quote("SPY", at(2s)).quote.last, price_of("500"));
}

TEST_F(MarketDataTest, AnUnknownSymbolIsLookedUpOnceForAllWhoAsk) {
    subscribe("NVDA");
    subscribe("NVDA");
    EXPECT_TRUE(heard.replies.empty());
    EXPECT_EQ(quote("NVDA").reason, "the broker's id is being looked up");
    rig.knows(rig.ib, "NVDA", "4815747");
    rig.settle(at(1s));
    ASSERT_EQ(heard.replies.size(), 2U);
    EXPECT_TRUE(heard.replies[0] && heard.replies[1]);
    EXPECT_EQ(rig.ib.count<gateway::LookupInstrument>(), 1U);
    ASSERT_EQ(rig.ib.count<SubscribeTicks>(), 1U);
    EXPECT_EQ(rig.ib.sent<SubscribeTicks>()[0].native_id, NativeId{"4815747"});
    ASSERT_TRUE(rig.market_data.unsubscribe(at(2s), symbol_of("NVDA")));
    EXPECT_EQ(rig.ib.count<UnsubscribeTicks>(), 0U);
}

TEST_F(MarketDataTest, AFailedLookUpLeavesNoCount) {
    rig.answers(rig.ib, "NOIB", LookupStatus::NotFound, {}, "no security definition");
    subscribe("NOIB");
    rig.settle(at(1s));
    EXPECT_EQ(heard.only().error().code, ErrorCode::NotFound);
    EXPECT_EQ(rig.market_data.wanted(), 0U);
    EXPECT_FALSE(rig.market_data.unsubscribe(at(1s), symbol_of("NOIB")));
    EXPECT_TRUE(rig.market_data.take_changed().empty());
}

TEST_F(MarketDataTest, WhatWebullHoldsIsPricedByTheBrokerWithTicks) {
    rig.knows(rig.ib, "QQQ", "320227571");
    rig.holds(at(0s), "webull_one",
              {position_of("webull_one", instrument_of("QQQ", "QQQ"), "3", "400")});
    EXPECT_EQ(rig.registry.find(symbol_of("QQQ"))->native_ids.size(), 2U);
    rig.tick(at(1s), rig.subscription_of("QQQ"), TickField::Last, "410");
    const auto views = rig.portfolio.positions(at(1s), AccountName{"webull_one"});
    ASSERT_EQ(views.size(), 1U);
    EXPECT_EQ(views[0].valuation.source, "ib:last");
    EXPECT_EQ(views[0].valuation.market_value, money_of("1230"));
    EXPECT_EQ(views[0].valuation.unrealized, money_of("30"));
}

TEST_F(MarketDataTest, AHeldSymbolIsWantedUntilItIsSold) {
    const auto aapl = symbol_of("AAPL");
    rig.market_data.set_held(at(0s), {aapl});
    subscribe("AAPL");
    ASSERT_TRUE(rig.market_data.unsubscribe(at(1s), aapl));
    EXPECT_EQ(rig.ib.count<UnsubscribeTicks>(), 0U);
    rig.market_data.set_held(at(2s), {});
    EXPECT_EQ(rig.ib.count<UnsubscribeTicks>(), 1U);
    EXPECT_EQ(rig.market_data.wanted(), 0U);
}

TEST_F(MarketDataTest, ConfiguredSymbolsAreWantedForEver) {
    rig.market_data.set_defaults(at(0s), {symbol_of("AAPL")});
    rig.market_data.set_held(at(1s), {symbol_of("AAPL")});
    rig.market_data.set_held(at(2s), {});
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 1U);
    EXPECT_EQ(rig.ib.count<UnsubscribeTicks>(), 0U);
}

TEST_F(MarketDataTest, AHeldSymbolThatCouldNotBeServedIsTriedAgainWhenTheBrokerIsReady) {
    rig.gate(at(0s), "ib_main", gateway::Gate::Connecting);
    rig.gate(at(0s), "ib_second", gateway::Gate::Connecting);
    rig.knows(rig.ib, "QQQ", "9");
    rig.market_data.set_held(at(0s), {symbol_of("QQQ")});
    EXPECT_NE(quote("QQQ").reason.find("ib_main: connecting"), std::string::npos);
    EXPECT_EQ(rig.ib.count<gateway::LookupInstrument>(), 0U);
    rig.ready(at(1s));
    rig.settle(at(1s));
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 1U);
}

TEST_F(MarketDataTest, AFailureThatMayPassIsRetriedAfterAMinute) {
    rig.answers(rig.ib, "QQQ", LookupStatus::Failed, {}, "the line was lost");
    rig.market_data.set_held(at(0s), {symbol_of("QQQ")});
    rig.settle(at(0s));
    ASSERT_EQ(rig.market_data.deadline(), at(60s).mono);
    rig.knows(rig.ib, "QQQ", "9");
    rig.market_data.on_timeout(at(60s - 1ns));
    EXPECT_EQ(rig.ib.count<gateway::LookupInstrument>(), 1U);
    rig.market_data.on_timeout(at(60s));
    rig.settle(at(60s));
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 1U);
    EXPECT_FALSE(rig.market_data.deadline());
}

TEST_F(MarketDataTest, AnAmbiguousHeldSymbolWaitsForAPerson) {
    rig.answers(rig.ib, "AMBX", LookupStatus::Ambiguous,
                {instrument_of("AMBX", "1"), instrument_of("AMBX", "2")});
    rig.market_data.set_held(at(0s), {symbol_of("AMBX")});
    rig.settle(at(0s));
    EXPECT_FALSE(rig.market_data.deadline());
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 0U);
    rig.registry.map(at(1s), symbol_of("AMBX"), "ib", NativeId{"42"}, {"anna", "", ""},
                     [](Now, const Result<SymbolRecord>&) {});
    rig.settle(at(1s));
    ASSERT_EQ(rig.ib.count<SubscribeTicks>(), 1U);
    EXPECT_EQ(rig.ib.sent<SubscribeTicks>()[0].native_id, NativeId{"42"});
}

TEST_F(MarketDataTest, AMappedIdMovesTheSubscriptionAndDropsThePrices) {
    subscribe("AAPL");
    rig.tick(at(1s), rig.subscription_of("AAPL"), TickField::Last, "100");
    const auto ignore = [](Now, const Result<SymbolRecord>&) {};
    rig.registry.map(at(2s), symbol_of("AAPL"), "ib", NativeId{"77"}, {}, ignore);
    rig.settle(at(2s));
    EXPECT_EQ(rig.ib.count<UnsubscribeTicks>(), 1U);
    ASSERT_EQ(rig.ib.count<SubscribeTicks>(), 2U);
    EXPECT_EQ(rig.ib.sent<SubscribeTicks>()[1].native_id, NativeId{"77"});
    EXPECT_FALSE(quote("AAPL", at(2s)).quote.last);
    rig.registry.unmap(at(3s), symbol_of("AAPL"), "ib", {}, ignore);
    rig.settle(at(3s));
    EXPECT_EQ(rig.ib.count<UnsubscribeTicks>(), 2U);
    EXPECT_EQ(quote("AAPL", at(3s)).reason, "unmapped at ib");
    EXPECT_EQ(rig.ib.count<gateway::LookupInstrument>(), 0U);
}

TEST_F(MarketDataTest, ChangesAreConflatedTheFirstOneFirst) {
    subscribe("SPY");
    subscribe("AAPL");
    rig.market_data.take_changed();
    for (int i = 0; i < 5; ++i) {
        rig.tick(at(1s), rig.subscription_of("SPY"), TickField::Last, "1");
        rig.tick(at(1s), rig.subscription_of("AAPL"), TickField::Bid, "1");
    }
    EXPECT_EQ(rig.market_data.take_changed(), (std::vector{symbol_of("SPY"), symbol_of("AAPL")}));
    EXPECT_TRUE(rig.market_data.take_changed().empty());
    EXPECT_EQ(rig.market_data.quotes(at(1s)).size(), 2U);
}

TEST_F(MarketDataTest, AnAnswerMayAskForTheNextThing) {
    Heard<QuoteView> inner;
    rig.market_data.subscribe(
        at(0s), symbol_of("AAPL"), "anna", [&](Now now, const Result<QuoteView>&) {
            rig.market_data.subscribe(now, symbol_of("MSFT"), "anna", inner.listen());
        });
    EXPECT_TRUE(inner.only());
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 2U);
}

TEST_F(TwoLinesTest, WatchedSymbolsWaitForALineInTheirTurn) {
    subscribe("AAPL");
    subscribe("MSFT");
    subscribe("SPY");
    EXPECT_EQ(rig.ib.count<SubscribeTicks>(), 2U);
    EXPECT_EQ(quote("SPY").reason, "all 2 market data lines are in use");
    EXPECT_FALSE(quote("SPY").subscribed);
    ASSERT_TRUE(rig.market_data.unsubscribe(at(1s), symbol_of("MSFT")));
    EXPECT_EQ(rig.ib.sent<SubscribeTicks>().back().symbol, symbol_of("SPY"));
    EXPECT_EQ(rig.market_data.lines_used(), 2U);
}

TEST_F(TwoLinesTest, HeldSymbolsComeFirstThenWatchedOnesThenTheRest) {
    rig.market_data.set_defaults(at(0s), {symbol_of("AAPL")});
    subscribe("MSFT");
    rig.market_data.set_held(at(1s), {symbol_of("SPY")});
    ASSERT_EQ(rig.ib.count<UnsubscribeTicks>(), 1U);
    EXPECT_FALSE(quote("AAPL").subscribed);
    EXPECT_TRUE(quote("MSFT").subscribed);
    EXPECT_TRUE(quote("SPY").subscribed);
    rig.market_data.set_held(at(2s), {symbol_of("SPY"), symbol_of("AAPL")});
    EXPECT_FALSE(quote("MSFT").subscribed);
    rig.market_data.set_held(at(3s), {});
    EXPECT_TRUE(quote("MSFT").subscribed);
    EXPECT_TRUE(quote("AAPL").subscribed);
}

TEST_F(TwoLinesTest, ASymbolThatLosesItsLineIsStaleAndKeepsItsAge) {
    rig.market_data.set_defaults(at(0s), {symbol_of("AAPL"), symbol_of("MSFT")});
    rig.tick(at(1s), rig.subscription_of("MSFT"), TickField::Last, "10");
    rig.market_data.set_held(at(2s), {symbol_of("SPY")});
    EXPECT_EQ(quote("MSFT", at(2s)).quote.quality, DataQuality::Stale);
    EXPECT_EQ(quote("MSFT", at(2s)).age, 1s);
}

TEST(MarketDataOfTwoLogins, MovesToTheReadyOneAndStaysThere) {
    std::vector<std::unique_ptr<gateway::Gateway>> gateways;
    for (const auto* account : {"ib_one", "ib_two"})
        gateways.push_back(
            std::make_unique<ScriptedGateway>("ib", std::vector{AccountName{account}}, ib_like));
    const auto& one = static_cast<ScriptedGateway&>(*gateways[0]);
    const auto& two = static_cast<ScriptedGateway&>(*gateways[1]);
    ScriptedRegistry store;
    store.put(symbol_of("AAPL"), "ib", "1");
    NoLog log;
    GatewaySet gateway_set{gateways};
    SymbolRegistry registry{store, log};
    registry.load(store.records());
    Lookups lookups{gateway_set, 15s};
    Resolver resolver{gateway_set, registry, lookups};
    MarketData market_data{gateway_set, registry, resolver, log, {}};
    const auto gate = [&](Now now, const char* account, gateway::Gate state) {
        gateway_set.on_gate_changed({AccountName{account}, state, ""});
        market_data.on_gate_changed(now, {AccountName{account}, state, ""});
    };
    gate(at(0s), "ib_one", gateway::Gate::Ready);
    gate(at(0s), "ib_two", gateway::Gate::Ready);
    market_data.set_held(at(0s), {symbol_of("AAPL")});
    ASSERT_EQ(one.count<SubscribeTicks>(), 1U);
    const Tick tick{one.sent<SubscribeTicks>()[0].subscription, TickField::Last, decimal_of("100")};
    market_data.on_ticks(at(1s), {&tick, 1});
    gate(at(2s), "ib_one", gateway::Gate::Connecting);
    EXPECT_EQ(one.count<UnsubscribeTicks>(), 1U);
    ASSERT_EQ(two.count<SubscribeTicks>(), 1U);
    EXPECT_EQ(market_data.quote(at(2s), symbol_of("AAPL")).quote.quality, DataQuality::Live);
    gate(at(3s), "ib_one", gateway::Gate::Ready);
    EXPECT_EQ(one.count<SubscribeTicks>(), 1U);
    gate(at(4s), "ib_one", gateway::Gate::Connecting);
    gate(at(4s), "ib_two", gateway::Gate::Connecting);
    EXPECT_EQ(two.count<UnsubscribeTicks>(), 0U);
    EXPECT_EQ(market_data.quote(at(4s), symbol_of("AAPL")).quote.quality, DataQuality::Stale);
}

TEST(MarketDataWithoutTicks, SaysThatNoBrokerHasThem) {
    std::vector<std::unique_ptr<gateway::Gateway>> gateways;
    gateways.push_back(std::make_unique<ScriptedGateway>(
        "webull", std::vector{AccountName{"webull_one"}}, webull_like));
    ScriptedRegistry store;
    NoLog log;
    const GatewaySet gateway_set{gateways};
    SymbolRegistry registry{store, log};
    Lookups lookups{gateway_set, 15s};
    Resolver resolver{gateway_set, registry, lookups};
    MarketData market_data{gateway_set, registry, resolver, log, {}};
    Heard<QuoteView> heard;
    market_data.subscribe(at(0s), symbol_of("AAPL"), "anna", heard.listen());
    EXPECT_EQ(heard.only().error().code, ErrorCode::Unavailable);
    market_data.set_held(at(0s), {symbol_of("AAPL")});
    EXPECT_EQ(market_data.quote(at(0s), symbol_of("AAPL")).reason,
              "no configured broker has market data");
}

TEST(QuoteSlots, TheTableIsBounded) {
    QuoteSlots slots;
    for (std::size_t i = 0; i < QuoteSlots::size_max; ++i)
        ASSERT_TRUE(slots.find_or_make(symbol_of(fmt::format("A{}", i))));
    EXPECT_FALSE(slots.find_or_make(symbol_of("ONEMORE")));
    EXPECT_TRUE(slots.find_or_make(symbol_of("A7")));
    slots.drop(*slots.find(symbol_of("A7")));
    EXPECT_TRUE(slots.find_or_make(symbol_of("ONEMORE")));
}

TEST_F(MarketDataTest, FewerGrantedLinesGoToWhatMattersMostAndAreProbedOneByOne) {
    rig.market_data.set_defaults(at(0s), {symbol_of("AAPL")});
    subscribe("MSFT");
    rig.market_data.set_held(at(0s), {symbol_of("SPY")});
    ASSERT_EQ(rig.market_data.lines_used(), 3U);
    rig.market_data.on_line_budget(at(1s), {2, "error 101: Max number of tickers"});
    EXPECT_EQ(rig.market_data.line_budget(), 2U);
    EXPECT_FALSE(quote("AAPL").subscribed) << "neither held nor watched";
    EXPECT_TRUE(quote("MSFT").subscribed);
    EXPECT_TRUE(quote("SPY").subscribed);
    EXPECT_EQ(quote("AAPL").reason, "all 2 market data lines are in use");
    rig.market_data.on_line_budget(at(2s), {1, "error 101: Max number of tickers"});
    EXPECT_FALSE(quote("MSFT").subscribed);
    EXPECT_TRUE(quote("SPY").subscribed) << "what is held keeps the last line";
    rig.market_data.on_timeout(at(2s + 10min - 1ns));
    EXPECT_EQ(rig.market_data.line_budget(), 1U);
    rig.market_data.on_timeout(at(2s + 10min));
    EXPECT_EQ(rig.market_data.line_budget(), 2U);
    EXPECT_TRUE(quote("MSFT").subscribed) << "somebody else may have given a line up";
    rig.market_data.on_line_budget(at(11min), {500, "more than the setting"});
    EXPECT_EQ(rig.market_data.line_budget(), 100U);
}

}  // namespace
}  // namespace janus::core
