#include <gtest/gtest.h>

#include "sim/ib/clock_text.hpp"
#include "sim/ib/test_world.hpp"
#include "sim/ib/wire.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

Price price_of(std::string_view text) {
    return {Decimal::parse(text).value()};
}

/// Twelve contract fields, of which a test names some.
struct Query {
    std::string conid{"0"};
    std::string symbol;
    std::string security_type{"STK"};
    std::string date;
    std::string strike;
    std::string right;
    std::string exchange{"SMART"};
    std::string primary;
    std::string local_symbol;
};

Fields joined(Fields front, const Query& query, const Fields& back) {
    for (const auto& field : {query.conid, query.symbol, query.security_type, query.date,
                              query.strike, query.right, std::string(), query.exchange,
                              query.primary, std::string("USD"), query.local_symbol, std::string()})
        front.push_back(field);
    front.insert(front.end(), back.begin(), back.end());
    return front;
}

Fields details_request(const Query& query) {
    return joined({"9", "8", "31"}, query, {"0", "", "", ""});
}

Fields ticks_request(const std::string& id, const Query& query, const std::string& snapshot = "0") {
    return joined({"1", "11", id}, query, {"0", "", snapshot, "0", ""});
}

struct Fixture : TestWorld {
    explicit Fixture(int client_version = 200)
        : version(client_version), connection(client(client_version, 7)) {}
    std::vector<Fields> ask(const Fields& fields) {
        send(connection, fields);
        return take(connection);
    }
    int version;
    ConnectionId connection;
};

TEST(IbWire, UnsetNumbersAreAbsentHoweverTheyAreSpelled) {
    for (const std::string text : {"", "2147483647", "1.7976931348623157E308",
                                   "1.7976931348623157e+308", "1.7976931348623157E+308"}) {
        FieldCursor in(text + '\0');
        EXPECT_FALSE(in.number()) << text;
        EXPECT_TRUE(in.trouble().empty()) << text;
    }
    FieldCursor in(std::string_view("x\0", 2));
    EXPECT_FALSE(in.number());
    EXPECT_FALSE(in.trouble().empty());
}

TEST(IbWire, AShortMessageIsTrouble) {
    FieldCursor in(std::string_view("1\0", 2));
    EXPECT_EQ(in.integer(), 1);
    EXPECT_TRUE(in.trouble().empty());
    in.skip();
    EXPECT_FALSE(in.trouble().empty());
}

