#include <array>

#include <gtest/gtest.h>

#include "gateway/webull/test_working_desk.hpp"

// Changing live orders, asking what an order would cost, and stops that trail.
namespace janus::webull {
namespace {

using gateway::BrokerStatus;
using gateway::ModifyNotSent;
using gateway::ModifyRefused;
using gateway::OrderReport;

constexpr auto replace_path = "/trading/orders/replace";
constexpr auto preview_path = "/trading/orders/preview";

Price price_of(std::string_view text) {
    return {Decimal::parse(text).value()};
}

/// The order of the working desk as its detail shows it with these values.
Reply detail(std::string_view quantity, std::string_view limit, std::string_view filled = "0") {
    auto group = order_group(client_1.value, filled == "0" ? "SUBMITTED" : "PARTIAL_FILLED", filled,
                             filled == "0" ? "" : "10", quantity);
    const std::string_view before = R"("limit_price":"10")";
    group.replace(group.find(before), before.size(), fmt::format(R"("limit_price":"{}")", limit));
    return ok(group);
}

/// The working desk with a replace to 60 at 11 that is answered as told.
Desk replacing_desk(const Reply& reply) {
    auto desk = working_desk();
    desk.replies[replace_path] = reply;
    desk.replies[detail_path] = detail("100", "10");
    return desk;
}

gateway::ModifyOrder to_60_at_11(Desk& desk) {
    gateway::ModifyOrder modify{.order = desk.place_command(), .ref = {}};
    modify.order.quantity = Quantity{Decimal::from_integer(60)};
    modify.order.limit_price = price_of("11");
    return modify;
}

TEST(WebullReplace, SendsEveryValueOnceAndIsDoneWhenTheDetailShowsThem) {
    auto desk = replacing_desk(ok(receipt(client_1.value)));
    desk.command(to_60_at_11(desk));
    ASSERT_EQ(desk.requests_to(replace_path), 1);
    EXPECT_EQ(desk.requests[0].body,
              R"({"account_id":"JNS7QK20ACC0001","modify_orders":[{"client_order_id":)"
              R"("jns00000000000000000000000000042","quantity":"60","limit_price":"11"}]})");
    desk.run(2s);
    EXPECT_EQ(desk.last<OrderReport>()->limit_price, price_of("10")) << "not there yet";
    desk.replies[detail_path] = detail("60", "11");
    desk.replies[open_path] = ok("[" + desk.replies[detail_path].body + "]");
    desk.run(5s);
    EXPECT_EQ(desk.last<OrderReport>()->limit_price, price_of("11"));
    EXPECT_EQ(desk.last<OrderReport>()->quantity->value, Decimal::from_integer(60));
    const auto asked = desk.requests_to(detail_path);
    desk.run(60s);
    EXPECT_EQ(desk.requests_to(detail_path), asked) << "and then it is left alone";
    EXPECT_EQ(desk.requests_to(replace_path), 1);
}

/// How a replace can be answered, and what that proves.
struct ReplaceCase {
    std::string_view name;
    Reply reply;
    bool refused;
    bool not_sent;
};
const std::vector<ReplaceCase>& replace_cases() {
    static const std::vector<ReplaceCase> cases{
        {"not_allowed", refusal("OPENAPI_ORDER_STATUS_NOT_ALLOW_MODIFY"), true, false},
        {"production", refusal("OAUTH_OPENAPI_PARAM_ERR"), true, false},
        {"buying_power", refusal("OPENAPI_DAY_BUYING_POWER_INSUFFICIENT"), true, false},
        {"not_found", refusal("OPENAPI_ORDER_NOT_FOUND"), true, false},
        {"throttled", refusal("OPENAPI_TOO_MANY_REQUESTS", 429), true, false},
        {"bare_429", status(429), false, false},
        {"unlisted", refusal("OPENAPI_SOMETHING_NEW"), false, false},
        {"system_error", refusal("OPENAPI_SYSTEM_ERROR"), false, false},
        {"refused_with_500", refusal("OPENAPI_PARAM_ERR", 500), false, false},
        {"502", status(502), false, false},
        {"504", status(504), false, false},
        {"html", ok("<html></html>"), false, false},
        {"empty", ok(""), false, false},
        {"lost", lost(), false, false},
        {"unsent", unsent(), false, true},
    };
    return cases;
}

TEST(WebullReplace, IsNeverSaidTwiceAndWhatItsAnswerDoesNotProveTheDetailDoes) {
    for (const auto& row : replace_cases()) {
        SCOPED_TRACE(row.name);
        auto desk = replacing_desk(row.reply);
        desk.command(to_60_at_11(desk));
        desk.run(1s);
        EXPECT_EQ(desk.all<ModifyRefused>().size(), row.refused ? 1U : 0U);
        EXPECT_EQ(desk.all<ModifyNotSent>().size(), row.not_sent ? 1U : 0U);
        EXPECT_TRUE(desk.all<gateway::OrderRejected>().empty()) << "the order itself goes on";
        if (!row.not_sent) EXPECT_GE(desk.requests_to(detail_path), 1);
        // It was done all the same: the detail is believed.
        desk.replies[detail_path] = detail("60", "11");
        desk.replies[open_path] = ok("[" + desk.replies[detail_path].body + "]");
        desk.run(20s);
        EXPECT_EQ(desk.last<OrderReport>()->limit_price, price_of("11"));
        EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Working);
        desk.run(120s);
        EXPECT_EQ(desk.requests_to(replace_path), 1);
    }
}

TEST(WebullReplace, OneAtATimeAndTheNextWhenItIsSettled) {
    auto desk = replacing_desk(hold());
    desk.command(to_60_at_11(desk));
    desk.command(to_60_at_11(desk));
    ASSERT_EQ(desk.all<ModifyNotSent>().size(), 1U);
    EXPECT_NE(desk.all<ModifyNotSent>()[0].reason.find("on its way"), std::string::npos);
    ASSERT_EQ(desk.held.size(), 1U);
    desk.replies[detail_path] = detail("60", "11");
    desk.answer(desk.held[0], ok(receipt(client_1.value)));
    desk.run(3s);
    desk.command(to_60_at_11(desk));
    EXPECT_EQ(desk.requests_to(replace_path), 2);
    EXPECT_EQ(desk.all<ModifyNotSent>().size(), 1U);
}

TEST(WebullReplace, IsNotSentWhileTheAccountIsNotReadyOrForWhatWebullCannotDo) {
    auto desk = replacing_desk(ok(receipt(client_1.value)));
    auto odd = to_60_at_11(desk);
    odd.order.limit_price = price_of("11.001");
    desk.command(odd);
    ASSERT_EQ(desk.all<ModifyNotSent>().size(), 1U);
    EXPECT_NE(desk.all<ModifyNotSent>()[0].reason.find("11.01"), std::string::npos);
    desk.replies[open_path] = status(503);
    desk.run(60s);
    ASSERT_EQ(desk.gate(), "degraded");
    desk.command(to_60_at_11(desk));
    EXPECT_EQ(desk.all<ModifyNotSent>().size(), 2U);
    EXPECT_EQ(desk.requests_to(replace_path), 0);
}

TEST(WebullReplace, AnEventThatRefusesItEndsItAndTheOrderGoesOn) {
    auto desk = replacing_desk(ok(receipt(client_1.value)));
    desk.command(to_60_at_11(desk));
    desk.run(500ms);
    desk.stream_event(order_event(client_1.value, "SUBMITTED", "MODIFY_FAILED", "0E-10", "0E-10"));
    desk.run(3s);
    ASSERT_EQ(desk.all<ModifyRefused>().size(), 1U);
    EXPECT_EQ(desk.all<ModifyRefused>()[0].order, OrderId{7});
    EXPECT_TRUE(desk.all<gateway::CancelRefused>().empty());
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Working);
    desk.stream_event(order_event(client_1.value, "FILLED", "FINAL_FILLED", "100"));
    EXPECT_EQ(desk.last<OrderReport>()->status, BrokerStatus::Filled);
}

