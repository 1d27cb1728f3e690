#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "gateway/webull/test_working_desk.hpp"

// The trade-event stream: what it brings, and what happens when it does not.
namespace janus::webull {
namespace {

using gateway::BrokerStatus;
using gateway::OrderReport;

std::vector<std::string> fills_told(const Desk& desk) {
    std::vector<std::string> out;
    for (const auto& report : desk.all<OrderReport>())
        out.push_back(report.filled ? report.filled->value.to_text() : "-");
    return out;
}

TEST(WebullStream, OneForAllAccountsSignedAndReconciledAfterwards) {
    auto settings = desk_settings();
    settings.accounts = {
        {AccountName{"w1"}, account_1},
        {AccountName{"w2"}, account_2}
    };
    Desk desk(settings);
    desk.start();
    EXPECT_TRUE(desk.streams.empty()) << "not before it is allowed";
    desk.command(gateway::StartTradeEvents{});
    ASSERT_EQ(desk.streams.size(), 1U);
    const auto& stream = desk.streams[0];
    EXPECT_EQ(stream.method, "/grpc.trade.event.EventService/Subscribe");
    const auto request = wire::decode_subscribe_request(stream.request).value();
    EXPECT_EQ(request.subscribe_type, 3U);
    EXPECT_EQ(request.accounts, (std::vector<std::string>{account_1, account_2}));
    std::map<std::string, std::string> metadata(stream.metadata.begin(), stream.metadata.end());
    EXPECT_EQ(metadata.size(), 6U);
    EXPECT_EQ(metadata.at("x-signature"),
              wire::sign_stream(
                  {Secret(key_text), Secret(secret_text), wire::Algorithm::HmacSha256},
                  {metadata.at("x-timestamp"), metadata.at("x-signature-nonce")}, stream.request));
    EXPECT_EQ(desk.stream_state(), "connecting");
    desk.forget();
    desk.stream_message({});
    EXPECT_EQ(desk.stream_state(), "live");
    EXPECT_EQ(desk.last<gateway::StreamChanged>()->stream, "w1+w2");
    desk.run(20s);
    EXPECT_EQ(desk.all<gateway::OrdersComplete>().size(), 2U) << "subscribed first, then read";
}

TEST(WebullStream, WaitsForTheTokenAndForAConnectedAccount) {
    Desk desk;
    desk.replies["/openapi/config"] = status(500);
    desk.command(gateway::Start{});
    desk.command(gateway::StartTradeEvents{});
    desk.run(20s);
    EXPECT_TRUE(desk.streams.empty());
    desk.replies["/openapi/config"] = ok(R"({"token_check_enabled":false})");
    desk.run(40s);
    EXPECT_EQ(desk.gate(), "ready");
    EXPECT_FALSE(desk.streams.empty());
}

TEST(WebullStream, SwitchedOffStaysOff) {
    auto settings = desk_settings();
    settings.trade_events_enabled = false;
    Desk desk(settings);
    desk.start();
    desk.command(gateway::StartTradeEvents{});
    desk.run(60s);
    EXPECT_TRUE(desk.streams.empty());
}

TEST(WebullEvents, AFillIsToldAtOnceAndTheHoldingsFollow) {
    auto desk = working_desk();
    desk.stream_event(order_event(client_1.value, "SUBMITTED", "FILLED", "40.0000000000", "10.01"));
    ASSERT_EQ(fills_told(desk), std::vector<std::string>{"40"});
    const auto report = desk.last<OrderReport>();
    EXPECT_EQ(report->status, BrokerStatus::Working) << "a partial fill, in spite of its name";
    EXPECT_EQ(report->average_price->value.to_text(), "10.01");
    EXPECT_EQ(report->client_order_id, client_1);
    desk.run(900ms);
    EXPECT_EQ(desk.requests_to(positions_path), 0) << "not before it is quiet";
    desk.run(3s);
    EXPECT_EQ(desk.requests_to(positions_path), 1);
}

TEST(WebullEvents, InAnyOrderTheFillOnlyRises) {
    struct Step {
        const char* state;
        const char* scene;
        const char* filled;
    };
    std::array<Step, 3> steps{
        Step{"SUBMITTED",      "FILLED",       "40" },
        Step{"PARTIAL_FILLED", "FILLED",       "80" },
        Step{"FILLED",         "FINAL_FILLED", "100"}
    };
    const auto by_fill = [](const Step& a, const Step& b) {
        return std::stoi(a.filled) < std::stoi(b.filled);
    };
    std::ranges::sort(steps, by_fill);
    int permutations = 0;
    do {
        auto desk = working_desk();
        for (const auto& step : steps)
            for (int repeat = 0; repeat < 2; ++repeat)
                desk.stream_event(order_event(client_1.value, step.state, step.scene, step.filled));
        const auto told = desk.all<OrderReport>();
        ASSERT_FALSE(told.empty());
        for (std::size_t i = 1; i < told.size(); ++i)
            EXPECT_GT(told[i].filled->value, told[i - 1].filled->value);
        EXPECT_EQ(told.back().status, BrokerStatus::Filled);
        EXPECT_EQ(told.back().filled->value, Decimal::from_integer(100));
        ++permutations;
    } while (std::next_permutation(steps.begin(), steps.end(), by_fill));
    EXPECT_EQ(permutations, 6);
}

TEST(WebullEvents, AFillAfterTheCancelIsToldAndASmallerOneIsNot) {
    auto desk = working_desk();
    desk.stream_event(order_event(client_1.value, "CANCELLED", "CANCEL_SUCCESS", "40"));
    desk.stream_event(order_event(client_1.value, "SUBMITTED", "FILLED", "20"));
    EXPECT_EQ(fills_told(desk), std::vector<std::string>{"40"});
    desk.stream_event(order_event(client_1.value, "SUBMITTED", "FILLED", "60"));
    EXPECT_EQ(fills_told(desk), (std::vector<std::string>{"40", "60"}));
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Cancelled);
    EXPECT_EQ(desk.counter("fill_after_final"), 1U);
}

TEST(WebullEvents, TheEventMayBeatTheReply) {
    for (const auto& reply :
         {ok(receipt(client_1.value)), status(504), lost(), refusal("OPENAPI_PARAM_ERR")}) {
        Desk desk;
        desk.start(true);
        desk.replies[place_path] = hold();
        desk.replies[detail_path] = ok(order_group(client_1.value, "FILLED", "100", "10"));
        desk.command(desk.place_command());
        desk.forget();
        desk.stream_event(order_event(client_1.value, "FILLED", "FINAL_FILLED", "100"));
        desk.answer(desk.held[0], reply);
        desk.run(3s);
        EXPECT_TRUE(desk.all<gateway::OrderUncertain>().empty());
        EXPECT_TRUE(desk.all<gateway::OrderRejected>().empty());
        for (const auto& report : desk.all<OrderReport>()) {
            EXPECT_EQ(report.status, BrokerStatus::Filled);
            EXPECT_EQ(report.filled->value, Decimal::from_integer(100));
        }
    }
}

TEST(WebullEvents, AfterARefusalAnEventThatItLivesIsCheckedAndAFillIsBelieved) {
    Desk desk;
    desk.start(true);
    desk.replies[place_path] = refusal("PARAM_ERR");
    desk.command(desk.place_command());
    desk.forget();
    desk.stream_event(order_event(client_1.value, "SUBMITTED", "CANCEL_FAILED", "0E-10", "0E-10"));
    EXPECT_TRUE(desk.all<OrderReport>().empty()) << "it may be from before the refusal";
    desk.replies[open_path] = ok("[" + order_group(client_1.value, "SUBMITTED") + "]");
    desk.run(6s);
    ASSERT_EQ(desk.all<OrderReport>().size(), 1U);
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Working);

