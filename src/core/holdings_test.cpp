#include "core/holdings.hpp"

#include <gtest/gtest.h>

#include "core/test_rig.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;

struct HoldingsTest : testing::Test {
    HoldingsTest() { rig.ready(at(0s)); }
    RegistryRig rig;
};

TEST_F(HoldingsTest, AHeldInstrumentFillsTheRegistryWithItsEvidence) {
    rig.holds(at(0s), "ib_main", {position_of("ib_main", instrument_of("AAPL", "1"), "10", "5")});
    EXPECT_EQ(rig.registry.find_native(symbol_of("AAPL"), "ib"), NativeId{"1"});
    const auto& change = rig.store.changes.at(symbol_of("AAPL")).front();
    EXPECT_EQ(change.provenance.who, "holdings");
    EXPECT_EQ(change.provenance.evidence, "held in account ib_main: 10 AAPL");
}

TEST_F(HoldingsTest, ClassSharesOfTwoBrokersBecomeOneRow) {
    auto at_ib = instrument_of("BRK.B", "72063691");
    at_ib.broker_symbol = "BRK B";
    rig.holds(at(0s), "ib_main", {position_of("ib_main", at_ib, "1", "400")});
    rig.holds(at(0s), "webull_one",
              {position_of("webull_one", instrument_of("BRK.B", "BRK.B"), "2", "401")});
    ASSERT_EQ(rig.registry.size(), 1U);
    EXPECT_EQ(rig.registry.find(symbol_of("BRK.B"))->native_ids.size(), 2U);
}

TEST_F(HoldingsTest, WhatJanusCannotNameIsShownAndNeverWritten) {
    auto bond = instrument_of("AAPL", "55");
    bond.symbol.reset();
    bond.broker_symbol = "US912828XG33";
    bond.asset_class = AssetClass::Bond;
    rig.holds(at(0s), "ib_main", {position_of("ib_main", bond, "10", "99")});
    EXPECT_EQ(rig.registry.size(), 0U);
    const auto views = rig.portfolio.positions(at(0s), {});
    ASSERT_EQ(views.size(), 1U);
    EXPECT_EQ(views[0].symbol, "US912828XG33");
    EXPECT_FALSE(views[0].mapped);
    EXPECT_EQ(views[0].valuation.missing, "unmapped");
}

TEST_F(HoldingsTest, AContradictionIsReportedOnceAndThePositionStays) {
    rig.store.put(symbol_of("AAPL"), "ib", "265598");
    rig.registry.load(rig.store.records());
    const std::vector held{position_of("ib_main", instrument_of("AAPL", "999"), "10", "5")};
    rig.holds(at(0s), "ib_main", held);
    rig.holds(at(1s), "ib_main", held);
    const auto alarms = rig.holdings.take_alarms();
    ASSERT_EQ(alarms.size(), 1U);
    EXPECT_EQ(alarms[0],
              "registry: AAPL already has ib id 265598, so 999 was not written (held in account "
              "ib_main: 10 AAPL)");
    EXPECT_TRUE(rig.holdings.take_alarms().empty());
    EXPECT_EQ(rig.registry.find_native(symbol_of("AAPL"), "ib"), NativeId{"265598"});
    const auto views = rig.portfolio.positions(at(1s), {});
    ASSERT_EQ(views.size(), 1U);
    EXPECT_FALSE(views[0].mapped);
    EXPECT_EQ(views[0].position.quantity, quantity_of("10"));
}

TEST_F(HoldingsTest, WithoutTheDatabaseHoldingsAreShownAndLearntOnReturn) {
    rig.database_goes(at(0s));
    rig.holds(at(1s), "ib_main", {position_of("ib_main", instrument_of("AAPL", "1"), "10", "5")});
    EXPECT_EQ(rig.portfolio.positions(at(1s), {}).front().symbol, "AAPL");
    EXPECT_EQ(rig.holdings.waiting(), 1U);
    EXPECT_TRUE(rig.holdings.take_alarms().empty());
    rig.database_returns(at(2s));
    EXPECT_EQ(rig.registry.find_native(symbol_of("AAPL"), "ib"), NativeId{"1"});
    EXPECT_EQ(rig.holdings.waiting(), 0U);
}

TEST_F(HoldingsTest, AFactInFlightIsNotWrittenAgain) {
    const auto held = position_of("ib_main", instrument_of("AAPL", "1"), "10", "5");
    rig.holdings.on_position(at(0s), "ib", held);
    rig.holdings.on_position(at(0s), "ib", held);
    EXPECT_EQ(rig.store.waiting.size(), 1U);
}

TEST_F(HoldingsTest, APositionThatIsGoneProvesNothing) {
    rig.holdings.on_position(at(0s), "ib",
                             position_of("ib_main", instrument_of("AAPL", "1"), "0", "5"));
    EXPECT_TRUE(rig.store.waiting.empty());
}

}  // namespace
}  // namespace janus::core
