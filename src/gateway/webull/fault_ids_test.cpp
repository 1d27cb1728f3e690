#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "gateway/webull/order_rules.hpp"
#include "gateway/webull/test_working_desk.hpp"

// Sections F and G of the fault catalogue, one test for each id: what the gateway alone must do.
// Each ends by showing that things work again.
namespace janus::webull {
namespace {

using gateway::BrokerStatus;
using gateway::OrderReport;

constexpr auto create_path = "/openapi/auth/token/create";
constexpr auto check_path = "/openapi/auth/token/check";
const ClientOrderId client_2{"jns00000000000000000000000000043"};

/// A second order on the working desk, answered as told; the detail knows it or not.
Desk placing_desk(const Reply& reply, bool committed) {
    auto desk = working_desk();
    desk.replies[place_path] = reply;
    desk.script = [committed](const io::HttpRequest& request) -> std::optional<Reply> {
        const bool ours = Desk::path_of(request) == detail_path &&
                          Desk::query_of(request, "client_order_id") == client_2.value;
        if (!ours) return std::nullopt;
        return committed ? ok(order_group(client_2.value, "SUBMITTED"))
                         : refusal("OPENAPI_ORDER_NOT_FOUND");
    };
    desk.command(desk.place_command(8, client_2));
    return desk;
}

bool is_shown_working(const Desk& desk, const ClientOrderId& client) {
    return std::ranges::any_of(desk.all<OrderReport>(), [&](const OrderReport& report) {
        return report.client_order_id == client && report.status == BrokerStatus::Working;
    });
}

/// A fresh order is placed, filled by an event, and the account is ready.
void expect_healed(Desk& desk, std::uint64_t order = 99) {
    const ClientOrderId client{fmt::format("jns{:029}", order)};
    desk.script = {};
    desk.replies[place_path] = ok(receipt(client.value));
    desk.replies[open_path] = ok("[]");
    desk.replies[detail_path] = ok(order_group(client.value, "FILLED", "100", "10"));
    desk.run(150s);
    desk.command(desk.place_command(order, client));
    desk.run(90s);
    const auto reports = desk.all<OrderReport>();
    EXPECT_TRUE(std::ranges::any_of(reports, [&](const OrderReport& report) {
        return report.client_order_id == client && report.status == BrokerStatus::Filled;
    }));
    EXPECT_TRUE(desk.gate() == "ready" || desk.gate() == "none") << desk.gate();
}

TEST(WebullFaults, WBR_01_ALostPlaceIsAskedForAndNeverSaidAgain) {
    for (const bool committed : {true, false}) {
        for (const auto& reply :
             {status(500), status(502), status(504), lost(), ok("<html>"), ok("")}) {
            auto desk = placing_desk(reply, committed);
            desk.run(120s);
            EXPECT_EQ(desk.requests_to(place_path), 1);
            EXPECT_EQ(desk.all<gateway::OrderUncertain>().size(), 1U);
            EXPECT_TRUE(desk.all<gateway::OrderRejected>().empty()) << "not found is no proof";
            EXPECT_EQ(is_shown_working(desk, client_2), committed);
            EXPECT_EQ(desk.all<gateway::OrderNotFound>().empty(), committed);
        }
    }
    auto desk = placing_desk(lost(), true);
    expect_healed(desk);
}

TEST(WebullFaults, WBR_02_A429RepeatsReadsOnlyAndFortyUnknownsFinishWithinTheLimit) {
    for (const bool named : {true, false}) {
        auto desk = placing_desk(named ? refusal("TOO_MANY_REQUESTS", 429) : status(429), false);
        desk.run(60s);
        EXPECT_EQ(desk.requests_to(place_path), 1);
        EXPECT_EQ(desk.all<gateway::OrderRejected>().size(), named ? 1U : 0U);
        EXPECT_EQ(desk.all<gateway::OrderUncertain>().size(), named ? 0U : 1U);
    }
    auto desk = working_desk();
    for (std::uint64_t i = 0; i < 40; ++i)
        desk.command(gateway::QueryOrder{OrderId{100 + i},
                                         ClientOrderId{fmt::format("jns{:029}", 100 + i)},
                                         {},
                                         AccountName{"w1"}});
    desk.run(60s);
    EXPECT_EQ(desk.all<gateway::OrderNotFound>().size(), 40U);
    EXPECT_GE(desk.requests_to(open_path), 4) << "polls were not starved";
    expect_healed(desk);
}

TEST(WebullFaults, WBR_03_TokenStatesInSequenceNeedThePersonOnlyWhileItIsPending) {
    const auto token = [](std::string_view text, std::string_view state) {
        return ok(
            fmt::format(R"({{"token":"{}","expires":1774358400000,"status":"{}"}})", text, state));
    };
    Desk desk;
    desk.replies["/openapi/config"] = ok(R"({"token_check_enabled":true})");
    desk.replies[create_path] = token(token_text, "NORMAL");
    desk.start();
    ASSERT_EQ(desk.gate(), "ready");
    // Expired: every protected call says so, and a new token waits ten minutes for a person.
    desk.replies[create_path] = token("fresh0112233445566778899aabbccdd", "PENDING");
    desk.replies[check_path] = token("fresh0112233445566778899aabbccdd", "PENDING");
    bool expired = true;
    desk.script = [&expired](const io::HttpRequest& request) -> std::optional<Reply> {
        if (!expired || Desk::path_of(request).starts_with("/openapi/")) return std::nullopt;
        return refusal("OAUTH_OPENAPI_INVALID_TOKEN");
    };
    desk.forget();
    desk.run(600s);
    EXPECT_EQ(desk.gate(), "needs_operator");
    EXPECT_TRUE(desk.last<gateway::GateChanged>()->reason.starts_with("webull_2fa"));
    EXPECT_EQ(desk.requests_to(create_path), 1) << "no storm of confirmations";
    expired = false;
    desk.replies[check_path] = token("fresh0112233445566778899aabbccdd", "NORMAL");
    desk.run(60s);
    EXPECT_EQ(desk.gate(), "ready");
    expect_healed(desk);
}

TEST(WebullFaults, WBR_04_ASkewIsNamedAlarmedAboveTwoSecondsAndStopsPlacesOutsideTheWindow) {
    for (const auto& [date, alarmed, placed] :
         {std::tuple("Mon, 09 Mar 2026 14:30:06 GMT", false, true),
          std::tuple("Mon, 09 Mar 2026 14:30:35 GMT", true, true),
          std::tuple("Mon, 09 Mar 2026 14:25:00 GMT", true, false),
          std::tuple("Mon, 09 Mar 2026 14:36:00 GMT", true, false)}) {
        Desk desk;
        desk.replies["/openapi/config"].headers = {
            {"Date", date}
        };
        desk.replies[place_path] = ok(receipt(client_1.value));
        desk.start();
        bool warned = false;
        for (const auto& notice : desk.all<gateway::Notice>())
            warned = warned || notice.text.find("clock differs") != std::string::npos;
        EXPECT_EQ(warned, alarmed) << date;
        desk.command(desk.place_command());
        EXPECT_EQ(desk.requests_to(place_path), placed ? 1 : 0) << date;
        if (!placed)
            EXPECT_TRUE(desk.last<gateway::OrderNotSent>()->reason.starts_with("clock_skew"));
    }
}

TEST(WebullFaults, WBR_05_TheVariantIsTheConfiguredOneAndNamedAtTheStart) {
    for (const auto algorithm : {wire::Algorithm::HmacSha1, wire::Algorithm::HmacSha256}) {
        auto settings = desk_settings();
        settings.algorithm = algorithm;
        Desk desk(settings);
        desk.start();
        for (const auto& request : desk.requests)
            EXPECT_NE(std::ranges::find(request.headers,
                                        io::Header("x-signature-algorithm",
                                                   std::string(wire::to_text(algorithm)))),
                      request.headers.end());
        bool named = false;
        for (const auto& notice : desk.all<gateway::Notice>())
            named = named || notice.text.find(wire::to_text(algorithm)) != std::string::npos;
        EXPECT_TRUE(named);
    }
}

TEST(WebullFaults, WBR_06_IdsOfThirtyTwoLettersAndARepeatIsEvidence) {
    EXPECT_TRUE(check_client_order_id(client_1));
    EXPECT_FALSE(check_client_order_id({client_1.value + "0"}));
    EXPECT_FALSE(check_client_order_id({"jns-0000000000000000000000042"}));
    auto desk = placing_desk(refusal("OPENAPI_TRADE_PLACE_ORDER_REPEAT"), true);
    desk.run(10s);
    EXPECT_TRUE(desk.all<gateway::OrderRejected>().empty());
    EXPECT_TRUE(is_shown_working(desk, client_2));
    EXPECT_EQ(desk.requests_to(place_path), 1);
    expect_healed(desk);
}

TEST(WebullFaults, WBR_07_AbsenceCountsOnlyAfterTheLastPageAndIsAskedAbout) {
    auto desk = working_desk();
    std::string rows;
    for (int i = 0; i < 20; ++i)
        rows += (rows.empty() ? "" : ",") + order_group(fmt::format("ext{:017}", i), "SUBMITTED");
    desk.replies[detail_path] = ok(order_group(client_1.value, "SUBMITTED"));
    // The second page cannot be read: nothing is missing, the read has failed.
    desk.script = [&rows](const io::HttpRequest& request) -> std::optional<Reply> {
        if (Desk::path_of(request) != open_path) return std::nullopt;
        if (!Desk::query_of(request, "pagination_key").empty()) return status(500);
        return ok(fmt::format(R"({{"data":[{}],"pagination_key":"more"}})", rows));
    };
    desk.run(15s);
    EXPECT_EQ(desk.requests_to(detail_path), 0);
    desk.script = {};
    desk.replies[open_path] = ok("[]");
    desk.run(40s);
    EXPECT_GE(desk.requests_to(detail_path), 1) << "missing, so it is asked for";
    for (const auto& report : desk.all<OrderReport>())
        if (report.client_order_id == client_1) EXPECT_EQ(report.status, BrokerStatus::Working);
    expect_healed(desk);
}

TEST(WebullFaults, WBR_08_UnknownWordsKeepTheStateAndOddNumbersAreExactOrAnError) {
    auto desk = working_desk();
    desk.replies[detail_path] = ok(order_group(client_1.value, "PARTIAL FILLED", "4E+1", "1.0E+1"));
    desk.stream_event(order_event(client_1.value, "BEWITCHED", "FILLED", "0"));
    EXPECT_EQ(desk.all<OrderReport>().at(0).status, BrokerStatus::Unmapped);
    EXPECT_EQ(desk.all<OrderReport>().at(0).reason, "BEWITCHED");
    desk.run(3s);
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Working);
    EXPECT_EQ(desk.last<OrderReport>()->filled->value.to_text(), "40");
    const auto before = desk.all<OrderReport>().size();
    desk.stream_event(order_event(client_1.value, "PARTIAL_FILLED", "FILLED", "many"));
    EXPECT_EQ(desk.all<OrderReport>().size(), before);
    EXPECT_EQ(desk.counter("webull.events_unreadable"), 1U);
    expect_healed(desk);
}

TEST(WebullFaults, WBR_09_AReplyThatIsNoneNeverLooksLikeAnEmptyAccount) {
    for (const auto& reply : {ok("<html>"), ok(R"({"data":[{"symbol":)"), ok(""), status(302)}) {
        auto desk = working_desk();
        desk.replies[positions_path] = reply;
        desk.command(gateway::RefreshAccount{AccountName{"w1"}});
        desk.run(10s);
        EXPECT_TRUE(desk.all<gateway::PositionsSnapshot>().empty());
        desk.replies[positions_path] = ok("[]");
        expect_healed(desk);
    }
    auto desk = placing_desk(ok("<html>"), true);
    EXPECT_EQ(desk.all<gateway::OrderUncertain>().size(), 1U);
    for (const auto& request : desk.requests) EXPECT_EQ(request.body_size_max, 8U << 20U);
}

TEST(WebullFaults, WBR_10_WhatFailsBeforeTheFirstByteWasNeverSent) {
    auto desk = placing_desk(unsent(), false);
    desk.run(60s);
    EXPECT_EQ(desk.all<gateway::OrderNotSent>().size(), 1U);
    EXPECT_TRUE(desk.all<gateway::OrderUncertain>().empty());
    EXPECT_EQ(desk.requests_to(place_path), 1);
    desk.script = [](const io::HttpRequest&) { return std::optional(unsent()); };
    desk.run(60s);
    EXPECT_EQ(desk.gate(), "degraded");
    expect_healed(desk);
}

TEST(WebullFaults, WBE_01_AFillIsKnownWithinFifteenSecondsWhenTheStreamOnlyPings) {
    auto desk = working_desk();
    desk.replies[open_path] =
        ok("[" + order_group(client_1.value, "PARTIAL_FILLED", "40", "10") + "]");
    desk.stream_control(wire::event_type::ping);
    desk.run(15s);
    EXPECT_EQ(desk.last<OrderReport>()->filled->value.to_text(), "40");
    for (const auto* filled : {"50", "60", "70", "80"}) {
        desk.replies[open_path] =
            ok("[" + order_group(client_1.value, "PARTIAL_FILLED", filled, "10") + "]");
        desk.stream_control(wire::event_type::ping);
        desk.run(25s);
    }
    EXPECT_EQ(desk.stream_state(), "silent");
    EXPECT_GE(desk.counter("webull.stream_misses"), 3U);
    desk.forget();
    desk.run(31s);
    EXPECT_GE(desk.requests_to(open_path), 9) << "polls are faster now";
    for (const auto* filled : {"85", "90", "95"})
        desk.stream_event(order_event(client_1.value, "PARTIAL_FILLED", "FILLED", filled));
    EXPECT_EQ(desk.stream_state(), "live") << "it has proved itself again";
}

TEST(WebullFaults, WBE_02_APoliteEndIsADisconnectAndReconciled) {
    for (const int code : {0, 16, 8, 4}) {
        auto desk = working_desk();
        const auto before = desk.streams.size();
        desk.stream_end(code);
        EXPECT_EQ(desk.stream_state(), "backoff");
        EXPECT_FALSE(desk.last<gateway::StreamChanged>()->reason.empty());
        desk.run(code == 8 ? 61s : 6s);
        ASSERT_EQ(desk.streams.size(), before + 1);
        desk.forget();
        desk.stream_message({});
        desk.run(20s);
        EXPECT_EQ(desk.all<gateway::OrdersComplete>().size(), 1U);
        EXPECT_EQ(desk.stream_state(), "live");
    }
}

TEST(WebullFaults, WBE_03_ControlMessagesEndTheStreamAndRestGoesOn) {
    for (const bool first : {true, false}) {
        for (const auto type :
             {wire::event_type::auth_error, wire::event_type::connections_exceeded,
              wire::event_type::subscribe_expired}) {
            auto desk = working_desk();
            if (first) desk.stream_end(14);
            desk.run(first ? 2s : 100s);
            const auto before = desk.streams.size();
            desk.stream_control(type);
            EXPECT_NE(desk.stream_state(), "live");
            for (int i = 0; i < 70 && desk.streams.size() == before; ++i) desk.run(1s);
            ASSERT_EQ(desk.streams.size(), before + 1);
            desk.forget();
            desk.stream_message({});
            EXPECT_EQ(desk.stream_state(), "live");
            desk.run(29s);
            EXPECT_GE(desk.requests_to(open_path), 2);
            EXPECT_EQ(desk.all<gateway::OrdersComplete>().size(), 1U) << "reconciled";
        }
    }
}

TEST(WebullFaults, WBE_04_TheSameEventChangesNothingAlsoAcrossAReconnect) {
    auto desk = working_desk();
    const auto event = order_event(client_1.value, "PARTIAL_FILLED", "FILLED", "40");
    for (int i = 0; i < 4; ++i) desk.stream_event(event);
    EXPECT_EQ(desk.all<OrderReport>().size(), 1U);
    desk.stream_end(0);
    desk.run(2s);
    desk.replies[open_path] =
        ok("[" + order_group(client_1.value, "PARTIAL_FILLED", "40", "10") + "]");
    desk.stream_message({});
    desk.run(10s);
    desk.forget();
    for (int i = 0; i < 4; ++i) desk.stream_event(event);
    EXPECT_TRUE(desk.all<OrderReport>().empty());
}

TEST(WebullFaults, WBE_05_AnEventBeatsTheReplyAndTheReplyIsLost) {
    auto desk = placing_desk(hold(), true);
    desk.stream_event(order_event(client_2.value, "FILLED", "FINAL_FILLED", "100"));
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Filled);
    desk.script = {};
    desk.replies[detail_path] = ok(order_group(client_2.value, "FILLED", "100", "10"));
    desk.answer(desk.held.at(0), status(504));
    desk.run(30s);
    EXPECT_TRUE(desk.all<gateway::OrderUncertain>().empty());
    EXPECT_TRUE(desk.all<gateway::OrderRejected>().empty());
    EXPECT_EQ(desk.requests_to(place_path), 1);
    expect_healed(desk);
}

