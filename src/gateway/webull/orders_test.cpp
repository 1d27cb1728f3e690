#include <gtest/gtest.h>

#include "gateway/webull/order_rules.hpp"
#include "gateway/webull/test_desk.hpp"

// Placing, cancelling and asking: what is sent, how often, and what an answer proves.
namespace janus::webull {
namespace {

using gateway::BrokerStatus;

constexpr auto place_path = "/trading/orders/place";
constexpr auto cancel_path = "/trading/orders/cancel";
constexpr auto detail_path = "/trading/orders/get";
constexpr auto open_path = "/trading/orders/open-orders/list";
constexpr auto history_path = "/trading/orders/historical-orders/list";

std::string receipt(std::string_view client) {
    return fmt::format(R"({{"client_order_id":"{0}","order_id":"B{0}"}})", client);
}

Desk ready_desk() {
    Desk desk;
    desk.start();
    EXPECT_EQ(desk.gate(), "ready");
    desk.forget();
    return desk;
}

TEST(WebullPlace, IsWrittenAsTheReferenceSaysAndAcceptedByItsReceipt) {
    auto desk = ready_desk();
    desk.replies[place_path] = ok(receipt(client_1.value));
    desk.command(desk.place_command());
    ASSERT_EQ(desk.requests_to(place_path), 1);
    const auto& request = desk.requests[0];
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.body,
              R"({"account_id":"JNS7QK20ACC0001","new_orders":[{"combo_type":"NORMAL",)"
              R"("client_order_id":"jns00000000000000000000000000042","symbol":"MSFT",)"
              R"("instrument_type":"EQUITY","market":"US","order_type":"LIMIT",)"
              R"("limit_price":"10","quantity":"100","support_trading_session":"CORE",)"
              R"("side":"BUY","time_in_force":"DAY","entrust_type":"QTY"}]})");
    const auto has = [&request](std::string_view name, std::string_view value) {
        return std::ranges::find(request.headers, io::Header(name, value)) != request.headers.end();
    };
    EXPECT_TRUE(has("category", "US_EQUITY"));
    EXPECT_TRUE(has("Content-Type", "application/json"));
    const auto report = desk.last<gateway::OrderReport>();
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(report->status, BrokerStatus::Working);
    EXPECT_EQ(report->client_order_id, client_1);
    EXPECT_EQ(report->ref.permanent, "B" + client_1.value);
    EXPECT_EQ(report->fill_source, gateway::FillSource::Cumulative);
    EXPECT_EQ(report->instrument.symbol->text(), "MSFT");
    EXPECT_EQ(report->side, Side::Buy);
    EXPECT_FALSE(report->quantity || report->limit_price) << "a receipt says nothing of them";
}

TEST(WebullPlace, SidesTypesAndPricesAreWebullsWords) {
    auto desk = ready_desk();
    auto place = desk.place_command();
    place.side = Side::SellShort;
    place.type = OrderType::StopLimit;
    place.stop_price = Price{Decimal::parse("9.95").value()};
    place.time_in_force = TimeInForce::GoodTillCancel;
    const auto body = place_body(place, "A");
    for (const auto* part :
         {R"("side":"SHORT")", R"("order_type":"STOP_LOSS_LIMIT")", R"("stop_price":"9.95")",
          R"("limit_price":"10")", R"("time_in_force":"GTC")"})
        EXPECT_NE(body.find(part), std::string::npos) << part;
    place.side = Side::Sell;
    place.type = OrderType::Limit;
    place.session = TradingSession::Extended;
    EXPECT_NE(place_body(place, "A").find(R"("side":"SELL")"), std::string::npos);
    EXPECT_NE(place_body(place, "A").find(R"("support_trading_session":"ALL")"), std::string::npos);
}

/// What one reply to a place must lead to.
struct PlaceCase {
    const char* what;
    Reply reply;
    const char* told;  ///< `rejected`, `not_sent`, `uncertain`
};

class WebullPlaceReply : public testing::TestWithParam<PlaceCase> {};

TEST_P(WebullPlaceReply, ProvesWhatItProvesAndThePlaceGoesOutOnce) {
    auto desk = ready_desk();
    desk.replies[place_path] = GetParam().reply;
    desk.command(desk.place_command());
    desk.run(120s);
    EXPECT_EQ(desk.requests_to(place_path), 1) << "a place is never repeated";
    const std::string told = !desk.all<gateway::OrderRejected>().empty()    ? "rejected"
                             : !desk.all<gateway::OrderNotSent>().empty()   ? "not_sent"
                             : !desk.all<gateway::OrderUncertain>().empty() ? "uncertain"
                                                                            : "nothing";
    EXPECT_EQ(told, GetParam().told) << GetParam().what;
    const auto answers = desk.all<gateway::OrderRejected>().size() +
                         desk.all<gateway::OrderNotSent>().size() +
                         desk.all<gateway::OrderUncertain>().size();
    EXPECT_EQ(answers, 1U);
    // An uncertain place is followed by a question, a certain one is not.
    EXPECT_EQ(desk.requests_to(detail_path) > 0, told == "uncertain") << GetParam().what;
}

INSTANTIATE_TEST_SUITE_P(
    All, WebullPlaceReply,
    testing::Values(
        PlaceCase{"no money", refusal("OAUTH_OPENAPI_DAY_BUYING_POWER_INSUFFICIENT"), "rejected"},
        PlaceCase{"bad value", refusal("PARAM_ERR", 400), "rejected"},
        PlaceCase{"same order", refusal("OPENAPI_DUPLICATE_ORDER_CHECK"), "rejected"},
        PlaceCase{"documented throttle", refusal("TOO_MANY_REQUESTS", 429), "rejected"},
        PlaceCase{"key refused", refusal("UNAUTHORIZED", 401), "rejected"},
        PlaceCase{"token refused", refusal("OAUTH_OPENAPI_INVALID_TOKEN"), "rejected"},
        PlaceCase{"no such route", status(404, R"({"error_msg":"Route Not Found"})"), "rejected"},
        PlaceCase{"no such route, with its number",
                  status(404, R"({"error_msg":"404 Route Not Found"})"), "rejected"},
        PlaceCase{"its id is known", refusal("OPENAPI_TRADE_PLACE_ORDER_REPEAT"), "uncertain"},
        PlaceCase{"vague", refusal("OPENAPI_SYSTEM_ERROR"), "uncertain"},
        PlaceCase{"new code", refusal("OPENAPI_NEVER_SEEN"), "uncertain"},
        PlaceCase{"bare throttle", status(429), "uncertain"},
        PlaceCase{"bare 401", status(401, "<html>"), "uncertain"},
        PlaceCase{"bare 417", status(417, "[]"), "uncertain"},
        PlaceCase{"redirect", status(302), "uncertain"},
        PlaceCase{"server error", status(500), "uncertain"},
        PlaceCase{"server error with a refusing code", refusal("PARAM_ERR", 500), "uncertain"},
        PlaceCase{"bad gateway", status(502), "uncertain"},
        PlaceCase{"gateway timeout", status(504), "uncertain"},
        PlaceCase{"reset after sending", lost(), "uncertain"},
        PlaceCase{"reset before sending", unsent(), "not_sent"},
        PlaceCase{"HTML", ok("<html>"), "uncertain"}, PlaceCase{"empty", ok(""), "uncertain"},
        PlaceCase{"another order's receipt", ok(receipt("other")), "uncertain"},
        PlaceCase{"receipt without an id", ok(R"({"client_order_id":"x"})"), "uncertain"},
        PlaceCase{"driver that never answers", hold(), "uncertain"}));

TEST(WebullPlace, EveryTruncationOfTheReceiptIsUncertain) {
    const auto whole = receipt(client_1.value);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        auto desk = ready_desk();
        desk.replies[place_path] = ok(whole.substr(0, size));
        desk.command(desk.place_command());
        EXPECT_EQ(desk.all<gateway::OrderUncertain>().size(), 1U) << size;
    }
}

