#include <gtest/gtest.h>

#include "gateway/ib/fake_broker.hpp"

namespace janus::ib {
namespace {

using namespace std::chrono_literals;
using fake::Desk;
using fake::OrderText;
using gateway::BrokerStatus;

const std::string reference = "ref00000000000000001";

/// Ready, with the details of AAPL known, and nothing remembered.
void get_ready(Desk& desk) {
    desk.start();
    desk.feed(fake::position("DU1000001", {}, "100", "150"));
    desk.end_positions();
    desk.describe({});
    desk.end_balances();
    desk.end_open_orders();
    desk.end_open_orders();
    desk.end_completed();
    desk.end_executions();
    desk.forget();
}

OrderIntent intent(const std::string& symbol = "AAPL") {
    OrderIntent out{.account = {"ib_main"}, .symbol = *CanonicalSymbol::parse(symbol)};
    out.type = OrderType::Limit;
    out.quantity = {Decimal::from_integer(10)};
    out.limit_price = Price{*Decimal::parse("180.5")};
    return out;
}

gateway::CancelOrder cancel(std::uint64_t order, std::int64_t number = 41) {
    return {
        {order},
        {reference},
        {number, ""},
        {"ib_main"}
    };
}

TEST(IbPlacing, SendsTheContractOfTheDetailsWithAccountAndReference) {
    Desk desk;
    get_ready(desk);
    EXPECT_EQ(*desk.gateway.prepare_order(intent(), {"265598"}), 41);
    desk.command(desk.place(1, reference, 41));
    ASSERT_EQ(desk.count_sent("3"), 1U);
    const auto& fields = *desk.find_sent("3");
    EXPECT_EQ(fields.size(), 119U);
    EXPECT_EQ(fields[1], "41");
    EXPECT_EQ(fields[2], "265598");
    EXPECT_EQ(fields[3], "AAPL");
    EXPECT_EQ(fields[4], "STK");
    EXPECT_EQ(fields[9], "SMART");
    EXPECT_EQ(fields[10], "NASDAQ");
    EXPECT_EQ(fields[16], "BUY");
    EXPECT_EQ(fields[19], "180.5");
    EXPECT_EQ(fields[23], "DU1000001");
    EXPECT_EQ(fields[26], reference);
}

TEST(IbPlacing, AsksForTheDetailsOfAnUnknownConidFirst) {
    Desk desk;
    desk.become_ready();
    desk.forget();
    auto place = desk.place(1, reference, 41);
    place.native_id = {"620730920"};
    place.symbol = *CanonicalSymbol::parse("NQ.2603");
    desk.command(place);
    EXPECT_EQ(desk.count_sent("3"), 0U);
    desk.describe(fake::nasdaq_future());
    ASSERT_EQ(desk.count_sent("3"), 1U);
    const auto& fields = *desk.find_sent("3");
    EXPECT_EQ(fields[9], "CME");
    EXPECT_EQ(fields[5], "20260320");
    EXPECT_EQ(fields[8], "20");
}

TEST(IbPlacing, WithoutDetailsWithinTheirTimeItIsNotSent) {
    Desk desk;
    desk.become_ready();
    desk.command(desk.place(1, reference, 41));
    desk.wait(10s - 1ns);
    EXPECT_EQ(desk.count<gateway::OrderNotSent>(), 0U);
    desk.wait(1ns);
    EXPECT_EQ(desk.count<gateway::OrderNotSent>(), 1U);
    desk.feed(fake::contract_data(desk.last_request("9", 2), {}));
    EXPECT_EQ(desk.count_sent("3"), 0U) << "an answer that comes late sends nothing";
    desk.command(desk.place(2, "ref00000000000000002", 42));
    desk.feed(fake::error(std::stoll(desk.last_request("9", 2)), 200, "no security definition"));
    EXPECT_NE(desk.last<gateway::OrderNotSent>().reason.find("no security definition"),
              std::string::npos);
}

TEST(IbPlacing, AConidOfAnotherKindIsNotSent) {
    Desk desk;
    desk.become_ready();
    desk.command(desk.place(1, reference, 41));
    fake::ContractText bond;
    bond.type = "BOND";
    desk.describe(bond);
    EXPECT_EQ(desk.count_sent("3"), 0U);
    EXPECT_EQ(desk.count<gateway::OrderNotSent>(), 1U);
}

TEST(IbPlacing, NothingLeavesAnAccountThatIsNotReady) {
    Desk desk;
    desk.command(desk.place(1, reference, 41));
    EXPECT_EQ(desk.count<gateway::OrderNotSent>(), 1U);
    desk.start();
    desk.command(desk.place(2, "ref00000000000000002", 42));
    EXPECT_EQ(desk.count<gateway::OrderNotSent>(), 2U);
    desk.end_all();
    desk.feed(fake::error(-1, 1100, "lost"));
    desk.command(desk.place(3, "ref00000000000000003", 43));
    EXPECT_EQ(desk.last<gateway::OrderNotSent>().reason, "account is degraded: ib_upstream");
    EXPECT_EQ(desk.count_sent("3"), 0U);
}

TEST(IbPlacing, TheSameOrderTwiceGoesOutOnce) {
    Desk desk;
    get_ready(desk);
    const auto place = desk.place(1, reference, 41);
    desk.command(place);
    desk.command(place);
    EXPECT_EQ(desk.count_sent("3"), 1U);
    EXPECT_EQ(desk.count<gateway::OrderNotSent>(), 0U) << "that would be a lie about the first";
    auto again = desk.place(2, "ref00000000000000002", 41);
    desk.command(again);
    EXPECT_EQ(desk.count_sent("3"), 1U) << "the same number would modify the first order";
    EXPECT_EQ(desk.last<gateway::OrderNotSent>().order.value, 2U);
}

TEST(IbPlacing, TheRateHoldsOrdersBackAndCancelsPass) {
    Desk desk;
    get_ready(desk);
    desk.wait(2s);
    desk.forget();
    for (std::uint64_t i = 1; i <= 60; ++i)
        desk.command(desk.place(i, "ref" + std::to_string(10000000000000000 + i),
                                40 + static_cast<std::int64_t>(i)));
    EXPECT_EQ(desk.count_sent("3"), 36U);
    for (std::uint64_t i = 1; i <= 4; ++i) {
        auto command = cancel(i, 40 + static_cast<std::int64_t>(i));
        command.client_order_id = {"ref" + std::to_string(10000000000000000 + i)};
        desk.command(command);
    }
    EXPECT_EQ(desk.count_sent("4"), 4U) << "room is reserved for cancels";
    EXPECT_EQ(desk.sent.size(), 40U);
    desk.wait(999ms);
    EXPECT_EQ(desk.sent.size(), 40U);
    desk.wait(1ms);
    EXPECT_EQ(desk.count_sent("3"), 60U);
    EXPECT_EQ(desk.count<gateway::OrderNotSent>(), 0U);
}

TEST(IbPlacing, AnOrderThatWaitedTooLongIsNotSent) {
    Desk desk;
    get_ready(desk);
    desk.wait(2s);
    desk.forget();
    for (std::uint64_t i = 1; i <= 37; ++i) {
        auto place = desk.place(i, "ref" + std::to_string(10000000000000000 + i),
                                40 + static_cast<std::int64_t>(i));
        place.send_before = desk.now.mono + 500ms;
        desk.command(place);
    }
    EXPECT_EQ(desk.count_sent("3"), 36U);
    desk.wait(2s);
    EXPECT_EQ(desk.count_sent("3"), 36U);
    EXPECT_EQ(desk.last<gateway::OrderNotSent>().order.value, 37U);
}

TEST(IbPlacing, ACancelOfAWaitingOrderMeansItWasNeverSent) {
    Desk desk;
    desk.become_ready();
    desk.command(desk.place(1, reference, 41));
    desk.command(cancel(1));
    EXPECT_EQ(desk.count<gateway::OrderNotSent>(), 1U);
    desk.describe({});
    EXPECT_EQ(desk.count_sent("3") + desk.count_sent("4"), 0U);
}

TEST(IbPlacing, ACutLineAfterThePlaceIsUncertainAndNothingIsSentAgain) {
    Desk desk;
    get_ready(desk);
    desk.command(desk.place(1, reference, 41));
    desk.cut();
    ASSERT_EQ(desk.count<gateway::OrderUncertain>(), 1U);
    EXPECT_EQ(desk.last<gateway::OrderUncertain>().order.value, 1U);
    desk.wait(2s);
    desk.connect("DU1000001", "41");
    desk.end_positions();
    desk.end_balances();
    desk.end_open_orders();
    desk.feed(fake::open_order({}));
    desk.end_open_orders();
    desk.end_completed();
    desk.end_executions();
    EXPECT_EQ(desk.count_sent("3"), 1U);
    const auto report = desk.last<gateway::OrderReport>();
    EXPECT_EQ(report.client_order_id.value, reference) << "recognised by its reference";
    EXPECT_EQ(report.ref, (BrokerOrderRef{41, "900001"}));
    EXPECT_EQ(report.status, BrokerStatus::Working);
    EXPECT_EQ(desk.count<gateway::OrderUncertain>(), 1U);
    desk.cut();
    EXPECT_EQ(desk.count<gateway::OrderUncertain>(), 1U) << "answered now";
}

TEST(IbPlacing, AnAnsweredOrderIsNotUncertainAfterACut) {
    Desk desk;
    get_ready(desk);
    desk.command(desk.place(1, reference, 41));
    desk.feed(fake::open_order({}));
    desk.cut();
    EXPECT_EQ(desk.count<gateway::OrderUncertain>(), 0U);
}

TEST(IbPlacing, StopLeavesAnUnansweredOrderUncertain) {
    Desk desk;
    get_ready(desk);
    desk.command(desk.place(1, reference, 41));
    desk.command(gateway::Stop{});
    EXPECT_EQ(desk.count<gateway::OrderUncertain>(), 1U);
}

TEST(IbPlacing, NumbersAreAboveEverythingOfferedUsedAndSeen) {
    Desk desk;
    desk.gateway.restore_number(100);
    EXPECT_FALSE(desk.gateway.prepare_order(intent(), {"265598"})) << "IB has not spoken yet";
    desk.start("DU1000001", "41");
    EXPECT_EQ(*desk.gateway.prepare_order(intent(), {"265598"}), 101);
    OrderText seen;
    seen.order = "250";
    seen.client = "3";
    desk.feed(fake::open_order(seen));
    EXPECT_EQ(*desk.gateway.prepare_order(intent(), {"265598"}), 251);
    desk.feed({"9", "1", "300"});
    EXPECT_EQ(*desk.gateway.prepare_order(intent(), {"265598"}), 300);
    desk.feed({"9", "1", "5"});
    EXPECT_EQ(*desk.gateway.prepare_order(intent(), {"265598"}), 301) << "never reused";
}

TEST(IbPlacing, ANumberBelowTheBrokersNextIsNotSent) {
    Desk desk;
    get_ready(desk);
    desk.feed({"9", "1", "50"});
    desk.command(desk.place(1, reference, 41));
    EXPECT_EQ(desk.count_sent("3"), 0U);
    EXPECT_EQ(desk.count<gateway::OrderNotSent>(), 1U);
}

TEST(IbPlacing, DeniesWhatIbCannotExpress) {
    Desk desk;
    get_ready(desk);
    const auto why = [&](const OrderIntent& what, const std::string& conid = "265598") {
        const auto result = desk.gateway.prepare_order(what, {conid});
        EXPECT_EQ(result ? ErrorCode::Internal : result.error().code, ErrorCode::Denied);
        return result ? std::string("accepted") : result.error().message;
    };
    auto fraction = intent("NQ.2603");
    fraction.quantity = {*Decimal::parse("1.5")};
    EXPECT_EQ(why(fraction, "5"), "quantity was 1.5; IB takes whole contracts of NQ.2603");
    auto unknown = intent();
    unknown.quantity = {*Decimal::parse("0.5")};
    EXPECT_EQ(why(unknown, "7"), "quantity was 0.5; IB takes whole shares of AAPL here");
    EXPECT_TRUE(desk.gateway.prepare_order(unknown, {"265598"})) << "its details allow fractions";
    auto grid = intent();
    grid.limit_price = Price{*Decimal::parse("180.505")};
    EXPECT_EQ(why(grid), "limit price 180.505 is no multiple of the smallest step 0.01");
    auto negative = intent();
    negative.limit_price = Price{*Decimal::parse("-1")};
    EXPECT_EQ(why(negative), "limit price was -1, must be above zero");
    auto crude = intent("CL.2605");
    crude.limit_price = Price{*Decimal::parse("-37.63")};
    EXPECT_TRUE(desk.gateway.prepare_order(crude, {"5"})) << "futures have traded below zero";
    auto extended = intent();
    extended.type = OrderType::Market;
    extended.limit_price.reset();
    extended.session = TradingSession::Extended;
    EXPECT_NE(why(extended).find("regular session only"), std::string::npos);
    EXPECT_NE(why(intent(), "AAPL").find("not a conid"), std::string::npos);
    EXPECT_NE(why(intent("NQ.2603")).find("is a STK at IB"), std::string::npos);
    auto elsewhere = intent();
    elsewhere.account = {"webull"};
    EXPECT_NE(why(elsewhere).find("not on this login"), std::string::npos);
}

TEST(IbCancelling, ASentCancelAndItsConfirmation) {
    Desk desk;
    get_ready(desk);
    desk.command(desk.place(1, reference, 41));
    desk.feed(fake::open_order({}));
    desk.command(cancel(1));
    EXPECT_EQ(*desk.find_sent("4"), (fake::Fields{"4", "41", "", "", "2147483647"}));
    desk.feed(fake::error(41, 202, "Order Canceled - reason:"));
    EXPECT_EQ(desk.last<gateway::OrderReport>().status, BrokerStatus::Cancelled);
    EXPECT_EQ(desk.count<gateway::OrderRejected>(), 0U);
}

TEST(IbCancelling, ACancelMeetsAFill) {
    Desk desk;
    get_ready(desk);
    desk.command(desk.place(1, reference, 41));
    desk.feed(fake::open_order({}));
    desk.command(cancel(1));
    desk.feed(fake::execution({}, {}));
    desk.feed(fake::error(41, 10148, "cannot be cancelled, state: Filled"));
    EXPECT_EQ(desk.count<gateway::ExecutionReport>(), 1U);
    ASSERT_EQ(desk.count<gateway::CancelRefused>(), 1U);
    EXPECT_EQ(desk.last<gateway::CancelRefused>().order.value, 1U);
    EXPECT_NE(desk.last<gateway::CancelRefused>().reason.find("state: Filled"), std::string::npos);
    for (const auto& report : desk.all<gateway::OrderReport>())
        EXPECT_NE(report.status, BrokerStatus::Cancelled);
}

TEST(IbCancelling, AnOrderOfAnEarlierProcessIsFoundByItsReference) {
    Desk desk;
    get_ready(desk);
    desk.feed(fake::open_order({}));
    desk.command(cancel(5, 0));
    EXPECT_EQ(desk.last_request("4", 1), "41");
    desk.feed(fake::error(41, 10147, "not found"));
    EXPECT_EQ(desk.last<gateway::CancelRefused>().order.value, 5U);
}

TEST(IbCancelling, ANumberThatBelongsToAnotherOrderIsNotUsed) {
    Desk desk;
    get_ready(desk);
    OrderText other;
    other.reference = "another0000000000000";
    desk.feed(fake::open_order(other));
    desk.command(cancel(1, 41));
    EXPECT_EQ(desk.count_sent("4"), 0U);
    EXPECT_EQ(desk.count<gateway::CancelRefused>(), 1U);
    auto external = cancel(2, 0);
    external.client_order_id = {};
    external.ref = {0, "900009"};
    desk.command(external);
    EXPECT_EQ(desk.count_sent("4"), 0U);
    EXPECT_EQ(desk.count<gateway::CancelRefused>(), 2U);
}

TEST(IbCancelling, WithoutAConnectionItIsNotSentAndNotForgotten) {
    Desk desk;
    desk.command(cancel(1));
    EXPECT_EQ(desk.count<gateway::CancelNotSent>(), 1U);
}

TEST(IbQuerying, OneRoundAnswersSeveralQuestions) {
    Desk desk;
    get_ready(desk);
    desk.command(gateway::QueryOrder{
        {1},
        {reference},
        {41, ""},
        {"ib_main"}
    });
    desk.command(gateway::QueryOrder{
        {2},
        {"ref00000000000000002"},
        {42, ""},
        {"ib_main"}
    });
    desk.command(gateway::QueryOrder{
        {3},
        {"ref00000000000000003"},
        {43, ""},
        {"ib_main"}
    });
    EXPECT_EQ(desk.count_sent("16"), 1U) << "at most one round at a time";
    desk.feed(fake::open_order({}));
    desk.end_open_orders();
    desk.end_completed();
    desk.end_executions();
    EXPECT_EQ(desk.last<gateway::OrderReport>().client_order_id.value, reference);
    EXPECT_EQ(desk.count<gateway::OrderNotFound>(), 0U)
        << "the others came when the lists were already on their way";
    EXPECT_EQ(desk.count_sent("16"), 2U);
    OrderText done;
    done.reference = "ref00000000000000002";
    done.permanent = "900002";
    done.status = "Cancelled";
    desk.end_open_orders();
    desk.feed(fake::completed_order(done));
    desk.end_completed();
    desk.end_executions();
    ASSERT_EQ(desk.count<gateway::OrderNotFound>(), 1U);
    EXPECT_EQ(desk.last<gateway::OrderNotFound>().order.value, 3U);
    EXPECT_EQ(desk.count<gateway::OrdersComplete>(), 0U);
    EXPECT_EQ(desk.count<gateway::GateChanged>(), 0U);
}

TEST(IbQuerying, AnExecutionAloneIsEvidence) {
    Desk desk;
    get_ready(desk);
    desk.command(gateway::QueryOrder{
        {1},
        {reference},
        {41, ""},
        {"ib_main"}
    });
    desk.end_open_orders();
    desk.end_completed();
    desk.feed(fake::execution({}, {}));
    desk.end_executions();
    EXPECT_EQ(desk.count<gateway::ExecutionReport>(), 1U);
    EXPECT_EQ(desk.count<gateway::OrderNotFound>(), 0U);
}

TEST(IbQuerying, WithoutABrokerThereIsNoAnswer) {
    Desk desk;
    desk.command(gateway::QueryOrder{
        {1},
        {reference},
        {41, ""},
        {"ib_main"}
    });
    desk.become_ready();
    EXPECT_EQ(desk.count<gateway::OrderNotFound>(), 0U);
    desk.command(gateway::QueryOrder{
        {1},
        {reference},
        {41, ""},
        {"ib_main"}
    });
    desk.cut();
    EXPECT_EQ(desk.count<gateway::OrderNotFound>(), 0U);
}

}  // namespace
}  // namespace janus::ib