    Desk other;
    other.start(true);
    other.replies[place_path] = refusal("PARAM_ERR");
    other.command(other.place_command());
    other.stream_event(order_event(client_1.value, "PARTIAL_FILLED", "FILLED", "40"));
    ASSERT_EQ(other.all<OrderReport>().size(), 1U);
    EXPECT_EQ(other.last<OrderReport>()->filled->value, Decimal::from_integer(40));
}

TEST(WebullEvents, ARefusedCancelLeavesTheOrderWorkingAndItStillFills) {
    auto desk = working_desk();
    desk.stream_event(order_event(client_1.value, "SUBMITTED", "CANCEL_FAILED", "0E-10", "0E-10"));
    ASSERT_EQ(desk.all<gateway::CancelRefused>().size(), 1U);
    EXPECT_EQ(desk.all<gateway::CancelRefused>()[0].order, OrderId{7});
    for (const auto& report : desk.all<OrderReport>())
        EXPECT_EQ(report.status, BrokerStatus::Working);
    desk.stream_event(order_event(client_1.value, "FILLED", "FINAL_FILLED", "100"));
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Filled);
}

TEST(WebullEvents, ARefusedModifyThatSaysFailedIsNoRejection) {
    auto desk = working_desk();
    desk.replies[detail_path] = ok(order_group(client_1.value, "SUBMITTED"));
    desk.stream_event(order_event(client_1.value, "FAILED", "MODIFY_FAILED", "0E-10", "0E-10"));
    desk.run(3s);
    EXPECT_GT(desk.requests_to(detail_path), 0);
    for (const auto& report : desk.all<OrderReport>())
        EXPECT_NE(report.status, BrokerStatus::Rejected);
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Working);
}