TEST(WebullPlace, TimeoutThenTheDetailFindsIt) {
    auto desk = ready_desk();
    desk.replies[place_path] = lost();
    desk.replies[detail_path] = ok(order_group(client_1.value, "PARTIAL_FILLED", "40", "10.01"));
    desk.command(desk.place_command());
    desk.run(5s);
    EXPECT_EQ(desk.all<gateway::OrderUncertain>().size(), 1U);
    const auto report = desk.last<gateway::OrderReport>();
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(report->filled->value, Decimal::from_integer(40));
    EXPECT_EQ(report->average_price->value.to_text(), "10.01");
    EXPECT_EQ(desk.requests_to(place_path), 1);
}

TEST(WebullPlace, ARepeatedIdIsAskedForAndFound) {
    auto desk = ready_desk();
    desk.replies[place_path] = refusal("TRADE_PLACE_ORDER_REPEAT");
    desk.replies[detail_path] = ok(order_group(client_1.value, "SUBMITTED"));
    desk.command(desk.place_command());
    desk.run(5s);
    EXPECT_TRUE(desk.all<gateway::OrderRejected>().empty());
    EXPECT_EQ(desk.last<gateway::OrderReport>()->status, BrokerStatus::Working);
}

TEST(WebullPlace, ARefusalIsCheckedAgainstTheListsOnceForABurst) {
    auto desk = ready_desk();
    desk.replies[place_path] = refusal("PARAM_ERR");
    desk.run(30s);
    desk.forget();
    const auto lists = desk.requests_to(open_path);
    const auto days = desk.requests_to(history_path);
    for (std::uint64_t i = 0; i < 10; ++i)
        desk.command(desk.place_command(i + 1, ClientOrderId{fmt::format("burst{:017}", i)}));
    EXPECT_EQ(desk.all<gateway::OrderRejected>().size(), 10U);
    desk.replies[history_path] =
        ok("[" + order_group("burst00000000000000003", "FILLED", "100", "10") + "]");
    desk.run(6s);
    EXPECT_EQ(desk.requests_to(open_path), lists + 2) << "the second one is for the fill";
    EXPECT_EQ(desk.requests_to(history_path), days + 1);
    ASSERT_EQ(desk.all<gateway::OrderReport>().size(), 1U);
    EXPECT_EQ(desk.last<gateway::OrderReport>()->client_order_id.value, "burst00000000000000003");
    EXPECT_EQ(desk.last<gateway::OrderReport>()->status, BrokerStatus::Filled);
}

