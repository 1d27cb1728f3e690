#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/webull/webull_gateway.hpp"

/// A desk for the tests of this room: a gateway, a clock that is moved by hand, and a broker that
/// answers by script.
namespace janus::webull {

using namespace std::chrono_literals;

/// What the scripted broker does with a request.
struct Reply {
    enum class Kind { Answer, Hold, FailUnsent, FailSent };
    Kind kind{Kind::Answer};
    int status{200};
    std::string body;
    std::vector<io::Header> headers;
};
inline Reply ok(std::string body) {
    return {.kind = Reply::Kind::Answer, .status = 200, .body = std::move(body), .headers = {}};
}
inline Reply status(int code, std::string body = "") {
    return {.kind = Reply::Kind::Answer, .status = code, .body = std::move(body), .headers = {}};
}
inline Reply refusal(std::string_view code, int http = 417) {
    return status(http, fmt::format(R"({{"error_code":"{}","message":"because {}"}})", code, code));
}
inline Reply hold() {
    return {.kind = Reply::Kind::Hold, .status = 0, .body = {}, .headers = {}};
}
inline Reply lost() {
    return {.kind = Reply::Kind::FailSent, .status = 0, .body = {}, .headers = {}};
}
inline Reply unsent() {
    return {.kind = Reply::Kind::FailUnsent, .status = 0, .body = {}, .headers = {}};
}

inline constexpr auto key_text = "canary-app-key-4711";
inline constexpr auto secret_text = "canary-app-secret-0815";
inline constexpr auto token_text = "canarytoken00112233445566778899a";
inline constexpr auto account_1 = "JNS7QK20ACC0001";
inline constexpr auto account_2 = "JNS7QK20ACC0002";
inline const ClientOrderId client_1{"jns00000000000000000000000000042"};

inline WebullSettings desk_settings() {
    WebullSettings settings;
    settings.app_key = Secret(key_text);
    settings.app_secret = Secret(secret_text);
    settings.rest = io::Endpoint{.host = "127.0.0.1", .port = 8801, .tls = false, .ca_file = {}};
    settings.events = io::Endpoint{.host = "127.0.0.1", .port = 8802, .tls = false, .ca_file = {}};
    settings.accounts = {
        {AccountName{"w1"}, account_1}
    };
    return settings;
}

/// One order as REST tells it, in a group of its own.
inline std::string order_group(const std::string& client, std::string_view state,
                               std::string_view filled = "0", std::string_view price = "",
                               std::string_view quantity = "100") {
    const auto average =
        price.empty() ? std::string() : fmt::format(R"("filled_price":"{}",)", price);
    return fmt::format(
        R"({{"client_order_id":"{0}","combo_type":"NORMAL","orders":[{{"client_order_id":"{0}",)"
        R"("order_id":"B{0}","symbol":"MSFT","side":"BUY","order_type":"LIMIT",)"
        R"("instrument_type":"EQUITY","entrust_type":"QTY","time_in_force":"DAY",)"
        R"("status":"{1}","total_quantity":"{4}","filled_quantity":"{2}",{3}"limit_price":"10",)"
        R"("place_time_at":"2026-03-09T14:30:05.412Z"}}]}})",
        client, state, filled, average, quantity);
}

/// One order event's payload.
inline std::string order_event(const std::string& client, std::string_view state,
                               std::string_view scene, std::string_view filled,
                               std::string_view price = "10",
                               std::string_view account = account_1) {
    return fmt::format(
        R"({{"account_id":"{5}","order_id":"B{0}","client_order_id":"{0}","order_status":"{1}",)"
        R"("symbol":"MSFT","qty":"100.0000000000","filled_price":"{4}","filled_qty":"{3}",)"
        R"("side":"BUY","scene_type":"{2}","category":"US_STOCK","order_type":"LIMIT"}})",
        client, state, scene, filled, price, account);
}

class Desk {
 public:
    using Script = std::function<std::optional<Reply>(const io::HttpRequest&)>;

    explicit Desk(WebullSettings settings = desk_settings())
        : random_(42),
          gateway_(
              std::make_unique<WebullGateway>(completed(std::move(settings)).value(), random_)) {
        now.mono = Instant{1000s};
        now.utc = parse_iso("2026-03-09T14:30:05Z").value();
        replies = {
            {"/openapi/config", ok(R"({"token_check_enabled":false})")},
            {"/trading/accounts/list",
             ok(fmt::format(R"({{"data":[{{"account_id":"{}"}},{{"account_id":"{}"}}]}})",
             account_1, account_2))},
            {"/trading/assets/balances/get",
             ok(R"({"account_currency_assets":[{"currency":"USD","cash_balance":"100.5"}]})")},
            {"/trading/assets/positions/list",
             ok(R"({"data":[{"symbol":"AAPL","instrument_type":"EQUITY","quantity":"5",)"
                R"("cost_price":"150","currency":"USD"}]})")},
            {"/trading/orders/open-orders/list", ok(R"({"data":[]})")},
            {"/trading/orders/historical-orders/list", ok(R"({"data":[]})")},
            {"/trading/orders/get", refusal("OPENAPI_ORDER_NOT_FOUND")},
        };
    }

    /// Answers every open request by the script, then moves on; stops after `span`.
    void run(Duration span) {
        const auto end = now.mono + span;
        for (;;) {
            settle();
            const auto next = gateway_->deadline();
            if (!next || *next > end) break;
            if (*next > now.mono) move(*next - now.mono);
            gateway_->on_timeout(now);
        }
        move(end - now.mono);
        gateway_->on_timeout(now);
        settle();
    }

    void command(const gateway::Command& given) {
        gateway_->on_command(now, given);
        settle();
    }

