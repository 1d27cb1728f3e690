// What the simulated gateway tells of markets and accounts beyond their plain numbers.
#include <algorithm>

#include <gtest/gtest.h>

#include "sim/ib/test_world.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

Price price_of(std::string_view text) {
    return {Decimal::parse(text).value()};
}

Fields apple_request(Fields front, const Fields& back) {
    for (const auto* field : {"265598", "AAPL", "STK", "", "", "", "", "SMART", "", "USD", "", ""})
        front.emplace_back(field);
    front.insert(front.end(), back.begin(), back.end());
    return front;
}

Fields history_request(const std::string& id, const std::string& bar, const std::string& span,
                       const std::string& up_to_date = "0") {
    return apple_request({"20", id}, {"0", "", bar, span, "0", "TRADES", "2", up_to_date, ""});
}

struct Fixture : TestWorld {
    explicit Fixture(Scenario scenario = still_scenario())
        : TestWorld({}, std::move(scenario)), connection(client(200, 7)) {}
    std::vector<Fields> ask(const Fields& fields) {
        send(connection, fields);
        return take(connection);
    }
    void trade_at(const char* last) {
        ASSERT_TRUE(
            exchange.set_market(now(), "AAPL", price_of(last), price_of(last), price_of(last)));
        pump();
    }
    ConnectionId connection;
};

/// The ticks of one type among these messages.
std::vector<std::string> values_of(const std::vector<Fields>& messages, const std::string& type) {
    std::vector<std::string> values;
    for (const auto& fields : messages)
        if ((fields[0] == "1" || fields[0] == "45" || fields[0] == "46") && fields[3] == type)
            values.push_back(fields[4]);
    return values;
}

TEST(IbMarketStates, HighAndLowMoveOutwardsAndTheOpenStays) {
    Fixture world;
    const auto first = world.ask(apple_request({"1", "11", "9"}, {"0", "232", "0", "0", ""}));
    const auto open = values_of(first, "14");
    ASSERT_EQ(open.size(), 1u);
    EXPECT_EQ(values_of(first, "6"), open);
    EXPECT_EQ(values_of(first, "49"), (std::vector<std::string>{"0"}));
    EXPECT_EQ(values_of(first, "37"), open) << "the mark price was asked for";
    EXPECT_EQ(values_of(first, "45").size(), 1u);
    world.trade_at("191.00");
    const auto up = world.take(world.connection);
    EXPECT_EQ(values_of(up, "6"), (std::vector<std::string>{"191"}));
    EXPECT_TRUE(values_of(up, "7").empty());
    EXPECT_TRUE(values_of(up, "14").empty());
    world.trade_at("190.80");
    EXPECT_TRUE(values_of(world.take(world.connection), "6").empty()) << "no new high";
}

TEST(IbMarketStates, WithoutTheGenericTickThereIsNoMarkPrice) {
    Fixture world;
    const auto first = world.ask(apple_request({"1", "11", "9"}, {"0", "", "0", "0", ""}));
    EXPECT_TRUE(values_of(first, "37").empty());
}

TEST(IbMarketStates, DelayedDataHaveTypesOfTheirOwn) {
    Fixture world;
    ASSERT_TRUE(world.fault("delayed_data"));
    world.ask({"59", "1", "3"});
    const auto first = world.ask(apple_request({"1", "11", "9"}, {"0", "", "0", "0", ""}));
    for (const auto* type : {"66", "67", "68", "72", "73", "75", "76", "88", "90"})
        EXPECT_EQ(values_of(first, type).size(), 1u) << type;
    for (const auto* type : {"1", "2", "4", "6", "14", "45", "49"})
        EXPECT_TRUE(values_of(first, type).empty()) << type;
}

TEST(IbMarketStates, AClosedMarketGivesItsLastValuesAsFrozenToWhoAsks) {
    Fixture world;
    ASSERT_TRUE(world.fault("market_phase", {
                                                {"phase", "closed"}
    }));
    const auto live = world.ask(apple_request({"1", "11", "9"}, {"0", "", "0", "0", ""}));
    EXPECT_TRUE(values_of(live, "4").empty());
    world.ask({"59", "1", "2"});
    const auto frozen = world.ask(apple_request({"1", "11", "10"}, {"0", "", "0", "0", ""}));
    EXPECT_EQ(first_of(frozen, "58"), (Fields{"58", "1", "10", "2"}));
    EXPECT_EQ(values_of(frozen, "4").size(), 1u);
}

