#include "sim/webull/event_hub.hpp"

#include <algorithm>
#include <array>

#include "webull/trade_event.pb.h"

namespace janus::sim::webull {
namespace {

namespace wire = ::grpc::trade::event;

constexpr int order_event_type = 1024;
constexpr std::uint32_t orders_bit = 1;
constexpr std::uint32_t subscribe_type_max = 7;
constexpr int status_invalid_argument = 3;
constexpr int status_unauthenticated = 16;
constexpr int request_id_digits = 32;
constexpr std::size_t huge_payload_size = 5U << 20U;

/// A control event that a fault can send, as first message or to every open stream.
struct ControlFaultRow {
    std::string_view name;
    int event_type;
};
constexpr auto control_faults = std::to_array<ControlFaultRow>({
    {"auth_error",         wire::AuthError       },
    {"num_of_conn_exceed", wire::NumOfConnExceed },
    {"subscribe_expired",  wire::SubscribeExpired},
});

std::string message_of(Now now, int event_type, std::uint32_t subscribe_type,
                       const std::string& content_type, const std::string& payload,
                       const std::string& request_id) {
    wire::SubscribeResponse response;
    response.set_eventtype(static_cast<wire::EventType>(event_type));
    response.set_subscribetype(subscribe_type);
    response.set_contenttype(content_type);
    response.set_payload(payload);
    response.set_requestid(request_id);
    response.set_timestamp(now.utc.milliseconds());
    return response.SerializeAsString();
}

std::string order_message_of(Now now, const std::string& payload) {
    return message_of(now, order_event_type, orders_bit, "application/json", payload, "");
}

}  // namespace

void EventHub::on_subscribe(Now now, StreamKey key,
                            const std::map<std::string, std::string>& metadata,
                            const std::string& request) {
    if (const auto refused = faults_.use("stream_refuse"))
        return end(key, refused->integer("status"), refused->text("message"));
    const auto app_key = gatekeeper_.admit_stream(now, metadata, request);
    if (!app_key) return end(key, status_unauthenticated, app_key.error().message);
    wire::SubscribeRequest wanted;
    if (!wanted.ParseFromString(request))
        return end(key, status_invalid_argument, "SubscribeRequest cannot be read");
    if (wanted.subscribetype() == 0 || wanted.subscribetype() > subscribe_type_max)
        return end(key, status_invalid_argument, "subscribeType must be 1 to 7");
    if (refuse_by_fault(now, key)) return;
    Stream stream{.app_key = *app_key,
                  .accounts = {},
                  .subscribe_type = wanted.subscribetype(),
                  .request_id = random_hex(random_, request_id_digits),
                  .next_ping = now.mono + settings_.ping_interval,
                  .ends = end_of_life(now),
                  .held_back = std::nullopt};
    for (const auto& account : wanted.accounts())
        if (owns(*app_key, account)) stream.accounts.insert(account);
    if (stream.accounts.empty())
        return end_with_control(now, key, stream.request_id, wire::AuthError);
    if (streams_of(*app_key) >= settings_.streams_max)
        return end_with_control(now, key, stream.request_id, wire::NumOfConnExceed);
    send(key, message_of(now, wire::SubscribeSuccess, wanted.subscribetype(), "text/plain", "",
                         stream.request_id));
    streams_.emplace(key, std::move(stream));
}

void EventHub::on_closed(StreamKey key) {
    streams_.erase(key);
    std::erase_if(delayed_, [&](const auto& entry) { return entry.second.first == key; });
}

void EventHub::publish_order(Now now, const std::string& account, const std::string& payload) {
    if (faults_.is_on("silent")) return;
    const auto* duplicates = faults_.find("duplicate_events");
    const int times = duplicates == nullptr ? 1 : duplicates->integer("times");
    const auto message = order_message_of(now, payload);
    for (auto& [key, stream] : streams_) {
        if (!stream.accounts.contains(account) || (stream.subscribe_type & orders_bit) == 0)
            continue;
        for (int time = 0; time < times; ++time) emit(now, key, stream, message);
    }
}

void EventHub::on_fault_switched(Now now, const std::string& name) {
    using Act = void (EventHub::*)(Now, const FaultParameters&);
    static constexpr auto at_once = std::to_array<std::pair<std::string_view, Act>>({
        {"stream_end",  &EventHub::end_all         },
        {"bad_payload", &EventHub::send_bad_payload},
        {"send_event",  &EventHub::send_event      },
    });
    for (const auto& [fault, act] : at_once) {
        if (fault != name) continue;
        (this->*act)(now, *faults_.use(name));
        std::ignore = faults_.set({"events", name, false, {}});
    }
    const auto control = std::ranges::find(control_faults, name, &ControlFaultRow::name);
    if (control == control_faults.end()) return;
    if (!faults_.use_at(name, "*", "now")) return;
    std::ignore = faults_.set({"events", name, false, {}});
    while (!streams_.empty()) {
        const auto [key, stream] = *streams_.begin();
        end_with_control(now, key, stream.request_id, control->event_type);
    }
}

void EventHub::on_timeout(Now now) {
    expire_old(now);
    for (auto& [key, stream] : streams_) {
        if (stream.held_back && now.mono >= stream.held_back->until) {
            send(key, std::move(stream.held_back->message));
            stream.held_back.reset();
        }
        if (now.mono < stream.next_ping) continue;
        stream.next_ping = now.mono + settings_.ping_interval;
        if (!faults_.is_on("no_ping"))
            send(key, message_of(now, wire::Ping, 0, "text/plain", "", stream.request_id));
    }
    while (!delayed_.empty() && delayed_.begin()->first <= now.mono) {
        auto [key, message] = std::move(delayed_.begin()->second);
        delayed_.erase(delayed_.begin());
        send(key, std::move(message));
    }
}

void EventHub::expire_old(Now now) {
    std::map<StreamKey, std::string> old;
    for (const auto& [key, stream] : streams_)
        if (stream.ends && now.mono >= *stream.ends) old.emplace(key, stream.request_id);
    for (const auto& [key, request_id] : old)
        end_with_control(now, key, request_id, wire::SubscribeExpired);
}

std::optional<Instant> EventHub::deadline() const {
    std::optional<Instant> next;
    const auto consider = [&](Instant at) {
        if (!next || at < *next) next = at;
    };
    for (const auto& [key, stream] : streams_) {
        consider(stream.next_ping);
        if (stream.ends) consider(*stream.ends);
        if (stream.held_back) consider(stream.held_back->until);
    }
    if (!delayed_.empty()) consider(delayed_.begin()->first);
    return next;
}

std::vector<StreamOutput> EventHub::take_outputs() {
    return std::exchange(outputs_, {});
}

/// When a stream that begins now is over; nothing while streams live for ever.
std::optional<Instant> EventHub::end_of_life(Now now) const {
    const auto* life = faults_.find("stream_life");
    if (life == nullptr) return std::nullopt;
    return now.mono + std::chrono::seconds(life->integer("seconds"));
}

/// The control faults that wait for a new stream.
bool EventHub::refuse_by_fault(Now now, StreamKey key) {
    for (const auto& row : control_faults) {
        if (!faults_.use_at(row.name, "*", "first")) continue;
        end_with_control(now, key, random_hex(random_, request_id_digits), row.event_type);
        return true;
    }
    return false;
}

bool EventHub::owns(const std::string& app_key, const std::string& account) const {
    return std::ranges::any_of(scenario_.accounts, [&](const SimAccount& candidate) {
        return candidate.broker == SimBroker::Webull && candidate.id == account &&
               candidate.app_key == app_key;
    });
}

std::size_t EventHub::streams_of(const std::string& app_key) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        streams_, [&](const auto& entry) { return entry.second.app_key == app_key; }));
}

