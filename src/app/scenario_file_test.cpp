#include "app/scenario_file.hpp"

#include <gtest/gtest.h>

namespace janus::app {
namespace {

using namespace sim;

std::string message_of(std::string_view text) {
    const auto scenario = parse_scenario(text, "world.toml");
    return scenario ? "" : scenario.error().message;
}

TEST(ScenarioFile, AnEmptyFileIsTheBuiltInWorld) {
    const auto scenario = parse_scenario("", "world.toml");
    ASSERT_TRUE(scenario.has_value());
    EXPECT_EQ(scenario->instruments, default_scenario().instruments);
    EXPECT_EQ(scenario->accounts.size(), 4U);
}

TEST(ScenarioFile, EverythingCanBeSaid) {
    const auto scenario = parse_scenario(R"(
walk_period = "1s"
walk_ticks_max = 0
fill_delay = "50ms"
partial_fill_above = "10"
first_number = 1000
[[app_key]]
key = "k"
secret = "s"
[[instrument]]
symbol = "ABC"
description = "ABC INC"
ib_conid = 77
ib_symbol = "ABC"
ib_exchange = "NYSE"
ib_twins = [78, 79]
webull_ticker = "ABC"
webull_instrument_id = "9"
start_price = "12.34"
[[instrument]]
symbol = "NQ.2612"
asset_class = "FUTURE"
multiplier = 20
ib_conid = 80
contract_month = "202612"
last_trade_date = "20261218"
start_price = "21000.25"
tick_size = "0.25"
[[account]]
broker = "ib"
id = "DU7"
cash = "1000.5"
[[account]]
broker = "webull"
id = "W7"
number = "N7"
app_key = "k"
cash = 2000
[[account.holding]]
symbol = "ABC"
quantity = "1.5"
average_cost = "10"
)",
                                         "world.toml");
    ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
    EXPECT_EQ(scenario->walk_period, std::chrono::seconds(1));
    EXPECT_EQ(scenario->walk_ticks_max, 0);
    EXPECT_EQ(scenario->fill_delay, std::chrono::milliseconds(50));
    EXPECT_EQ(scenario->partial_fill_above.value, Decimal::from_integer(10));
    EXPECT_EQ(scenario->first_number, 1000U);
    ASSERT_EQ(scenario->instruments.size(), 2U);
    EXPECT_EQ(scenario->instruments[0].ib_twins, (std::vector<std::int64_t>{78, 79}));
    EXPECT_EQ(scenario->instruments[1].asset_class, AssetClass::Future);
    EXPECT_EQ(scenario->instruments[1].multiplier, Decimal::from_integer(20));
    ASSERT_EQ(scenario->accounts.size(), 2U);
    EXPECT_EQ(scenario->accounts[0].cash.value.to_text(), "1000.5");
    EXPECT_EQ(scenario->accounts[1].broker, SimBroker::Webull);
    ASSERT_EQ(scenario->accounts[1].holdings.size(), 1U);
    EXPECT_EQ(scenario->accounts[1].holdings[0].quantity.value.to_text(), "1.5");
    EXPECT_EQ(scenario->app_keys[0].secret, "s");
}

TEST(ScenarioFile, UnknownKeysAreErrorsWithTheirLines) {
    EXPECT_EQ(message_of("\nspeed = 3\n"), "world.toml:2: unknown key 'speed'");
    EXPECT_EQ(message_of("[[account]]\nid = \"A\"\nbroker = \"ib\"\nowner = \"me\"\n"),
              "world.toml:4: unknown key 'owner'");
}

TEST(ScenarioFile, AllProblemsAreToldAtOnce) {
    const auto message = message_of(
        "walk_period = \"soon\"\nwalk_ticks_max = -1\npartial_fill_above = 1.5\n[[account]]\n"
        "broker = \"bank\"\n[[instrument]]\nasset_class = \"SHOE\"\nib_twins = [\"x\"]\n");
    for (const auto* part : {"walk_period", "walk_ticks_max", "partial_fill_above", "broker",
                             "asset_class", "ib_twins"})
        EXPECT_NE(message.find(part), std::string::npos) << part << " in " << message;
}

TEST(ScenarioFile, ListsMustBeTables) {
    EXPECT_NE(message_of("account = 3"), "");
    EXPECT_NE(message_of("instrument = [1]"), "");
}

TEST(ScenarioFile, NamesMustFitTogether) {
    EXPECT_NE(message_of("[[account]]\nbroker = \"webull\"\nid = \"W\"\napp_key = \"nobody\"\n"),
              "");
    EXPECT_NE(message_of("[[account]]\nbroker = \"ib\"\nid = \"A\"\n[[account.holding]]\nsymbol = "
                         "\"NONE\"\nquantity = 1\naverage_cost = 1\n"),
              "");
}

TEST(ScenarioFile, BrokenTomlNamesItsLine) {
    EXPECT_TRUE(message_of("a = \n").starts_with("world.toml:1: "));
}

TEST(ScenarioFile, AMissingFileIsNotFound) {
    const auto scenario = load_scenario("/nonexistent/world.toml");
    ASSERT_FALSE(scenario.has_value());
    EXPECT_EQ(scenario.error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace janus::app
