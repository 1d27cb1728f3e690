#include "gateway/webull/order_tracker.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace janus::webull {
namespace {

using gateway::BrokerStatus;
using gateway::OrderReport;
using namespace std::chrono_literals;

Now at(std::int64_t seconds) {
    return {.mono = Instant{std::chrono::seconds(seconds)}, .utc = {}};
}

OrderReport row(std::string client, BrokerStatus status, std::int64_t filled) {
    OrderReport report;
    report.account = AccountName{"w"};
    report.client_order_id = ClientOrderId{client};
    report.ref.permanent = "B" + client;
    report.status = status;
    report.fill_source = gateway::FillSource::Cumulative;
    report.quantity = Quantity{Decimal::from_integer(100)};
    report.filled = Quantity{Decimal::from_integer(filled)};
    return report;
}

TEST(WebullOrderTracker, OnlyTheDetailSettlesWhichEndItWas) {
    Outbox out;
    OrderTracker tracker(out);
    tracker.on_row(at(1), 0, row("a", BrokerStatus::Cancelled, 40), Source::Event,
                   Emit::WhenChanged);
    tracker.on_row(at(2), 0, row("a", BrokerStatus::Expired, 40), Source::List, Emit::WhenChanged);
    EXPECT_EQ(tracker.find(0, ClientOrderId{"a"})->report.status, BrokerStatus::Cancelled);
    tracker.on_row(at(3), 0, row("a", BrokerStatus::Expired, 40), Source::Detail,
                   Emit::WhenChanged);
    EXPECT_EQ(tracker.find(0, ClientOrderId{"a"})->report.status, BrokerStatus::Expired);
    tracker.on_row(at(4), 0, row("a", BrokerStatus::Working, 40), Source::Detail,
                   Emit::WhenChanged);
    EXPECT_EQ(tracker.find(0, ClientOrderId{"a"})->report.status, BrokerStatus::Expired);
}

TEST(WebullOrderTracker, FilledWithTooLittleIsUnmapped) {
    Outbox out;
    OrderTracker tracker(out);
    tracker.on_row(at(1), 0, row("a", BrokerStatus::Filled, 40), Source::Event, Emit::Always);
    const auto events = out.take_events();
    const auto& report = std::get<OrderReport>(events.back());
    EXPECT_EQ(report.status, BrokerStatus::Unmapped);
    EXPECT_EQ(report.reason, "FILLED with 40 of 100");
}

TEST(WebullOrderTracker, TellsTheValuesThatTheRowItselfHasAndNoOlderOnes) {
    Outbox out;
    OrderTracker tracker(out);
    const auto told = [&] { return std::get<OrderReport>(out.take_events().back()); };
    auto detail = row("a", BrokerStatus::Working, 0);
    detail.limit_price = Price{Decimal::from_integer(10)};
    detail.trail_amount = Price{Decimal::from_integer(2)};
    tracker.on_row(at(1), 0, detail, Source::Detail, Emit::Always);
    EXPECT_EQ(told().limit_price, detail.limit_price);
    tracker.on_row(at(2), 0, row("a", BrokerStatus::Working, 40), Source::Event, Emit::WhenChanged);
    const auto event = told();
    EXPECT_FALSE(event.limit_price || event.trail_amount) << "an event has no prices";
    EXPECT_EQ(event.quantity->value.to_text(), "100");
    EXPECT_EQ(tracker.find(0, ClientOrderId{"a"})->report.limit_price, detail.limit_price);
    auto stale = detail;
    stale.quantity = Quantity{Decimal::from_integer(50)};
    tracker.on_row(at(3), 0, stale, Source::List, Emit::Always);
    const auto old = told();
    EXPECT_FALSE(old.quantity || old.limit_price) << "from before the fill";
}

TEST(WebullOrderTracker, AccountsDoNotMixAndTheBrokersIdLeadsBack) {
    Outbox out;
    OrderTracker tracker(out);
    tracker.on_row(at(1), 0, row("a", BrokerStatus::Working, 0), Source::List, Emit::Always);
    EXPECT_FALSE(tracker.has_open(1));
    EXPECT_TRUE(tracker.has_open(0));
    EXPECT_EQ(tracker.find_client_order_id(0, "Ba"), ClientOrderId{"a"});
    EXPECT_FALSE(tracker.find_client_order_id(1, "Ba").has_value());
    auto nameless = row("", BrokerStatus::Filled, 100);
    nameless.ref.permanent = "Ba";
    tracker.on_row(at(2), 0, nameless, Source::Event, Emit::Always);
    EXPECT_FALSE(tracker.has_open(0));
    EXPECT_EQ(tracker.size(), 1U);
}

TEST(WebullOrderTracker, ForgetsTheOldestFinishedOrdersAndNeverAnOpenOne) {
    Outbox out;
    OrderTracker tracker(out, 10);
    tracker.on_row(at(0), 0, row("open", BrokerStatus::Working, 0), Source::List, Emit::Always);
    for (int i = 0; i < 100; ++i)
        tracker.on_row(at(i), 0, row(fmt::format("f{}", i), BrokerStatus::Filled, 100),
                       Source::List, Emit::Always);
    EXPECT_EQ(tracker.size(), 10U);
    EXPECT_NE(tracker.find(0, ClientOrderId{"open"}), nullptr);
    EXPECT_NE(tracker.find(0, ClientOrderId{"f99"}), nullptr);
    EXPECT_EQ(tracker.find(0, ClientOrderId{"f0"}), nullptr);
}

TEST(WebullOrderTracker, WhateverComesInWhateverOrderFilledNeverFallsAndTheEndStays) {
    Random random(11);
    for (int round = 0; round < 500; ++round) {
        Outbox out;
        OrderTracker tracker(out);
        for (int i = 0; i < 30; ++i) {
            const auto status = static_cast<BrokerStatus>(random.below(8));
            const auto filled =
                status == BrokerStatus::Filled ? 100 : static_cast<std::int64_t>(random.below(101));
            tracker.on_row(at(i), 0, row("a", status, filled), static_cast<Source>(random.below(3)),
                           Emit::WhenChanged);
        }
        Decimal highest;
        bool ended = false;
        for (const auto& event : out.take_events()) {
            const auto& report = std::get<OrderReport>(event);
            EXPECT_GE(report.filled->value, highest);
            highest = report.filled->value;
            EXPECT_TRUE(!ended || is_final(report.status));
            ended = ended || is_final(report.status);
        }
        EXPECT_NE(tracker.has_open(0),
                  is_final(tracker.find(0, ClientOrderId{"a"})->report.status));
    }
}

}  // namespace
}  // namespace janus::webull