TEST(WebullEvents, APlaceThatFailsAfterItsReceiptIsRejected) {
    auto desk = working_desk();
    desk.stream_event(order_event(client_1.value, "FAILED", "PLACE_FAILED", "0E-10", "0E-10"));
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Rejected);
    EXPECT_EQ(desk.last<OrderReport>()->reason, "") << "it gives none, and none is invented";
}

TEST(WebullEvents, APlaceThatFailsBeforeItsAnswerGetsTheErrorOfTheAnswer) {
    Desk desk;
    desk.start(true);
    desk.replies[place_path] = hold();
    desk.command(desk.place_command());
    desk.stream_event(order_event(client_1.value, "FAILED", "PLACE_FAILED", "0E-10", "0E-10"));
    EXPECT_EQ(desk.last<OrderReport>()->reason, "");
    desk.answer(desk.held[0], refusal("PARAM_ERR"));
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Rejected);
    EXPECT_TRUE(desk.last<OrderReport>()->reason.contains("because PARAM_ERR"))
        << desk.last<OrderReport>()->reason;
}

TEST(WebullEvents, APlaceThatFailsKeepsTheErrorThatItsAnswerHad) {
    Desk desk;
    desk.start(true);
    desk.replies[place_path] = refusal("SYSTEM_ERROR");
    desk.command(desk.place_command());
    desk.stream_event(order_event(client_1.value, "FAILED", "PLACE_FAILED", "0E-10", "0E-10"));
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Rejected);
    EXPECT_TRUE(desk.last<OrderReport>()->reason.contains("because SYSTEM_ERROR"))
        << desk.last<OrderReport>()->reason;
}

