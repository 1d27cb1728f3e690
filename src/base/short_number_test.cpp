#include "base/short_number.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/decimal.hpp"
#include "base/plain_number.hpp"
#include "base/random.hpp"

namespace janus {
namespace {

/// With nothing readable behind it, and other digits right before it.
std::optional<std::int64_t> units_of(const std::string& text) {
    const auto padded = std::make_unique<std::string>("98765432" + text);
    const auto bytes = std::make_unique<char[]>(padded->size());
    std::copy(padded->begin(), padded->end(), bytes.get());
    return ShortNumber(bytes.get() + padded->size(), text.size()).units();
}

TEST(ShortNumber, ReadsNumbersOfEveryLength) {
    EXPECT_EQ(units_of("0"), 0);
    EXPECT_EQ(units_of("7"), 700'000'000);
    EXPECT_EQ(units_of("12345678"), 1'234'567'800'000'000);
    EXPECT_EQ(units_of("101.25"), 10'125'000'000);
    EXPECT_EQ(units_of("0.000001"), 100);
    EXPECT_EQ(units_of("123456.7"), 12'345'670'000'000);
    EXPECT_EQ(units_of("1.5"), 150'000'000);
}

TEST(ShortNumber, LeavesOtherSpellingsAlone) {
    for (const std::string text : {"-1", "+1", "1.", ".", "1..2", "1.2.3", "1e3", "NaN", " 1", "1 ",
                                   "1,5", "0x1", "12:4", "1/2"})
        EXPECT_FALSE(units_of(text)) << text;
    for (int byte = 0; byte < 256; ++byte) {
        const bool digit = byte >= '0' && byte <= '9';
        const std::string text{'1', static_cast<char>(byte), '3'};
        if (byte != '.') EXPECT_EQ(units_of(text).has_value(), digit) << byte;
    }
}

/// Whatever it reads, it reads as Decimal does.
TEST(ShortNumber, AgreesWithDecimal) {
    constexpr std::string_view letters = "0123456789..-";
    Random random(3);
    int read = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        const auto size = 1 + random.below(ShortNumber::size_max);
        for (std::uint64_t at = 0; at < size; ++at)
            text += letters[static_cast<std::size_t>(random.below(letters.size()))];
        const auto units = units_of(text);
        if (!units) continue;
        ++read;
        ASSERT_EQ(Decimal::from_units(*units), Decimal::parse(text).value()) << text;
    }
    EXPECT_GT(read, 5'000);
}

TEST(PlainUnits, ReadOrdinaryNumbersAsDecimalDoes) {
    for (const std::string text :
         {"0", "300", "-1", "101.25", "0.00000001", "9223372036.54775807", "1234567890"})
        EXPECT_EQ(plain_units(text), Decimal::parse(text).value().units()) << text;
    using std::string_literals::operator""s;
    for (const std::string& text : {""s, "-"s, "1e3"s, "1.123456789"s, "12 "s, "1\0002"s, "\0"s,
                                    "1234567890123456789"s, std::string(40, '1')})
        EXPECT_FALSE(plain_units(text)) << text;
}

TEST(ShortNumber, DigitsAreAnInteger) {
    const std::string text = "1512345678";
    const ShortNumber all(text.data() + text.size(), 8);
    EXPECT_TRUE(all.is_digits());
    EXPECT_EQ(all.integer(), 12'345'678);
    EXPECT_EQ(ShortNumber(text.data() + text.size(), 2).integer(), 78);
}

}  // namespace
}  // namespace janus