TEST(WebullPlace, ARowThatWasAskedForBeforeTheRefusalDoesNotBringItBack) {
    for (const bool lives : {false, true}) {
        SCOPED_TRACE(lives);
        auto desk = ready_desk();
        const auto row = ok("[" + order_group(client_1.value, "SUBMITTED") + "]");
        desk.replies[place_path] = desk.replies[open_path] = hold();
        desk.command(desk.place_command());
        desk.command(gateway::RefreshAccount{AccountName{"w1"}});
        ASSERT_EQ(desk.held.size(), 2U);
        desk.answer(desk.held[0], refusal("PARAM_ERR"));
        desk.replies[open_path] = lives ? row : ok(R"({"data":[]})");
        desk.answer(desk.held[1], row);
        ASSERT_EQ(desk.all<gateway::OrderRejected>().size(), 1U);
        EXPECT_TRUE(desk.all<gateway::OrderReport>().empty()) << "it may have been so before";
        EXPECT_EQ(desk.counter("rows_before_refusal"), 1U);
        desk.run(6s);
        EXPECT_EQ(desk.all<gateway::OrderReport>().size(), lives ? 1U : 0U);
        EXPECT_TRUE(desk.all<gateway::OrderNotFound>().empty());
    }
}

TEST(WebullPlace, ADetailThatWasAskedForBeforeTheRefusalDoesNotBringItBack) {
    auto desk = ready_desk();
    desk.replies[place_path] = desk.replies[detail_path] = hold();
    desk.command(desk.place_command());
    desk.command(gateway::QueryOrder{OrderId{7}, client_1, {}, AccountName{"w1"}});
    ASSERT_EQ(desk.held.size(), 2U);
    desk.answer(desk.held[0], refusal("PARAM_ERR"));
    ASSERT_EQ(desk.all<gateway::OrderRejected>().size(), 1U);
    desk.answer(desk.held[1], ok(order_group(client_1.value, "SUBMITTED")));
    EXPECT_TRUE(desk.all<gateway::OrderReport>().empty());
    desk.run(1s);
    desk.replies[detail_path] = ok(order_group(client_1.value, "SUBMITTED"));
    desk.command(gateway::QueryOrder{OrderId{7}, client_1, {}, AccountName{"w1"}});
    desk.run(3s);
    EXPECT_EQ(desk.all<gateway::OrderReport>().size(), 1U);
}

