// What IB takes away from quotes, and how it comes back.
#include <gtest/gtest.h>

#include "gateway/ib/fake_broker.hpp"

namespace janus::ib {
namespace {

using namespace std::chrono_literals;

fake::ContractText euro_stock() {
    fake::ContractText text;
    text.conid = "14094";
    text.symbol = text.local = "SAP";
    text.currency = "EUR";
    return text;
}

/// Ready, with Apple as subscription 1.
struct QuoteDesk : fake::Desk {
    QuoteDesk() {
        become_ready();
        forget();
        want(1, {});
    }
    void want(std::uint32_t id, const fake::ContractText& text) {
        command(gateway::SubscribeTicks{{id}, {text.conid}, *CanonicalSymbol::parse("AAPL")});
        describe(text);
    }
    std::string request() const { return last_request("1", 2); }
    void bid(const std::string& request, const std::string& price = "101.25") {
        feed({"1", "6", request, "1", price, "300", "1"});
    }
    void refuse(std::int64_t code, const std::string& text) {
        feed(fake::error(std::stoll(request()), code, text));
    }
    DataQuality quality() const { return last<gateway::QuoteQualityChanged>().quality; }
    std::string why() const { return last<gateway::QuoteQualityChanged>().reason; }
};

TEST(QuoteTrouble, DelayedDataAreAskedForWhenTheyAreWanted) {
    auto settings = fake::Desk::default_settings();
    settings.market_data = MarketDataKind::Delayed;
    fake::Desk desk(settings);
    desk.start();
    EXPECT_EQ(desk.count_sent("59"), 1U);
    EXPECT_EQ(desk.last_request("59", 2), "3");
    desk.cut();
    ASSERT_TRUE(desk.wait_for_connect());
    desk.connect();
    EXPECT_EQ(desk.count_sent("59"), 2U) << "IB forgets it with the connection";
}

TEST(QuoteTrouble, MarkHaltAndTheTimeOfTheLastTradeAreTicks) {
    QuoteDesk desk;
    const auto request = desk.request();
    EXPECT_EQ((*desk.find_sent("1"))[16], "232") << "the mark price is asked for";
    desk.feed({"1", "6", request, "37", "101.5", "0", "0"});
    EXPECT_EQ(desk.ticks.back(), (Tick{{1}, TickField::Mark, *Decimal::parse("101.5")}));
    desk.feed({"45", "6", request, "49", "2.0"});
    EXPECT_EQ(desk.ticks.back(), (Tick{{1}, TickField::Halted, Decimal::from_integer(2)}));
    desk.feed({"45", "6", request, "49", "-1"});
    EXPECT_EQ(desk.ticks.back(), (Tick{{1}, TickField::Halted, std::nullopt})) << "not known";
    desk.feed({"46", "6", request, "45", "1767623400"});
    EXPECT_EQ(desk.ticks.back(),
              (Tick{{1}, TickField::LastTime, Decimal::from_integer(1'767'623'400)}));
    desk.feed({"46", "6", request, "88", "soon"});
    EXPECT_EQ(desk.ticks.back(), (Tick{{1}, TickField::LastTime, std::nullopt}));
    EXPECT_EQ(desk.count<gateway::QuoteQualityChanged>(), 0U) << "none of them is a quote";
    const auto before = desk.ticks.size();
    desk.feed({"46", "6", request, "84", "Q"});
    EXPECT_EQ(desk.ticks.size(), before) << "of no use here";
}

TEST(QuoteTrouble, ARefusedGenericTickIsLeftOutAndTheRestStillCome) {
    QuoteDesk desk;
    desk.refuse(321, "Error validating request:-'bW' : cause - Incorrect generic tick list of 232");
    ASSERT_EQ(desk.count_sent("1"), 2U);
    EXPECT_EQ((*desk.find_sent("1"))[16], "");
    desk.bid(desk.request());
    EXPECT_EQ(desk.quality(), DataQuality::Live);
    desk.refuse(321, "Error validating request: Incorrect generic tick list");
    EXPECT_EQ(desk.count_sent("1"), 2U) << "not for ever";
    EXPECT_EQ(desk.quality(), DataQuality::None);
}

TEST(QuoteTrouble, ARefusedLineTellsHowManyThereAre) {
    QuoteDesk desk;
    desk.want(2, euro_stock());
    desk.refuse(101, "Max number of tickers has been reached");
    ASSERT_EQ(desk.count<gateway::LineBudgetChanged>(), 1U);
    EXPECT_EQ(desk.last<gateway::LineBudgetChanged>().lines, 1U);
    EXPECT_EQ(desk.why(), "error 101: Max number of tickers has been reached");
    desk.command(gateway::UnsubscribeTicks{{1}});
    ASSERT_EQ(desk.count_sent("1"), 3U) << "the free line serves the one that was refused";
    desk.bid(desk.request());
    EXPECT_EQ(desk.last<gateway::QuoteQualityChanged>().subscription, SubscriptionId{2});
    EXPECT_EQ(desk.quality(), DataQuality::Live);
}

TEST(QuoteTrouble, ABrokenFarmTakesTheQualityOfItsOwnSymbolsOnly) {
    QuoteDesk desk;
    desk.bid(desk.request());
    desk.want(2, euro_stock());
    desk.bid(desk.request());
    desk.events.clear();
    desk.feed(fake::error(-1, 2103, "Market data farm connection is broken:usfarm.nj"));
    ASSERT_EQ(desk.count<gateway::QuoteQualityChanged>(), 1U);
    EXPECT_EQ(desk.last<gateway::QuoteQualityChanged>().subscription, SubscriptionId{1});
    EXPECT_EQ(desk.quality(), DataQuality::None);
    EXPECT_NE(desk.why().find("usfarm.nj"), std::string::npos);
    EXPECT_EQ(desk.count<gateway::GateChanged>(), 0U) << "orders go on";
    desk.feed(fake::error(-1, 2104, "Market data farm connection is OK:eufarm"));
    EXPECT_EQ(desk.quality(), DataQuality::None) << "another farm";
    desk.feed(fake::error(-1, 2104, "Market data farm connection is OK:usfarm.nj"));
    EXPECT_EQ(desk.quality(), DataQuality::Live);
    EXPECT_EQ(desk.count_sent("1"), 2U) << "IB goes on with its subscriptions by itself";
}

TEST(QuoteTrouble, FarmNoticesOfHistoryAndDefinitionsTouchNoQuote) {
    QuoteDesk desk;
    desk.bid(desk.request());
    desk.events.clear();
    for (const int code : {2105, 2106, 2107, 2108, 2119, 2157, 2158})
        desk.feed(fake::error(-1, code, "HMDS data farm connection is broken:usfarm"));
    EXPECT_EQ(desk.count<gateway::QuoteQualityChanged>(), 0U);
    EXPECT_EQ(desk.counter("farm_notices"), 7U);
}

TEST(QuoteTrouble, ACompetingSessionIsAskedAgainMoreAndMoreSeldomAndEndsWithTheNextTick) {
    QuoteDesk desk;
    desk.bid(desk.request());
    desk.refuse(10197, "No market data during competing live session");
    EXPECT_EQ(desk.quality(), DataQuality::None);
    desk.wait_alive(59s);
    EXPECT_EQ(desk.count_sent("1"), 1U);
    desk.wait_alive(1s);
    EXPECT_EQ(desk.count_sent("1"), 2U);
    EXPECT_EQ(desk.count_sent("2"), 1U) << "the old request is given up first";
    desk.refuse(10197, "No market data during competing live session");
    desk.wait_alive(119s);
    EXPECT_EQ(desk.count_sent("1"), 2U);
    desk.wait_alive(1s);
    EXPECT_EQ(desk.count_sent("1"), 3U);
    desk.bid(desk.request());
    EXPECT_EQ(desk.quality(), DataQuality::Live);
    desk.wait_alive(20min);
    EXPECT_EQ(desk.count_sent("1"), 3U);
}

TEST(QuoteTrouble, DataThatFlowAgainByThemselvesAreNotAskedForAgain) {
    QuoteDesk desk;
    desk.refuse(10197, "No market data during competing live session");
    desk.bid(desk.request());
    desk.wait_alive(5min);
    EXPECT_EQ(desk.count_sent("1"), 1U);
}

TEST(QuoteTrouble, ABustEndsTheSubscriptionAndItIsAskedForAtOnce) {
    QuoteDesk desk;
    desk.refuse(10225, "Bust event occurred, current subscription is deactivated");
    desk.wait_alive(1s);
    EXPECT_EQ(desk.count_sent("1"), 2U);
    desk.bid(desk.request());
    EXPECT_EQ(desk.quality(), DataQuality::Live);
}

TEST(QuoteTrouble, ALimitOffTheGridOfItsPriceIsRefusedWithTheNearestOnes) {
    QuoteDesk desk;
    EXPECT_EQ(desk.last_request("91", 1), "26");
    desk.feed({"93", "26", "2", "0", "0.0001", "1", "0.05"});
    OrderIntent intent{.account = {"ib_main"}, .symbol = *CanonicalSymbol::parse("AAPL")};
    intent.type = OrderType::Limit;
    intent.quantity = {Decimal::from_integer(1)};
    intent.limit_price = Price{*Decimal::parse("180.52")};
    const auto refused = desk.gateway.prepare_order(intent, {"265598"});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("180.5 and 180.55"), std::string::npos)
        << refused.error().message;
    intent.limit_price = Price{*Decimal::parse("180.55")};
    EXPECT_TRUE(desk.gateway.prepare_order(intent, {"265598"}));
}

TEST(SystemNotices, AMovedGatewayIsFollowedToItsNewPort) {
    fake::Desk desk;
    desk.become_ready();
    EXPECT_EQ(desk.endpoint.port, 4002);
    desk.feed(fake::error(-1, 1300,
                          "TWS socket port has been reset and this connection is being dropped. "
                          "Please reconnect on the new port - 4003"));
    EXPECT_EQ(desk.gate(), gateway::Gate::Connecting);
    EXPECT_TRUE(desk.reason().starts_with("ib_port_changed to 4003"));
    ASSERT_TRUE(desk.wait_for_connect());
    EXPECT_EQ(desk.endpoint.port, 4003);
    desk.cut("refused");
    ASSERT_TRUE(desk.wait_for_connect());
    EXPECT_EQ(desk.endpoint.port, 4002) << "nobody was there: the configured one in turn";
    desk.cut("refused");
    ASSERT_TRUE(desk.wait_for_connect());
    EXPECT_EQ(desk.endpoint.port, 4003);
    desk.connect();
    desk.end_all();
    EXPECT_EQ(desk.gate(), gateway::Gate::Ready);
}

TEST(SystemNotices, AMovedGatewayWithoutAUsablePortNeedsAPerson) {
    for (const auto* text : {"the port was reset", "the new port is 80", "the new port is 4002",
                             "the new port is 99999999"}) {
        fake::Desk desk;
        desk.become_ready();
        desk.feed(fake::error(-1, 1300, text));
        EXPECT_EQ(desk.gate(), gateway::Gate::NeedsOperator) << text;
        EXPECT_NE(desk.reason().find(text), std::string::npos);
        ASSERT_TRUE(desk.wait_for_connect());
        desk.connect();
        desk.end_all();
        EXPECT_EQ(desk.gate(), gateway::Gate::Ready) << "it heals by itself when it comes back";
    }
}

}  // namespace
}  // namespace janus::ib
