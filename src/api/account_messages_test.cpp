#include <gtest/gtest.h>

#include "api/convert.hpp"

namespace janus::api {
namespace {

Money money(const char* text) {
    return {Decimal::parse(text).value()};
}

TEST(AccountMessages, ProfitIsShownAsFarAsTheBrokerTellsIt) {
    core::AccountView view;
    view.name = {"ib_main"};
    EXPECT_FALSE(to_message(view).has_profit());
    view.profit = AccountProfit{view.name, money("12.5"), std::nullopt, money("-3"), {}};
    const auto message = to_message(view);
    ASSERT_TRUE(message.has_profit());
    EXPECT_EQ(message.profit().daily(), "12.5");
    EXPECT_FALSE(message.profit().has_unrealized()) << "not told is not zero";
    EXPECT_EQ(message.profit().realized(), "-3");
}

TEST(AccountMessages, AnIdIsWholeOnlyForThoseWhoAskForIt) {
    const core::UnconfiguredAccount account{"webull", "w1+w2", Secret("WB0000000003"), "WB0...03",
                                            "Roth IRA"};
    const auto masked = to_message(account, Ids::Masked);
    EXPECT_EQ(masked.account_id(), "WB0...03");
    EXPECT_EQ(masked.login(), "w1+w2");
    EXPECT_EQ(masked.label(), "Roth IRA");
    EXPECT_EQ(to_message(account, Ids::Whole).account_id(), "WB0000000003");
}

TEST(AccountMessages, ABalanceKnowsTheRateOfItsCurrencyWhereTheBrokerTellsIt) {
    Balance balance;
    balance.currency = "EUR";
    balance.cash = money("10");
    EXPECT_FALSE(to_message(balance).has_exchange_rate());
    balance.exchange_rate = Decimal::parse("1.0825").value();
    EXPECT_EQ(to_message(balance).exchange_rate(), "1.0825");
    EXPECT_EQ(to_message(balance).cash(), "10");
}

}  // namespace
}  // namespace janus::api
