#include "gateway/ib/trading_hours.hpp"

#include <gtest/gtest.h>

#include "gateway/ib/wire/times.hpp"

namespace janus::ib {
namespace {

Utc utc(std::string_view text) {
    return wire::find_time(text).value();
}

TEST(TradingHours, AStockIsOpenFromTheOpeningUntilTheCloseOfItsZone) {
    const auto hours = TradingHours::parse(
        "20260105:0930-20260105:1600;20260106:CLOSED;20260107:0930-20260107:1300", "US/Eastern");
    ASSERT_TRUE(hours);
    EXPECT_EQ(hours->is_open(utc("20260105-14:29:59")), false);
    EXPECT_EQ(hours->is_open(utc("20260105-14:30:00")), true);
    EXPECT_EQ(hours->is_open(utc("20260105-20:59:59")), true);
    EXPECT_EQ(hours->is_open(utc("20260105-21:00:00")), false);
    EXPECT_EQ(hours->is_open(utc("20260106-17:00:00")), false) << "closed all day";
    EXPECT_EQ(hours->is_open(utc("20260107-18:00:00")), false) << "a half day";
    EXPECT_EQ(hours->is_open(utc("20260104-17:00:00")), std::nullopt) << "before the list";
    EXPECT_EQ(hours->is_open(utc("20260108-17:00:00")), std::nullopt) << "after it";
}

TEST(TradingHours, AFutureTradesOverMidnightAndInSeveralParts) {
    const auto hours = TradingHours::parse(
        "20260104:1700-20260105:1600;20260105:1700-20260106:1600;", "America/Chicago");
    ASSERT_TRUE(hours);
    EXPECT_EQ(hours->is_open(utc("20260104-22:59:59")), false);
    EXPECT_EQ(hours->is_open(utc("20260104-23:00:00")), true);
    EXPECT_EQ(hours->is_open(utc("20260105-06:00:00")), true) << "midnight in Chicago";
    EXPECT_EQ(hours->is_open(utc("20260105-22:30:00")), false) << "the daily pause";
    EXPECT_EQ(hours->is_open(utc("20260105-23:30:00")), true);
}

TEST(TradingHours, SummerTimeMovesTheHours) {
    const auto hours = TradingHours::parse("20260706:0930-20260706:1600", "US/Eastern");
    ASSERT_TRUE(hours);
    EXPECT_EQ(hours->is_open(utc("20260706-13:29:59")), false);
    EXPECT_EQ(hours->is_open(utc("20260706-13:30:00")), true);
}

TEST(TradingHours, WhatIsNotUnderstoodIsUnknownAndNotGuessed) {
    for (const auto* text : {"", "hours", "20260105:0930", "20260105:0930-20260105:2560",
                             "20260105:1600-20260105:0930", "20261305:0930-20261305:1600",
                             "20260105:0930-1600", "20260105:CLOSED;nonsense"})
        EXPECT_FALSE(TradingHours::parse(text, "US/Eastern")) << text;
    EXPECT_FALSE(TradingHours::parse("20260105:0930-20260105:1600", "Mars/Olympus"));
    EXPECT_FALSE(TradingHours::parse("20260105:0930-20260105:1600", ""));
}

}  // namespace
}  // namespace janus::ib
