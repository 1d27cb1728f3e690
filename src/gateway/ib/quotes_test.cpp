#include <gtest/gtest.h>

#include "gateway/ib/fake_broker.hpp"
#include "gateway/ib/naming.hpp"

namespace janus::ib {
namespace {

using namespace std::chrono_literals;
using fake::ContractText;
using fake::Desk;
using gateway::LookupStatus;

gateway::SubscribeTicks subscribe(std::uint32_t id = 1, const std::string& conid = "265598") {
    return {{id}, {conid}, *CanonicalSymbol::parse("AAPL")};
}

gateway::LookupInstrument lookup(const std::string& symbol, std::uint32_t id = 1) {
    return {{id}, *CanonicalSymbol::parse(symbol)};
}

/// Ready and subscribed to AAPL as subscription 1.
void get_ticking(Desk& desk) {
    desk.become_ready();
    desk.forget();
    desk.command(subscribe());
    desk.describe({});
    ASSERT_EQ(desk.count_sent("1"), 1U);
}

TEST(IbQuotes, AsksForDetailsOnceAndThenForTicks) {
    Desk desk;
    get_ticking(desk);
    const auto& fields = *desk.find_sent("1");
    EXPECT_EQ(fields[3], "265598");
    EXPECT_EQ(fields[10], "SMART");
    desk.command(subscribe(2));
    EXPECT_EQ(desk.count_sent("9"), 1U);
    EXPECT_EQ(desk.count_sent("1"), 2U);
}

TEST(IbQuotes, TicksCarryTheirSizes) {
    Desk desk;
    get_ticking(desk);
    const auto request = desk.last_request("1", 2);
    desk.feed({"1", "6", request, "1", "101.25", "300", "1"});
    ASSERT_EQ(desk.ticks.size(), 2U);
    EXPECT_EQ(desk.ticks[0], (Tick{{1}, TickField::Bid, *Decimal::parse("101.25")}));
    EXPECT_EQ(desk.ticks[1], (Tick{{1}, TickField::BidSize, Decimal::from_integer(300)}));
    desk.feed({"2", "6", request, "8", "12345"});
    EXPECT_EQ(desk.ticks[2], (Tick{{1}, TickField::Volume, Decimal::from_integer(12345)}));
    desk.feed({"1", "6", request, "9", "100.5", "0", "0"});
    EXPECT_EQ(desk.ticks[3], (Tick{{1}, TickField::Close, *Decimal::parse("100.5")}));
    EXPECT_EQ(desk.ticks.size(), 4U);
    EXPECT_EQ(desk.last<gateway::QuoteQualityChanged>().quality, DataQuality::Live);
}

TEST(IbQuotes, NoQuoteIsAbsentNotZero) {
    Desk desk;
    get_ticking(desk);
    const auto request = desk.last_request("1", 2);
    for (const auto* price : {"-1", "-1.0", "0", ""})
        for (const auto* type : {"1", "2", "4"}) {
            desk.ticks.clear();
            desk.feed({"1", "6", request, type, price, "0", "0"});
            ASSERT_FALSE(desk.ticks.empty());
            EXPECT_FALSE(desk.ticks[0].value) << price << " " << type;
        }
    desk.ticks.clear();
    desk.feed({"1", "6", request, "4", "-37.63", "5", "0"});
    EXPECT_EQ(desk.ticks[0].value, *Decimal::parse("-37.63")) << "prices below zero exist";
    desk.ticks.clear();
    desk.feed({"1", "6", request, "4", fake::unset_price, "2147483647", "0"});
    ASSERT_EQ(desk.ticks.size(), 1U);
    EXPECT_FALSE(desk.ticks[0].value);
}

TEST(IbQuotes, QualityFollowsTheBroker) {
    Desk desk;
    get_ticking(desk);
    const auto request = desk.last_request("1", 2);
    const auto quality = [&] { return desk.last<gateway::QuoteQualityChanged>().quality; };
    desk.feed(fake::error(std::stoll(request), 10167, "Displaying delayed market data"));
    EXPECT_EQ(quality(), DataQuality::Delayed);
    desk.feed({"1", "6", request, "66", "101", "3", "0"});
    EXPECT_EQ(desk.ticks[0].field, TickField::Bid);
    EXPECT_EQ(quality(), DataQuality::Delayed);
    desk.feed({"58", "1", request, "1"});
    EXPECT_EQ(quality(), DataQuality::Live);
    desk.feed({"58", "1", request, "2"});
    EXPECT_EQ(quality(), DataQuality::Frozen);
    desk.feed({"58", "1", request, "4"});
    EXPECT_EQ(quality(), DataQuality::DelayedFrozen);
    desk.feed({"58", "1", request, "1"});
    desk.feed({"1", "6", request, "67", "101", "3", "0"});
    EXPECT_EQ(quality(), DataQuality::Delayed) << "a delayed tick says so itself";
    const auto changes = desk.count<gateway::QuoteQualityChanged>();
    desk.feed({"1", "6", request, "67", "102", "3", "0"});
    EXPECT_EQ(desk.count<gateway::QuoteQualityChanged>(), changes) << "said once";
}

TEST(IbQuotes, ReasonsForNoData) {
    for (const int code : {354, 10089, 10168, 10197, 101}) {
        Desk desk;
        get_ticking(desk);
        const auto request = desk.last_request("1", 2);
        desk.feed(fake::error(std::stoll(request), code, "no data"));
        EXPECT_EQ(desk.last<gateway::QuoteQualityChanged>().quality, DataQuality::None) << code;
        EXPECT_EQ(desk.last<gateway::QuoteQualityChanged>().reason,
                  "error " + std::to_string(code) + ": no data");
        EXPECT_EQ(desk.gate(), gateway::Gate::Down) << "orders are not touched: no gate was said";
    }
}

TEST(IbQuotes, ACompetingSessionEndsWhenTicksFlowAgain) {
    Desk desk;
    get_ticking(desk);
    const auto request = desk.last_request("1", 2);
    desk.feed(fake::error(std::stoll(request), 10197, "competing live session"));
    desk.feed({"1", "6", request, "4", "101", "3", "0"});
    EXPECT_EQ(desk.last<gateway::QuoteQualityChanged>().quality, DataQuality::Live);
}

TEST(IbQuotes, LostDataIsRequestedExactlyOnceMoreUnderAFreshId) {
    Desk desk;
    desk.become_ready();
    desk.command(subscribe(1));
    desk.describe({});
    for (std::uint32_t id = 2; id <= 20; ++id) desk.command(subscribe(id));
    desk.wait(3s);
    const auto old = desk.last_request("1", 2);
    desk.forget();
    desk.feed(fake::error(-1, 1101, "restored, data lost"));
    desk.wait(1s);
    EXPECT_EQ(desk.count_sent("1"), 20U);
    const auto fresh = desk.last_request("1", 2);
    EXPECT_NE(fresh, old);
    desk.feed({"1", "6", old, "1", "5", "1", "0"});
    EXPECT_TRUE(desk.ticks.empty()) << "the old id is given up";
    EXPECT_EQ(desk.counter("late_tick"), 1U);
    desk.feed(fake::error(std::stoll(old), 300, "can't find EId"));
    EXPECT_EQ(desk.counter("late_tick_error"), 1U);
    desk.feed({"1", "6", fresh, "1", "5", "1", "0"});
    EXPECT_EQ(desk.ticks.size(), 2U);
    EXPECT_EQ(desk.ticks[0].subscription.value, 20U);
}

TEST(IbQuotes, WantedSubscriptionsOutliveTheConnection) {
    Desk desk;
    get_ticking(desk);
    desk.cut();
    EXPECT_EQ(desk.last<gateway::QuoteQualityChanged>().quality, DataQuality::None);
    desk.command(subscribe(2));
    desk.wait(2s);
    desk.forget();
    desk.connect();
    EXPECT_EQ(desk.count_sent("1"), 2U);
    desk.command(gateway::UnsubscribeTicks{{1}});
    EXPECT_EQ(desk.count_sent("2"), 1U);
    desk.cut();
    desk.wait(2s);
    desk.forget();
    desk.connect();
    EXPECT_EQ(desk.count_sent("1"), 1U);
}

TEST(IbQuotes, AFreedLineIsGivenToOneThatWaits) {
    Desk desk;
    get_ticking(desk);
    desk.command(subscribe(2));
    desk.feed(fake::error(std::stoll(desk.last_request("1", 2)), 101, "max number of tickers"));
    const auto asked = desk.count_sent("1");
    desk.command(gateway::UnsubscribeTicks{{1}});
    EXPECT_EQ(desk.count_sent("1"), asked + 1);
}

TEST(IbQuotes, WithoutDetailsThereIsAReason) {
    Desk desk;
    desk.become_ready();
    desk.command(subscribe());
    desk.feed(fake::error(std::stoll(desk.last_request("9", 2)), 200, "no definition"));
    EXPECT_EQ(desk.last<gateway::QuoteQualityChanged>().quality, DataQuality::None);
    EXPECT_EQ(desk.count_sent("1"), 0U);
    desk.command(subscribe(2, "AAPL"));
    EXPECT_EQ(desk.last<gateway::QuoteQualityChanged>().reason, "'AAPL' is no conid");
}

TEST(IbLookups, AsksByTheFormOfTheName) {
    Desk desk;
    desk.become_ready();
    desk.command(lookup("BRK.B"));
    auto fields = *desk.find_sent("9");
    EXPECT_EQ(fields[4], "BRK B");
    EXPECT_EQ(fields[5], "STK");
    EXPECT_EQ(fields[10], "SMART");
    EXPECT_EQ(fields[12], "USD");
    desk.command(lookup("NQ.2603"));
    fields = *desk.find_sent("9");
    EXPECT_EQ(fields[4], "NQ");
    EXPECT_EQ(fields[5], "FUT");
    EXPECT_EQ(fields[6], "202603");
    EXPECT_EQ(fields[10], "");
    desk.command(lookup("AAPL.260320.C.152.5"));
    fields = *desk.find_sent("9");
    EXPECT_EQ(fields[5], "OPT");
    EXPECT_EQ(fields[6], "20260320");
    EXPECT_EQ(fields[7], "152.5");
    EXPECT_EQ(fields[8], "C");
}

TEST(IbLookups, OneConidOnManyExchangesIsUnique) {
    Desk desk;
    desk.become_ready();
    desk.command(lookup("AAPL"));
    const auto request = desk.last_request("9", 2);
    for (const auto* exchange : {"SMART", "NASDAQ", "ARCA", "BATS"}) {
        ContractText text;
        text.exchange = exchange;
        desk.feed(fake::contract_data(request, text));
    }
    ContractText foreign;
    foreign.conid = "999";
    foreign.currency = "MXN";
    desk.feed(fake::contract_data(request, foreign));
    EXPECT_EQ(desk.count<gateway::LookupResult>(), 0U) << "only a complete answer counts";
    desk.feed(fake::contract_end(request));
    const auto result = desk.last<gateway::LookupResult>();
    EXPECT_EQ(result.status, LookupStatus::Unique);
    ASSERT_EQ(result.candidates.size(), 1U);
    EXPECT_EQ(result.candidates[0].native_id.value, "265598");
    EXPECT_EQ(result.candidates[0].exchange, "NASDAQ");
    EXPECT_EQ(result.candidates[0].description, "APPLE INC");
    EXPECT_NE(result.evidence.find("5 rows, 1 matching conids"), std::string::npos);
}

TEST(IbLookups, TwoConidsAreAmbiguous) {
    Desk desk;
    desk.become_ready();
    desk.command(lookup("NQ.2603"));
    const auto request = desk.last_request("9", 2);
    auto other = fake::nasdaq_future();
    other.conid = "620730921";
    other.multiplier = "2";
    desk.feed(fake::contract_data(request, fake::nasdaq_future()));
    desk.feed(fake::contract_data(request, other));
    desk.feed(fake::contract_end(request));
    const auto result = desk.last<gateway::LookupResult>();
    EXPECT_EQ(result.status, LookupStatus::Ambiguous);
    EXPECT_EQ(result.candidates.size(), 2U);
}

TEST(IbLookups, NothingFoundAndNothingKnown) {
    Desk desk;
    desk.become_ready();
    const auto status = [&] { return desk.last<gateway::LookupResult>().status; };
    desk.command(lookup("NOIB"));
    desk.feed(fake::error(std::stoll(desk.last_request("9", 2)), 200, "No security definition"));
    EXPECT_EQ(status(), LookupStatus::NotFound);
    desk.command(lookup("AMBX"));
    desk.feed(fake::error(std::stoll(desk.last_request("9", 2)), 200, "description is ambiguous"));
    EXPECT_EQ(status(), LookupStatus::Failed) << "ambiguous is no proof of absence";
    desk.command(lookup("AAPL"));
    desk.wait(10s);
    EXPECT_EQ(status(), LookupStatus::Failed);
    desk.command(lookup("MSFT"));
    desk.cut();
    EXPECT_EQ(status(), LookupStatus::Failed);
    desk.command(lookup("SPY"));
    EXPECT_EQ(status(), LookupStatus::Failed);
    EXPECT_EQ(desk.count<gateway::LookupResult>(), 5U);
}

TEST(IbNaming, NamesWhatHasOneNameAndNothingElse) {
    const auto name = [](const ContractText& text) {
        wire::ContractData data;
        data.contract.conid = std::stoll(text.conid);
        data.contract.symbol = text.symbol;
        data.contract.security_type = text.type;
        data.contract.last_trade_date = text.last_trade_date;
        data.contract.strike = *Decimal::parse(text.strike);
        data.contract.right = text.right;
        data.contract.currency = text.currency;
        data.contract.trading_class = text.trading_class;
        data.contract.multiplier = text.multiplier;
        data.contract_month = text.month;
        const auto instrument = instrument_of(data);
        return instrument.symbol ? instrument.symbol->text() : std::string("-");
    };
    EXPECT_EQ(name({}), "AAPL");
    EXPECT_EQ(name(fake::nasdaq_future()), "NQ.2603");
    EXPECT_EQ(name(fake::apple_option()), "AAPL.260320.C.150");
    ContractText berkshire;
    berkshire.symbol = "BRK B";
    EXPECT_EQ(name(berkshire), "BRK.B");
    ContractText euro;
    euro.currency = "EUR";
    EXPECT_EQ(name(euro), "-") << "the name has no currency, so it means dollars";
    auto adjusted = fake::apple_option();
    adjusted.trading_class = "AAPL1";
    EXPECT_EQ(name(adjusted), "-");
    auto mini = fake::apple_option();
    mini.multiplier = "10";
    EXPECT_EQ(name(mini), "-");
    for (const auto* type : {"BOND", "WAR", "FUND", "CASH", "BAG", ""}) {
        ContractText other;
        other.type = type;
        EXPECT_EQ(name(other), "-") << type;
    }
}

}  // namespace
}  // namespace janus::ib
