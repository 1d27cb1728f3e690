#include "gateway/webull/event_stream.hpp"

#include <array>

namespace janus::webull {
namespace {

using namespace std::chrono_literals;
using gateway::StreamState;

constexpr Duration retry_first = 1s;
constexpr Duration retry_longest = 60s;
constexpr Duration crowded_wait = 60s;    ///< Too many streams of this key.
constexpr Duration operator_wait = 60s;   ///< A person must act; look again now and then.
constexpr Duration subscribe_time = 15s;  ///< For the first message.
constexpr Duration steady_after = 60s;    ///< A stream that lived so long has earned a fresh start.
constexpr std::uint32_t orders_and_positions = 3;
constexpr std::uint32_t orders_only = 1;

enum class EndKind { Reconnect, Crowded, Authentication };

/// What a gRPC status means for us; every other status is a plain disconnect.
struct EndRow {
    int status;
    std::string_view name;
    EndKind kind;
};
constexpr auto ends = std::to_array<EndRow>({
    {0,  "OK",                 EndKind::Reconnect     },
    {2,  "UNKNOWN",            EndKind::Reconnect     },
    {4,  "DEADLINE_EXCEEDED",  EndKind::Reconnect     },
    {7,  "PERMISSION_DENIED",  EndKind::Authentication},
    {8,  "RESOURCE_EXHAUSTED", EndKind::Crowded       },
    {13, "INTERNAL",           EndKind::Reconnect     },
    {14, "UNAVAILABLE",        EndKind::Reconnect     },
    {16, "UNAUTHENTICATED",    EndKind::Authentication},
});

EndRow row_of(int status) {
    for (const auto& row : ends)
        if (row.status == status) return row;
    return {status, "another status", EndKind::Reconnect};
}

std::string stream_name(const WebullSettings& settings) {
    std::string name;
    for (const auto& account : settings.accounts)
        name += (name.empty() ? "" : "+") + account.name.value;
    return name;
}

}  // namespace

EventStream::EventStream(const WebullSettings& settings, Outbox& out, RestClient& rest,
                         Random& random)
    : settings_(settings),
      out_(out),
      rest_(rest),
      random_(random),
      name_(stream_name(settings)),
      backoff_(retry_first, retry_longest) {}

void EventStream::show(StreamState state, std::string reason) {
    if (state_ == state && reason_ == reason) return;
    state_ = state;
    reason_ = std::move(reason);
    out_.tell(gateway::StreamChanged{name_, state_, reason_});
}

void EventStream::allow(Now now) {
    if (!settings_.trade_events_enabled || allowed_) return;
    allowed_ = true;
    if (wanted() && !stream_ && !reopen_at_) open(now);
}

void EventStream::set_accounts(Now now, std::vector<std::string> account_ids) {
    if (account_ids_ == account_ids) return;
    account_ids_ = std::move(account_ids);
    close();
    reopen_at_.reset();
    if (wanted()) return open(now);
    if (state_ != StreamState::Off) show(StreamState::Off, "no account is connected");
}

void EventStream::stop() {
    stopped_ = true;
    close();
    reopen_at_.reset();
    show(StreamState::Off, "stopped");
}

void EventStream::close() {
    if (stream_) out_.want(io::CloseStream{*stream_});
    stream_.reset();
}

void EventStream::open(Now now) {
    close();
    reopen_at_.reset();
    wire::SubscribeRequest request;
    request.subscribe_type =
        settings_.region.starts_with("us") ? orders_and_positions : orders_only;
    request.timestamp = now.utc.milliseconds();
    request.accounts = account_ids_;
    const auto bytes = wire::encode(request);
    const auto stamp = rest_.next_stamp(now);
    stream_ = io::StreamId{++last_id_};
    heard_at_ = now.mono;
    out_.want(io::OpenStream{.id = *stream_,
                             .endpoint = *settings_.events,
                             .method = "/grpc.trade.event.EventService/Subscribe",
                             .metadata = wire::signature_headers(
                                 rest_.key(), stamp, wire::sign_stream(rest_.key(), stamp, bytes)),
                             .request = bytes});
    show(StreamState::Connecting, "");
}

void EventStream::back_off(Now now, Duration wait, std::string reason) {
    close();
    reopen_at_ = now.mono + wait;
    show(StreamState::Backoff, std::move(reason));
}

void EventStream::need_operator(Now now, std::string reason) {
    close();
    reopen_at_ = now.mono + operator_wait;
    show(StreamState::NeedsOperator, std::move(reason));
}

void EventStream::on_subscribed(Now now) {
    live_since_ = now.mono;
    subscribed_ = true;
    show(StreamState::Live, "");
}

void EventStream::on_expired(Now now) {
    out_.count("webull.stream_expired");
    if (now.mono - live_since_ >= steady_after) expired_before_ = false;
    if (std::exchange(expired_before_, true))
        return back_off(now, backoff_.next(random_), "subscription expired");
    open(now);
}

std::optional<wire::SubscribeResponse> EventStream::on_message(Now now,
                                                               const io::StreamMessage& message) {
    if (stream_ != message.id) return std::nullopt;
    heard_at_ = now.mono;
    auto decoded = wire::decode_subscribe_response(message.bytes);
    if (!decoded) {
        // The stream lives on, but something was in this message: an event without a content.
        wire::SubscribeResponse unreadable;
        unreadable.event_type = wire::event_type::order;
        return unreadable;
    }
    if (live() && now.mono - live_since_ >= steady_after) backoff_.reset();
    switch (decoded->event_type) {
        case wire::event_type::subscribe_success:
            on_subscribed(now);
            return std::nullopt;
        case wire::event_type::ping:
            return std::nullopt;
        case wire::event_type::auth_error:
            need_operator(now, "webull_auth: Webull refuses the subscription to trade events");
            return std::nullopt;
        case wire::event_type::connections_exceeded:
            back_off(now, crowded_wait, "too many event streams use this app key");
            return std::nullopt;
        case wire::event_type::subscribe_expired:
            on_expired(now);
            return std::nullopt;
        default:  // An open set of numbers from the wire.
            return std::move(*decoded);
    }
}

void EventStream::on_ended(Now now, const io::StreamEnded& ended) {
    if (stream_ != ended.id) return;
    stream_.reset();
    out_.count("webull.stream_ends");
    // The broker's message may show the signature it expected: it is never passed on.
    const auto row = row_of(ended.status);
    auto reason = fmt::format("stream ended with {} ({})", row.name, ended.status);
    switch (row.kind) {
        case EndKind::Reconnect:
            return back_off(now, backoff_.next(random_), std::move(reason));
        case EndKind::Crowded:
            return back_off(now, crowded_wait, std::move(reason));
        case EndKind::Authentication:
            return need_operator(now, "webull_auth: " + reason);
    }
}

Duration EventStream::silence_max() const {
    if (!live()) return subscribe_time;
    return std::min(settings_.stale_after, settings_.ping_silence_max);
}

void EventStream::on_timeout(Now now) {
    if (stream_ && now.mono >= heard_at_ + silence_max()) {
        out_.count("webull.stream_dead");
        back_off(
            now, backoff_.next(random_),
            fmt::format("no ping for {} s",
                        std::chrono::duration_cast<std::chrono::seconds>(silence_max()).count()));
    }
    if (reopen_at_ && now.mono >= *reopen_at_ && wanted()) open(now);
}

std::optional<Instant> EventStream::deadline() const {
    if (stream_) return heard_at_ + silence_max();
    return wanted() ? reopen_at_ : std::nullopt;
}

void EventStream::set_silent(bool silent) {
    if (silent && state_ == StreamState::Live)
        show(StreamState::Silent, "silent: changes that REST shows are not announced");
    if (!silent && state_ == StreamState::Silent) show(StreamState::Live, "");
}

}  // namespace janus::webull
