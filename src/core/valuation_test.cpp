#include "core/valuation.hpp"

#include <gtest/gtest.h>

#include "core/test_rig.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;

const Holding ten_at_95{quantity_of("10"), price_of("95"), decimal_of("1")};

QuoteView quote_view() {
    return {.symbol = symbol_of("AAPL"),
            .quote = {},
            .age = std::nullopt,
            .reason = {},
            .subscribed = true,
            .broker = "ib"};
}

/// Last 100 at 0 s, bid 101 and ask 103 at 8 s, close 90.
QuoteView full_view() {
    auto view = quote_view();
    view.quote.quality = DataQuality::Live;
    view.quote.last = price_of("100");
    view.quote.last_changed = at(0s).mono;
    view.quote.bid = price_of("101");
    view.quote.ask = price_of("103");
    view.quote.changed = at(8s).mono;
    view.quote.close = price_of("90");
    return view;
}

Valuation value_at(Now now, const QuoteView& view, const Holding& holding = ten_at_95) {
    return value_of(now, holding, view, 10s);
}

TEST(Valuation, UsesTheLastTradeWhileItIsFresh) {
    const auto value = value_at(at(9999ms), full_view());
    EXPECT_EQ(value.source, "ib:last");
    EXPECT_EQ(value.price, price_of("100"));
    EXPECT_EQ(value.market_value, money_of("1000"));
    EXPECT_EQ(value.unrealized, money_of("50"));
    EXPECT_EQ(value.age, 9999ms);
    EXPECT_EQ(value.quality, DataQuality::Live);
    EXPECT_TRUE(value.missing.empty());
}

TEST(Valuation, UsesTheMiddleWhenTheLastTradeIsTenSecondsOld) {
    const auto value = value_at(at(10s), full_view());
    EXPECT_EQ(value.source, "ib:mid");
    EXPECT_EQ(value.price, price_of("102"));
    EXPECT_EQ(value.age, 2s);
}

TEST(Valuation, GoesBackToTheOldLastWhenNothingIsFresh) {
    auto view = full_view();
    view.quote.quality = DataQuality::Stale;
    const auto value = value_at(at(1h), view);
    EXPECT_EQ(value.source, "ib:last");
    EXPECT_EQ(value.quality, DataQuality::Stale);
    EXPECT_EQ(value.age, 1h);
}

TEST(Valuation, AMiddleNeedsBothSides) {
    auto view = full_view();
    view.quote.last.reset();
    view.quote.ask.reset();
    const auto value = value_at(at(9s), view);
    EXPECT_EQ(value.source, "ib:close");
    EXPECT_EQ(value.price, price_of("90"));
    EXPECT_EQ(value.quality, DataQuality::Stale);
    EXPECT_FALSE(value.age);
}

TEST(Valuation, WithoutAnyPriceIsAbsentAndNotZero) {
    const auto value = value_at(at(0s), quote_view());
    EXPECT_FALSE(value.price);
    EXPECT_FALSE(value.market_value);
    EXPECT_FALSE(value.unrealized);
    EXPECT_EQ(value.missing, "no quote");
    auto view = quote_view();
    view.reason = "not subscribed";
    EXPECT_EQ(value_at(at(0s), view).missing, "not subscribed");
}

TEST(Valuation, TheMultiplierCountsInValueAndGain) {
    const Holding future{quantity_of("-2"), price_of("15000.25"), decimal_of("20")};
    auto view = full_view();
    view.quote.last = price_of("15010.5");
    const auto value = value_at(at(1s), view, future);
    EXPECT_EQ(value.market_value, money_of("-600420"));
    EXPECT_EQ(value.unrealized, money_of("-410"));
}

TEST(Valuation, WithoutACostThereIsAValueButNoGain) {
    const Holding gift{quantity_of("10"), std::nullopt, decimal_of("1")};
    const auto value = value_at(at(1s), full_view(), gift);
    EXPECT_EQ(value.market_value, money_of("1000"));
    EXPECT_FALSE(value.unrealized);
}

