#include <gtest/gtest.h>

#include "gateway/webull/test_working_desk.hpp"

// The life of an access token: renewed ahead of its end, kept for the next start, never shown.
namespace janus::webull {
namespace {

using gateway::TokenState;

constexpr auto create_path = "/openapi/auth/token/create";
constexpr auto check_path = "/openapi/auth/token/check";
constexpr auto refresh_path = "/openapi/auth/token/refresh";
constexpr auto other_token = "othertoken0112233445566778899aabb";

/// A token object; so many hours from the desk's first moment is its end.
Reply token(std::string_view text, std::string_view state, int hours) {
    const auto end = parse_iso("2026-03-09T14:30:05Z").value() + std::chrono::hours(hours);
    return ok(fmt::format(R"({{"token":"{}","expires":{},"status":"{}"}})", text,
                          end.milliseconds(), state));
}

/// Ready with a token that is good for 50 hours, and quiet otherwise, so that days cost little.
Desk token_desk() {
    auto settings = desk_settings();
    settings.idle_poll_interval = 1h;
    Desk desk(settings);
    desk.replies["/openapi/config"] = ok(R"({"token_check_enabled":true})");
    desk.replies[create_path] = token(token_text, "NORMAL", 50);
    desk.start();
    EXPECT_EQ(desk.gate(), "ready");
    desk.gateway().take_tokens();
    desk.forget();
    return desk;
}

bool carries(const io::HttpRequest& request, std::string_view text) {
    return std::ranges::find(request.headers, io::Header("x-access-token", text)) !=
           request.headers.end();
}

TEST(WebullTokenRenewal, HappensFortyEightHoursAheadOfTheEndAndNotBefore) {
    auto desk = token_desk();
    desk.replies[refresh_path] = token(other_token, "NORMAL", 400);
    desk.run(2h - 60s);
    EXPECT_TRUE(desk.all<gateway::TokenChanged>().empty());
    desk.run(120s);
    ASSERT_EQ(desk.requests_to(refresh_path), 1);
    const auto said = desk.last<gateway::TokenChanged>();
    ASSERT_TRUE(said.has_value());
    EXPECT_EQ(said->state, TokenState::Normal);
    EXPECT_EQ(said->expires->seconds(),
              (parse_iso("2026-03-09T14:30:05Z").value() + 400h).seconds());
    const auto kept = desk.gateway().take_tokens();
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].text, Secret(other_token));
    desk.run(2h);
    EXPECT_TRUE(carries(desk.requests.back(), other_token));
    EXPECT_EQ(desk.gate(), "none") << "nothing was interrupted";
}

TEST(WebullTokenRenewal, AnExtendedTokenKeepsItsAge) {
    auto desk = token_desk();
    desk.replies[refresh_path] = token(token_text, "NORMAL", 400);
    desk.run(2h + 60s);
    const auto said = desk.last<gateway::TokenChanged>();
    EXPECT_EQ(said->state, TokenState::Normal);
    EXPECT_EQ(said->issued->seconds(), parse_iso("2026-03-09T14:30:05Z").value().seconds());
    EXPECT_TRUE(desk.gateway().take_tokens().empty()) << "the same text needs no new file";
}

TEST(WebullTokenRenewal, WaitsForThePersonWhileTheOldOneWorks) {
    auto desk = token_desk();
    desk.replies[refresh_path] = token(other_token, "PENDING", 400);
    desk.replies[check_path] = token(other_token, "PENDING", 400);
    desk.run(2h + 30s);
    EXPECT_EQ(desk.last<gateway::TokenChanged>()->state, TokenState::Expiring);
    EXPECT_TRUE(desk.last<gateway::TokenChanged>()->reason.starts_with("webull_2fa"));
    EXPECT_EQ(desk.gate(), "none") << "orders go on";
    desk.replies[check_path] = token(other_token, "NORMAL", 400);
    desk.run(60s);
    EXPECT_EQ(desk.last<gateway::TokenChanged>()->state, TokenState::Normal);
    desk.run(2h);
    EXPECT_TRUE(carries(desk.requests.back(), other_token));
}

TEST(WebullTokenRenewal, WhatNobodyConfirmsIsTriedAgainHoursLaterAndTheEndStopsTheAccount) {
    auto desk = token_desk();
    desk.replies[refresh_path] = token(other_token, "PENDING", 400);
    desk.replies[check_path] = token(other_token, "PENDING", 400);
    desk.run(2h + 10min);
    EXPECT_EQ(desk.requests_to(refresh_path), 1);
    EXPECT_LE(desk.requests_to(check_path), 62);
    EXPECT_NE(desk.last<gateway::TokenChanged>()->reason.find("nobody confirmed"),
              std::string::npos);
    desk.run(24h);
    EXPECT_GE(desk.requests_to(refresh_path), 4);
    EXPECT_LE(desk.requests_to(refresh_path), 6);
    EXPECT_EQ(desk.gate(), "none");
    // The end: no order leaves with a token that is over, before anybody refuses it.
    desk.replies[create_path] = token(other_token, "PENDING", 400);
    desk.run(24h);
    EXPECT_EQ(desk.gate(), "needs_operator");
    EXPECT_TRUE(desk.last<gateway::GateChanged>()->reason.starts_with("webull_2fa"));
    desk.replies[check_path] = token(other_token, "NORMAL", 400);
    desk.run(60s);
    EXPECT_EQ(desk.gate(), "ready");
}