TEST(WebullReplace, AFillOnTheWayIsToldWithoutPricesThatMayBeOld) {
    auto desk = replacing_desk(ok(receipt(client_1.value)));
    desk.command(to_60_at_11(desk));
    desk.run(500ms);
    desk.stream_event(order_event(client_1.value, "PARTIAL_FILLED", "FILLED", "40"));
    const auto filled = desk.last<OrderReport>();
    EXPECT_EQ(filled->filled->value, Decimal::from_integer(40));
    EXPECT_FALSE(filled->limit_price.has_value());
    EXPECT_FALSE(filled->quantity.has_value());
    desk.replies[detail_path] = detail("60", "11", "40");
    desk.stream_event(order_event(client_1.value, "PARTIAL_FILLED", "MODIFY_SUCCESS", "40"));
    desk.run(3s);
    EXPECT_EQ(desk.last<OrderReport>()->limit_price, price_of("11"));
    EXPECT_EQ(desk.last<OrderReport>()->filled->value, Decimal::from_integer(40));
}

TEST(WebullReplace, AStopWaitsForItsAnswerLikeForAPlace) {
    auto desk = replacing_desk(hold());
    desk.command(to_60_at_11(desk));
    desk.command(gateway::Stop{});
    EXPECT_FALSE(desk.gateway().stopped());
    desk.answer(desk.held[0], ok(receipt(client_1.value)));
    EXPECT_TRUE(desk.gateway().stopped());
}

