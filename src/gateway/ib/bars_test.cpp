#include <gtest/gtest.h>

#include "gateway/ib/fake_broker.hpp"

namespace janus::ib {
namespace {

using namespace std::chrono_literals;

struct BarsDesk : fake::Desk {
    BarsDesk() {
        become_ready();
        command(gateway::SubscribeBars{{900}, {"265598"}, *CanonicalSymbol::parse("AAPL")});
        describe({});
    }
    std::string request() const { return last_request("50", 2); }
    void bar(const std::string& request, const std::string& close = "180.5") {
        feed({"50", "3", request, "1767623400", "180", "181", "179", close, "1200", "180.2", "7"});
    }
};

TEST(Bars, EachFinishedBarIsAnEventOfItsSubscription) {
    BarsDesk desk;
    const auto* sent = desk.find_sent("50");
    ASSERT_NE(sent, nullptr);
    EXPECT_EQ((*sent)[3], "265598");
    EXPECT_EQ(fake::Fields(sent->begin() + 15, sent->end()),
              (fake::Fields{"5", "TRADES", "0", ""}));
    desk.bar(desk.request());
    ASSERT_EQ(desk.count<gateway::BarClosed>(), 1U);
    EXPECT_EQ(desk.last<gateway::BarClosed>().subscription, SubscriptionId{900});
    EXPECT_EQ(desk.last<gateway::BarClosed>().bar.close, Price{*Decimal::parse("180.5")});
}

TEST(Bars, AreRequestedAgainUnderAFreshIdAfterALostLineAnd1101ButNotAfter1102) {
    BarsDesk desk;
    const auto first = desk.request();
    desk.feed(fake::error(-1, 1100, "lost"));
    desk.feed(fake::error(-1, 1102, "back, data maintained"));
    EXPECT_EQ(desk.count_sent("50"), 1U);
    desk.feed(fake::error(-1, 1100, "lost"));
    desk.feed(fake::error(-1, 1101, "back, data lost"));
    desk.wait_alive(15s);  // The pacing of history: the same question again.
    EXPECT_EQ(desk.count_sent("50"), 2U);
    EXPECT_NE(desk.request(), first);
    desk.bar(first);
    EXPECT_EQ(desk.count<gateway::BarClosed>(), 0U);
    EXPECT_EQ(desk.counter("late_bar"), 1U);
    desk.cut();
    ASSERT_TRUE(desk.wait_for_connect());
    desk.connect();
    desk.end_all();
    desk.wait_alive(15s);
    EXPECT_EQ(desk.count_sent("50"), 3U);
    desk.bar(desk.request());
    EXPECT_EQ(desk.count<gateway::BarClosed>(), 1U);
}

TEST(Bars, ARefusalEndsThemWithItsReason) {
    BarsDesk desk;
    desk.feed(
        fake::error(std::stoll(desk.request()), 420, "Invalid Real-time Query:No permission"));
    ASSERT_EQ(desk.count<gateway::BarsEnded>(), 1U);
    EXPECT_NE(desk.last<gateway::BarsEnded>().reason.find("No permission"), std::string::npos);
    desk.wait_alive(10min);
    EXPECT_EQ(desk.count_sent("50"), 1U);
}

TEST(Bars, WhatIbBreaksOffIsAskedForAgainAfterPausesThatGrow) {
    BarsDesk desk;
    desk.feed(fake::error(std::stoll(desk.request()), 10182, "Failed to request live updates"));
    EXPECT_EQ(desk.count<gateway::BarsEnded>(), 0U);
    desk.wait_alive(14s);
    EXPECT_EQ(desk.count_sent("50"), 1U);
    desk.wait_alive(1s);
    EXPECT_EQ(desk.count_sent("50"), 2U);
    desk.feed(fake::error(std::stoll(desk.request()), 10182, "Failed to request live updates"));
    desk.wait_alive(29s);
    EXPECT_EQ(desk.count_sent("50"), 2U);
    desk.wait_alive(1s);
    EXPECT_EQ(desk.count_sent("50"), 3U);
    desk.bar(desk.request());
    EXPECT_EQ(desk.count<gateway::BarClosed>(), 1U) << "it heals";
}

TEST(Bars, UnsubscribeCancelsThemOnce) {
    BarsDesk desk;
    const auto request = desk.request();
    desk.command(gateway::UnsubscribeBars{{900}});
    EXPECT_EQ(desk.last_request("51", 2), request);
    desk.command(gateway::UnsubscribeBars{{900}});
    EXPECT_EQ(desk.count_sent("51"), 1U);
    desk.bar(request);
    EXPECT_EQ(desk.count<gateway::BarClosed>(), 0U);
}

TEST(Bars, AnIdThatIsNoConidIsRefusedAtOnce) {
    BarsDesk desk;
    desk.command(gateway::SubscribeBars{{901}, {"AAPL"}, *CanonicalSymbol::parse("AAPL")});
    EXPECT_EQ(desk.last<gateway::BarsEnded>().subscription, SubscriptionId{901});
}

}  // namespace
}  // namespace janus::ib
