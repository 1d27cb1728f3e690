// Faults of Webull's trade events, by the ids of the fault catalogue (docs/faults.md).

#include <array>

#include "sim/world/fault_webull.hpp"

namespace janus::sim {
namespace {

/// How long it takes until Janus knows that an order has filled by so much.
Duration known_after(FaultWorld& world, const Asked<Order>& placed, std::string_view filled) {
    const auto since = world.now().mono;
    world.run_until([&] { return filled_of(world, placed) == quantity_of(filled); }, 60s);
    return world.now().mono - since;
}

/// The exchange fills an order by so much more, without letting time pass.
void fill_silently(FaultWorld& world, const Asked<Order>& placed, std::string_view more) {
    ASSERT_TRUE(
        world.exchange().force_fill(world.now(), world.truth_of(placed)->id, quantity_of(more)));
}

TEST(WebullFaults, WBE_01_AFillIsKnownWithinFifteenSecondsWhenTheStreamOnlyPings) {
    FaultWorld world(webull_world());
    connect(world);
    const auto placed = rest_at_webull(world, "AAPL", "100");
    world.webull_fault("silent");
    for (const auto* filled : {"10", "20", "30"}) {
        world.run(7s);  // Whatever moment of the polling it is.
        fill_silently(world, placed, "10");
        EXPECT_LE(known_after(world, placed, filled), 15s);
        EXPECT_EQ(world.health(stream_name), "live") << "it may be late";
        world.run(11s);
    }
    EXPECT_EQ(world.counter("webull.stream_misses"), 3U);
    EXPECT_TRUE(world.health(stream_name).starts_with("silent")) << world.health(stream_name);
    EXPECT_EQ(world.health(other_stream_name), "live");
    world.forget_sent();
    world.run(30s);
    EXPECT_GE(world.asked("open").size(), 9U) << "polls are faster now";
    fill_silently(world, placed, "10");
    EXPECT_LE(known_after(world, placed, "40"), 5s);
    EXPECT_TRUE(world.position("AAPL", "webull_personal"));
    world.webull_fault_off("silent");
    for (int i = 0; i < 3; ++i) fill_at_webull(world, placed, "5");
    EXPECT_EQ(world.health(stream_name), "live") << "it has proved itself again";
    EXPECT_EQ(filled_of(world, placed), quantity_of("55"));
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBE_01_AnEndThatNobodyAnnouncesIsKnownAsWell) {
    FaultWorld world(webull_world());
    connect(world);
    const auto placed = rest_at_webull(world);
    const auto elsewhere = world.order_in_app("MSFT", "1", "1.00");
    world.run(15s);
    world.webull_fault("silent");
    world.exchange().cancel(world.now(), world.truth_of(placed)->id, "in the app");
    world.exchange().cancel(world.now(), elsewhere, "in the app");
    EXPECT_TRUE(
        world.run_until([&] { return state_of(world, placed) == OrderState::Cancelled; }, 15s));
    world.run(30s);
    EXPECT_GE(world.counter("webull.stream_misses"), 2U);
    world.webull_fault_off("silent");
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBE_02_AnyEndOfTheStreamIsADisconnectAndReconciled) {
    for (const auto* status : {"0", "16", "8", "4", "14"}) {
        SCOPED_TRACE(status);
        FaultWorld world(webull_world());
        connect(world);
        const auto placed = rest_at_webull(world, "AAPL", "10");
        world.forget_sent();
        world.webull_fault("stream_end", {
                                             {"status", status}
        });
        world.run(100ms);
        fill_silently(world, placed, "10");
        EXPECT_TRUE(world.health(stream_name).starts_with("backoff")) << world.health(stream_name);
        EXPECT_GT(world.health(stream_name).size(), std::string_view("backoff ").size());
        EXPECT_LE(known_after(world, placed, "10"), 15s) << "polling goes on";
        world.run(70s);
        EXPECT_EQ(world.subscriptions().size(), 2U) << "one for each key";
        EXPECT_EQ(world.health(stream_name), "live");
        EXPECT_EQ(world.gate("webull_personal"), "ready");
        EXPECT_EQ(world.unhealed(webull_account), Lines{});
    }
}

struct Control {
    const char* fault;
    Duration back_after;  ///< No new stream before that.
    Duration back_by;
};
constexpr auto controls = std::to_array<Control>({
    {"auth_error",         1s,  15s},
    {"num_of_conn_exceed", 30s, 90s},
    {"subscribe_expired",  0s,  2s },
});

TEST(WebullFaults, WBE_03_ControlMessagesEndTheStreamAndPollingGoesOn) {
    for (const auto& control : controls)
        for (const auto* when : {"now", "first"}) {
            SCOPED_TRACE(fmt::format("{} {}", control.fault, when));
            FaultWorld world(webull_world());
            connect(world);
            world.run(5min);
            const auto placed = rest_at_webull(world, "AAPL", "10");
            world.webull_fault(control.fault, {
                                                  {"when",  when},
                                                  {"count", "1" }
            });
            if (std::string_view(when) == "first")
                world.webull_fault("stream_end", {
                                                     {"status", "14"}
                });
            world.run_until([&] { return !world.health(stream_name).starts_with("live"); }, 5s);
            const auto ended = world.now().mono;
            world.forget_sent();
            fill_silently(world, placed, "10");
            EXPECT_LE(known_after(world, placed, "10"), 15s);
            EXPECT_TRUE(world.run_until([&] { return world.health(stream_name) == "live"; },
                                        control.back_by + 5s));
            if (std::string_view(when) == "now") {
                EXPECT_GE(world.now().mono - ended, control.back_after);
            }
            EXPECT_EQ(world.unhealed(webull_account), Lines{});
        }
}

TEST(WebullFaults, WBE_03_ARefusalThatStaysNeedsAPersonAfterOneRenewalOfTheToken) {
    FaultWorld world(webull_world({.token_check_enabled = true}));
    world.webull_fault("auth_error", {
                                         {"when",  "first"},
                                         {"count", "0"    }
    });
    ASSERT_TRUE(world.connect());
    world.run(60s);
    EXPECT_TRUE(world.health(stream_name).starts_with("needs_operator webull_auth"))
        << world.health(stream_name);
    EXPECT_GE(world.alarms_with("need a person"), 1U);
    EXPECT_EQ(world.asked("token_refresh").size(), 2U) << "once for each key";
    EXPECT_EQ(world.gate("webull_personal"), "ready") << "REST carries everything";
    const auto placed = rest_at_webull(world, "AAPL", "10");
    fill_silently(world, placed, "10");
    EXPECT_LE(known_after(world, placed, "10"), 15s);
    world.webull_fault_off("auth_error");
    world.run(70s);
    EXPECT_EQ(world.health(stream_name), "live");
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBE_03_ACrowdIsSaidAloudAndAStreamOfItsOwnIsNotPartOfIt) {
    auto options = webull_world({.streams_max = 1});
    bool warned = false;
    options.sink = [&](std::string_view line) {
        warned = warned || line.contains("too many event streams");
    };
    FaultWorld world(options);
    connect(world);
    EXPECT_FALSE(warned) << "one stream for each key";
    world.cut(Line::Webull);
    world.run(10s);
    EXPECT_EQ(world.health(stream_name), "live") << "its own old stream is gone";
    world.webull_fault("num_of_conn_exceed");
    world.run(1s);
    EXPECT_TRUE(warned);
    world.run(90s);
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBE_04_TheSameEventAgainIsOneFillAndOneMessage) {
    FaultWorld world(webull_world());
    connect(world);
    const auto placed = rest_at_webull(world, "AAPL", "100");
    for (const auto* times : {"1", "2", "4"}) {
        world.webull_fault("duplicate_events", {
                                                   {"times", times}
        });
        const auto before = world.engine().last_sequence();
        fill_at_webull(world, placed, "20");
        std::size_t changes = 0;
        for (const auto& event : world.engine().events_after(before).value())
            changes += std::holds_alternative<core::OrderChanged>(event.payload) ? 1U : 0U;
        EXPECT_EQ(changes, 1U) << times;
    }
    // And once more across a reconnect.
    world.webull_fault("stream_end");
    world.run(5s);
    world.tell_stream(event_of(world, placed, "FILLED", "PARTIAL_FILLED", "60"));
    EXPECT_EQ(executions_of(world, placed), 3U);
    EXPECT_EQ(filled_of(world, placed), quantity_of("60"));
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBE_05_AnEventBeatsTheReplyAndTheReplyIsGoodOrBad) {
    for (const auto* status : {"200", "504"}) {
        SCOPED_TRACE(status);
        FaultWorld world(webull_world());
        connect(world);
        world.webull_fault("event_before_reply", {
                                                     {"ms",    "2000"},
                                                     {"count", "1"   }
        });
        if (std::string_view(status) == "504")
            world.webull_fault(
                "http_status",
                {
                    {"endpoint", "place"},
                    {"status",   "504"  },
                    {"when",     "after"},
                    {"count",    "1"    }
            });
        const auto placed = world.place(FaultWorld::webull_intent("AAPL", "5", "500.00"));
        world.run(1s);
        EXPECT_EQ(state_of(world, placed), OrderState::Filled) << "the reply is still missing";
        world.run(30s);
        EXPECT_EQ(state_of(world, placed), OrderState::Filled);
        EXPECT_EQ(executions_of(world, placed), 1U);
        EXPECT_EQ(world.received("place", placed), 1U);
        for (const auto state : world.path_of(placed)) EXPECT_NE(state, OrderState::Unknown);
        EXPECT_EQ(world.unhealed(webull_account), Lines{});
    }
}

TEST(WebullFaults, WBE_06_InEveryOrderTheFillOnlyRises) {
    struct Told {
        const char* scene;
        const char* status;
        const char* filled;
    };
    const auto events = std::to_array<Told>({
        {"FILLED",       "PARTIAL_FILLED", "4" },
        {"FILLED",       "PARTIAL_FILLED", "8" },
        {"FINAL_FILLED", "FILLED",         "10"},
    });
    std::array<std::size_t, 3> order{0, 1, 2};
    FaultWorld world(webull_world());
    connect(world);
    do {
        const auto placed = rest_at_webull(world, "AAPL", "10");
        world.webull_fault("silent");
        for (const auto* more : {"4", "4", "2"}) fill_silently(world, placed, more);
        Quantity known;
        for (const auto i : order) {
            world.tell_stream(event_of(world, placed, events[i].scene, events[i].status,
                                       events[i].filled, "185.02"));
            EXPECT_GE(filled_of(world, placed), known);
            known = filled_of(world, placed);
        }
        EXPECT_EQ(known, quantity_of("10"));
        EXPECT_EQ(state_of(world, placed), OrderState::Filled);
        world.webull_fault_off("silent");
    } while (std::ranges::next_permutation(order).found);
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBE_06_AFillAfterTheCancelIsBookedAndAlarmed) {
    FaultWorld world(webull_world());
    connect(world);
    const auto placed = rest_at_webull(world, "AAPL", "100");
    world.cancel(placed);
    world.run(1s);
    ASSERT_EQ(state_of(world, placed), OrderState::Cancelled);
    fill_at_webull(world, placed, "40");
    EXPECT_EQ(state_of(world, placed), OrderState::Cancelled);
    EXPECT_EQ(filled_of(world, placed), quantity_of("40"));
    EXPECT_EQ(executions_of(world, placed), 1U);
    EXPECT_GE(world.alarms_with("after"), 1U);
    // An old event changes nothing and is counted.
    world.tell_stream(event_of(world, placed, "FILLED", "PARTIAL_FILLED", "10"));
    EXPECT_EQ(filled_of(world, placed), quantity_of("40"));
    EXPECT_GE(world.counter("webull.late_events"), 1U);
    world.resume(webull_account);
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBE_07_ARefusedCancelLeavesTheOrderWorking) {
    FaultWorld world(webull_world());
    connect(world);
    const auto placed = rest_at_webull(world, "AAPL", "10");
    world.webull_fault("cancel_failed", {
                                            {"count", "1"}
    });
    world.cancel(placed);
    world.run(5s);
    EXPECT_EQ(state_of(world, placed), OrderState::Working);
    fill_at_webull(world, placed, "10");
    EXPECT_EQ(state_of(world, placed), OrderState::Filled);
    for (const auto state : world.path_of(placed)) EXPECT_NE(state, OrderState::Rejected);
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBE_07_ARefusedModifyEndsTheModifyAndNotTheOrder) {
    FaultWorld world(webull_world());
    connect(world);
    const auto placed = rest_at_webull(world, "AAPL", "10");
    world.webull_fault("modify_failed", {
                                            {"count", "1"}
    });
    const auto modified = world.modify(placed, {.limit_price = price_of("1.50")});
    world.run(5s);
    ASSERT_TRUE(modified->answer && !*modified->answer);
    EXPECT_EQ(modified->answer->error().code, ErrorCode::Rejected);
    EXPECT_EQ(state_of(world, placed), OrderState::Working);
    EXPECT_EQ(world.order(placed).order.limit_price, price_of("1.00"));
    EXPECT_FALSE(world.order(placed).order.wanted);
    fill_at_webull(world, placed, "10");
    EXPECT_EQ(state_of(world, placed), OrderState::Filled);
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBE_08_APayloadThatCannotBeReadIsSkippedCountedAndAnsweredByARead) {
    struct Bad {
        const char* kind;
        const char* counter;
        bool read;  ///< The accounts are read, since it may have been theirs.
    };
    for (const auto& [kind, counter, read] : {
             Bad{"brace",           "webull.events_unreadable",          true },
             Bad{"text_plain",      "webull.events_unreadable",          true },
             Bad{"huge",            "webull.events_unreadable",          true },
             Bad{"unknown_type",    "webull.events_unknown",             true },
             Bad{"unknown_account", "webull.events_of_unknown_accounts", false}
    }) {
        SCOPED_TRACE(kind);
        FaultWorld world(webull_world());
        connect(world);
        const auto placed = rest_at_webull(world, "AAPL", "10");
        world.forget_sent();
        world.webull_fault("bad_payload", {
                                              {"kind", kind}
        });
        world.run(5s);
        EXPECT_GE(world.counter(counter), 1U);
        if (read) {
            EXPECT_GE(world.asked("positions").size(), 3U);
        }
        EXPECT_TRUE(world.subscriptions().empty()) << "the stream lives";
        fill_at_webull(world, placed, "10");
        EXPECT_EQ(state_of(world, placed), OrderState::Filled) << "and carries the next event";
        EXPECT_EQ(world.unhealed(webull_account), Lines{});
    }
}

// ---- a burst ----

TEST(WebullWorld, TenThousandEventsInABurstGiveOneRefreshAtTheEndAndLoseNone) {
    constexpr int orders = 10;
    constexpr int fills = 200;
    constexpr int times = 5;
    FaultWorld world(webull_world());
    connect(world);
    std::vector<Asked<Order>> placed;
    for (int i = 0; i < orders; ++i) {
        placed.push_back(world.place(FaultWorld::webull_intent("F", "200", "1.00")));
        world.run(1s);
    }
    world.run(5s);
    world.webull_fault("duplicate_events", {
                                               {"times", std::to_string(times)}
    });
    world.forget_sent();
    for (int i = 0; i < fills; ++i) {
        for (const auto& order : placed) fill_silently(world, order, "1");
        world.run(10ms);
    }
    EXPECT_TRUE(world.asked("positions").empty()) << "not while it goes on";
    world.run(4s);
    EXPECT_EQ(world.asked("positions").size(), 1U);
    EXPECT_EQ(world.asked("balance").size(), 1U);
    for (const auto& order : placed) {
        EXPECT_EQ(state_of(world, order), OrderState::Filled);
        EXPECT_EQ(executions_of(world, order), std::size_t{fills});
    }
    EXPECT_EQ(world.counter("webull.stream_misses"), 0U);
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

}  // namespace
}  // namespace janus::sim
