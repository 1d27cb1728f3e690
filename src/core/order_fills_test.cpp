#include "core/order_fills.hpp"

#include <algorithm>
#include <chrono>

#include "core/cumulative_fill.hpp"
#include "core/test_world.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::BrokerStatus;
using testing::Test;

class OrderFillsTest : public Test {
 protected:
    OrderFillsTest() { world.start(); }

    void cumulative(const std::string& filled, const std::string& average,
                    BrokerStatus status = BrokerStatus::Working) {
        auto said = world.report(OrderId{1}, status);
        said.fill_source = gateway::FillSource::Cumulative;
        if (!filled.empty()) said.filled = quantity_of(filled);
        if (!average.empty()) said.average_price = price_of(average);
        said.at = world.now.utc;
        world.tell("webull", said);
    }
    OrderIntent webull_intent(const std::string& key, const std::string& quantity) const {
        auto intent = world.intent(key);
        intent.account.value = "webull";
        intent.quantity = quantity_of(quantity);
        return intent;
    }
    Order order() const { return world.order(OrderId{1}); }

    World world;
};

TEST_F(OrderFillsTest, ACorrectionReplacesAndBothVersionsStayInTheJournal) {
    auto intent = world.intent("k1");
    intent.quantity = quantity_of("100");
    world.placed(intent);
    world.execute(OrderId{1}, "x.01", "100", "10");
    EXPECT_EQ(order().state, OrderState::Filled);
    world.execute(OrderId{1}, "x.02", "60", "10.5");
    EXPECT_EQ(order().filled, quantity_of("60"));
    EXPECT_EQ(order().average_price, price_of("10.5"));
    world.execute(OrderId{1}, "x.03", "0", "10.5");
    EXPECT_EQ(order().filled, quantity_of("0"));
    EXPECT_FALSE(order().average_price.has_value());
    EXPECT_TRUE(has_flag(order(), "fill_corrected"));
    EXPECT_EQ(world.journal.kept<ExecutionRecord>().size(), 3U);
    EXPECT_EQ(world.engine->order(OrderId{1})->executions.size(), 1U);
    EXPECT_EQ(world.alarms().size(), 2U);
    expect_legal_feed(*world.engine);
    world.start();
    world.execute(OrderId{1}, "x.01", "100", "10");
    EXPECT_EQ(order().filled, quantity_of("0")) << "the latest correction still wins";
}

TEST_F(OrderFillsTest, ACorrectionThatComesBeforeItsFirstReportWins) {
    world.placed(world.intent("k1"));
    world.execute(OrderId{1}, "x.02", "6", "10");
    world.execute(OrderId{1}, "x.01", "10", "10");
    EXPECT_EQ(order().filled, quantity_of("6"));
    EXPECT_EQ(order().state, OrderState::Working);
}

