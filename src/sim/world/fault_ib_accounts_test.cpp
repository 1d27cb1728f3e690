// Faults of accounts and positions at IB, by the ids of the fault catalogue (docs/faults.md).

#include <algorithm>

#include <gtest/gtest.h>

#include "sim/world/fault_world.hpp"

namespace janus::sim {
namespace {

using namespace std::chrono_literals;

using Lines = std::vector<std::string>;

constexpr std::string_view place_order = "3";
constexpr std::string_view request_summary = "62";

/// Adds an instrument that the first IB account holds.
void add_held(Scenario& scenario, std::string_view name, AssetClass asset_class, std::int64_t conid,
              std::string_view exchange, std::string_view currency = "USD") {
    SimInstrument instrument;
    instrument.symbol = instrument.ib_symbol = instrument.ib_local_symbol = name;
    instrument.asset_class = asset_class;
    instrument.ib_conid = conid;
    instrument.ib_exchange = exchange;
    instrument.ib_trading_class = name;
    instrument.currency = currency;
    instrument.start_price = price_of("50.00");
    scenario.instruments.push_back(instrument);
    scenario.accounts.front().holdings.push_back(
        {std::string(name), quantity_of("7"), price_of("48.00")});
}

const core::PortfolioTotal* find_total(const core::PortfolioView& portfolio,
                                       std::string_view currency) {
    const auto found =
        std::ranges::find(portfolio.totals, currency, &core::PortfolioTotal::currency);
    return found == portfolio.totals.end() ? nullptr : &*found;
}

bool names(const Lines& missing, std::string_view what) {
    return std::ranges::any_of(missing,
                               [&](const std::string& line) { return line.contains(what); });
}

/// One execution as IB tells it, of an order that was not entered by Janus.
std::string execution(std::string_view id, std::string_view account, int quantity) {
    return fmt::format(
        "11|-1|0|265598|AAPL|STK||0|?||NASDAQ|USD|AAPL|NMS|{}|20260309 14:30:00 US/Eastern|{}|"
        "NASDAQ|BOT|{}|190.5|777001|0|0|{}|190.5|||||1|0|simuser",
        id, account, quantity, quantity);
}

Quantity bought(FaultWorld& world, std::string_view account) {
    Quantity sum;
    for (const auto& one : world.engine().executions({std::string(account)}))
        sum.value += one.quantity.value;
    return sum;
}

TEST(IbFaults, IBA_01_WhatCannotBeClassifiedIsListedAndNotGuessed) {
    FaultWorld world({.scenario = [](Scenario& scenario) {
        add_held(scenario, "T 4 02/15/34", AssetClass::Bond, 600000001, "XYZ");
        add_held(scenario, "ODDWT", AssetClass::Other, 600000002, "XYZ");
        add_held(scenario, "VFIAX", AssetClass::Fund, 600000003, "XYZ");
    }});
    ASSERT_TRUE(world.connect());
    world.run(3s);
    const auto positions = world.engine().positions(world.now(), {"ib_main"});
    for (const auto* conid : {"600000001", "600000002", "600000003"}) {
        const auto view = std::ranges::find_if(positions, [&](const core::PositionView& position) {
            return position.position.instrument.native_id.value == conid;
        });
        ASSERT_NE(view, positions.end()) << conid;
        EXPECT_EQ(view->position.quantity, quantity_of("7"));
        EXPECT_FALSE(view->mapped);
        EXPECT_EQ(view->valuation.missing, "unmapped");
        EXPECT_FALSE(view->symbol.empty());
        for (const auto& record : world.engine().symbols())
            EXPECT_FALSE(record.native_ids.contains("ib") &&
                         record.native_ids.at("ib").value == conid)
                << record.symbol.text();
    }
    const auto portfolio = world.engine().portfolio(world.now());
    const auto* total = find_total(portfolio, "USD");
    ASSERT_NE(total, nullptr);
    EXPECT_FALSE(total->complete);
    EXPECT_TRUE(names(total->missing, "unmapped"));
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBA_02_EveryOrderCarriesTheCodeOfItsAccount) {
    FaultWorld world({.scenario = [](Scenario& scenario) {
        auto third = scenario.accounts.front();
        third.id = "DU1000003";
        third.holdings.clear();
        scenario.accounts.push_back(third);
    }});
    ASSERT_TRUE(world.connect());
    auto intent = FaultWorld::intent("AAPL", "1");
    intent.account = {"ib_second"};
    const auto placed = world.place(intent);
    world.run(3s);
    EXPECT_EQ(world.order(placed).order.state, OrderState::Filled);
    EXPECT_EQ(world.truth_of(placed)->account, "DU1000002");
    const auto sent = world.sent(place_order);
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(std::ranges::count(sent.front().fields, "DU1000002"), 1);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBA_02_AnAccountThatTheLoginDoesNotHaveIsAMistakeOfTheSettings) {
    FaultWorld world;
    world.fault("accounts", {
                                {"list", "DU1000001,DU1000003"}
    });
    world.start();
    world.run(5s);
    EXPECT_EQ(world.gate("ib_main"), "ready");
    EXPECT_TRUE(world.gate("ib_second").starts_with("needs_operator unknown_account DU1000002"))
        << world.gate("ib_second");
    auto intent = FaultWorld::intent("AAPL", "1");
    intent.account = {"ib_second"};
    const auto refused = world.place(intent);
    ASSERT_TRUE(refused->answer && !*refused->answer);
    EXPECT_TRUE(world.sent(place_order).empty());
    const auto placed = world.place(FaultWorld::intent("AAPL", "1"));
    world.run(3s);
    EXPECT_EQ(world.order(placed).order.state, OrderState::Filled);
    world.fault_off("accounts");
    world.fault("disconnect_all");
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBA_03_AMastersFillIsNotAddedToItsAllocations) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.tell_client(execution("0000e0d5.6501.01.01", "F1000000", 300));
    world.tell_client(execution("0000e0d5.6501.01.01", "DU1000001", 100));
    world.tell_client(execution("0000e0d5.6501.01.01", "DU1000002", 200));
    world.tell_client(execution("0000e0d5.6501.01.01", "DU1000001", 100));  // A repeat.
    world.run(2s);
    EXPECT_EQ(bought(world, "ib_main"), quantity_of("100"));
    EXPECT_EQ(bought(world, "ib_second"), quantity_of("200"));
    EXPECT_EQ(world.counter("ib.execution_of_other_account"), 1U);
    EXPECT_EQ(world.counter("core.execution.conflict"), 0U);

