#include <gtest/gtest.h>

#include "sim/ib/faulty_world.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

TEST(IbOrderFaults, ReadOnlyRefusesOrdersAndLeavesCompletedOrdersWithoutAnswer) {
    Faulty world;
    ASSERT_TRUE(world.fault("read_only"));
    world.place();
    EXPECT_EQ(world.error_code(), "321");
    EXPECT_TRUE(world.ask({"99", "0"}).empty());
    EXPECT_EQ(ids_of(world.ask({"61", "1"})).substr(0, 2), "61");
    world.fault_off("read_only");
    world.place();
    EXPECT_EQ(ids_of(world.received()), "5 3");
}

TEST(IbOrderFaults, ASwallowedOrderIsInTheLedgerOnlyOrComesLate) {
    Faulty world;
    ASSERT_TRUE(world.fault("swallow_place", {
                                                 {"count", "1"}
    }));
    world.place();
    EXPECT_TRUE(world.received().empty());
    EXPECT_TRUE(world.exchange.orders().empty());
    EXPECT_EQ(world.server.ledger().size(), 1u);
    ASSERT_TRUE(world.fault("swallow_place", {
                                                 {"count",    "1"    },
                                                 {"delay_ms", "60000"}
    }));
    world.place({.order_id = 2});
    world.advance(59s);
    EXPECT_TRUE(world.exchange.orders().empty());
    world.advance(2s);
    EXPECT_EQ(world.exchange.orders().size(), 1u);
    EXPECT_EQ(first_of(world.received(), "11")[2], "2");
}

TEST(IbOrderFaults, AnUnacknowledgedOrderIsSeenWhenItsClientAsks) {
    Faulty world;
    ASSERT_TRUE(world.fault("drop_ack", {
                                            {"count", "1"}
    }));
    world.place();
    world.advance(2s);
    EXPECT_TRUE(world.received().empty());
    const auto executions =
        world.ask({"7", "3", "1", "0", "", "", "", "", "", "", "2147483647", "0"});
    EXPECT_EQ(ids_of(executions), "11 59 55");
    EXPECT_EQ(executions[0][26], "ref-1");
}

TEST(IbOrderFaults, TheConnectionClosesAfterTheOrderWasCommitted) {
    Faulty world;
    ASSERT_TRUE(world.fault("close_after_place", {
                                                     {"count", "1"}
    }));
    world.place(resting());
    EXPECT_TRUE(world.is_closed(world.connection));
    EXPECT_TRUE(world.received().empty());
    EXPECT_EQ(world.exchange.orders().size(), 1u);
    const auto again = world.client(200, 7);
    world.send(again, {"5", "1"});
    EXPECT_EQ(first_of(world.take(again), "5")[23], "ref-1");
}

TEST(IbOrderFaults, OrdersAreRejectedAtOnceOrAfterTheirAcknowledgement) {
    Faulty world;
    ASSERT_TRUE(world.fault("reject_orders", {
                                                 {"code",  "201"},
                                                 {"text",  "no" },
                                                 {"count", "1"  }
    }));
    world.place();
    const auto error = first_of(world.received(), "4");
    EXPECT_EQ(error[2], "201");
    EXPECT_EQ(error[3], "no");
    ASSERT_TRUE(world.fault("reject_after_ack", {
                                                    {"delay_ms", "2000"},
                                                    {"count",    "1"   }
    }));
    world.place(resting(2));
    world.advance(1s);
    EXPECT_EQ(ids_of(world.received()), "5 3 5 3");
    world.advance(2s);
    const auto messages = world.received();
    EXPECT_EQ(code_of(messages.at(0), 200), "201");
    EXPECT_EQ(first_of(messages, "3")[2], "Cancelled");
    world.place(resting(3));
    EXPECT_EQ(ids_of(world.received()), "5 3");
}

