#include "gateway/ib/price_grid.hpp"

#include <gtest/gtest.h>

namespace janus::ib {
namespace {

Decimal decimal(const char* text) {
    return Decimal::parse(text).value();
}

PriceGrids stocks() {
    PriceGrids grids;
    grids.on_rule({
        26, {{decimal("1"), decimal("0.01")}, {decimal("0"), decimal("0.0001")}}
    });
    return grids;
}

TEST(PriceGrids, TheStepDependsOnThePrice) {
    const auto grids = stocks();
    EXPECT_EQ(grids.find_increment(26, decimal("0.9999")), decimal("0.0001"));
    EXPECT_EQ(grids.find_increment(26, decimal("1")), decimal("0.01"));
    EXPECT_EQ(grids.find_increment(27, decimal("1")), std::nullopt) << "an unknown grid";
}

TEST(PriceGrids, NamesTheNearestPricesOnlyForOneThatIsOff) {
    const auto grids = stocks();
    EXPECT_EQ(grids.find_nearest(26, decimal("180.50")), std::nullopt);
    EXPECT_EQ(grids.find_nearest(26, decimal("0.1234")), std::nullopt);
    EXPECT_EQ(grids.find_nearest(26, decimal("180.505")),
              (NearestPrices{decimal("180.50"), decimal("180.51")}));
    EXPECT_EQ(grids.find_nearest(26, decimal("0.99995")),
              (NearestPrices{decimal("0.9999"), decimal("1")}));
    EXPECT_EQ(grids.find_nearest(27, decimal("180.505")), std::nullopt);
}

TEST(PriceGrids, BelowZeroTheGridIsTheSame) {
    PriceGrids grids;
    grids.on_rule({32, {{decimal("0"), decimal("0.25")}}});
    EXPECT_EQ(grids.find_nearest(32, decimal("-37.5")), std::nullopt);
    EXPECT_EQ(grids.find_nearest(32, decimal("-37.63")),
              (NearestPrices{decimal("-37.75"), decimal("-37.5")}));
}

TEST(PriceGrids, AStepOfNothingIsNoGrid) {
    PriceGrids grids;
    grids.on_rule({1, {{decimal("0"), decimal("0")}}});
    grids.on_rule({2, {}});
    EXPECT_FALSE(grids.knows(1));
    EXPECT_FALSE(grids.knows(2));
}

TEST(PriceGrids, RulesStandInTheOrderOfTheExchanges) {
    wire::ContractData data;
    data.valid_exchanges = "SMART,NASDAQ,NYSE";
    data.market_rules = "26,27,x";
    EXPECT_EQ(find_rule_number(data, "SMART"), 26);
    EXPECT_EQ(find_rule_number(data, "NASDAQ"), 27);
    EXPECT_EQ(find_rule_number(data, "NYSE"), std::nullopt) << "no number";
    EXPECT_EQ(find_rule_number(data, "CME"), std::nullopt);
    data.market_rules = "26";
    EXPECT_EQ(find_rule_number(data, "NASDAQ"), std::nullopt) << "the list is short";
}

}  // namespace
}  // namespace janus::ib
