#include "sim/webull/reports.hpp"

#include <set>

#include <gtest/gtest.h>

#include "sim/webull/pages.hpp"
#include "sim/webull/test_client.hpp"

namespace janus::sim {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

struct PathPair {
    const char* g3;
    const char* g4;
};

/// Both generations of a call must answer the same rows.
void expect_same_rows(TestClient& client, const PathPair& paths, const std::string& query,
                      std::size_t count) {
    const auto older = client.get(paths.g3 + query);
    const auto newer = client.get(paths.g4 + query);
    ASSERT_EQ(older.status, 200) << older.text;
    ASSERT_EQ(newer.status, 200) << newer.text;
    ASSERT_TRUE(older.body.is_array()) << older.text;
    ASSERT_TRUE(newer.body.is_object()) << newer.text;
    EXPECT_EQ(older.body.get_array(), rows_of(newer.body));
    EXPECT_EQ(rows_of(older.body).size(), count) << older.text;
}

TEST(SimWebullReports, AccountsOfTheKeyAreListedInBothGenerations) {
    TestClient client;
    expect_same_rows(client, {"/openapi/account/list", "/trading/accounts/list"}, "", 2);
    const auto accounts = client.get("/openapi/account/list");
    const auto& first = rows_of(accounts.body).at(0).get_object();
    EXPECT_EQ(text_in(first, "account_id"), "WBSIM0000000001");
    EXPECT_EQ(text_in(first, "account_number"), "CVA00001");
    EXPECT_EQ(text_in(first, "account_type"), "MARGIN");
}

TEST(SimWebullReports, PositionsCarryDecimalTexts) {
    TestClient client;
    const auto query = "?account_id=" + client.account;
    expect_same_rows(client, {"/openapi/assets/positions", "/trading/assets/positions/list"}, query,
                     4);
    const auto reply = client.get("/openapi/assets/positions" + query);
    for (const auto& row : rows_of(reply.body)) {
        for (const auto& [name, value] : row.get_object()) EXPECT_TRUE(value.is_string()) << name;
        if (text_in(row.get_object(), "symbol") == "AAPL") {
            EXPECT_EQ(text_in(row.get_object(), "quantity"), "50");
            EXPECT_EQ(text_in(row.get_object(), "cost_price"), "165");
            EXPECT_EQ(text_in(row.get_object(), "last_price"), "190.5");
            EXPECT_EQ(text_in(row.get_object(), "market_value"), "9525.00");
            EXPECT_EQ(text_in(row.get_object(), "unrealized_profit_loss"), "1275.00");
            EXPECT_EQ(text_in(row.get_object(), "instrument_type"), "EQUITY");
        }
    }
}

TEST(SimWebullReports, BalanceAddsUpInBothGenerations) {
    TestClient client;
    const auto older = client.get("/openapi/assets/balance?account_id=" + client.account);
    const auto newer = client.get("/trading/assets/balances/get?account_id=" + client.account);
    EXPECT_EQ(older.body, newer.body);
    EXPECT_EQ(older["total_cash_balance"], "90000.00");
    const auto total = Decimal::parse(older["total_net_liquidation_value"]).value();
    const auto value = Decimal::parse(older["total_market_value"]).value();
    EXPECT_EQ(total, value + Decimal::from_integer(90000));
    EXPECT_EQ(text_in(older.body.at("account_currency_assets").at(0).get_object(), "currency"),
              "USD");
}

TEST(SimWebullReports, AnAccountOfNobodyAndNoAccountAreRefused) {
    TestClient client;
    for (const auto* path : {"/openapi/assets/positions", "/openapi/assets/balance",
                             "/openapi/trade/order/open", "/openapi/trade/order/history"}) {
        const auto foreign = client.get(std::string(path) + "?account_id=DU1000001");
        EXPECT_EQ(foreign.status, 403) << path;
        EXPECT_EQ(foreign["error_code"], "OPENAPI_ACCOUNT_ACCESS_DENIED");
        const auto none = client.get(path);
        EXPECT_EQ(none.status, 417) << path;
        EXPECT_EQ(none["error_code"], "OPENAPI_PARAM_ERR");
    }
}

std::string symbols_of(const TestClient::Reply& reply) {
    std::string text;
    for (const auto& row : rows_of(reply.body)) text += text_in(row.get_object(), "symbol") + " ";
    return text;
}

TEST(SimWebullReports, UnknownSymbolsAreLeftOut) {
    TestClient client;
    const auto query = "?category=US_STOCK&symbols=AAPL,NOWB,BRK.B,XXXX,NOIB";
    const auto older = client.get(std::string("/openapi/instrument/stock/list") + query);
    EXPECT_EQ(symbols_of(older), "AAPL BRK.B NOIB ");
    const auto newer = client.get(std::string("/trading/instruments/stocks/profiles/list") + query);
    EXPECT_EQ(rows_of(newer.body), rows_of(older.body));
    EXPECT_TRUE(newer.body.is_object());
}

TEST(SimWebullReports, EtfsAreFoundInTheirOwnCategory) {
    TestClient client;
    const std::string path = "/openapi/instrument/stock/list?symbols=SPY,QQQ,AAPL&category=";
    EXPECT_EQ(symbols_of(client.get(path + "US_STOCK")), "SPY QQQ AAPL ");
    EXPECT_EQ(symbols_of(client.get(path + "US_ETF")), "SPY QQQ ");
    client.fault("webull", "etfs_apart");
    EXPECT_EQ(symbols_of(client.get(path + "US_STOCK")), "AAPL ");
}

TEST(SimWebullReports, InstrumentQueriesAreChecked) {
    TestClient client;
    const std::string path = "/openapi/instrument/stock/list";
    EXPECT_EQ(client.get(path + "?category=US_STOCK").status, 417);
    EXPECT_EQ(client.get(path + "?symbols=AAPL").status, 417);
    EXPECT_EQ(client.get(path + "?symbols=AAPL&category=US_OPTION").status, 417);
    std::string many;
    for (int at = 0; at < 101; ++at) many += "AAPL,";
    EXPECT_EQ(client.get(path + "?category=US_STOCK&symbols=" + many).status, 417);
}

/// Places so many resting orders; their ids count up.
void place_many(TestClient& client, int count) {
    for (int at = 0; at < count; ++at)
        ASSERT_EQ(client.place(fmt::format("paging{:06}", at), "BUY", "F", "1", "5.00").status,
                  200);
}

TEST(SimWebullPaging, TheOlderGenerationIsReadToItsEndByTheLastId) {
    TestClient client;
    place_many(client, 35);
    const std::string path = "/openapi/trade/order/open?account_id=" + client.account;
    std::set<std::string> seen;
    std::string cursor;
    std::vector<std::size_t> sizes;
    do {
        const auto reply =
            client.get(path + (cursor.empty() ? "" : "&last_client_order_id=" + cursor));
        ASSERT_EQ(reply.status, 200);
        sizes.push_back(rows_of(reply.body).size());
        for (const auto& row : rows_of(reply.body))
            seen.insert(cursor = text_in(row.get_object(), "client_order_id"));
    } while (sizes.back() == 10);
    EXPECT_EQ(sizes, (std::vector<std::size_t>{10, 10, 10, 5}));
    EXPECT_EQ(seen.size(), 35U);
}

TEST(SimWebullPaging, TheNewerGenerationIsReadToItsEndByTheKey) {
    TestClient client;
    place_many(client, 35);
    for (const auto* list : {"open-orders", "historical-orders"}) {
        const auto path =
            fmt::format("/trading/orders/{}/list?page_size=20&account_id={}", list, client.account);
        const auto first = client.get(path);
        EXPECT_EQ(rows_of(first.body).size(), 20U);
        const auto second = client.get(path + "&pagination_key=" + first["pagination_key"]);
        EXPECT_EQ(rows_of(second.body).size(), 15U);
        EXPECT_EQ(second["pagination_key"], "");
    }
}

TEST(SimWebullPaging, ACursorStaysGoodWhenItsOrderLeavesTheList) {
    TestClient client;
    place_many(client, 12);
    client.post(
        "/openapi/trade/order/cancel",
        fmt::format(R"({{"account_id":"{}","client_order_id":"paging000002"}})", client.account));
    client.advance(400ms);
    const auto reply = client.get(
        "/openapi/trade/order/open?last_client_order_id=paging000002&"
        "account_id=" +
        client.account);
    EXPECT_EQ(rows_of(reply.body).size(), 2U);
}

TEST(SimWebullPaging, BadSizesAndCursorsAreRefused) {
    TestClient client;
    place_many(client, 1);
    const std::string g3 = "/openapi/trade/order/open?account_id=" + client.account;
    const std::string g4 = "/trading/orders/open-orders/list?account_id=" + client.account;
    for (const auto* size : {"0", "9", "101", "x", "-1"})
        EXPECT_EQ(client.get(g3 + "&page_size=" + size)["error_code"], "OPENAPI_PARAM_ERR") << size;
    EXPECT_EQ(client.get(g3 + "&page_size=100").status, 200);
    EXPECT_EQ(client.get(g3 + "&last_client_order_id=nobody")["error_code"],
              "OPENAPI_ORDER_NOT_FOUND");
    EXPECT_EQ(client.get(g3 + "&last_client_order_id=paging000000&last_order_id=1")["error_code"],
              "OPENAPI_ORDER_NOT_FOUND");
    EXPECT_EQ(client.get(g4 + "&pagination_key=nobody")["error_code"], "OPENAPI_PARAM_ERR");
}

TEST(SimWebullHistory, CoversSevenDaysUnlessAskedFor) {
    TestClient client;
    place_many(client, 1);
    const std::string path = "/openapi/trade/order/history?account_id=" + client.account;
    client.now.utc = client.now.utc + std::chrono::days(7);
    EXPECT_EQ(rows_of(client.get(path).body).size(), 1U);
    client.now.utc = client.now.utc + std::chrono::days(2);
    EXPECT_EQ(rows_of(client.get(path).body).size(), 0U);
    EXPECT_EQ(rows_of(client.get(path + "&start_date=2026-03-09&end_date=2026-03-09").body).size(),
              1U);
    EXPECT_EQ(rows_of(client.get(path + "&start_date=2026-03-10&end_date=2026-03-18").body).size(),
              0U);
}

TEST(SimWebullHistory, RangesAreChecked) {
    TestClient client;
    const std::string g3 = "/openapi/trade/order/history?account_id=" + client.account;
    const std::string g4 = "/trading/orders/historical-orders/list?account_id=" + client.account;
    for (const auto* range :
         {"&start_date=2026-03-01", "&end_date=2026-03-01",
          "&start_date=2026-03-05&end_date=2026-03-01",
          "&start_date=2023-01-01&end_date=2023-01-02", "&start_date=yesterday&end_date=today"})
        EXPECT_EQ(client.get(g3 + range)["error_code"], "OPENAPI_PARAM_ERR") << range;
    EXPECT_EQ(
        client.get(g4 + "&start_time=2026-03-01T00:00:00.000Z&end_time=2026-03-10T00:00:00.000Z")
            .status,
        200);
    EXPECT_EQ(
        client.get(g4 + "&start_time=2025-01-01T00:00:00.000Z&end_time=2026-03-10T00:00:00.000Z")
            .status,
        417);
}

TEST(SimWebullHistory, EasternTimeFollowsTheRuleOfTheLand) {
    const auto offset = [](const char* text) {
        return webull::eastern_offset_at(parse_iso(text).value());
    };
    EXPECT_EQ(offset("2026-03-08T06:59:59Z"), 5h);
    EXPECT_EQ(offset("2026-03-08T07:00:00Z"), 4h);
    EXPECT_EQ(offset("2026-11-01T05:59:59Z"), 4h);
    EXPECT_EQ(offset("2026-11-01T06:00:00Z"), 5h);
}

}  // namespace
}  // namespace janus::sim
