#include <gtest/gtest.h>

#include "gateway/ib/fake_broker.hpp"

namespace janus::ib {
namespace {

using namespace std::chrono_literals;
using gateway::Gate;

struct AccountsDesk : fake::Desk {
    explicit AccountsDesk(IbSettings settings = default_settings())
        : fake::Desk(std::move(settings)) {}

    /// Up to the balances, with the positions done.
    void start_balances(const std::string& accounts = "DU1000001") {
        start(accounts);
        end_positions();
    }
    std::string values_request(std::size_t nth = 0) const {
        for (const auto& fields : sent)
            if (fields.front() == "76" && nth-- == 0) return fields[2];
        return {};
    }
    void value(const std::string& key, const std::string& value, const std::string& currency,
               const std::string& account = "DU1000001") {
        feed({"73", "1", values_request(), account, "", key, value, currency});
    }
    void end_orders() {
        end_open_orders();
        end_open_orders();
        end_completed();
        end_executions();
    }
};

std::string many_accounts(std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += (out.empty() ? "" : ",") + std::to_string(1'000'001 + i).insert(0, "DU");
    return out;
}

TEST(AccountStreams, BalancesKnowTheRateOfTheirCurrency) {
    AccountsDesk desk;
    desk.start_balances();
    desk.value("CashBalance", "1000.50", "EUR");
    desk.value("ExchangeRate", "1.0825", "EUR");
    desk.value("CashBalance", "-20", "USD");
    desk.value("NetLiquidation", "1063.04", "USD");
    desk.value("ExchangeRate", "1.00", "BASE");
    desk.end_balances();
    const auto balances = desk.last<gateway::BalancesSnapshot>().balances;
    ASSERT_EQ(balances.size(), 2U) << "BASE repeats what has a currency";
    EXPECT_EQ(balances[0].currency, "EUR");
    EXPECT_EQ(balances[0].exchange_rate, Decimal::parse("1.0825").value());
    EXPECT_EQ(balances[0].cash, Money{*Decimal::parse("1000.5")});
    EXPECT_EQ(balances[1].exchange_rate, std::nullopt) << "not told, so not guessed";
    EXPECT_EQ(balances[1].net_liquidation, Money{*Decimal::parse("1063.04")});
}

TEST(AccountStreams, BalancesEndWhenBothSourcesHaveEnded) {
    AccountsDesk desk;
    desk.start_balances();
    desk.feed({"64", "1", desk.last_request("62", 2)});
    EXPECT_EQ(desk.count<gateway::BalancesSnapshot>(), 0U);
    desk.feed({"74", "1", desk.values_request()});
    EXPECT_EQ(desk.count<gateway::BalancesSnapshot>(), 1U);
    desk.end_orders();
    EXPECT_EQ(desk.gate(), Gate::Ready);
}

TEST(AccountStreams, AnAccountThatIbCallsNotReadyIsNotReadyHere) {
    AccountsDesk desk;
    desk.start_balances();
    desk.value("AccountReady", "false", "");
    desk.end_balances();
    EXPECT_EQ(desk.count<gateway::BalancesSnapshot>(), 0U);
    EXPECT_EQ(desk.gate(), Gate::Reconciling);
    desk.value("AccountReady", "true", "");
    EXPECT_EQ(desk.count<gateway::BalancesSnapshot>(), 1U);
    desk.end_orders();
    EXPECT_EQ(desk.gate(), Gate::Ready);
}

TEST(AccountStreams, WaitingForAnAccountIsBoundedAndNamed) {
    AccountsDesk desk;
    desk.start_balances();
    desk.value("AccountReady", "false", "");
    desk.end_balances();
    desk.wait_alive(29s);
    EXPECT_TRUE(desk.open);
    desk.wait(1s);
    EXPECT_FALSE(desk.open);
    EXPECT_EQ(desk.reason(), "balances: ib_main not ready at IB");
}

TEST(AccountStreams, ValuesOfAnAccountThatIsBeingResetAreNotSaid) {
    AccountsDesk desk;
    desk.become_ready();
    const auto before = desk.count<gateway::BalancesSnapshot>();
    desk.value("AccountReady", "false", "");
    desk.value("CashBalance", "0", "USD");
    desk.wait(1s);
    EXPECT_EQ(desk.count<gateway::BalancesSnapshot>(), before) << "the last ones stay";
    desk.value("AccountReady", "true", "");
    desk.value("CashBalance", "55", "USD");
    desk.wait(1s);
    ASSERT_EQ(desk.count<gateway::BalancesSnapshot>(), before + 1);
    EXPECT_EQ(desk.last<gateway::BalancesSnapshot>().balances[0].cash,
              Money{Decimal::from_integer(55)});
}

TEST(AccountStreams, AValueThatIsNoNumberOrNotOursIsCountedAndLeftOut) {
    AccountsDesk desk;
    desk.start_balances();
    desk.value("CashBalance", "plenty", "USD");
    EXPECT_EQ(desk.counter("unreadable_balance"), 1U);
    desk.value("CashBalance", "5", "USD", "DU9");
    EXPECT_EQ(desk.counter("foreign_account_value"), 1U);
    desk.feed({"73", "1", "123", "DU1000001", "", "CashBalance", "5", "USD"});
    EXPECT_EQ(desk.counter("late_account_value"), 1U);
    desk.end_balances();
    EXPECT_TRUE(desk.last<gateway::BalancesSnapshot>().balances.empty());
}

TEST(AccountStreams, AnAccountWhoseOwnValuesAreRefusedLivesFromTheSummary) {
    AccountsDesk desk;
    desk.start_balances();
    desk.feed(fake::error(std::stoll(desk.values_request()), 321, "Invalid account code"));
    desk.feed({"63", "1", desk.last_request("62", 2), "DU1000001", "TotalCashValue", "7", "USD"});
    desk.feed({"64", "1", desk.last_request("62", 2)});
    ASSERT_EQ(desk.count<gateway::BalancesSnapshot>(), 1U);
    EXPECT_EQ(desk.last<gateway::BalancesSnapshot>().balances[0].cash,
              Money{Decimal::from_integer(7)});
    EXPECT_EQ(desk.counter("account_stream_refused"), 1U);
}

TEST(AccountStreams, ProfitIsAskedForOncePerConnectionAndSaidWhenItChanges) {
    AccountsDesk desk;
    desk.become_ready();
    ASSERT_EQ(desk.count_sent("92"), 1U);
    EXPECT_EQ((*desk.find_sent("92"))[2], "DU1000001");
    const auto request = desk.last_request("92", 1);
    desk.feed({"94", request, "12.5", "-3", fake::unset_price});
    desk.feed({"94", request, "12.5", "-3", fake::unset_price});
    ASSERT_EQ(desk.count<gateway::ProfitChanged>(), 1U);
    const auto profit = desk.last<gateway::ProfitChanged>().profit;
    EXPECT_EQ(profit.account, AccountName{"ib_main"});
    EXPECT_EQ(profit.daily, Money{*Decimal::parse("12.5")});
    EXPECT_EQ(profit.realized, std::nullopt);
    desk.command(gateway::RefreshAccount{{"ib_main"}});
    desk.end_all();
    EXPECT_EQ(desk.count_sent("92"), 1U);
    desk.feed(fake::error(-1, 1101, "back, data lost"));
    EXPECT_EQ(desk.last_request("93", 1), request);
    EXPECT_EQ(desk.count_sent("92"), 2U);
    desk.feed({"94", request, "99", "-3", "0"});
    EXPECT_EQ(desk.counter("late_profit"), 1U);
}

TEST(AccountStreams, ALoginWithManyAccountsIsServedAccountByAccount) {
    AccountsDesk desk;
    desk.start(many_accounts(51));
    EXPECT_EQ(desk.count_sent("61"), 0U) << "IB does not serve the common list any more";
    ASSERT_EQ(desk.count_sent("74"), 1U);
    const auto positions = desk.last_request("74", 2);
    fake::Fields row{"71", "1", positions, "DU1000001"};
    fake::append(row, fake::apple());
    fake::append(row, {"0.5", "180.5", ""});
    desk.feed(row);
    desk.feed({"72", "1", positions});
    desk.describe({});
    ASSERT_EQ(desk.count<gateway::PositionsSnapshot>(), 1U);
    EXPECT_EQ(desk.last<gateway::PositionsSnapshot>().positions[0].quantity,
              Quantity{*Decimal::parse("0.5")});
    EXPECT_EQ(desk.count_sent("62"), 0U);
    desk.feed({"74", "1", desk.values_request()});
    desk.end_orders();
    EXPECT_EQ(desk.gate(), Gate::Ready);
    row[15] = "0.75";
    desk.feed(row);
    EXPECT_EQ(desk.last<gateway::PositionChanged>().position.quantity,
              Quantity{*Decimal::parse("0.75")});
}

TEST(AccountStreams, WithoutTheCommonListsARefusalIsAHoleAndNothingIsReady) {
    AccountsDesk desk;
    desk.start(many_accounts(51));
    desk.feed(fake::error(std::stoll(desk.last_request("74", 2)), 321, "not permitted"));
    EXPECT_FALSE(desk.open);
    EXPECT_EQ(desk.reason(), "positions: error 321: not permitted");
}

TEST(AccountStreams, AnAdvisersLoginBindsItsSubAccountsAndNamesWhatIsMissing) {
    auto settings = fake::Desk::default_settings();
    settings.accounts = {
        {{"first"},   "DU1000001"},
        {{"master"},  "DF1000000"},
        {{"missing"}, "DU1000009"},
    };
    AccountsDesk desk(settings);
    desk.start("DF1000000,DU1000001,DU1000002,");
    EXPECT_EQ(desk.gateway.accounts().size(), 3U);
    const auto gates = desk.all<gateway::GateChanged>();
    const auto missing = std::ranges::find_if(gates, [](const auto& event) {
        return event.account.value == "missing" && event.gate == Gate::NeedsOperator;
    });
    ASSERT_NE(missing, gates.end());
    EXPECT_TRUE(missing->reason.starts_with("unknown_account DU1000009"));
    desk.end_positions();
    EXPECT_EQ(desk.count_sent("76"), 2U) << "the master has values of its own";
    desk.end_balances();
    // The master's summary adds nothing to a sub-account.
    for (const auto& snapshot : desk.all<gateway::BalancesSnapshot>())
        EXPECT_TRUE(snapshot.balances.empty());
}

}  // namespace
}  // namespace janus::ib