TEST(Valuation, PricesBelowZeroAreValued) {
    auto view = full_view();
    view.quote.last = price_of("-37.63");
    EXPECT_EQ(value_at(at(1s), view).market_value, money_of("-376.3"));
}

TEST(Valuation, AnAmountThatDoesNotFitIsAbsentAndSaysSo) {
    const Holding huge{quantity_of("90000000000"), price_of("-90000000000"), decimal_of("1")};
    auto view = full_view();
    view.quote.last = price_of("90000000000");
    const auto value = value_at(at(1s), view, huge);
    EXPECT_FALSE(value.market_value);
    EXPECT_FALSE(value.unrealized);
    EXPECT_EQ(value.missing, "the amount is too large");
}

// ---- rows and totals ----

PositionView row(const char* account, std::string_view symbol, std::string_view quantity,
                 std::string_view cost, std::string_view price) {
    PositionView view{
        .position = position_of(account, instrument_of(symbol, symbol), quantity, cost),
        .symbol = std::string(symbol),
        .mapped = true,
        .valuation = {},
        .stale = false};
    auto quote = quote_view();
    quote.quote.quality = DataQuality::Live;
    if (!price.empty()) {
        quote.quote.last = price_of(price);
        quote.quote.last_changed = at(0s).mono;
    }
    view.valuation = value_of(
        at(0s), {view.position.quantity, view.position.average_cost, decimal_of("1")}, quote, 10s);
    return view;
}

Balance balance(const char* account, const char* currency, std::string_view cash,
                std::string_view net) {
    return {.account = AccountName{account},
            .currency = currency,
            .cash = money_of(cash),
            .net_liquidation = money_of(net),
            .buying_power = std::nullopt,
            .at = {}};
}

TEST(PortfolioRows, AddTheSameSymbolOverAccounts) {
    const auto view = portfolio_of(
        {row("ib_main", "AAPL", "10", "90", "100"), row("webull_one", "AAPL", "30", "98", "100"),
         row("ib_main", "F", "5", "10", "12")},
        {}, {});
    ASSERT_EQ(view.rows.size(), 2U);
    EXPECT_EQ(view.rows[0].symbol, "AAPL");
    EXPECT_EQ(view.rows[0].quantity, quantity_of("40"));
    EXPECT_EQ(view.rows[0].average_cost, price_of("96"));
    EXPECT_EQ(view.rows[0].valuation.market_value, money_of("4000"));
    EXPECT_EQ(view.rows[0].valuation.unrealized, money_of("160"));
    EXPECT_EQ(view.rows[0].parts.size(), 2U);
    EXPECT_EQ(view.rows[1].symbol, "F");
}

TEST(PortfolioRows, OppositePositionsCancelWithoutAnAverage) {
    const auto view = portfolio_of(
        {row("ib_main", "AAPL", "10", "90", "100"), row("webull_one", "AAPL", "-10", "98", "100")},
        {}, {});
    EXPECT_EQ(view.rows[0].quantity, quantity_of("0"));
    EXPECT_FALSE(view.rows[0].average_cost);
    EXPECT_EQ(view.rows[0].valuation.unrealized, money_of("80"));
}

TEST(PortfolioRows, AnAverageNeedsEveryPart) {
    auto gift = row("webull_one", "AAPL", "1", "1", "100");
    gift.position.average_cost.reset();
    gift.valuation.unrealized.reset();
    const auto view = portfolio_of({row("ib_main", "AAPL", "10", "90", "100"), gift}, {}, {});
    EXPECT_FALSE(view.rows[0].average_cost);
    EXPECT_FALSE(view.rows[0].valuation.unrealized);
    EXPECT_EQ(view.rows[0].valuation.market_value, money_of("1100"));
    EXPECT_EQ(view.totals[0].missing, std::vector<std::string>{"AAPL: no average cost"});
}

TEST(PortfolioRows, UnmappedInstrumentsStayApart) {
    auto here = row("ib_main", "XYZ", "1", "1", "");
    auto there = row("webull_one", "XYZ", "2", "1", "");
    here.mapped = there.mapped = false;
    EXPECT_EQ(portfolio_of({here, there}, {}, {}).rows.size(), 2U);
}

