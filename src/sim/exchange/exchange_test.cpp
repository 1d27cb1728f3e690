#include "sim/exchange/exchange.hpp"

#include <gtest/gtest.h>

namespace janus::sim {
namespace {

using namespace std::chrono_literals;

Decimal decimal_of(std::string_view text) {
    return Decimal::parse(text).value();
}
Price price_of(std::string_view text) {
    return {decimal_of(text)};
}
Quantity quantity_of(std::string_view text) {
    return {decimal_of(text)};
}

Now at(Duration mono) {
    return {.mono = {mono}, .utc = {1'796'000'000s + mono}};
}

/// The default scenario with prices that stand still, so that a test decides about every move.
Exchange still_exchange() {
    auto scenario = default_scenario();
    scenario.walk_ticks_max = 0;
    return Exchange(std::move(scenario), 1);
}

ExchangeOrder order_of(Side side, std::string_view quantity, std::string symbol = "AAPL",
                       std::string account = "DU1000001") {
    ExchangeOrder order;
    order.account = std::move(account);
    order.symbol = std::move(symbol);
    order.side = side;
    order.quantity = quantity_of(quantity);
    return order;
}

ExchangeOrder limit_of(Side side, std::string_view quantity, std::string_view limit) {
    auto order = order_of(side, quantity);
    order.type = OrderType::Limit;
    order.limit_price = price_of(limit);
    return order;
}

void set_market(Exchange& exchange, Duration mono, std::string_view bid, std::string_view ask,
                std::string_view last) {
    ASSERT_TRUE(
        exchange.set_market(at(mono), "AAPL", price_of(bid), price_of(ask), price_of(last)));
}

TEST(Scenario, TheDefaultHangsTogether) {
    const auto scenario = default_scenario();
    const auto checked = check_scenario(scenario);
    EXPECT_TRUE(checked) << checked.error().message;
    for (const auto& account : scenario.accounts) EXPECT_FALSE(account.holdings.empty());
}

TEST(Scenario, AHoldingOfAnUnknownSymbolIsRefused) {
    auto scenario = default_scenario();
    scenario.accounts[0].holdings.push_back({"NONE", quantity_of("1"), price_of("1")});
    EXPECT_FALSE(check_scenario(scenario));
}

TEST(Scenario, AStartPriceOffTheTickGridIsRefused) {
    auto scenario = default_scenario();
    scenario.instruments[0].start_price = price_of("190.505");
    EXPECT_FALSE(check_scenario(scenario));
}

TEST(Exchange, AMarketOrderFillsAtTheAskAfterTheDelayAndNotBefore) {
    auto exchange = still_exchange();
    const auto id = exchange.place(at(0s), order_of(Side::Buy, "10"));
    EXPECT_EQ(exchange.deadline(), Instant{300ms});
    exchange.on_timeout(at(299ms));
    EXPECT_TRUE(exchange.executions().empty());
    exchange.on_timeout(at(300ms));
    const auto& order = *exchange.find_order(id);
    EXPECT_EQ(order.state, ExchangeState::Filled);
    EXPECT_EQ(order.average_price, price_of("190.51"));
    EXPECT_EQ(exchange.positions().at("DU1000001").at("AAPL").quantity, quantity_of("110"));
    EXPECT_FALSE(exchange.deadline());
}

TEST(Exchange, CashPaysPriceAndCommission) {
    auto exchange = still_exchange();
    exchange.place(at(0s), order_of(Side::Buy, "10"));
    exchange.on_timeout(at(1s));
    // 250000 - 10 x 190.51 - 1.00, the minimum commission.
    EXPECT_EQ(exchange.cash_of("DU1000001").value, decimal_of("248093.9"));
    EXPECT_EQ(exchange.executions().at(0).commission.value, decimal_of("1"));
}

TEST(Exchange, TheAverageCostIsWeightedAndASaleKeepsIt) {
    auto exchange = still_exchange();
    exchange.place(at(0s), order_of(Side::Buy, "25", "AAPL", "DU1000002"));
    exchange.on_timeout(at(1s));
    // 25 at 182.40 and 25 at 190.51.
    EXPECT_EQ(exchange.positions().at("DU1000002").at("AAPL").average_cost, price_of("186.455"));
    exchange.place(at(2s), order_of(Side::Sell, "10", "AAPL", "DU1000002"));
    exchange.on_timeout(at(3s));
    EXPECT_EQ(exchange.positions().at("DU1000002").at("AAPL").average_cost, price_of("186.455"));
    // Sold at the bid, 190.49.
    EXPECT_EQ(exchange.realized_of("DU1000002", "AAPL").value, decimal_of("40.35"));
    EXPECT_EQ(exchange.executions().at(1).realized.value, decimal_of("40.35"));
}

TEST(Exchange, AnOrderOfExactlyTheThresholdFillsAtOnceAndOneMoreInParts) {
    auto exchange = still_exchange();
    const auto whole = exchange.place(at(0s), order_of(Side::Buy, "50"));
    exchange.on_timeout(at(300ms));
    EXPECT_EQ(exchange.find_order(whole)->filled, quantity_of("50"));
    const auto parts = exchange.place(at(1s), order_of(Side::Buy, "51"));
    exchange.on_timeout(at(1300ms));
    EXPECT_EQ(exchange.find_order(parts)->filled, quantity_of("17"));
    EXPECT_EQ(exchange.find_order(parts)->state, ExchangeState::Working);
    exchange.on_timeout(at(1600ms));
    EXPECT_EQ(exchange.find_order(parts)->filled, quantity_of("34"));
    exchange.on_timeout(at(1900ms));
    EXPECT_EQ(exchange.find_order(parts)->state, ExchangeState::Filled);
    EXPECT_EQ(exchange.executions().size(), 4u);
}

TEST(Exchange, PartsAddUpToAnUnevenQuantityAndShareOneMinimumCommission) {
    auto exchange = still_exchange();
    const auto id = exchange.place(at(0s), order_of(Side::Buy, "100.5"));
    for (int step = 1; step <= 4; ++step) exchange.on_timeout(at(300ms * step));
    EXPECT_EQ(exchange.find_order(id)->filled, quantity_of("100.5"));
    Decimal commission;
    for (const auto& execution : exchange.executions()) commission += execution.commission.value;
    EXPECT_EQ(commission, decimal_of("1"));
}

TEST(Exchange, ALimitOrderRestsUntilTheAskReachesIt) {
    auto exchange = still_exchange();
    const auto id = exchange.place(at(0s), limit_of(Side::Buy, "10", "190.40"));
    EXPECT_EQ(exchange.find_order(id)->state, ExchangeState::Working);
    EXPECT_FALSE(exchange.deadline());
    set_market(exchange, 1s, "190.39", "190.41", "190.40");
    EXPECT_FALSE(exchange.deadline());
    set_market(exchange, 2s, "190.38", "190.40", "190.39");
    exchange.on_timeout(at(2300ms));
    EXPECT_EQ(exchange.find_order(id)->average_price, price_of("190.40"));
}

TEST(Exchange, ALimitOrderThatTheMarketLeavesKeepsItsFirstPart) {
    auto exchange = still_exchange();
    const auto id = exchange.place(at(0s), limit_of(Side::Buy, "90", "190.60"));
    exchange.on_timeout(at(300ms));
    set_market(exchange, 400ms, "190.99", "191.01", "191.00");
    exchange.on_timeout(at(5s));
    EXPECT_EQ(exchange.find_order(id)->filled, quantity_of("30"));
    EXPECT_EQ(exchange.find_order(id)->state, ExchangeState::Working);
    EXPECT_TRUE(exchange.cancel(at(6s), id, "by the user"));
    EXPECT_EQ(exchange.find_order(id)->state, ExchangeState::Cancelled);
    EXPECT_FALSE(exchange.cancel(at(7s), id, "again"));
}

TEST(Exchange, AStopIsHeldUntilTheLastPriceReachesIt) {
    auto exchange = still_exchange();
    auto order = order_of(Side::Sell, "10");
    order.type = OrderType::Stop;
    order.stop_price = price_of("189");
    const auto id = exchange.place(at(0s), order);
    EXPECT_EQ(exchange.find_order(id)->state, ExchangeState::Held);
    set_market(exchange, 1s, "188.98", "189.02", "189.01");
    EXPECT_EQ(exchange.find_order(id)->state, ExchangeState::Held);
    set_market(exchange, 2s, "188.97", "189.01", "189");
    EXPECT_EQ(exchange.find_order(id)->state, ExchangeState::Working);
    exchange.on_timeout(at(3s));
    EXPECT_EQ(exchange.find_order(id)->average_price, price_of("188.97"));
}

TEST(Exchange, ATriggeredStopLimitStillWaitsForItsLimit) {
    auto exchange = still_exchange();
    auto order = order_of(Side::Buy, "10");
    order.type = OrderType::StopLimit;
    order.stop_price = price_of("192");
    order.limit_price = price_of("192.10");
    const auto id = exchange.place(at(0s), order);
    set_market(exchange, 1s, "192.40", "192.50", "192.45");
    exchange.on_timeout(at(2s));
    EXPECT_TRUE(exchange.find_order(id)->triggered);
    EXPECT_TRUE(exchange.find_order(id)->filled.value.is_zero());
    set_market(exchange, 3s, "192.00", "192.10", "192.05");
    exchange.on_timeout(at(4s));
    EXPECT_EQ(exchange.find_order(id)->state, ExchangeState::Filled);
}

TEST(Exchange, SellingMoreThanHeldIsRejectedAndOpenSalesCount) {
    auto exchange = still_exchange();
    EXPECT_EQ(exchange.find_order(exchange.place(at(0s), order_of(Side::Sell, "101")))->state,
              ExchangeState::Rejected);
    exchange.place(at(0s), limit_of(Side::Sell, "60", "250"));
    EXPECT_EQ(exchange.find_order(exchange.place(at(0s), order_of(Side::Sell, "41")))->state,
              ExchangeState::Rejected);
    EXPECT_EQ(exchange.find_order(exchange.place(at(0s), order_of(Side::Sell, "40")))->state,
              ExchangeState::Working);
}

TEST(Exchange, AShortSaleOpensANegativePositionAndABuyBackEarnsTheDifference) {
    auto exchange = still_exchange();
    exchange.place(at(0s), order_of(Side::SellShort, "10", "NVDA"));
    exchange.on_timeout(at(1s));
    EXPECT_EQ(exchange.positions().at("DU1000001").at("NVDA").quantity, quantity_of("-10"));
    EXPECT_EQ(exchange.positions().at("DU1000001").at("NVDA").average_cost, price_of("131.79"));
    ASSERT_TRUE(exchange.set_market(at(2s), "NVDA", price_of("120"), price_of("120.79"),
                                    price_of("120.40")));
    exchange.place(at(2s), order_of(Side::Buy, "10", "NVDA"));
    exchange.on_timeout(at(3s));
    EXPECT_FALSE(exchange.positions().at("DU1000001").contains("NVDA"));
    EXPECT_EQ(exchange.realized_of("DU1000001", "NVDA").value, decimal_of("110"));
}

TEST(Exchange, ASaleThroughZeroOpensTheShortAtTheTradePrice) {
    auto exchange = still_exchange();
    exchange.place(at(0s), order_of(Side::SellShort, "40", "AAPL", "DU1000002"));
    exchange.on_timeout(at(1s));
    const auto& position = exchange.positions().at("DU1000002").at("AAPL");
    EXPECT_EQ(position.quantity, quantity_of("-15"));
    EXPECT_EQ(position.average_cost, price_of("190.49"));
    EXPECT_EQ(exchange.realized_of("DU1000002", "AAPL").value, decimal_of("202.25"));
}

TEST(Exchange, AFutureMovesCashOnlyByItsProfitAndCommission) {
    auto exchange = still_exchange();
    const auto before = exchange.cash_of("DU1000001").value;
    exchange.place(at(0s), order_of(Side::Buy, "1", "NQ.2703"));
    exchange.on_timeout(at(1s));
    EXPECT_EQ(exchange.cash_of("DU1000001").value, before - decimal_of("2.25"));
    exchange.place(at(2s), order_of(Side::Sell, "1", "NQ.2612"));
    exchange.on_timeout(at(3s));
    // Bought at 20875.5, sold at the bid 21050.00, 20 dollars a point.
    EXPECT_EQ(exchange.cash_of("DU1000001").value, before - decimal_of("4.5") + decimal_of("3490"));
}

TEST(Exchange, UnknownNamesZeroQuantityAndMissingPricesAreRejectedWithAReason) {
    auto exchange = still_exchange();
    auto no_limit = order_of(Side::Buy, "1");
    no_limit.type = OrderType::Limit;
    for (const auto& order :
         {order_of(Side::Buy, "1", "NONE"), order_of(Side::Buy, "1", "AAPL", "DU9"),
          order_of(Side::Buy, "0"), no_limit, order_of(Side::Buy, "100000")}) {
        const auto& booked = *exchange.find_order(exchange.place(at(0s), order));
        EXPECT_EQ(booked.state, ExchangeState::Rejected);
        EXPECT_FALSE(booked.reason.empty());
    }
    EXPECT_FALSE(exchange.deadline());
}

TEST(Exchange, AModificationCanMakeAnOrderMarketable) {
    auto exchange = still_exchange();
    const auto id = exchange.place(at(0s), limit_of(Side::Buy, "10", "180"));
    ASSERT_TRUE(exchange.modify(at(1s), id, {.limit_price = price_of("191")}));
    exchange.on_timeout(at(1300ms));
    EXPECT_EQ(exchange.find_order(id)->state, ExchangeState::Filled);
    EXPECT_FALSE(exchange.modify(at(2s), id, {.limit_price = price_of("192")}));
}

TEST(Exchange, AModificationBelowTheFilledQuantityIsRefused) {
    auto exchange = still_exchange();
    const auto id = exchange.place(at(0s), limit_of(Side::Buy, "90", "190.60"));
    exchange.on_timeout(at(300ms));
    EXPECT_FALSE(exchange.modify(at(400ms), id, {.quantity = quantity_of("30")}));
    EXPECT_TRUE(exchange.modify(at(400ms), id, {.quantity = quantity_of("31")}));
}

TEST(Exchange, ABidAboveTheAskIsRefused) {
    auto exchange = still_exchange();
    EXPECT_FALSE(
        exchange.set_market(at(0s), "AAPL", price_of("2"), price_of("1"), price_of("1.5")));
    EXPECT_FALSE(
        exchange.set_market(at(0s), "NONE", price_of("1"), price_of("2"), price_of("1.5")));
}

TEST(Exchange, TheWalkKeepsBidBelowAskOnTheGridAndIsTheSameForTheSameSeed) {
    Exchange one(default_scenario(), 7);
    Exchange two(default_scenario(), 7);
    Exchange other(default_scenario(), 8);
    bool differs = false;
    for (int step = 0; step < 400; ++step) {
        for (auto* exchange : {&one, &two, &other}) exchange->on_timeout(at(250ms * step));
        for (const auto& instrument : one.scenario().instruments) {
            const auto& quote = one.quote_of(instrument.symbol);
            ASSERT_LT(quote.bid, quote.ask);
            ASSERT_TRUE(quote.bid.value.is_positive());
            ASSERT_TRUE(quote.bid.value.is_multiple_of(instrument.tick_size));
            ASSERT_TRUE(quote.ask.value.is_multiple_of(instrument.tick_size));
            ASSERT_EQ(quote.last, two.quote_of(instrument.symbol).last);
            differs |= quote.last != other.quote_of(instrument.symbol).last;
        }
    }
    EXPECT_TRUE(differs);
}

TEST(Exchange, APriceSetFromOutsideStandsStillWhileOthersWalk) {
    Exchange exchange(default_scenario(), 3);
    set_market(exchange, 0s, "100", "100.02", "100.01");
    for (int step = 0; step < 40; ++step) exchange.on_timeout(at(250ms * step));
    EXPECT_EQ(exchange.quote_of("AAPL").last, price_of("100.01"));
    EXPECT_NE(exchange.quote_of("MSFT").last, price_of("410.25"));
}

TEST(Exchange, AForcedFillReachesACancelledOrder) {
    auto exchange = still_exchange();
    const auto id = exchange.place(at(0s), limit_of(Side::Buy, "10", "180"));
    exchange.cancel(at(1s), id, "by the user");
    ASSERT_TRUE(exchange.force_fill(at(2s), id, quantity_of("10")));
    EXPECT_EQ(exchange.find_order(id)->filled, quantity_of("10"));
    EXPECT_EQ(exchange.positions().at("DU1000001").at("AAPL").quantity, quantity_of("110"));
    EXPECT_FALSE(exchange.force_fill(at(3s), id, quantity_of("0")));
}

TEST(Exchange, ACorrectionAndABustMoveTheBooksToTheLatestNumbers) {
    auto exchange = still_exchange();
    const auto before = exchange.cash_of("DU1000001").value;
    const auto id = exchange.place(at(0s), order_of(Side::Buy, "10"));
    exchange.on_timeout(at(1s));
    const auto number = exchange.executions().at(0).number;
    ASSERT_TRUE(exchange.correct(at(2s), number, quantity_of("6"), price_of("190")));
    EXPECT_EQ(exchange.find_order(id)->filled, quantity_of("6"));
    EXPECT_EQ(exchange.positions().at("DU1000001").at("AAPL").quantity, quantity_of("106"));
    EXPECT_EQ(exchange.cash_of("DU1000001").value, before - decimal_of("1141"));
    ASSERT_TRUE(exchange.correct(at(3s), number, quantity_of("0"), price_of("190")));
    EXPECT_EQ(exchange.positions().at("DU1000001").at("AAPL").quantity, quantity_of("100"));
    EXPECT_EQ(exchange.cash_of("DU1000001").value, before - decimal_of("1"));
    EXPECT_EQ(exchange.executions().at(0).revision, 3);
    EXPECT_FALSE(exchange.correct(at(4s), 99, quantity_of("1"), price_of("1")));
}

TEST(Exchange, EventsTellEveryChangeOnceAndInOrder) {
    auto exchange = still_exchange();
    const auto id = exchange.place(at(0s), order_of(Side::Buy, "10"));
    exchange.on_timeout(at(1s));
    const auto events = exchange.take_events();
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(std::get<OrderChangedAtExchange>(events[0]).order, id);
    EXPECT_EQ(std::get<ExecutedAtExchange>(events[1]).execution.cumulative, quantity_of("10"));
    EXPECT_EQ(std::get<OrderChangedAtExchange>(events[2]).order, id);
    EXPECT_TRUE(exchange.take_events().empty());
}

}  // namespace
}  // namespace janus::sim
