#include <set>

#include <gtest/gtest.h>

#include "sim/webull/test_client.hpp"

namespace janus::sim {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto id_one = "fault00000000001";
constexpr auto id_two = "fault00000000002";
constexpr auto accounts_path = "/openapi/account/list";

std::optional<TestClient::Reply> try_place(TestClient& client, const std::string& id) {
    return client.call("POST", "/openapi/trade/order/place",
                       fmt::format(R"({{"account_id":"{}","new_orders":[{}]}})", client.account,
                                   TestClient::order_body(id, "BUY", "MSFT", "1", "300")));
}

std::string not_found() {
    return "OPENAPI_ORDER_NOT_FOUND";
}

TEST(SimWebullFaults, ThePublishedListHasEveryNameOnceWithAnExplanation) {
    std::set<std::string> names;
    for (const auto& row : WebullServer::faults()) {
        EXPECT_TRUE(names.insert(fmt::format("{}/{}", row.target, row.name)).second) << row.name;
        EXPECT_TRUE(row.what.ends_with('.')) << row.name;
        EXPECT_TRUE(row.target == "webull" || row.target == "events") << row.name;
    }
}

TEST(SimWebullFaults, EveryRowCanBeSwitchedOnAndOffByItsDefaults) {
    TestClient client;
    for (const auto& row : WebullServer::faults()) {
        client.fault(std::string(row.target), std::string(row.name));
        client.fault(std::string(row.target), std::string(row.name), {}, false);
        EXPECT_TRUE(client.server.active_faults().empty()) << row.name;
        EXPECT_EQ(client.get(accounts_path).status, 200) << row.name;
    }
}

TEST(SimWebullFaults, UnknownNamesParametersAndValuesAreRefused) {
    TestClient client;
    const auto code = [&](FaultOrder order) {
        const auto done = client.server.set_fault(client.now, order);
        return done ? std::string("ok") : std::string(to_text(done.error().code));
    };
    EXPECT_EQ(code({"webull", "nothing", true, {}}), "not_found");
    EXPECT_EQ(code({"events", "http_status", true, {}}), "not_found");
    EXPECT_EQ(code({"webull", "reset", true, {{"status", "500"}}}), "invalid");
    EXPECT_EQ(code({"webull", "reset", true, {{"endpoint", "nowhere"}}}), "invalid");
    EXPECT_EQ(code({"webull", "reset", true, {{"when", "later"}}}), "invalid");
    EXPECT_EQ(code({"webull", "latency", true, {{"ms", "soon"}}}), "invalid");
    EXPECT_EQ(code({"webull", "generation", true, {{"only", "G5"}}}), "invalid");
    EXPECT_TRUE(client.server.active_faults().empty());
}

TEST(SimWebullFaults, AStatusBeforeTheCommitLeavesNoOrderAndAfterItLeavesOne) {
    for (const auto& [when, after] : {
             std::pair{"before", "OPENAPI_ORDER_NOT_FOUND"},
             std::pair{"after",  "SUBMITTED"              }
    }) {
        TestClient client;
        client.fault("webull", "http_status",
                     {
                         {"endpoint", "place"},
                         {"status",   "502"  },
                         {"when",     when   },
                         {"count",    "1"    }
        });
        EXPECT_EQ(try_place(client, id_one)->status, 502) << when;
        EXPECT_EQ(client.status_of(id_one), after) << when;
        EXPECT_EQ(client.server.ledger().size(), 1U) << when;
        EXPECT_EQ(try_place(client, id_two)->status, 200) << when;
    }
}

TEST(SimWebullFaults, ResetAndSilenceHaveBothMoments) {
    for (const auto* name : {"reset", "no_reply"})
        for (const auto& [when, after] : {
                 std::pair{"before", "OPENAPI_ORDER_NOT_FOUND"},
                 std::pair{"after",  "SUBMITTED"              }
        }) {
            TestClient client;
            client.fault("webull", name,
                         {
                             {"endpoint", "place"},
                             {"when",     when   },
                             {"count",    "1"    }
            });
            const auto reply = try_place(client, id_one);
            EXPECT_EQ(reply.has_value(), std::string(name) == "reset");
            if (reply) EXPECT_TRUE(reply->dropped);
            EXPECT_EQ(client.status_of(id_one), after) << name << ' ' << when;
            EXPECT_EQ(try_place(client, id_two)->status, 200);
        }
}

TEST(SimWebullFaults, ADroppedAcknowledgementLeavesTheOrder) {
    TestClient client;
    client.fault("webull", "drop_ack",
                 {
                     {"count", "1"}
    });
    EXPECT_TRUE(try_place(client, id_one)->dropped);
    EXPECT_EQ(client.status_of(id_one), "SUBMITTED");
    EXPECT_EQ(try_place(client, id_one)->operator[]("error_code"),
              "OPENAPI_TRADE_PLACE_ORDER_REPEAT");
}

TEST(SimWebullFaults, ASwallowedPlacementIsInTheLedgerOnly) {
    TestClient client;
    client.fault("webull", "swallow_place",
                 {
                     {"reply", "ok"},
                     {"count", "1" }
    });
    const auto reply = try_place(client, id_one);
    EXPECT_EQ(reply->status, 200);
    EXPECT_EQ((*reply)["client_order_id"], id_one);
    EXPECT_EQ(client.status_of(id_one), not_found());
    client.fault("webull", "swallow_place",
                 {
                     {"reply", "none"},
                     {"count", "1"   }
    });
    EXPECT_FALSE(try_place(client, id_two).has_value());
    EXPECT_EQ(client.server.ledger().size(), 2U);
    EXPECT_TRUE(client.exchange.orders().empty());
    EXPECT_EQ(try_place(client, id_two)->status, 200);
}

TEST(SimWebullFaults, LatencyHoldsTheReplyAndNotTheOrder) {
    TestClient client;
    client.fault("webull", "latency",
                 {
                     {"endpoint", "place"},
                     {"ms",       "1000" },
                     {"count",    "1"    }
    });
    EXPECT_FALSE(try_place(client, id_one).has_value());
    EXPECT_EQ(client.status_of(id_one), "SUBMITTED");
    client.advance(950ms);
    EXPECT_FALSE(client.take_late().has_value());
    client.advance(50ms);
    EXPECT_EQ(client.take_late()->status, 200);
}

TEST(SimWebullFaults, AnEventCanBeatTheReply) {
    TestClient client;
    const auto key = client.subscribe();
    client.fault("webull", "event_before_reply",
                 {
                     {"ms",    "2000"},
                     {"count", "1"   }
    });
    const auto body = fmt::format(R"({{"account_id":"{}","new_orders":[{}]}})", client.account,
                                  TestClient::order_body(id_one, "BUY", "MSFT", "1", ""));
    EXPECT_FALSE(client.call("POST", "/openapi/trade/order/place", body).has_value());
    client.advance(1s);
    EXPECT_EQ(client.take_events(key).size(), 1U);
    EXPECT_FALSE(client.take_late().has_value());
    client.advance(1s);
    EXPECT_EQ(client.take_late()->status, 200);
}

TEST(SimWebullFaults, TooManyRequestsComeWithAndWithoutAHint) {
    TestClient client;
    client.fault("webull", "rate_limit",
                 {
                     {"endpoint", "open"},
                     {"count",    "1"   }
    });
    const std::string open = "/openapi/trade/order/open?account_id=" + client.account;
    const auto bare = client.get(open);
    EXPECT_EQ(bare.status, 429);
    EXPECT_EQ(bare.header("Retry-After"), "");
    client.fault("webull", "rate_limit",
                 {
                     {"endpoint",    "open"},
                     {"count",       "1"   },
                     {"retry_after", "7"   }
    });
    EXPECT_EQ(client.get(open).header("Retry-After"), "7");
    EXPECT_EQ(client.get(open).status, 200);
}

TEST(SimWebullFaults, RepliesCanBeWhatTheyAreNot) {
    TestClient client;
    const auto once = [&](const char* name) {
        client.fault("webull", name,
                     {
                         {"endpoint", "account_list"},
                         {"count",    "1"           }
        });
        return client.get(accounts_path);
    };
    EXPECT_TRUE(once("html_body").text.starts_with("<!DOCTYPE html>"));
    const auto truncated = once("truncated_body");
    EXPECT_TRUE(truncated.body.is_null());
    EXPECT_FALSE(truncated.text.empty());
    EXPECT_EQ(once("empty_body").text, "");
    EXPECT_EQ(once("huge_body").text.size(), 31'457'280U);
    EXPECT_EQ(once("bad_gzip").header("Content-Encoding"), "gzip");
    const auto redirect = once("redirect");
    EXPECT_EQ(redirect.status, 302);
    EXPECT_TRUE(redirect.header("Location").starts_with("http://"));
    EXPECT_TRUE(client.get(accounts_path).body.is_array());
}

TEST(SimWebullFaults, TokensGoThroughTheirStates) {
    TestClient client;
    const auto create = [&](const std::string& body) {
        return client.post("/openapi/auth/token/create", body);
    };
    const auto check = [&](const std::string& token) {
        return client.post("/openapi/auth/token/check", fmt::format(R"({{"token":"{}"}})", token));
    };
    const auto first = create("{}")["token"];
    client.fault("webull", "token_state",
                 {
                     {"state",  "EXPIRED"},
                     {"checks", "3"      }
    });
    EXPECT_EQ(client.get("/openapi/config")["token_check_enabled"], "true");
    EXPECT_EQ(check(first)["status"], "EXPIRED");
    const auto second = create(fmt::format(R"({{"token":"{}"}})", first));
    EXPECT_NE(second["token"], first);
    EXPECT_EQ(second["status"], "PENDING");
    EXPECT_EQ(check(second["token"])["status"], "PENDING");
    EXPECT_EQ(check(second["token"])["status"], "PENDING");
    EXPECT_EQ(check(second["token"])["status"], "NORMAL");
    EXPECT_EQ(client
                  .call("GET", accounts_path, "",
                        {
                            {"x-access-token", second["token"]}
    })
                  ->status,
              200);
    EXPECT_EQ(client.get(accounts_path).status, 401);
    client.fault("webull", "token_state", {}, false);
    EXPECT_EQ(client.get(accounts_path).status, 200);
}

TEST(SimWebullFaults, APendingTokenCanStayPendingOrEndBadly) {
    TestClient client;
    client.fault("webull", "token_state",
                 {
                     {"checks", "1"      },
                     {"then",   "INVALID"}
    });
    const auto token = client.post("/openapi/auth/token/create", "{}")["token"];
    const auto body = fmt::format(R"({{"token":"{}"}})", token);
    EXPECT_EQ(client.post("/openapi/auth/token/check", body)["status"], "INVALID");
    EXPECT_EQ(client
                  .call("GET", accounts_path, "",
                        {
                            {"x-access-token", token}
    })
                  ->operator[]("error_code"),
              "OPENAPI_INVALID_TOKEN");
}

TEST(SimWebullFaults, TheServersClockCanBeWrong) {
    TestClient client;
    client.fault("webull", "clock_offset",
                 {
                     {"seconds", "600"}
    });
    EXPECT_EQ(client.get(accounts_path).status, 401);
    client.fault("webull", "clock_offset", {}, false);
    EXPECT_EQ(client.get(accounts_path).status, 200);
}

TEST(SimWebullFaults, OneSignatureVariantCanBeDemanded) {
    TestClient client;
    client.fault("webull", "signature_variant",
                 {
                     {"algorithm", "HMAC-SHA1"}
    });
    EXPECT_EQ(client.get(accounts_path).status, 401);
    client.algorithm = "HMAC-SHA1";
    EXPECT_EQ(client.get(accounts_path).status, 200);
}

TEST(SimWebullFaults, OneGenerationCanBeMissing) {
    TestClient client;
    client.fault("webull", "generation",
                 {
                     {"only", "G3"}
    });
    EXPECT_EQ(client.get("/trading/accounts/list").status, 404);
    EXPECT_EQ(client.get(accounts_path).status, 200);
    client.fault("webull", "generation",
                 {
                     {"only", "G4"}
    });
    EXPECT_EQ(client.get("/trading/accounts/list").status, 200);
    EXPECT_EQ(client.get(accounts_path).status, 404);
    EXPECT_EQ(client.get("/openapi/config").status, 200);
}

TEST(SimWebullFaults, AnOrderCanFailAfterItsReceipt) {
    TestClient client;
    const auto key = client.subscribe();
    client.fault("webull", "place_failed_later",
                 {
                     {"ms",    "500"},
                     {"count", "1"  }
    });
    EXPECT_EQ(try_place(client, id_one)->status, 200);
    EXPECT_EQ(client.status_of(id_one), "PENDING");
    client.advance(1s);
    EXPECT_EQ(client.status_of(id_one), "FAILED");
    const auto events = client.take_events(key);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(text_in(events[0], "scene_type"), "PLACE_FAILED");
    EXPECT_EQ(text_in(events[0], "order_status"), "FAILED");
}

TEST(SimWebullFaults, CancelsAndReplacesCanFailWhileTheOrderGoesOn) {
    TestClient client;
    const auto key = client.subscribe();
    client.fault("webull", "cancel_failed",
                 {
                     {"count", "1"}
    });
    client.fault("webull", "modify_failed",
                 {
                     {"count", "1"}
    });
    try_place(client, id_one);
    const auto replaced = client.post(
        "/openapi/trade/order/replace",
        fmt::format(
            R"({{"account_id":"{}","modify_orders":[{{"client_order_id":"{}","quantity":"9"}}]}})",
            client.account, id_one));
    EXPECT_EQ(replaced.status, 200);
    const auto cancel =
        fmt::format(R"({{"account_id":"{}","client_order_id":"{}"}})", client.account, id_one);
    EXPECT_EQ(client.post("/openapi/trade/order/cancel", cancel).status, 200);
    client.advance(1s);
    std::string scenes;
    for (const auto& event : client.take_events(key))
        scenes += text_in(event, "scene_type") + "/" + text_in(event, "order_status") + " ";
    EXPECT_EQ(scenes, "MODIFY_FAILED/SUBMITTED CANCEL_FAILED/SUBMITTED ");
    EXPECT_EQ(client.status_of(id_one), "SUBMITTED");
    client.post("/openapi/trade/order/cancel", cancel);
    client.advance(1s);
    EXPECT_EQ(client.status_of(id_one), "CANCELLED");
}

TEST(SimWebullFaults, EqualOrdersCanBeRefused) {
    TestClient client;
    EXPECT_EQ(try_place(client, id_one)->status, 200);
    client.fault("webull", "duplicate_order_check");
    EXPECT_EQ((*try_place(client, id_two))["error_code"], "OPENAPI_DUPLICATE_ORDER_CHECK");
}

TEST(SimWebullFaults, ErrorsCanCarryTheProductionPrefix) {
    TestClient client;
    client.fault("webull", "production_prefix");
    EXPECT_EQ(client.status_of("nobody"), "OAUTH_OPENAPI_ORDER_NOT_FOUND");
}

TEST(SimWebullFaults, PagesOfTheOlderGenerationCanBeWrapped) {
    TestClient client;
    client.fault("webull", "wrapped_pages");
    const auto reply = client.get("/openapi/trade/order/open?account_id=" + client.account);
    EXPECT_TRUE(reply.body.is_object());
    EXPECT_TRUE(rows_of(reply.body).empty());
}

TEST(SimWebullFaults, HistoryCanLagBehindDetail) {
    TestClient client;
    const std::string history = "/openapi/trade/order/history?account_id=" + client.account;
    const auto status = [&]() -> std::string {
        const auto reply = client.get(history);
        if (rows_of(reply.body).empty()) return "none";
        return text_in(rows_of(reply.body).at(0).at("orders").at(0).get_object(), "status");
    };
    client.fault("webull", "history_lag",
                 {
                     {"ms", "3000"}
    });
    try_place(client, id_one);
    EXPECT_EQ(status(), "none");
    client.advance(4s);
    EXPECT_EQ(status(), "SUBMITTED");
    client.post(
        "/openapi/trade/order/cancel",
        fmt::format(R"({{"account_id":"{}","client_order_id":"{}"}})", client.account, id_one));
    client.advance(1s);
    EXPECT_EQ(client.status_of(id_one), "CANCELLED");
    EXPECT_EQ(status(), "SUBMITTED");
    client.advance(4s);
    EXPECT_EQ(status(), "CANCELLED");
}

TEST(SimWebullFaults, StatusAndNumbersCanBeStrange) {
    TestClient client;
    const auto placed = client.place(id_one, "BUY", "MSFT", "100", "300");
    ASSERT_EQ(placed.status, 200);
    client.fault("webull", "unknown_status",
                 {
                     {"text", "PARTIAL FILLED"}
    });
    EXPECT_EQ(client.status_of(id_one), "PARTIAL FILLED");
    const auto quantity = [&](const char* style) {
        client.fault("webull", "number_format",
                     {
                         {"style", style}
        });
        const auto reply =
            client.get(fmt::format("/openapi/trade/order/detail?account_id={}&client_order_id={}",
                                   client.account, id_one));
        return text_in(reply.body.at("orders").at(0).get_object(), "total_quantity");
    };
    EXPECT_EQ(quantity("exponent"), "1E+2");
    EXPECT_EQ(quantity("zeros"), "100.00000");
    EXPECT_EQ(quantity("empty"), "");
}

TEST(SimWebullFaults, RateLimitsCanBeSwitchedOff) {
    TestClient client(WebullServerSettings{});
    client.fault("webull", "unlimited");
    const std::string open = "/openapi/trade/order/open?account_id=" + client.account;
    for (int call = 0; call < 5; ++call) EXPECT_EQ(client.get(open).status, 200);
}

TEST(SimWebullFaults, FaultsOfTwoEndpointsLiveSideBySide) {
    TestClient client;
    client.fault("webull", "http_status",
                 {
                     {"endpoint", "open"},
                     {"status",   "500" }
    });
    client.fault("webull", "http_status",
                 {
                     {"endpoint", "detail"},
                     {"status",   "503"   }
    });
    EXPECT_EQ(client.get("/openapi/trade/order/open").status, 500);
    EXPECT_EQ(client.get("/openapi/trade/order/detail").status, 503);
    client.fault("webull", "http_status",
                 {
                     {"endpoint", "open"}
    },
                 false);
    EXPECT_EQ(client.get("/openapi/trade/order/open").status, 417);
    EXPECT_EQ(client.get("/openapi/trade/order/detail").status, 503);
    client.fault("webull", "http_status", {}, false);
    EXPECT_EQ(client.get("/openapi/trade/order/detail").status, 417);
}

}  // namespace
}  // namespace janus::sim
