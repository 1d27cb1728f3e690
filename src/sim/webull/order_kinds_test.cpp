#include <gtest/gtest.h>

#include "sim/webull/test_client.hpp"

// Stops that trail, the night as a session of its own, the end of the day, orders by amount.
namespace janus::sim {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto id_one = "kinds00000000001";
constexpr auto id_two = "kinds00000000002";

using Members = std::initializer_list<std::pair<const char*, const char*>>;

/// A placement of one order of 2 MSFT at 300 whose members are changed before it is sent; an empty
/// value removes one.
TestClient::Reply place_with(TestClient& client, const std::string& id, const Members& members,
                             const std::string& path = "place") {
    auto order = json::parse(TestClient::order_body(id, "BUY", "MSFT", "2", "300.00")).get_object();
    for (const auto& [name, value] : members) {
        order.erase(name);
        if (*value != '\0') order[name] = value;
    }
    const json::object body{
        {"account_id", client.account    },
        {"new_orders", json::array{order}},
    };
    return client.post("/openapi/trade/order/" + path, json::serialize(body));
}

std::string member_of(TestClient& client, const std::string& id, std::string_view name) {
    const auto reply = client.get(
        fmt::format("/trading/orders/get?account_id={}&client_order_id={}", client.account, id));
    return text_in(reply.body.at("orders").at(0).get_object(), name);
}

void move_price(TestClient& client, const std::string& symbol, std::int64_t cents) {
    const Price price{Decimal::from_units(cents * 1'000'000)};
    ASSERT_TRUE(client.exchange.set_market(client.now, symbol, price, price, price));
    client.advance(100ms);
}

void move_day(TestClient& client, MarketPhase phase) {
    client.exchange.set_phase(client.now, phase);
    client.advance(1s);
}

TEST(SimWebullTrail, AStopFollowsThePriceAndFillsWhenItTurns) {
    TestClient client;
    move_price(client, "AAPL", 20000);
    const auto placed = place_with(client, id_one,
                                   {
                                       {"symbol",             "AAPL"              },
                                       {"side",               "SELL"              },
                                       {"order_type",         "TRAILING_STOP_LOSS"},
                                       {"limit_price",        ""                  },
                                       {"trailing_type",      "AMOUNT"            },
                                       {"trailing_stop_step", "1.5"               }
    });
    ASSERT_EQ(placed.status, 200) << placed.text;
    EXPECT_EQ(client.status_of(id_one), "PENDING");
    EXPECT_EQ(member_of(client, id_one, "stop_price"), "198.5");
    EXPECT_EQ(member_of(client, id_one, "trailing_type"), "AMOUNT");
    EXPECT_EQ(member_of(client, id_one, "trailing_stop_step"), "1.5");
    move_price(client, "AAPL", 20500);
    EXPECT_EQ(member_of(client, id_one, "stop_price"), "203.5");
    move_price(client, "AAPL", 20400);
    EXPECT_EQ(member_of(client, id_one, "stop_price"), "203.5") << "never back";
    move_price(client, "AAPL", 20349);
    client.advance(1s);
    EXPECT_EQ(client.status_of(id_one), "FILLED");
}

TEST(SimWebullTrail, APercentageIsAFractionAndAReplaceChangesOnlyWhatItNames) {
    TestClient client;
    move_price(client, "MSFT", 40000);
    ASSERT_EQ(place_with(client, id_one,
                         {
                             {"order_type",         "TRAILING_STOP_LOSS"},
                             {"limit_price",        ""                  },
                             {"trailing_type",      "PERCENTAGE"        },
                             {"trailing_stop_step", "0.01"              }
    })
                  .status,
              200);
    EXPECT_EQ(member_of(client, id_one, "stop_price"), "404");
    EXPECT_EQ(member_of(client, id_one, "trailing_stop_step"), "0.01");
    const auto replace = [&](const std::string& members) {
        return client.post("/openapi/trade/order/replace",
                           fmt::format(R"({{"account_id":"{}","modify_orders":[)"
                                       R"({{"client_order_id":"{}",{}}}]}})",
                                       client.account, id_one, members));
    };
    move_price(client, "MSFT", 40200);
    EXPECT_EQ(replace(R"("quantity":"3")").status, 200);
    EXPECT_EQ(member_of(client, id_one, "total_quantity"), "3");
    EXPECT_EQ(member_of(client, id_one, "stop_price"), "404") << "the trail is as it was";
    EXPECT_EQ(replace(R"("trailing_type":"AMOUNT","trailing_stop_step":"5")").status, 200);
    EXPECT_EQ(member_of(client, id_one, "trailing_type"), "AMOUNT");
    EXPECT_EQ(member_of(client, id_one, "stop_price"), "407") << "it starts anew";
    EXPECT_EQ(replace(R"("limit_price":"400")").status, 417);
}

TEST(SimWebullTrail, WhatDoesNotFitIsRefused) {
    const Members cases[] = {
        {{"order_type", "TRAILING_STOP_LOSS"}, {"limit_price", ""}},
        {{"order_type", "TRAILING_STOP_LOSS"},
         {"limit_price", ""},
         {"trailing_type", "PERCENTAGE"},
         {"trailing_stop_step", "1"}},
        {{"order_type", "TRAILING_STOP_LOSS"},
         {"limit_price", ""},
         {"stop_price", "500"},
         {"trailing_type", "AMOUNT"},
         {"trailing_stop_step", "1"}},
        {{"trailing_type", "AMOUNT"}, {"trailing_stop_step", "1"}},
    };
    for (const auto& members : cases) {
        TestClient client;
        EXPECT_EQ(place_with(client, id_one, members)["error_code"], "OPENAPI_PARAM_ERR");
    }
}

TEST(SimWebullSessions, TheNightIsASessionOfItsOwnAndItsDayOrdersEndWithIt) {
    TestClient client;
    const auto night = [&](const char* id, const char* time_in_force) {
        return place_with(client, id,
                          {
                              {"limit_price",             "450"        },
                              {"quantity",                "1"          },
                              {"time_in_force",           time_in_force},
                              {"support_trading_session", "NIGHT"      }
        });
    };
    ASSERT_EQ(night(id_one, "GTC").status, 200);
    client.advance(2s);
    EXPECT_EQ(client.status_of(id_one), "PENDING") << "it waits all day long";
    EXPECT_EQ(member_of(client, id_one, "support_trading_session"), "NIGHT");
    move_day(client, MarketPhase::Extended);
    EXPECT_EQ(client.status_of(id_one), "PENDING");
    move_day(client, MarketPhase::Overnight);
    EXPECT_EQ(client.status_of(id_one), "FILLED");
    EXPECT_EQ(place_with(client, id_two,
                         {
                             {"support_trading_session", "NIGHT" },
                             {"order_type",              "MARKET"},
                             {"limit_price",             ""      }
    })["error_code"],
              "OPENAPI_NO_NIGHT_TRADING_TIME");
    ASSERT_EQ(place_with(client, id_two,
                         {
                             {"support_trading_session", "NIGHT"}
    })
                  .status,
              200);
    EXPECT_EQ(client.status_of(id_two), "SUBMITTED");
    move_day(client, MarketPhase::Extended);
    EXPECT_EQ(client.status_of(id_two), "CANCELLED") << "its day is the night";
}

TEST(SimWebullSessions, OutsideTheCoreOnlyLimitOrders) {
    TestClient client;
    EXPECT_EQ(place_with(client, id_one,
                         {
                             {"support_trading_session", "ALL"   },
                             {"order_type",              "MARKET"},
                             {"limit_price",             ""      }
    })["error_code"],
              "OPENAPI_NO_TRADING_TIME");
    move_day(client, MarketPhase::Extended);
    ASSERT_EQ(place_with(client, id_one,
                         {
                             {"support_trading_session", "ALL"},
                             {"limit_price",             "450"}
    })
                  .status,
              200);
    client.advance(1s);
    EXPECT_EQ(client.status_of(id_one), "FILLED");
}

TEST(SimWebullSessions, TheDaysEndCancelsDayOrdersByAnEventAndInEveryList) {
    for (const std::string word : {"CANCELLED", "EXPIRED"}) {
        TestClient client;
        if (word == "EXPIRED") client.fault("webull", "expired_status");
        const auto key = client.subscribe();
        ASSERT_EQ(place_with(client, id_one, {}).status, 200);
        ASSERT_EQ(place_with(client, id_two,
                             {
                                 {"time_in_force", "GTC"}
        })
                      .status,
                  200);
        move_day(client, MarketPhase::Extended);
        EXPECT_EQ(client.status_of(id_one), "PENDING") << "the core session is over";
        move_day(client, MarketPhase::Closed);
        EXPECT_EQ(client.status_of(id_one), word);
        EXPECT_EQ(client.status_of(id_two), "PENDING") << "good till cancelled";
        const auto events = client.take_events(key);
        ASSERT_EQ(events.size(), 1U);
        EXPECT_EQ(text_in(events[0], "scene_type"), "CANCEL_SUCCESS");
        EXPECT_EQ(text_in(events[0], "order_status"), word);
        const auto open = client.get("/openapi/trade/order/open?account_id=" + client.account);
        EXPECT_EQ(rows_of(open.body).size(), 1U);
        const auto history =
            client.get("/openapi/trade/order/history?account_id=" + client.account);
        EXPECT_EQ(text_in(rows_of(history.body).at(1).at("orders").at(0).get_object(), "status"),
                  word);
        // What was cancelled by hand is never called expired.
        client.post(
            "/openapi/trade/order/cancel",
            fmt::format(R"({{"account_id":"{}","client_order_id":"{}"}})", client.account, id_two));
        client.advance(1s);
        EXPECT_EQ(client.status_of(id_two), "CANCELLED");
    }
}

TEST(SimWebullAmount, AnAmountBuysAFractionAndHasNoQuantityUntilThen) {
    TestClient client;
    move_price(client, "MSFT", 40000);
    const Members by_amount = {
        {"entrust_type",      "AMOUNT"},
        {"quantity",          ""      },
        {"total_cash_amount", "100"   },
        {"order_type",        "MARKET"},
        {"limit_price",       ""      }
    };
    const auto preview = place_with(client, id_one, by_amount, "preview");
    EXPECT_EQ(preview["estimated_cost"], "100.00") << preview.text;
    ASSERT_EQ(place_with(client, id_one, by_amount).status, 200);
    EXPECT_EQ(member_of(client, id_one, "entrust_type"), "AMOUNT");
    EXPECT_EQ(member_of(client, id_one, "total_cash_amount"), "100");
    EXPECT_EQ(member_of(client, id_one, "total_quantity"), "");
    client.advance(1s);
    EXPECT_EQ(client.status_of(id_one), "FILLED");
    EXPECT_EQ(member_of(client, id_one, "total_quantity"), "0.25");
    EXPECT_EQ(member_of(client, id_one, "filled_quantity"), "0.25");
    client.fault("webull", "no_fractions");
    EXPECT_EQ(place_with(client, id_two, by_amount)["error_code"],
              "OPENAPI_FRACT_VERSION2_ACCOUNT_NOT_TRADE");
    EXPECT_EQ(place_with(client, id_two,
                         {
                             {"quantity", "0.5"}
    })["error_code"],
              "OPENAPI_FRACT_VERSION2_ACCOUNT_NOT_TRADE");
}

TEST(SimWebullAmount, QuantityAndAmountDoNotGoTogetherAndLimitsDoNotTakeAmounts) {
    TestClient client;
    EXPECT_EQ(
        place_with(client, id_one,
                   {
                       {"entrust_type",      "AMOUNT"},
                       {"total_cash_amount", "100"   }
    })["error_code"],
        "OPENAPI_PARAM_ERR");
    EXPECT_EQ(place_with(client, id_one,
                         {
                             {"total_cash_amount", "100"}
    })["error_code"],
              "OPENAPI_PARAM_ERR");
    EXPECT_EQ(place_with(client, id_one,
                         {
                             {"entrust_type",      "AMOUNT"},
                             {"quantity",          ""      },
                             {"total_cash_amount", "100"   }
    })["error_code"],
              "OPENAPI_FRACT_ONLT_CORE_TIME");
}

}  // namespace
}  // namespace janus::sim
