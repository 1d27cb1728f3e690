// Changes of live orders, and previews.
#include <gtest/gtest.h>

#include "gateway/ib/fake_broker.hpp"

namespace janus::ib {
namespace {

using namespace std::chrono_literals;
using fake::Desk;
using fake::Fields;
using fake::OrderText;

const std::string reference = "ref00000000000000001";

Price price(std::string_view text) {
    return {*Decimal::parse(text)};
}

/// Ready, with the details of AAPL known and order 1 live under number 41.
struct Changing : Desk {
    Changing() {
        start();
        feed(fake::position("DU1000001", {}, "100", "150"));
        end_positions();
        describe({});
        end_balances();
        end_open_orders();
        end_open_orders();
        end_completed();
        end_executions();
        command(place(1, reference, 41));
        feed(fake::open_order({}));
        forget();
    }
    gateway::ModifyOrder change(std::string_view limit = "181") {
        auto order = place(1, reference, 0);
        order.limit_price = price(limit);
        return {
            std::move(order), {41, "900001"}
        };
    }
    std::string unsent() const { return last<gateway::ModifyNotSent>().reason; }
    std::string refused() const { return last<gateway::ModifyRefused>().reason; }
};

TEST(IbChanges, TheWholeOrderGoesOutAgainUnderItsNumber) {
    Changing desk;
    desk.command(desk.change());
    ASSERT_EQ(desk.count_sent("3"), 1U);
    const auto& fields = *desk.find_sent("3");
    EXPECT_EQ(fields.size(), 119U);
    EXPECT_EQ(fields[1], "41");
    EXPECT_EQ(fields[2], "265598");
    EXPECT_EQ(fields[17], "10");
    EXPECT_EQ(fields[19], "181");
    EXPECT_EQ(fields[26], reference);
    EXPECT_EQ(fields[27], "1");
    EXPECT_EQ(desk.count<gateway::ModifyNotSent>(), 0U);
}

TEST(IbChanges, TheOrderShownWithItsNewValuesIsTheAnswer) {
    Changing desk;
    desk.command(desk.change());
    OrderText text;
    text.limit = "181";
    desk.feed(fake::open_order(text));
    EXPECT_EQ(desk.last<gateway::OrderReport>().limit_price, price("181"));
    // From here on an error is not about the change any more.
    desk.feed(fake::error(41, 110, "price"));
    EXPECT_EQ(desk.count<gateway::ModifyRefused>(), 0U);
}

TEST(IbChanges, EveryRefusalOfAChangeLeavesTheOrderAlive) {
    for (const auto code : {104, 105, 110, 201, 321, 329, 2102, 10326, 434}) {
        Changing desk;
        desk.command(desk.change());
        desk.feed(fake::error(41, code, "no such change"));
        ASSERT_EQ(desk.count<gateway::ModifyRefused>(), 1U) << code;
        EXPECT_EQ(desk.last<gateway::ModifyRefused>().order.value, 1U);
        EXPECT_NE(desk.refused().find("no such change"), std::string::npos) << code;
        EXPECT_EQ(desk.count<gateway::OrderReport>(), 0U) << code;
        EXPECT_EQ(desk.count<gateway::OrderRejected>(), 0U) << code;
        desk.feed(fake::execution({}, {}));
        EXPECT_EQ(desk.count<gateway::ExecutionReport>(), 1U) << "it fills at the old price";
    }
}

TEST(IbChanges, TooEarlySaysThatItMayBeTriedAgainAndNothingIsSentTwice) {
    Changing desk;
    desk.command(desk.change());
    desk.feed(fake::error(41, 2102, "still being processed"));
    EXPECT_TRUE(desk.refused().starts_with("too early, try again: ")) << desk.refused();
    desk.wait(60s);
    EXPECT_EQ(desk.count_sent("3"), 1U);
}

TEST(IbChanges, AWarningIsNoRefusal) {
    Changing desk;
    desk.command(desk.change());
    desk.feed(fake::error(41, 399, "will not be placed until"));
    desk.feed(fake::error(41, 19'999, "something new"));
    EXPECT_EQ(desk.count<gateway::ModifyRefused>(), 0U);
    EXPECT_EQ(desk.count<gateway::OrderNotice>(), 2U);
    desk.feed(fake::error(41, 105, "does not match"));
    EXPECT_EQ(desk.count<gateway::ModifyRefused>(), 1U);
}

TEST(IbChanges, ARejectionThatKillsTheOrderAfterAllKeepsItsReason) {
    Changing desk;
    desk.command(desk.change());
    desk.feed(fake::error(41, 201, "margin"));
    OrderText text;
    text.status = "Cancelled";
    desk.feed(fake::order_status(text, "0", "10"));
    const auto report = desk.last<gateway::OrderReport>();
    EXPECT_EQ(report.status, gateway::BrokerStatus::Rejected);
    EXPECT_NE(report.reason.find("margin"), std::string::npos);
}

TEST(IbChanges, ARefusedChangeIsNotTheReasonOfALaterEnd) {
    OrderText dead;
    dead.status = "Cancelled";
    Changing asked;
    asked.command(asked.change());
    asked.feed(fake::error(41, 201, "margin"));
    asked.command(gateway::CancelOrder{
        {1},
        {"ref00000000000000001"},
        {41, ""},
        {"ib_main"}
    });
    asked.feed(fake::order_status(dead, "0", "10"));
    EXPECT_EQ(asked.last<gateway::OrderReport>().status, gateway::BrokerStatus::Cancelled);

    Changing unasked;
    unasked.command(unasked.change());
    unasked.feed(fake::error(41, 201, "margin"));
    OrderText waiting;
    waiting.status = "PreSubmitted";
    unasked.feed(fake::order_status(waiting, "0", "10"));
    unasked.feed(fake::order_status(dead, "0", "10"));
    unasked.feed(fake::error(41, 202, "Order Canceled - reason:"));
    EXPECT_EQ(unasked.last<gateway::OrderReport>().status, gateway::BrokerStatus::Cancelled);
}

TEST(IbChanges, OnlyAnOrderThatIbHasShownIsChanged) {
    Changing desk;
    auto unknown = desk.change();
    unknown.order.order = {2};
    unknown.order.client_order_id = {"ref00000000000000002"};
    desk.command(unknown);
    EXPECT_EQ(desk.unsent(), "IB has not shown this order under its number 41");
    desk.command(desk.place(3, "ref00000000000000003", 42));
    auto unanswered = desk.change();
    unanswered.order.order = {3};
    unanswered.order.client_order_id = {"ref00000000000000003"};
    unanswered.ref.number = 42;
    desk.command(unanswered);
    EXPECT_EQ(desk.unsent(), "IB has not answered the order itself yet");
    EXPECT_EQ(desk.count_sent("3"), 1U) << "the order, and no change";
}

TEST(IbChanges, AnOrderThatHasEndedOrIsBeingCancelledIsNotChanged) {
    Changing ended;
    OrderText text;
    text.status = "Filled";
    ended.feed(fake::order_status(text, "10", "0"));
    ended.command(ended.change());
    EXPECT_EQ(ended.unsent(), "the order has ended at IB");
    Changing cancelled;
    cancelled.command(gateway::CancelOrder{
        {1},
        {reference},
        {41, ""},
        {"ib_main"}
    });
    cancelled.command(cancelled.change());
    EXPECT_EQ(cancelled.unsent(), "the cancel of the order is under way");
    EXPECT_EQ(cancelled.count_sent("3"), 0U);
}

TEST(IbChanges, ASecondChangeWaitsForTheAnswerToTheFirst) {
    Changing desk;
    desk.command(desk.change());
    desk.command(desk.change("182"));
    EXPECT_EQ(desk.unsent(), "an earlier change of the order is not answered yet");
    OrderText text;
    text.limit = "181";
    desk.feed(fake::open_order(text));
    desk.command(desk.change("182"));
    EXPECT_EQ(desk.find_sent("3")->at(19), "182");
}

TEST(IbChanges, BooksFetchedLaterEndTheWaitForAnAnswer) {
    Changing desk;
    desk.command(desk.change());
    desk.command(gateway::QueryOrder{
        {1},
        {reference},
        {41, "900001"},
        {"ib_main"}
    });
    desk.feed(fake::open_order({}));  // Still the old price.
    desk.end_open_orders();
    desk.end_completed();
    desk.end_executions();
    desk.command(desk.change("182"));
    EXPECT_EQ(desk.count<gateway::ModifyNotSent>(), 0U);
    EXPECT_EQ(desk.find_sent("3")->at(19), "182");
}

TEST(IbChanges, BooksAskedForBeforeTheChangeProveNothing) {
    Changing desk;
    desk.command(gateway::QueryOrder{
        {1},
        {reference},
        {41, "900001"},
        {"ib_main"}
    });
    desk.command(desk.change());
    desk.feed(fake::open_order({}));
    desk.feed(fake::error(41, 201, "margin"));
    EXPECT_EQ(desk.count<gateway::ModifyRefused>(), 1U) << "the order itself is not rejected";
}

TEST(IbChanges, NothingLeavesAnAccountThatIsNotReadyAndALostLineAnswersNothing) {
    Changing desk;
    desk.command(desk.change());
    desk.cut();
    EXPECT_EQ(desk.count<gateway::ModifyNotSent>(), 0U) << "it was sent";
    EXPECT_EQ(desk.count<gateway::ModifyRefused>(), 0U) << "nobody has refused it";
    desk.command(desk.change());
    EXPECT_TRUE(desk.unsent().starts_with("account is ")) << desk.unsent();
}

TEST(IbChanges, ATrailKeepsItsStopUnlessItsDistanceChanges) {
    Changing desk;
    auto trail = desk.place(2, "ref00000000000000002", 42);
    trail.type = OrderType::TrailingStop;
    trail.limit_price.reset();
    trail.trail_amount = price("2");
    desk.command(trail);
    OrderText text;
    text.order = "42";
    text.type = "TRAIL";
    text.limit = "0.0";
    text.auxiliary = "2";
    text.reference = "ref00000000000000002";
    text.permanent = "900002";
    const auto shown = fake::with(fake::open_order(text), {
                                                              {73,  "193"},
                                                              {126, "193"}
    });
    desk.feed(shown);
    EXPECT_EQ(desk.last<gateway::OrderReport>().stop_price, price("193"));
    EXPECT_EQ(desk.last<gateway::OrderReport>().trail_amount, price("2"));
    trail.number = 0;  // The reference has it.
    trail.stop_price = price("193");
    trail.quantity = {Decimal::from_integer(20)};
    desk.command(gateway::ModifyOrder{
        trail, {42, "900002"}
    });
    EXPECT_EQ(desk.find_sent("3")->at(68), "193");
    text.quantity = "20";
    desk.feed(fake::with(fake::open_order(text), {
                                                     {73, "194"}
    }));
    trail.trail_amount = price("5");
    desk.command(gateway::ModifyOrder{
        trail, {42, "900002"}
    });
    EXPECT_EQ(desk.find_sent("3")->at(68), "") << "it starts anew from the market";
    EXPECT_EQ(desk.find_sent("3")->at(20), "5");
}

TEST(IbChanges, OthersOrdersAreNotChanged) {
    Changing desk;
    Order order;
    order.account = {"ib_main"};
    order.native_id = {"265598"};
    order.external = true;
    OrderIntent wanted{.account = {"ib_main"}, .symbol = *CanonicalSymbol::parse("AAPL")};
    wanted.type = OrderType::Limit;
    wanted.quantity = {Decimal::from_integer(10)};
    wanted.limit_price = price("180.5");
    EXPECT_EQ(desk.gateway.check_modify(order, wanted).error().message,
              "IB lets only the client that placed an order change it");
    order.external = false;
    order.ref.number = 41;
    EXPECT_TRUE(desk.gateway.check_modify(order, wanted));
    wanted.limit_price = price("180.505");
    EXPECT_FALSE(desk.gateway.check_modify(order, wanted));
}

TEST(IbChanges, TermsOfAnOrderAreReadFromItsFields) {
    Changing desk;
    OrderText text;
    text.time_in_force = "GTD";
    desk.feed(fake::with(fake::open_order(text),
                         {
                             {19, "pair"             },
                             {26, "1"                },
                             {35, "20260105-15:30:00"}
    }));
    auto report = desk.last<gateway::OrderReport>();
    EXPECT_EQ(report.oca_group, "pair");
    EXPECT_EQ(report.session, TradingSession::Extended);
    EXPECT_EQ(report.good_till, Utc{1'767'627'000s});
    desk.feed(fake::with(fake::open_order(text), {
                                                     {35,  "20260105"},
                                                     {151, "1"       }
    }));
    report = desk.last<gateway::OrderReport>();
    EXPECT_EQ(report.session, TradingSession::Overnight);
    EXPECT_EQ(report.good_till, Utc{1'767'571'200s + 24h - 1s}) << "the end of that day";
    text.type = "TRAIL LIMIT";
    text.auxiliary = "0";
    text.limit = "188.9";
    desk.feed(fake::with(fake::open_order(text), {
                                                     {73, "189"},
                                                     {74, "1.5"}
    }));
    report = desk.last<gateway::OrderReport>();
    EXPECT_EQ(report.trail_percent, *Decimal::parse("1.5"));
    EXPECT_FALSE(report.trail_amount);
    EXPECT_EQ(report.limit_offset, price("0.1"));
    EXPECT_FALSE(report.limit_price) << "the gateway fills it in by itself";
}

// ---- previews ----

struct Previewing : Changing {
    gateway::PreviewOrder question(std::uint32_t id = 1, std::int64_t number = 42) {
        OrderIntent intent{.account = {"ib_main"}, .symbol = *CanonicalSymbol::parse("AAPL")};
        intent.type = OrderType::Limit;
        intent.quantity = {Decimal::from_integer(10)};
        intent.limit_price = price("180.5");
        return {{id}, intent, {"265598"}, number};
    }
    static Fields answer(const std::string& number = "42") {
        OrderText text;
        text.order = number;
        text.reference = "";
        text.permanent = "0";
        text.what_if = "1";
        text.status = "PreSubmitted";
        return fake::with(fake::open_order(text), {
                                                      {94,  "1000"   },
                                                      {97,  "541.5"  },
                                                      {100, "1541.5" },
                                                      {98,  "451.25" },
                                                      {99,  "-1"     },
                                                      {103, "1"      },
                                                      {104, "0.5"    },
                                                      {105, "1.5"    },
                                                      {106, "USD"    },
                                                      {107, "EUR"    },
                                                      {120, "careful"}
        });
    }
    std::vector<gateway::PreviewResult> results() const { return all<gateway::PreviewResult>(); }
};

TEST(IbPreviews, AWhatIfIsAskedUnderItsOwnNumberAndAnsweredByOneOpenOrder) {
    Previewing desk;
    desk.command(desk.question());
    const auto& fields = *desk.find_sent("3");
    EXPECT_EQ(fields[1], "42");
    EXPECT_EQ(fields[84], "1");
    EXPECT_EQ(fields[27], "1") << "else IB answers 413";
    desk.feed(Previewing::answer());
    ASSERT_EQ(desk.results().size(), 1U);
    const auto preview = desk.results()[0].outcome.value();
    EXPECT_EQ(preview.initial.before, Money{*Decimal::parse("1000")});
    EXPECT_EQ(preview.initial.change, Money{*Decimal::parse("541.5")});
    EXPECT_EQ(preview.initial.after, Money{*Decimal::parse("1541.5")});
    EXPECT_EQ(preview.maintenance.change, Money{*Decimal::parse("451.25")});
    EXPECT_FALSE(preview.maintenance.before);
    EXPECT_EQ(preview.equity_with_loan.change, Money{*Decimal::parse("-1")});
    EXPECT_EQ(preview.commission, Money{*Decimal::parse("1")});
    EXPECT_EQ(preview.commission_max, Money{*Decimal::parse("1.5")});
    EXPECT_EQ(preview.commission_currency, "USD");
    EXPECT_EQ(preview.margin_currency, "EUR");
    EXPECT_EQ(preview.warning, "careful");
}

TEST(IbPreviews, ItsAnswerNeverBecomesAnOrder) {
    Previewing desk;
    desk.command(desk.question());
    desk.feed(Previewing::answer());
    desk.feed(Previewing::answer());
    EXPECT_EQ(desk.count<gateway::OrderReport>(), 0U);
    EXPECT_EQ(desk.results().size(), 1U);
    EXPECT_EQ(desk.counter("late_preview"), 1U);
}

TEST(IbPreviews, AnErrorForItsNumberIsTheBrokersNo) {
    Previewing desk;
    desk.command(desk.question());
    desk.feed(fake::error(42, 399, "only tomorrow"));
    EXPECT_TRUE(desk.results().empty());
    desk.feed(fake::error(42, 201, "no permission"));
    ASSERT_EQ(desk.results().size(), 1U);
    EXPECT_EQ(desk.results()[0].outcome.error().code, ErrorCode::Rejected);
    EXPECT_EQ(desk.results()[0].outcome.error().message, "no permission (IB 201)");
    EXPECT_EQ(desk.count<gateway::OrderNotice>(), 0U);
}

TEST(IbPreviews, ARejectReasonIsTheBrokersNoAndNoticesAreWarnings) {
    Previewing desk;
    desk.command(desk.question());
    desk.feed(fake::with(Previewing::answer(), {
                                                   {118, "not enough"}
    }));
    EXPECT_EQ(desk.results()[0].outcome.error().message, "not enough");
    desk.command(desk.question(2, 43));
    desk.feed(fake::error(43, 399, "only tomorrow"));
    desk.feed(Previewing::answer("43"));
    EXPECT_EQ(desk.results()[1].outcome.value().warning, "careful; only tomorrow");
}

TEST(IbPreviews, SilenceEndsAtItsBoundAndNotBefore) {
    Previewing desk;
    desk.command(desk.question());
    desk.wait(10s - 1ns);
    EXPECT_TRUE(desk.results().empty());
    desk.wait(1ns);
    ASSERT_EQ(desk.results().size(), 1U);
    EXPECT_EQ(desk.results()[0].outcome.error().code, ErrorCode::Unavailable);
}

TEST(IbPreviews, ALostConnectionAnswersEveryQuestion) {
    Previewing desk;
    desk.command(desk.question());
    desk.cut();
    ASSERT_EQ(desk.results().size(), 1U);
    EXPECT_EQ(desk.results()[0].outcome.error().code, ErrorCode::Unavailable);
    desk.command(desk.question(2, 43));
    ASSERT_EQ(desk.results().size(), 2U);
    EXPECT_EQ(desk.count_sent("3"), 1U);
}

TEST(IbPreviews, ANumberThatAnOrderHasIsNotUsed) {
    Previewing desk;
    desk.command(desk.question(1, 41));
    EXPECT_EQ(desk.count_sent("3"), 0U);
    EXPECT_EQ(desk.results()[0].outcome.error().message,
              "order number 41 belongs to another order");
}

}  // namespace
}  // namespace janus::ib