TEST(WebullPlace, IsNotSentWhileTheAccountIsNotReady) {
    Desk desk;
    desk.command(desk.place_command());
    EXPECT_EQ(desk.all<gateway::OrderNotSent>().size(), 1U);
    desk.start();
    EXPECT_EQ(desk.requests_to(place_path), 0) << "nor later";
}

TEST(WebullPlace, IsNotSentWithAnIdThatWebullMayRefuse) {
    for (const auto* id : {"short", "jns-0000000000000000000042", "ä0000000000000000000042",
                           "j00000000000000000000000000000042", ""}) {
        auto desk = ready_desk();
        desk.command(desk.place_command(7, ClientOrderId{id}));
        EXPECT_EQ(desk.all<gateway::OrderNotSent>().size(), 1U) << id;
        EXPECT_EQ(desk.requests_to(place_path), 0);
    }
}

TEST(WebullPlace, IsNotSentWhenTheClockIsTooFarOff) {
    auto desk = ready_desk();
    auto late = desk.replies[open_path];
    late.headers = {
        {"date", "Mon, 09 Mar 2026 14:40:05 GMT"}
    };
    desk.replies[open_path] = late;
    desk.run(70s);
    desk.command(desk.place_command());
    ASSERT_EQ(desk.all<gateway::OrderNotSent>().size(), 1U);
    EXPECT_TRUE(desk.all<gateway::OrderNotSent>()[0].reason.starts_with("clock_skew"));
    EXPECT_EQ(desk.requests_to(place_path), 0);
}

TEST(WebullPlace, ABurstIsPacedAndWhatWaitsTooLongIsNotSent) {
    auto desk = ready_desk();
    desk.script = [](const io::HttpRequest& request) -> std::optional<Reply> {
        if (Desk::path_of(request) != place_path) return std::nullopt;
        const auto at = request.body.find("client_order_id") + 18;
        return ok(receipt(request.body.substr(at, 22)));
    };
    for (std::uint64_t i = 0; i < 100; ++i) {
        auto place = desk.place_command(i + 1, ClientOrderId{fmt::format("burst{:017}", i)});
        place.send_before = desk.now.mono + 5s;
        desk.command(place);
    }
    EXPECT_EQ(desk.requests_to(place_path), 20);
    desk.run(30s);
    const auto sent = desk.requests_to(place_path);
    EXPECT_GT(sent, 55);
    EXPECT_LE(sent, 60);
    EXPECT_EQ(desk.all<gateway::OrderNotSent>().size(), 100U - static_cast<std::size_t>(sent));
}

TEST(WebullPlace, WhatWaitsDoesNotLeaveOnceTheAccountIsNotReady) {
    auto desk = ready_desk();
    desk.replies[place_path] = hold();
    for (std::uint64_t i = 0; i < 30; ++i)
        desk.command(desk.place_command(i + 1, ClientOrderId{fmt::format("burst{:017}", i)}));
    ASSERT_EQ(desk.held.size(), 20U);
    desk.script = [](const io::HttpRequest&) {
        return std::optional(refusal("UNAUTHORIZED", 401));
    };
    desk.answer(desk.held[0], refusal("UNAUTHORIZED", 401));
    EXPECT_EQ(desk.all<gateway::OrderRejected>().size(), 1U);
    EXPECT_EQ(desk.all<gateway::OrderNotSent>().size(), 10U);
    desk.run(25s);
    EXPECT_EQ(desk.requests_to(place_path), 20);
}