TEST(WebullEvents, WhatCannotBeReadIsSkippedAndAnswersWithARead) {
    const std::vector<std::string> payloads{
        "{", "", "null", "[]", R"({"account_id":"x"})", std::string(1U << 19U, 'x')};
    for (const auto& payload : payloads) {
        auto desk = working_desk();
        desk.stream_event(payload);
        desk.run(4s);
        EXPECT_EQ(desk.counter("events_unreadable"), 1U);
        EXPECT_EQ(desk.requests_to(positions_path), 1);
        EXPECT_EQ(desk.stream_state(), "none") << "no change: it lives";
        desk.stream_event(order_event(client_1.value, "FILLED", "FINAL_FILLED", "100"));
        EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Filled);
    }
    auto desk = working_desk();
    desk.stream_bytes("\xff\xff");
    desk.stream_message({.event_type = wire::event_type::order,
                         .subscribe_type = 1,
                         .content_type = "text/plain",
                         .payload = "{}",
                         .request_id = {},
                         .timestamp = 0});
    desk.stream_control(4242);
    desk.stream_event(order_event(client_1.value, "FILLED", "FINAL_FILLED", "100", "10", "NOBODY"));
    EXPECT_EQ(desk.counter("events_unreadable"), 2U);
    EXPECT_EQ(desk.counter("events_unknown"), 1U);
    EXPECT_EQ(desk.counter("events_of_unknown_accounts"), 1U);
    EXPECT_TRUE(desk.all<OrderReport>().empty());
    EXPECT_TRUE(desk.closed_streams.empty());
}

TEST(WebullEvents, EveryTruncationOfAMessageLeavesTheStreamAndTheOrderAlone) {
    auto desk = working_desk();
    const auto bytes = wire::encode(wire::SubscribeResponse{
        .event_type = wire::event_type::order,
        .subscribe_type = 1,
        .content_type = "application/json",
        .payload = order_event(client_1.value, "FILLED", "FINAL_FILLED", "100"),
        .request_id = "r",
        .timestamp = 1773066605123});
    // Cut before the payload is whole; what follows it is not needed to read it.
    const auto whole = bytes.find("r", bytes.size() - 10) - 2;
    for (std::size_t size = 1; size < whole; ++size) desk.stream_bytes(bytes.substr(0, size));
    EXPECT_TRUE(desk.all<OrderReport>().empty());
    EXPECT_TRUE(desk.closed_streams.empty());
    desk.stream_bytes(bytes);
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Filled);
}

