// Faults of orders and executions at IB, second half, by the ids of the fault catalogue
// (docs/faults.md).

#include "sim/world/fault_orders.hpp"

namespace janus::sim {
namespace {

constexpr std::string_view place_order = "3";
constexpr std::string_view cancel_order = "4";
constexpr std::string_view request_all_open_orders = "16";
constexpr std::string_view request_executions = "7";

TEST(IbFaults, IBO_09_InactiveWithACodeIsRejected) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("swallow_place", {
                                     {"count", "1"}
    });
    const auto placed = world.place(FaultWorld::intent("AAPL", "5", "1.00"));
    world.run(100ms);
    tell_error(world, placed, 201, "Order rejected - reason:Insufficient margin");
    tell_status(world, placed, "Inactive");
    EXPECT_EQ(state_of(world, placed), OrderState::Rejected);
    EXPECT_TRUE(world.order(placed).order.note.contains("Insufficient margin"));
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_09_AnOrderWhoseSharesAreLocatedIsHeldAndLivesLater) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("hold_orders", {
                                   {"delay_ms", "8000"},
                                   {"count",    "1"   }
    });
    const auto placed = world.place(FaultWorld::intent("AAPL", "5"));
    world.run(5s);
    EXPECT_EQ(state_of(world, placed), OrderState::Held);
    EXPECT_TRUE(world.order(placed).order.note.contains("locate"));
    world.run(10s);
    EXPECT_EQ(state_of(world, placed), OrderState::Filled);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_09_AHeldOrderCanBeCancelled) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("hold_orders", {
                                   {"delay_ms", "60000"},
                                   {"count",    "1"    }
    });
    const auto placed = world.place(FaultWorld::intent("AAPL", "5"));
    world.run(2s);
    ASSERT_EQ(state_of(world, placed), OrderState::Held);
    world.cancel(placed);
    world.run(2s);
    EXPECT_EQ(state_of(world, placed), OrderState::Cancelled);
    world.run(61s);
    EXPECT_EQ(world.truth_of(placed), nullptr) << "it never came to the market";
}

