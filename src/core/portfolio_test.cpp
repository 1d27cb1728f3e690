#include "core/portfolio.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "core/test_rig.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;

Balance cash_of(const char* account, std::string_view amount) {
    return {.account = AccountName{account},
            .currency = "USD",
            .cash = money_of(amount),
            .net_liquidation = money_of(amount),
            .buying_power = std::nullopt,
            .at = {}};
}

/// One trading day in small: holdings, a fill, a sale, a new list; with ticks between, or without.
void play(RegistryRig& rig, bool with_ticks) {
    Random random{7};
    const auto ticks = [&](Now now) {
        for (std::uint32_t i = 0; with_ticks && i < 200; ++i) {
            const SubscriptionId any{static_cast<std::uint32_t>(random.below(4))};
            const auto field = static_cast<TickField>(random.below(11));
            const auto value =
                Decimal::from_units(static_cast<std::int64_t>(random.below(1U << 30U)));
            rig.tick(now, Tick{any, field, value});
        }
    };
    rig.ready(at(0s));
    rig.knows(rig.ib, "AAPL", "265598");
    ticks(at(0s));
    rig.holds(at(1s), "ib_main",
              {position_of("ib_main", instrument_of("AAPL", "265598"), "10", "190.5"),
               position_of("ib_main", instrument_of("F", "9599491"), "-3", "11")});
    ticks(at(2s));
    rig.holds(at(3s), "webull_one",
              {position_of("webull_one", instrument_of("AAPL", "AAPL"), "0.5", "188")});
    rig.books.on_balances_snapshot(at(3s), {AccountName{"ib_main"}, {cash_of("ib_main", "1000")}});
    ticks(at(4s));
    rig.books.on_position_changed(
        {position_of("ib_main", instrument_of("AAPL", "265598"), "12", "190.6")});
    ticks(at(5s));
    rig.books.on_position_changed(
        {position_of("ib_main", instrument_of("F", "9599491"), "0", "11")});
    ticks(at(30s));
}

TEST(TicksAndBooks, TheSameRunWithAndWithoutTicksLeavesTheSameBooks) {
    RegistryRig with;
    RegistryRig without;
    play(with, true);
    play(without, false);
    EXPECT_GT(with.market_data.ticks(), 100U);
    EXPECT_EQ(without.market_data.ticks(), 0U);
    EXPECT_EQ(with.books.all(), without.books.all());
    EXPECT_EQ(with.registry.all(), without.registry.all());
    EXPECT_EQ(with.books.quantity_of(AccountName{"ib_main"}, NativeId{"265598"}),
              quantity_of("12"));
    // The ticks have not been in vain: they value the holdings.
    EXPECT_NE(with.portfolio.portfolio(at(5s)).totals[0].market_value,
              without.portfolio.portfolio(at(5s)).totals[0].market_value);
}

struct PortfolioTest : testing::Test {
    PortfolioTest() {
        rig.ready(at(0s));
        rig.holds(at(0s), "ib_main",
                  {position_of("ib_main", instrument_of("AAPL", "1"), "10", "90")});
        for (const auto& account : rig.gateway_set.accounts()) {
            if (account.value != "ib_main") rig.books.on_positions_snapshot(at(0s), {account, {}});
            rig.books.on_balances_snapshot(at(0s),
                                           {account, {cash_of(account.value.c_str(), "100")}});
        }
    }
    RegistryRig rig;
};

TEST_F(PortfolioTest, IsCompleteWhenEveryAccountAndEveryPriceIsThere) {
    EXPECT_EQ(rig.portfolio.portfolio(at(1s)).totals[0].missing,
              std::vector<std::string>{"AAPL: no price yet"});
    rig.tick(at(1s), rig.subscription_of("AAPL"), TickField::Last, "100");
    const auto total = rig.portfolio.portfolio(at(1s)).totals[0];
    EXPECT_TRUE(total.complete);
    EXPECT_EQ(total.market_value, money_of("1000"));
    EXPECT_EQ(total.cash, money_of("300"));
}

TEST_F(PortfolioTest, AnAccountThatIsNotReadyIsStaleAndNamed) {
    rig.tick(at(1s), rig.subscription_of("AAPL"), TickField::Last, "100");
    rig.gate(at(2s), "webull_one", gateway::Gate::Degraded, "webull_auth");
    EXPECT_FALSE(rig.portfolio.positions(at(2s), AccountName{"ib_main"})[0].stale);
    const auto total = rig.portfolio.portfolio(at(2s)).totals[0];
    EXPECT_FALSE(total.complete);
    EXPECT_EQ(total.missing, std::vector<std::string>{"webull_one: degraded (webull_auth)"});
    rig.gate(at(3s), "ib_main", gateway::Gate::Connecting);
    EXPECT_TRUE(rig.portfolio.positions(at(3s), AccountName{"ib_main"})[0].stale);
    rig.ready(at(4s));
    EXPECT_TRUE(rig.portfolio.portfolio(at(4s)).totals[0].complete);
}

TEST_F(PortfolioTest, AnAccountThatHasNeverReportedIsNamed) {
    RegistryRig fresh;
    fresh.ready(at(0s));
    fresh.books.on_balances_snapshot(at(0s), {AccountName{"ib_main"}, {cash_of("ib_main", "1")}});
    EXPECT_EQ(fresh.portfolio.portfolio(at(0s)).totals[0].missing,
              (std::vector<std::string>{"ib_main: no positions yet", "ib_second: no positions yet",
                                        "webull_one: no positions yet"}));
}

TEST_F(PortfolioTest, AHoldingInAnotherCurrencyIsNotPricedByThisSymbol) {
    auto toronto = instrument_of("AAPL", "1");
    toronto.currency = "CAD";
    rig.books.on_position_changed({position_of("ib_main", toronto, "10", "90")});
    rig.tick(at(1s), rig.subscription_of("AAPL"), TickField::Last, "100");
    const auto view = rig.portfolio.positions(at(1s), AccountName{"ib_main"})[0];
    EXPECT_FALSE(view.valuation.market_value);
    EXPECT_EQ(view.valuation.missing, "held in CAD, priced in USD");
}

TEST_F(PortfolioTest, HeldSymbolsAreThoseTheRegistryKnows) {
    auto unknown = instrument_of("ZZZ", "9");
    unknown.symbol.reset();
    rig.books.on_position_changed({position_of("ib_main", unknown, "1", "1")});
    EXPECT_EQ(rig.portfolio.held_symbols(), std::set{symbol_of("AAPL")});
}

}  // namespace
}  // namespace janus::core