TEST(WebullPlace, ASecondCommandForTheSameOrderSendsNothing) {
    auto desk = ready_desk();
    desk.replies[place_path] = ok(receipt(client_1.value));
    desk.command(desk.place_command());
    desk.command(desk.place_command());
    EXPECT_EQ(desk.requests_to(place_path), 1);
    EXPECT_TRUE(desk.all<gateway::OrderNotSent>().empty()) << "the first one was sent";
    EXPECT_EQ(desk.counter("places_repeated"), 1U);
}

TEST(WebullPlace, EveryOtherQuoteOfTheLimitIsDeniedWithTheNearestPrices) {
    const auto check_limit = [](std::string_view price) {
        OrderTerms terms;
        terms.type = OrderType::Limit;
        terms.quantity = Quantity{Decimal::from_integer(1)};
        terms.limit_price = Price{Decimal::parse(price).value()};
        const auto checked = check_terms(terms);
        return checked ? std::string("fine") : checked.error().message;
    };
    for (const auto* good : {"1", "1.01", "401.25", "0.9999", "0.0001", "100000"})
        EXPECT_EQ(check_limit(good), "fine") << good;
    EXPECT_EQ(check_limit("401.255"),
              "limit price 401.255 is no multiple of 0.01; the nearest are 401.25 and 401.26");
    EXPECT_EQ(check_limit("0.12345"),
              "limit price 0.12345 is no multiple of 0.0001; the nearest are 0.1234 and 0.1235");
    EXPECT_EQ(check_limit("0.00001"),
              "limit price 0.00001 is no multiple of 0.0001; the nearest is 0.0001");
    EXPECT_NE(check_limit("0"), "fine");
    EXPECT_NE(check_limit("-1"), "fine");
}

OrderIntent intent_of(std::string_view symbol, OrderType type, std::string_view quantity) {
    return {.account = AccountName{"w1"},
            .symbol = CanonicalSymbol::parse(symbol).value(),
            .side = Side::Buy,
            .type = type,
            .quantity = Quantity{Decimal::parse(quantity).value()},
            .limit_price = type == OrderType::Limit || type == OrderType::StopLimit
                               ? std::optional(Price{Decimal::from_integer(10)})
                               : std::nullopt,
            .stop_price = type == OrderType::Stop || type == OrderType::StopLimit
                              ? std::optional(Price{Decimal::from_integer(9)})
                              : std::nullopt,
            .time_in_force = TimeInForce::Day,
            .session = TradingSession::Regular,
            .idempotency_key = {}};
}

TEST(WebullPrepare, ExpressesWhatWebullCanAndDeniesTheRest) {
    Desk desk;
    const auto prepared = [&desk](const OrderIntent& intent) {
        const auto result = desk.gateway().prepare_order(intent, NativeId{"X"});
        if (!result) EXPECT_EQ(result.error().code, ErrorCode::Denied);
        return result.has_value();
    };
    for (const auto type :
         {OrderType::Market, OrderType::Limit, OrderType::Stop, OrderType::StopLimit}) {
        auto intent = intent_of("MSFT", type, "10");
        EXPECT_TRUE(prepared(intent));
        intent.session = TradingSession::Extended;
        EXPECT_EQ(prepared(intent), type == OrderType::Limit);
        EXPECT_EQ(prepared(intent_of("MSFT", type, "1.5")), type == OrderType::Market);
    }
    auto fraction = intent_of("MSFT", OrderType::Market, "0.5");
    fraction.side = Side::SellShort;
    EXPECT_FALSE(prepared(fraction));
    EXPECT_FALSE(prepared(intent_of("AAPL.260320.C.152.5", OrderType::Market, "1")));
    EXPECT_FALSE(prepared(intent_of("NQ.2603", OrderType::Market, "1")));
    EXPECT_FALSE(desk.gateway()
                     .prepare_order(intent_of("MSFT", OrderType::Market, "1"), NativeId{})
                     .has_value());
    EXPECT_TRUE(desk.requests.empty()) << "nothing is sent";
    EXPECT_EQ(desk.gateway().fallback_native_id(CanonicalSymbol::parse("BRK.B").value())->value,
              "BRK.B");
    EXPECT_FALSE(
        desk.gateway().fallback_native_id(CanonicalSymbol::parse("NQ.2603").value()).has_value());
}