TEST(IbFaults, IBO_09_ADeactivatedOrderIsNeitherWorkingNorOver) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto placed = rest(world);
    tell_status(world, placed, "Inactive");
    EXPECT_EQ(state_of(world, placed), OrderState::Held);
    EXPECT_EQ(world.order(placed).order.note, "inactive");
    tell_status(world, placed, "Submitted");
    EXPECT_EQ(state_of(world, placed), OrderState::Working);
    fill(world, placed, "5");
    world.run(1s);
    EXPECT_EQ(state_of(world, placed), OrderState::Filled);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_10_ARejectionAfterTheAcknowledgementIsFinalAndFreesItsShares) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto text = "Order rejected - reason:" + std::string(1500, 'm');
    world.fault("reject_after_ack", {
                                        {"delay_ms", "2000"},
                                        {"text",     text  },
                                        {"count",    "1"   }
    });
    // Everything that is held: until it is over, nothing more can be sold.
    const auto placed = world.place(FaultWorld::intent("AAPL", "100", "900.00", Side::Sell));
    world.run(1s);
    EXPECT_EQ(state_of(world, placed), OrderState::Working);
    const auto denied = world.place(FaultWorld::intent("AAPL", "1", "900.00", Side::Sell));
    EXPECT_TRUE(denied->answer && !*denied->answer);
    world.run(3s);
    EXPECT_EQ(state_of(world, placed), OrderState::Rejected);
    EXPECT_TRUE(world.order(placed).order.note.contains(std::string(1500, 'm')));
    EXPECT_EQ(world.path_of(placed), (Path{OrderState::PendingNew, OrderState::Held,
                                           OrderState::Working, OrderState::Rejected}));
    const auto all = world.place(FaultWorld::intent("AAPL", "100", "900.00", Side::Sell));
    world.run(1s);
    EXPECT_EQ(state_of(world, all), OrderState::Working);
    const auto more = world.place(FaultWorld::intent("AAPL", "1", "900.00", Side::Sell));
    EXPECT_TRUE(more->answer && !*more->answer) << "freed once, not twice";
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_11_AnOrderWithoutAnswerIsUnknownAndHoldsUpItsSymbolOnly) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("swallow_place", {
                                     {"delay_ms", "3600000"},
                                     {"count",    "1"      }
    });
    const auto silent = world.place(FaultWorld::intent("AAPL", "5"));
    const auto sibling = world.place(FaultWorld::intent("MSFT", "2"));
    world.run(9900ms);
    EXPECT_EQ(state_of(world, sibling), OrderState::Filled);
    EXPECT_EQ(state_of(world, silent), OrderState::PendingNew);
    world.forget_sent();
    world.run(200ms);
    EXPECT_EQ(state_of(world, silent), OrderState::Unknown);
    EXPECT_EQ(world.alarms_with("has no known outcome"), 1U);
    ASSERT_TRUE(silent->answer && *silent->answer);
    EXPECT_EQ((*silent->answer)->state, OrderState::Unknown);
    world.run(2s);
    EXPECT_FALSE(world.sent(request_all_open_orders).empty()) << "the broker is asked";
    const auto same = world.place(FaultWorld::intent("AAPL", "1"));
    ASSERT_TRUE(same->answer && !*same->answer);
    const auto other = world.place(FaultWorld::intent("SPY", "1"));
    world.run(2s);
    EXPECT_EQ(state_of(world, other), OrderState::Filled);
    world.run(30min);
    EXPECT_EQ(state_of(world, silent), OrderState::Unknown) << "time proves nothing";
    world.run(31min);
    EXPECT_EQ(state_of(world, silent), OrderState::Filled) << "evidence does";
    EXPECT_EQ(world.received("place", silent), 1U);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_11_ThreeInARowWithoutAnswerHaltTheAccount) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("swallow_place", {
                                     {"delay_ms", "120000"},
                                     {"count",    "3"     }
    });
    std::vector<Asked<Order>> silent;
    for (const auto* symbol : {"AAPL", "MSFT", "SPY"})
        silent.push_back(world.place(FaultWorld::intent(symbol, "1")));
    world.run(11s);
    for (const auto& placed : silent) EXPECT_EQ(state_of(world, placed), OrderState::Unknown);
    const auto next = world.place(FaultWorld::intent("QQQ", "1"));
    ASSERT_TRUE(next->answer && !*next->answer);
    EXPECT_TRUE(next->answer->error().message.contains("no known outcome"));
    world.run(2min);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_12_FillsDuringAnOutageAreTakenWhenTheyCome) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto first = rest(world, "AAPL");
    const auto second = rest(world, "MSFT", "3");
    world.fault("upstream_lost");
    world.run(100ms);
    ASSERT_EQ(world.gate(), "degraded ib_upstream");
    fill(world, first, "5");
    fill(world, second, "3");
    EXPECT_EQ(state_of(world, first), OrderState::Filled);
    EXPECT_EQ(state_of(world, second), OrderState::Filled);
    EXPECT_EQ(world.gate(), "degraded ib_upstream");
    world.forget_sent();
    world.fault("upstream_restored");
    world.run(3s);
    for (const auto& request : {"5", "7", "61", "99"})
        EXPECT_FALSE(world.sent(request).empty()) << "request " << request;
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_12_FillsThatNobodyToldAreFetchedAfterTheOutage) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto first = rest(world, "AAPL");
    const auto second = rest(world, "MSFT", "3");
    world.fault("upstream_lost");
    world.run(100ms);
    world.fault("withhold_message");
    fill(world, first, "5");
    fill(world, second, "3");
    world.fault_off("withhold_message");
    EXPECT_EQ(state_of(world, first), OrderState::Working);
    world.forget_sent();
    world.fault("upstream_restored");
    world.run(3s);
    EXPECT_FALSE(world.sent(request_executions).empty());
    EXPECT_EQ(state_of(world, first), OrderState::Filled);
    EXPECT_EQ(state_of(world, second), OrderState::Filled);
    EXPECT_EQ(world.position("AAPL")->position.quantity, quantity_of("105"));
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_13_OrdersFromElsewhereStayApartFromOurs) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto ours = rest(world);
    const auto filled = world.place(FaultWorld::intent("AAPL", "5"));
    for (const auto* limit : {"1.00", "1.00", "1.00", "", ""})
        world.order_elsewhere("AAPL", "5", limit);
    world.run(3s);
    world.sync();
    world.run(3s);
    const auto orders = world.engine().orders({"ib_main"}, true);
    std::set<std::string> permanent_ids;
    int external = 0;
    int external_filled = 0;
    for (const auto& order : orders) {
        if (!order.external) continue;
        ++external;
        if (order.state == OrderState::Filled) ++external_filled;
        permanent_ids.insert(order.ref.permanent);
        EXPECT_TRUE(order.client_order_id.value.empty());
        EXPECT_EQ(world.engine().order(order.id)->executions.size(),
                  order.state == OrderState::Filled ? 1U : 0U);
    }
    EXPECT_EQ(external, 5);
    EXPECT_EQ(external_filled, 2);
    EXPECT_EQ(permanent_ids.size(), 5U);
    EXPECT_EQ(state_of(world, ours), OrderState::Working);
    EXPECT_EQ(world.order(filled).executions.size(), 1U);
    EXPECT_EQ(world.order(filled).order.filled, quantity_of("5"));

    const auto* by_hand = find_external(orders, "AAPL");
    ASSERT_NE(by_hand, nullptr);
    world.forget_sent();
    const auto cancel = world.cancel(by_hand->id);
    world.run(12s);
    ASSERT_TRUE(cancel->answer && !*cancel->answer);
    EXPECT_TRUE(cancel->answer->error().message.contains("set client_id = 0 for account ib_main"));
    EXPECT_TRUE(world.sent(cancel_order).empty());
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_13_ClientZeroSeesOrdersMadeByHandAtOnceAndMayCancelThem) {
    FaultWorld world({.ib = [](auto& settings) { settings.client_id = 0; }});
    const auto before = world.order_elsewhere("MSFT", "2", "1.00");
    ASSERT_TRUE(world.connect());
    const auto after = world.order_elsewhere("AAPL", "5", "1.00");
    world.run(500ms);
    world.forget_sent();
    for (const auto* symbol : {"AAPL", "MSFT"}) {
        const auto orders = world.engine().orders({"ib_main"}, false);
        const auto* by_hand = find_external(orders, symbol);
        ASSERT_NE(by_hand, nullptr) << symbol;
        const auto cancel = world.cancel(by_hand->id);
        world.run(2s);
        ASSERT_TRUE(cancel->answer && *cancel->answer) << symbol;
        EXPECT_EQ((*cancel->answer)->state, OrderState::Cancelled) << symbol;
    }
    EXPECT_EQ(world.sent(cancel_order).size(), 2U);
    for (const auto& id : {before, after})
        EXPECT_EQ(world.exchange().find_order(id)->state, ExchangeState::Cancelled);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_14_MoreThanOrderedIsBookedInFullAndStopsTheAccount) {
    FaultWorld world(whole_fills());
    ASSERT_TRUE(world.connect());
    world.fault("overfill", {
                                {"quantity", "40"},
                                {"count",    "1" }
    });
    const auto placed = world.place(FaultWorld::intent("AAPL", "100"));
    world.run(3s);
    const auto order = world.order(placed).order;
    EXPECT_EQ(order.filled, quantity_of("140"));
    EXPECT_TRUE(has(order.flags, "overfilled"));
    EXPECT_EQ(world.alarms_with("overfilled"), 1U);
    EXPECT_EQ(world.position("AAPL")->position.quantity, quantity_of("240"));
    const auto denied = world.place(FaultWorld::intent("AAPL", "1"));
    ASSERT_TRUE(denied->answer && !*denied->answer);
    EXPECT_TRUE(denied->answer->error().message.contains("overfilled"));
    world.resume();
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBO_15_ANoticeChangesNoState) {
    for (const auto* code : {"399", "404", "2109", "2137", "19999"}) {
        SCOPED_TRACE(code);
        FaultWorld world;
        ASSERT_TRUE(world.connect());
        world.fault("order_notice",
                    {
                        {"code",  code              },
                        {"text",  "just so you know"},
                        {"count", "1"               }
        });
        world.forget_sent();
        const auto placed = rest(world);
        const auto history = world.order(placed).history;
        EXPECT_TRUE(std::ranges::any_of(history, [](const auto& line) {
            return line.event.contains("just so you know");
        })) << "the notice stays with the order";
        world.run(3s);
        const bool unlisted = std::string_view(code) == "19999";
        if (unlisted)
            EXPECT_FALSE(world.sent(request_all_open_orders).empty()) << "it is asked for";
        fill(world, placed, "5");
        world.run(1s);
        EXPECT_EQ(state_of(world, placed), OrderState::Filled);
        EXPECT_EQ(world.path_of(placed), to_filled);
        EXPECT_EQ(world.unhealed(), Lines{});
    }
}

