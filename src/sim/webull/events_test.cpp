#include <gtest/gtest.h>

#include "sim/webull/test_client.hpp"

namespace janus::sim {
namespace {

namespace json = boost::json;
namespace wire = ::grpc::trade::event;
using namespace std::chrono_literals;

constexpr auto id_one = "event00000000001";

/// `FILLED/PARTIAL_FILLED 34.0000000000 @ 410.2600000000` for every event.
std::vector<std::string> stories(const std::vector<json::object>& events) {
    std::vector<std::string> lines;
    for (const auto& event : events)
        lines.push_back(fmt::format("{}/{} {} @ {}", text_in(event, "scene_type"),
                                    text_in(event, "order_status"), text_in(event, "filled_qty"),
                                    text_in(event, "filled_price")));
    return lines;
}

void cancel(TestClient& client, const std::string& id) {
    client.post("/openapi/trade/order/cancel",
                fmt::format(R"({{"account_id":"{}","client_order_id":"{}"}})", client.account, id));
}

std::vector<int> types_of(const std::vector<wire::SubscribeResponse>& messages) {
    std::vector<int> types;
    for (const auto& message : messages) types.push_back(static_cast<int>(message.eventtype()));
    return types;
}

TEST(SimWebullEvents, SuccessComesAtOnceAndPingsFollow) {
    TestClient client;
    const auto key = client.subscribe(3);
    const auto first = client.take_messages(key);
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0].eventtype(), wire::SubscribeSuccess);
    EXPECT_EQ(first[0].subscribetype(), 3U);
    EXPECT_FALSE(first[0].requestid().empty());
    client.advance(59950ms);
    EXPECT_TRUE(client.take_messages(key).empty());
    client.advance(50ms);
    const auto pings = client.take_messages(key);
    ASSERT_EQ(pings.size(), 1U);
    EXPECT_EQ(pings[0].eventtype(), wire::Ping);
    EXPECT_EQ(pings[0].requestid(), first[0].requestid());
    EXPECT_EQ(pings[0].payload(), "");
}

TEST(SimWebullEvents, ARestingOrderSendsNothingUntilItIsCancelled) {
    TestClient client;
    const auto key = client.subscribe();
    client.place(id_one, "BUY", "MSFT", "2", "300");
    client.advance(5s);
    EXPECT_TRUE(client.take_events(key).empty());
    cancel(client, id_one);
    client.advance(1s);
    EXPECT_EQ(stories(client.take_events(key)),
              std::vector<std::string>{"CANCEL_SUCCESS/CANCELLED 0.0000000000 @ 0E-10"});
}

TEST(SimWebullEvents, FillsAreCumulativeAndTheLastIsFinal) {
    TestClient client;
    const auto key = client.subscribe(7);
    client.place(id_one, "BUY", "MSFT", "60", "");
    client.advance(3s);
    const auto events = client.take_events(key);
    EXPECT_EQ(stories(events),
              (std::vector<std::string>{"FILLED/PARTIAL_FILLED 20.0000000000 @ 410.2600000000",
                                        "FILLED/PARTIAL_FILLED 40.0000000000 @ 410.2600000000",
                                        "FINAL_FILLED/FILLED 60.0000000000 @ 410.2600000000"}));
    for (const auto& event : events) {
        EXPECT_EQ(text_in(event, "client_order_id"), id_one);
        EXPECT_EQ(text_in(event, "account_id"), client.account);
        EXPECT_EQ(text_in(event, "qty"), "60.0000000000");
        EXPECT_EQ(text_in(event, "side"), "BUY");
        EXPECT_EQ(text_in(event, "category"), "US_STOCK");
        EXPECT_TRUE(text_in(event, "filled_time").ends_with("+0000"));
    }
}

TEST(SimWebullEvents, AveragesHaveTenExactPlaces) {
    webull::OrderRecord record;
    ExchangeExecution execution;
    execution.quantity = {Decimal::from_integer(3)};
    execution.price = {Decimal::parse("401.20").value()};
    webull::count_execution(record, execution);
    EXPECT_EQ(record.average_text, "401.2000000000");
    execution.quantity = {Decimal::from_integer(4)};
    execution.price = {Decimal::parse("401.25").value()};
    webull::count_execution(record, execution);
    EXPECT_EQ(record.average_text, "401.2285714286");
}

TEST(SimWebullEvents, DataMessagesAreJsonOfTheOrderType) {
    TestClient client;
    const auto key = client.subscribe();
    client.take_messages(key);
    client.place(id_one, "BUY", "MSFT", "1", "");
    client.advance(1s);
    const auto messages = client.take_messages(key);
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(static_cast<int>(messages[0].eventtype()), 1024);
    EXPECT_EQ(messages[0].subscribetype(), 1U);
    EXPECT_EQ(messages[0].contenttype(), "application/json");
}

