#include <gtest/gtest.h>

#include "api/convert.hpp"

namespace janus::api {
namespace {

Decimal number(std::string_view text) {
    return Decimal::parse(text).value();
}

v1::PlaceOrderRequest trailing() {
    v1::PlaceOrderRequest request;
    request.set_account("ib_main");
    request.set_symbol("AAPL");
    request.set_side("SELL");
    request.set_type("TRAILING_STOP_LIMIT");
    request.set_quantity("10");
    request.set_stop_price("180");
    request.set_trail_percent("2.5");
    request.set_limit_offset("0.1");
    request.set_time_in_force("GTD");
    request.set_good_till("2026-12-31T21:00:00Z");
    request.set_session("OVERNIGHT");
    request.set_oca_group("exits");
    request.set_idempotency_key("k1");
    return request;
}

TEST(OrderMessages, EveryFieldOfAnIntentIsRead) {
    const auto intent = parse_intent(trailing());
    ASSERT_TRUE(intent) << intent.error().message;
    EXPECT_EQ(intent->type, OrderType::TrailingStopLimit);
    EXPECT_EQ(intent->trail_percent, number("2.5"));
    EXPECT_FALSE(intent->trail_amount);
    EXPECT_EQ(intent->limit_offset, Price{number("0.1")});
    EXPECT_EQ(intent->stop_price, Price{number("180")});
    EXPECT_EQ(intent->time_in_force, TimeInForce::GoodTillDate);
    EXPECT_EQ(to_iso_seconds_text(*intent->good_till), "2026-12-31T21:00:00Z");
    EXPECT_EQ(intent->session, TradingSession::Overnight);
    EXPECT_EQ(intent->oca_group, "exits");
    EXPECT_EQ(intent->idempotency_key, "k1");
}

TEST(OrderMessages, WhatCannotBeReadNamesItsField) {
    const auto refused = [](auto change, const std::string& words) {
        auto request = trailing();
        change(request);
        const auto intent = parse_intent(request);
        ASSERT_FALSE(intent) << words;
        EXPECT_EQ(intent.error().code, ErrorCode::Invalid);
        EXPECT_NE(intent.error().message.find(words), std::string::npos) << intent.error().message;
    };
    refused([](auto& r) { r.set_quantity("ten"); }, "quantity");
    refused([](auto& r) { r.set_trail_percent("NaN"); }, "trail percent");
    refused([](auto& r) { r.set_trail_amount("one"); }, "trail amount");
    refused([](auto& r) { r.set_limit_offset("x"); }, "limit offset");
    refused([](auto& r) { r.set_stop_price("0.123456789"); }, "stop price");
    refused([](auto& r) { r.set_good_till("tomorrow"); }, "good till");
    refused([](auto& r) { r.set_time_in_force("GTX"); }, "DAY, GTC, IOC, FOK, OPG, GTD");
    refused([](auto& r) { r.set_session("NIGHT"); }, "OVERNIGHT");
}

TEST(OrderMessages, AnOrderShowsItsTermsAndWhatIsWanted) {
    Order order;
    order.id = {7};
    order.type = OrderType::TrailingStop;
    order.quantity = {number("10")};
    order.trail_amount = Price{number("1.5")};
    order.stop_price = Price{number("188")};
    order.good_till = Utc{std::chrono::hours(1)};
    order.oca_group = "exits";
    order.parent = {6};
    auto message = to_message(order);
    EXPECT_EQ(message.type(), "TRAILING_STOP");
    EXPECT_EQ(message.trail_amount(), "1.5");
    EXPECT_FALSE(message.has_trail_percent());
    EXPECT_EQ(message.stop_price(), "188");
    EXPECT_EQ(message.good_till(), "1970-01-01T01:00:00.000Z");
    EXPECT_EQ(message.oca_group(), "exits");
    EXPECT_EQ(message.parent(), 6U);
    EXPECT_FALSE(message.has_wanted());
    order.wanted = OrderValues{{number("12")}, {}, {}, {}, number("2"), {}};
    message = to_message(order);
    EXPECT_EQ(message.wanted().quantity(), "12");
    EXPECT_EQ(message.wanted().trail_percent(), "2");
    EXPECT_FALSE(message.wanted().has_trail_amount());
}

TEST(OrderMessages, ChangesHoldWhatIsNamedOnly) {
    v1::ModifyOrderRequest request;
    EXPECT_EQ(parse_changes(request), OrderChanges{});
    request.set_quantity("12");
    request.set_stop_price("1.5");
    const auto changes = parse_changes(request);
    ASSERT_TRUE(changes);
    EXPECT_EQ(changes->quantity, Quantity{number("12")});
    EXPECT_EQ(changes->stop_price, Price{number("1.5")});
    EXPECT_FALSE(changes->limit_price);
    request.set_trail_amount("1");
    request.set_trail_percent("1");
    EXPECT_FALSE(parse_changes(request)) << "one of the two";
    request.clear_trail_percent();
    request.set_quantity("");
    EXPECT_FALSE(parse_changes(request)) << "an empty quantity is no quantity";
}

TEST(OrderMessages, ABracketNeedsItsTwoExits) {
    v1::PlaceBracketRequest request;
    *request.mutable_entry() = trailing();
    request.set_take_profit("200");
    EXPECT_FALSE(parse_bracket(request));
    request.set_stop_loss("180");
    const auto bracket = parse_bracket(request);
    ASSERT_TRUE(bracket);
    EXPECT_EQ(bracket->take_profit, Price{number("200")});
    EXPECT_EQ(bracket->stop_loss, Price{number("180")});
}

TEST(OrderMessages, APreviewLeavesOutWhatTheBrokerDidNotSay) {
    gateway::OrderPreview preview;
    preview.initial.before = Money{number("100")};
    preview.commission_min = Money{number("1")};
    preview.commission_currency = "USD";
    preview.warning = "mind the gap";
    const auto message = to_message(preview);
    EXPECT_EQ(message.initial_margin().before(), "100");
    EXPECT_FALSE(message.initial_margin().has_after());
    EXPECT_EQ(message.commission_min(), "1");
    EXPECT_FALSE(message.has_commission());
    EXPECT_EQ(message.warning(), "mind the gap");
}

}  // namespace
}  // namespace janus::api
