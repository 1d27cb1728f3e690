#include "base/decimal.hpp"

#include <array>
#include <limits>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace janus {
namespace {

Decimal exact(std::string_view text) {
    return Decimal::parse(text).value();
}

struct Written {
    std::string_view text;
    std::int64_t units;
};

TEST(Decimal, ReadsEveryFormThatABrokerWrites) {
    const auto rows = std::to_array<Written>({
        {"0",                    0                                       },
        {"-0",                   0                                       },
        {"12",                   1'200'000'000                           },
        {"+12.50",               1'250'000'000                           },
        {"-0.5",                 -50'000'000                             },
        {".5",                   50'000'000                              },
        {"5.",                   500'000'000                             },
        {"0.00000001",           1                                       },
        {"1e3",                  100'000'000'000                         },
        {"6.0E-5",               6'000                                   },
        {"0E-10",                0                                       },
        {"7.0000000000",         700'000'000                             },
        {"1E+2",                 10'000'000'000                          },
        {"92233720368.54775807", std::numeric_limits<std::int64_t>::max()},
    });
    for (const auto& row : rows) {
        const auto read = Decimal::parse(row.text);
        ASSERT_TRUE(read) << row.text;
        EXPECT_EQ(read->units(), row.units) << row.text;
    }
}

TEST(Decimal, RefusesWhatIsNoNumber) {
    for (const auto text :
         {"", "-", ".", "e5", "1e", "1e+", "1e-", "1,5", " 1", "1 ", "0x10", "NaN", "Infinity",
          "inf", "1.2.3", "--1", "1e999", "1.7976931348623157E308"}) {
        EXPECT_FALSE(Decimal::parse(text)) << text;
        EXPECT_FALSE(Decimal::parse_rounded(text)) << text;
    }
}

TEST(Decimal, RefusesTheNinthPlaceAndRoundsItOnlyWhenAsked) {
    EXPECT_FALSE(Decimal::parse("0.000000001"));
    EXPECT_TRUE(Decimal::parse("0.100000000"));
    EXPECT_EQ(Decimal::parse_rounded("0.000000005")->units(), 0) << "half goes to the even digit";
    EXPECT_EQ(Decimal::parse_rounded("0.000000015")->units(), 2);
    EXPECT_EQ(Decimal::parse_rounded("0.0000000050000001")->units(), 1);
    EXPECT_EQ(Decimal::parse_rounded("-0.000000015")->units(), -2);
    EXPECT_EQ(Decimal::parse_rounded("401.2285714286")->to_text(), "401.22857143");
    EXPECT_EQ(Decimal::parse_rounded("1e-300")->units(), 0);
}

TEST(Decimal, RefusesWhatDoesNotFit) {
    EXPECT_FALSE(Decimal::parse("92233720368.54775808"));
    EXPECT_FALSE(Decimal::parse("1e20"));
    EXPECT_FALSE(Decimal::parse_rounded("99999999999999999999999999999999999999999999"));
}

TEST(Decimal, TextRoundTripsForAnyValue) {
    Random random(7);
    for (int i = 0; i < 20'000; ++i) {
        const auto units = static_cast<std::int64_t>(random.next() >> random.below(63)) / 2;
        const auto value = Decimal::from_units(random.hits(1, 2) ? units : -units);
        EXPECT_EQ(exact(value.to_text()), value);
        EXPECT_EQ(exact(value.to_fixed(8)), value);
    }
}

TEST(Decimal, WritesPeopleTheirPlaces) {
    EXPECT_EQ(exact("1.005").to_fixed(2), "1.00");
    EXPECT_EQ(exact("1.015").to_fixed(2), "1.02");
    EXPECT_EQ(exact("-0.005").to_fixed(2), "0.00");
    EXPECT_EQ(exact("-2.5").to_fixed(0), "-2");
    EXPECT_EQ(exact("3.5").to_fixed(0), "4");
    EXPECT_EQ(exact("-0.5").to_text(), "-0.5");
}

TEST(Decimal, MultipliesAndDividesHalfEven) {
    EXPECT_EQ(*Decimal::multiply(exact("0.5"), exact("0.00000001")), Decimal::from_units(0));
    EXPECT_EQ(*Decimal::multiply(exact("1.5"), exact("0.00000001")), Decimal::from_units(2));
    EXPECT_EQ(*Decimal::multiply(exact("-190.5"), exact("10")), exact("-1905"));
    EXPECT_EQ(*Decimal::divide(exact("2"), exact("-3")), exact("-0.66666667"));
    EXPECT_FALSE(Decimal::divide(exact("1"), Decimal{}));
    EXPECT_FALSE(Decimal::multiply(exact("9000000000"), exact("100")));
}

TEST(Decimal, AveragesTwoFillsInOneRounding) {
    EXPECT_EQ(*Decimal::weighted_average(exact("401.20"), exact("3"), exact("401.25"), exact("4")),
              exact("401.22857143"));
    EXPECT_FALSE(Decimal::weighted_average(exact("1"), exact("1"), exact("2"), exact("-1")));
}

TEST(Decimal, OverflowOfASumIsABrokenPromise) {
    const auto most = Decimal::from_units(std::numeric_limits<std::int64_t>::max());
    EXPECT_DEATH(static_cast<void>(most + Decimal::from_units(1)), "broken promise");
}

}  // namespace
}  // namespace janus
