#include "gateway/ib/farms.hpp"

#include <gtest/gtest.h>

namespace janus::ib {
namespace {

wire::Contract contract(std::string type, std::string currency = "USD") {
    wire::Contract out;
    out.security_type = std::move(type);
    out.currency = std::move(currency);
    return out;
}

TEST(Farms, TheNameStandsAfterTheLastColon) {
    EXPECT_EQ(farm_of("Market data farm connection is broken:usfarm.nj"), "usfarm.nj");
    EXPECT_EQ(farm_of("Market data farm connection is OK: usfarm"), "usfarm");
    EXPECT_EQ(farm_of("Market data farm connection is OK"), "");
}

TEST(Farms, EachServesItsOwnPartOnly) {
    EXPECT_TRUE(serves("usfarm", contract("STK")));
    EXPECT_TRUE(serves("usfarm.nj", contract("STK")));
    EXPECT_FALSE(serves("usfarm", contract("OPT")));
    EXPECT_FALSE(serves("usfarm", contract("STK", "EUR")));
    EXPECT_TRUE(serves("usopt", contract("OPT")));
    EXPECT_TRUE(serves("usfuture", contract("FUT")));
    EXPECT_TRUE(serves("cashfarm", contract("CASH", "JPY")));
    EXPECT_TRUE(serves("eufarm", contract("STK", "EUR")));
    EXPECT_FALSE(serves("eufarm", contract("CASH", "EUR")));
    EXPECT_FALSE(serves("marsfarm", contract("STK"))) << "unknown: nothing is said of anything";
    EXPECT_FALSE(serves("", contract("STK")));
}

}  // namespace
}  // namespace janus::ib
