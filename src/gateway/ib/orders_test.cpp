#include <gtest/gtest.h>

#include "gateway/ib/fake_broker.hpp"

namespace janus::ib {
namespace {

using namespace std::chrono_literals;
using fake::Desk;
using fake::OrderText;
using gateway::BrokerStatus;
using gateway::OrderReport;

const std::string reference = "ref00000000000000001";

OrderText with_status(const std::string& status) {
    OrderText text;
    text.status = status;
    return text;
}

/// Ready, with order 1 placed under number 41 and not answered.
void place_one(Desk& desk) {
    desk.start();
    desk.feed(fake::position("DU1000001", {}, "100", "150"));
    desk.end_positions();
    desk.describe({});
    desk.end_balances();
    desk.end_open_orders();
    desk.end_open_orders();
    desk.end_completed();
    desk.end_executions();
    desk.command(desk.place(1, reference, 41));
    ASSERT_EQ(desk.count_sent("3"), 1U);
    desk.forget();
}

TEST(IbOrders, CallbacksInAnyOrderSayTheSame) {
    OrderText filled = with_status("Filled");
    std::vector<fake::Fields> messages{
        fake::open_order(filled), fake::order_status(filled, "10", "0"), fake::execution({}, {}),
        fake::commission("0001f4e8.65a1.01.01")};
    std::ranges::sort(messages);
    do {
        Desk desk;
        place_one(desk);
        desk.feed_all(messages);
        ASSERT_EQ(desk.count<gateway::ExecutionReport>(), 1U);
        const auto execution = desk.last<gateway::ExecutionReport>().execution;
        EXPECT_EQ(execution.client_order_id.value, reference);
        EXPECT_EQ(execution.id.value, "0001f4e8.65a1.01.01");
        EXPECT_EQ(execution.root.value, "0001f4e8.65a1.01");
        EXPECT_EQ(execution.revision, 1);
        EXPECT_EQ(execution.symbol, "AAPL");
        EXPECT_EQ(execution.at, *parse_iso("2026-01-05T15:30:00Z"));
        ASSERT_EQ(desk.count<OrderReport>(), 2U);
        for (const auto& report : desk.all<OrderReport>()) {
            EXPECT_EQ(report.status, BrokerStatus::Filled);
            EXPECT_EQ(report.client_order_id.value, reference);
            EXPECT_EQ(report.fill_source, gateway::FillSource::Executions);
            EXPECT_EQ(report.instrument.symbol->text(), "AAPL");
        }
        EXPECT_EQ(desk.last<gateway::CommissionReport>().amount.value, *Decimal::parse("1.25"));
        EXPECT_EQ(desk.count<gateway::OrderUncertain>(), 0U);
    } while (std::ranges::next_permutation(messages).found);
}

TEST(IbOrders, AFillWithNoStatusAtAllIsAnAnswer) {
    Desk desk;
    place_one(desk);
    desk.feed(fake::execution({}, {}));
    desk.cut();
    EXPECT_EQ(desk.count<gateway::ExecutionReport>(), 1U);
    EXPECT_EQ(desk.count<gateway::OrderUncertain>(), 0U);
}

TEST(IbOrders, ACorrectionKeepsTheRoot) {
    Desk desk;
    place_one(desk);
    fake::ExecutionText corrected;
    corrected.id = "0001f4e8.65a1.01.02";
    corrected.quantity = "6";
    desk.feed(fake::execution({}, {}));
    desk.feed(fake::execution({}, corrected));
    const auto execution = desk.last<gateway::ExecutionReport>().execution;
    EXPECT_EQ(execution.root.value, "0001f4e8.65a1.01");
    EXPECT_EQ(execution.revision, 2);
    EXPECT_EQ(execution.quantity.value, Decimal::from_integer(6));
}

TEST(IbOrders, StatusesMeanWhatTheyMean) {
    const std::vector<std::pair<std::string, BrokerStatus>> rows{
        {"PendingSubmit", BrokerStatus::Held         },
        {"PreSubmitted",  BrokerStatus::Held         },
        {"Submitted",     BrokerStatus::Working      },
        {"PendingCancel", BrokerStatus::PendingCancel},
        {"Filled",        BrokerStatus::Filled       },
        {"Inactive",      BrokerStatus::Held         }
    };
    for (const auto& [word, status] : rows) {
        Desk desk;
        place_one(desk);
        desk.feed(fake::order_status(with_status(word), "0", "10"));
        EXPECT_EQ(desk.last<OrderReport>().status, status) << word;
    }
    Desk desk;
    place_one(desk);
    desk.feed(fake::order_status(with_status("Sleeping"), "0", "10"));
    EXPECT_EQ(desk.last<OrderReport>().status, BrokerStatus::Unmapped);
    EXPECT_EQ(desk.last<OrderReport>().reason, "Sleeping");
}

TEST(IbOrders, DefiniteRefusalsOfANewOrder) {
    for (const int code : {103, 110, 200, 201, 203, 321, 10052}) {
        Desk desk;
        place_one(desk);
        desk.feed(fake::error(41, code, "no, because"));
        ASSERT_EQ(desk.count<gateway::OrderRejected>(), 1U) << code;
        EXPECT_EQ(desk.last<gateway::OrderRejected>().order.value, 1U);
        EXPECT_EQ(desk.last<gateway::OrderRejected>().reason,
                  "no, because (IB " + std::to_string(code) + ")");
        desk.cut();
        EXPECT_EQ(desk.count<gateway::OrderUncertain>(), 0U) << "it was answered";
    }
}

TEST(IbOrders, WarningsChangeNothing) {
    Desk desk;
    place_one(desk);
    for (const int code : {399, 404, 2109, 2137, 10349}) {
        desk.feed(fake::error(41, code, "careful"));
        EXPECT_FALSE(desk.last<gateway::OrderNotice>().ask) << code;
    }
    desk.feed(fake::error(41, 19999, "invented"));
    EXPECT_TRUE(desk.last<gateway::OrderNotice>().ask);
    EXPECT_EQ(desk.count<gateway::OrderNotice>(), 6U);
    EXPECT_EQ(desk.count<gateway::OrderRejected>() + desk.count<OrderReport>(), 0U);
    desk.feed(fake::execution({}, {}));
    EXPECT_EQ(desk.count<gateway::ExecutionReport>(), 1U);
}

TEST(IbOrders, InactiveMeansThreeThings) {
    Desk rejected;
    place_one(rejected);
    rejected.feed(fake::order_status(with_status("Inactive"), "0", "10"));
    EXPECT_EQ(rejected.last<OrderReport>().status, BrokerStatus::Held);
    rejected.feed(fake::error(41, 201, "Order rejected - margin"));
    EXPECT_EQ(rejected.last<OrderReport>().status, BrokerStatus::Rejected);
    EXPECT_EQ(rejected.last<OrderReport>().reason, "Order rejected - margin (IB 201)");
    Desk located;
    place_one(located);
    located.feed(fake::order_status(with_status("Inactive"), "0", "10", "locate"));
    EXPECT_EQ(located.last<OrderReport>().status, BrokerStatus::Held);
    EXPECT_EQ(located.last<OrderReport>().reason, "locate");
    Desk parked;
    place_one(parked);
    parked.feed(fake::order_status(with_status("Inactive"), "0", "10"));
    EXPECT_EQ(parked.last<OrderReport>().reason, "inactive");
    parked.feed(fake::order_status(with_status("Submitted"), "0", "10"));
    EXPECT_EQ(parked.last<OrderReport>().status, BrokerStatus::Working);
}

TEST(IbOrders, RejectedAfterItWasAcknowledged) {
    Desk desk;
    place_one(desk);
    desk.feed(fake::open_order({}));
    desk.feed(fake::error(41, 201, std::string(1500, 'x')));
    EXPECT_EQ(desk.last<OrderReport>().status, BrokerStatus::Rejected);
    desk.feed(fake::order_status(with_status("Cancelled"), "0", "10"));
    EXPECT_EQ(desk.last<OrderReport>().status, BrokerStatus::Rejected);
    EXPECT_EQ(desk.count<gateway::OrderRejected>(), 0U);
}

TEST(IbOrders, ACancelThatNobodyAskedForWaitsForItsReason) {
    Desk refused;
    place_one(refused);
    refused.feed(fake::order_status(with_status("Cancelled"), "0", "10"));
    EXPECT_EQ(refused.count<OrderReport>(), 0U);
    refused.feed(fake::error(41, 201, "Order rejected - size"));
    EXPECT_EQ(refused.last<OrderReport>().status, BrokerStatus::Rejected);
    Desk bare;
    place_one(bare);
    bare.feed(fake::order_status(with_status("Cancelled"), "0", "10"));
    bare.wait(499ms);
    EXPECT_EQ(bare.count<OrderReport>(), 0U);
    bare.wait(1ms);
    EXPECT_EQ(bare.last<OrderReport>().status, BrokerStatus::Cancelled);
    Desk lost;
    place_one(lost);
    lost.feed(fake::order_status(with_status("Cancelled"), "0", "10"));
    lost.cut();
    EXPECT_EQ(lost.last<OrderReport>().status, BrokerStatus::Cancelled);
}

TEST(IbOrders, LateRepeatsDoNotBringAnOrderBack) {
    Desk desk;
    place_one(desk);
    desk.feed(fake::error(41, 202, "Order Canceled - reason:expired"));
    EXPECT_EQ(desk.last<OrderReport>().status, BrokerStatus::Cancelled);
    EXPECT_EQ(desk.last<OrderReport>().reason, "Order Canceled - reason:expired");
    const auto reports = desk.count<OrderReport>();
    desk.feed(fake::open_order({}));
    EXPECT_EQ(desk.count<OrderReport>(), reports);
    EXPECT_EQ(desk.counter("late_order_message"), 1U);
    desk.feed(fake::execution({}, {}));
    EXPECT_EQ(desk.count<gateway::ExecutionReport>(), 1U) << "fills are facts";
}

TEST(IbOrders, ARefusedOrderThatIsShownAsLiveIsAskedForAndTheListDecides) {
    Desk desk;
    place_one(desk);
    desk.feed(fake::error(41, 201, "no, because"));
    desk.feed(fake::open_order({}));
    EXPECT_EQ(desk.count<OrderReport>(), 0U) << "it may have been said before the refusal";
    ASSERT_EQ(desk.count<gateway::OrderNotice>(), 1U);
    EXPECT_TRUE(desk.last<gateway::OrderNotice>().ask);
    desk.command(gateway::QueryOrder{
        {1},
        {reference},
        {41, ""},
        {"ib_main"}
    });
    desk.feed(fake::open_order({}));
    desk.end_open_orders();
    desk.end_completed();
    desk.end_executions();
    ASSERT_EQ(desk.count<OrderReport>(), 1U);
    EXPECT_EQ(desk.last<OrderReport>().status, BrokerStatus::Working);
    desk.feed(fake::order_status(with_status("PendingCancel"), "0", "10"));
    EXPECT_EQ(desk.last<OrderReport>().status, BrokerStatus::PendingCancel) << "it is live again";
}

TEST(IbOrders, ExternalOrdersAreKnownByTheirPermanentIdAlone) {
    Desk desk;
    place_one(desk);
    struct Case {
        std::string order, client, reference;
    };
    for (const auto& [order, client, ref] : std::vector<Case>{
             {"0",  "0", ""       },
             {"-5", "0", ""       },
             {"41", "3", reference},
             {"41", "3", "other"  },
             {"77", "7", ""       }
    }) {
        OrderText text;
        text.order = order;
        text.client = client;
        text.reference = ref;
        text.permanent = "555";
        text.type = "XYZ";
        text.time_in_force = "FOO";
        desk.feed(fake::open_order(text));
        const auto report = desk.last<OrderReport>();
        EXPECT_EQ(report.client_order_id.value, "") << order;
        EXPECT_EQ(report.ref, (BrokerOrderRef{0, "555"})) << order;
        EXPECT_FALSE(report.type);
        EXPECT_EQ(report.type_text, "XYZ");
        EXPECT_FALSE(report.time_in_force);
        text.status = "Filled";
        desk.feed(fake::order_status(text, "10", "0"));
        EXPECT_EQ(desk.last<OrderReport>().status, BrokerStatus::Filled);
        EXPECT_EQ(desk.last<OrderReport>().client_order_id.value, "");
        fake::ExecutionText fill;
        fill.id = "ext.01";
        desk.feed(fake::execution(text, fill));
        EXPECT_EQ(desk.last<gateway::ExecutionReport>().execution.client_order_id.value, "");
        EXPECT_EQ(desk.last<gateway::ExecutionReport>().execution.ref.number, 0);
    }
    desk.cut();
    EXPECT_EQ(desk.count<gateway::OrderUncertain>(), 1U) << "none of that answered our order";
}

TEST(IbOrders, AStatusBeforeItsOrderIsKept) {
    Desk desk;
    place_one(desk);
    OrderText other;
    other.order = "12";
    other.client = "3";
    other.permanent = "777";
    other.status = "Filled";
    desk.feed(fake::order_status(other, "10", "0"));
    EXPECT_EQ(desk.count<OrderReport>(), 0U);
    other.status = "Submitted";
    desk.feed(fake::open_order(other));
    EXPECT_EQ(desk.last<OrderReport>().status, BrokerStatus::Filled);
    EXPECT_EQ(desk.last<OrderReport>().filled->value, Decimal::from_integer(10));
}

TEST(IbOrders, OtherAccountsAndWhatIfsAreNotOurs) {
    Desk desk;
    place_one(desk);
    OrderText other;
    other.account = "DU9999999";
    other.order = "99";
    other.reference = "someone00000000000000";
    desk.feed(fake::open_order(other));
    desk.feed(fake::execution(other, {}));
    OrderText what_if;
    what_if.what_if = "1";
    desk.feed(fake::open_order(what_if));
    EXPECT_EQ(desk.count<OrderReport>() + desk.count<gateway::ExecutionReport>(), 0U);
    EXPECT_EQ(desk.counter("order_of_other_account"), 1U);
}

TEST(IbOrders, PricesAreBelievedOnlyWhereTheTypeHasThem) {
    Desk desk;
    place_one(desk);
    OrderText stop;
    stop.type = "STP";
    stop.limit = "170";
    stop.auxiliary = "175";
    desk.feed(fake::open_order(stop));
    const auto report = desk.last<OrderReport>();
    EXPECT_EQ(report.type, OrderType::Stop);
    EXPECT_FALSE(report.limit_price);
    EXPECT_EQ(report.stop_price->value, Decimal::from_integer(175));
}

TEST(IbOrders, CompletedOrdersOfEarlierSessionsCarryTheirReference) {
    Desk desk;
    desk.start();
    desk.end_positions();
    desk.end_balances();
    desk.end_open_orders();
    desk.end_open_orders();
    OrderText done;
    done.status = "Cancelled";
    done.completed_status = "Cancelled by Trader";
    done.filled = "4";
    desk.feed(fake::completed_order(done));
    const auto report = desk.last<OrderReport>();
    EXPECT_EQ(report.client_order_id.value, reference);
    EXPECT_EQ(report.status, BrokerStatus::Cancelled);
    EXPECT_EQ(report.reason, "Cancelled by Trader");
    EXPECT_EQ(report.filled->value, Decimal::from_integer(4));
    EXPECT_EQ(report.at, *parse_iso("2026-01-05T15:00:00Z"));
}

TEST(IbOrders, ErrorsForNumbersNobodyKnowsAreOnlySaid) {
    Desk desk;
    place_one(desk);
    desk.feed(fake::error(4711, 201, "whose"));
    EXPECT_EQ(desk.counter("error_for_unknown_order"), 1U);
    EXPECT_EQ(desk.count<gateway::OrderRejected>(), 0U);
}

TEST(IbOrders, FillsAreReportedWhileTheLinkToIbIsLost) {
    Desk desk;
    place_one(desk);
    desk.feed(fake::error(-1, 1100, "lost"));
    desk.feed(fake::execution({}, {}));
    EXPECT_EQ(desk.count<gateway::ExecutionReport>(), 1U);
}

TEST(IbOrders, EveryCutOfAFillEndsWithTheTruthAfterReconnect) {
    const std::string stream =
        fake::frame(fake::open_order({})) +
        fake::frame(fake::order_status(with_status("Submitted"), "0", "10")) +
        fake::frame(fake::execution({}, {}));
    for (std::size_t size = 0; size <= stream.size(); size += 7) {
        Desk desk;
        place_one(desk);
        desk.feed_bytes(stream.substr(0, size));
        desk.cut();
        desk.wait(2s);
        desk.connect("DU1000001", "42");
        desk.end_positions();
        desk.describe({});
        desk.end_balances();
        desk.end_open_orders();
        desk.end_open_orders();
        desk.feed(fake::completed_order(with_status("Filled")));
        desk.end_completed();
        fake::ExecutionText again;
        again.request = desk.last_request("7", 2);
        desk.feed(fake::execution({}, again));
        desk.end_executions();
        ASSERT_EQ(desk.gate(), gateway::Gate::Ready) << size;
        ASSERT_EQ(desk.count_sent("3"), 0U) << "sent again after a cut at " << size;
        ASSERT_EQ(desk.last<OrderReport>().status, BrokerStatus::Filled) << size;
        ASSERT_EQ(desk.last<gateway::ExecutionReport>().execution.client_order_id.value, reference);
    }
}

}  // namespace
}  // namespace janus::ib