gateway::PreviewOrder preview_command() {
    return {
        .preview = gateway::PreviewId{5},
        .intent = {.account = AccountName{"w1"},
                                      .symbol = CanonicalSymbol::parse("MSFT").value(),
                                      .side = Side::Buy,
                                      .type = OrderType::Limit,
                                      .quantity = Quantity{Decimal::from_integer(7)},
                                      .limit_price = price_of("401.25")},
        .native_id = NativeId{"MSFT"},
        .number = 0
    };
}

TEST(WebullPreview, IsAnsweredWithCostAndFeeAndNothingIsPlaced) {
    auto desk = working_desk();
    desk.replies[preview_path] =
        ok(R"({"estimated_cost":"2808.75","estimated_transaction_fee":"0.02","currency":"USD"})");
    desk.command(preview_command());
    desk.run(1s);
    const auto result = desk.last<gateway::PreviewResult>();
    ASSERT_TRUE(result && result->outcome);
    EXPECT_EQ(result->preview, gateway::PreviewId{5});
    EXPECT_EQ(result->outcome->commission->value.to_text(), "0.02");
    EXPECT_EQ(result->outcome->commission_currency, "USD");
    EXPECT_EQ(result->outcome->warning, "estimated cost 2808.75 USD");
    EXPECT_EQ(desk.requests_to(place_path), 0);
    EXPECT_NE(desk.requests[0].body.find(R"("quantity":"7")"), std::string::npos);
}

TEST(WebullPreview, SaysWhatWouldBeRefusedAndWhatCouldNotBeAsked) {
    const auto gossip =
        fmt::format(R"({{"error_code":"X_PARAM_ERR","message":"{}"}})", secret_text);
    for (const auto& [reply, code] :
         {std::pair(refusal("OPENAPI_DAY_BUYING_POWER_INSUFFICIENT"), ErrorCode::Rejected),
          std::pair(status(417, gossip), ErrorCode::Rejected),
          std::pair(refusal("TOO_MANY_REQUESTS", 429), ErrorCode::Unavailable),
          std::pair(status(500), ErrorCode::Unavailable), std::pair(lost(), ErrorCode::Unavailable),
          std::pair(ok("{}"), ErrorCode::Malformed)}) {
        auto desk = working_desk();
        desk.replies[preview_path] = reply;
        desk.command(preview_command());
        desk.run(60s);
        const auto results = desk.all<gateway::PreviewResult>();
        ASSERT_EQ(results.size(), 1U) << "exactly one answer";
        ASSERT_FALSE(results[0].outcome.has_value());
        EXPECT_EQ(results[0].outcome.error().code, code);
        EXPECT_EQ(results[0].outcome.error().message.find(secret_text), std::string::npos);
    }
    Desk unready;
    unready.command(preview_command());
    EXPECT_EQ(unready.last<gateway::PreviewResult>()->outcome.error().code, ErrorCode::Unavailable);
}

TEST(WebullTrailing, AnAmountAndAPercentageAreWrittenAsWebullReadsThem) {
    for (const bool percent : {false, true}) {
        auto desk = working_desk();
        desk.replies[place_path] = ok(receipt("jns00000000000000000000000000043"));
        auto place = desk.place_command(8, ClientOrderId{"jns00000000000000000000000000043"});
        place.type = OrderType::TrailingStop;
        place.side = Side::Sell;
        place.limit_price.reset();
        if (percent)
            place.trail_percent = Decimal::parse("2.5").value();
        else
            place.trail_amount = price_of("0.75");
        desk.command(place);
        ASSERT_EQ(desk.requests_to(place_path), 1);
        const auto& body = desk.requests[0].body;
        EXPECT_NE(body.find(R"("order_type":"TRAILING_STOP_LOSS")"), std::string::npos);
        EXPECT_NE(body.find(percent ? R"("trailing_type":"PERCENTAGE","trailing_stop_step":"0.025")"
                                    : R"("trailing_type":"AMOUNT","trailing_stop_step":"0.75")"),
                  std::string::npos)
            << body;
    }
}

