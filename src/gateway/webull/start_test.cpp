#include <set>

#include <gtest/gtest.h>

#include "gateway/webull/test_desk.hpp"

// From nothing to ready, and what happens when it does not go well.
namespace janus::webull {
namespace {

using gateway::Gate;
using gateway::GateChanged;

TEST(WebullStart, ReadsEverythingByTheNewestUrlsAndIsReady) {
    Desk desk;
    desk.start();
    std::vector<Gate> gates;
    for (const auto& event : desk.all<GateChanged>()) gates.push_back(event.gate);
    EXPECT_EQ(gates, (std::vector{Gate::Connecting, Gate::Reconciling, Gate::Ready}));
    const auto positions = desk.all<gateway::PositionsSnapshot>();
    ASSERT_EQ(positions.size(), 1U);
    ASSERT_EQ(positions[0].positions.size(), 1U);
    EXPECT_EQ(positions[0].positions[0].instrument.symbol->text(), "AAPL");
    EXPECT_EQ(positions[0].positions[0].instrument.native_id.value, "AAPL");
    EXPECT_EQ(desk.last<gateway::BalancesSnapshot>()->balances[0].cash->value.to_text(), "100.5");
    EXPECT_EQ(desk.all<gateway::OrdersComplete>().size(), 1U);
    EXPECT_EQ(desk.requests_to("/trading/accounts/list"), 1);
    EXPECT_EQ(desk.requests_to("/openapi/account/list"), 0);
}

TEST(WebullStart, SaysTheSignedHeadersAndTheVersionOfTheUrls) {
    Desk desk;
    desk.start();
    std::set<std::string> nonces;
    for (const auto& request : desk.requests) {
        std::map<std::string, std::string> headers(request.headers.begin(), request.headers.end());
        EXPECT_EQ(headers.at("x-app-key"), key_text);
        EXPECT_TRUE(nonces.insert(headers.at("x-signature-nonce")).second);
        EXPECT_EQ(headers.at("x-version"), request.target == "/openapi/config" ? "v2" : "v3");
        EXPECT_EQ(headers.at("x-timestamp").size(), 20U);
        std::vector<wire::Parameter> query;
        for (const auto* name : {"account_id", "page_size", "start_time", "end_time"})
            if (const auto value = Desk::query_of(request, name); !value.empty())
                query.emplace_back(name, wire::form_decode(value).value());
        const wire::SigningKey key{Secret(key_text), Secret(secret_text),
                                   wire::Algorithm::HmacSha256};
        EXPECT_EQ(headers.at("x-signature"),
                  wire::sign_rest(key, {headers.at("x-timestamp"), headers.at("x-signature-nonce")},
                                  {"127.0.0.1:8801", Desk::path_of(request), query, {}}));
    }
    EXPECT_EQ(nonces.size(), desk.requests.size());
}

TEST(WebullStart, FallsBackToTheOlderUrlsOn404) {
    Desk desk;
    desk.replies.erase("/trading/accounts/list");
    desk.replies["/openapi/account/list"] =
        ok(fmt::format(R"([{{"account_id":"{}"}}])", account_1));
    desk.replies["/openapi/assets/balance"] = desk.replies["/trading/assets/balances/get"];
    for (const auto* path :
         {"/openapi/assets/positions", "/openapi/trade/order/open", "/openapi/trade/order/history"})
        desk.replies[path] = ok("[]");
    desk.start();
    EXPECT_EQ(desk.gate(), "ready");
    for (const auto& request : desk.requests)
        if (Desk::path_of(request) == "/openapi/trade/order/history")
            EXPECT_EQ(Desk::query_of(request, "start_date"), "2026-03-09");
    EXPECT_EQ(desk.requests_to("/openapi/trade/order/history"), 1);
}

TEST(WebullStart, APinnedGenerationIsNotLeft) {
    auto settings = desk_settings();
    settings.generation = UrlGeneration::G3;
    Desk desk(settings);
    desk.start();
    EXPECT_EQ(desk.requests_to("/trading/accounts/list"), 0);
    EXPECT_GE(desk.requests_to("/openapi/account/list"), 2);
    EXPECT_EQ(desk.gate(), "connecting");
}

TEST(WebullStart, AnUnknownAccountNeedsThePersonAndTheOtherWorks) {
    auto settings = desk_settings();
    settings.accounts = {
        {AccountName{"w1"}, "JNS7QK20ACC9999"},
        {AccountName{"w2"}, account_2        }
    };
    Desk desk(settings);
    desk.start();
    EXPECT_EQ(desk.gate("w1"), "needs_operator");
    EXPECT_EQ(desk.gate("w2"), "ready");
    for (const auto& event : desk.all<GateChanged>()) {
        if (event.gate != Gate::NeedsOperator) continue;
        EXPECT_TRUE(event.reason.starts_with("unknown_account: JNS...99")) << event.reason;
        EXPECT_NE(event.reason.find("JNS...02"), std::string::npos);
        EXPECT_EQ(event.reason.find(account_2), std::string::npos);
    }
    // The account appears later: within a minute it is found, and the other one is not disturbed.
    desk.forget();
    desk.replies["/trading/accounts/list"] =
        ok(fmt::format(R"([{{"account_id":"{}"}},{{"account_id":"JNS7QK20ACC9999"}}])", account_2));
    desk.run(70s);
    EXPECT_EQ(desk.gate("w1"), "ready");
    EXPECT_EQ(desk.gate("w2"), "none") << "no change of its gate";
}

TEST(WebullStart, TellsEveryAccountOfTheKeyAndWhichOnesAreConfigured) {
    auto settings = desk_settings();
    settings.accounts = {
        {AccountName{"w1"}, account_1        },
        {AccountName{"w2"}, "JNS7QK20ACC9999"}
    };
    Desk desk(settings);
    desk.replies["/trading/accounts/list"] = ok(fmt::format(
        R"({{"data":[{{"account_id":"{}"}},{{"account_id":"{}","account_label":"Roth IRA {}"}}]}})",
        account_1, account_2, account_2));
    desk.start();
    const auto listed = desk.last<gateway::AccountsListed>();
    ASSERT_TRUE(listed);
    EXPECT_EQ(listed->login, "w1+w2");
    ASSERT_EQ(listed->accounts.size(), 2U);
    EXPECT_EQ(listed->accounts[0].name, AccountName{"w1"});
    const auto& other = listed->accounts[1];
    EXPECT_EQ(other.name, std::nullopt);
    EXPECT_EQ(other.id.reveal(), account_2);
    EXPECT_EQ(other.masked_id, "JNS...02");
    EXPECT_EQ(other.label, "Roth IRA JNS...02") << "also in the broker's own words";
    EXPECT_EQ(desk.gate("w2"), "needs_operator");
}

TEST(WebullStart, WithoutAnIdTheOnlyAccountIsMeantAndSeveralNeedThePerson) {
    auto settings = desk_settings();
    settings.accounts = {
        {AccountName{"w1"}, ""}
    };
    Desk several(settings);
    several.start();
    EXPECT_EQ(several.gate(), "needs_operator");
    Desk one(settings);
    one.replies["/trading/accounts/list"] =
        ok(fmt::format(R"([{{"account_id":"{}"}}])", account_2));
    one.start();
    EXPECT_EQ(one.gate(), "ready");
    EXPECT_EQ(Desk::query_of(one.requests.back(), "account_id"), account_2);
}

TEST(WebullStart, ServerErrorsAreRetriedForEverAndRecoveryIsQuick) {
    Desk desk;
    desk.script = [](const io::HttpRequest&) { return std::optional(status(500)); };
    desk.command(gateway::Start{});
    desk.run(600s);
    EXPECT_EQ(desk.gate(), "connecting");
    EXPECT_NE(desk.last<GateChanged>()->reason.find("500"), std::string::npos);
    EXPECT_GT(desk.requests.size(), 15U);
    EXPECT_LT(desk.requests.size(), 60U) << "no storm";
    desk.script = {};
    desk.run(50s);
    EXPECT_EQ(desk.gate(), "ready");
}

TEST(WebullStart, EveryBrokenBodyKeepsTheAccountFromLookingEmpty) {
    for (const auto* path :
         {"/trading/orders/open-orders/list", "/trading/orders/historical-orders/list",
          "/trading/assets/positions/list", "/trading/assets/balances/get"})
        for (const auto* body :
             {"", "<html>busy</html>", "{}", "null", R"({"data":[{}]})", "[", R"({"data":null})"}) {
            Desk desk;
            const auto good = desk.replies[path];
            desk.replies[path] = ok(body);
            desk.start();
            desk.run(60s);
            EXPECT_EQ(desk.gate(), "degraded") << path << " " << body;
            if (std::string_view(path).find("positions") != std::string_view::npos)
                EXPECT_TRUE(desk.all<gateway::PositionsSnapshot>().empty()) << body;
            if (std::string_view(path).find("orders") != std::string_view::npos)
                EXPECT_TRUE(desk.all<gateway::OrdersComplete>().empty()) << body;
            desk.replies[path] = good;
            desk.run(45s);
            EXPECT_EQ(desk.gate(), "ready") << path << " " << body;
        }
}

TEST(WebullStart, EveryTruncationOfEveryBodyKeepsTheAccountFromBeingReady) {
    Desk whole;
    whole.replies["/trading/orders/open-orders/list"] =
        ok(R"({"data":[)" + order_group("ext00000000000000001", "SUBMITTED") + "]}");
    whole.replies["/trading/orders/historical-orders/list"] =
        ok(R"({"data":[)" + order_group("ext00000000000000002", "FILLED", "100", "10") + "]}");
    whole.start();
    ASSERT_EQ(whole.gate(), "ready");
    for (const auto& [path, reply] : whole.replies)
        for (std::size_t size = 0; reply.status == 200 && size < reply.body.size(); ++size) {
            Desk desk;
            desk.replies = whole.replies;
            desk.replies[path] = ok(reply.body.substr(0, size));
            desk.command(gateway::Start{});
            desk.run(1500ms);
            EXPECT_NE(desk.gate(), "ready") << path << " " << size;
            for (const auto& snapshot : desk.all<gateway::PositionsSnapshot>())
                EXPECT_EQ(snapshot.positions.size(), 1U) << path << " " << size;
            for (const auto& snapshot : desk.all<gateway::BalancesSnapshot>())
                EXPECT_EQ(snapshot.balances.size(), 1U) << path << " " << size;
            if (!desk.all<gateway::OrdersComplete>().empty())
                EXPECT_EQ(desk.all<gateway::OrderReport>().size() %
                              (2 * desk.all<gateway::OrdersComplete>().size()),
                          0U);
        }
}

TEST(WebullStart, EveryTruncationOfAPositionListIsAFailedRead) {
    Desk desk;
    const auto good = desk.replies["/trading/assets/positions/list"].body;
    desk.start();
    for (std::size_t size = 0; size < good.size(); ++size) {
        desk.forget();
        desk.replies["/trading/assets/positions/list"] = ok(good.substr(0, size));
        desk.command(gateway::RefreshAccount{AccountName{"w1"}});
        desk.run(15s);
        EXPECT_TRUE(desk.all<gateway::PositionsSnapshot>().empty()) << size;
    }
}

TEST(WebullStart, AnEmptyPositionListIsBelievedOnlyTheSecondTime) {
    Desk desk;
    desk.start();
    desk.forget();
    desk.replies["/trading/assets/positions/list"] = ok(R"({"data":[]})");
    desk.command(gateway::RefreshAccount{AccountName{"w1"}});
    desk.run(10s);
    EXPECT_EQ(desk.requests_to("/trading/assets/positions/list"), 2);
    EXPECT_TRUE(desk.last<gateway::PositionsSnapshot>()->positions.empty());
}

TEST(WebullStart, PagesAreReadToTheEnd) {
    auto settings = desk_settings();
    settings.generation = UrlGeneration::G3;
    Desk desk(settings);
    desk.replies["/openapi/account/list"] =
        ok(fmt::format(R"([{{"account_id":"{}"}}])", account_1));
    desk.replies["/openapi/assets/balance"] = desk.replies["/trading/assets/balances/get"];
    desk.replies["/openapi/assets/positions"] = ok("[]");
    desk.replies["/openapi/trade/order/history"] = ok("[]");
    // 35 orders; the server serves ten at a time, whatever was asked for.
    desk.script = [](const io::HttpRequest& request) -> std::optional<Reply> {
        if (Desk::path_of(request) != "/openapi/trade/order/open") return std::nullopt;
        const auto cursor = Desk::query_of(request, "last_client_order_id");
        const int from = cursor.empty() ? 0 : std::stoi(cursor.substr(3)) + 1;
        std::string rows;
        for (int i = from; i < std::min(from + 10, 35); ++i)
            rows +=
                (rows.empty() ? "" : ",") + order_group(fmt::format("ext{:017}", i), "SUBMITTED");
        return ok("[" + rows + "]");
    };
    desk.start();
    EXPECT_EQ(desk.gate(), "ready");
    EXPECT_EQ(desk.all<gateway::OrderReport>().size(), 35U);
    EXPECT_EQ(desk.requests_to("/openapi/trade/order/open"), 4);
}

TEST(WebullStart, ACursorThatDoesNotMoveEndsTheReadAndIsCounted) {
    Desk desk;
    std::string rows;
    for (int i = 0; i < 12; ++i)
        rows += (rows.empty() ? "" : ",") + order_group(fmt::format("ext{:017}", i), "SUBMITTED");
    desk.replies["/trading/orders/historical-orders/list"] =
        ok(fmt::format(R"({{"data":[{}],"pagination_key":"same"}})", rows));
    desk.start();
    EXPECT_EQ(desk.gate(), "ready");
    EXPECT_EQ(desk.requests_to("/trading/orders/historical-orders/list"), 2);
    EXPECT_EQ(desk.counter("pages_repeated"), 1U);
}

std::string token_body(std::string_view state) {
    return fmt::format(R"({{"token":"{}","expires":1774358400000,"status":"{}"}})", token_text,
                       state);
}

TEST(WebullToken, APendingTokenNeedsThePersonAndIsAskedForEveryFiveSeconds) {
    Desk desk;
    desk.replies["/openapi/config"] = ok(R"({"token_check_enabled":true})");
    desk.replies["/openapi/auth/token/create"] = ok(token_body("PENDING"));
    desk.replies["/openapi/auth/token/check"] = ok(token_body("PENDING"));
    desk.command(gateway::Start{});
    desk.run(21s);
    EXPECT_EQ(desk.gate(), "needs_operator");
    EXPECT_TRUE(desk.last<GateChanged>()->reason.starts_with("webull_2fa")) << desk.gate();
    EXPECT_EQ(desk.requests_to("/openapi/auth/token/check"), 4);
    EXPECT_EQ(desk.requests_to("/trading/accounts/list"), 0);
    EXPECT_TRUE(desk.gateway().take_tokens().empty());
    EXPECT_EQ(desk.last<gateway::TokenChanged>()->state, gateway::TokenState::Pending);
    EXPECT_NE(desk.last<gateway::TokenChanged>()->reason.find("open the Webull app"),
              std::string::npos);
    desk.run(600s);
    EXPECT_LT(desk.requests_to("/openapi/auth/token/check"), 75);
    EXPECT_EQ(desk.requests_to("/openapi/auth/token/create"), 1);
    desk.replies["/openapi/auth/token/check"] = ok(token_body("NORMAL"));
    desk.run(45s);
    EXPECT_EQ(desk.gate(), "ready");
    const auto kept = desk.gateway().take_tokens();
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].text, Secret(token_text));
    EXPECT_EQ(kept[0].issued, desk.last<gateway::TokenChanged>()->issued);
    EXPECT_EQ(kept[0].login.size(), 16U);
    EXPECT_EQ(std::string(key_text).find(kept[0].login), std::string::npos);
    EXPECT_TRUE(desk.gateway().take_tokens().empty());
    const auto& headers = desk.requests.back().headers;
    EXPECT_NE(std::ranges::find(headers, io::Header("x-access-token", token_text)), headers.end());
}