void EventHub::end_with_control(Now now, StreamKey key, const std::string& request_id,
                                int event_type) {
    send(key, message_of(now, event_type, 0, "text/plain", "", request_id));
    end(key, 0, "");
}

void EventHub::send_event(Now now, const FaultParameters& parameters) {
    for (const auto& [key, stream] : streams_)
        send(key, order_message_of(now, parameters.text("payload")));
}

void EventHub::end_all(Now, const FaultParameters& parameters) {
    while (!streams_.empty())
        end(streams_.begin()->first, parameters.integer("status"), parameters.text("message"));
}

void EventHub::send_bad_payload(Now now, const FaultParameters& parameters) {
    const auto& kind = parameters.text("kind");
    const std::string unknown_account =
        R"({"account_id":"NOBODY","client_order_id":"none","order_status":"FILLED","symbol":"AAPL",)"
        R"("side":"BUY","qty":"1","filled_qty":"1","filled_price":"10","scene_type":"FINAL_FILLED"})";
    std::string message;
    if (kind == "brace")
        message = order_message_of(now, "{");
    else if (kind == "huge")
        message = order_message_of(now, std::string(huge_payload_size, ' ') + "{}");
    else if (kind == "text_plain")
        message = message_of(now, order_event_type, orders_bit, "text/plain", unknown_account, "");
    else if (kind == "unknown_account")
        message = order_message_of(now, unknown_account);
    else
        message = message_of(now, 4711, orders_bit, "application/json", "{}", "");
    for (const auto& [key, stream] : streams_) send(key, message);
}

/// Sends an order event the way the event faults want it.
void EventHub::emit(Now now, StreamKey key, Stream& stream, const std::string& message) {
    if (const auto* reorder = faults_.find("reorder_events")) {
        if (!stream.held_back) {
            stream.held_back = HeldBack{message, now.mono + reorder->milliseconds("ms")};
            return;
        }
        send(key, message);
        send(key, std::move(stream.held_back->message));
        stream.held_back.reset();
        return;
    }
    if (const auto* delay = faults_.find("delay_events")) {
        delayed_.emplace(now.mono + delay->milliseconds("ms"), std::pair(key, message));
        return;
    }
    send(key, message);
}

void EventHub::send(StreamKey key, std::string message) {
    outputs_.push_back({key, std::move(message), false, 0, ""});
}

void EventHub::end(StreamKey key, int status, std::string text) {
    on_closed(key);
    outputs_.push_back({key, "", true, status, std::move(text)});
}

}  // namespace janus::sim::webull
