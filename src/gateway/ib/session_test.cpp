#include <gtest/gtest.h>

#include "gateway/ib/fake_broker.hpp"

namespace janus::ib {
namespace {

using namespace std::chrono_literals;
using fake::Desk;
using gateway::Gate;

std::vector<std::string> gates_of(const Desk& desk) {
    std::vector<std::string> out;
    for (const auto& change : desk.all<gateway::GateChanged>())
        out.push_back(std::string(to_text(change.gate)) +
                      (change.reason.empty() ? "" : "(" + change.reason + ")"));
    return out;
}

TEST(IbSession, FromStartToReadyOverEveryStage) {
    Desk desk;
    desk.command(gateway::Start{});
    EXPECT_EQ(desk.connects, 1);
    desk.connect();
    EXPECT_EQ(desk.sent[0], (fake::Fields{"71", "2", "7", ""}));
    EXPECT_EQ(desk.count_sent("59"), 1U);
    EXPECT_EQ(desk.last_request("59", 2), "1") << "live data";
    EXPECT_EQ(desk.count_sent("61"), 1U);
    desk.feed(fake::position("DU1000001", {}, "100", "150.25"));
    desk.end_positions();
    EXPECT_EQ(desk.count<gateway::PositionsSnapshot>(), 0U) << "the name is asked for first";
    desk.describe({});
    ASSERT_EQ(desk.count<gateway::PositionsSnapshot>(), 1U);
    const auto held = desk.last<gateway::PositionsSnapshot>().positions.at(0);
    EXPECT_EQ(held.instrument.symbol->text(), "AAPL");
    EXPECT_EQ(held.quantity.value, Decimal::from_integer(100));
    EXPECT_EQ(held.average_cost->value, *Decimal::parse("150.25"));
    const auto request = desk.last_request("62", 2);
    for (const auto& [tag, value, currency] : {
             std::tuple{"NetLiquidation", "100000.5", "USD" },
             {"TotalCashValue", "5000",     "USD" },
             {"BuyingPower",    "20000",    "USD" },
             {"CashBalance",    "4000",     "USD" },
             {"CashBalance",    "900",      "EUR" },
             {"CashBalance",    "5000",     "BASE"}
    })
        desk.feed({"63", "1", request, "DU1000001", tag, value, currency});
    desk.end_balances();
    const auto balances = desk.last<gateway::BalancesSnapshot>().balances;
    ASSERT_EQ(balances.size(), 2U);
    EXPECT_EQ(balances[0].currency, "EUR");
    EXPECT_EQ(balances[0].cash->value, Decimal::from_integer(900));
    EXPECT_EQ(balances[1].cash->value, Decimal::from_integer(4000));
    EXPECT_EQ(balances[1].net_liquidation->value, *Decimal::parse("100000.5"));
    EXPECT_EQ(balances[1].buying_power->value, Decimal::from_integer(20000));
    desk.end_open_orders();
    desk.end_open_orders();
    desk.end_completed();
    EXPECT_EQ(desk.gate(), Gate::Reconciling);
    desk.end_executions();
    EXPECT_EQ(desk.count<gateway::OrdersComplete>(), 1U);
    EXPECT_EQ(gates_of(desk), (std::vector<std::string>{
                                  "connecting", "reconciling(positions)", "reconciling(contracts)",
                                  "reconciling(balances)", "reconciling(orders)", "ready"}));
}

TEST(IbSession, NumberAndAccountsMayComeInEitherOrder) {
    Desk desk;
    desk.command(gateway::Start{});
    desk.shake_hands();
    desk.feed({"9", "1", "41"});
    EXPECT_EQ(desk.count_sent("61"), 0U);
    desk.feed(fake::error(-1, 2104, "farm is OK"));
    desk.feed({"15", "1", "DU1000001"});
    EXPECT_EQ(desk.count_sent("61"), 1U);
}

TEST(IbSession, AMissingAccountNeedsAPersonAndTheOthersGoOn) {
    auto settings = Desk::default_settings();
    settings.accounts = {
        {{"one"}, "DU1"},
        {{"two"}, "DU2"}
    };
    Desk desk(settings);
    desk.start("DU1,DU3,");
    desk.end_all();
    std::map<std::string, gateway::GateChanged> last;
    for (const auto& change : desk.all<gateway::GateChanged>()) last[change.account.value] = change;
    EXPECT_EQ(last["one"].gate, Gate::Ready);
    EXPECT_EQ(last["two"].gate, Gate::NeedsOperator);
    EXPECT_EQ(last["two"].reason, "unknown_account DU2 is not among DU1, DU3");
    const auto listed = desk.last<gateway::AccountsListed>();
    ASSERT_EQ(listed.accounts.size(), 2U);
    EXPECT_EQ(listed.accounts[0].name, AccountName{"one"});
    EXPECT_EQ(listed.accounts[1].name, std::nullopt);
    EXPECT_EQ(listed.accounts[1].id, Secret("DU3"));
    EXPECT_EQ(desk.count<gateway::OrdersComplete>(), 1U);
}

TEST(IbSession, AnEmptyCodeIsTheOnlyAccountOfTheLogin) {
    auto settings = Desk::default_settings();
    settings.accounts[0].code = "";
    Desk one(settings);
    one.start("DU9");
    one.end_all();
    EXPECT_EQ(one.gate(), Gate::Ready);
    Desk two(settings);
    two.start("DU8,DU9");
    EXPECT_EQ(two.gate(), Gate::NeedsOperator);
}

TEST(IbSession, ServerVersionsOutOfRangeNeedAPerson) {
    for (const int version : {175, 226}) {
        Desk desk(Desk::default_settings(), version);
        desk.command(gateway::Start{});
        desk.shake_hands();
        EXPECT_EQ(desk.gate(), Gate::NeedsOperator);
        EXPECT_EQ(desk.reason(), "ib_version server version was " + std::to_string(version) +
                                     ", Janus offered 176 to 225");
        EXPECT_TRUE(desk.sent.empty()) << "no byte beyond the offer";
        EXPECT_FALSE(desk.open);
    }
    for (const int version : {176, 200}) {
        Desk desk(Desk::default_settings(), version);
        desk.become_ready();
        EXPECT_EQ(desk.gate(), Gate::Ready) << version;
    }
}

TEST(IbSession, AVersionThatIsHalfTextIsLeftAtOnceAndTextIsOffered) {
    Desk desk(Desk::default_settings(), 205);
    desk.command(gateway::Start{});
    desk.shake_hands();
    EXPECT_TRUE(desk.hello.ends_with("v176..225"));
    EXPECT_EQ(desk.gate(), Gate::Connecting);
    EXPECT_EQ(desk.closes, 1);
    desk.wait(Duration{});
    EXPECT_EQ(desk.connects, 2) << "without a pause";
    desk.gateway.on_io(desk.now, io::Connected{desk.channel});
    desk.feed({"200", "20260105 09:30:00 EST"});
    EXPECT_TRUE(desk.hello.ends_with("v176..200"));
    EXPECT_EQ(desk.count_sent("71"), 1U);
    desk.cut();
    ASSERT_TRUE(desk.wait_for_connect());
    desk.shake_hands();
    EXPECT_TRUE(desk.hello.ends_with("v176..225")) << "the gateway may be a newer one now";
}

TEST(IbSession, AGatewayThatInsistsOnAMixedVersionIsNotAskedInALoop) {
    Desk desk(Desk::default_settings(), 205);
    desk.command(gateway::Start{});
    desk.shake_hands();
    desk.wait(Duration{});
    desk.shake_hands();
    EXPECT_EQ(desk.gate(), Gate::NeedsOperator);
    EXPECT_EQ(desk.reason(), "ib_version server version was 205, Janus offered 176 to 200");
    desk.wait(std::chrono::seconds(20));
    EXPECT_EQ(desk.connects, 2);
}

TEST(IbSession, AMaximumOfTheSettingsIsTheOffer) {
    for (const auto& [wanted, offer] : std::vector<std::pair<int, std::string>>{
             {193, "v176..193"},
             {205, "v176..200"}
    }) {
        auto settings = Desk::default_settings();
        settings.version_max = wanted;
        Desk desk(settings, 213);
        desk.command(gateway::Start{});
        desk.shake_hands();
        EXPECT_TRUE(desk.hello.ends_with(offer)) << wanted;
        EXPECT_EQ(desk.gate(), Gate::NeedsOperator) << "more than was offered";
    }
}

TEST(IbSession, ABusyClientIdIsTriedAgainUnderTheSameId) {
    Desk desk;
    desk.command(gateway::Start{});
    for (int attempt = 0; attempt < 6; ++attempt) {
        desk.shake_hands();
        EXPECT_EQ(desk.sent.back(), (fake::Fields{"71", "2", "7", ""}));
        desk.feed(fake::error(-1, 326, "client id is already in use"));
        EXPECT_FALSE(desk.open) << "never two sockets for one client id";
        EXPECT_EQ(desk.gate(), Gate::Connecting);
        EXPECT_EQ(desk.reason(), "client_id_busy");
        ASSERT_TRUE(desk.wait_for_connect());
    }
    desk.connect();
    desk.end_all();
    EXPECT_EQ(desk.gate(), Gate::Ready);
}

TEST(IbSession, AStormOfLostLinksIsOneChangeAndNoReconnect) {
    Desk desk;
    desk.become_ready();
    desk.forget();
    for (int i = 0; i < 200; ++i) {
        desk.feed(fake::error(-1, i % 2 == 0 ? 1100 : 2110, "connectivity lost"));
        desk.feed(fake::error(-1, 2103, "farm is broken"));
        desk.wait(75ms);
    }
    EXPECT_EQ(gates_of(desk), (std::vector<std::string>{"degraded(ib_upstream)"}));
    EXPECT_EQ(desk.counter("upstream_lost"), 200U);
    desk.feed(fake::error(-1, 1102, "restored, data maintained"));
    EXPECT_EQ(desk.gate(), Gate::Reconciling);
    desk.end_all();
    EXPECT_EQ(desk.gate(), Gate::Ready);
    EXPECT_EQ(desk.connects + desk.closes, 0);
    EXPECT_EQ(desk.count<gateway::OrdersComplete>(), 1U);
}

TEST(IbSession, FarmNoticesNeverTouchTheGate) {
    Desk desk;
    desk.become_ready();
    desk.forget();
    for (const int code : {2103, 2104, 2105, 2106, 2107, 2108, 2119, 2157, 2158})
        desk.feed(fake::error(-1, code, "farm"));
    EXPECT_EQ(desk.count<gateway::GateChanged>(), 0U);
    EXPECT_EQ(desk.counter("farm_notices"), 9U);
}

TEST(IbSession, AnEndOwedFromBeforeAnOutageDoesNotCutTheNextListShort) {
    Desk desk;
    desk.start();
    desk.end_all();
    desk.command(gateway::RefreshAccount{{"ib_main"}});
    desk.end_positions();
    desk.end_balances();
    desk.feed(fake::error(-1, 1100, "lost"));  // The list of open orders is still owed.
    desk.feed(fake::error(-1, 1102, "back"));
    desk.end_positions();
    desk.end_balances();
    desk.end_open_orders();  // The old one.
    const auto completed = desk.count_sent("99");
    desk.end_open_orders();
    EXPECT_EQ(desk.count_sent("99"), completed) << "all open orders have not ended yet";
    desk.end_open_orders();
    desk.end_completed();
    desk.end_executions();
    EXPECT_EQ(desk.gate(), Gate::Ready);
}

TEST(IbSession, SilenceEndsTheConnectionAtTheDeadlineAndNotBefore) {
    Desk desk;
    desk.become_ready();
    desk.forget();
    desk.wait(15s - 1ns);
    EXPECT_TRUE(desk.open);
    EXPECT_EQ(desk.count_sent("49"), 2U) << "heartbeats at 5 s and 10 s";
    desk.wait(1ns);
    EXPECT_FALSE(desk.open);
    EXPECT_EQ(desk.reason(), "no byte for 15 s");
    desk.wait(1s);
    EXPECT_EQ(desk.connects, 1);
    desk.connect();
    desk.end_all();
    EXPECT_EQ(desk.gate(), Gate::Ready);
}

TEST(IbSession, AnyByteIsALifeSign) {
    Desk desk;
    desk.become_ready();
    for (int i = 0; i < 20; ++i) {
        desk.wait(14s);
        desk.feed({"49", "1", "1767623400"});
    }
    EXPECT_TRUE(desk.open);
    EXPECT_EQ(desk.gate(), Gate::Ready);
}

TEST(IbSession, AStageThatNeverEndsIsBoundedHoweverItDrips) {
    struct Case {
        std::string reason;
        int steps;
    };
    for (const auto& [reason, steps] : std::vector<Case>{
             {"positions: no end",        0},
             {"balances: no end",         1},
             {"open_orders: no end",      2},
             {"all_open_orders: no end",  3},
             {"completed_orders: no end", 4},
             {"executions: no end",       5}
    }) {
        Desk desk;
        desk.start();
        if (steps > 0) desk.end_positions();
        if (steps > 1) desk.end_balances();
        if (steps > 2) desk.end_open_orders();
        if (steps > 3) desk.end_open_orders();
        if (steps > 4) desk.end_completed();
        for (int i = 0; i < 29; ++i) {
            desk.wait(1s);
            desk.feed({"49", "1", "5"});
        }
        EXPECT_TRUE(desk.open) << reason;
        EXPECT_EQ(desk.gate(), Gate::Reconciling) << reason;
        desk.wait(1s);
        EXPECT_FALSE(desk.open) << reason;
        EXPECT_EQ(desk.gate(), Gate::Connecting);
        EXPECT_EQ(desk.reason(), reason);
        EXPECT_EQ(desk.count<gateway::OrdersComplete>(), 0U) << "never on half a list";
        desk.wait(2s);
        desk.connect();
        desk.end_all();
        EXPECT_EQ(desk.gate(), Gate::Ready) << reason;
    }
}

TEST(IbSession, ThreeFailedCyclesNeedAPersonAndAttemptsGoOnSlowly) {
    Desk desk;
    desk.command(gateway::Start{});
    for (int cycle = 0; cycle < 3; ++cycle) {
        EXPECT_NE(desk.gate(), Gate::NeedsOperator) << cycle;
        desk.shake_hands();
        desk.wait(10s);  // No order number ever comes.
        if (cycle < 2) desk.wait(3s);
    }
    EXPECT_EQ(desk.gate(), Gate::NeedsOperator);
    EXPECT_TRUE(desk.reason().starts_with("ib_login")) << desk.reason();
    const int connects = desk.connects;
    desk.wait(23s);
    EXPECT_EQ(desk.connects, connects) << "pauses are at their longest now";
    desk.wait(13s);
    EXPECT_EQ(desk.connects, connects + 1);
    desk.connect();
    desk.end_all();
    EXPECT_EQ(desk.gate(), Gate::Ready);
}

TEST(IbSession, AClosedPortIsTriedForEverAtTheLongestPause) {
    Desk desk;
    desk.command(gateway::Start{});
    for (int i = 0; i < 50; ++i) {
        desk.cut("connection refused");
        const auto began = desk.now.mono;
        ASSERT_TRUE(desk.wait_for_connect());
        const auto pause = desk.now.mono - began;
        EXPECT_LE(pause, 36s + 100ms);
        if (i > 6) EXPECT_GE(pause, 24s);
    }
    EXPECT_EQ(desk.gate(), Gate::Connecting);
    EXPECT_EQ(desk.reason(), "connect failed: connection refused");
}

TEST(IbSession, AbsurdLengthsEndTheConnectionWithAReason) {
    for (const auto& bytes : {std::string(4, '\0'), std::string(4, '\xFF')}) {
        Desk desk;
        desk.become_ready();
        desk.feed_bytes(bytes);
        EXPECT_FALSE(desk.open);
        EXPECT_NE(desk.reason().find("frame length"), std::string::npos);
        desk.wait(1s);
        desk.connect();
        desk.end_all();
        EXPECT_EQ(desk.gate(), Gate::Ready);
    }
}

TEST(IbSession, UnknownMessagesAndSurplusFieldsAreCountedAndSurvived) {
    Desk desk;
    desk.become_ready();
    for (int i = 0; i < 3; ++i) desk.feed({"9999", "a", "b"});
    desk.feed({"49", "1", "5", "extra"});
    EXPECT_EQ(desk.counter("unknown_message_9999"), 3U);
    EXPECT_EQ(desk.counter("surplus_fields_CURRENT_TIME"), 1U);
    EXPECT_EQ(desk.gate(), Gate::Ready);
}

TEST(IbSession, AnUnreadableOrderAsksForTheBooksOnceMoreButNotInALoop) {
    Desk desk;
    desk.become_ready();
    desk.forget();
    auto broken = fake::open_order({});
    broken.pop_back();
    desk.feed(broken);
    EXPECT_EQ(desk.count_sent("16") + desk.count_sent("61"), 1U);
    desk.end_positions();
    desk.end_balances();
    desk.end_open_orders();
    desk.feed(broken);
    desk.end_open_orders();
    desk.end_completed();
    desk.end_executions();
    EXPECT_EQ(desk.count<gateway::OrdersComplete>(), 0U) << "the list has a hole";
    EXPECT_EQ(desk.gateway.counters().at("unreadable_OPEN_ORDER"), 2U);
    const auto asked = desk.count_sent("16");
    desk.feed({"49", "1", "5"});
    EXPECT_EQ(desk.count_sent("16"), asked);
    for (int i = 0; i < 3; ++i) {
        desk.wait(10s);
        desk.feed({"49", "1", "5"});
    }
    desk.end_all();
    EXPECT_EQ(desk.count<gateway::OrdersComplete>(), 1U);
    EXPECT_TRUE(desk.open);
}

TEST(IbSession, NoReadyWhileAnOrderOfTheFirstDownloadIsUnreadable) {
    Desk desk;
    desk.start();
    auto broken = fake::open_order({});
    broken.pop_back();
    desk.end_positions();
    desk.end_balances();
    desk.feed(broken);
    desk.end_open_orders();
    desk.end_open_orders();
    desk.end_completed();
    desk.end_executions();
    EXPECT_EQ(desk.gate(), Gate::Reconciling);
    desk.end_all();  // The round that follows at once.
    EXPECT_EQ(desk.gate(), Gate::Ready);
}

TEST(IbSession, UnsolicitedEndsAreCountedNotBelieved) {
    Desk desk;
    desk.become_ready();
    desk.forget();
    desk.feed_all({
        {"53", "1"},
        {"62", "1"},
        {"102"},
        {"52", "1", "77"},
        {"55", "1", "77"},
        {"64", "1", "77"},
        fake::completed_order({}
        )
    });
    EXPECT_EQ(desk.counter("late_end"), 6U);
    EXPECT_EQ(desk.count<gateway::GateChanged>(), 0U);
    EXPECT_TRUE(desk.open);
}

TEST(IbSession, ASurplusEndOfTheStartBurstRepeatsTheRound) {
    Desk desk;
    desk.start();
    desk.end_positions();
    desk.end_balances();
    desk.end_open_orders();
    desk.end_open_orders();
    desk.end_open_orders();  // One of the three was the burst's, and cut a list short.
    desk.end_completed();
    desk.end_executions();
    EXPECT_EQ(desk.gate(), Gate::Reconciling);
    desk.end_all();
    EXPECT_EQ(desk.gate(), Gate::Ready);
}

TEST(IbSession, RefreshKeepsTheGateAndSaysEverythingAgain) {
    Desk desk;
    desk.become_ready();
    desk.forget();
    desk.command(gateway::RefreshAccount{{"ib_main"}});
    EXPECT_EQ(desk.count_sent("64"), 1U) << "the old stream of positions ends";
    EXPECT_EQ(desk.count_sent("61"), 1U);
    desk.end_positions();
    EXPECT_EQ(desk.count_sent("63"), 1U) << "the old summary ends";
    desk.end_balances();
    desk.end_open_orders();
    desk.end_open_orders();
    desk.end_completed();
    desk.end_executions();
    EXPECT_EQ(desk.count<gateway::PositionsSnapshot>(), 1U);
    EXPECT_EQ(desk.count<gateway::BalancesSnapshot>(), 1U);
    EXPECT_EQ(desk.count<gateway::OrdersComplete>(), 1U);
    EXPECT_EQ(desk.count<gateway::GateChanged>(), 0U);
}

TEST(IbSession, ReadOnlyApiNeedsAPersonWhilePositionsWork) {
    Desk desk;
    desk.start();
    desk.end_positions();
    desk.end_balances();
    desk.feed(fake::error(-1, 321, "The API interface is currently in Read-Only mode."));
    EXPECT_EQ(desk.gate(), Gate::NeedsOperator);
    EXPECT_TRUE(desk.reason().starts_with("ib_read_only"));
    for (int i = 0; i < 10; ++i) {
        desk.wait(10s);
        desk.feed({"49", "1", "5"});
    }
    EXPECT_TRUE(desk.open);
    EXPECT_EQ(desk.count<gateway::PositionsSnapshot>(), 1U);
}

TEST(IbSession, PositionsChangeAfterTheSnapshot) {
    Desk desk;
    desk.become_ready();
    desk.forget();
    desk.feed(fake::position("DU1000001", fake::nasdaq_future(), "-2", "300010"));
    EXPECT_EQ(desk.count<gateway::PositionChanged>(), 0U) << "its name is asked for first";
    desk.describe(fake::nasdaq_future());
    const auto change = desk.last<gateway::PositionChanged>().position;
    EXPECT_EQ(change.instrument.symbol->text(), "NQ.2603");
    EXPECT_EQ(change.quantity.value, Decimal::from_integer(-2));
    EXPECT_EQ(change.average_cost->value, *Decimal::parse("15000.5"));
    desk.feed(fake::position("DU1000001", fake::nasdaq_future(), "0", "0"));
    EXPECT_TRUE(desk.last<gateway::PositionChanged>().position.quantity.value.is_zero());
    desk.feed(fake::position("DU9999999", fake::nasdaq_future(), "5", "0"));
    EXPECT_EQ(desk.count<gateway::PositionChanged>(), 2U);
}

TEST(IbSession, WhatCannotBeNamedIsShownAllTheSame) {
    fake::ContractText bond;
    bond.conid = "333";
    bond.symbol = "IBM";
    bond.type = "BOND";
    bond.local = "IBM 3 1/2 01/01/30";
    Desk desk;
    desk.start();
    desk.feed(fake::position("DU1000001", bond, "5", "98.5"));
    desk.end_positions();
    desk.feed(fake::error(std::stoll(desk.last_request("9", 2)), 200, "no security definition"));
    const auto held = desk.last<gateway::PositionsSnapshot>().positions.at(0);
    EXPECT_FALSE(held.instrument.symbol);
    EXPECT_EQ(held.instrument.broker_symbol, "IBM 3 1/2 01/01/30");
    EXPECT_EQ(held.instrument.asset_class, AssetClass::Bond);
}

TEST(IbSession, BalancesThatChangeLaterAreSaidTogether) {
    Desk desk;
    desk.become_ready();
    const auto request = desk.last_request("62", 2);
    desk.forget();
    for (const auto* value : {"1", "2", "3"})
        desk.feed({"63", "1", request, "DU1000001", "CashBalance", value, "USD"});
    EXPECT_EQ(desk.count<gateway::BalancesSnapshot>(), 0U);
    desk.wait(250ms);
    ASSERT_EQ(desk.count<gateway::BalancesSnapshot>(), 1U);
    EXPECT_EQ(desk.last<gateway::BalancesSnapshot>().balances.at(0).cash->value,
              Decimal::from_integer(3));
}

TEST(IbSession, StopClosesAndStaysStopped) {
    Desk desk;
    desk.become_ready();
    desk.command(gateway::Stop{});
    EXPECT_TRUE(desk.gateway.stopped());
    EXPECT_FALSE(desk.open);
    EXPECT_EQ(desk.gate(), Gate::Down);
    const int connects = desk.connects;
    desk.wait(300s);
    EXPECT_EQ(desk.connects, connects);
    EXPECT_FALSE(desk.gateway.deadline());
}

TEST(IbSession, EverySplitOfAWholeSessionEndsReady) {
    for (std::size_t cut = 1; cut < 60; ++cut) {
        Desk desk;
        desk.command(gateway::Start{});
        desk.gateway.on_io(desk.now, io::Connected{desk.channel});
        const auto feed = [&](const fake::Fields& fields) {
            const auto bytes = fake::frame(fields);
            const auto at = std::min(cut, bytes.size());
            desk.feed_bytes(bytes.substr(0, at));
            desk.feed_bytes(bytes.substr(at));
        };
        feed({"200", "20260105 09:30:00 EST"});
        feed({"15", "1", "DU1000001"});
        feed({"9", "1", "41"});
        feed({"62", "1"});
        feed({"64", "1", desk.last_request("62", 2)});
        feed({"74", "1", desk.last_request("76", 2)});
        feed({"53", "1"});
        feed(fake::open_order({}));
        feed({"53", "1"});
        feed({"102"});
        feed({"55", "1", desk.last_request("7", 2)});
        ASSERT_EQ(desk.gate(), Gate::Ready) << "cut at " << cut;
        ASSERT_EQ(desk.count<gateway::OrderReport>(), 1U) << "cut at " << cut;
    }
}

TEST(IbSession, AWholeSessionInSingleBytesEndsReady) {
    Desk desk;
    desk.command(gateway::Start{});
    desk.gateway.on_io(desk.now, io::Connected{desk.channel});
    const auto drip = [&](const fake::Fields& fields) {
        for (const char byte : fake::frame(fields)) desk.feed_bytes(std::string(1, byte));
    };
    drip({"200", "20260105 09:30:00 EST"});
    drip({"15", "1", "DU1000001"});
    drip({"9", "1", "41"});
    drip({"62", "1"});
    drip({"64", "1", desk.last_request("62", 2)});
    drip({"74", "1", desk.last_request("76", 2)});
    drip({"53", "1"});
    drip({"53", "1"});
    drip({"102"});
    drip({"55", "1", desk.last_request("7", 2)});
    EXPECT_EQ(desk.gate(), Gate::Ready);
}

}  // namespace
}  // namespace janus::ib