TEST(PortfolioTotals, AreCompleteWhenNothingIsMissing) {
    const auto view = portfolio_of(
        {
            row("ib_main", "AAPL", "10", "90", "100"), row("ib_main", "F", "5", "10", "12")
    },
        {balance("ib_main", "USD", "500", "1560"), balance("webull_one", "USD", "1", "1")},
        {{AccountName{"ib_main"}, ""}, {AccountName{"webull_one"}, ""}});
    ASSERT_EQ(view.totals.size(), 1U);
    EXPECT_EQ(view.totals[0].currency, "USD");
    EXPECT_EQ(view.totals[0].market_value, money_of("1060"));
    EXPECT_EQ(view.totals[0].unrealized, money_of("110"));
    EXPECT_EQ(view.totals[0].cash, money_of("501"));
    EXPECT_EQ(view.totals[0].net_liquidation, money_of("1561"));
    EXPECT_TRUE(view.totals[0].complete);
    EXPECT_EQ(view.totals[0].quality, DataQuality::Live);
}

TEST(PortfolioTotals, NameWhatTheyLack) {
    const auto view = portfolio_of(
        {
            row("ib_main", "AAPL", "10", "90", "100"), row("ib_main", "AMBX", "5", "10", "")
    },
        {}, {{AccountName{"webull_one"}, "webull_one: connecting"}});
    EXPECT_EQ(view.totals[0].market_value, money_of("1000"));
    EXPECT_FALSE(view.totals[0].complete);
    EXPECT_EQ(view.totals[0].missing,
              (std::vector<std::string>{"AMBX: no quote", "webull_one: connecting"}));
}

TEST(PortfolioTotals, WithoutAnyPriceAreAbsent) {
    const auto view = portfolio_of({row("ib_main", "AMBX", "5", "10", "")}, {}, {});
    EXPECT_FALSE(view.totals[0].market_value);
    EXPECT_FALSE(view.totals[0].cash);
    EXPECT_EQ(view.totals[0].quality, DataQuality::None);
}

TEST(PortfolioTotals, CurrenciesAreNeverAdded) {
    auto euro = row("ib_main", "SAP", "10", "100", "110");
    euro.position.instrument.currency = "EUR";
    const auto view = portfolio_of(
        {euro, row("ib_main", "AAPL", "1", "90", "100")},
        {balance("ib_main", "EUR", "7", "7"), balance("ib_main", "USD", "5", "5")}, {});
    ASSERT_EQ(view.totals.size(), 2U);
    EXPECT_EQ(view.totals[0].currency, "EUR");
    EXPECT_EQ(view.totals[0].market_value, money_of("1100"));
    EXPECT_EQ(view.totals[0].cash, money_of("7"));
    EXPECT_EQ(view.totals[1].currency, "USD");
    EXPECT_EQ(view.totals[1].market_value, money_of("100"));
}

TEST(PortfolioTotals, ShowTheWorstQualityOfTheirPrices) {
    auto old = row("ib_main", "F", "5", "10", "12");
    old.valuation.quality = DataQuality::Stale;
    const auto view = portfolio_of({row("ib_main", "AAPL", "1", "90", "100"), old}, {}, {});
    EXPECT_EQ(view.totals[0].quality, DataQuality::Stale);
}

TEST(PortfolioTotals, NumbersThatDoNotFitDoNotEndTheProcess) {
    auto first = row("ib_main", "AAPL", "90000000000", "1", "1");
    auto second = row("webull_one", "AAPL", "90000000000", "1", "1");
    auto third = row("ib_main", "F", "90000000000", "1", "1");
    auto fourth = row("ib_main", "G", "90000000000", "1", "1");
    const auto view = portfolio_of({first, second, third, fourth}, {}, {});
    EXPECT_EQ(view.rows[0].valuation.missing, "the quantity is too large");
    EXPECT_FALSE(view.totals[0].complete);
    EXPECT_EQ(view.totals[0].missing, (std::vector<std::string>{"AAPL: the quantity is too large",
                                                                "G: the total is too large"}));
}

}  // namespace
}  // namespace janus::core
