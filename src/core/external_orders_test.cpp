#include <chrono>

#include "core/order_matching.hpp"
#include "core/test_world.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::BrokerStatus;
using testing::Test;

class ExternalOrdersTest : public Test {
 protected:
    ExternalOrdersTest() { world.start(); }

    gateway::OrderReport foreign(const std::string& permanent, BrokerStatus status,
                                 const std::string& reference = {}) const {
        gateway::OrderReport report;
        report.account = AccountName{"ib_main"};
        report.client_order_id.value = reference;
        report.ref.permanent = permanent;
        report.instrument = instrument_of("AAPL", "265598");
        report.side = Side::Buy;
        report.type = OrderType::Limit;
        report.quantity = quantity_of("10");
        report.limit_price = price_of("190.5");
        report.status = status;
        return report;
    }
    Execution foreign_execution(const std::string& permanent, const std::string& name,
                                const std::string& quantity) const {
        Execution execution;
        execution.id.value = name;
        execution.root.value = name;
        execution.account.value = "ib_main";
        execution.ref.permanent = permanent;
        execution.symbol = "AAPL";
        execution.native_id.value = "265598";
        execution.quantity = quantity_of(quantity);
        execution.price = price_of("190");
        execution.at = world.now.utc;
        return execution;
    }
    std::vector<Order> all() const { return world.engine->orders({}, true); }

    World world;
};

TEST_F(ExternalOrdersTest, ARejectionElsewhereHasAReasonToo) {
    world.tell("ib_main", foreign("901", BrokerStatus::Rejected));
    auto explained = foreign("902", BrokerStatus::Rejected);
    explained.reason = "no cash";
    world.tell("ib_main", explained);
    EXPECT_EQ(world.order(OrderId{1}).note, no_reason_given);
    EXPECT_EQ(world.order(OrderId{2}).note, "no cash");
}

TEST_F(ExternalOrdersTest, OrdersFromElsewhereStandBesideOursAndNeverMeetThem) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Working);
    for (const auto* name : {"901", "902", "903", "904"})
        world.tell("ib_main", foreign(name, BrokerStatus::Working));
    world.tell("ib_main", foreign("905", BrokerStatus::Working, "not a date"));
    ASSERT_EQ(all().size(), 6U);
    world.tell("ib_main", gateway::ExecutionReport{foreign_execution("902", "e1", "10")});
    world.tell("ib_main", gateway::ExecutionReport{foreign_execution("904", "e2", "3")});
    EXPECT_EQ(world.order(OrderId{1}).filled, Quantity{});
    EXPECT_EQ(world.order(OrderId{3}).state, OrderState::Filled);
    EXPECT_EQ(world.order(OrderId{5}).filled, quantity_of("3"));
    for (const auto& order : all()) EXPECT_EQ(order.external, order.id != OrderId{1});
    expect_legal_feed(*world.engine);
}

TEST_F(ExternalOrdersTest, AnExternalOrderKeepsItsIdOverARestart) {
    world.tell("ib_main", foreign("901", BrokerStatus::Working));
    world.start();
    const auto sequence = world.engine->last_sequence();
    world.tell("ib_main", foreign("901", BrokerStatus::Working));
    EXPECT_EQ(world.engine->last_sequence(), sequence);
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all().front().id, OrderId{1});
    EXPECT_EQ(world.placed(world.intent("k1")), OrderId{2});
}

TEST_F(ExternalOrdersTest, TheSamePermanentIdAtAnotherAccountIsAnotherOrder) {
    world.tell("ib_main", foreign("901", BrokerStatus::Working));
    auto other = foreign("901", BrokerStatus::Working);
    other.account.value = "ib_second";
    world.tell("ib_second", other);
    EXPECT_EQ(all().size(), 2U);
}

TEST_F(ExternalOrdersTest, ABareNumberFindsOrdersOfThisProcessOnly) {
    world.placed(world.intent("k1"));
    gateway::OrderReport bare;
    bare.account.value = "ib_main";
    bare.ref.number = 1;
    bare.status = BrokerStatus::Working;
    world.tell("ib_main", bare);
    EXPECT_EQ(world.order(OrderId{1}).state, OrderState::Working);
    world.start();
    bare.status = BrokerStatus::Cancelled;
    world.tell("ib_main", bare);
    EXPECT_EQ(world.order(OrderId{1}).state, OrderState::Working);
}

TEST_F(ExternalOrdersTest, AForeignReferenceIsNotMatchedByItsNumber) {
    world.placed(world.intent("k1"));
    auto report = foreign("901", BrokerStatus::Cancelled, "robot-7");
    report.ref.number = 1;
    world.tell("ib_main", report);
    EXPECT_EQ(world.order(OrderId{1}).state, OrderState::PendingNew);
    EXPECT_EQ(all().size(), 2U);
}

