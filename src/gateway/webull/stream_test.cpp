#include <array>

#include <gtest/gtest.h>

#include "gateway/webull/test_working_desk.hpp"

// What every end of the trade-event stream leads to.
namespace janus::webull {
namespace {

std::string header_of(const io::OpenStream& stream, std::string_view name) {
    for (const auto& [header, value] : stream.metadata)
        if (header == name) return value;
    return "none";
}

/// What follows from a status or from a control message.
struct EndCase {
    std::string_view name;
    std::optional<int> status;
    std::uint32_t control;
    std::string_view state;  ///< Right after it.
    Duration quiet;          ///< Nothing is opened within this time ...
    Duration opened;         ///< ... and a new stream by then.
};
constexpr auto end_cases = std::to_array<EndCase>({
    {"ok",                  0,            0, "backoff",    750ms, 1300ms},
    {"cancelled",           1,            0, "backoff",    750ms, 1300ms},
    {"unknown",             2,            0, "backoff",    750ms, 1300ms},
    {"invalid_argument",    3,            0, "backoff",    59s,   61s   },
    {"deadline_exceeded",   4,            0, "backoff",    750ms, 1300ms},
    {"not_found",           5,            0, "backoff",    59s,   61s   },
    {"already_exists",      6,            0, "backoff",    59s,   61s   },
    {"permission_denied",   7,            0, "backoff",    4s,    6s    },
    {"resource_exhausted",  8,            0, "backoff",    59s,   61s   },
    {"failed_precondition", 9,            0, "backoff",    59s,   61s   },
    {"aborted",             10,           0, "backoff",    750ms, 1300ms},
    {"out_of_range",        11,           0, "backoff",    59s,   61s   },
    {"unimplemented",       12,           0, "backoff",    59s,   61s   },
    {"internal",            13,           0, "backoff",    750ms, 1300ms},
    {"unavailable",         14,           0, "backoff",    750ms, 1300ms},
    {"data_loss",           15,           0, "backoff",    750ms, 1300ms},
    {"unauthenticated",     16,           0, "backoff",    4s,    6s    },
    {"not_of_grpc",         99,           0, "backoff",    750ms, 1300ms},
    {"auth_error",          std::nullopt, 2, "backoff",    4s,    6s    },
    {"connections",         std::nullopt, 3, "backoff",    59s,   61s   },
    {"expired",             std::nullopt, 4, "connecting", 0s,    0s    },
});

class WebullStreamEnd : public ::testing::TestWithParam<EndCase> {};

TEST_P(WebullStreamEnd, IsADisconnectWithItsOwnPatienceAndRestGoesOn) {
    const auto& row = GetParam();
    auto desk = working_desk();
    const auto before = desk.streams.size();
    if (row.status)
        desk.stream_end(*row.status);
    else
        desk.stream_control(row.control);
    EXPECT_EQ(desk.stream_state(), row.state);
    if (row.state == "backoff") {
        EXPECT_FALSE(desk.last<gateway::StreamChanged>()->reason.empty());
        desk.run(row.quiet);
        EXPECT_EQ(desk.streams.size(), before);
        desk.run(row.opened - row.quiet);
    }
    EXPECT_EQ(desk.streams.size(), before + 1);
    EXPECT_NE(header_of(desk.streams[before], "x-signature-nonce"),
              header_of(desk.streams[before - 1], "x-signature-nonce"));
    // It works again: subscribed, read afresh, and a fill is told at once.
    desk.forget();
    desk.stream_message({});
    EXPECT_EQ(desk.stream_state(), "live");
    desk.run(15s);
    EXPECT_GE(desk.requests_to(history_path), 1);
    EXPECT_EQ(desk.gate(), "none") << "the account stays ready";
    desk.stream_event(order_event(client_1.value, "FILLED", "FINAL_FILLED", "100"));
    EXPECT_EQ(desk.last<gateway::OrderReport>()->status, gateway::BrokerStatus::Filled);
}
INSTANTIATE_TEST_SUITE_P(All, WebullStreamEnd, ::testing::ValuesIn(end_cases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(WebullStreamAuth, ARefusalRenewsTheTokenThenTriesTheOtherSignatureThenAPerson) {
    for (const bool by_status : {true, false}) {
        auto desk = working_desk();
        const auto refuse = [&] {
            if (by_status)
                desk.stream_end(16);
            else
                desk.stream_control(wire::event_type::auth_error);
        };
        const auto before = desk.streams.size();
        refuse();
        EXPECT_TRUE(desk.last<gateway::StreamChanged>()->reason.starts_with("webull_auth"));
        desk.run(6s);
        ASSERT_EQ(desk.streams.size(), before + 1);
        EXPECT_EQ(header_of(desk.streams.back(), "x-signature-algorithm"), "HMAC-SHA256");
        refuse();
        desk.run(2s);
        ASSERT_EQ(desk.streams.size(), before + 2);
        EXPECT_EQ(header_of(desk.streams.back(), "x-signature-algorithm"), "HMAC-SHA1");
        refuse();
        EXPECT_EQ(desk.stream_state(), "needs_operator");
        desk.run(55s);
        EXPECT_EQ(desk.streams.size(), before + 2) << "no storm";
        EXPECT_GE(desk.requests_to(open_path), 4) << "REST goes on";
        EXPECT_EQ(desk.gate(), "none") << "the account stays ready";
        desk.run(10s);
        ASSERT_EQ(desk.streams.size(), before + 3);
        EXPECT_EQ(header_of(desk.streams.back(), "x-signature-algorithm"), "HMAC-SHA256");
        desk.stream_message({});
        EXPECT_EQ(desk.stream_state(), "live");
    }
}

TEST(WebullStreamAuth, TheSignatureThatIsAcceptedIsKeptAndNamed) {
    auto desk = working_desk();
    desk.stream_end(16);
    desk.run(6s);
    desk.stream_end(16);
    desk.run(2s);
    desk.stream_message({});
    EXPECT_EQ(desk.stream_state(), "live");
    bool named = false;
    for (const auto& notice : desk.all<gateway::Notice>())
        named = named || notice.text.find("only with HMAC-SHA1") != std::string::npos;
    EXPECT_TRUE(named);
    desk.stream_end(14);
    desk.run(2s);
    EXPECT_EQ(header_of(desk.streams.back(), "x-signature-algorithm"), "HMAC-SHA1");
}

TEST(WebullStreamAuth, TheTokenIsRenewedOnceBeforeTheNextTry) {
    Desk desk;
    desk.replies["/openapi/config"] = ok(R"({"token_check_enabled":true})");
    desk.replies["/openapi/auth/token/create"] = ok(
        fmt::format(R"({{"token":"{}","expires":1774358400000,"status":"NORMAL"}})", token_text));
    desk.replies["/openapi/auth/token/refresh"] =
        ok(R"({"token":"renewed00112233445566778899aabbb","expires":1774458400000,)"
           R"("status":"NORMAL"})");
    desk.start(true);
    desk.forget();
    desk.stream_control(wire::event_type::auth_error);
    desk.run(1s);
    ASSERT_EQ(desk.requests_to("/openapi/auth/token/refresh"), 1);
    EXPECT_EQ(desk.requests[0].body, fmt::format(R"({{"token":"{}"}})", token_text));
    desk.run(6s);
    desk.stream_message({});
    EXPECT_EQ(desk.stream_state(), "live");
    desk.command(gateway::RefreshAccount{AccountName{"w1"}});
    desk.run(10s);
    const auto& headers = desk.requests.back().headers;
    EXPECT_NE(std::ranges::find(headers,
                                io::Header("x-access-token", "renewed00112233445566778899aabbb")),
              headers.end());
    EXPECT_EQ(desk.gate(), "none") << "the account stayed ready";
}

}  // namespace
}  // namespace janus::webull
