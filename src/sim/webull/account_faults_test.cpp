#include <gtest/gtest.h>

#include "sim/webull/test_client.hpp"

// Faults of keys, tokens, accounts, pages and streams.
namespace janus::sim {
namespace {

using namespace std::chrono_literals;

constexpr auto accounts_path = "/openapi/account/list";
constexpr auto other_key = "other-key";

Scenario two_keys() {
    auto scenario = TestClient::quiet_scenario();
    scenario.app_keys.push_back({other_key, "other-secret"});
    scenario.accounts.push_back({.broker = SimBroker::Webull,
                                 .id = "WBSIM0000000003",
                                 .number = "CVA00003",
                                 .app_key = other_key,
                                 .cash = {Decimal::from_integer(50'000)},
                                 .holdings = {}});
    return scenario;
}

std::string token_call(TestClient& client, const std::string& call, const std::string& token,
                       std::string_view member) {
    return client.post("/openapi/auth/token/" + call,
                       fmt::format(R"({{"token":"{}"}})", token))[member];
}

int status_with(TestClient& client, const std::string& token) {
    return client
        .call("GET", accounts_path, "",
              {
                  {"x-access-token", token}
    })
        ->status;
}

void use_key(TestClient& client, const std::string& key, const std::string& secret) {
    client.app_key = key;
    client.secret = secret;
}

TEST(SimWebullTokens, LiveSoLongAndARefreshBeforeTheEndProlongsThem) {
    TestClient client({.token_check_enabled = true, .token_life = 1h, .rate_limits = false});
    const auto token = client.post("/openapi/auth/token/create", "{}")["token"];
    EXPECT_EQ(status_with(client, token), 200);
    client.now.utc = client.now.utc + 50min;
    EXPECT_EQ(token_call(client, "refresh", token, "status"), "NORMAL");
    client.now.utc = client.now.utc + 59min;
    EXPECT_EQ(status_with(client, token), 200);
    client.now.utc = client.now.utc + 1min;
    EXPECT_EQ(status_with(client, token), 417);
    EXPECT_EQ(token_call(client, "check", token, "status"), "EXPIRED");
    EXPECT_EQ(token_call(client, "refresh", token, "status"), "EXPIRED") << "too late";
    EXPECT_NE(token_call(client, "create", token, "token"), token);
}

TEST(SimWebullTokens, TheirLifeCanBeCutShort) {
    TestClient client({.token_check_enabled = true, .rate_limits = false});
    const auto token = client.post("/openapi/auth/token/create", "{}")["token"];
    client.fault("webull", "token_life",
                 {
                     {"seconds", "60"}
    });
    client.now.utc = client.now.utc + 59s;
    EXPECT_EQ(status_with(client, token), 200);
    client.now.utc = client.now.utc + 1s;
    EXPECT_EQ(status_with(client, token), 417);
}

TEST(SimWebullTokens, TheTroubleOfOneKeyIsNotTheOthers) {
    TestClient client({.token_check_enabled = true, .rate_limits = false}, two_keys());
    const auto token = client.post("/openapi/auth/token/create", "{}")["token"];
    use_key(client, other_key, "other-secret");
    const auto other = client.post("/openapi/auth/token/create", "{}")["token"];
    client.fault("webull", "token_state",
                 {
                     {"app_key", other_key}
    });
    EXPECT_EQ(status_with(client, other), 417);
    EXPECT_EQ(token_call(client, "check", other, "status"), "PENDING");
    use_key(client, "demo-key", "demo-secret");
    EXPECT_EQ(status_with(client, token), 200);
    EXPECT_EQ(status_with(client, other), 417) << "a token is good for its own key";
}

TEST(SimWebullKeys, EachKeyHasItsOwnAccountsLimitsAndStreams) {
    TestClient client({.streams_max = 1}, two_keys());
    EXPECT_EQ(rows_of(client.get(accounts_path).body).size(), 2U);
    const std::string open = "/openapi/trade/order/open?account_id=";
    for (const int status : {200, 200, 429})
        EXPECT_EQ(client.get(open + client.account).status, status);
    const auto first = client.subscribe();
    use_key(client, other_key, "other-secret");
    EXPECT_EQ(client.get(open + client.account).status, 403);
    client.account = "WBSIM0000000003";
    EXPECT_EQ(client.get(open + client.account).status, 200);
    EXPECT_EQ(rows_of(client.get(accounts_path).body).size(), 1U);
    EXPECT_FALSE(client.end_of(first).has_value());
}

TEST(SimWebullFaults, AnAccountCanBeMissingFromTheList) {
    TestClient client;
    client.fault("webull", "missing_account",
                 {
                     {"account", client.account}
    });
    EXPECT_EQ(rows_of(client.get(accounts_path).body).size(), 1U);
}

TEST(SimWebullFaults, ALateCallIsLookedAtLateToo) {
    TestClient client;
    client.fault("webull", "latency",
                 {
                     {"endpoint", "place" },
                     {"ms",       "1000"  },
                     {"when",     "before"},
                     {"count",    "1"     }
    });
    const auto body =
        fmt::format(R"({{"account_id":"{}","new_orders":[{}]}})", client.account,
                    TestClient::order_body("late000000000001", "BUY", "MSFT", "1", "300"));
    EXPECT_FALSE(client.call("POST", "/openapi/trade/order/place", body).has_value());
    client.advance(950ms);
    EXPECT_EQ(client.status_of("late000000000001"), "OPENAPI_ORDER_NOT_FOUND");
    client.advance(50ms);
    EXPECT_EQ(client.take_late()->status, 200);
    EXPECT_EQ(client.status_of("late000000000001"), "SUBMITTED");
}

TEST(SimWebullFaults, ARefusalCanBeALie) {
    TestClient client;
    client.fault("webull", "refuse_taken",
                 {
                     {"count", "1"}
    });
    EXPECT_EQ(client.place("taken00000000001", "BUY", "MSFT", "1", "300")["error_code"],
              "OPENAPI_TRADE_PLACE_ORDER_REPEAT");
    EXPECT_EQ(client.status_of("taken00000000001"), "SUBMITTED");
}

TEST(SimWebullFaults, OneHostCanDemandItsOwnSignature) {
    TestClient client;
    client.fault("webull", "signature_variant",
                 {
                     {"algorithm", "HMAC-SHA1"},
                     {"host",      "events"   }
    });
    EXPECT_EQ(client.get(accounts_path).status, 200);
    const auto refused = client.subscribe();
    EXPECT_EQ(client.end_of(refused), 16);
    client.algorithm = "HMAC-SHA1";
    EXPECT_FALSE(client.end_of(client.subscribe()).has_value());
}

class SimWebullPages : public testing::Test {
 protected:
    SimWebullPages() {
        for (int i = 0; i < 12; ++i)
            client.place(fmt::format("pages{:011}", i), "BUY", "MSFT", "1", "300");
    }
    /// The newest and the oldest order of the page behind a cursor.
    std::string page(const std::string& cursor) {
        const auto reply = client.get(
            "/openapi/trade/order/open?page_size=20&account_id=" + client.account + cursor);
        const auto& rows = rows_of(reply.body);
        if (rows.empty()) return "";
        const auto at = [&](std::size_t i) {
            return text_in(rows.at(i).get_object(), "client_order_id").substr(14);
        };
        return at(0) + "-" + at(rows.size() - 1);
    }
    TestClient client;
};

TEST_F(SimWebullPages, CanBeShorterThanAskedFor) {
    EXPECT_EQ(page(""), "11-00");
    client.fault("webull", "page_size");
    EXPECT_EQ(page(""), "11-02");
    EXPECT_EQ(page("&last_client_order_id=pages00000000002"), "01-00");
}

TEST_F(SimWebullPages, CanOverlapAndCanRepeat) {
    client.fault("webull", "page_drift");
    EXPECT_EQ(page("&last_client_order_id=pages00000000002"), "02-00");
    client.fault("webull", "page_drift", {}, false);
    client.fault("webull", "page_stuck");
    EXPECT_EQ(page("&last_client_order_id=pages00000000002"), "11-00");
}

TEST_F(SimWebullPages, OfTheHistoryCanReachBackShortly) {
    const std::string history = "/openapi/trade/order/history?account_id=" + client.account;
    client.fault("webull", "history_window",
                 {
                     {"minutes", "1"}
    });
    EXPECT_EQ(rows_of(client.get(history).body).size(), 10U);
    client.advance(61s);
    EXPECT_TRUE(rows_of(client.get(history).body).empty());
}

TEST(SimWebullStreams, EndWhenTheirLifeIsOver) {
    TestClient client;
    client.fault("events", "stream_life",
                 {
                     {"seconds", "90"}
    });
    const auto key = client.subscribe();
    client.advance(89s);
    EXPECT_FALSE(client.end_of(key).has_value());
    client.advance(1s);
    EXPECT_EQ(client.end_of(key), 0);
    const auto messages = client.take_messages(key);
    EXPECT_EQ(messages.back().eventtype(), ::grpc::trade::event::SubscribeExpired);
}

TEST(SimWebullStreams, CarryAnyTextThatATestWants) {
    TestClient client;
    const auto key = client.subscribe();
    client.take_messages(key);
    client.fault("events", "send_event",
                 {
                     {"payload", R"({"account_id":"A"})"}
    });
    const auto events = client.take_events(key);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(text_in(events[0], "account_id"), "A");
    EXPECT_TRUE(client.server.active_faults().empty());
}

}  // namespace
}  // namespace janus::sim
