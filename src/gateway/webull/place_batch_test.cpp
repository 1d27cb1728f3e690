#include "gateway/webull/place_batch.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "gateway/webull/test_working_desk.hpp"

// Places that wait for their turn go together, and each keeps an answer of its own.
namespace janus::webull {
namespace {

using gateway::BrokerStatus;

constexpr auto batch_path = "/trading/orders/batch-place";
constexpr std::size_t singles = 20;  ///< So many may go at once, one by one.

constexpr Duration turn = std::chrono::milliseconds(125);  ///< Until the next one may go.

ClientOrderId client_of(std::uint64_t number) {
    return ClientOrderId{fmt::format("batch{:017}", number)};
}

/// Ready, and with the places that may go alone gone and held, so that the next ones wait.
Desk busy_desk(bool batches = true) {
    auto settings = desk_settings();
    settings.batch_orders = batches;
    settings.accounts.push_back({AccountName{"w2"}, account_2});
    Desk desk(settings);
    desk.start();
    desk.replies[place_path] = hold();
    desk.replies[batch_path] = hold();
    for (std::uint64_t i = 1; i <= singles; ++i) desk.command(desk.place_command(i, client_of(i)));
    EXPECT_EQ(desk.held.size(), singles);
    desk.forget();
    desk.held.clear();
    return desk;
}

/// Two places that go together; the request that carries them is held.
Desk desk_with_batch() {
    auto desk = busy_desk();
    desk.command(desk.place_command(31, client_of(31)));
    desk.command(desk.place_command(32, client_of(32)));
    desk.run(turn);
    EXPECT_EQ(desk.requests_to(batch_path), 1);
    EXPECT_EQ(desk.held.size(), 1U);
    return desk;
}

std::string reply_of(const std::string& rows) {
    return fmt::format(R"({{"total":2,"success":1,"failed":1,"batch_orders":[{}]}})", rows);
}
std::string refused_row(std::uint64_t number, std::string_view code) {
    return fmt::format(R"({{"client_order_id":"{}","error_code":"{}","message":"no"}})",
                       client_of(number).value, code);
}

/// `working`, `rejected`, `uncertain`, `not_sent`: what was told of an order, all of it.
std::string told_of(const Desk& desk, std::uint64_t number) {
    std::string told;
    const auto add = [&](std::string_view word) {
        told += (told.empty() ? "" : " ") + std::string(word);
    };
    for (const auto& event : desk.events) {
        if (const auto* e = std::get_if<gateway::OrderReport>(&event))
            if (e->client_order_id == client_of(number)) add("working");
        if (const auto* e = std::get_if<gateway::OrderRejected>(&event))
            if (e->order.value == number) add("rejected");
        if (const auto* e = std::get_if<gateway::OrderUncertain>(&event))
            if (e->order.value == number) add("uncertain");
        if (const auto* e = std::get_if<gateway::OrderNotSent>(&event))
            if (e->order.value == number) add("not_sent");
    }
    return told;
}

TEST(WebullBatch, WhatWaitsGoesTogetherAsTheReferenceSays) {
    auto desk = busy_desk();
    desk.command(desk.place_command(31, client_of(31)));
    auto second = desk.place_command(32, client_of(32));
    second.type = OrderType::Market;
    second.limit_price.reset();
    second.side = Side::Sell;
    desk.command(second);
    EXPECT_TRUE(desk.requests.empty()) << "they wait for their turn";
    desk.run(turn);
    ASSERT_EQ(desk.requests.size(), 1U);
    const auto& request = desk.requests.front();
    EXPECT_EQ(Desk::path_of(request), batch_path);
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.body,
              R"({"account_id":"JNS7QK20ACC0001","batch_orders":[{"combo_type":"NORMAL",)"
              R"("client_order_id":"batch00000000000000031","symbol":"MSFT",)"
              R"("instrument_type":"EQUITY","market":"US","order_type":"LIMIT",)"
              R"("limit_price":"10","quantity":"100","support_trading_session":"CORE",)"
              R"("side":"BUY","time_in_force":"DAY","entrust_type":"QTY"},)"
              R"({"combo_type":"NORMAL","client_order_id":"batch00000000000000032",)"
              R"("symbol":"MSFT","instrument_type":"EQUITY","market":"US","order_type":"MARKET",)"
              R"("quantity":"100","support_trading_session":"CORE","side":"SELL",)"
              R"("time_in_force":"DAY","entrust_type":"QTY"}]})");
    EXPECT_NE(std::ranges::find(request.headers, io::Header("category", "US_EQUITY")),
              request.headers.end());
    desk.answer(desk.held[0],
                ok(reply_of(receipt(client_of(31).value) + "," + receipt(client_of(32).value))));
    EXPECT_EQ(told_of(desk, 31), "working");
    EXPECT_EQ(told_of(desk, 32), "working");
}

TEST(WebullBatch, NothingGoesTogetherUnlessItIsAskedFor) {
    auto desk = busy_desk(false);
    for (std::uint64_t i = 31; i <= 40; ++i) desk.command(desk.place_command(i, client_of(i)));
    desk.run(5s);
    EXPECT_EQ(desk.requests_to(batch_path), 0);
    EXPECT_EQ(desk.requests_to(place_path), 10);
}

TEST(WebullBatch, ABurstLeavesFasterAndEachOrderOnceAndInItsOrder) {
    auto desk = busy_desk();
    for (std::uint64_t i = 100; i < 300; ++i) desk.command(desk.place_command(i, client_of(i)));
    desk.run(2s);
    std::vector<std::string> sent;
    for (const auto& request : desk.requests) {
        const auto before = sent.size();
        for (auto at = request.body.find("batch0"); at != std::string::npos;
             at = request.body.find("batch0", at + 1))
            sent.push_back(request.body.substr(at, client_1.value.size() - 10));
        EXPECT_LE(sent.size() - before, batch_size_max);
    }
    EXPECT_EQ(sent.size(), 200U);
    EXPECT_EQ(std::set(sent.begin(), sent.end()).size(), 200U);
    EXPECT_TRUE(std::ranges::is_sorted(sent));
    EXPECT_EQ(desk.requests_to(batch_path), 4) << "each is as large as it may be";
}

TEST(WebullBatch, WhatMayNotStandInOneGoesAloneAndIsNotOvertaken) {
    const auto with = [](auto change) {
        auto desk = busy_desk();
        auto odd = desk.place_command(31, client_of(31));
        change(odd);
        desk.command(odd);
        desk.command(desk.place_command(32, client_of(32)));
        desk.command(desk.place_command(33, client_of(33)));
        desk.run(1s);
        ASSERT_EQ(desk.requests.size(), 2U);
        EXPECT_EQ(Desk::path_of(desk.requests[0]), place_path);
        EXPECT_TRUE(desk.requests[0].body.contains(client_of(31).value));
        EXPECT_EQ(Desk::path_of(desk.requests[1]), batch_path);
        // Behind others it ends the batch.
        desk = busy_desk();
        desk.command(desk.place_command(41, client_of(41)));
        desk.command(desk.place_command(42, client_of(42)));
        odd = desk.place_command(43, client_of(43));
        change(odd);
        desk.command(odd);
        desk.command(desk.place_command(44, client_of(44)));
        desk.run(1s);
        ASSERT_EQ(desk.requests.size(), 3U);
        EXPECT_FALSE(desk.requests[0].body.contains(client_of(44).value));
        EXPECT_TRUE(desk.requests[1].body.contains(client_of(43).value));
        EXPECT_TRUE(desk.requests[2].body.contains(client_of(44).value));
    };
    with([](auto& place) { place.time_in_force = TimeInForce::GoodTillCancel; });
    with([](auto& place) { place.session = TradingSession::Extended; });
    with([](auto& place) { place.side = Side::SellShort; });
    with([](auto& place) {
        place.type = OrderType::Stop;
        place.limit_price.reset();
        place.stop_price = Price{Decimal::from_integer(9)};
    });
}

TEST(WebullBatch, AThrottledPlaceWaitsAsLongAsWebullSays) {
    auto settings = desk_settings();
    settings.batch_orders = true;
    Desk desk(settings);
    desk.start();
    auto throttled = refusal("TOO_MANY_REQUESTS", 429);
    throttled.headers.emplace_back("Retry-After", "5");
    desk.replies[place_path] = throttled;
    desk.replies[batch_path] = hold();
    desk.command(desk.place_command(1, client_of(1)));
    for (std::uint64_t i = 31; i <= 34; ++i) desk.command(desk.place_command(i, client_of(i)));
    desk.run(4999ms);
    EXPECT_EQ(desk.requests_to(batch_path), 0);
    desk.run(1ms);
    ASSERT_EQ(desk.requests_to(batch_path), 1);
    for (std::uint64_t i = 31; i <= 34; ++i)
        EXPECT_TRUE(desk.requests.back().body.contains(client_of(i).value));
}

TEST(WebullBatch, WhatHasWaitedTooLongIsNotTakenAlong) {
    auto desk = busy_desk();
    desk.command(desk.place_command(31, client_of(31)));
    auto hasty = desk.place_command(32, client_of(32));
    hasty.send_before = desk.now.mono + turn / 2;
    desk.command(hasty);
    desk.command(desk.place_command(33, client_of(33)));
    desk.run(turn);
    ASSERT_EQ(desk.requests_to(batch_path), 1);
    EXPECT_FALSE(desk.requests.back().body.contains(client_of(32).value));
    EXPECT_EQ(told_of(desk, 32), "not_sent");
}

TEST(WebullBatch, OrdersOfTwoAccountsAreNotMixed) {
    auto desk = busy_desk();
    for (std::uint64_t i = 31; i <= 34; ++i) {
        auto place = desk.place_command(i, client_of(i));
        place.account = AccountName{i % 2 == 0 ? "w2" : "w1"};
        desk.command(place);
    }
    desk.run(1s);
    ASSERT_EQ(desk.requests_to(batch_path), 2);
    EXPECT_TRUE(desk.requests[0].body.contains(account_1));
    EXPECT_TRUE(desk.requests[1].body.contains(account_2));
    EXPECT_TRUE(desk.requests[1].body.contains(client_of(34).value));
}

struct BatchCase {
    const char* what;
    Reply reply;
    const char* first;   ///< What it proves of order 31.
    const char* second;  ///< What it proves of order 32.
    bool goes_on;        ///< Whether batches are still sent.
};
class WebullBatchReply : public testing::TestWithParam<BatchCase> {};

TEST_P(WebullBatchReply, ProvesOfEachOrderWhatItProves) {
    auto desk = desk_with_batch();
    desk.answer(desk.held[0], GetParam().reply);
    EXPECT_EQ(told_of(desk, 31), GetParam().first);
    EXPECT_EQ(told_of(desk, 32), GetParam().second);
    desk.run(10s);
    EXPECT_EQ(desk.requests_to(batch_path), 1) << "a batch is never repeated";
    EXPECT_EQ(desk.requests_to(place_path), 0) << "nor are its orders";
    desk.forget();
    for (std::uint64_t i = 200; i < 230; ++i) desk.command(desk.place_command(i, client_of(i)));
    desk.run(1s);
    EXPECT_EQ(desk.requests_to(batch_path) > 0, GetParam().goes_on);
}

const auto receipt_31 = receipt(client_of(31).value);
const auto receipt_32 = receipt(client_of(32).value);

INSTANTIATE_TEST_SUITE_P(
    Webull, WebullBatchReply,
    testing::Values(
        BatchCase{"receipts", ok(reply_of(receipt_32 + "," + receipt_31)), "working", "working",
                  true},
        BatchCase{"one refused", ok(reply_of(receipt_31 + "," + refused_row(32, "PARAM_ERR"))),
                  "working", "rejected", true},
        BatchCase{"an unknown code", ok(reply_of(receipt_31 + "," + refused_row(32, "NEW_ONE"))),
                  "working", "uncertain", true},
        BatchCase{"a repeat",
                  ok(reply_of(receipt_31 + "," + refused_row(32, "TRADE_PLACE_ORDER_REPEAT"))),
                  "working", "uncertain", true},
        BatchCase{"one is missing", ok(reply_of(receipt_31)), "working", "uncertain", true},
        BatchCase{"one is there twice",
                  ok(reply_of(receipt_31 + "," + receipt_32 + "," + receipt_32)), "working",
                  "uncertain", true},
        BatchCase{"a stranger", ok(reply_of(receipt_31 + "," + receipt(client_of(99).value))),
                  "working", "uncertain", true},
        BatchCase{"a row without an id of Webull's",
                  ok(reply_of(receipt_31 + R"(,{"client_order_id":"batch00000000000000032"})")),
                  "working", "uncertain", true},
        BatchCase{"an order and an error at once",
                  ok(reply_of(receipt_31 + R"(,{"client_order_id":"batch00000000000000032",)" +
                              R"("order_id":"B32","error_code":"PARAM_ERR"})")),
                  "working", "uncertain", true},
        BatchCase{"a receipt with a word",
                  ok(reply_of(receipt_31 + R"(,{"client_order_id":"batch00000000000000032",)" +
                              R"("order_id":"B32","message":"accepted"})")),
                  "working", "working", true},
        BatchCase{"no rows", ok("{}"), "uncertain", "uncertain", true},
        BatchCase{"rows that are none", ok(R"({"batch_orders":[1,null,"x",[]]})"), "uncertain",
                  "uncertain", true},
        BatchCase{"HTML", ok("<html>"), "uncertain", "uncertain", true},
        BatchCase{"no reply", lost(), "uncertain", "uncertain", true},
        BatchCase{"a server error", status(502), "uncertain", "uncertain", true},
        BatchCase{"throttled without a word", status(429), "uncertain", "uncertain", true},
        BatchCase{"never sent", unsent(), "not_sent", "not_sent", true},
        BatchCase{"no permission", refusal("TRADE_ORDER_NO_PERMISSION"), "rejected", "rejected",
                  false},
        BatchCase{"no such address", status(404, R"({"error_msg":"Route Not Found"})"), "rejected",
                  "rejected", false},
        BatchCase{"an unknown refusal", refusal("NO_BATCHES_TODAY"), "uncertain", "uncertain",
                  false}));

TEST(WebullBatch, ARefusalOfBatchesIsSaidOnceWithWhatToDo) {
    auto desk = desk_with_batch();
    desk.answer(desk.held[0], refusal("TRADE_ORDER_NO_PERMISSION"));
    std::size_t said = 0;
    for (const auto& notice : desk.all<gateway::Notice>())
        said += notice.text.contains("set batch_orders = false") ? 1 : 0;
    EXPECT_EQ(said, 1U);
    EXPECT_TRUE(desk.last<gateway::OrderRejected>()->reason.contains("TRADE_ORDER_NO_PERMISSION"));
}

TEST(WebullBatch, TheListsSettleALostBatchBeforeItsDetailsCould) {
    auto desk = busy_desk();
    constexpr std::uint64_t first = 31;
    constexpr std::uint64_t last = 60;
    std::string groups;
    for (auto i = first; i <= last; ++i) {
        desk.command(desk.place_command(i, client_of(i)));
        groups += (groups.empty() ? "" : ",") + order_group(client_of(i).value, "SUBMITTED");
    }
    desk.run(turn);
    ASSERT_EQ(desk.held.size(), 1U);
    desk.replies[open_path] = ok("[" + groups + "]");
    desk.answer(desk.held[0], lost());
    desk.run(std::chrono::seconds(5));
    for (auto i = first; i <= last; ++i) EXPECT_EQ(told_of(desk, i), "uncertain working") << i;
    desk.run(std::chrono::seconds(40));
    const auto details = std::ranges::count_if(desk.requests, [](const io::HttpRequest& request) {
        return Desk::path_of(request) == detail_path &&
               Desk::query_of(request, "client_order_id") >= client_of(first).value;
    });
    EXPECT_LT(details, 10) << "what still waited is not asked any more";
}

TEST(WebullBatch, AnEventThatWasFasterThanARefusalIsBelieved) {
    auto desk = desk_with_batch();
    desk.command(gateway::StartTradeEvents{});
    desk.stream_message({});
    desk.stream_event(order_event(client_of(32).value, "FILLED", "FINAL_FILLED", "100"));
    desk.answer(desk.held[0], ok(reply_of(receipt_31 + "," + refused_row(32, "PARAM_ERR"))));
    EXPECT_TRUE(desk.all<gateway::OrderRejected>().empty());
    EXPECT_EQ(desk.last<gateway::OrderReport>()->status, BrokerStatus::Filled);
}

TEST(WebullBatch, ACancelRightAfterIsSaidAgainWhenTheOrderIsNotVisibleYet) {
    auto desk = desk_with_batch();
    desk.answer(desk.held[0], ok(reply_of(receipt_31 + "," + receipt_32)));
    desk.replies["/trading/orders/cancel"] = refusal("ORDER_NOT_FOUND");
    desk.command(gateway::CancelOrder{OrderId{32}, client_of(32), {}, AccountName{"w1"}});
    desk.run(2s);
    EXPECT_GE(desk.requests_to("/trading/orders/cancel"), 2);
}

TEST(WebullBatch, AnAccountThatIsLostKeepsWhatWaitsAndTheRestIsUnknown) {
    auto desk = desk_with_batch();
    desk.command(gateway::Stop{});
    desk.run(10s);
    EXPECT_EQ(told_of(desk, 31), "uncertain");
    EXPECT_EQ(told_of(desk, 32), "uncertain");
}

}  // namespace
}  // namespace janus::webull