TEST(WebullFaults, WBE_06_InEveryOrderTheFillOnlyRisesAndTheEndStays) {
    std::array<std::size_t, 3> order{0, 1, 2};
    const auto events = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"FILLED",       "40" },
        {"FILLED",       "80" },
        {"FINAL_FILLED", "100"}
    });
    do {
        auto desk = working_desk();
        for (const auto i : order)
            desk.stream_event(order_event(client_1.value, i == 2 ? "FILLED" : "PARTIAL_FILLED",
                                          events[i].first, events[i].second));
        Decimal filled;
        for (const auto& report : desk.all<OrderReport>()) {
            EXPECT_GE(report.filled->value, filled);
            filled = report.filled->value;
        }
        EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Filled);
        EXPECT_EQ(filled.to_text(), "100");
    } while (std::ranges::next_permutation(order).found);
}

TEST(WebullFaults, WBE_07_RefusedRequestsLeaveTheOrderWorkingAndItStillFills) {
    for (const auto* scene : {"CANCEL_FAILED", "MODIFY_FAILED"}) {
        auto desk = working_desk();
        desk.replies[detail_path] = ok(order_group(client_1.value, "SUBMITTED"));
        desk.stream_event(order_event(client_1.value, "SUBMITTED", scene, "0E-10", "0E-10"));
        desk.run(5s);
        for (const auto& report : desk.all<OrderReport>())
            EXPECT_EQ(report.status, BrokerStatus::Working);
        const bool cancel = std::string_view(scene) == "CANCEL_FAILED";
        EXPECT_EQ(desk.all<gateway::CancelRefused>().size(), cancel ? 1U : 0U);
        EXPECT_EQ(desk.all<gateway::ModifyRefused>().size(), cancel ? 0U : 1U);
        desk.stream_event(order_event(client_1.value, "FILLED", "FINAL_FILLED", "100"));
        EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Filled);
    }
}