gateway::CancelOrder cancel_command(ClientOrderId client = client_1, std::string order_id = "") {
    return {
        .order = OrderId{7},
        .client_order_id = std::move(client),
        .ref = {.number = 0, .permanent = std::move(order_id)},
        .account = AccountName{"w1"}
    };
}

TEST(WebullCancel, IsRequestedByClientOrderId) {
    auto desk = ready_desk();
    desk.replies[cancel_path] = ok(receipt(client_1.value));
    desk.command(cancel_command());
    ASSERT_EQ(desk.requests_to(cancel_path), 1);
    EXPECT_EQ(desk.requests[0].body, R"({"account_id":"JNS7QK20ACC0001",)"
                                     R"("client_order_id":"jns00000000000000000000000000042"})");
    EXPECT_TRUE(desk.events.empty()) << "200 means requested, not cancelled";
}

TEST(WebullCancel, ARefusalLeavesTheOrderAndAsksForIt) {
    auto desk = ready_desk();
    desk.replies[cancel_path] = refusal("OPENAPI_ORDER_CAN_NOT_BE_CANCEL");
    desk.replies[detail_path] = ok(order_group(client_1.value, "FILLED", "100", "10"));
    desk.command(cancel_command());
    desk.run(3s);
    EXPECT_EQ(desk.all<gateway::CancelRefused>().size(), 1U);
    EXPECT_EQ(desk.last<gateway::OrderReport>()->status, BrokerStatus::Filled);
}

TEST(WebullCancel, NotFoundRightAfterThePlaceIsTriedAgain) {
    auto desk = ready_desk();
    desk.replies[place_path] = ok(receipt(client_1.value));
    desk.replies[cancel_path] = refusal("ORDER_NOT_FOUND");
    desk.command(desk.place_command());
    desk.command(cancel_command());
    desk.run(1500ms);
    EXPECT_EQ(desk.requests_to(cancel_path), 2);
    EXPECT_TRUE(desk.all<gateway::CancelRefused>().empty());
    desk.run(5s);
    EXPECT_EQ(desk.requests_to(cancel_path), 4);
    EXPECT_EQ(desk.all<gateway::CancelRefused>().size(), 1U);
    EXPECT_GT(desk.requests_to(detail_path), 0);
}

TEST(WebullCancel, ALostCancelMayBeRepeatedAndEndsWithAQuestion) {
    auto desk = ready_desk();
    desk.replies[cancel_path] = lost();
    desk.replies[detail_path] = ok(order_group(client_1.value, "SUBMITTED"));
    desk.command(cancel_command());
    desk.run(20s);
    EXPECT_EQ(desk.requests_to(cancel_path), 3);
    EXPECT_EQ(desk.all<gateway::CancelUncertain>().size(), 1U);
    EXPECT_TRUE(desk.all<gateway::CancelRefused>().empty()) << "unknown is not no";
    EXPECT_EQ(desk.last<gateway::OrderReport>()->status, BrokerStatus::Working);
}

TEST(WebullCancel, ACancelIsNotSentOnlyWhenNoAttemptHasLeft) {
    for (const bool lost_before : {false, true}) {
        auto desk = ready_desk();
        desk.replies[cancel_path] = lost_before ? hold() : unsent();
        desk.command(cancel_command());
        if (lost_before) {
            desk.replies[cancel_path] = unsent();
            desk.answer(desk.held.back(), lost());
        }
        desk.run(20s);
        EXPECT_EQ(desk.requests_to(cancel_path), 3);
        EXPECT_EQ(desk.all<gateway::CancelNotSent>().size(), lost_before ? 0U : 1U);
        EXPECT_EQ(desk.all<gateway::CancelUncertain>().size(), lost_before ? 1U : 0U);
        EXPECT_TRUE(desk.all<gateway::CancelRefused>().empty());
    }
}

