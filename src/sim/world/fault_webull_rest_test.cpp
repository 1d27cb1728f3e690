// Faults of Webull's REST calls and its authentication, by the ids of the fault catalogue
// (docs/faults.md).

#include <array>
#include <set>

#include "sim/world/fault_webull.hpp"

namespace janus::sim {
namespace {

/// What can happen to the answer to a place.
struct LostAnswer {
    const char* fault;
    const char* status;  ///< Empty: the fault has none.
};
constexpr auto lost_answers = std::to_array<LostAnswer>({
    {"http_status", "500"},
    {"http_status", "502"},
    {"http_status", "504"},
    {"reset",       ""   },
    {"no_reply",    ""   },
});

void lose_answer(FaultWorld& world, const LostAnswer& lost, const char* when) {
    Values values{
        {"endpoint", "place"},
        {"when",     when   },
        {"count",    "1"    }
    };
    if (*lost.status != '\0') values["status"] = lost.status;
    world.webull_fault(lost.fault, values);
}

TEST(WebullFaults, WBR_01_ALostAnswerIsSettledByTheBooksAndThePlaceIsNeverRepeated) {
    for (const auto& lost : lost_answers) {
        SCOPED_TRACE(fmt::format("{} {}", lost.fault, lost.status));
        FaultWorld world(webull_world());
        connect(world);
        lose_answer(world, lost, "after");
        const auto placed = world.place(FaultWorld::webull_intent("AAPL", "5", "1.00"));
        world.run(15s);
        EXPECT_EQ(state_of(world, placed), OrderState::Working);
        EXPECT_EQ(world.received("place", placed), 1U);
        fill_at_webull(world, placed, "5");
        EXPECT_EQ(state_of(world, placed), OrderState::Filled);
        EXPECT_EQ(world.unhealed(webull_account), Lines{});
    }
}

TEST(WebullFaults, WBR_01_AnOrderThatNeverArrivedStaysUnknownAndIsNotSaidAgain) {
    for (const auto& lost : lost_answers) {
        SCOPED_TRACE(fmt::format("{} {}", lost.fault, lost.status));
        FaultWorld world(webull_world());
        connect(world);
        lose_answer(world, lost, "before");
        const auto placed = world.place(FaultWorld::webull_intent("AAPL", "5", "1.00"));
        world.run(180s);
        EXPECT_EQ(state_of(world, placed), OrderState::Unknown) << "not found is no proof";
        EXPECT_EQ(world.truth_of(placed), nullptr);
        EXPECT_EQ(world.received("place", placed), 1U);
        EXPECT_EQ(world.unhealed(webull_account), Lines{});
    }
}

TEST(WebullFaults, WBR_02_A429EndsAPlaceAndRepeatsReadsOnly) {
    FaultWorld world(webull_world());
    connect(world);
    world.webull_fault("rate_limit", {
                                         {"endpoint", "place"},
                                         {"count",    "1"    }
    });
    const auto placed = world.place(FaultWorld::webull_intent("AAPL", "5", "1.00"));
    world.run(5s);
    EXPECT_EQ(state_of(world, placed), OrderState::Rejected) << "a documented refusal";
    EXPECT_EQ(world.received("place", placed), 1U);
    // The order got in, though the status says that it was throttled.
    world.webull_fault(
        "http_status",
        {
            {"endpoint", "place"},
            {"status",   "429"  },
            {"when",     "after"},
            {"count",    "1"    }
    });
    const auto taken = world.place(FaultWorld::webull_intent("MSFT", "5", "1.00"));
    world.run(15s);
    EXPECT_EQ(state_of(world, taken), OrderState::Working);
    EXPECT_EQ(world.received("place", taken), 1U);
    for (const auto* endpoint : {"cancel", "replace"})
        world.webull_fault("rate_limit", {
                                             {"endpoint", endpoint},
                                             {"count",    "1"     }
        });
    const auto modified = world.modify(taken, {.limit_price = price_of("1.50")});
    world.run(30s);
    EXPECT_EQ(world.received("modify", taken), 1U) << "no replace is said twice";
    EXPECT_EQ(world.order(taken).order.limit_price, price_of("1.00"));
    world.cancel(taken);
    world.run(90s);
    EXPECT_EQ(state_of(world, taken), OrderState::Cancelled) << "a cancel is";
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBR_02_ReadsWaitAsLongAsTheyAreTold) {
    for (const auto* endpoint : {"open", "history", "positions", "balance", "detail"})
        for (const auto* wait : {"", "9"}) {
            SCOPED_TRACE(fmt::format("{} {}", endpoint, wait));
            FaultWorld world(webull_world());
            connect(world);
            const auto placed = rest_at_webull(world);
            world.forget_sent();
            world.webull_fault("rate_limit",
                               {
                                   {"endpoint",    endpoint},
                                   {"retry_after", wait    },
                                   {"count",       "1"     }
            });
            world.exchange().cancel(world.now(), world.truth_of(placed)->id, "in the app");
            world.sync(webull_account);
            world.run(60s);
            const auto calls = world.asked(endpoint);
            if (std::string_view(endpoint) != "detail") {
                ASSERT_GE(calls.size(), 2U);
                EXPECT_GE(calls[1].at - calls[0].at, *wait == '\0' ? Duration(400ms) : 9s);
            }
            EXPECT_EQ(state_of(world, placed), OrderState::Cancelled);
            EXPECT_EQ(world.unhealed(webull_account), Lines{});
        }
}

TEST(WebullFaults, WBR_02_FortyUnknownsAreSettledWithinTheLimitsAndCancelsGoFirst) {
    FaultWorld world(webull_world());
    connect(world);
    const auto resting = rest_at_webull(world, "MSFT");
    world.webull_fault("swallow_place", {
                                            {"reply", "none"}
    });
    std::vector<Asked<Order>> lost;
    for (int i = 0; i < 40; ++i)
        lost.push_back(world.place(FaultWorld::webull_intent("AAPL", "1", "1.00")));
    world.run(8s);  // The rate of orders is limited, too.
    world.webull_fault_off("swallow_place");
    world.restart();
    ASSERT_TRUE(world.run_until([&] { return world.gate("webull_personal") == "ready"; }, 30s));
    world.forget_sent();
    const auto truth = world.truth_of(resting)->id;
    world.cancel(resting);
    EXPECT_TRUE(world.run_until(
        [&] { return world.exchange().find_order(truth)->state == ExchangeState::Cancelled; }, 1s))
        << "cancels go first";
    world.run(90s);
    std::set<std::string> questions;
    for (const auto& call : world.asked("detail")) questions.insert(call.target);
    EXPECT_GE(questions.size(), 40U) << "each of them was asked for";
    EXPECT_GE(world.asked("open").size(), 6U) << "and nothing starved";
    EXPECT_EQ(world.counter("webull.throttled"), 0U) << "the published limits were kept";
    for (const auto& placed : lost) {
        EXPECT_EQ(state_of(world, placed), OrderState::Unknown);
        EXPECT_EQ(world.received("place", placed), 1U);
    }
    EXPECT_EQ(world.differences(), Lines{});
}

TEST(WebullFaults, WBR_03_AnExpiredTokenWaitsForThePersonAndStopsThatKeyOnly) {
    FaultWorld world(webull_world({.token_check_enabled = true}));
    connect(world);
    EXPECT_EQ(world.janus().kept_tokens().size(), 2U);
    world.forget_sent();
    world.webull_fault("token_state", {
                                          {"app_key",   "demo-key"},
                                          {"state",     "EXPIRED" },
                                          {"new_state", "PENDING" },
                                          {"checks",    "0"       }
    });
    world.run(10min);
    EXPECT_TRUE(world.gate("webull_personal").starts_with("needs_operator webull_2fa"))
        << world.gate("webull_personal");
    EXPECT_TRUE(world.gate("webull_second").starts_with("needs_operator webull_2fa"));
    EXPECT_EQ(world.gate("webull_other"), "ready") << "the other key has its own token";
    EXPECT_EQ(world.gate("ib_main"), "ready");
    EXPECT_LE(world.asked("token_create").size(), 2U) << "no storm of confirmations";
    EXPECT_LE(world.asked("token_check").size(), 90U) << "every five seconds, later thirty";
    const auto refused = world.place(FaultWorld::webull_intent("AAPL", "5", "1.00"));
    ASSERT_TRUE(refused->answer && !*refused->answer);
    EXPECT_TRUE((*refused->answer).error().message.contains("webull_2fa"));
    // The person confirms it in the app.
    world.webull_fault("token_state", {
                                          {"app_key", "demo-key"},
                                          {"state",   "NORMAL"  }
    });
    world.run(40s);
    EXPECT_EQ(world.gate("webull_personal"), "ready");
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBR_03_ARefusedTokenIsReplacedOnceAndThenNeedsAPerson) {
    for (const auto* state : {"INVALID", "EXPIRED"}) {
        FaultWorld world(webull_world({.token_check_enabled = true}));
        world.webull_fault("token_state",
                           {
                               {"app_key",   "demo-key"},
                               {"state",     state     },
                               {"new_state", state     }
        });
        world.start();
        world.run(60s);
        EXPECT_TRUE(world.gate("webull_personal").starts_with("needs_operator webull_token"))
            << world.gate("webull_personal");
        EXPECT_EQ(world.gate("ib_main"), "ready") << "the start waits for nobody";
        EXPECT_EQ(world.gate("webull_other"), "ready");
        EXPECT_LE(world.asked("token_create").size(), 3U) << "one of them is the other key's";
        world.webull_fault_off("token_state");
        world.run(6min);
        EXPECT_EQ(world.gate("webull_personal"), "ready");
        EXPECT_EQ(world.unhealed(webull_account), Lines{});
    }
}

TEST(WebullFaults, WBR_03_ATokenIsRenewedAheadOfItsEndAndServesTheNextStart) {
    FaultWorld world(webull_world({.token_check_enabled = true, .token_life = 49h}));
    connect(world);
    world.forget_sent();
    world.run(90min);
    EXPECT_EQ(world.asked("token_refresh").size(), 2U) << "one for each key";
    EXPECT_EQ(world.counter("webull.token_renewals"), 2U);
    world.forget_sent();
    world.restart();
    world.run(20s);
    const auto created = world.asked("token_create");
    ASSERT_EQ(created.size(), 2U);
    for (const auto& call : created) EXPECT_NE(call.body, "{}") << "the kept token is shown";
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBR_04_AWrongClockIsNamedAndOutsideTheWindowNothingIsPlaced) {
    struct Skew {
        const char* seconds;
        bool said;
        bool inside;
    };
    for (const auto& [seconds, said, inside] : {
             Skew{"1",    false, true },
             Skew{"10",   true,  true },
             Skew{"-10",  true,  true },
             Skew{"400",  true,  false},
             Skew{"-400", true,  false}
    }) {
        SCOPED_TRACE(seconds);
        auto options = webull_world();
        bool warned = false;
        options.sink = [&](std::string_view line) {
            warned = warned || line.contains("clock differs");
        };
        FaultWorld world(options);
        connect(world);
        world.webull_fault("clock_offset", {
                                               {"seconds", seconds}
        });
        world.run(70s);
        EXPECT_EQ(warned, said);
        const auto placed = world.place(FaultWorld::webull_intent("AAPL", "5", "1.00"));
        world.run(2s);
        if (inside) {
            EXPECT_EQ(state_of(world, placed), OrderState::Working);
        } else {
            EXPECT_FALSE(world.is_taken(placed));
            EXPECT_TRUE(world.gate("webull_personal").starts_with("needs_operator clock_skew"))
                << world.gate("webull_personal");
            EXPECT_EQ(world.gate("ib_main"), "ready");
        }
        world.webull_fault_off("clock_offset");
        world.run(60s);
        EXPECT_EQ(world.unhealed(webull_account), Lines{});
    }
}

TEST(WebullFaults, WBR_05_TheVariantIsTheConfiguredOneAndAnotherIsNotGuessedByRest) {
    for (const auto algorithm : {::janus::webull::wire::Algorithm::HmacSha1,
                                 ::janus::webull::wire::Algorithm::HmacSha256}) {
        const bool sha1 = algorithm == ::janus::webull::wire::Algorithm::HmacSha1;
        auto options = webull_world();
        options.webull = [&](::janus::webull::WebullSettings& settings) {
            settings.algorithm = algorithm;
        };
        bool named = false;
        options.sink = [&](std::string_view line) {
            named =
                named || line.contains(sha1 ? "signs with HMAC-SHA1" : "signs with HMAC-SHA256");
        };
        FaultWorld world(options);
        const Values wanted{
            {"algorithm", sha1 ? "HMAC-SHA1" : "HMAC-SHA256"}
        };
        const Values other{
            {"algorithm", sha1 ? "HMAC-SHA256" : "HMAC-SHA1"}
        };
        world.webull_fault("signature_variant", other);
        world.start();
        world.run(60s);
        EXPECT_TRUE(named) << "said at the start";
        EXPECT_TRUE(world.gate("webull_personal").starts_with("needs_operator webull_auth"))
            << world.gate("webull_personal");
        world.webull_fault("signature_variant", wanted);
        world.run(60s);
        EXPECT_EQ(world.gate("webull_personal"), "ready");
        EXPECT_EQ(world.unhealed(webull_account), Lines{});
    }
}

TEST(WebullFaults, WBR_05_AStreamThatWantsTheOtherVariantGetsIt) {
    FaultWorld world(webull_world());
    world.webull_fault("signature_variant", {
                                                {"algorithm", "HMAC-SHA1"},
                                                {"host",      "events"   }
    });
    ASSERT_TRUE(world.connect());
    world.run(10s);
    EXPECT_EQ(world.health(stream_name), "live");
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBR_06_IdsFitEverywhereAndARepeatIsEvidence) {
    FaultWorld world(webull_world());
    connect(world);
    world.webull_fault("refuse_taken", {
                                           {"code",  "TRADE_PLACE_ORDER_REPEAT"},
                                           {"count", "1"                       }
    });
    const auto first = world.place(FaultWorld::webull_intent("AAPL", "5", "1.00"));
    const auto second = world.place(FaultWorld::webull_intent("AAPL", "5", "1.00"));
    world.run(5s);
    EXPECT_EQ(state_of(world, first), OrderState::Working) << "the first attempt had arrived";
    EXPECT_EQ(world.received("place", first), 1U);
    EXPECT_EQ(world.counter("webull.place_repeats"), 1U);
    std::set<std::string> ids;
    for (const auto& placed : {first, second}) {
        const auto id = world.order(placed).order.client_order_id.value;
        EXPECT_TRUE(id.size() >= 20 && id.size() <= 32) << id;
        EXPECT_TRUE(std::ranges::all_of(id, [](unsigned char c) { return std::isalnum(c) != 0; }));
        ids.insert(id);
    }
    EXPECT_EQ(ids.size(), 2U);
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBR_07_AbsenceCountsOnlyAfterTheLastPage) {
    FaultWorld world(webull_world());
    connect(world);
    const auto ours = rest_at_webull(world);
    for (int i = 0; i < 34; ++i) world.order_in_app("MSFT", "1", "1.00");
    // Ours is the oldest, so it stands on the fourth page of ten; then the pages overlap; then
    // they never go on, so that ours is on none.
    for (const auto* fault : {"page_size", "page_drift", "page_stuck"}) {
        SCOPED_TRACE(fault);
        world.webull_fault(fault);
        world.forget_sent();
        const auto sync = world.sync(webull_account);
        world.run(40s);
        ASSERT_TRUE(sync->answer && *sync->answer);
        EXPECT_GE(world.asked("open").size(), 4U);
        EXPECT_EQ(state_of(world, ours), OrderState::Working);
        EXPECT_EQ(world.gate("webull_personal"), "ready");
    }
    world.webull_fault_off("page_stuck");
    world.run(60s);  // What was on no page is still asked for, one by one.
    // A page that cannot be had is no end of the list.
    world.webull_fault("http_status", {
                                          {"endpoint", "open"  },
                                          {"when",     "before"}
    });
    world.forget_sent();
    world.run(40s);
    EXPECT_TRUE(world.asked("detail").empty());
    EXPECT_EQ(state_of(world, ours), OrderState::Working);
    world.webull_fault_off("http_status");
    world.run(30s);
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBR_07_AnOldOrderThatIsInNoListIsAskedForByItsId) {
    FaultWorld world(webull_world());
    connect(world);
    auto intent = FaultWorld::webull_intent("AAPL", "5", "1.00");
    intent.time_in_force = TimeInForce::GoodTillCancel;
    const auto old = world.place(intent);
    world.run(2s);
    const auto truth = world.truth_of(old)->id;
    world.shift_wall_clock(std::chrono::days(9));
    world.kill();
    world.exchange().cancel(world.now(), truth, "in the app");
    world.start();
    world.run(20s);
    EXPECT_EQ(state_of(world, old), OrderState::Cancelled);
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBR_08_AnUnknownStatusKeepsTheStateAndIsFlagged) {
    FaultWorld world(webull_world());
    connect(world);
    const auto placed = rest_at_webull(world, "AAPL", "100");
    world.webull_fault("unknown_status", {
                                             {"text", "BEWITCHED"}
    });
    world.run(15s);
    EXPECT_EQ(state_of(world, placed), OrderState::Working);
    EXPECT_TRUE(std::ranges::any_of(world.order(placed).order.flags, [](const std::string& flag) {
        return flag.starts_with("unmapped_status") && flag.contains("BEWITCHED");
    }));
    fill_at_webull(world, placed, "40");
    EXPECT_EQ(filled_of(world, placed), quantity_of("40")) << "quantities need no word";
    world.webull_fault("unknown_status", {
                                             {"text", "PARTIAL FILLED"}
    });
    world.run(15s);
    EXPECT_EQ(state_of(world, placed), OrderState::Working);
    world.webull_fault_off("unknown_status");
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBR_08_OddNumbersAreExactAndMissingOnesAreAFailure) {
    FaultWorld world(webull_world());
    connect(world);
    const auto placed = rest_at_webull(world, "AAPL", "100");
    for (const auto* style : {"exponent", "zeros"}) {
        world.webull_fault("number_format", {
                                                {"style", style}
        });
        fill_at_webull(world, placed, "10");
        world.sync(webull_account);
        world.run(15s);
        EXPECT_EQ(world.order(placed).order.quantity, quantity_of("100"));
        EXPECT_EQ(world.gate("webull_personal"), "ready");
    }
    EXPECT_EQ(filled_of(world, placed), quantity_of("20"));
    world.webull_fault("number_format", {
                                            {"style", "empty"}
    });
    world.run(60s);
    EXPECT_TRUE(world.gate("webull_personal").starts_with("degraded webull_rest"));
    EXPECT_EQ(world.order(placed).order.quantity, quantity_of("100"));
    world.tell_stream(event_of(world, placed, "FILLED", "PARTIAL_FILLED", "many"));
    EXPECT_EQ(world.counter("webull.events_unreadable"), 2U) << "on the streams of both keys";
    world.webull_fault_off("number_format");
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

constexpr std::array<const char*, 6> no_answers{"html_body", "truncated_body", "empty_body",
                                                "bad_gzip",  "huge_body",      "redirect"};

TEST(WebullFaults, WBR_09_APlaceWithAnUnreadableAnswerIsSettledByTheBooks) {
    for (const auto* fault : no_answers) {
        SCOPED_TRACE(fault);
        FaultWorld world(webull_world());
        connect(world);
        for (const auto* endpoint : {"place", "detail"})
            world.webull_fault(fault, {
                                          {"endpoint", endpoint},
                                          {"count",    "1"     }
            });
        const auto placed = world.place(FaultWorld::webull_intent("AAPL", "5", "1.00"));
        world.run(15s);
        EXPECT_EQ(state_of(world, placed), OrderState::Working);
        EXPECT_EQ(world.received("place", placed), 1U);
        EXPECT_EQ(world.unhealed(webull_account), Lines{});
    }
}

TEST(WebullFaults, WBR_09_AnAnswerThatIsNoneNeverLooksLikeAnEmptyAccount) {
    for (const auto* fault : no_answers) {
        SCOPED_TRACE(fault);
        FaultWorld world(webull_world());
        connect(world);
        for (const auto* endpoint : {"positions", "balance"})
            world.webull_fault(fault, {
                                          {"endpoint", endpoint}
            });
        world.sync(webull_account);
        world.run(60s);
        EXPECT_TRUE(world.gate("webull_personal").starts_with("degraded webull_rest"))
            << world.gate("webull_personal");
        EXPECT_TRUE(world.position("AAPL", "webull_personal")) << "the old data stays";
        EXPECT_EQ(world.gate("ib_main"), "ready");
        for (const auto& call : world.asked("positions")) EXPECT_EQ(call.body_size_max, 8U << 20U);
        world.webull_fault_off(fault);
        EXPECT_EQ(world.unhealed(webull_account), Lines{});
    }
}

TEST(WebullFaults, WBR_09_AVagueRefusalOfAnOrderThatLivesIsSettledByTheBooks) {
    for (const auto* code : {"SYSTEM_ERROR", "SOMETHING_NEW"}) {
        SCOPED_TRACE(code);
        FaultWorld world(webull_world());
        connect(world);
        world.webull_fault("refuse_taken", {
                                               {"code",  code},
                                               {"count", "1" }
        });
        const auto placed = world.place(FaultWorld::webull_intent("AAPL", "5", "1.00"));
        world.run(5s);
        EXPECT_EQ(state_of(world, placed), OrderState::Working);
        EXPECT_EQ(world.received("place", placed), 1U);
        fill_at_webull(world, placed, "5");
        EXPECT_EQ(state_of(world, placed), OrderState::Filled);
        EXPECT_EQ(world.unhealed(webull_account), Lines{});
    }
}

TEST(WebullFaults, WBR_09_ADefiniteRefusalOfAnOrderThatLivesIsBelievedToTheBooks) {
    FaultWorld world(webull_world());
    connect(world);
    const auto before = world.position("AAPL", "webull_personal")->position.quantity;
    world.webull_fault("refuse_taken", {
                                           {"code",  "PARAM_ERR"},
                                           {"count", "1"        }
    });
    const auto placed = world.place(FaultWorld::webull_intent("AAPL", "5", "1.00"));
    world.run(10s);
    EXPECT_EQ(state_of(world, placed), OrderState::Working);
    EXPECT_EQ(world.order(placed).order.flags, std::vector<std::string>{"found_after_refusal"});
    EXPECT_EQ(world.alarms_with("but stands in its books"), 1U);
    EXPECT_EQ(world.received("place", placed), 1U);
    fill_at_webull(world, placed, "5");
    EXPECT_EQ(filled_of(world, placed), quantity_of("5"));
    EXPECT_EQ(state_of(world, placed), OrderState::Filled);
    world.run(5s);
    EXPECT_EQ(world.position("AAPL", "webull_personal")->position.quantity.value,
              before.value + quantity_of("5").value);
    const auto next = rest_at_webull(world, "MSFT");
    EXPECT_EQ(state_of(world, next), OrderState::Working) << "nobody had to acknowledge a fill";
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullFaults, WBR_10_WhatFailsBeforeTheFirstByteWasNeverSent) {
    FaultWorld world(webull_world());
    connect(world);
    const Weather closed{.connect_refused = 1000};
    world.weather(closed, Line::Webull);
    const auto placed = world.place(FaultWorld::webull_intent("AAPL", "5", "1.00"));
    world.run(5s);
    EXPECT_EQ(state_of(world, placed), OrderState::NotSent);
    EXPECT_EQ(world.received("place", placed), 0U);
    world.run(60s);
    EXPECT_TRUE(world.gate("webull_personal").starts_with("degraded webull_rest"))
        << world.gate("webull_personal");
    EXPECT_EQ(world.gate("webull_other"), "ready");
    world.weather({}, Line::Webull);
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

}  // namespace
}  // namespace janus::sim