TEST(WebullTokenRenewal, ARefusalLeavesTheTokenInUseAndSaysSo) {
    for (const auto& reply : {token(token_text, "INVALID", 50), token(token_text, "NORMAL", 50),
                              refusal("OPENAPI_INVALID_TOKEN"), status(500), lost(), ok("{")}) {
        auto desk = token_desk();
        desk.replies[refresh_path] = reply;
        desk.run(2h + 60s);
        EXPECT_EQ(desk.last<gateway::TokenChanged>()->state, TokenState::Expiring);
        EXPECT_NE(desk.last<gateway::TokenChanged>()->reason.find("restart janusd"),
                  std::string::npos);
        EXPECT_EQ(desk.gate(), "none");
        desk.run(2h);
        EXPECT_TRUE(carries(desk.requests.back(), token_text));
    }
}

TEST(WebullTokenRenewal, WithoutAnAnswerItIsTriedAgainSoon) {
    struct Try {
        Reply reply;
        Duration wait;
    };
    for (const auto& [reply, wait] : {
             Try{unsent(),                         1min },
             Try{lost(),                           10min},
             Try{status(503),                      10min},
             Try{status(401),                      10min},
             Try{status(429),                      10min},
             Try{refusal("OPENAPI_INVALID_TOKEN"), 6h   }
    }) {
        auto desk = token_desk();
        desk.replies[refresh_path] = reply;
        for (int second = 0; second < 9'000 && desk.requests_to(refresh_path) == 0; ++second)
            desk.run(1s);
        desk.replies[refresh_path] = token(token_text, "NORMAL", 400);
        desk.run(wait * 8 / 10);
        EXPECT_EQ(desk.requests_to(refresh_path), 1) << reply.status;
        desk.run(wait * 4 / 10);
        EXPECT_EQ(desk.requests_to(refresh_path), 2);
        EXPECT_EQ(desk.last<gateway::TokenChanged>()->state, TokenState::Normal);
    }
}

TEST(WebullTokenApproval, IsAskedForAnewEachHourBecauseTheAppForgetsIt) {
    Desk desk;
    desk.replies["/openapi/config"] = ok(R"({"token_check_enabled":true})");
    desk.replies[create_path] = token(token_text, "PENDING", 15);
    desk.replies[check_path] = token(token_text, "PENDING", 15);
    desk.command(gateway::Start{});
    desk.run(59min);
    EXPECT_EQ(desk.requests_to(create_path), 1);
    desk.run(3min);
    EXPECT_EQ(desk.requests_to(create_path), 2);
    EXPECT_EQ(desk.requests.back().target, check_path);
    desk.run(3h);
    EXPECT_LE(desk.requests_to(create_path), 5);
}

TEST(WebullTokenKept, IsGivenToCreateAtTheNextStartWithItsAge) {
    auto settings = desk_settings();
    settings.token = Secret(token_text);
    settings.token_issued = parse_iso("2026-03-01T00:00:00Z").value();
    Desk desk(settings);
    desk.replies["/openapi/config"] = ok(R"({"token_check_enabled":true})");
    desk.replies[create_path] = token(token_text, "NORMAL", 7);
    desk.start();
    EXPECT_EQ(desk.gate(), "ready");
    EXPECT_EQ(desk.requests[1].body, fmt::format(R"({{"token":"{}"}})", token_text));
    EXPECT_EQ(desk.last<gateway::TokenChanged>()->issued, settings.token_issued);
    EXPECT_TRUE(desk.gateway().take_tokens().empty());
}

TEST(WebullTokenKept, TheNameOfItsFileTellsKeysApartAndGivesNoneAway) {
    auto one = completed(desk_settings()).value();
    auto two = one;
    two.app_key = Secret("another key");
    EXPECT_NE(token_name_of(one), token_name_of(two));
    EXPECT_EQ(token_name_of(one).find(key_text), std::string::npos);
    auto renamed = one;
    renamed.accounts[0].name = AccountName{"other"};
    EXPECT_EQ(token_name_of(one), token_name_of(renamed)) << "an alias is not the key";
}

TEST(WebullClock, TheSkewIsNamedWithItsSizeAndDirection) {
    for (const auto& [date, words] :
         {std::pair("Mon, 09 Mar 2026 14:40:05 GMT", "600 s behind"),
          std::pair("Mon, 09 Mar 2026 14:20:05 GMT", "600 s ahead of")}) {
        Desk desk;
        desk.script = [date](const io::HttpRequest&) {
            auto reply = refusal("UNAUTHORIZED", 401);
            reply.headers = {
                {"Date", date}
            };
            return std::optional(reply);
        };
        desk.command(gateway::Start{});
        const auto reason = desk.last<gateway::GateChanged>()->reason;
        EXPECT_TRUE(reason.starts_with("clock_skew")) << reason;
        EXPECT_NE(reason.find(words), std::string::npos) << reason;
    }
}

}  // namespace
}  // namespace janus::webull