TEST(WebullCancel, AnExternalOrderIsCancelledByTheIdItWasSeenWith) {
    auto desk = ready_desk();
    desk.command(cancel_command(ClientOrderId{}, "Bphone00000000000000"));
    EXPECT_EQ(desk.all<gateway::CancelRefused>().size(), 1U);
    desk.replies[open_path] = ok("[" + order_group("phone00000000000000", "SUBMITTED") + "]");
    desk.replies[cancel_path] = ok(receipt("phone00000000000000"));
    desk.run(70s);
    desk.command(cancel_command(ClientOrderId{}, "Bphone00000000000000"));
    EXPECT_NE(desk.requests.back().body.find("phone00000000000000"), std::string::npos);
}

TEST(WebullCancel, GoesBeforeWaitingPlaces) {
    auto desk = ready_desk();
    desk.replies[place_path] = hold();
    desk.replies[cancel_path] = ok(receipt(client_1.value));
    for (std::uint64_t i = 0; i < 200; ++i)
        desk.command(desk.place_command(i + 1, ClientOrderId{fmt::format("burst{:017}", i)}));
    desk.command(cancel_command());
    EXPECT_EQ(desk.requests_to(cancel_path), 1);
}

gateway::QueryOrder query_command() {
    return {
        .order = OrderId{7}, .client_order_id = client_1, .ref = {}, .account = AccountName{"w1"}};
}

TEST(WebullQuery, IsAnsweredByTheDetailEachTime) {
    auto desk = ready_desk();
    desk.replies[detail_path] = ok(order_group(client_1.value, "PENDING"));
    desk.command(query_command());
    desk.run(3s);
    desk.command(query_command());
    desk.run(3s);
    const auto reports = desk.all<gateway::OrderReport>();
    ASSERT_EQ(reports.size(), 2U) << "an unchanged order is an answer as well";
    EXPECT_EQ(reports[0].status, BrokerStatus::Held);
    EXPECT_EQ(desk.requests[0].target,
              "/trading/orders/"
              "get?account_id=JNS7QK20ACC0001&client_order_id=jns00000000000000000000000000042");
}

TEST(WebullQuery, OnlyTheDocumentedAnswerMeansNotFound) {
    auto desk = ready_desk();
    desk.command(query_command());
    desk.run(3s);
    ASSERT_EQ(desk.all<gateway::OrderNotFound>().size(), 1U);
    EXPECT_EQ(desk.all<gateway::OrderNotFound>()[0].order, OrderId{7});
    desk.forget();
    for (const auto& reply :
         {status(404, R"({"error_msg":"Route Not Found"})"), status(500), ok("[]"), ok("<html>"),
          lost(), ok(order_group("somebodyelses0000000", "FILLED", "100", "1")),
          refusal("OPENAPI_NEVER_SEEN"), refusal("ORDER_NOT_FOUND", 500)}) {
        desk.replies[detail_path] = reply;
        desk.command(query_command());
        desk.run(30s);
    }
    EXPECT_TRUE(desk.all<gateway::OrderNotFound>().empty());
    EXPECT_TRUE(desk.all<gateway::OrderReport>().empty() ||
                desk.last<gateway::OrderReport>()->client_order_id != client_1);
}

TEST(WebullQuery, FortyUnknownOrdersAreAskedForOneByOneWithinTheLimit) {
    auto desk = ready_desk();
    for (std::uint64_t i = 0; i < 40; ++i) {
        auto query = query_command();
        query.order = OrderId{i + 1};
        query.client_order_id = ClientOrderId{fmt::format("many{:018}", i)};
        desk.command(query);
    }
    desk.run(60s);
    EXPECT_EQ(desk.all<gateway::OrderNotFound>().size(), 40U);
    EXPECT_EQ(desk.requests_to(detail_path), 40);
}