TEST_F(ExternalOrdersTest, AStatusThatComesBeforeItsOrderIsKeptForIt) {
    gateway::OrderReport status;
    status.account.value = "ib_main";
    status.ref.permanent = "901";
    status.status = BrokerStatus::Cancelled;
    world.tell("ib_main", status);
    EXPECT_TRUE(all().empty());
    world.tell("ib_main", foreign("901", BrokerStatus::Working));
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all().front().state, OrderState::Cancelled);
}

TEST_F(ExternalOrdersTest, ATradeOfAnOrderThatNobodyKnowsIsAFact) {
    world.tell("ib_main", gateway::ExecutionReport{foreign_execution("901", "e1", "7")});
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all().front().filled, quantity_of("7"));
    EXPECT_EQ(all().front().state, OrderState::Working);
    auto later = foreign("901", BrokerStatus::Filled);
    later.quantity = quantity_of("7");
    world.tell("ib_main", later);
    EXPECT_EQ(all().front().state, OrderState::Filled);
    expect_legal_feed(*world.engine);
}

TEST_F(ExternalOrdersTest, WordsThatJanusDoesNotModelAreShownAsTheyAre) {
    auto report = foreign("901", BrokerStatus::Working);
    report.type.reset();
    report.type_text = "XYZ";
    report.instrument.symbol.reset();
    report.instrument.native_id.value = "77";
    report.instrument.broker_symbol = "WEIRD FUND";
    world.tell("ib_main", report);
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all().front().type_text, "XYZ");
    EXPECT_EQ(all().front().symbol, "WEIRD FUND");
}

TEST_F(ExternalOrdersTest, AnExternalOrderThatIsChangedElsewhereFollowsItsBroker) {
    world.tell("ib_main", foreign("901", BrokerStatus::Working));
    auto changed = foreign("901", BrokerStatus::Working);
    changed.limit_price = price_of("188");
    world.tell("ib_main", changed);
    EXPECT_EQ(all().front().limit_price, price_of("188"));
}

TEST_F(ExternalOrdersTest, OurOrderThatIsChangedElsewhereFollowsItsBrokerAndKeepsItsIntent) {
    world.placed(world.intent("k1"));
    auto changed = world.report(OrderId{1}, BrokerStatus::Working);
    changed.limit_price = price_of("188");
    world.tell("ib_main", changed);
    EXPECT_TRUE(has_flag(world.order(OrderId{1}), "changed_at_broker"));
    EXPECT_EQ(world.order(OrderId{1}).limit_price, price_of("188"));
    EXPECT_EQ(world.order(OrderId{1}).placed->limit_price, price_of("190.5"));
    const auto again = world.place(world.intent("k1"));
    EXPECT_TRUE((*again)->has_value()) << "the key still means the first intent";
}

TEST_F(ExternalOrdersTest, ASecondIncarnationIsShownAndCancelledToo) {
    world.placed(world.intent("k1"));
    world.report_now(OrderId{1}, BrokerStatus::Working);
    auto twin = world.report(OrderId{1}, BrokerStatus::Working);
    twin.ref.permanent = "p99";
    world.tell("ib_main", twin);
    EXPECT_TRUE(has_flag(world.order(OrderId{1}), "also_at_broker_as"));
    world.cancel(OrderId{1});
    const auto cancels = world.ib->sent<gateway::CancelOrder>();
    ASSERT_EQ(cancels.size(), 2U);
    EXPECT_EQ(cancels[0].ref.permanent, "p1");
    EXPECT_EQ(cancels[1].ref.permanent, "p99");
}

TEST_F(ExternalOrdersTest, AnExternalOrderIsCancelledUnderTheReferenceItCarries) {
    world.tell("ib_main", foreign("901", BrokerStatus::Working, "robot-7"));
    const auto answered = world.cancel(OrderId{1});
    ASSERT_EQ(world.ib->count<gateway::CancelOrder>(), 1U);
    EXPECT_EQ(world.ib->sent<gateway::CancelOrder>().front().client_order_id.value, "robot-7");
    world.tell("ib_main", foreign("901", BrokerStatus::Cancelled, "robot-7"));
    EXPECT_EQ((**answered)->state, OrderState::Cancelled);
}

TEST_F(ExternalOrdersTest, ReportsOfAnAccountThatNobodyServesAreCounted) {
    auto report = foreign("901", BrokerStatus::Working);
    report.account.value = "elsewhere";
    world.tell("ib_main", report);
    EXPECT_TRUE(all().empty());
    EXPECT_EQ(world.counter("core.order.unknown_account"), 1U);
}

}  // namespace
}  // namespace janus::core
