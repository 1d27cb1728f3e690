// Faults of orders and executions at IB, first half, by the ids of the fault catalogue
// (docs/faults.md).

#include "sim/world/fault_orders.hpp"

namespace janus::sim {
namespace {

constexpr std::string_view place_order = "3";
constexpr std::string_view request_all_open_orders = "16";

Asked<Order> modify(FaultWorld& world, const Asked<Order>& placed, const OrderChanges& changes) {
    auto call = std::make_shared<AskedCall<Order>>();
    world.engine().modify_order(world.now(), world.order(placed).order.id, changes,
                                core::Caller{"tester"},
                                [call](Result<Order> outcome) { call->answer = outcome; });
    world.run(100ms);
    return call;
}

TEST(IbFaults, IBO_01_NoOrderIdIsUsedTwiceWhateverTheBrokerOffers) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    std::vector<std::int64_t> numbers;
    const auto place = [&] {
        const auto placed = rest(world, "MSFT", "1");
        numbers.push_back(world.order(placed).order.ref.number);
    };
    place();
    place();
    world.fault("lower_next_valid_id", {
                                           {"to", "1"}
    });
    world.fault("disconnect_all");
    world.run(1s);
    ASSERT_TRUE(world.run_until([&] { return world.gate() == "ready"; }, 30s));
    place();
    world.restart();
    ASSERT_TRUE(world.run_until([&] { return world.gate() == "ready"; }, 30s));
    place();
    for (std::size_t at = 1; at < numbers.size(); ++at) EXPECT_GT(numbers[at], numbers[at - 1]);

    world.fault_off("lower_next_valid_id");
    world.fault("reject_orders",
                {
                    {"code",  "103"               },
                    {"text",  "Duplicate order id"},
                    {"count", "1"                 }
    });
    const auto refused = world.place(FaultWorld::intent("AAPL", "1"));
    world.run(20s);
    EXPECT_EQ(state_of(world, refused), OrderState::Rejected);
    EXPECT_TRUE(world.order(refused).order.note.contains("Duplicate order id"));
    EXPECT_EQ(world.received("place", refused), 1U) << "not tried again under another number";
    EXPECT_EQ(world.truth_of(refused), nullptr);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_02_MessagesInAnyOrderGiveOneHistory) {
    std::string letters = "CEOS";
    do {
        SCOPED_TRACE(letters);
        FaultWorld world(whole_fills());
        ASSERT_TRUE(world.connect());
        world.fault("message_order", {
                                         {"order", letters}
        });
        const auto placed = world.place(FaultWorld::intent("AAPL", "5"));
        world.run(5s);
        const auto view = world.order(placed);
        EXPECT_EQ(view.order.filled, quantity_of("5"));
        EXPECT_EQ(view.order.flags, Lines{});
        ASSERT_EQ(view.executions.size(), 1U);
        EXPECT_TRUE(view.executions.front().commission.has_value());
        EXPECT_EQ(world.path_of(placed), to_filled);
        EXPECT_EQ(world.unhealed(), Lines{});
    } while (std::ranges::next_permutation(letters).found);
}

TEST(IbFaults, IBO_02_AnOldStatusBringsNothingBack) {
    FaultWorld world(whole_fills());
    ASSERT_TRUE(world.connect());
    const auto placed = world.place(FaultWorld::intent("AAPL", "5"));
    world.run(3s);
    ASSERT_EQ(state_of(world, placed), OrderState::Filled);
    tell_status(world, placed, "Submitted");
    EXPECT_EQ(state_of(world, placed), OrderState::Filled);
    EXPECT_EQ(world.order(placed).order.filled, quantity_of("5"));
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_03_ExecutionsAloneFillAnOrder) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("fill_without_status");
    const auto placed = world.place(FaultWorld::intent("AAPL", "120"));
    world.run(5s);
    EXPECT_EQ(state_of(world, placed), OrderState::Filled);
    EXPECT_EQ(world.order(placed).executions.size(), 3U);
    EXPECT_EQ(world.order(placed).order.filled, quantity_of("120"));
    world.fault_off("fill_without_status");
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_04_AnExecutionIsBookedOnceHoweverOftenItComes) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("duplicate_executions", {
                                            {"times", "3"}
    });
    const auto placed = world.place(FaultWorld::intent("AAPL", "120"));
    ASSERT_TRUE(world.run_until([&] { return !world.order(placed).executions.empty(); }, 5s));
    world.restart();
    ASSERT_TRUE(world.run_until([&] { return world.gate() == "ready"; }, 30s));
    world.run(5s);
    world.sync();
    world.run(2s);
    const auto view = world.order(placed);
    EXPECT_EQ(view.executions.size(), 3U);
    EXPECT_EQ(view.order.filled, quantity_of("120"));
    EXPECT_EQ(view.order.state, OrderState::Filled) << "the rest of the report counts";
    EXPECT_EQ(world.position("AAPL")->position.quantity, quantity_of("220"));
    world.fault_off("duplicate_executions");
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_05_ACorrectionReplacesItsFillAndABustTakesItBack) {
    FaultWorld world(whole_fills());
    ASSERT_TRUE(world.connect());
    const auto placed = world.place(FaultWorld::intent("AAPL", "100"));
    world.run(3s);
    ASSERT_EQ(world.order(placed).order.filled, quantity_of("100"));
    world.fault("execution_correction", {
                                            {"quantity", "60"    },
                                            {"price",    "190.00"}
    });
    world.run(2s);
    EXPECT_EQ(world.order(placed).order.filled, quantity_of("60"));
    EXPECT_EQ(world.order(placed).order.average_price, price_of("190"));
    EXPECT_EQ(world.position("AAPL")->position.quantity, quantity_of("160"));
    EXPECT_TRUE(has(world.order(placed).order.flags, "fill_corrected"));
    EXPECT_EQ(world.alarms_with("fill corrected"), 1U);
    world.fault("execution_correction", {
                                            {"quantity", "0"}
    });
    world.run(2s);
    EXPECT_EQ(world.order(placed).order.filled, Quantity{});
    EXPECT_EQ(world.position("AAPL")->position.quantity, quantity_of("100"));
    const auto journal = world.janus().journal().contents();
    const auto id = world.order(placed).order.id;
    EXPECT_EQ(std::ranges::count(journal.executions, id, &Execution::order), 3)
        << "every version stays in the journal";
    const auto fresh = world.place(FaultWorld::intent("MSFT", "1"));
    world.run(3s);
    EXPECT_EQ(state_of(world, fresh), OrderState::Filled);
}