    /// Starts and runs until the download is over.
    void start(bool events_on = false) {
        command(gateway::Start{});
        run(10s);
        if (events_on) start_stream();
    }
    void start_stream() {
        command(gateway::StartTradeEvents{});
        stream_message({});
        run(10s);
    }

    void stream_message(const wire::SubscribeResponse& message) {
        stream_bytes(wire::encode(message));
    }
    void stream_bytes(std::string bytes) {
        if (streams.empty()) return;
        gateway_->on_io(now, io::StreamMessage{streams.back().id, std::move(bytes)});
        settle();
    }
    void stream_event(std::string payload) {
        stream_message({.event_type = wire::event_type::order,
                        .subscribe_type = 1,
                        .content_type = "application/json",
                        .payload = std::move(payload),
                        .request_id = {},
                        .timestamp = 0});
    }
    void stream_control(std::uint32_t type) {
        stream_message({.event_type = type,
                        .subscribe_type = 0,
                        .content_type = "text/plain",
                        .payload = {},
                        .request_id = {},
                        .timestamp = 0});
    }
    void stream_end(int code) {
        gateway_->on_io(now, io::StreamEnded{streams.back().id, code, secret_text});
        settle();
    }
    /// Answers a held request.
    void answer(const io::HttpRequest& request, const Reply& reply) {
        deliver(request, reply);
        settle();
    }

    gateway::PlaceOrder place_command(std::uint64_t order = 7, ClientOrderId client = client_1) {
        return {.order = OrderId{order},
                .client_order_id = std::move(client),
                .number = 0,
                .account = AccountName{"w1"},
                .native_id = NativeId{"MSFT"},
                .symbol = CanonicalSymbol::parse("MSFT").value(),
                .side = Side::Buy,
                .type = OrderType::Limit,
                .quantity = Quantity{Decimal::from_integer(100)},
                .limit_price = Price{Decimal::from_integer(10)},
                .stop_price = {},
                .time_in_force = TimeInForce::Day,
                .session = TradingSession::Regular,
                .send_before = now.mono + 30s};
    }

    template <typename Kind>
    std::vector<Kind> all() const {
        std::vector<Kind> out;
        for (const auto& event : events)
            if (const auto* kind = std::get_if<Kind>(&event)) out.push_back(*kind);
        return out;
    }
    template <typename Kind>
    std::optional<Kind> last() const {
        const auto found = all<Kind>();
        return found.empty() ? std::nullopt : std::optional(found.back());
    }
    std::string gate(std::string_view account = "w1") const {
        std::string text = "none";
        for (const auto& event : all<gateway::GateChanged>())
            if (event.account.value == account) text = gateway::to_text(event.gate);
        return text;
    }
    std::string stream_state() const {
        const auto found = last<gateway::StreamChanged>();
        return found ? std::string(gateway::to_text(found->state)) : "none";
    }
    int requests_to(std::string_view path) const {
        int count = 0;
        for (const auto& request : requests) count += path_of(request) == path ? 1 : 0;
        return count;
    }
    std::uint64_t counter(const std::string& name) const {
        const auto& counters = gateway_->counters();
        const auto found = counters.find(name);
        return found == counters.end() ? 0 : found->second;
    }
    static std::string path_of(const io::HttpRequest& request) {
        return request.target.substr(0, request.target.find('?'));
    }
    static std::string query_of(const io::HttpRequest& request, std::string_view name) {
        const auto at = request.target.find(fmt::format("{}=", name));
        if (at == std::string::npos) return {};
        const auto from = at + name.size() + 1;
        return request.target.substr(from, request.target.find('&', from) - from);
    }
    WebullGateway& gateway() const { return *gateway_; }
    void forget() {
        events.clear();
        requests.clear();
    }

    Now now;
    Script script;  ///< Asked first; nothing means: by `replies`.
    std::map<std::string, Reply> replies;
    std::vector<io::HttpRequest> requests;
    std::vector<Instant> request_times;
    std::vector<io::HttpRequest> held;
    std::vector<io::OpenStream> streams;
    std::vector<io::StreamId> closed_streams;
    std::vector<gateway::Event> events;

 private:
    void move(Duration span) {
        now.mono = now.mono + span;
        now.utc = now.utc + span;
    }

    void settle() {
        for (;;) {
            for (auto& event : gateway_->take_events()) events.push_back(std::move(event));
            auto effects = gateway_->take_effects();
            if (effects.empty()) return;
            for (auto& effect : effects) perform(effect);
        }
    }

    void perform(const io::Effect& effect) {
        if (const auto* open = std::get_if<io::OpenStream>(&effect)) streams.push_back(*open);
        if (const auto* close = std::get_if<io::CloseStream>(&effect))
            closed_streams.push_back(close->id);
        const auto* request = std::get_if<io::HttpRequest>(&effect);
        if (request == nullptr) return;
        requests.push_back(*request);
        request_times.push_back(now.mono);
        auto reply = script ? script(*request) : std::nullopt;
        if (!reply) {
            const auto found = replies.find(path_of(*request));
            reply = found == replies.end() ? status(404, R"({"error_msg":"Route Not Found"})")
                                           : found->second;
        }
        if (reply->kind == Reply::Kind::Hold)
            held.push_back(*request);
        else
            deliver(*request, *reply);
    }

    void deliver(const io::HttpRequest& request, const Reply& reply) {
        if (reply.kind == Reply::Kind::Answer)
            return gateway_->on_io(
                now, io::HttpResponse{request.id, reply.status, reply.headers, reply.body});
        gateway_->on_io(now, io::HttpFailed{.id = request.id,
                                            .sent = reply.kind == Reply::Kind::FailSent,
                                            .reason = "connection reset"});
    }

    Random random_;
    std::unique_ptr<WebullGateway> gateway_;
};

}  // namespace janus::webull