TEST(IbWire, RequestTimesAreReadInTheirForms) {
    for (const auto* text : {"20261130 16:00:00 UTC", "20261130-16:00:00", "20261130  16:00:00"})
        EXPECT_EQ(parse_request_time(text).value(), Utc{1'796'054'400s}) << text;
    EXPECT_EQ(to_date_text(parse_request_time("20261130").value()), "20261130");
    for (const auto* text : {"", "2026", "20261130 16:0", "2026-11-30 16:00:00"})
        EXPECT_FALSE(parse_request_time(text)) << text;
}

TEST(IbAccounts, PositionsListEveryAccountWithItsListingAndEnd) {
    Fixture world;
    const auto messages = world.ask({"61", "1"});
    EXPECT_EQ(ids_of(messages), "61 61 61 61 61 61 61 61 61 62");
    bool future_seen = false;
    for (const auto& fields : messages) {
        if (fields[0] != "61") continue;
        ASSERT_EQ(fields.size(), 16u);
        if (fields[4] == "BRK B") EXPECT_EQ(fields[10], "NYSE");
        if (fields[5] != "FUT") continue;
        future_seen = true;
        EXPECT_EQ(fields[10], "");
        EXPECT_EQ(fields[12], "NQZ6");
        EXPECT_EQ(fields[15], "417510");  // 20875.5 x 20
    }
    EXPECT_TRUE(future_seen);
}

TEST(IbAccounts, APositionIsToldAgainWhenAFillMovesIt) {
    Fixture world;
    world.ask({"61", "1"});
    world.place(world.connection, 200,
                {.action = "SELL", .quantity = "25", .account = "DU1000002"});
    world.advance(2s);
    const auto positions = world.take(world.connection, 61);
    ASSERT_EQ(positions.size(), 1u);
    EXPECT_EQ(positions[0][2], "DU1000002");
    EXPECT_EQ(positions[0][14], "0");
    world.ask({"64", "1"});
    world.place(world.connection, 200, {.order_id = 2});
    world.advance(2s);
    EXPECT_TRUE(world.take(world.connection, 61).empty());
}

TEST(IbAccounts, AccountUpdatesEndWithTheAccountAndFollowAFill) {
    Fixture world;
    const auto messages = world.ask({"6", "2", "1", "DU1000001"});
    EXPECT_EQ(messages.back(), (Fields{"54", "1", "DU1000001"}));
    EXPECT_EQ(first_of(messages, "7").size(), 20u);
    std::map<std::string, std::string> values;
    for (const auto& fields : messages)
        if (fields[0] == "6" && fields[4] == "USD") values[fields[2]] = fields[3];
    EXPECT_EQ(values["TotalCashValue"], "250000.00");
    EXPECT_EQ(values["BuyingPower"], "1000000.00");
    world.place(world.connection, 200, {});
    world.advance(2s);
    const auto after = world.take(world.connection);
    EXPECT_FALSE(first_of(after, "7").empty());
    EXPECT_FALSE(first_of(after, "6").empty());
    EXPECT_EQ(code_of(first_of(world.ask({"6", "2", "1", "DU9"}), "4"), 200), "321");
}

TEST(IbAccounts, TheSummaryGivesTheTagsOfEveryAccountAndAThirdIsRefused) {
    Fixture world;
    const auto messages = world.ask({"62", "1", "5", "All", "NetLiquidation,TotalCashValue"});
    EXPECT_EQ(ids_of(messages), "63 63 63 63 64");
    EXPECT_EQ(messages[1],
              (Fields{"63", "1", "5", "DU1000001", "TotalCashValue", "250000.00", "USD"}));
    world.ask({"62", "1", "6", "All", "$LEDGER:ALL"});
    EXPECT_EQ(code_of(first_of(world.ask({"62", "1", "7", "All", "SMA"}), "4"), 200), "322");
    world.ask({"63", "1", "6"});
    EXPECT_EQ(ids_of(world.ask({"62", "1", "7", "All", "SMA"})), "63 63 64");
}

TEST(IbAccounts, MultiRequestsAnswerUnderTheirRequestId) {
    Fixture world;
    const auto positions = world.ask({"74", "1", "21", "DU1000002", ""});
    EXPECT_EQ(ids_of(positions), "71 71 71 71 72");
    EXPECT_EQ(positions[0].size(), 18u);
    EXPECT_EQ(positions[0][2], "21");
    const auto updates = world.ask({"76", "1", "22", "DU1000001", "", "0"});
    EXPECT_EQ(updates.back(), (Fields{"74", "1", "22"}));
}

TEST(IbAccounts, ProfitComesEverySecondUntilItIsCancelled) {
    Fixture world;
    EXPECT_EQ(ids_of(world.ask({"92", "8", "DU1000001", ""})), "94");
    const auto single = world.ask({"94", "9", "DU1000001", "", "265598"});
    // 100 shares at 171.235 that stand at 190.50.
    EXPECT_EQ(single.at(0), (Fields{"95", "9", "100", "0", "1926.5", "0", "19050"}));
    world.advance(2500ms);
    EXPECT_EQ(world.take(world.connection).size(), 4u);
    world.ask({"93", "8"});
    world.ask({"95", "9"});
    world.advance(5s);
    EXPECT_TRUE(world.take(world.connection).empty());
    EXPECT_EQ(code_of(first_of(world.ask({"93", "8"}), "4"), 200), "10185");
}

TEST(IbContracts, AStockHasOneRowWithTheFieldCountOfItsVersion) {
    for (const auto& [version, count] : std::vector<std::pair<int, std::size_t>>{
             {176, 42},
             {181, 42},
             {182, 43},
             {185, 43},
             {186, 44},
             {200, 44}
    }) {
        Fixture world(version);
        const auto messages = world.ask(details_request({.symbol = "AAPL"}));
        EXPECT_EQ(ids_of(messages), "10 52");
        EXPECT_EQ(messages[0].size(), count) << version;
    }
    Fixture world;
    const auto row = world.ask(details_request({.symbol = "AAPL"})).at(0);
    EXPECT_EQ(row[2], "AAPL");
    EXPECT_EQ(row[8], "SMART");
    EXPECT_EQ(row[13], "265598");
    EXPECT_EQ(row[14], "0.01");
    EXPECT_EQ(row[17], "SMART,NASDAQ,NYSE,ARCA,BATS");
    EXPECT_EQ(row[21], "NASDAQ");
    EXPECT_EQ(row[39], "COMMON");
}

TEST(IbContracts, ClassSharesHaveABlankAndNothingElse) {
    Fixture world;
    EXPECT_EQ(ids_of(world.ask(details_request({.symbol = "BRK B"}))), "10 52");
    for (const auto* symbol : {"BRK.B", "BRK-B", "BRK/B", "brk b", "NOIB"}) {
        const auto messages = world.ask(details_request({.symbol = symbol}));
        EXPECT_EQ(ids_of(messages), "4") << symbol;  // And no end message.
        EXPECT_EQ(code_of(messages[0], 200), "200");
        EXPECT_EQ(messages[0][1], "31");
    }
}

TEST(IbContracts, AnAmbiguousSymbolHasSeveralRowsUntilItsListingIsNamed) {
    Fixture world;
    EXPECT_EQ(ids_of(world.ask(details_request({.symbol = "AMBX"}))), "10 10 10 52");
    const auto rows = world.ask(details_request({.symbol = "AMBX", .primary = "NASDAQ"}));
    EXPECT_EQ(ids_of(rows), "10 52");
    EXPECT_EQ(rows[0][13], "700100101");
    EXPECT_EQ(ids_of(world.ask(details_request({.symbol = "AMBX", .primary = "ISLAND"}))), "10 52");
    EXPECT_EQ(ids_of(world.ask(details_request({.conid = "700100112"}))), "10 52");
}

TEST(IbContracts, WithoutAnExchangeThereIsARowForEachValidOne) {
    Fixture world;
    EXPECT_EQ(ids_of(world.ask(details_request({.symbol = "F", .exchange = ""}))),
              "10 10 10 10 10 52");
    EXPECT_EQ(ids_of(world.ask(details_request({.conid = "9599491", .exchange = ""}))), "10 52");
    EXPECT_EQ(ids_of(world.ask(details_request({.symbol = "F", .exchange = "CME"}))), "4");
}

TEST(IbContracts, AFutureIsFoundByMonthDateAndLocalSymbol) {
    Fixture world;
    for (const auto& query : {
             Query{.symbol = "NQ", .security_type = "FUT", .date = "202612", .exchange = "CME"},
             Query{.symbol = "NQ", .security_type = "FUT", .date = "20261218", .exchange = "CME"},
             Query{.security_type = "FUT", .exchange = "CME", .local_symbol = "NQZ6"}
    }) {
        const auto messages = world.ask(details_request(query));
        ASSERT_EQ(ids_of(messages), "10 52");
        EXPECT_EQ(messages[0][4], "20261218 08:30 US/Central");
        EXPECT_EQ(messages[0][5], "20261218");
        EXPECT_EQ(messages[0][15], "20");
    }
    EXPECT_EQ(ids_of(world.ask(
                  details_request({.symbol = "NQ", .security_type = "FUT", .exchange = "CME"}))),
              "10 10 52");
}

TEST(IbContracts, AnOptionIsFoundByStrikeAndRightAndByItsChain) {
    Fixture world;
    const auto messages = world.ask(details_request({.symbol = "AAPL",
                                                     .security_type = "OPT",
                                                     .date = "20261218",
                                                     .strike = "190.0",
                                                     .right = "CALL"}));
    ASSERT_EQ(ids_of(messages), "10 52");
    EXPECT_EQ(messages[0][13], "733920041");
    EXPECT_EQ(world.ask({"78", "44", "AAPL", "", "STK", "265598"}).at(0),
              (Fields{"75", "44", "SMART", "265598", "AAPL", "100", "1", "20261218", "1", "190"}));
}

TEST(IbContracts, SearchAndPriceGrid) {
    Fixture world;
    const auto samples = world.ask({"81", "3", "AM"}).at(0);
    EXPECT_EQ(samples[0], "79");
    EXPECT_EQ(samples[3], "700100101");
    const auto rule = world.ask(details_request({.symbol = "AAPL"})).at(0)[37];
    const auto number = rule.substr(0, rule.find(','));
    EXPECT_EQ(world.ask({"91", number}).at(0),
              (Fields{"93", number, "2", "0", "0.0001", "1", "0.01"}));
    EXPECT_EQ(code_of(world.ask({"91", "1"}).at(0), 200), "321");
}

TEST(IbPrices, ASubscriptionStartsWithItsParametersAndAllFields) {
    Fixture world;
    const auto messages = world.ask(ticks_request("9", {.conid = "265598"}));
    EXPECT_EQ(ids_of(messages), "81 58 1 2 1 2 1 2 2 1 1 1 1 46 45");
    EXPECT_EQ(messages[1], (Fields{"58", "1", "9", "1"}));
    EXPECT_EQ(messages[2], (Fields{"1", "6", "9", "1", "190.49", "300", "0"}));
    ASSERT_TRUE(world.exchange.set_market(world.now(), "AAPL", price_of("191"), price_of("191.02"),
                                          price_of("191.01")));
    world.pump();
    const auto ticks = world.take(world.connection, 1);
    ASSERT_EQ(ticks.size(), 4u);
    EXPECT_EQ(ticks[2][4], "191.01");
    EXPECT_EQ(ticks[3], (Fields{"1", "6", "9", "6", "191.01", "0", "0"})) << "a new high";
    EXPECT_EQ(code_of(first_of(world.ask(ticks_request("9", {.conid = "265598"})), "4"), 200),
              "102");
    world.ask({"2", "2", "9"});
    EXPECT_EQ(code_of(first_of(world.ask({"2", "2", "9"}), "4"), 200), "300");
}

TEST(IbPrices, ASnapshotEndsItself) {
    Fixture world;
    const auto messages = world.ask(ticks_request("9", {.conid = "265598"}, "1"));
    EXPECT_EQ(messages.back(), (Fields{"57", "1", "9"}));
    EXPECT_EQ(code_of(first_of(world.ask({"2", "2", "9"}), "4"), 200), "300");
}

TEST(IbPrices, TheAmbiguousAndTheUnknownGetError200) {
    Fixture world;
    for (const auto* symbol : {"AMBX", "NONE"})
        EXPECT_EQ(code_of(first_of(world.ask(ticks_request("9", {.symbol = symbol})), "4"), 200),
                  "200");
}

TEST(IbPrices, FiveSecondBarsStandOnTheClock) {
    Fixture world;
    world.send(world.connection,
               joined({"50", "3", "12"}, {.conid = "265598"}, {"5", "TRADES", "0", ""}));
    ASSERT_TRUE(world.exchange.set_market(world.now(), "AAPL", price_of("191"), price_of("191.02"),
                                          price_of("191.01")));
    world.pump();
    ASSERT_TRUE(world.exchange.set_market(world.now(), "AAPL", price_of("189"), price_of("189.02"),
                                          price_of("189.01")));
    world.pump();
    world.advance(10s);
    const auto bars = world.take(world.connection, 50);
    ASSERT_EQ(bars.size(), 2u);
    EXPECT_EQ(bars[0], (Fields{"50", "3", "12", "1796054400", "191.01", "191.01", "189.01",
                               "189.01", "200", "189.01", "2"}));
    EXPECT_EQ(bars[1][3], "1796054405");
    EXPECT_EQ(bars[1][8], "0");
    world.ask({"51", "1", "12"});
    world.advance(10s);
    EXPECT_TRUE(world.take(world.connection, 50).empty());
}

TEST(IbPrices, TickByTickFollowsTheQuote) {
    Fixture world;
    const auto first = world.ask(joined({"97", "13"}, {.conid = "265598"}, {"BidAsk", "0", "1"}));
    EXPECT_EQ(ids_of(first), "99");
    EXPECT_EQ(first[0].size(), 9u);
    EXPECT_EQ(first[0][4], "190.49");
}

Fields history_request(const std::string& bar, const std::string& duration,
                       const std::string& format = "2", const std::string& end = "") {
    return joined({"20", "15"}, {.conid = "265598"},
                  {"0", end, bar, duration, "1", "TRADES", format, "0", ""});
}

TEST(IbHistory, BarsAreOrderedWholeAndInTheLayoutOfTheirVersion) {
    Fixture newest;
    const auto messages = newest.ask(history_request("1 min", "3600 S"));
    EXPECT_EQ(ids_of(messages), "17 108");
    const auto& data = messages[0];
    ASSERT_EQ(data[2], "60");
    ASSERT_EQ(data.size(), 3u + 60u * 8u);
    EXPECT_EQ(data[3], "1796050800");
    for (std::size_t bar = 0; bar < 60; ++bar) {
        const auto number = [&](std::size_t field) {
            return Decimal::parse(data[3 + bar * 8 + field]).value();
        };
        EXPECT_LE(number(3), std::min(number(1), number(4)));
        EXPECT_GE(number(2), std::max(number(1), number(4)));
    }
    EXPECT_EQ(newest.ask(history_request("1 min", "3600 S")).at(0), data);
    Fixture older(193);
    const auto old_data = older.ask(history_request("1 min", "3600 S"));
    EXPECT_EQ(ids_of(old_data), "17");
    EXPECT_EQ(old_data[0].size(), 5u + 60u * 8u);
}

TEST(IbHistory, DailyBarsSkipTheWeekendAndCarryDates) {
    Fixture world;
    EXPECT_EQ(world.ask(history_request("1 day", "2 D", "1")).at(0)[3], "20261127");
    const auto data = world.ask(history_request("1 day", "1 W", "1")).at(0);
    EXPECT_EQ(data[2], "5");
    EXPECT_EQ(data[3], "20261124");
    EXPECT_EQ(data[3 + 4 * 8], "20261130");
}

TEST(IbHistory, WhatCannotBeAnsweredIsRefused) {
    Fixture world;
    EXPECT_EQ(code_of(world.ask(history_request("7 min", "1 D")).at(0), 200), "321");
    EXPECT_EQ(code_of(world.ask(history_request("1 min", "soon")).at(0), 200), "321");
    EXPECT_EQ(
        code_of(world.ask(history_request("1 min", "1 D", "2", "20190101-00:00:00")).at(0), 200),
        "162");
    const auto head =
        world.ask(joined({"87", "16"}, {.conid = "265598"}, {"0", "1", "TRADES", "1"}));
    EXPECT_EQ(head.at(0), (Fields{"88", "16", "20251130-14:30:00"}));
}

TEST(IbGateway, AnswersTheTimeAndSmallQuestions) {
    Fixture world;
    EXPECT_EQ(world.ask({"49", "1"}).at(0), (Fields{"49", "1", "1796054400"}));
    EXPECT_EQ(world.ask({"105"}).at(0), (Fields{"109", "1796054400000"}));
    EXPECT_EQ(world.ask({"17", "1"}).at(0), (Fields{"15", "1", "DU1000001,DU1000002"}));
    EXPECT_EQ(world.ask({"104", "4"}).at(0), (Fields{"107", "4", ""}));
    EXPECT_EQ(world.ask({"80"}).at(0), (Fields{"78", "2", "DU1000001", "", "DU1000002", ""}));
    EXPECT_EQ(code_of(world.ask({"15", "1", "1"}).at(0), 200), "327");
}

}  // namespace
}  // namespace janus::sim::ib
