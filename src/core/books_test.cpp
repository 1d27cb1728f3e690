#include "core/books.hpp"

#include <gtest/gtest.h>

#include "core/test_rig.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;

const AccountName account{"ib_main"};

Position held(std::string_view symbol, std::string_view id, std::string_view quantity) {
    return position_of("ib_main", instrument_of(symbol, id), quantity, "10.5");
}

TEST(Books, ACompleteListReplacesEverything) {
    Books books;
    books.on_positions_snapshot(at(1s),
                                {
                                    account, {held("AAPL", "1", "10"), held("F", "2", "5")}
    });
    books.on_positions_snapshot(at(2s), {account, {held("F", "2", "6")}});
    ASSERT_EQ(books.positions(account).size(), 1U);
    EXPECT_EQ(books.quantity_of(account, NativeId{"2"}), quantity_of("6"));
    EXPECT_EQ(books.quantity_of(account, NativeId{"1"}), quantity_of("0"));
    EXPECT_EQ(books.snapshot_at(account), at(2s).utc);
}

TEST(Books, OneChangeLeavesTheOthersAloneAndAnExplicitZeroRemoves) {
    Books books;
    books.on_positions_snapshot(at(1s),
                                {
                                    account, {held("AAPL", "1", "10"), held("F", "2", "5")}
    });
    books.on_position_changed({held("AAPL", "1", "12")});
    EXPECT_EQ(books.quantity_of(account, NativeId{"1"}), quantity_of("12"));
    EXPECT_EQ(books.quantity_of(account, NativeId{"2"}), quantity_of("5"));
    books.on_position_changed({held("F", "2", "0")});
    EXPECT_EQ(books.positions(account).size(), 1U);
    EXPECT_EQ(books.snapshot_at(account), at(1s).utc);
}

TEST(Books, FractionsAndShortPositionsAreKeptExactly) {
    Books books;
    books.on_positions_snapshot(
        at(1s), {
                    account, {held("AAPL", "1", "0.33330001"), held("F", "2", "-1.5")}
    });
    EXPECT_EQ(books.quantity_of(account, NativeId{"1"}), quantity_of("0.33330001"));
    EXPECT_EQ(books.quantity_of(account, NativeId{"2"}), quantity_of("-1.5"));
}

TEST(Books, AZeroInACompleteListIsNoPosition) {
    Books books;
    books.on_positions_snapshot(at(1s), {account, {held("AAPL", "1", "0")}});
    EXPECT_TRUE(books.positions(account).empty());
    EXPECT_EQ(books.snapshot_at(account), at(1s).utc);
}

TEST(Books, AnInstrumentWithoutAnIdGoesByTheBrokersText) {
    Books books;
    auto odd = held("AAPL", "", "3");
    odd.instrument.broker_symbol = "ODD BOND";
    auto other = odd;
    other.instrument.broker_symbol = "OTHER BOND";
    books.on_positions_snapshot(at(1s), {
                                            account, {odd, other}
    });
    EXPECT_EQ(books.positions(account).size(), 2U);
}

TEST(Books, AccountsAreKeptApart) {
    Books books;
    books.on_positions_snapshot(at(1s), {account, {held("AAPL", "1", "10")}});
    books.on_positions_snapshot(at(2s), {AccountName{"webull_one"}, {}});
    EXPECT_EQ(books.positions({}).size(), 1U);
    EXPECT_TRUE(books.positions(AccountName{"webull_one"}).empty());
    EXPECT_EQ(books.snapshot_at(account), at(1s).utc);
    EXPECT_FALSE(books.snapshot_at(AccountName{"nobody"}));
}

TEST(Books, BalancesAreOnePerCurrencyAndReplacedTogether) {
    Books books;
    const auto cash = [](const char* currency, const char* amount) {
        return Balance{.account = account,
                       .currency = currency,
                       .cash = money_of(amount),
                       .net_liquidation = std::nullopt,
                       .buying_power = std::nullopt,
                       .at = {}};
    };
    books.on_balances_snapshot(at(1s), {
                                           account, {cash("USD", "100"), cash("EUR", "7")}
    });
    EXPECT_EQ(books.balances({}).size(), 2U);
    books.on_balances_snapshot(at(2s), {account, {cash("USD", "90")}});
    ASSERT_EQ(books.balances(account).size(), 1U);
    EXPECT_EQ(books.balances(account)[0].cash, money_of("90"));
}

TEST(BookDifferences, AreOneLineEach) {
    Books books;
    books.on_positions_snapshot(at(1s),
                                {
                                    account, {held("AAPL", "1", "10"), held("F", "2", "5")}
    });
    const auto before = books.book_of(account);
    auto dearer = held("AAPL", "1", "10");
    dearer.average_cost = price_of("11");
    books.on_positions_snapshot(at(2s), {
                                            account, {dearer, held("MSFT", "3", "1")}
    });
    books.on_balances_snapshot(at(2s), {account,
                                        {{.account = account,
                                          .currency = "USD",
                                          .cash = money_of("12.5"),
                                          .net_liquidation = money_of("99"),
                                          .buying_power = std::nullopt,
                                          .at = {}}}});
    EXPECT_EQ(differences_of(before, books.book_of(account)),
              (std::vector<std::string>{
                  "position AAPL: average cost was 10.5, is 11", "position F: quantity was 5, is 0",
                  "position MSFT: quantity was 0, is 1", "cash USD: was none, is 12.5"}));
    EXPECT_TRUE(differences_of(before, before).empty());
}

}  // namespace
}  // namespace janus::core