TEST(SimWebullEvents, AReplaceIsAnnouncedWithItsFills) {
    TestClient client;
    const auto key = client.subscribe();
    client.place(id_one, "BUY", "MSFT", "2", "300");
    client.post(
        "/openapi/trade/order/replace",
        fmt::format(
            R"({{"account_id":"{}","modify_orders":[{{"client_order_id":"{}","quantity":"5"}}]}})",
            client.account, id_one));
    const auto events = client.take_events(key);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(text_in(events[0], "scene_type"), "MODIFY_SUCCESS");
    EXPECT_EQ(text_in(events[0], "order_status"), "SUBMITTED");
    EXPECT_EQ(text_in(events[0], "qty"), "5.0000000000");
}

TEST(SimWebullEvents, AFillThatBeatsTheCancelEndsInCancelFailed) {
    TestClient client({.rate_limits = false, .cancel_delay = 1s});
    const auto key = client.subscribe();
    client.place(id_one, "BUY", "MSFT", "2", "");
    cancel(client, id_one);
    client.advance(2s);
    EXPECT_EQ(stories(client.take_events(key)),
              (std::vector<std::string>{"FINAL_FILLED/FILLED 2.0000000000 @ 410.2600000000",
                                        "CANCEL_FAILED/FILLED 2.0000000000 @ 410.2600000000"}));
    EXPECT_EQ(client.status_of(id_one), "FILLED");
}

TEST(SimWebullEvents, ARepeatedCancelIsAnnouncedOnce) {
    TestClient client;
    const auto key = client.subscribe();
    client.place(id_one, "BUY", "MSFT", "2", "300");
    cancel(client, id_one);
    cancel(client, id_one);
    client.advance(1s);
    EXPECT_EQ(stories(client.take_events(key)),
              std::vector<std::string>{"CANCEL_SUCCESS/CANCELLED 0.0000000000 @ 0E-10"});
}

TEST(SimWebullEvents, OneStreamCarriesAllItsAccountsAndEveryStreamGetsAll) {
    TestClient client;
    const auto first = client.subscribe();
    const auto second = client.subscribe();
    client.account = "WBSIM0000000002";
    client.place(id_one, "BUY", "MSFT", "1", "");
    client.advance(1s);
    EXPECT_EQ(client.take_events(first).size(), 1U);
    EXPECT_EQ(client.take_events(second).size(), 1U);
    client.server.on_stream_closed(client.now, second);
    client.place("event00000000002", "BUY", "MSFT", "1", "");
    client.advance(1s);
    EXPECT_EQ(client.take_events(first).size(), 1U);
    EXPECT_TRUE(client.take_events(second).empty());
}

TEST(SimWebullEvents, WithoutTheOrderBitNoOrderEventsCome) {
    TestClient client;
    const auto key = client.subscribe(2);
    client.place(id_one, "BUY", "MSFT", "1", "");
    client.advance(1s);
    EXPECT_TRUE(client.take_events(key).empty());
}

TEST(SimWebullEvents, ASixthStreamOfAKeyIsTooMany) {
    TestClient client;
    for (int stream = 0; stream < 5; ++stream)
        EXPECT_FALSE(client.end_of(client.subscribe()).has_value());
    const auto sixth = client.subscribe();
    EXPECT_EQ(types_of(client.take_messages(sixth)),
              std::vector<int>{static_cast<int>(wire::NumOfConnExceed)});
    EXPECT_EQ(client.end_of(sixth), 0);
    client.server.on_stream_closed(client.now, {1});
    EXPECT_FALSE(client.end_of(client.subscribe()).has_value());
}

TEST(SimWebullEvents, ABadSignatureIsUnauthenticated) {
    TestClient client;
    client.secret = "wrong";
    const auto key = client.subscribe();
    EXPECT_TRUE(client.take_messages(key).empty());
    EXPECT_EQ(client.end_of(key), 16);
}

TEST(SimWebullEvents, ABadSubscribeTypeIsAnInvalidArgument) {
    TestClient client;
    EXPECT_EQ(client.end_of(client.subscribe(0)), 3);
    EXPECT_EQ(client.end_of(client.subscribe(8)), 3);
    EXPECT_FALSE(client.end_of(client.subscribe(7)).has_value());
}

TEST(SimWebullEvents, AccountsOfAnotherKeyAreRefusedByMessage) {
    auto scenario = TestClient::quiet_scenario();
    scenario.app_keys.push_back({"other-key", "other-secret"});
    TestClient client({}, scenario);
    client.app_key = "other-key";
    client.secret = "other-secret";
    const auto key = client.subscribe();
    EXPECT_EQ(types_of(client.take_messages(key)),
              std::vector<int>{static_cast<int>(wire::AuthError)});
    EXPECT_EQ(client.end_of(key), 0);
}

// ---- faults of the stream ----

TEST(SimWebullEventFaults, EndedStreamsEndWithTheirStatusAndNewOnesWork) {
    TestClient client;
    for (const int status : {0, 16, 8, 4, 14}) {
        const auto key = client.subscribe();
        client.fault("events", "stream_end",
                     {
                         {"status", std::to_string(status)}
        });
        EXPECT_EQ(client.end_of(key), status);
    }
    EXPECT_FALSE(client.end_of(client.subscribe()).has_value());
    EXPECT_TRUE(client.server.active_faults().empty());
}