TEST(WebullToken, AnExpiredTokenIsReplacedOnceAndThenThePersonIsAsked) {
    auto settings = desk_settings();
    settings.token = Secret("oldtoken");
    Desk desk(settings);
    desk.replies["/openapi/config"] = ok(R"({"token_check_enabled":true})");
    desk.replies["/openapi/auth/token/create"] = ok(token_body("EXPIRED"));
    desk.command(gateway::Start{});
    desk.run(60s);
    EXPECT_EQ(desk.requests_to("/openapi/auth/token/create"), 2);
    EXPECT_EQ(desk.requests[1].body, R"({"token":"oldtoken"})");
    EXPECT_EQ(desk.requests[2].body, "{}");
    EXPECT_EQ(desk.gate(), "needs_operator");
    desk.replies["/openapi/auth/token/create"] = ok(token_body("NORMAL"));
    desk.run(310s);
    EXPECT_EQ(desk.gate(), "ready");
}

TEST(WebullToken, ATokenThatBecomesInvalidIsConfirmedAnew) {
    Desk desk;
    desk.replies["/openapi/config"] = ok(R"({"token_check_enabled":true})");
    desk.replies["/openapi/auth/token/create"] = ok(token_body("NORMAL"));
    desk.start();
    ASSERT_EQ(desk.gate(), "ready");
    bool invalid = true;
    desk.script = [&invalid](const io::HttpRequest& request) -> std::optional<Reply> {
        const auto path = Desk::path_of(request);
        if (path == "/openapi/auth/token/create") invalid = false;
        const bool free = path.starts_with("/openapi/");
        return invalid && !free ? std::optional(refusal("OAUTH_OPENAPI_INVALID_TOKEN"))
                                : std::nullopt;
    };
    desk.command(gateway::RefreshAccount{AccountName{"w1"}});
    desk.run(30s);
    EXPECT_EQ(desk.gate(), "ready");
    EXPECT_EQ(desk.requests_to("/openapi/auth/token/create"), 2);
}

