#include "base/binary64.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace janus {
namespace {

/// The standard library's reading of a number, as bits: the judge of the code under test.
std::uint64_t bits_of(const std::string& text) {
    return std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr));
}

/// The standard library's shortest text of a number.
std::string shortest_of(std::uint64_t bits) {
    std::array<char, 64> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), std::bit_cast<decltype(0.0)>(bits));
    return {text.data(), end.ptr};
}

std::string decimal_text_of(std::uint64_t bits) {
    const auto value = binary64::to_decimal(bits);
    return value ? value->to_text() : "none";
}

TEST(Binary64, KnownBitsAreTheDecimalThatAPersonWouldWrite) {
    EXPECT_EQ(decimal_text_of(0x405E'DCCC'CCCC'CCCD), "123.45");
    EXPECT_EQ(decimal_text_of(0x3FB9'9999'9999'999A), "0.1");
    EXPECT_EQ(decimal_text_of(0x3FD3'3333'3333'3334), "0.3") << "0.1 + 0.2, rounded to 8 places";
    EXPECT_EQ(decimal_text_of(0xBFF0'0000'0000'0000), "-1");
    EXPECT_EQ(decimal_text_of(0x3E45'798E'E230'8C3A), "0.00000001");
    EXPECT_EQ(decimal_text_of(0x0000'0000'0000'0000), "0");
    EXPECT_EQ(decimal_text_of(0x8000'0000'0000'0000), "0") << "negative zero";
}

TEST(Binary64, WhatIsNoNumberOrTooLargeIsNothing) {
    EXPECT_FALSE(binary64::to_decimal(0x7FF8'0000'0000'0000)) << "NaN";
    EXPECT_FALSE(binary64::to_decimal(0x7FF0'0000'0000'0001)) << "signalling NaN";
    EXPECT_FALSE(binary64::to_decimal(binary64::infinity));
    EXPECT_FALSE(binary64::to_decimal(0xFFF0'0000'0000'0000));
    EXPECT_FALSE(binary64::to_decimal(binary64::largest));
    EXPECT_FALSE(binary64::to_decimal(bits_of("92233720369")));
    EXPECT_FALSE(binary64::to_decimal(bits_of("-1e11")));
    EXPECT_TRUE(binary64::to_decimal(bits_of("92233720368")));
    EXPECT_TRUE(binary64::is_no_number(0x7FF8'0000'0000'0000));
    EXPECT_TRUE(binary64::is_no_number(0xFFF0'0000'0000'0000));
    EXPECT_FALSE(binary64::is_no_number(binary64::largest));
}

TEST(Binary64, TinyAndSubnormalNumbersAreZero) {
    for (const std::uint64_t bits : {0x0000'0000'0000'0001ULL, 0x000F'FFFF'FFFF'FFFFULL,
                                     0x0010'0000'0000'0000ULL, 0x800F'FFFF'FFFF'FFFFULL})
        EXPECT_EQ(decimal_text_of(bits), "0") << bits;
    EXPECT_EQ(decimal_text_of(bits_of("1e-9")), "0");
    EXPECT_EQ(decimal_text_of(bits_of("4.9e-9")), "0");
    EXPECT_EQ(decimal_text_of(bits_of("5.1e-9")), "0.00000001");
}

TEST(Binary64, TheMiddleBetweenTwoDecimalsRoundsToTheEvenOneWhateverItsBits) {
    EXPECT_EQ(decimal_text_of(bits_of("0.000000005")), "0");
    EXPECT_EQ(decimal_text_of(bits_of("0.000000015")), "0.00000002");
    EXPECT_EQ(decimal_text_of(bits_of("0.000000025")), "0.00000002");
    EXPECT_EQ(decimal_text_of(bits_of("-1.000000035")), "-1.00000004");
    EXPECT_EQ(decimal_text_of(bits_of("10.000000045")), "10.00000004");
}

TEST(Binary64, LargeNumbersAreNotPollutedByTheirBinaryNeighbours) {
    for (const std::string text : {"1000000000.1", "123456789.12", "99999999999.99", "67108864.01",
                                   "4503599627.37", "92233720368.54", "-8589934592.7"}) {
        const auto expected = Decimal::parse_rounded(shortest_of(bits_of(text)));
        EXPECT_EQ(decimal_text_of(bits_of(text)), expected ? expected->to_text() : "none") << text;
    }
    EXPECT_EQ(decimal_text_of(bits_of("1000000000.1")), "1000000000.1");
}

TEST(Binary64, EveryBitPatternReadsAsItsShortestTextDoes) {
    Random random(20261126);
    int numbers = 0;
    for (int round = 0; round < 200'000; ++round) {
        // Exponents from 2^-40 to 2^40, where decimals live; some beyond.
        const auto exponent = 1023 - 40 + random.below(81);
        const auto bits =
            (random.next() & 0x800F'FFFF'FFFF'FFFF) | (static_cast<std::uint64_t>(exponent) << 52U);
        const auto expected = Decimal::parse_rounded(shortest_of(bits));
        ASSERT_EQ(decimal_text_of(bits), expected ? expected->to_text() : "none")
            << shortest_of(bits);
        numbers += expected ? 1 : 0;
    }
    EXPECT_GT(numbers, 100'000);
}

TEST(Binary64, ShortDecimalsSurviveTheWayThereAndBack) {
    Random random(7);
    for (int round = 0; round < 200'000; ++round) {
        // Up to 15 significant digits: what a double holds without loss.
        auto units = static_cast<std::int64_t>(random.next() % 1'000'000'000'000'000U);
        if (random.below(2) == 0) units = -units;
        const auto value = Decimal::from_units(units);
        ASSERT_EQ(binary64::to_decimal(binary64::from_decimal(value)), value) << value.to_text();
    }
}

TEST(Binary64, DecimalsBecomeTheNearestNumber) {
    EXPECT_EQ(binary64::from_decimal({}), 0U);
    EXPECT_EQ(binary64::from_decimal(Decimal::from_integer(1)), 0x3FF0'0000'0000'0000U);
    EXPECT_EQ(binary64::from_decimal(*Decimal::parse("-123.45")), 0xC05E'DCCC'CCCC'CCCDU);
    for (const auto units :
         {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min(),
          std::int64_t{1}, std::int64_t{9'007'199'254'740'993}}) {
        const auto value = Decimal::from_units(units);
        EXPECT_EQ(binary64::from_decimal(value), bits_of(value.to_text())) << value.to_text();
    }
    Random random(11);
    for (int round = 0; round < 200'000; ++round) {
        const auto value = Decimal::from_units(static_cast<std::int64_t>(random.next()));
        ASSERT_EQ(binary64::from_decimal(value), bits_of(value.to_text())) << value.to_text();
    }
}

TEST(Binary64, NeighboursOfPowersOfTwoReadAsTheirShortestText) {
    for (std::uint64_t exponent = 1023 - 30; exponent <= 1023 + 36; ++exponent)
        for (const auto offset : {-1, 0, 1}) {
            const auto bits = (exponent << 52U) + static_cast<std::uint64_t>(offset);
            const auto expected = Decimal::parse_rounded(shortest_of(bits));
            ASSERT_TRUE(expected);
            EXPECT_EQ(decimal_text_of(bits), expected->to_text()) << shortest_of(bits);
        }
}

}  // namespace
}  // namespace janus