TEST(IbMarketStates, AHistoryThatIsKeptUpToDateTellsTheRunningBarUntilItIsCancelled) {
    Fixture world;
    const auto first = world.ask(history_request("20", "5 secs", "60 S", "1"));
    EXPECT_EQ(first_of(first, "17")[1], "20");
    EXPECT_EQ(first_of(first, "108")[1], "20");
    world.trade_at("191.00");
    const auto update = first_of(world.take(world.connection), "90");
    ASSERT_EQ(update.size(), 10u);
    EXPECT_EQ(update[1], "20");
    EXPECT_EQ(update[5], "191") << "the close stands behind the open";
    EXPECT_TRUE(world.ask({"25", "1", "20"}).empty());
    world.trade_at("191.50");
    EXPECT_TRUE(world.take(world.connection, 90).empty());
    const auto late = world.ask({"25", "1", "20"});
    EXPECT_EQ(first_of(late, "4")[2], "366");
}

TEST(IbMarketStates, QuestionsThatComeTooFastAreRefusedWhileThePacingIsWatched) {
    Fixture world;
    EXPECT_FALSE(first_of(world.ask(history_request("1", "5 secs", "60 S")), "17").empty());
    ASSERT_TRUE(world.fault("history_pacing", {
                                                  {"most", "3"}
    }));
    EXPECT_FALSE(first_of(world.ask(history_request("2", "5 secs", "60 S")), "17").empty());
    const auto same = world.ask(history_request("3", "5 secs", "60 S"));
    EXPECT_EQ(first_of(same, "4")[2], "162") << "the same within fifteen seconds";
    EXPECT_NE(first_of(same, "4")[3].find("pacing violation"), std::string::npos);
    world.ask(history_request("4", "5 secs", "90 S"));
    EXPECT_EQ(first_of(world.ask(history_request("5", "5 secs", "120 S")), "4")[2], "162");
    EXPECT_FALSE(first_of(world.ask(history_request("6", "1 hour", "2 D")), "17").empty())
        << "large bars are not counted";
    world.advance(10min);
    EXPECT_FALSE(first_of(world.ask(history_request("7", "5 secs", "60 S")), "17").empty());
}

TEST(IbAccountStates, OtherCurrenciesHaveALedgerAndARate) {
    auto scenario = TestWorld::still_scenario();
    const auto account =
        std::ranges::find(scenario.accounts, std::string("DU1000001"), &SimAccount::id);
    ASSERT_NE(account, scenario.accounts.end());
    account->foreign_cash = {
        {"EUR", {Decimal::from_integer(5000)}, Decimal::parse("1.0825").value()}
    };
    Fixture world(scenario);
    std::map<std::string, std::string> values;
    for (const auto& fields : world.ask({"76", "1", "5", "DU1000001", "", "0"}))
        if (fields[0] == "73" && fields[7] == "EUR") values[fields[5]] = fields[6];
    EXPECT_EQ(values["CashBalance"], "5000.00");
    EXPECT_EQ(values["ExchangeRate"], "1.0825");
    bool in_summary = false;
    for (const auto& fields : world.ask({"62", "1", "6", "All", "$LEDGER:ALL"}))
        in_summary = in_summary || (fields[0] == "63" && fields[6] == "EUR");
    EXPECT_TRUE(in_summary);
}

TEST(IbAccountStates, AnAdvisersMasterAccountIsThereAndHoldsNothing) {
    Fixture world;
    ASSERT_TRUE(world.fault("adviser"));
    const auto accounts = world.ask({"17", "1"}).at(0);
    EXPECT_TRUE(accounts[2].starts_with("DF1000000,DU1000001"));
    EXPECT_EQ(world.ask({
                  "74", "1", "5", "DF1000000", ""
    }),
              (std::vector<Fields>{{"72", "1", "5"}}));
    EXPECT_EQ(world.ask({"74", "1", "6", "DF9", ""}).at(0)[0], "4");
}

TEST(IbAccountStates, AnAccountThatIsResetSaysSoAndSaysWhenItIsReady) {
    Fixture world;
    world.ask({"76", "1", "5", "DU1000001", "", "0"});
    const auto ready = [](const std::vector<Fields>& messages) {
        for (const auto& fields : messages)
            if (fields[0] == "73" && fields[5] == "AccountReady") return fields[6];
        return std::string("not told");
    };
    ASSERT_TRUE(world.fault("account_not_ready"));
    EXPECT_EQ(ready(world.take(world.connection)), "false");
    world.fault_off("account_not_ready");
    EXPECT_EQ(ready(world.take(world.connection)), "true");
}

TEST(IbPortChanged, NamesThePortAndClosesEveryConnection) {
    Fixture world;
    ASSERT_TRUE(world.fault("port_changed", {
                                                {"port", "4777"}
    }));
    const auto notice = first_of(world.take(world.connection), "4");
    EXPECT_EQ(notice[2], "1300");
    EXPECT_TRUE(notice[3].ends_with("4777"));
    EXPECT_TRUE(world.is_closed(world.connection));
}

}  // namespace
}  // namespace janus::sim::ib