TEST(IbFaults, IBO_16_AnOrderInUnfamiliarWordsIsShownAsItCame) {
    struct Row {
        int field;  ///< Of openOrder.
        std::string text;
    };
    for (const auto& [field, text] : std::vector<Row>{
             {15, "XYZ"       },
             {18, "FOO"       },
             {9,  "MOONX"     },
             {23, "not a date"}
    }) {
        SCOPED_TRACE(text);
        FaultWorld world;
        ASSERT_TRUE(world.connect());
        world.order_elsewhere("AAPL", "5", "1.00");
        world.order_elsewhere("MSFT", "2", "1.00");
        world.fault("change_field", {
                                        {"message", "5"                  },
                                        {"field",   std::to_string(field)},
                                        {"text",    text                 },
                                        {"count",   "1"                  }
        });
        world.sync();
        world.run(3s);
        const auto orders = world.engine().orders({"ib_main"}, true);
        const auto* strange = find_external(orders, "AAPL");
        ASSERT_NE(strange, nullptr);
        EXPECT_EQ(strange->quantity, quantity_of("5"));
        if (text == "XYZ") EXPECT_EQ(strange->type_text, "XYZ");
        EXPECT_NE(find_external(orders, "MSFT"), nullptr) << "what comes after it is not lost";
        EXPECT_EQ(world.gate(), "ready");
        const auto ours = world.place(FaultWorld::intent("AAPL", "5"));
        world.run(2s);
        EXPECT_EQ(state_of(world, ours), OrderState::Filled);
        EXPECT_EQ(world.unhealed(), Lines{});
    }
}

TEST(IbFaults, IBO_16_OurOwnOrderInUnfamiliarWordsKeepsItsTerms) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("order_words", {
                                   {"type",          "XYZ"},
                                   {"time_in_force", "FOO"},
                                   {"count",         "1"  }
    });
    const auto placed = rest(world);
    EXPECT_EQ(world.order(placed).order.type, OrderType::Limit);
    fill(world, placed, "5");
    world.run(1s);
    EXPECT_EQ(state_of(world, placed), OrderState::Filled);
    EXPECT_EQ(world.sent(place_order).size(), 1U);
    EXPECT_EQ(world.unhealed(), Lines{});
}

}  // namespace
}  // namespace janus::sim