TEST_F(OrderFillsTest, AFillAfterTheCancelIsBookedFlaggedAndBlocksTheAccount) {
    for (const auto delay : {1ms, 1000ms, 60'000ms}) {
        World fresh;
        fresh.start();
        fresh.placed(fresh.intent("k1"));
        fresh.report_now(OrderId{1}, BrokerStatus::Cancelled);
        fresh.pass(delay);
        fresh.execute(OrderId{1}, "x.01", "10", "190");
        EXPECT_EQ(fresh.order(OrderId{1}).state, OrderState::Cancelled);
        EXPECT_EQ(fresh.order(OrderId{1}).filled, quantity_of("10"));
        EXPECT_TRUE(has_flag(fresh.order(OrderId{1}), "fill_after_cancel"));
        ASSERT_EQ(fresh.alarms().size(), 1U);
        const auto error = error_of(fresh.place(fresh.intent("k2")));
        EXPECT_EQ(error.code, ErrorCode::Denied);
        EXPECT_NE(error.message.find("fill_after_cancel"), std::string::npos);
        auto other = fresh.intent("k3");
        other.account.value = "ib_second";
        fresh.placed(other);
        expect_legal_feed(*fresh.engine);
    }
}

TEST_F(OrderFillsTest, AnExecutionThatTheCancelAlreadyCountedIsExpected) {
    world.placed(world.intent("k1"));
    auto cancelled = world.report(OrderId{1}, BrokerStatus::Cancelled);
    cancelled.filled = quantity_of("4");
    world.tell("ib_main", cancelled);
    world.execute(OrderId{1}, "x.01", "4", "190");
    EXPECT_FALSE(has_flag(order(), "fill_after_cancel"));
    world.execute(OrderId{1}, "y.01", "1", "190");
    EXPECT_TRUE(has_flag(order(), "fill_after_cancel"));
}

TEST_F(OrderFillsTest, MoreThanOrderedIsBookedInFullAndAcknowledgedByAPerson) {
    auto intent = world.intent("k1");
    intent.quantity = quantity_of("100");
    world.placed(intent);
    world.execute(OrderId{1}, "x.01", "100", "10");
    EXPECT_FALSE(has_flag(order(), "overfilled"));
    world.execute(OrderId{1}, "y.01", "40", "10");
    EXPECT_EQ(order().filled, quantity_of("140"));
    EXPECT_TRUE(has_flag(order(), "overfilled"));
    EXPECT_EQ(error_of(world.place(world.intent("k2"))).code, ErrorCode::Denied);
    world.start();
    EXPECT_EQ(error_of(world.place(world.intent("k2"))).code, ErrorCode::Denied)
        << "a restart acknowledges nothing";
    world.engine->resume(world.now, AccountName{"ib_main"}, "two orders in TWS", Caller{"boss"},
                         {});
    world.settle();
    EXPECT_TRUE(has_flag(order(), "overfilled_acknowledged"));
    world.placed(world.intent("k2"));
}

TEST_F(OrderFillsTest, AnExecutionOfTheSameIdWithOtherNumbersDoesNotReplace) {
    world.placed(world.intent("k1"));
    world.execute(OrderId{1}, "x.01", "4", "190");
    world.execute(OrderId{1}, "x.01", "5", "190");
    EXPECT_EQ(order().filled, quantity_of("4"));
    EXPECT_EQ(world.counter("core.execution.conflict"), 1U);
}

TEST_F(OrderFillsTest, FractionsAddUpExactly) {
    auto intent = world.intent("k1");
    intent.quantity = quantity_of("1");
    world.placed(intent);
    world.execute(OrderId{1}, "x.01", "0.3333", "190");
    world.execute(OrderId{1}, "y.01", "0.6667", "190");
    EXPECT_EQ(order().state, OrderState::Filled);
    EXPECT_EQ(order().filled, quantity_of("1"));
}

TEST_F(OrderFillsTest, ALateCommissionIsAddedOnce) {
    world.placed(world.intent("k1"));
    world.execute(OrderId{1}, "x.01", "4", "190");
    const gateway::CommissionReport commission{ExecutionId{"x.01"}, money_of("1.25"), "USD"};
    world.tell("ib_main", commission);
    const auto sequence = world.engine->last_sequence();
    world.tell("ib_main", commission);
    EXPECT_EQ(world.engine->last_sequence(), sequence);
    EXPECT_EQ(world.engine->executions({}).front().commission, money_of("1.25"));
    EXPECT_EQ(world.journal.kept<ExecutionRecord>().back().execution.commission, money_of("1.25"));
}

TEST_F(OrderFillsTest, ARiseOfTheCumulativeQuantityIsAFillOfItsOwn) {
    world.placed(webull_intent("k1", "3"));
    cumulative("1", "11");
    EXPECT_EQ(order().state, OrderState::Working);
    cumulative("3", "10.3333", BrokerStatus::Filled);
    EXPECT_EQ(order().state, OrderState::Filled);
    EXPECT_EQ(order().average_price, price_of("10.3333"));
    const auto executions = world.engine->executions(AccountName{"webull"});
    ASSERT_EQ(executions.size(), 2U);
    EXPECT_EQ(executions[0].id.value, "Jab12cd3400000000001:1");
    EXPECT_EQ(executions[0].price, price_of("11"));
    EXPECT_EQ(executions[1].id.value, "Jab12cd3400000000001:3");
    EXPECT_EQ(executions[1].quantity, quantity_of("2"));
    EXPECT_EQ(executions[1].price, price_of("10"));
}

TEST_F(OrderFillsTest, EveryArrivalOrderOfCumulativeReportsEndsAlike) {
    std::vector<int> arrival{0, 1, 2, 3};
    do {
        World fresh;
        fresh.start();
        auto intent = webull_intent("k1", "100");
        fresh.placed(intent);
        const auto said = [&](const char* filled, const char* average, BrokerStatus status) {
            auto report = fresh.report(OrderId{1}, status);
            report.fill_source = gateway::FillSource::Cumulative;
            report.filled = quantity_of(filled);
            report.average_price = price_of(average);
            return report;
        };
        const std::vector<gateway::Event> evidence{
            said("40", "10", BrokerStatus::Working), said("80", "10.5", BrokerStatus::Working),
            said("100", "10.6", BrokerStatus::Filled), said("40", "10", BrokerStatus::Working)};
        for (const auto index : arrival)
            fresh.tell("webull", evidence[static_cast<std::size_t>(index)]);
        EXPECT_EQ(fresh.order(OrderId{1}).state, OrderState::Filled);
        EXPECT_EQ(fresh.order(OrderId{1}).filled, quantity_of("100"));
        EXPECT_EQ(fresh.order(OrderId{1}).average_price, price_of("10.6"));
        EXPECT_TRUE(fresh.order(OrderId{1}).flags.empty());
        const auto totals = totals_of(fresh.engine->executions({}));
        EXPECT_EQ(totals.filled, quantity_of("100"));
        EXPECT_EQ(totals.average, price_of("10.6"));
        expect_legal_feed(*fresh.engine);
    } while (std::ranges::next_permutation(arrival).found);
}

TEST_F(OrderFillsTest, CumulativeFillsAreNotBookedAgainAfterARestart) {
    world.placed(webull_intent("k1", "100"));
    cumulative("40", "10");
    world.start();
    cumulative("40", "10");
    EXPECT_EQ(world.engine->executions({}).size(), 1U);
    cumulative("100", "10.6", BrokerStatus::Filled);
    const auto executions = world.engine->executions({});
    ASSERT_EQ(executions.size(), 2U);
    const auto rise = std::ranges::find(executions, quantity_of("60"), &Execution::quantity);
    ASSERT_NE(rise, executions.end());
    EXPECT_EQ(rise->price, price_of("11"));
}

TEST_F(OrderFillsTest, ACumulativeFillAfterTheEndIsAppliedAndAlarmed) {
    world.placed(webull_intent("k1", "100"));
    cumulative("", "", BrokerStatus::Cancelled);
    cumulative("40", "10");
    EXPECT_EQ(order().state, OrderState::Cancelled);
    EXPECT_EQ(order().filled, quantity_of("40"));
    EXPECT_TRUE(has_flag(order(), "fill_after_cancel"));
}

TEST_F(OrderFillsTest, ARiseWithoutAPriceIsAskedAboutAndNotInvented) {
    world.placed(webull_intent("k1", "100"));
    cumulative("40", "");
    EXPECT_EQ(order().filled, Quantity{});
    EXPECT_EQ(world.webull->count<gateway::QueryOrder>(), 1U);
    cumulative("40", "10");
    EXPECT_EQ(order().filled, quantity_of("40"));
}

struct RiseRow {
    const char* booked;
    const char* booked_average;
    const char* filled;
    const char* average;
    const char* price;
};

TEST(CumulativeFill, TheRiseIsPricedWithinTheErrorOfTheAverage) {
    for (const auto& row : std::to_array<RiseRow>({
             {"40",   "10",      "80",   "10.5",    "11"    },
             {"1",    "11",      "3",    "10.3333", "10"    },
             {"3",    "10.3333", "4",    "10.25",   "10"    },
             {"100",  "0.1234",  "200",  "0.1239",  "0.1244"},
             {"0.5",  "400.01",  "1",    "400.02",  "400.03"},
             {"10",   "-37.5",   "20",   "-37",     "-36.5" },
             {"1000", "10",      "1001", "10.0001", "10.1"  },
    })) {
        const FillTotals booked{quantity_of(row.booked), price_of(row.booked_average), false};
        const auto price = price_of_rise(booked, {quantity_of(row.filled), price_of(row.average)});
        ASSERT_TRUE(price.has_value());
        EXPECT_EQ(*price, price_of(row.price)) << row.filled << " @ " << row.average;
    }
}

TEST(CumulativeFill, AnImpossiblePriceGivesWayToTheAverage) {
    const FillTotals booked{quantity_of("90"), price_of("100"), false};
    EXPECT_EQ(price_of_rise(booked, {quantity_of("100"), price_of("10")}), price_of("10"));
}

TEST(FillTotals, AnOverflowIsSaidAndNotWrapped) {
    Execution huge;
    huge.quantity = quantity_of("90000000000");
    huge.price = price_of("1");
    EXPECT_TRUE(totals_of(std::vector{huge, huge}).overflow);
    EXPECT_FALSE(totals_of(std::vector{huge}).overflow);
}

}  // namespace
}  // namespace janus::core