TEST(IbOrderFaults, AHeldOrderIsInactiveAndThenLives) {
    Faulty world;
    ASSERT_TRUE(world.fault("hold_orders", {
                                               {"delay_ms", "3000"},
                                               {"count",    "1"   }
    }));
    world.place();
    const auto held = world.received();
    EXPECT_EQ(ids_of(held), "5 3 4");
    EXPECT_EQ(held[1][2], "Inactive");
    EXPECT_EQ(held[1][10], "locate");
    EXPECT_EQ(held[2][2], "404");
    world.advance(2s);
    EXPECT_TRUE(world.received().empty());
    world.advance(3s);
    EXPECT_EQ(ids_of(world.received()), "5 3 5 3 11 5 3 5 3 59");
}

TEST(IbOrderFaults, AnOrderWhoseSharesAreLocatedIsChangedNotPlacedTwice) {
    Faulty world;
    ASSERT_TRUE(world.fault("hold_orders", {
                                               {"delay_ms", "3000"},
                                               {"count",    "1"   }
    }));
    world.place(resting());
    world.received();
    auto changed = resting();
    changed.quantity = "25";
    world.place(changed);
    const auto held = world.received();
    EXPECT_EQ(ids_of(held), "5 3 4");
    EXPECT_EQ(held[0][14], "25");
    EXPECT_EQ(world.server.ledger().back().kind, "modify");
    auto other = changed;
    other.type = "MKT";
    world.place(other);
    EXPECT_EQ(world.error_code(), "329");
    world.advance(5s);
    ASSERT_EQ(world.exchange.orders().size(), 1U);
    EXPECT_EQ(world.exchange.orders().begin()->second.quantity.value.to_text(), "25");
}

TEST(IbOrderFaults, AChangeThatCrossesTheFillIsNoSecondOrder) {
    Faulty world;
    world.place();
    world.advance(2s);
    world.received();
    world.place();
    EXPECT_EQ(world.error_code(), "104");
    EXPECT_EQ(world.server.ledger().back().kind, "modify");
    EXPECT_EQ(world.exchange.orders().size(), 1U);
}

TEST(IbOrderFaults, ANoticeAndStrangeWordsLeaveTheOrderAlive) {
    Faulty world;
    ASSERT_TRUE(world.fault("order_notice", {
                                                {"code",  "404"},
                                                {"count", "1"  }
    }));
    world.place();
    EXPECT_EQ(world.error_code(), "404");
    world.advance(2s);
    EXPECT_FALSE(first_of(world.received(), "11").empty());
    ASSERT_TRUE(world.fault("order_words", {
                                               {"type",  "XYZ"},
                                               {"count", "1"  }
    }));
    world.place(resting(2));
    const auto order = first_of(world.received(), "5");
    EXPECT_EQ(order[15], "XYZ");
    EXPECT_EQ(order[18], "FOO");
}

TEST(IbOrderFaults, ACancelIsRefusedOrConfirmedWithoutAStatus) {
    Faulty world;
    world.place(resting());
    world.received();
    ASSERT_TRUE(world.fault("cancel_refused", {
                                                  {"code",  "161"},
                                                  {"count", "1"  }
    }));
    world.cancel(world.connection, 200, 1);
    EXPECT_EQ(world.error_code(), "161");
    EXPECT_EQ(ids_of(world.ask({"5", "1"})), "5 3 53");
    ASSERT_TRUE(world.fault("cancel_without_status", {
                                                         {"count", "1"}
    }));
    world.cancel(world.connection, 200, 1);
    EXPECT_EQ(ids_of(world.received()), "4");
}

TEST(IbOrderFaults, ASlowCancelIsPendingAndAFillMayWin) {
    Faulty world;
    world.place(resting());
    world.place(resting(2));
    world.advance(1s);
    world.received();
    ASSERT_TRUE(world.fault("slow_cancel", {
                                               {"delay_ms", "1000"}
    }));
    world.cancel(world.connection, 200, 1);
    EXPECT_EQ(first_of(world.received(), "3")[2], "PendingCancel");
    world.advance(999ms);
    EXPECT_TRUE(world.received().empty());
    world.advance(1ms);
    const auto messages = world.received();
    EXPECT_EQ(first_of(messages, "3")[2], "Cancelled");
    EXPECT_EQ(code_of(first_of(messages, "4"), 200), "202");
    world.cancel(world.connection, 200, 2);
    world.received();
    world.move_price("149.00");
    world.advance(2s);
    const auto won = world.received();
    EXPECT_FALSE(first_of(won, "11").empty());
    EXPECT_EQ(code_of(first_of(won, "4"), 200), "10148");
}