TEST(IbFaults, IBO_06_AFillAfterTheCancelIsBookedAndWaitsForAPerson) {
    for (const auto* delay : {"1", "1000", "60000"}) {
        SCOPED_TRACE(delay);
        FaultWorld world(whole_fills());
        ASSERT_TRUE(world.connect());
        const auto placed = rest(world);
        world.fault("fill_after_cancel", {
                                             {"delay_ms", delay},
                                             {"count",    "1"  }
        });
        world.cancel(placed);
        world.run(62s);
        const auto order = world.order(placed).order;
        EXPECT_EQ(order.filled, quantity_of("5"));
        EXPECT_TRUE(order.state == OrderState::Cancelled || order.state == OrderState::Filled);
        EXPECT_TRUE(has(order.flags, "fill_after_cancel"));
        EXPECT_EQ(world.alarms_with("fill_after_cancel"), 1U);
        EXPECT_EQ(world.position("AAPL")->position.quantity, quantity_of("105"));
        const auto denied = world.place(FaultWorld::intent("MSFT", "1"));
        ASSERT_TRUE(denied->answer && !*denied->answer);
        EXPECT_TRUE(denied->answer->error().message.contains("waits for a person"));
        world.resume();
        EXPECT_EQ(world.unhealed(), Lines{});
    }
}