TEST(WebullSessions, TheNightIsForLimitOrdersAndNothingElseIsMadeOfWhatIsRefused) {
    auto desk = working_desk();
    desk.replies[place_path] = ok(receipt("jns00000000000000000000000000043"));
    auto place = desk.place_command(8, ClientOrderId{"jns00000000000000000000000000043"});
    place.session = TradingSession::Overnight;
    desk.command(place);
    ASSERT_EQ(desk.requests_to(place_path), 1);
    EXPECT_NE(desk.requests[0].body.find(R"("support_trading_session":"NIGHT")"),
              std::string::npos);
    const auto refused = [&desk](auto change) {
        auto odd = desk.place_command(9, ClientOrderId{"jns00000000000000000000000000044"});
        change(odd);
        desk.forget();
        desk.command(odd);
        EXPECT_EQ(desk.requests_to(place_path), 0);
        const auto answer = desk.last<gateway::OrderNotSent>();
        return answer ? answer->reason : "it was not refused";
    };
    for (const auto time : {TimeInForce::ImmediateOrCancel, TimeInForce::FillOrKill,
                            TimeInForce::AtTheOpening, TimeInForce::GoodTillDate}) {
        const auto reason = refused([time](auto& order) { order.time_in_force = time; });
        EXPECT_NE(reason.find("DAY, GTC"), std::string::npos) << reason;
    }
    for (const auto type :
         {OrderType::TrailingStopLimit, OrderType::MarketOnClose, OrderType::LimitOnClose}) {
        const auto reason = refused([type](auto& order) { order.type = type; });
        EXPECT_NE(reason.find("MARKET, LIMIT, STOP, STOP_LIMIT, TRAILING_STOP"), std::string::npos)
            << reason;
    }
    const auto night = refused([](auto& order) {
        order.session = TradingSession::Overnight;
        order.type = OrderType::Market;
        order.limit_price.reset();
    });
    EXPECT_NE(night.find("use LIMIT"), std::string::npos) << night;
}

TEST(WebullThrottling, ABrokerThatGoesOnRefusingIsGivenEverMoreTime) {
    auto desk = working_desk();
    std::vector<Instant> times;
    desk.script = [&](const io::HttpRequest& request) -> std::optional<Reply> {
        if (Desk::path_of(request) != open_path) return std::nullopt;
        times.push_back(desk.now.mono);
        return status(429);
    };
    desk.run(240s);
    ASSERT_GE(times.size(), 5U);
    EXPECT_GE(times[1] - times[0], 2s);
    EXPECT_GE(times[4] - times[3], 16s);
    EXPECT_LT(times.size(), 12U);
    desk.script = {};
    desk.run(130s);
    EXPECT_EQ(desk.gate(), "ready");
}

TEST(WebullThrottling, ADateInRetryAfterIsObeyed) {
    auto desk = working_desk();
    bool throttled = false;
    Instant at;
    std::optional<Instant> next;
    desk.script = [&](const io::HttpRequest& request) -> std::optional<Reply> {
        if (Desk::path_of(request) != positions_path) return std::nullopt;
        if (throttled && !next) next = desk.now.mono;
        if (std::exchange(throttled, true)) return std::nullopt;
        at = desk.now.mono;
        auto reply = status(429);
        const auto minute_later = desk.now.utc + 30s;
        const auto clock = to_iso_seconds_text(minute_later).substr(11, 8);
        reply.headers = {
            {"Retry-After", fmt::format("Mon, 09 Mar 2026 {} GMT", clock)}
        };
        return reply;
    };
    desk.command(gateway::RefreshAccount{AccountName{"w1"}});
    desk.run(60s);
    ASSERT_TRUE(next.has_value());
    EXPECT_GE(*next - at, 29s);
    EXPECT_LE(*next - at, 35s);
}

}  // namespace
}  // namespace janus::webull
