#include <algorithm>

#include <gtest/gtest.h>

#include "sim/webull/test_client.hpp"

namespace janus::sim {

namespace json = boost::json;
namespace wire = ::grpc::trade::event;

std::string text_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains({name.data(), name.size()});
    if (value == nullptr) return {};
    if (const auto* text = value->if_string()) return std::string(text->data(), text->size());
    return json::serialize(*value);
}

const json::array& rows_of(const json::value& body) {
    return body.is_array() ? body.get_array() : body.get_object().at("data").get_array();
}

std::string TestClient::Reply::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

std::string TestClient::Reply::operator[](std::string_view name) const {
    return body.is_object() ? text_in(body.get_object(), name) : std::string{};
}

Scenario TestClient::quiet_scenario() {
    auto scenario = default_scenario();
    scenario.walk_ticks_max = 0;
    return scenario;
}

TestClient::TestClient(WebullServerSettings settings, Scenario scenario)
    : exchange(std::move(scenario), 1), server(exchange, random, settings) {}

HttpCall TestClient::signed_call(const std::string& method, const std::string& target,
                                 const std::string& body) {
    HttpCall call{method, target, {}, body};
    const auto parts = webull::parse_target(target).value();
    webull::SignedFields fields{app_key,
                                algorithm,
                                "1.0",
                                fmt::format("nonce{:030}", ++last_nonce_),
                                to_iso_seconds_text(now.utc),
                                ""};
    fields.signature =
        webull::rest_signature(*webull::find_algorithm(algorithm), fields,
                               {"127.0.0.1:8801", parts.path, parts.query, body}, secret);
    call.headers = {
        {"host",                  "127.0.0.1:8801"},
        {"x-app-key",             fields.app_key  },
        {"x-signature-algorithm", fields.algorithm},
        {"x-signature-version",   fields.version  },
        {"x-signature-nonce",     fields.nonce    },
        {"x-timestamp",           fields.timestamp},
        {"x-signature",           fields.signature},
    };
    return call;
}

std::optional<TestClient::Reply> TestClient::call(const std::string& method,
                                                  const std::string& target,
                                                  const std::string& body,
                                                  std::map<std::string, std::string> extra) {
    auto call = signed_call(method, target, body);
    call.headers.merge(extra);
    return send(call);
}

std::optional<TestClient::Reply> TestClient::send(const HttpCall& call) {
    server.on_http(now, {++last_exchange_}, call);
    pump();
    return take_late();
}

std::optional<TestClient::Reply> TestClient::take_late() {
    const auto replies = server.take_replies();
    EXPECT_LE(replies.size(), 1U);
    if (replies.empty()) return std::nullopt;
    return reply_of(replies.front());
}

TestClient::Reply TestClient::reply_of(const HttpReply& reply) const {
    Reply answer{reply.status, nullptr, reply.body, reply.drop, reply.headers};
    boost::system::error_code error;
    auto value = json::parse(reply.body, error);
    if (!error) answer.body = std::move(value);
    return answer;
}

std::string TestClient::order_body(const std::string& client_order_id, const std::string& side,
                                   const std::string& symbol, const std::string& quantity,
                                   const std::string& price) {
    json::object order{
        {"client_order_id",         client_order_id                   },
        {"combo_type",              "NORMAL"                          },
        {"symbol",                  symbol                            },
        {"instrument_type",         "EQUITY"                          },
        {"market",                  "US"                              },
        {"order_type",              price.empty() ? "MARKET" : "LIMIT"},
        {"quantity",                quantity                          },
        {"support_trading_session", "CORE"                            },
        {"side",                    side                              },
        {"time_in_force",           "DAY"                             },
        {"entrust_type",            "QTY"                             },
    };
    if (!price.empty()) order["limit_price"] = price;
    return json::serialize(order);
}

TestClient::Reply TestClient::place(const std::string& client_order_id, const std::string& side,
                                    const std::string& symbol, const std::string& quantity,
                                    const std::string& price) {
    return post("/openapi/trade/order/place",
                fmt::format(R"({{"account_id":"{}","new_orders":[{}]}})", account,
                            order_body(client_order_id, side, symbol, quantity, price)));
}

std::string TestClient::status_of(const std::string& client_order_id) {
    const auto reply = get(fmt::format(
        "/openapi/trade/order/detail?account_id={}&client_order_id={}", account, client_order_id));
    if (reply.status != 200) return reply["error_code"];
    return text_in(reply.body.at("orders").at(0).get_object(), "status");
}

StreamKey TestClient::subscribe(std::uint32_t type) {
    wire::SubscribeRequest request;
    request.set_subscribetype(type);
    request.set_timestamp(now.utc.milliseconds());
    request.add_accounts("WBSIM0000000001");
    request.add_accounts("WBSIM0000000002");
    const auto bytes = request.SerializeAsString();
    const StreamKey key{++last_stream_};
    server.on_subscribe(now, key, signed_metadata(bytes), bytes);
    return key;
}

std::map<std::string, std::string> TestClient::signed_metadata(const std::string& request) {
    webull::SignedFields fields{app_key,
                                algorithm,
                                "1.0",
                                fmt::format("nonce{:030}", ++last_nonce_),
                                to_iso_seconds_text(now.utc),
                                ""};
    return {
        {"x-app-key", fields.app_key},
        {"x-signature-algorithm", fields.algorithm},
        {"x-signature-version", fields.version},
        {"x-signature-nonce", fields.nonce},
        {"x-timestamp", fields.timestamp},
        {"x-signature",
         webull::stream_signature(*webull::find_algorithm(algorithm), fields, request, secret)},
    };
}

std::vector<wire::SubscribeResponse> TestClient::take_messages(StreamKey key) {
    pump();
    std::vector<wire::SubscribeResponse> messages;
    for (const auto& output : outputs_)
        if (output.key == key && !output.end) {
            messages.emplace_back();
            EXPECT_TRUE(messages.back().ParseFromString(output.message));
        }
    std::erase_if(outputs_, [&](const StreamOutput& out) { return out.key == key && !out.end; });
    return messages;
}

std::vector<json::object> TestClient::take_events(StreamKey key) {
    std::vector<json::object> events;
    for (const auto& message : take_messages(key))
        if (static_cast<int>(message.eventtype()) == 1024)
            events.push_back(json::parse(message.payload()).get_object());
    return events;
}

std::optional<int> TestClient::end_of(StreamKey key) {
    pump();
    for (const auto& output : outputs_)
        if (output.key == key && output.end) return output.status;
    return std::nullopt;
}

void TestClient::advance(Duration span) {
    const Duration step = std::chrono::milliseconds(50);
    for (Duration passed{0}; passed < span; passed += step) {
        now.mono = now.mono + step;
        now.utc = now.utc + step;
        exchange.on_timeout(now);
        server.on_timeout(now);
        pump();
    }
}

void TestClient::fault(const std::string& target, const std::string& name,
                       std::map<std::string, std::string> parameters, bool enabled) {
    const auto done = server.set_fault(now, {target, name, enabled, std::move(parameters)});
    EXPECT_TRUE(done.has_value()) << done.error().message;
}

void TestClient::pump() {
    for (const auto& event : exchange.take_events()) server.on_exchange(now, event);
    for (auto& output : server.take_stream_outputs()) outputs_.push_back(std::move(output));
}

}  // namespace janus::sim
