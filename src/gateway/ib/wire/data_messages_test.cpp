// Layouts of sections 7.2, 7.4 and 7.5 of the protocol reference, written by hand.
#include <gtest/gtest.h>

#include "gateway/ib/fake_contracts.hpp"
#include "gateway/ib/wire/incoming.hpp"
#include "gateway/ib/wire/times.hpp"

namespace janus::ib::wire {
namespace {

template <typename Kind>
Kind read(const fake::Fields& fields, int version = 200) {
    const auto payload = fake::payload(fields);
    const auto incoming = decode(payload, version);
    EXPECT_TRUE(incoming.message) << (incoming.message ? "" : incoming.message.error().message);
    EXPECT_EQ(incoming.surplus, 0U);
    const auto* found = incoming.message ? std::get_if<Kind>(&*incoming.message) : nullptr;
    EXPECT_NE(found, nullptr) << "another message";
    return found != nullptr ? *found : Kind{};
}

bool is_refused(const fake::Fields& fields, int version = 200) {
    return !decode(fake::payload(fields), version).message;
}

Price price(const char* text) {
    return {Decimal::parse(text).value()};
}

TEST(DataMessages, ARealTimeBarHasItsStartAndItsTrades) {
    const auto out = read<RealTimeBar>({"50", "3", "1000000007", "1767623400", "180.1", "180.9",
                                        "180", "180.5", "1200", "180.42", "17"});
    EXPECT_EQ(out.request, 1'000'000'007);
    EXPECT_EQ(out.bar.start.seconds(), 1'767'623'400);
    EXPECT_EQ(out.bar.high, price("180.9"));
    EXPECT_EQ(out.bar.close, price("180.5"));
    EXPECT_EQ(out.bar.volume, Quantity{Decimal::from_integer(1200)});
    EXPECT_EQ(out.bar.average, price("180.42"));
    EXPECT_EQ(out.bar.trades, 17);
}

TEST(DataMessages, ABarOfAnAbsurdTimeIsRefused) {
    for (const auto* seconds : {"17676234010", "9223372036854775806", "0", "-5", ""})
        EXPECT_TRUE(is_refused({"50", "3", "1", seconds, "1", "2", "0.5", "1.5", "10", "1.2", "3"}))
            << seconds;
}

TEST(DataMessages, ABarOfQuotesHasNoVolume) {
    const auto out = read<RealTimeBar>(
        {"50", "3", "1", "1767623400", "-37.5", "-37", "-38", "-37.25", "-1", "-1", "-1"});
    EXPECT_EQ(out.bar.close, price("-37.25")) << "prices below zero are prices";
    EXPECT_EQ(out.bar.volume, std::nullopt);
    EXPECT_EQ(out.bar.average, std::nullopt);
    EXPECT_EQ(out.bar.trades, std::nullopt);
}

TEST(DataMessages, HistoricalDataCarryTheirSpanBelow196Only) {
    const fake::Fields bars{"2",   "1767623400", "1",  "2",          "0.5", "1.5",
                            "10",  "1.2",        "3",  "1767623460", "1",   "2",
                            "0.5", "1.75",       "10", "1.2",        "3"};
    fake::Fields now{"17", "5"};
    fake::append(now, bars);
    EXPECT_EQ(read<HistoricalData>(now, 196).bars.size(), 2U);
    fake::Fields before{"17", "5", "20260105-14:30:00", "20260105-14:32:00"};
    fake::append(before, bars);
    const auto out = read<HistoricalData>(before, 195);
    ASSERT_EQ(out.bars.size(), 2U);
    EXPECT_EQ(out.bars[1].date, "1767623460");
    EXPECT_EQ(out.bars[1].bar.close, price("1.75"));
    EXPECT_EQ(read<HistoricalDataEnd>({"108", "5", "a", "b"}).request, 5);
    EXPECT_TRUE(is_refused({"17", "5", "3", "1767623400", "1"})) << "a bar is cut short";
    EXPECT_TRUE(is_refused({"17", "5", "1000000000"})) << "an absurd count";
}

TEST(DataMessages, AMarketRuleHasItsSteps) {
    const auto out = read<MarketRule>({"93", "26", "2", "0.0", "1.0E-4", "1.0", "0.01"});
    EXPECT_EQ(out.rule, 26);
    ASSERT_EQ(out.steps.size(), 2U);
    EXPECT_EQ(out.steps[0].increment, Decimal::parse("0.0001").value());
    EXPECT_EQ(out.steps[1].low_edge, Decimal::from_integer(1));
}

TEST(DataMessages, AnUnsetProfitIsAbsent) {
    const auto out = read<ProfitAndLoss>({"94", "9", "-12.345", fake::unset_price, "0"});
    EXPECT_EQ(out.daily, Decimal::parse("-12.345").value());
    EXPECT_EQ(out.unrealized, std::nullopt);
    EXPECT_EQ(out.realized, Decimal{});
}

TEST(DataMessages, ValuesAndPositionsOfOneAccountNameTheirRequest) {
    const auto value =
        read<AccountUpdate>({"73", "1", "9", "DU1", "", "ExchangeRate", "1.0825", "EUR"});
    EXPECT_EQ(value.request, 9);
    EXPECT_EQ(value.key, "ExchangeRate");
    EXPECT_EQ(value.currency, "EUR");
    EXPECT_EQ(read<AccountUpdateEnd>({"74", "1", "9"}).request, 9);
    fake::Fields row{"71", "1", "9", "DU1"};
    fake::append(row, fake::apple());
    fake::append(row, {"0.3333", "180.5", ""});
    const auto position = read<AccountPosition>(row);
    EXPECT_EQ(position.contract.conid, 265598);
    EXPECT_EQ(position.quantity, Decimal::parse("0.3333").value());
    EXPECT_EQ(read<AccountPositionEnd>({"72", "1", "9"}).request, 9);
}

TEST(DataMessages, AHeadTimestampIsText) {
    EXPECT_EQ(read<HeadTimestamp>({"88", "9", "345479400"}).text, "345479400");
}

TEST(DataMessages, ContractDetailsBringExchangesGridsAndHours) {
    for (const int version : {176, 182, 186, 200}) {
        const auto out =
            read<ContractData>(fake::contract_data("9", fake::ContractText{}, version), version);
        EXPECT_EQ(out.valid_exchanges, "SMART,NASDAQ") << version;
        EXPECT_EQ(out.market_rules, "26,26") << version;
        EXPECT_EQ(out.order_types, "LMT,MKT") << version;
        EXPECT_EQ(out.time_zone, "US/Eastern") << version;
        EXPECT_EQ(out.trading_hours, "hours") << version;
        EXPECT_EQ(out.price_magnifier, 1) << version;
    }
}

TEST(Times, AnHourOfTradingHoursIsReadInItsZone) {
    EXPECT_EQ(find_hour("20260105:0930", "US/Eastern"), find_time("20260105-14:30:00"));
    EXPECT_EQ(find_hour("20260105:2400", "UTC"), find_time("20260106-00:00:00"));
    for (const auto* text : {"20260105:2401", "20260105:0960", "20260105 0930", "20260105:930", ""})
        EXPECT_EQ(find_hour(text, "UTC"), std::nullopt) << text;
    EXPECT_EQ(find_hour("20260105:0930", "Nowhere"), std::nullopt);
    EXPECT_EQ(find_date("20260229"), std::nullopt);
    EXPECT_EQ(dashed_text(find_time("20260105-09:05:07").value()), "20260105-09:05:07");
}

}  // namespace
}  // namespace janus::ib::wire
