#include "app/sim_control.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace janus::app {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

class SimControlTest : public testing::Test {
 protected:
    struct Reply {
        int status;
        json::value body;
        std::string error() const {
            const auto* text = body.as_object().if_contains("error");
            return text == nullptr ? "" : std::string(text->as_string());
        }
    };

    static sim::Scenario quiet() {
        auto scenario = sim::default_scenario();
        scenario.walk_ticks_max = 0;
        return scenario;
    }
    Reply call(const char* method, const char* target, const std::string& body = "") {
        const auto reply = answer_control(world, now, method, target, body);
        return {reply.status, json::parse(reply.body)};
    }
    Reply get(const char* target) { return call("GET", target); }
    Reply post(const char* target, const std::string& body) { return call("POST", target, body); }
    void advance(Duration span) {
        for (Duration passed{0}; passed < span; passed += 50ms) {
            now.mono = now.mono + 50ms;
            now.utc = now.utc + 50ms;
            world.on_timeout(now);
        }
    }
    json::array rows(const char* list) { return get("/state").body.at(list).as_array(); }

    Now now{.mono = {1h}, .utc = {std::chrono::seconds(1'773'066'605)}};
    SimWorld world{quiet(), 1};
};

TEST_F(SimControlTest, StateShowsTheWorldInTexts) {
    EXPECT_EQ(rows("accounts").size(), 4U);
    EXPECT_EQ(rows("balances").at(0).at("cash"), "250000");
    EXPECT_EQ(rows("app_keys").at(0), "demo-key");
    EXPECT_TRUE(rows("orders").empty());
    bool found = false;
    for (const auto& position : rows("positions"))
        if (position.at("account") == "DU1000001" && position.at("symbol") == "AAPL") {
            found = true;
            EXPECT_EQ(position.at("quantity"), "100");
            EXPECT_EQ(position.at("average_cost"), "171.235");
        }
    EXPECT_TRUE(found);
    EXPECT_EQ(json::serialize(get("/state").body).find("demo-secret"), std::string::npos);
}

TEST_F(SimControlTest, MarketSetsAPriceAndOrdersReact) {
    EXPECT_EQ(
        post(
            "/external-order",
            R"({"account":"WBSIM0000000001","symbol":"MSFT","side":"BUY","quantity":"3","limit_price":"300"})")
            .status,
        200);
    advance(1s);
    EXPECT_EQ(rows("orders").at(0).at("state"), "WORKING");
    EXPECT_EQ(rows("orders").at(0).at("external"), true);
    EXPECT_EQ(
        post("/market", R"({"symbol":"MSFT","bid":"299.5","ask":"299.9","last":"299.7"})").status,
        200);
    advance(1s);
    EXPECT_EQ(rows("orders").at(0).at("state"), "FILLED");
    EXPECT_EQ(rows("orders").at(0).at("filled"), "3");
    EXPECT_EQ(rows("executions").at(0).at("price"), "299.9");
}

TEST_F(SimControlTest, OnePriceIsEnoughAndMayBeANumber) {
    const auto reply = post("/market", R"({"symbol":"AAPL","last":200.25})");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body.at("bid"), "200.24");
    EXPECT_EQ(reply.body.at("ask"), "200.26");
}

TEST_F(SimControlTest, BadPricesAreRefusedWithASentence) {
    EXPECT_EQ(post("/market", R"({"symbol":"XXXX","last":"1"})").status, 404);
    EXPECT_EQ(post("/market", R"({"symbol":"AAPL"})").status, 400);
    EXPECT_EQ(post("/market", R"({"symbol":"AAPL","bid":"2","ask":"1"})").status, 400);
    EXPECT_EQ(post("/market", R"({"symbol":"AAPL","last":"much"})").status, 400);
    EXPECT_EQ(post("/market", R"({"symbol":"AAPL","last":"1","price":"1"})").status, 400);
    EXPECT_FALSE(post("/market", R"({"symbol":"AAPL","last":"much"})").error().empty());
}

TEST_F(SimControlTest, ExternalOrdersReachBothBrokers) {
    for (const auto* account : {"DU1000001", "WBSIM0000000001"})
        EXPECT_EQ(
            post("/external-order",
                 fmt::format(R"({{"account":"{}","symbol":"AAPL","side":"SELL","quantity":1}})",
                             account))
                .status,
            200)
            << account;
    advance(2s);
    EXPECT_EQ(rows("executions").size(), 2U);
}

TEST_F(SimControlTest, ExternalOrdersAreRefusedClearly) {
    const auto status = [&](const std::string& body) {
        return post("/external-order", body).status;
    };
    EXPECT_EQ(status(R"({"account":"NONE","symbol":"AAPL","quantity":"1"})"), 404);
    EXPECT_EQ(status(R"({"account":"DU1000001","symbol":"AAPL"})"), 400);
    EXPECT_EQ(status(R"({"account":"DU1000001","symbol":"AAPL","quantity":"1","side":"HOLD"})"),
              400);
    EXPECT_EQ(status(R"({"account":"DU1000001","symbol":"AAPL","quantity":"1","price":"1"})"), 400);
    EXPECT_EQ(
        status(R"({"account":"WBSIM0000000001","symbol":"MSFT","quantity":"1","side":"SELL"})"),
        422);
}

TEST_F(SimControlTest, ExternalOrdersCanBeCancelled) {
    const auto placed =
        post("/external-order",
             R"({"account":"DU1000001","symbol":"MSFT","quantity":"1","limit_price":"300"})");
    const auto body = json::serialize(json::object{
        {"id", placed.body.at("id")}
    });
    EXPECT_EQ(post("/external-cancel", body).status, 200);
    EXPECT_EQ(rows("orders").at(0).at("state"), "CANCELLED");
    EXPECT_EQ(post("/external-cancel", body).status, 409);
    EXPECT_EQ(post("/external-cancel", R"({"id":"4711"})").status, 404);
}

TEST_F(SimControlTest, FaultsAreListedSwitchedAndSeen) {
    EXPECT_GT(get("/faults").body.at("faults").as_array().size(), 40U);
    EXPECT_EQ(
        post("/faults", R"({"target":"webull","fault":"latency","endpoint":"place","ms":250})")
            .status,
        200);
    const auto active = get("/faults").body.at("active").as_array();
    ASSERT_EQ(active.size(), 1U);
    EXPECT_EQ(active.at(0).at("parameters").at("ms"), "250");
    EXPECT_EQ(post("/faults", R"({"target":"webull","fault":"latency","enabled":false})").status,
              200);
    EXPECT_TRUE(get("/faults").body.at("active").as_array().empty());
    EXPECT_EQ(
        post("/faults", R"({"target":"events","fault":"delay_events","parameters":{"ms":"9"}})")
            .status,
        200);
}

TEST_F(SimControlTest, UnknownFaultsAreRefused) {
    EXPECT_EQ(post("/faults", R"({"target":"moon","fault":"latency"})").status, 404);
    EXPECT_EQ(post("/faults", R"({"target":"ib","fault":"nothing"})").status, 404);
    EXPECT_EQ(post("/faults", R"({"fault":"latency"})").status, 400);
    EXPECT_EQ(post("/faults", R"({"target":"webull","fault":"latency","speed":1})").status, 400);
    EXPECT_EQ(post("/faults", R"({"target":"webull","fault":"latency","enabled":"no"})").status,
              400);
}

TEST_F(SimControlTest, TheLedgerIsEmptyUntilAnOrderMessageComes) {
    EXPECT_TRUE(get("/ledger").body.at("ledger").as_array().empty());
    world.webull.on_http(
        now, {1},
        {"POST", "/openapi/trade/order/cancel", {}, R"({"account_id":"A","client_order_id":"C"})"});
    const auto entries = get("/ledger").body.at("ledger").as_array();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries.at(0).at("kind"), "cancel");
    EXPECT_EQ(entries.at(0).at("reference"), "C");
}

TEST_F(SimControlTest, WrongCallsAreToldApart) {
    EXPECT_EQ(get("/nothing").status, 404);
    EXPECT_EQ(call("DELETE", "/state").status, 405);
    EXPECT_EQ(get("/market").status, 405);
    EXPECT_EQ(post("/market", "{").status, 400);
    EXPECT_EQ(post("/market", "[]").status, 400);
    EXPECT_EQ(get("/state?x=1").status, 200);
}

TEST_F(SimControlTest, WithoutTlsThereAreNoCertificatesToSpoil) {
    const std::string fault =
        R"({"target": "webull", "fault": "certificate", "flaw": "unknown_ca"})";
    EXPECT_EQ(post("/faults", fault).status, 200);
    EXPECT_EQ(world.certificate_flaw("webull"), "unknown_ca");
    EXPECT_EQ(world.certificate_flaw("events"), "");
    world.tls = false;
    EXPECT_EQ(post("/faults", fault).status, 409);
    EXPECT_EQ(
        post("/faults", R"({"target": "webull", "fault": "certificate", "flaw": "old"})").status,
        409);
}

}  // namespace
}  // namespace janus::app