TEST(SimWebullEventFaults, RefusedStreamsAreCounted) {
    TestClient client;
    client.fault("events", "stream_refuse",
                 {
                     {"status", "14"},
                     {"count",  "2" }
    });
    EXPECT_EQ(client.end_of(client.subscribe()), 14);
    EXPECT_EQ(client.end_of(client.subscribe()), 14);
    EXPECT_FALSE(client.end_of(client.subscribe()).has_value());
}

TEST(SimWebullEventFaults, ControlEventsComeFirstOrLater) {
    const std::vector<std::pair<std::string, int>> rows{
        {"auth_error",         wire::AuthError       },
        {"num_of_conn_exceed", wire::NumOfConnExceed },
        {"subscribe_expired",  wire::SubscribeExpired},
    };
    for (const auto& [name, type] : rows) {
        TestClient client;
        client.fault("events", name,
                     {
                         {"when", "first"}
        });
        const auto refused = client.subscribe();
        EXPECT_EQ(types_of(client.take_messages(refused)), std::vector<int>{type}) << name;
        EXPECT_EQ(client.end_of(refused), 0) << name;
        const auto open = client.subscribe();
        client.take_messages(open);
        client.advance(1s);
        client.fault("events", name,
                     {
                         {"when", "now"}
        });
        EXPECT_EQ(types_of(client.take_messages(open)), std::vector<int>{type}) << name;
        EXPECT_EQ(client.end_of(open), 0) << name;
        EXPECT_FALSE(client.end_of(client.subscribe()).has_value()) << name;
    }
}

TEST(SimWebullEventFaults, SilenceKeepsThePingsAndEnds) {
    TestClient client;
    const auto key = client.subscribe();
    client.take_messages(key);
    client.fault("events", "silent");
    client.place(id_one, "BUY", "MSFT", "1", "");
    client.advance(61s);
    EXPECT_EQ(types_of(client.take_messages(key)), std::vector<int>{wire::Ping});
    EXPECT_EQ(client.status_of(id_one), "FILLED");
    client.fault("events", "silent", {}, false);
    client.place("event00000000002", "BUY", "MSFT", "1", "");
    client.advance(1s);
    EXPECT_EQ(client.take_events(key).size(), 1U);
}

TEST(SimWebullEventFaults, PingsCanStopAlone) {
    TestClient client;
    const auto key = client.subscribe();
    client.take_messages(key);
    client.fault("events", "no_ping");
    client.advance(121s);
    EXPECT_TRUE(client.take_messages(key).empty());
}

TEST(SimWebullEventFaults, EventsCanBeDoubled) {
    TestClient client;
    const auto key = client.subscribe();
    client.fault("events", "duplicate_events",
                 {
                     {"times", "3"}
    });
    client.place(id_one, "BUY", "MSFT", "1", "");
    client.advance(1s);
    const auto events = client.take_events(key);
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[0], events[2]);
}

TEST(SimWebullEventFaults, EventsCanSwapPlaces) {
    TestClient client;
    const auto key = client.subscribe();
    client.fault("events", "reorder_events",
                 {
                     {"ms", "2000"}
    });
    client.place(id_one, "BUY", "MSFT", "60", "");
    client.advance(5s);
    std::string quantities;
    for (const auto& event : client.take_events(key))
        quantities += text_in(event, "filled_qty").substr(0, 2) + " ";
    EXPECT_EQ(quantities, "40 20 60 ");
}

TEST(SimWebullEventFaults, EventsCanBeLate) {
    TestClient client;
    const auto key = client.subscribe();
    client.fault("events", "delay_events",
                 {
                     {"ms", "3000"}
    });
    client.place(id_one, "BUY", "MSFT", "1", "");
    client.advance(3s);
    EXPECT_TRUE(client.take_events(key).empty());
    client.advance(1s);
    EXPECT_EQ(client.take_events(key).size(), 1U);
}

TEST(SimWebullEventFaults, PartialFillsCanCarryTheOlderStatus) {
    TestClient client;
    const auto key = client.subscribe();
    client.fault("events", "partial_status_submitted");
    client.place(id_one, "BUY", "MSFT", "60", "");
    client.advance(3s);
    const auto events = client.take_events(key);
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(text_in(events[0], "order_status"), "SUBMITTED");
    EXPECT_EQ(text_in(events[2], "order_status"), "FILLED");
}

TEST(SimWebullEventFaults, UnreadablePayloadsComeOnce) {
    TestClient client;
    const auto key = client.subscribe();
    client.take_messages(key);
    for (const auto* kind : {"brace", "text_plain", "huge", "unknown_account", "unknown_type"}) {
        client.fault("events", "bad_payload",
                     {
                         {"kind", kind}
        });
        EXPECT_EQ(client.take_messages(key).size(), 1U) << kind;
    }
    client.place(id_one, "BUY", "MSFT", "1", "");
    client.advance(1s);
    EXPECT_EQ(client.take_events(key).size(), 1U);
}

}  // namespace
}  // namespace janus::sim