TEST(IbOrderFaults, AFillComesAfterTheCancelAndBeyondTheQuantity) {
    Faulty world;
    ASSERT_TRUE(world.fault("fill_after_cancel", {
                                                     {"delay_ms", "1000"},
                                                     {"count",    "1"   }
    }));
    world.place(resting());
    world.cancel(world.connection, 200, 1);
    EXPECT_EQ(ids_of(world.received()), "5 3 3 4");
    world.advance(2s);
    EXPECT_EQ(first_of(world.received(), "11")[19], "10");
    ASSERT_TRUE(world.fault("overfill", {
                                            {"quantity", "4"},
                                            {"count",    "1"}
    }));
    world.place({.order_id = 2});
    world.advance(2s);
    Fields last;
    for (const auto& fields : world.received())
        if (fields[0] == "11") last = fields;
    EXPECT_EQ(last[19], "4");
    EXPECT_EQ(last[24], "14");
}

TEST(IbOrderFaults, AFillComesWithoutAnyStatus) {
    Faulty world;
    ASSERT_TRUE(world.fault("fill_without_status", {
                                                       {"count", "1"}
    }));
    world.place();
    world.advance(2s);
    EXPECT_EQ(ids_of(world.received()), "11 59");
    world.place({.order_id = 2});
    EXPECT_EQ(ids_of(world.received()), "5 3");
}

TEST(IbOrderFaults, ExecutionsComeSeveralTimesAndInAnyOrder) {
    Faulty world;
    ASSERT_TRUE(world.fault("duplicate_executions", {
                                                        {"times", "3"},
                                                        {"count", "1"}
    }));
    world.place();
    world.advance(2s);
    EXPECT_EQ(ids_of(world.received()), "5 3 5 3 11 11 11 5 3 5 3 59");
    ASSERT_TRUE(world.fault("message_order", {
                                                 {"order", "CSOE"},
                                                 {"count", "1"   }
    }));
    world.place({.order_id = 2});
    world.advance(2s);
    EXPECT_EQ(ids_of(world.received()), "5 3 5 3 59 3 3 5 5 11");
}

TEST(IbOrderFaults, TheLastExecutionIsCorrectedAndBusted) {
    Faulty world;
    EXPECT_FALSE(world.fault("execution_correction", {
                                                         {"quantity", "6"}
    }));
    world.place();
    world.advance(2s);
    world.received();
    ASSERT_TRUE(world.fault("execution_correction", {
                                                        {"quantity", "6"}
    }));
    auto execution = first_of(world.received(), "11");
    EXPECT_EQ(execution[14], "0000e0d5.00000001.01.02");
    EXPECT_EQ(execution[19], "6");
    ASSERT_TRUE(world.fault("execution_correction", {
                                                        {"quantity", "0"}
    }));
    execution = first_of(world.received(), "11");
    EXPECT_EQ(execution[14], "0000e0d5.00000001.01.03");
    EXPECT_EQ(execution[19], "0");
    EXPECT_EQ(world.exchange.positions().at("DU1000001").at("AAPL").quantity.value,
              Decimal::from_integer(100));
}

TEST(IbOrderFaults, AnOpenOrderLosesAndGainsFields) {
    Faulty world;
    ASSERT_TRUE(world.fault("field_count", {
                                               {"change", "-2"},
                                               {"count",  "1" }
    }));
    world.place(resting());
    EXPECT_EQ(first_of(world.received(), "5").size(), 154u);
    ASSERT_TRUE(world.fault("field_count", {
                                               {"change", "10"},
                                               {"count",  "1" }
    }));
    EXPECT_EQ(world.ask({"5", "1"}).at(0).size(), 166u);
    EXPECT_EQ(world.ask({"5", "1"}).at(0).size(), 156u);
}

}  // namespace
}  // namespace janus::sim::ib
