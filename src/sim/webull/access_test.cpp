#include <gtest/gtest.h>

#include "sim/webull/test_client.hpp"

namespace janus::sim {
namespace {

using namespace std::chrono_literals;

constexpr auto accounts_path = "/openapi/account/list";

TEST(SimWebullAccess, ASignedCallIsLetInWithBothAlgorithms) {
    for (const auto* algorithm : {"HMAC-SHA1", "HMAC-SHA256"}) {
        TestClient client;
        client.algorithm = algorithm;
        EXPECT_EQ(client.get(accounts_path).status, 200) << algorithm;
    }
}

TEST(SimWebullAccess, TheHostMayBeSignedWithoutItsPort) {
    TestClient client;
    auto call = client.signed_call("GET", accounts_path);
    webull::SignedFields fields = webull::signed_fields_of(call.headers);
    call.headers["x-signature"] =
        webull::rest_signature(webull::SignatureAlgorithm::HmacSha256, fields,
                               {"127.0.0.1", accounts_path, {}, ""}, client.secret);
    EXPECT_EQ(client.send(call)->status, 200);
    call.headers["host"] = "10.0.0.1:8801";
    EXPECT_EQ(client.send(call)->status, 401);
}

TEST(SimWebullAccess, EverySpoiledFieldIsAnsweredWith401AndAnErrorBody) {
    for (const auto* field : {"x-app-key", "x-signature-algorithm", "x-signature-version",
                              "x-signature-nonce", "x-timestamp", "x-signature"}) {
        TestClient client;
        auto spoiled = client.signed_call("GET", accounts_path);
        spoiled.headers[field] = "spoiled";
        const auto reply = client.send(spoiled).value();
        EXPECT_EQ(reply.status, 401) << field;
        EXPECT_EQ(reply["error_code"], "OPENAPI_UNAUTHORIZED") << field;
        EXPECT_FALSE(reply["message"].empty()) << field;
        auto missing = client.signed_call("GET", accounts_path);
        missing.headers.erase(field);
        EXPECT_EQ(client.send(missing)->status, 401) << field;
        EXPECT_EQ(client.get(accounts_path).status, 200) << field;
    }
}

TEST(SimWebullAccess, AWrongSecretAndAChangedBodyAreRefused) {
    TestClient client;
    client.secret = "other";
    EXPECT_EQ(client.get(accounts_path).status, 401);
    client.secret = "demo-secret";
    auto call = client.signed_call("POST", "/openapi/auth/token/create", "{}");
    call.body = "{ }";
    EXPECT_EQ(client.send(call)->status, 401);
}

TEST(SimWebullAccess, TheErrorDoesNotShowTheExpectedSignature) {
    TestClient client;
    auto call = client.signed_call("GET", accounts_path);
    const auto good = call.headers["x-signature"];
    call.headers["x-signature"] = "AAAA";
    EXPECT_EQ(client.send(call)->text.find(good), std::string::npos);
}

TEST(SimWebullAccess, TheClockWindowEndsAtFiveMinutesOnBothSides) {
    for (const auto& [skew, status] : {
             std::pair{300s,  200},
             {301s,  401},
             {-300s, 200},
             {-301s, 401}
    }) {
        TestClient client;
        const auto call = client.signed_call("GET", accounts_path);
        client.now.utc = client.now.utc + skew;
        EXPECT_EQ(client.send(call)->status, status) << skew.count();
    }
}

TEST(SimWebullAccess, ANonceIsGoodOnceAndABadSignatureDoesNotUseItUp) {
    TestClient client;
    auto call = client.signed_call("GET", accounts_path);
    auto spoiled = call;
    spoiled.headers["x-signature"] = "AAAA";
    EXPECT_EQ(client.send(spoiled)->status, 401);
    EXPECT_EQ(client.send(call)->status, 200);
    EXPECT_EQ(client.send(call)->status, 401);
}

TEST(SimWebullAccess, UnknownAddressesAndMethodsAreNotFound) {
    TestClient client;
    EXPECT_EQ(client.get("/openapi/nothing").status, 404);
    EXPECT_EQ(client.get("/openapi/nothing")["error_msg"], "404 Route Not Found");
    EXPECT_EQ(client.call("POST", accounts_path, "{}")->status, 404);
    EXPECT_EQ(client.get("").status, 404);
    EXPECT_EQ(client.send({"GET", "/openapi/account/list?a=%", {}, ""})->status, 404);
}

TEST(SimWebullAccess, TheVersionMustFitTheGeneration) {
    TestClient client;
    const auto status = [&](const char* path, const char* version) {
        return client
            .call("GET", path, "",
                  {
                      {"x-version", version}
        })
            ->status;
    };
    EXPECT_EQ(status("/openapi/account/list", "v2"), 200);
    EXPECT_EQ(status("/openapi/account/list", "v1"), 404);
    EXPECT_EQ(status("/trading/accounts/list", "v3"), 200);
    EXPECT_EQ(status("/trading/accounts/list", "v2"), 404);
}

TEST(SimWebullAccess, PublishedLimitsHoldPerEndpointAndEndWithTheirWindow) {
    TestClient client(WebullServerSettings{});
    const std::string open = "/openapi/trade/order/open?account_id=" + client.account;
    const std::string positions = "/openapi/assets/positions?account_id=" + client.account;
    EXPECT_EQ(client.get(open).status, 200);
    EXPECT_EQ(client.get(open).status, 200);
    const auto third = client.get(open);
    EXPECT_EQ(third.status, 429);
    EXPECT_EQ(third["error_code"], "OPENAPI_TOO_MANY_REQUESTS");
    EXPECT_EQ(client.get(positions).status, 200);
    client.advance(1950ms);
    EXPECT_EQ(client.get(open).status, 429);
    client.advance(50ms);
    EXPECT_EQ(client.get(open).status, 200);
}

TEST(SimWebullAccess, TheConfigurationSaysWhetherTokensAreNeeded) {
    TestClient open;
    EXPECT_EQ(open.get("/openapi/config")["token_check_enabled"], "false");
    TestClient strict({.token_check_enabled = true, .rate_limits = false});
    EXPECT_EQ(strict.get("/openapi/config")["token_check_enabled"], "true");
}

TEST(SimWebullAccess, WithTokensACallNeedsAGoodOne) {
    TestClient client({.token_check_enabled = true, .rate_limits = false});
    EXPECT_EQ(client.get(accounts_path).status, 401);
    const auto created = client.post("/openapi/auth/token/create", "{}");
    EXPECT_EQ(created["status"], "NORMAL");
    EXPECT_EQ(created["token"].size(), 32U);
    const auto with = [&](const std::string& token) {
        return *client.call("GET", accounts_path, "",
                            {
                                {"x-access-token", token}
        });
    };
    EXPECT_EQ(with(created["token"]).status, 200);
    EXPECT_EQ(with("nonsense")["error_code"], "OPENAPI_INVALID_TOKEN");
    EXPECT_EQ(client.post("/openapi/auth/token/create",
                          fmt::format(R"({{"token":"{}"}})", created["token"]))["token"],
              created["token"]);
}

TEST(SimWebullAccess, ATokenLivesFifteenDays) {
    TestClient client({.token_check_enabled = true, .rate_limits = false});
    const auto token = client.post("/openapi/auth/token/create", "{}")["token"];
    const auto with = [&] {
        return client
            .call("GET", accounts_path, "",
                  {
                      {"x-access-token", token}
        })
            ->status;
    };
    client.now.utc = client.now.utc + std::chrono::days(15) + -1s;
    EXPECT_EQ(with(), 200);
    client.now.utc = client.now.utc + 1s;
    EXPECT_EQ(with(), 417);
}

TEST(SimWebullAccess, TheNewerTokenCallsNameTheExpiryOtherwise) {
    TestClient client;
    const auto created = client.post("/auth/tokens/create", "{}");
    EXPECT_EQ(created.status, 200);
    EXPECT_FALSE(created["expires_at"].empty());
    EXPECT_TRUE(created["expires"].empty());
    const auto checked =
        client.post("/auth/tokens/check", fmt::format(R"({{"token":"{}"}})", created["token"]));
    EXPECT_EQ(checked["status"], "NORMAL");
}

}  // namespace
}  // namespace janus::sim