TEST(WebullFaults, WBE_08_APayloadThatCannotBeReadIsSkippedCountedAndAnsweredByARead) {
    auto desk = working_desk();
    desk.stream_event("{");
    desk.stream_event(std::string(5U << 20U, ' ') + "{}");
    desk.stream_message({.event_type = wire::event_type::order,
                         .subscribe_type = 1,
                         .content_type = "text/plain",
                         .payload = order_event(client_1.value, "FILLED", "FINAL_FILLED", "100"),
                         .request_id = {},
                         .timestamp = 0});
    desk.stream_control(4711);
    desk.stream_event(
        order_event(client_1.value, "FILLED", "FINAL_FILLED", "100", "10", "NOBODY000001"));
    EXPECT_EQ(desk.counter("webull.events_unreadable"), 3U);
    EXPECT_EQ(desk.counter("webull.events_unknown"), 1U);
    EXPECT_EQ(desk.counter("webull.events_of_unknown_accounts"), 1U);
    EXPECT_TRUE(desk.all<OrderReport>().empty());
    desk.run(5s);
    EXPECT_GE(desk.requests_to(positions_path), 1) << "the account is read";
    desk.stream_event(order_event(client_1.value, "FILLED", "FINAL_FILLED", "100"));
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Filled);
    EXPECT_EQ(desk.stream_state(), "none") << "no change: the stream lives";
}

}  // namespace
}  // namespace janus::webull
