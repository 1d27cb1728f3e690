// Orders that others have placed: seen by looking, and cancelled where IB lets us.
#include <gtest/gtest.h>

#include "gateway/ib/fake_broker.hpp"

namespace janus::ib {
namespace {

using namespace std::chrono_literals;
using fake::Desk;
using fake::OrderText;
using gateway::BrokerStatus;

/// Ready; looks for orders every 10 s.
struct Looking : Desk {
    explicit Looking(std::int64_t client_id = 7) : Desk(settings_of(client_id)) {
        become_ready();
        forget();
    }
    static IbSettings settings_of(std::int64_t client_id) {
        auto settings = default_settings();
        settings.client_id = client_id;
        settings.open_orders_poll = 10s;
        return settings;
    }
    /// Moves to the next look without letting the line fall silent.
    void next_look() {
        wait(5s);
        feed({"49", "1", "1767623405"});
        wait(5s);
    }
    gateway::CancelOrder cancel(const std::string& permanent) const {
        return {
            {5},
            {""},
            {0, permanent},
            {"ib_main"}
        };
    }
};

OrderText by_hand() {
    OrderText text;
    text.order = "0";
    text.client = "0";
    text.reference = "";
    text.permanent = "77";
    return text;
}

TEST(IbElsewhere, OrdersAreLookedForAtTheIntervalAndNotBefore) {
    Looking desk;
    desk.wait(10s - 1ns);
    EXPECT_EQ(desk.count_sent("16"), 0U);
    desk.wait(1ns);
    EXPECT_EQ(desk.count_sent("16"), 1U);
    desk.feed(fake::open_order(by_hand()));
    desk.end_open_orders();
    const auto report = desk.last<gateway::OrderReport>();
    EXPECT_EQ(report.ref.permanent, "77");
    EXPECT_EQ(report.client_order_id.value, "");
    EXPECT_EQ(desk.count_sent("99"), 0U) << "nothing is missing: the books are not asked";
    EXPECT_EQ(desk.count<gateway::OrdersComplete>(), 0U);
    desk.next_look();
    EXPECT_EQ(desk.count_sent("16"), 2U);
}

TEST(IbElsewhere, NobodyLooksWhileARoundRunsOrTheAccountIsNotReady) {
    Looking desk;
    desk.command(gateway::RefreshAccount{{"ib_main"}});
    desk.next_look();
    EXPECT_EQ(desk.count_sent("16"), 0U) << "the round has not come to its orders";
    Looking lost;
    lost.feed(fake::error(-1, 1100, "lost"));
    lost.next_look();
    EXPECT_EQ(lost.count_sent("16"), 0U);
}

TEST(IbElsewhere, AnOrderThatIsGoneFromTheListIsFoundInTheBooks) {
    Looking desk;
    desk.next_look();
    desk.feed(fake::open_order(by_hand()));
    desk.end_open_orders();
    desk.next_look();
    desk.forget();
    desk.end_open_orders();  // It is not in the list any more.
    EXPECT_EQ(desk.count_sent("16"), 1U) << "a look into the books begins";
    desk.end_open_orders();
    auto text = by_hand();
    text.status = "Cancelled";
    text.completed_status = "Cancelled by Trader";
    desk.feed(fake::completed_order(text));
    desk.end_completed();
    desk.end_executions();
    ASSERT_EQ(desk.count<gateway::OrderReport>(), 1U);
    EXPECT_EQ(desk.last<gateway::OrderReport>().status, BrokerStatus::Cancelled);
    EXPECT_EQ(desk.last<gateway::OrderReport>().reason, "Cancelled by Trader");
}

TEST(IbElsewhere, WhatTheBooksDoNotExplainIsSaidOnce) {
    Looking desk;
    desk.next_look();
    desk.feed(fake::open_order(by_hand()));
    desk.end_open_orders();
    desk.next_look();
    desk.forget();
    desk.end_open_orders();
    desk.end_open_orders();
    desk.end_completed();
    desk.end_executions();
    ASSERT_EQ(desk.count<gateway::OrderReport>(), 1U);
    EXPECT_EQ(desk.last<gateway::OrderReport>().status, BrokerStatus::Unmapped);
    EXPECT_EQ(desk.last<gateway::OrderReport>().reason, "gone from IB's list of open orders");
    desk.next_look();
    desk.end_open_orders();
    EXPECT_EQ(desk.count<gateway::OrderReport>(), 1U);
}

TEST(IbElsewhere, AnOwnOrderThatIsGoneIsAskedFor) {
    Looking desk;
    desk.feed(fake::open_order({}));
    desk.command(gateway::QueryOrder{
        {1},
        {"ref00000000000000001"},
        {41, ""},
        {"ib_main"}
    });
    desk.feed(fake::open_order({}));
    desk.end_open_orders();
    desk.end_completed();
    desk.end_executions();
    desk.next_look();
    desk.end_open_orders();
    desk.forget();
    desk.end_open_orders();
    desk.end_completed();
    desk.end_executions();
    ASSERT_EQ(desk.count<gateway::OrderNotice>(), 1U);
    EXPECT_TRUE(desk.last<gateway::OrderNotice>().ask);
    EXPECT_EQ(desk.count<gateway::OrderReport>(), 0U) << "that it is missing proves nothing";
}

TEST(IbElsewhere, AnOrderWithoutAnAnswerIsNotMissed) {
    Looking desk;
    desk.feed(fake::position("DU1000001", {}, "100", "150"));
    desk.describe({});
    desk.next_look();
    desk.command(desk.place(1, "ref00000000000000001", 41));
    desk.end_open_orders();
    EXPECT_EQ(desk.count_sent("99"), 0U);
}

TEST(IbElsewhere, TheCancelOfAnothersOrderIsRefusedWithTheReason) {
    Looking desk;
    desk.feed(fake::open_order(by_hand()));
    auto text = by_hand();
    text.order = "12";
    text.client = "8";
    text.permanent = "78";
    desk.feed(fake::open_order(text));
    desk.command(desk.cancel("77"));
    EXPECT_EQ(
        desk.last<gateway::CancelRefused>().reason,
        "the order was made by hand in TWS, and Janus is client id 7: IB lets only TWS and client "
        "id 0 cancel it; cancel it in TWS, or set client_id = 0 for account ib_main");
    desk.command(desk.cancel("78"));
    EXPECT_EQ(desk.last<gateway::CancelRefused>().reason,
              "the order is of client id 8, and Janus is client id 7: IB lets only the client that "
              "placed an order cancel it; cancel it in that program, or in TWS");
    desk.command(desk.cancel("79"));
    EXPECT_EQ(
        desk.last<gateway::CancelRefused>().reason,
        "IB's list of open orders does not have it now; `janus sync ib_main` fetches the list "
        "afresh");
    EXPECT_EQ(desk.count<gateway::CancelRefused>(), 3U);
    EXPECT_EQ(desk.count_sent("4"), 0U);
}

TEST(IbElsewhere, AnOrderOfOurClientIdThatIsNotOursIsCancelledByItsNumber) {
    Looking desk;
    auto text = by_hand();
    text.order = "12";
    text.client = "7";
    desk.feed(fake::open_order(text));
    desk.command(desk.cancel("77"));
    EXPECT_EQ(desk.last_request("4", 1), "12");
    desk.feed(fake::error(12, 10148, "cannot be cancelled, state: Filled"));
    EXPECT_EQ(desk.last<gateway::CancelRefused>().order.value, 5U);
}

TEST(IbElsewhere, AnOrderMadeByHandIsCancelledWhenItIsBoundToClientZero) {
    Looking desk(0);
    auto text = by_hand();
    text.order = "-3";
    desk.feed(fake::open_order(text));
    desk.command(desk.cancel("77"));
    EXPECT_EQ(desk.last_request("4", 1), "-3");
    desk.feed(fake::error(-3, 202, "Order Canceled"));
    EXPECT_EQ(desk.count<gateway::CancelRefused>(), 0U);
    desk.command(desk.cancel("77"));
    desk.feed(fake::error(-3, 10147, "not found"));
    EXPECT_EQ(desk.count<gateway::CancelRefused>(), 1U);
    text.status = "Cancelled";
    desk.feed(fake::order_status(text, "0", "10"));
    EXPECT_EQ(desk.last<gateway::OrderReport>().status, BrokerStatus::Cancelled);
}

TEST(IbElsewhere, ClientZeroAsksThatOrdersMadeByHandAreBoundToIt) {
    Desk zero(Looking::settings_of(0));
    zero.become_ready();
    EXPECT_EQ(zero.count_sent("15"), 1U);
    EXPECT_EQ(zero.last_request("15", 2), "1");
    Desk other(Looking::settings_of(7));
    other.become_ready();
    EXPECT_EQ(other.count_sent("15"), 0U) << "IB answers it with error 327";
}

TEST(IbElsewhere, AnOrderMadeByHandIsCancelledOnceItsNumberIsTold) {
    Looking desk(0);
    desk.feed(fake::open_order(by_hand()));
    desk.command(desk.cancel("77"));
    EXPECT_EQ(desk.last<gateway::CancelRefused>().reason,
              "the order was made by hand and IB has not bound it to client id 0 yet; `janus sync "
              "ib_main` asks for that, then cancel again");
    desk.feed({"100", "77", "8", "-4"});
    desk.feed({"100", "78", "0", "-5"});
    EXPECT_EQ(desk.count_sent("4"), 0U);
    desk.feed({"100", "77", "0", "-3"});
    desk.command(desk.cancel("77"));
    EXPECT_EQ(desk.last_request("4", 1), "-3");
}

TEST(IbElsewhere, TheNumberMinusOneIsTheSystemsUnlessACancelIsAnswered) {
    Looking desk(0);
    auto text = by_hand();
    text.order = "-1";
    desk.feed(fake::open_order(text));
    desk.command(desk.cancel("77"));
    desk.feed(fake::error(-1, 10148, "state: Filled"));
    EXPECT_EQ(desk.count<gateway::CancelRefused>(), 1U);
    desk.feed(fake::error(-1, 1100, "lost"));
    EXPECT_EQ(desk.gate(), gateway::Gate::Degraded);
}

TEST(IbElsewhere, BooksAndExecutionsAreFetchedAfterEveryGap) {
    for (const auto code : {1101, 1102}) {
        Looking desk;
        desk.feed(fake::error(-1, 1100, "lost"));
        desk.feed(fake::error(-1, code, "restored"));
        desk.end_all();
        for (const auto* request : {"5", "16", "99", "7"})
            EXPECT_EQ(desk.count_sent(request), 1U) << request << " after " << code;
        EXPECT_EQ(desk.count<gateway::OrdersComplete>(), 1U) << code;
    }
    Looking desk;
    desk.cut();
    ASSERT_TRUE(desk.wait_for_connect());
    desk.forget();
    desk.connect();
    desk.end_all();
    for (const auto* request : {"5", "16", "99", "7"})
        EXPECT_EQ(desk.count_sent(request), 1U) << request;
}

}  // namespace
}  // namespace janus::ib