    world.fault("swallow_place", {
                                     {"count", "1"}
    });  // A dialog of the gateway holds it.
    const auto held = world.place(FaultWorld::intent("MSFT", "1"));
    world.run(11s);
    EXPECT_EQ(world.order(held).order.state, OrderState::Unknown);
    const auto fresh = world.place(FaultWorld::intent("SPY", "1"));
    world.run(3s);
    EXPECT_EQ(world.order(fresh).order.state, OrderState::Filled);
    EXPECT_EQ(world.gate(), "ready");
}

TEST(IbFaults, IBA_04_CurrenciesAreNeverAddedUp) {
    FaultWorld world({.scenario = [](Scenario& scenario) {
        add_held(scenario, "SAP", AssetClass::Equity, 600000011, "IBIS", "EUR");
        add_held(scenario, "700", AssetClass::Equity, 600000012, "SEHK", "HKD");
    }});
    ASSERT_TRUE(world.connect());
    const auto before = world.engine().portfolio(world.now());
    ASSERT_NE(find_total(before, "USD"), nullptr);
    const auto dollars = find_total(before, "USD")->cash;
    const auto request = world.sent(request_summary).back().fields.at(2);
    // A rate for euros only: Hong Kong dollars have none.
    for (const auto* row :
         {"CashBalance|1000.00|EUR", "ExchangeRate|1.08|EUR", "CashBalance|8000.00|HKD"})
        world.tell_client(fmt::format("63|1|{}|DU1000001|{}", request, row));
    world.run(5s);
    const auto portfolio = world.engine().portfolio(world.now());
    const auto* usd = find_total(portfolio, "USD");
    const auto* eur = find_total(portfolio, "EUR");
    const auto* hkd = find_total(portfolio, "HKD");
    ASSERT_TRUE(usd != nullptr && eur != nullptr && hkd != nullptr);
    EXPECT_EQ(usd->cash, dollars);
    EXPECT_EQ(eur->cash, Money{Decimal::from_integer(1000)});
    EXPECT_EQ(hkd->cash, Money{Decimal::from_integer(8000)});
    EXPECT_FALSE(eur->complete) << "a share in euros has no price here";
    EXPECT_FALSE(hkd->complete);
    for (const auto& row : portfolio.rows)
        if (row.currency != "USD") EXPECT_FALSE(row.valuation.market_value.has_value());
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBA_05_FractionsOfSharesAreCountedExactly) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto placed = world.place(FaultWorld::intent("AAPL", "1", "1.00"));
    world.run(1s);
    const auto id = world.truth_of(placed)->id;
    for (const auto* part : {"0.3333", "0.6667"}) {
        ASSERT_TRUE(world.exchange().force_fill(world.now(), id, quantity_of(part)));
        world.run(1s);
    }
    EXPECT_EQ(world.order(placed).order.state, OrderState::Filled);
    EXPECT_EQ(world.order(placed).order.filled, quantity_of("1"));
    EXPECT_EQ(world.order(placed).executions.front().quantity, quantity_of("0.3333"));
    EXPECT_EQ(world.position("AAPL")->position.quantity, quantity_of("101"));
    EXPECT_EQ(world.order(placed).order.flags, Lines{});
    for (const auto* symbol : {"NQ.2612", "AAPL.261218.C.190"}) {
        const auto denied = world.place(FaultWorld::intent(symbol, "0.5", "5.00"));
        world.run(1s);
        ASSERT_TRUE(denied->answer && !*denied->answer) << symbol;
        EXPECT_TRUE(denied->answer->error().message.contains("whole contracts"));
    }
    EXPECT_EQ(world.unhealed(), Lines{});
}