TEST(WebullLookup, IsUniqueOnlyForAnExactMatchOfACompleteAnswer) {
    auto desk = ready_desk();
    constexpr auto path = "/trading/instruments/stocks/profiles/list";
    const auto look_up = [&desk](std::uint32_t id, std::string_view symbol) {
        desk.command(gateway::LookupInstrument{gateway::LookupId{id},
                                               CanonicalSymbol::parse(symbol).value()});
        desk.run(8s);
        return desk.last<gateway::LookupResult>().value();
    };
    const std::string stock =
        R"({"symbol":"BRK.B","name":"Berkshire","currency":"USD","exchange_code":"NYSE"})";
    const std::string other = R"({"symbol":"BRK.A","currency":"USD"})";
    desk.replies[path] = ok(fmt::format(R"({{"data":[{},{}]}})", other, stock));
    auto result = look_up(1, "BRK.B");
    EXPECT_EQ(result.status, gateway::LookupStatus::Unique);
    ASSERT_EQ(result.candidates.size(), 1U);
    EXPECT_EQ(result.candidates[0].native_id.value, "BRK.B");
    EXPECT_EQ(result.candidates[0].exchange, "NYSE");
    EXPECT_NE(result.evidence.find("US_STOCK"), std::string::npos);
    EXPECT_EQ(look_up(2, "BRK.C").status, gateway::LookupStatus::NotFound);
    desk.replies[path] = ok(fmt::format("[{},{}]", stock, stock));
    EXPECT_EQ(look_up(3, "BRK.B").status, gateway::LookupStatus::Ambiguous);
    desk.replies[path] = ok(fmt::format(R"({{"data":[{}],"pagination_key":"k"}})", stock));
    EXPECT_EQ(look_up(4, "BRK.B").status, gateway::LookupStatus::Failed);
    desk.replies[path] = ok(fmt::format("[{},{{}}]", stock));
    EXPECT_EQ(look_up(5, "BRK.B").status, gateway::LookupStatus::Failed);
    desk.replies[path] = status(500);
    EXPECT_EQ(look_up(6, "BRK.B").status, gateway::LookupStatus::Failed);
    EXPECT_EQ(look_up(7, "NQ.2603").status, gateway::LookupStatus::NotFound);
    desk.script = [&](const io::HttpRequest& request) -> std::optional<Reply> {
        if (Desk::path_of(request) != path) return std::nullopt;
        const bool etf = Desk::query_of(request, "category") == "US_ETF";
        return ok(etf ? R"([{"symbol":"SPY","currency":"USD"}])" : "[]");
    };
    EXPECT_EQ(look_up(8, "SPY").status, gateway::LookupStatus::Unique);
    EXPECT_EQ(desk.all<gateway::LookupResult>().size(), 8U);
}

TEST(WebullStop, WaitsForPlacesInFlightButNotForEver) {
    auto desk = ready_desk();
    desk.replies[place_path] = hold();
    desk.command(desk.place_command());
    desk.command(gateway::Stop{});
    EXPECT_FALSE(desk.gateway().stopped());
    desk.answer(desk.held[0], ok(receipt(client_1.value)));
    EXPECT_TRUE(desk.gateway().stopped());
    EXPECT_EQ(desk.last<gateway::OrderReport>()->status, BrokerStatus::Working);
    EXPECT_EQ(desk.gate(), "down");

    auto slow = ready_desk();
    slow.replies[place_path] = hold();
    slow.command(slow.place_command());
    slow.command(gateway::Stop{});
    slow.run(2900ms);
    EXPECT_FALSE(slow.gateway().stopped());
    slow.run(200ms);
    EXPECT_TRUE(slow.gateway().stopped());
    EXPECT_EQ(slow.all<gateway::OrderUncertain>().size(), 1U);
    EXPECT_FALSE(slow.gateway().deadline().has_value());
}

TEST(WebullStop, WhatStillWaitsIsProvenNotSentAndNothingMoreGoesOut) {
    auto desk = ready_desk();
    desk.replies[place_path] = hold();
    for (std::uint64_t i = 0; i < 30; ++i)
        desk.command(desk.place_command(i + 1, ClientOrderId{fmt::format("burst{:017}", i)}));
    desk.command(gateway::Stop{});
    EXPECT_EQ(desk.all<gateway::OrderNotSent>().size(), 10U);
    const auto sent = desk.requests.size();
    desk.command(desk.place_command(99));
    desk.run(60s);
    EXPECT_EQ(desk.requests.size(), sent);
    EXPECT_EQ(desk.all<gateway::OrderNotSent>().size(), 11U);
    EXPECT_EQ(desk.all<gateway::OrderUncertain>().size(), 20U);
}

}  // namespace
}  // namespace janus::webull
