#include "cli/place_words.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "cli/cli.hpp"
#include "cli/order_output.hpp"
#include "cli/texts.hpp"

namespace janus::cli {
namespace {

PlaceWords words_of(const std::string& limit = {}) {
    return {.symbol = "AAPL", .quantity = "10", .limit = limit};
}

struct Ran {
    int code;
    std::string err;
};
Ran ran(std::vector<std::string> words) {
    std::ostringstream out;
    std::ostringstream err;
    words.insert(words.begin(), {"--state", "/nonexistent"});
    const int code = run(std::move(words), {.out = out, .err = err});
    return {code, err.str()};
}

TEST(PlaceWords, TheTypeFollowsFromWhatWasGiven) {
    EXPECT_EQ(request_of(words_of(), "BUY", false, "").type(), "MARKET");
    EXPECT_EQ(request_of(words_of("190"), "BUY", false, "").type(), "LIMIT");
    auto stop = words_of("179");
    stop.stop = "180";
    EXPECT_EQ(request_of(stop, "SELL", true, "").type(), "STOP_LIMIT");
    auto close = words_of("190");
    close.on_close = true;
    EXPECT_EQ(request_of(close, "SELL", false, "").type(), "LIMIT_ON_CLOSE");
    close.limit.clear();
    EXPECT_EQ(request_of(close, "SELL", false, "").type(), "MARKET_ON_CLOSE");
}

TEST(PlaceWords, ATrailIsAnAmountOrAPercent) {
    auto words = words_of();
    words.trail = "1.5";
    auto request = request_of(words, "SELL", false, "");
    EXPECT_EQ(request.type(), "TRAILING_STOP");
    EXPECT_EQ(request.trail_amount(), "1.5");
    EXPECT_FALSE(request.has_trail_percent() || request.has_stop_price());
    words.trail = "2%";
    words.limit_offset = "0.1";
    words.stop = "180";
    request = request_of(words, "SELL", false, "");
    EXPECT_EQ(request.type(), "TRAILING_STOP_LIMIT");
    EXPECT_EQ(request.trail_percent(), "2");
    EXPECT_FALSE(request.has_trail_amount());
    EXPECT_EQ(request.stop_price(), "180");
    EXPECT_EQ(request.limit_offset(), "0.1");
    EXPECT_NE(is_trail("2%%"), "");
    EXPECT_NE(is_trail("two"), "");
    EXPECT_NE(is_trail("%"), "");
    EXPECT_EQ(is_trail("2%"), "");
}

TEST(PlaceWords, ADateWithoutATimeIsTheEndOfThatDay) {
    auto words = words_of("190");
    words.time_in_force = "gtd:2026-12-31";
    auto request = request_of(words, "BUY", false, "");
    EXPECT_EQ(request.time_in_force(), "GTD");
    EXPECT_EQ(request.good_till(), "2026-12-31T23:59:59Z");
    words.time_in_force = "GTD:2026-12-31T21:00:00Z";
    EXPECT_EQ(request_of(words, "BUY", false, "").good_till(), "2026-12-31T21:00:00Z");
    words.time_in_force = "ioc";
    request = request_of(words, "BUY", false, "");
    EXPECT_EQ(request.time_in_force(), "IOC");
    EXPECT_EQ(request.good_till(), "");
    for (const auto* text : {"FOREVER", "GTD", "GTD:", "GTD:2026-13-01", "GTD:tomorrow"})
        EXPECT_NE(is_time_in_force(text), "") << text;
    for (const auto* text : {"day", "GTC", "IOC", "FOK", "OPG", "GTD:2026-12-31"})
        EXPECT_EQ(is_time_in_force(text), "") << text;
}

TEST(PlaceWords, OptionsThatDoNotGoTogetherAreUsageErrors) {
    const std::vector<std::vector<std::string>> wrong{
        {"buy", "AAPL", "1", "--take-profit", "200"},
        {"buy", "AAPL", "1", "--stop-loss", "200"},
        {"buy", "AAPL", "1", "--stop", "200"},
        {"sell", "AAPL", "1", "--limit-offset", "0.1"},
        {"sell", "AAPL", "1", "--trail", "x"},
        {"sell", "AAPL", "1", "--trail", "1", "--on-close"},
        {"bstop", "AAPL", "1", "180", "--trail", "1"},
        {"buy", "AAPL", "1", "--tif", "GTD:soon"},
        {"modify", "7"},
        {"modify", "7", "--trail", "x"},
        {"modify"},
    };
    for (const auto& words : wrong) {
        const auto result = ran(words);
        EXPECT_EQ(result.code, 2) << words[0] << " " << words.back() << ": " << result.err;
        EXPECT_NE(result.err, "");
    }
}

TEST(PlaceWords, WhatGoesTogetherReachesTheServer) {
    // Seven says that the words were taken and that no server was there.
    const std::vector<std::vector<std::string>> right{
        {"buy", "AAPL", "1", "190", "--take-profit", "200", "--stop-loss", "180"},
        {"sell", "AAPL", "1", "--trail", "2%", "--limit-offset", "0.1", "--stop", "180"},
        {"sell", "AAPL", "1", "--on-close"},
        {"buy", "AAPL", "1", "190", "--tif", "gtd:2026-12-31", "--session", "overnight"},
        {"buy", "AAPL", "1", "--preview"},
        {"buy", "AAPL", "1", "--preview", "--take-profit", "200", "--stop-loss", "180"},
        {"modify", "7", "--qty", "5", "--limit", "190"},
        {"modify", "7", "--trail", "2%"},
    };
    for (const auto& words : right) {
        const auto result = ran(words);
        EXPECT_EQ(result.code, 7) << words[0] << " " << words.back() << ": " << result.err;
    }
}

TEST(ModifyWords, OnlyWhatWasGivenIsInTheRequest) {
    ModifyWords words{.order = 7};
    EXPECT_TRUE(changes_nothing(words));
    words.quantity = "5";
    words.trail = "2%";
    EXPECT_FALSE(changes_nothing(words));
    const auto request = request_of(words);
    EXPECT_EQ(request.order(), 7U);
    EXPECT_EQ(request.quantity(), "5");
    EXPECT_EQ(request.trail_percent(), "2");
    EXPECT_FALSE(request.has_limit_price() || request.has_stop_price() ||
                 request.has_trail_amount());
}

TEST(OrderOutput, TheTableShowsTrailParentAndWhatIsUnanswered) {
    v1::ListOrdersResponse list;
    auto* order = list.add_orders();
    order->set_id(8);
    order->set_type("TRAILING_STOP");
    order->set_trail_percent("2");
    order->set_parent(7);
    order->mutable_wanted()->set_quantity("5");
    const auto text = order_table(list.orders()).to_text();
    EXPECT_NE(text.find("TRAIL "), std::string::npos);
    EXPECT_NE(text.find("2%"), std::string::npos);
    EXPECT_NE(text.find("exit of 7 modification unanswered"), std::string::npos);
    EXPECT_NE(outcome_text(*order).find("trail 2%"), std::string::npos);
    order->clear_trail_percent();
    order->set_trail_amount("1.5");
    EXPECT_EQ(trail_text(*order), "1.50");
}

TEST(OrderOutput, APreviewShowsOnlyWhatTheBrokerSaid) {
    v1::OrderPreview preview;
    preview.set_margin_currency("USD");
    preview.mutable_initial_margin()->set_before("1000");
    preview.mutable_initial_margin()->set_after("1500.5");
    preview.set_commission_min("1");
    preview.set_commission_currency("EUR");
    const auto text = preview_table(preview).to_csv();
    EXPECT_EQ(text,
              "FIGURE,AMOUNT,CURRENCY\r\ninitial margin before,\"1,000.00\",USD\r\n"
              "initial margin after,\"1,500.50\",USD\r\ncommission at least,1.00,EUR\r\n");
}

}  // namespace
}  // namespace janus::cli