TEST(IbFaults, IBO_07_ARefusedCancelEndsTheCancelAndNotTheOrder) {
    for (const auto* code : {"10147", "10148", "104"}) {
        SCOPED_TRACE(code);
        FaultWorld world;
        ASSERT_TRUE(world.connect());
        const auto placed = rest(world);
        world.fault("cancel_refused",
                    {
                        {"code",  code                       },
                        {"text",  "cannot be cancelled today"},
                        {"count", "1"                        }
        });
        world.forget_sent();
        const auto asked = world.now().mono;
        const auto cancel = world.cancel(placed);
        ASSERT_TRUE(world.run_until([&] { return cancel->answer.has_value(); }, 15s));
        EXPECT_LT(world.now().mono - asked, 1s) << "the answer came; nobody waits for another";
        ASSERT_FALSE(cancel->answer->has_value());
        EXPECT_TRUE(cancel->answer->error().message.contains("cannot be cancelled today"));
        world.run(3s);
        EXPECT_EQ(state_of(world, placed), OrderState::Working);
        EXPECT_FALSE(world.sent(request_all_open_orders).empty()) << "the order is asked for";
        world.run(60s);  // A cancel is repeated once a minute at most.
        world.cancel(placed);
        world.run(2s);
        EXPECT_EQ(state_of(world, placed), OrderState::Cancelled);
        EXPECT_EQ(world.unhealed(), Lines{});
    }
}

TEST(IbFaults, IBO_07_TheConfirmationAloneEndsTheOrder) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto placed = rest(world);
    world.fault("cancel_without_status", {
                                             {"count", "1"}
    });
    const auto cancel = world.cancel(placed);
    world.run(1s);
    EXPECT_EQ(state_of(world, placed), OrderState::Cancelled);
    ASSERT_TRUE(cancel->answer && *cancel->answer);
    EXPECT_EQ((*cancel->answer)->state, OrderState::Cancelled);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_07_AnOrderThatTheBrokerNeverSawStaysUnknown) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("swallow_place", {
                                     {"count", "1"}
    });
    const auto placed = world.place(FaultWorld::intent("AAPL", "5", "1.00"));
    world.run(12s);
    ASSERT_EQ(state_of(world, placed), OrderState::Unknown);
    const auto cancel = world.cancel(placed);
    world.run(12s);
    ASSERT_TRUE(cancel->answer.has_value());
    EXPECT_FALSE(cancel->answer->has_value());
    EXPECT_TRUE(cancel->answer->error().message.contains("10147"));
    EXPECT_EQ(state_of(world, placed), OrderState::Unknown);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_08_ARefusedChangeLeavesTheOrderWorkingOnItsOldTerms) {
    struct Row {
        std::string code;
        std::string text;
    };
    for (const auto& [code, text] : std::vector<Row>{
             {"110", "The price does not conform to the minimum price variation"},
             {"329", "Order modify failed. Cannot change to the new order type" },
             {"105", "Order being modified does not match original order"       },
             {"201", "Order rejected - reason:no room for the change"           }
    }) {
        SCOPED_TRACE(code);
        FaultWorld world;
        ASSERT_TRUE(world.connect());
        const auto placed = rest(world);
        world.fault("modify_refused", {
                                          {"code",  code},
                                          {"text",  text},
                                          {"count", "1" }
        });
        world.forget_sent();
        const auto refused = modify(world, placed, {.limit_price = price_of("1.50")});
        world.run(8s);
        ASSERT_EQ(world.sent(place_order).size(), 1U);
        EXPECT_EQ(world.sent(place_order)[0].fields[1],
                  fmt::format("{}", world.order(placed).order.ref.number));
        ASSERT_TRUE(refused->answer && !*refused->answer);
        EXPECT_EQ(refused->answer->error().code, ErrorCode::Rejected);
        EXPECT_TRUE(refused->answer->error().message.contains(text));
        EXPECT_EQ(state_of(world, placed), OrderState::Working);
        EXPECT_EQ(world.order(placed).order.limit_price, price_of("1.00"));
        EXPECT_EQ(world.order(placed).order.quantity, quantity_of("5"));
        EXPECT_FALSE(world.order(placed).order.wanted);

        const auto taken = modify(world, placed, {.limit_price = price_of("1.50")});
        world.run(2s);
        ASSERT_TRUE(taken->answer && *taken->answer);
        EXPECT_EQ(world.truth_of(placed)->limit_price, price_of("1.50"));
        fill(world, placed, "5");
        world.run(1s);
        EXPECT_EQ(state_of(world, placed), OrderState::Filled);
        EXPECT_EQ(world.received("place", placed), 1U);
        EXPECT_EQ(world.received("modify", placed), 2U);
        EXPECT_EQ(world.unhealed(), Lines{});
    }
}

}  // namespace
}  // namespace janus::sim
