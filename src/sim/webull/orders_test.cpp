#include <gtest/gtest.h>

#include "sim/webull/order_request.hpp"
#include "sim/webull/test_client.hpp"

namespace janus::sim {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto id_one = "order00000000001";
constexpr auto id_two = "order00000000002";

std::string detail_member(TestClient& client, const std::string& id, std::string_view name) {
    const auto reply = client.get(
        fmt::format("/trading/orders/get?account_id={}&client_order_id={}", client.account, id));
    return text_in(reply.body.at("orders").at(0).get_object(), name);
}

std::string cancel_body(const TestClient& client, const std::string& id) {
    return fmt::format(R"({{"account_id":"{}","client_order_id":"{}"}})", client.account, id);
}

TestClient::Reply replace(TestClient& client, const std::string& id, const std::string& members) {
    return client.post(
        "/openapi/trade/order/replace",
        fmt::format(R"({{"account_id":"{}","modify_orders":[{{"client_order_id":"{}",{}}}]}})",
                    client.account, id, members));
}

/// A placement of one order whose members are changed before it is sent; null removes one.
TestClient::Reply place_with(TestClient& client, const std::string& member, json::value value) {
    auto order =
        json::parse(TestClient::order_body(id_one, "BUY", "MSFT", "2", "300.00")).get_object();
    if (value.is_null())
        order.erase(member);
    else
        order[member] = std::move(value);
    const json::object body{
        {"account_id", client.account    },
        {"new_orders", json::array{order}},
    };
    return client.post("/openapi/trade/order/place", json::serialize(body));
}

TEST(SimWebullOrders, ARestingOrderIsOpenUntilItIsCancelled) {
    TestClient client;
    const auto placed = client.place(id_one, "BUY", "MSFT", "2", "300.00");
    ASSERT_EQ(placed.status, 200) << placed.text;
    EXPECT_EQ(placed["client_order_id"], id_one);
    EXPECT_EQ(placed["order_id"].size(), 26U);
    client.advance(2s);
    EXPECT_EQ(client.status_of(id_one), "SUBMITTED");
    EXPECT_EQ(detail_member(client, id_one, "limit_price"), "300");
    EXPECT_EQ(detail_member(client, id_one, "total_quantity"), "2");
    EXPECT_EQ(detail_member(client, id_one, "filled_quantity"), "0");
    const auto cancel = client.post("/trading/orders/cancel", cancel_body(client, id_one));
    EXPECT_EQ(cancel.status, 200);
    EXPECT_EQ(client.status_of(id_one), "SUBMITTED");
    client.advance(400ms);
    EXPECT_EQ(client.status_of(id_one), "CANCELLED");
}

TEST(SimWebullOrders, AMarketOrderFillsAndMovesThePosition) {
    TestClient client;
    ASSERT_EQ(client.place(id_one, "BUY", "MSFT", "2", "").status, 200);
    client.advance(2s);
    EXPECT_EQ(client.status_of(id_one), "FILLED");
    EXPECT_EQ(detail_member(client, id_one, "filled_quantity"), "2");
    EXPECT_EQ(detail_member(client, id_one, "filled_price"), "410.26");
    EXPECT_EQ(webull::held_of(client.exchange, client.account, "MSFT").value,
              Decimal::from_integer(2));
}

TEST(SimWebullOrders, TheNewerPathPlacesAsWell) {
    TestClient client;
    const auto body = fmt::format(R"({{"account_id":"{}","new_orders":[{}]}})", client.account,
                                  TestClient::order_body(id_one, "SELL", "AAPL", "5", "250"));
    const auto placed = client.call("POST", "/trading/orders/place", body,
                                    {
                                        {"x-version", "v3"       },
                                        {"category",  "US_EQUITY"}
    });
    EXPECT_EQ(placed->status, 200) << placed->text;
    EXPECT_EQ(client.status_of(id_one), "SUBMITTED");
}

TEST(SimWebullOrders, AnIdIsGoodForOneAcceptedOrderOnly) {
    TestClient client;
    EXPECT_EQ(client.place(id_one, "SELL", "MSFT", "1", "500")["error_code"],
              "OPENAPI_SELL_QTY_EXCEED_AVAILABLE_QTY");
    EXPECT_EQ(client.place(id_one, "BUY", "MSFT", "1", "300").status, 200);
    EXPECT_EQ(client.place(id_one, "BUY", "MSFT", "1", "300")["error_code"],
              "OPENAPI_TRADE_PLACE_ORDER_REPEAT");
    EXPECT_EQ(client.exchange.orders().size(), 1U);
}

TEST(SimWebullOrders, IdsAreTenToFortyPlainCharacters) {
    EXPECT_FALSE(webull::is_client_order_id("123456789"));
    EXPECT_TRUE(webull::is_client_order_id("1234567890"));
    EXPECT_TRUE(webull::is_client_order_id(std::string(40, 'a')));
    EXPECT_FALSE(webull::is_client_order_id(std::string(41, 'a')));
    EXPECT_TRUE(webull::is_client_order_id("abc-DEF_123"));
    EXPECT_FALSE(webull::is_client_order_id("abcdefghi.j"));
}

TEST(SimWebullOrders, EveryNeededMemberIsMissed) {
    for (const auto* member : {"client_order_id", "combo_type", "instrument_type", "market",
                               "symbol", "side", "order_type", "entrust_type", "time_in_force",
                               "support_trading_session", "quantity", "limit_price"}) {
        TestClient client;
        const auto reply = place_with(client, member, nullptr);
        EXPECT_EQ(reply.status, 417) << member;
        EXPECT_EQ(reply["error_code"], "OPENAPI_PARAM_ERR") << member;
        EXPECT_TRUE(client.exchange.orders().empty()) << member;
    }
}

struct BadMember {
    const char* member;
    const char* value;
    const char* code;
};
constexpr auto bad_members = std::to_array<BadMember>({
    {"side",                    "SELL_SHORT", "PARAM_ERR"                    },
    {"order_type",              "STOP",       "PARAM_ERR"                    },
    {"order_type",              "MARKET",     "PARAM_ERR"                    },
    {"order_type",              "STOP_LOSS",  "PARAM_ERR"                    },
    {"time_in_force",           "IOC",        "PARAM_ERR"                    },
    {"support_trading_session", "N",          "PARAM_ERR"                    },
    {"quantity",                "0",          "PARAM_ERR"                    },
    {"quantity",                "-1",         "PARAM_ERR"                    },
    {"quantity",                "many",       "PARAM_ERR"                    },
    {"limit_price",             "300.001",    "PARAM_ERR"                    },
    {"symbol",                  "NOWB",       "INVALID_PARAMETER"            },
    {"symbol",                  "",           "PARAM_ERR"                    },
    {"instrument_type",         "OPTION",     "UNSUPPORTED_CATEGORY"         },
    {"market",                  "HK",         "UNSUPPORTED_CATEGORY"         },
    {"combo_type",              "OCO",        "TRADE_ORDER_NO_PERMISSION"    },
    {"entrust_type",            "AMOUNT",     "PARAM_ERR"                    },
    {"side",                    "SELL",       "SELL_QTY_EXCEED_AVAILABLE_QTY"},
    {"quantity",                "100000",     "DAY_BUYING_POWER_INSUFFICIENT"},
});

TEST(SimWebullOrders, EveryBadMemberIsRefusedWithItsCode) {
    for (const auto& row : bad_members) {
        TestClient client;
        const auto reply = place_with(client, row.member, row.value);
        EXPECT_EQ(reply.status, 417) << row.member << '=' << row.value;
        EXPECT_EQ(reply["error_code"], std::string("OPENAPI_") + row.code)
            << row.member << '=' << row.value << ' ' << reply.text;
        EXPECT_EQ(client.status_of(id_one), "OPENAPI_ORDER_NOT_FOUND");
    }
}

TEST(SimWebullOrders, NumbersMayComeAsJsonNumbers) {
    TestClient client;
    EXPECT_EQ(place_with(client, "limit_price", 300.25).status, 200);
    EXPECT_EQ(detail_member(client, id_one, "limit_price"), "300.25");
}

TEST(SimWebullOrders, PricesBelowADollarHaveFinerSteps) {
    TestClient client;
    EXPECT_EQ(place_with(client, "limit_price", "0.1234").status, 200);
    TestClient other;
    EXPECT_EQ(place_with(other, "limit_price", "0.12345").status, 417);
}

TEST(SimWebullOrders, FractionsTradeInTheCoreSessionOnly) {
    TestClient client;
    EXPECT_EQ(place_with(client, "quantity", "0.5").status, 200);
    TestClient other;
    auto order =
        json::parse(TestClient::order_body(id_one, "BUY", "MSFT", "0.5", "300")).get_object();
    order["support_trading_session"] = "ALL";
    const json::object body{
        {"account_id", other.account     },
        {"new_orders", json::array{order}},
    };
    EXPECT_EQ(other.post("/openapi/trade/order/place", json::serialize(body))["error_code"],
              "OPENAPI_FRACT_ONLT_CORE_TIME");
}

TEST(SimWebullOrders, WhatIsPromisedToOneSellOrderIsNotAvailableToTheNext) {
    TestClient client;
    EXPECT_EQ(client.place(id_one, "SELL", "AAPL", "30", "250").status, 200);
    EXPECT_EQ(client.place(id_two, "SELL", "AAPL", "21", "251")["error_code"],
              "OPENAPI_SELL_QTY_EXCEED_AVAILABLE_QTY");
    EXPECT_EQ(client.place(id_two, "SELL", "AAPL", "20", "251").status, 200);
}

TEST(SimWebullOrders, AShortNeedsAFlatPositionAndABuyDoesNotCrossZero) {
    TestClient client;
    EXPECT_EQ(client.place(id_one, "SHORT", "AAPL", "1", "250")["error_code"],
              "OPENAPI_ORDER_SIDE_NOT_MATCH_WITH_POSITION");
    EXPECT_EQ(client.place(id_one, "SHORT", "MSFT", "5", "").status, 200);
    client.advance(2s);
    EXPECT_EQ(client.status_of(id_one), "FILLED");
    EXPECT_EQ(client.place(id_two, "BUY", "MSFT", "6", "300")["error_code"],
              "OPENAPI_ORDER_SIDE_NOT_MATCH_WITH_POSITION");
    EXPECT_EQ(client.place(id_two, "BUY", "MSFT", "5", "300").status, 200);
}

TEST(SimWebullOrders, OpeningOrdersInBothDirectionsDoNotRestTogether) {
    TestClient client;
    EXPECT_EQ(client.place(id_one, "BUY", "MSFT", "1", "300").status, 200);
    EXPECT_EQ(client.place(id_two, "SHORT", "MSFT", "1", "500")["error_code"],
              "OPENAPI_OPEN_ORDER_HAS_BOX_ORDER");
}

TEST(SimWebullOrders, AStopWaitsAndThenFills) {
    TestClient client;
    auto order = json::parse(TestClient::order_body(id_one, "BUY", "MSFT", "2", "")).get_object();
    order["order_type"] = "STOP_LOSS";
    order["stop_price"] = "420";
    const json::object body{
        {"account_id", client.account    },
        {"new_orders", json::array{order}},
    };
    EXPECT_EQ(client.post("/openapi/trade/order/place", json::serialize(body)).status, 200);
    client.advance(1s);
    EXPECT_EQ(client.status_of(id_one), "PENDING");
    const auto price = [](int whole) { return Price{Decimal::from_integer(whole)}; };
    ASSERT_TRUE(client.exchange.set_market(client.now, "MSFT", price(420), price(421), price(421)));
    client.advance(1s);
    EXPECT_EQ(client.status_of(id_one), "FILLED");
}

TEST(SimWebullOrders, AReplaceKeepsTheIdsAndChangesTheTerms) {
    TestClient client;
    const auto placed = client.place(id_one, "BUY", "MSFT", "2", "300");
    const auto replaced = replace(client, id_one, R"("quantity":"3","limit_price":"301.5")");
    ASSERT_EQ(replaced.status, 200) << replaced.text;
    EXPECT_EQ(replaced["order_id"], placed["order_id"]);
    EXPECT_EQ(detail_member(client, id_one, "total_quantity"), "3");
    EXPECT_EQ(detail_member(client, id_one, "limit_price"), "301.5");
    EXPECT_EQ(replace(client, id_one, R"("limit_price":"301.555")").status, 417);
    EXPECT_EQ(replace(client, id_one, R"("time_in_force":"GTC")").status, 417);
    EXPECT_EQ(replace(client, id_two, R"("quantity":"3")")["error_code"],
              "OPENAPI_ORDER_NOT_FOUND");
    EXPECT_EQ(detail_member(client, id_one, "limit_price"), "301.5");
}

TEST(SimWebullOrders, FinalOrdersCannotBeChangedOrCancelled) {
    TestClient client;
    client.place(id_one, "BUY", "MSFT", "2", "");
    client.advance(2s);
    EXPECT_EQ(replace(client, id_one, R"("quantity":"3")")["error_code"],
              "OPENAPI_ORDER_STATUS_NOT_ALLOW_MODIFY");
    EXPECT_EQ(client.post("/openapi/trade/order/cancel", cancel_body(client, id_one))["error_code"],
              "OPENAPI_ORDER_CAN_NOT_BE_CANCEL");
    EXPECT_EQ(client.post("/openapi/trade/order/cancel", cancel_body(client, id_two))["error_code"],
              "OPENAPI_ORDER_NOT_FOUND");
}

TEST(SimWebullOrders, APreviewCostsNothing) {
    TestClient client;
    const auto body = fmt::format(R"({{"account_id":"{}","new_orders":[{}]}})", client.account,
                                  TestClient::order_body(id_one, "BUY", "MSFT", "7", "401.25"));
    for (const auto* path : {"/openapi/trade/order/preview", "/trading/orders/preview"})
        EXPECT_EQ(client.post(path, body)["estimated_cost"], "2808.75");
    EXPECT_TRUE(client.exchange.orders().empty());
    EXPECT_TRUE(client.server.ledger().empty());
}

TEST(SimWebullOrders, ABatchPlacesWhatItCan) {
    TestClient client;
    const auto body = fmt::format(R"({{"account_id":"{}","batch_orders":[{},{}]}})", client.account,
                                  TestClient::order_body(id_one, "BUY", "MSFT", "1", "300"),
                                  TestClient::order_body(id_two, "SELL", "MSFT", "1", "500"));
    const auto reply = client.post("/openapi/trade/order/batch-place", body);
    EXPECT_EQ(reply["total"], "2");
    EXPECT_EQ(reply["success"], "1");
    EXPECT_EQ(reply["failed"], "1");
    EXPECT_EQ(text_in(reply.body.at("batch_orders").at(1).get_object(), "error_code"),
              "OPENAPI_SELL_QTY_EXCEED_AVAILABLE_QTY");
    EXPECT_EQ(client.server.ledger().size(), 2U);
}

TEST(SimWebullOrders, BatchesMayBeRefusedAsAWholeOrLost) {
    TestClient client;
    const auto body = fmt::format(R"({{"account_id":"{}","batch_orders":[{},{}]}})", client.account,
                                  TestClient::order_body(id_one, "BUY", "MSFT", "1", "300"),
                                  TestClient::order_body(id_two, "BUY", "MSFT", "1", "301"));
    client.fault("webull", "no_batches", {});
    const auto refused = client.post("/openapi/trade/order/batch-place", body);
    EXPECT_EQ(refused.status, 417);
    EXPECT_EQ(refused["error_code"], "OPENAPI_TRADE_ORDER_NO_PERMISSION");
    client.fault("webull", "no_batches", {}, false);
    client.fault("webull", "swallow_place",
                 {
                     {"count", "1"}
    });
    const auto swallowed = client.post("/trading/orders/batch-place", body);
    EXPECT_EQ(swallowed["success"], "2");
    EXPECT_EQ(text_in(swallowed.body.at("batch_orders").at(1).get_object(), "client_order_id"),
              id_two);
    EXPECT_TRUE(client.exchange.orders().empty());
}

TEST(SimWebullOrders, BodiesThatAreNoObjectsAreIllegal) {
    TestClient client;
    for (const auto* body : {"", "[]", "{", "null"})
        EXPECT_EQ(client.post("/openapi/trade/order/place", body).status, 400) << body;
}

TEST(SimWebullLedger, HoldsEveryOrderMessageAlsoRefusedOnes) {
    TestClient client;
    client.place(id_one, "BUY", "MSFT", "2", "300");
    client.place(id_one, "BUY", "MSFT", "2", "300");
    replace(client, id_one, R"("quantity":"3")");
    client.post("/openapi/trade/order/cancel", cancel_body(client, id_one));
    client.secret = "wrong";
    client.place(id_two, "BUY", "MSFT", "2", "300");
    std::string kinds;
    for (const auto& entry : client.server.ledger()) {
        kinds += entry.kind + " ";
        EXPECT_EQ(entry.account, client.account);
        EXPECT_EQ(entry.broker, "webull");
        EXPECT_FALSE(entry.raw.empty());
    }
    EXPECT_EQ(kinds, "place place modify cancel place ");
    EXPECT_EQ(client.server.ledger().back().reference, id_two);
}

TEST(SimWebullOrders, AnOrderFromTheAppShowsUpUnderAForeignId) {
    TestClient client;
    ExchangeOrder order;
    order.account = client.account;
    order.symbol = "MSFT";
    order.quantity = {Decimal::from_integer(1)};
    order.type = OrderType::Limit;
    order.limit_price = Price{Decimal::from_integer(300)};
    ASSERT_TRUE(client.server.external_order(client.now, order).has_value());
    client.advance(50ms);
    const auto reply = client.get("/openapi/trade/order/open?account_id=" + client.account);
    ASSERT_EQ(rows_of(reply.body).size(), 1U);
    EXPECT_EQ(text_in(rows_of(reply.body).at(0).get_object(), "client_order_id").size(), 32U);
    order.account = "DU1000001";
    EXPECT_FALSE(client.server.external_order(client.now, order).has_value());
}

}  // namespace
}  // namespace janus::sim