TEST(WebullEvents, ABurstOfTenThousandEndsInOneRefresh) {
    auto desk = working_desk();
    for (int i = 1; i <= 10'000; ++i)
        desk.stream_event(order_event(client_1.value, "SUBMITTED", "FILLED",
                                      Decimal::from_units(i * 900'000LL).to_text()));
    desk.run(5s);
    EXPECT_EQ(desk.all<OrderReport>().size(), 10'000U) << "none is lost";
    EXPECT_EQ(desk.requests_to(positions_path), 1);
}

TEST(WebullEvents, AnEventDuringARefreshCausesAnother) {
    auto desk = working_desk();
    const auto positions = desk.replies[positions_path];
    desk.replies[positions_path] = hold();
    desk.stream_event(order_event(client_1.value, "SUBMITTED", "FILLED", "40"));
    desk.run(3s);
    ASSERT_EQ(desk.held.size(), 1U);
    desk.stream_event(order_event(client_1.value, "SUBMITTED", "FILLED", "50"));
    desk.run(2s);
    desk.replies[positions_path] = positions;
    desk.answer(desk.held[0], positions);
    desk.run(5s);
    EXPECT_EQ(desk.all<gateway::PositionsSnapshot>().size(), 2U);
}

TEST(WebullEvents, ASteadyStreamOfEventsDoesNotHoldTheRefreshOff) {
    auto desk = working_desk();
    for (int i = 1; i <= 40; ++i) {
        desk.stream_event(order_event(client_1.value, "SUBMITTED", "FILLED", fmt::format("{}", i)));
        desk.run(500ms);
    }
    EXPECT_GE(desk.requests_to(positions_path), 3);
    EXPECT_LE(desk.requests_to(positions_path), 5);
}

TEST(WebullStream, APoliteEndIsADisconnect) {
    for (const int code : {0, 2, 4, 13, 14, 1, 99}) {
        auto desk = working_desk();
        desk.stream_end(code);
        EXPECT_EQ(desk.stream_state(), "backoff") << code;
        desk.run(2s);
        ASSERT_EQ(desk.streams.size(), 2U) << code;
        desk.forget();
        desk.stream_message({});
        desk.run(10s);
        EXPECT_EQ(desk.stream_state(), "live");
        EXPECT_EQ(desk.all<gateway::OrdersComplete>().size(), 1U) << "reconciled after " << code;
    }
}

TEST(WebullStream, BackoffDoublesToAMinute) {
    auto desk = working_desk();
    std::vector<Instant> opened;
    for (int i = 0; i < 10; ++i) {
        desk.stream_end(14);
        const auto before = desk.streams.size();
        const auto from = desk.now.mono;
        while (desk.streams.size() == before) desk.run(100ms);
        const auto waited = desk.now.mono - from;
        const auto usual = std::min<Duration>(60s, 1s * (1 << i));
        EXPECT_GE(waited, usual * 79 / 100) << i;
        EXPECT_LE(waited, usual * 121 / 100 + 200ms) << i;
    }
}

TEST(WebullStream, TooManyStreamsWaitAMinute) {
    for (const bool by_status : {true, false}) {
        auto desk = working_desk();
        if (by_status)
            desk.stream_end(8);
        else
            desk.stream_control(wire::event_type::connections_exceeded);
        EXPECT_EQ(desk.stream_state(), "backoff");
        EXPECT_EQ(desk.closed_streams.size(), by_status ? 0U : 1U);
        const auto before = desk.streams.size();
        desk.run(59s);
        EXPECT_EQ(desk.streams.size(), before);
        desk.run(2s);
        EXPECT_EQ(desk.streams.size(), before + 1);
    }
}

TEST(WebullStream, AnExpiredSubscriptionIsRenewedAtOnceThenWithPatience) {
    auto desk = working_desk();
    desk.stream_control(wire::event_type::subscribe_expired);
    EXPECT_EQ(desk.streams.size(), 2U);
    EXPECT_EQ(desk.closed_streams.size(), 1U);
    desk.stream_message({});
    EXPECT_EQ(desk.stream_state(), "live");
    desk.stream_control(wire::event_type::subscribe_expired);
    EXPECT_EQ(desk.streams.size(), 2U);
    EXPECT_EQ(desk.stream_state(), "backoff");
    desk.run(2s);
    EXPECT_EQ(desk.streams.size(), 3U);
}

TEST(WebullStream, SilenceEndsItAtTheDeadlineAndNotBefore) {
    auto desk = working_desk();
    desk.stream_control(wire::event_type::ping);
    desk.run(149s);
    EXPECT_EQ(desk.stream_state(), "none") << "no change";
    desk.stream_control(wire::event_type::ping);
    desk.run(149s);
    EXPECT_EQ(desk.stream_state(), "none");
    desk.run(1s);
    EXPECT_EQ(desk.stream_state(), "backoff");
    EXPECT_NE(desk.last<gateway::StreamChanged>()->reason.find("no ping for 150 s"),
              std::string::npos);
    EXPECT_EQ(desk.closed_streams.size(), 1U);
    desk.run(2s);
    desk.stream_message({});
    EXPECT_EQ(desk.stream_state(), "live");
}

TEST(WebullStream, AStreamThatNeverAnswersIsGivenUp) {
    Desk desk;
    desk.start();
    desk.command(gateway::StartTradeEvents{});
    desk.run(16s);
    EXPECT_EQ(desk.closed_streams.size(), 1U);
}

TEST(WebullStream, MessagesOfAnOldStreamAreIgnored) {
    auto desk = working_desk();
    const auto old = desk.streams.back().id;
    desk.stream_control(wire::event_type::subscribe_expired);
    desk.gateway().on_io(desk.now, io::StreamEnded{old, 16, ""});
    desk.run(0s);
    EXPECT_EQ(desk.stream_state(), "connecting");
}

TEST(WebullStream, WhileThereIsNoneOpenOrdersAreReadMoreOften) {
    auto desk = working_desk();  // One order rests.
    desk.forget();
    desk.run(30s);
    EXPECT_LE(desk.requests_to(open_path), 4);
    desk.stream_end(14);
    desk.forget();
    for (int i = 0; i < 30; ++i) {  // Each new one ends at once.
        desk.run(1s);
        desk.stream_end(14);
    }
    EXPECT_GE(desk.requests_to(open_path), 9);
}

TEST(WebullStream, WhyItCannotBeOpenedIsSaid) {
    auto desk = working_desk();
    desk.gateway().on_io(desk.now, io::StreamEnded{desk.streams.back().id, 14, "not for us",
                                                   "the certificate expired"});
    desk.run(0s);
    EXPECT_EQ(desk.stream_state(), "backoff");
    EXPECT_EQ(desk.last<gateway::StreamChanged>()->reason,
              "stream cannot be opened: the certificate expired");
}

TEST(WebullSilentStream, PollingFindsTheFillWithinFifteenSecondsAndThreeMissesAreShown) {
    Desk desk;
    desk.start(true);
    std::map<std::string, std::string> book;  // The broker's truth: groups by client order id.
    desk.script = [&book](const io::HttpRequest& request) -> std::optional<Reply> {
        const auto path = Desk::path_of(request);
        if (path == detail_path) return ok(book.at(Desk::query_of(request, "client_order_id")));
        if (path == place_path) {
            const auto at = request.body.find("client_order_id") + 18;
            const auto client = request.body.substr(at, 20);
            book[client] = order_group(client, "SUBMITTED");
            return ok(receipt(client));
        }
        if (path != open_path) return std::nullopt;
        std::string rows;
        for (const auto& [client, group] : book)
            if (group.find("FILLED") == std::string::npos)
                rows += (rows.empty() ? "" : ",") + group;
        return ok("[" + rows + "]");
    };
    for (std::uint64_t i = 1; i <= 3; ++i) {
        const auto client = fmt::format("silent{:014}", i);
        desk.command(desk.place_command(i, ClientOrderId{client}));
        desk.run(20s);
        desk.stream_control(wire::event_type::ping);
        desk.forget();
        book[client] = order_group(client, "FILLED", "100", "10");
        desk.run(15s);
        const auto reports = desk.all<OrderReport>();
        ASSERT_FALSE(reports.empty()) << "the fill is known by polling";
        EXPECT_EQ(reports.back().status, BrokerStatus::Filled);
        EXPECT_EQ(desk.all<gateway::PositionsSnapshot>().size(), 1U);
        desk.run(15s);
        EXPECT_EQ(desk.counter("stream_misses"), i);
    }
    EXPECT_EQ(desk.stream_state(), "silent");
    // Now open orders are polled faster ...
    desk.command(desk.place_command(9, ClientOrderId{"silent00000000000009"}));
    desk.forget();
    desk.run(30s);
    EXPECT_GE(desk.requests_to(open_path), 9);
    // ... until the stream has spoken a few times.
    for (const auto* filled : {"10", "20", "30"})
        desk.stream_event(order_event("silent00000000000009", "SUBMITTED", "FILLED", filled));
    EXPECT_EQ(desk.stream_state(), "live");
}

TEST(WebullSilentStream, ATradeFromElsewhereBetweenTwoPollsIsFoundWithinAMinute) {
    auto desk = working_desk();  // One order rests, so that the open orders are polled.
    desk.run(30s);
    desk.replies[history_path] =
        ok("[" + order_group("elsewhere0000000000001", "FILLED", "100", "10") + "," +
           order_group(client_1.value, "SUBMITTED") + "]");
    desk.replies[positions_path] =
        ok(R"({"data":[{"symbol":"MSFT","instrument_type":"EQUITY","quantity":"100",)"
           R"("cost_price":"10","currency":"USD"}]})");
    desk.forget();
    desk.run(70s);
    const auto positions = desk.all<gateway::PositionsSnapshot>();
    ASSERT_FALSE(positions.empty());
    EXPECT_EQ(positions.back().positions.at(0).quantity.value, Decimal::from_integer(100));
    const auto reports = desk.all<OrderReport>();
    ASSERT_EQ(reports.size(), 1U) << "what has not changed is not told again";
    EXPECT_EQ(reports.front().client_order_id.value, "elsewhere0000000000001");
    EXPECT_EQ(desk.gate(), "none") << "a look around changes no gate";
    EXPECT_LE(desk.requests_to(history_path), 2) << "it is made once a minute";
    EXPECT_TRUE(desk.all<gateway::OrdersComplete>().empty());
}

TEST(WebullSilentStream, AChangeThatAnEventAnnouncesLaterIsNoMiss) {
    auto desk = working_desk();
    desk.replies[open_path] =
        ok("[" + order_group(client_1.value, "PARTIAL_FILLED", "40", "10") + "]");
    for (int i = 0; i < 15 && fills_told(desk).empty(); ++i) desk.run(1s);
    EXPECT_EQ(fills_told(desk), std::vector<std::string>{"40"});
    desk.run(8s);
    desk.stream_event(order_event(client_1.value, "SUBMITTED", "FILLED", "40"));
    desk.run(30s);
    EXPECT_EQ(desk.counter("stream_misses"), 0U);
    EXPECT_EQ(fills_told(desk), std::vector<std::string>{"40"}) << "told once";
}

TEST(WebullSilentStream, WhatHappenedWhileTheStreamWasDownIsNoMiss) {
    auto desk = working_desk();
    desk.stream_end(14);
    desk.replies[open_path] = ok("[]");
    desk.replies[detail_path] = ok(order_group(client_1.value, "FILLED", "100", "10"));
    desk.run(2s);
    desk.stream_message({});
    desk.run(60s);
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Filled);
    EXPECT_EQ(desk.counter("stream_misses"), 0U);
}

TEST(WebullVanished, AnOrderThatIsMissingFromTheListIsAskedForAndNeverAssumed) {
    auto desk = working_desk();
    desk.replies[open_path] = ok("[]");
    desk.replies[detail_path] = refusal("ORDER_NOT_FOUND");
    desk.run(15s);
    EXPECT_TRUE(desk.all<OrderReport>().empty()) << "absence is no fill and no cancel";
    EXPECT_EQ(desk.all<gateway::OrderNotFound>().size(), 1U);
    desk.forget();
    desk.run(40s);
    EXPECT_LE(desk.requests_to(detail_path), 1) << "asked for again, but not all the time";
    desk.replies[detail_path] = ok(order_group(client_1.value, "CANCELLED", "30", "10"));
    desk.run(70s);
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Cancelled);
    EXPECT_EQ(desk.last<OrderReport>()->filled->value, Decimal::from_integer(30));
}

TEST(WebullHistory, ALaggingListDoesNotBringAFinishedOrderBack) {
    auto desk = working_desk();
    desk.stream_event(order_event(client_1.value, "CANCELLED", "CANCEL_SUCCESS", "0E-10", "0E-10"));
    desk.forget();
    desk.command(gateway::RefreshAccount{AccountName{"w1"}});
    desk.run(10s);
    for (const auto& report : desk.all<OrderReport>())
        EXPECT_EQ(report.status, BrokerStatus::Cancelled);
    EXPECT_EQ(desk.all<gateway::OrdersComplete>().size(), 1U);
}

}  // namespace
}  // namespace janus::webull