TEST(WebullStart, ARefusedKeyNeedsThePersonWithoutAStorm) {
    Desk desk;
    desk.script = [](const io::HttpRequest&) {
        return std::optional(refusal("UNAUTHORIZED", 401));
    };
    desk.command(gateway::Start{});
    desk.run(300s);
    EXPECT_EQ(desk.gate(), "needs_operator");
    EXPECT_TRUE(desk.last<GateChanged>()->reason.starts_with("webull_auth"));
    EXPECT_LT(desk.requests.size(), 15U);
    desk.script = {};
    desk.run(50s);
    EXPECT_EQ(desk.gate(), "ready");
}

TEST(WebullStart, A401WithAWrongClockIsReportedAsClockSkew) {
    Desk desk;
    desk.script = [](const io::HttpRequest&) {
        auto reply = refusal("UNAUTHORIZED", 401);
        reply.headers = {
            {"Date", "Mon, 09 Mar 2026 14:36:05 GMT"}
        };
        return std::optional(reply);
    };
    desk.command(gateway::Start{});
    EXPECT_TRUE(desk.last<GateChanged>()->reason.starts_with("clock_skew"));
}

TEST(WebullStart, LimitsOfTheBrokerAreKept) {
    auto settings = desk_settings();
    settings.accounts = {
        {AccountName{"w1"}, account_1},
        {AccountName{"w2"}, account_2}
    };
    Desk desk(settings);
    desk.start();
    for (int i = 0; i < 20; ++i) {
        desk.command(gateway::RefreshAccount{AccountName{i % 2 == 0 ? "w1" : "w2"}});
        desk.run(700ms);
    }
    std::map<std::string, std::vector<Instant>> times;
    for (std::size_t i = 0; i < desk.requests.size(); ++i)
        times[Desk::path_of(desk.requests[i])].push_back(desk.request_times[i]);
    for (const auto* path : {"/trading/orders/open-orders/list", "/trading/assets/positions/list"})
        for (std::size_t i = 2; i < times[path].size(); ++i)
            EXPECT_GT(times[path][i] - times[path][i - 2], 2s) << path;
    EXPECT_GT(times["/trading/orders/open-orders/list"].size(), 5U);
}

TEST(WebullStart, ThrottlingIsObeyed) {
    Desk desk;
    desk.start();
    desk.forget();
    bool throttled = false;
    Instant throttled_at;
    desk.script = [&](const io::HttpRequest& request) -> std::optional<Reply> {
        if (Desk::path_of(request) != "/trading/assets/positions/list" || throttled)
            return std::nullopt;
        throttled = true;
        throttled_at = desk.now.mono;
        auto reply = refusal("TOO_MANY_REQUESTS", 429);
        reply.headers = {
            {"Retry-After", "7"}
        };
        return reply;
    };
    desk.request_times.clear();
    desk.command(gateway::RefreshAccount{AccountName{"w1"}});
    desk.run(20s);
    std::vector<Instant> times;
    for (std::size_t i = 0; i < desk.requests.size(); ++i)
        if (Desk::path_of(desk.requests[i]) == "/trading/assets/positions/list")
            times.push_back(desk.request_times[i]);
    ASSERT_EQ(times.size(), 2U);
    EXPECT_GE(times[1] - throttled_at, 7s);
    EXPECT_EQ(desk.all<gateway::PositionsSnapshot>().size(), 1U);
}

}  // namespace
}  // namespace janus::webull