/// What ib_main holds, as text.
Lines holdings(FaultWorld& world) {
    Lines lines;
    for (const auto& view : world.engine().positions(world.now(), {"ib_main"}))
        lines.push_back(fmt::format("{} {}", view.symbol, view.position.quantity));
    return lines;
}

TEST(IbFaults, IBA_06_APositionListThatNeverComesLeavesTheLastOneMarkedOld) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto held = holdings(world);
    const auto at = world.account().snapshot_at;
    world.fault("withhold_message", {
                                        {"message", "61"}
    });  // No row,
    world.fault("withhold_end", {
                                    {"which", "positions"}
    });  // and no end.
    world.fault("disconnect_all");
    world.run(20s);
    EXPECT_EQ(holdings(world), held);
    EXPECT_TRUE(world.position("AAPL")->stale);
    EXPECT_EQ(world.account().snapshot_at, at) << "its age is shown";
    world.run(2min);  // The stage times out again and again.
    EXPECT_EQ(holdings(world), held);
    EXPECT_TRUE(world.position("AAPL")->stale);
    world.fault_off("withhold_message");
    world.fault_off("withhold_end");
    world.run(90s);
    EXPECT_EQ(world.unhealed(), Lines{});
    EXPECT_FALSE(world.position("AAPL")->stale);
}

TEST(IbFaults, IBA_06_AnErrorInTheMiddleOfTheListRemovesNothing) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto held = holdings(world);
    world.fault("withhold_end", {
                                    {"which", "positions"},
                                    {"count", "1"        }
    });
    world.fault("disconnect_all");
    world.run(2s);  // The list has begun: the end is missing, and now the line breaks.
    world.fault("disconnect_all");
    world.run(100ms);
    EXPECT_EQ(holdings(world), held);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBA_06_AnEndThatBelongsToAnEarlierQuestionEmptiesNothing) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto held = holdings(world);
    world.fault("withhold_message", {
                                        {"message", "61"}
    });
    for (int time = 0; time < 3; ++time) world.tell_client("62|1");  // Nobody has asked.
    world.run(2s);
    world.fault_off("withhold_message");
    world.run(2s);
    EXPECT_EQ(holdings(world), held);
    // A repeated end: taken for the answer of the next question it would make the account flat.
    world.sync();
    world.tell_client("62|1");
    world.run(5s);
    EXPECT_EQ(holdings(world), held);
    EXPECT_EQ(world.unhealed(), Lines{});
}

}  // namespace
}  // namespace janus::sim
