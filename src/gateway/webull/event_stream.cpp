#include "gateway/webull/event_stream.hpp"

#include <algorithm>
#include <array>

namespace janus::webull {
namespace {

using namespace std::chrono_literals;
using gateway::StreamState;

constexpr Duration retry_first = 1s;
constexpr Duration retry_longest = 60s;
constexpr Duration crowded_wait = 60s;  ///< Too many streams of this key.
constexpr Duration misdirected_wait = 60s;
constexpr Duration token_wait = 5s;       ///< For the answer to the renewal.
constexpr Duration operator_wait = 60s;   ///< A person must act; look again now and then.
constexpr Duration subscribe_time = 15s;  ///< For the first message.
constexpr Duration steady_after = 60s;    ///< A stream that lived so long has earned a fresh start.
constexpr std::uint32_t orders_and_positions = 3;
constexpr std::uint32_t orders_only = 1;

/// What a gRPC status means for us.
struct EndRow {
    int status;
    std::string_view name;
    StreamEnd kind;
};
constexpr auto ends = std::to_array<EndRow>({
    {0,  "OK",                  StreamEnd::Reconnect     },
    {1,  "CANCELLED",           StreamEnd::Reconnect     },
    {2,  "UNKNOWN",             StreamEnd::Reconnect     },
    {3,  "INVALID_ARGUMENT",    StreamEnd::Misdirected   },
    {4,  "DEADLINE_EXCEEDED",   StreamEnd::Reconnect     },
    {5,  "NOT_FOUND",           StreamEnd::Misdirected   },
    {6,  "ALREADY_EXISTS",      StreamEnd::Crowded       },
    {7,  "PERMISSION_DENIED",   StreamEnd::Authentication},
    {8,  "RESOURCE_EXHAUSTED",  StreamEnd::Crowded       },
    {9,  "FAILED_PRECONDITION", StreamEnd::Misdirected   },
    {10, "ABORTED",             StreamEnd::Reconnect     },
    {11, "OUT_OF_RANGE",        StreamEnd::Misdirected   },
    {12, "UNIMPLEMENTED",       StreamEnd::Misdirected   },
    {13, "INTERNAL",            StreamEnd::Reconnect     },
    {14, "UNAVAILABLE",         StreamEnd::Reconnect     },
    {15, "DATA_LOSS",           StreamEnd::Reconnect     },
    {16, "UNAUTHENTICATED",     StreamEnd::Authentication},
});
static_assert(ends[16].status == 16 && ends.size() == 17, "every status of gRPC has its row");

/// What a control message of a live stream means for us. Source: reference 6.1, 6.6.
struct ControlRow {
    std::uint32_t event_type;
    std::string_view name;
    StreamEnd kind;
};
constexpr auto controls = std::to_array<ControlRow>({
    {wire::event_type::auth_error,           "AuthError",        StreamEnd::Authentication},
    {wire::event_type::connections_exceeded, "NumOfConnExceed",  StreamEnd::Crowded       },
    {wire::event_type::subscribe_expired,    "SubscribeExpired", StreamEnd::Renew         },
});

const ControlRow* find_control(std::uint32_t event_type) {
    const auto* row = std::ranges::find(controls, event_type, &ControlRow::event_type);
    return row == controls.end() ? nullptr : row;
}

EndRow row_of(int status) {
    if (status >= 0 && static_cast<std::size_t>(status) < ends.size())
        return ends[static_cast<std::size_t>(status)];
    return {status, "a status that gRPC has not", StreamEnd::Reconnect};
}

wire::Algorithm other_than(wire::Algorithm algorithm) {
    return algorithm == wire::Algorithm::HmacSha1 ? wire::Algorithm::HmacSha256
                                                  : wire::Algorithm::HmacSha1;
}

}  // namespace

EventStream::EventStream(const WebullSettings& settings, Outbox& out, RestClient& rest,
                         Random& random)
    : settings_(settings),
      out_(out),
      rest_(rest),
      random_(random),
      name_(login_of(settings)),
      key_(rest.key()),
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
    out_.want(io::OpenStream{
        .id = *stream_,
        .endpoint = *settings_.events,
        .method = "/grpc.trade.event.EventService/Subscribe",
        .metadata = wire::signature_headers(key_, stamp, wire::sign_stream(key_, stamp, bytes)),
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
    refusals_ = 0;
    if (key_.algorithm != settings_.algorithm)
        out_.notice(LogLevel::Warning,
                    fmt::format("webull accepts trade events only with {}: set signature to it, or "
                                "check the app secret",
                                wire::to_text(key_.algorithm)));
    show(StreamState::Live, "");
}

/// The one place that decides what follows from an end, whether a message or a status told of it.
void EventStream::on_end(Now now, StreamEnd kind, std::string reason) {
    switch (kind) {
        case StreamEnd::Reconnect:
            return back_off(now, backoff_.next(random_), std::move(reason));
        case StreamEnd::Renew:
            return on_expired(now);
        case StreamEnd::Crowded:
            out_.count_aloud("stream_crowded",
                             "webull: too many event streams use this app key; end the other "
                             "programs that do, orders are polled meanwhile");
            return back_off(now, crowded_wait,
                            "too many event streams use this app key: " + reason);
        case StreamEnd::Misdirected:
            return back_off(now, misdirected_wait,
                            "this host does not serve the subscription: " + reason);
        case StreamEnd::Authentication:
            return on_refused(now, reason);
    }
}

/// Source: reference 6.6. First the token may be stale, then this host may want the other
/// signature; after that only a person can help.
void EventStream::on_refused(Now now, const std::string& reason) {
    out_.count("stream_refused");
    switch (++refusals_) {
        case 1:
            token_doubted_ = true;
            return back_off(now, token_wait,
                            "webull_auth: renewing the access token after " + reason);
        case 2:
            key_.algorithm = other_than(key_.algorithm);
            return back_off(now, retry_first,
                            fmt::format("webull_auth: trying {} after {}",
                                        wire::to_text(key_.algorithm), reason));
        default:  // A count, not an enum.
            key_.algorithm = settings_.algorithm;
            refusals_ = 1;  // The next look tries both signatures again, the token is left alone.
            return need_operator(now,
                                 "webull_auth: Webull refuses the subscription to trade events "
                                 "with both signatures (" +
                                     reason +
                                     "); check app key, secret and token, orders are polled");
    }
}

void EventStream::on_expired(Now now) {
    out_.count("stream_expired");
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
    if (decoded->event_type == wire::event_type::subscribe_success) {
        on_subscribed(now);
        return std::nullopt;
    }
    if (decoded->event_type == wire::event_type::ping) return std::nullopt;
    if (const auto* control = find_control(decoded->event_type)) {
        on_end(now, control->kind, std::string(control->name));
        return std::nullopt;
    }
    return std::move(*decoded);  // An open set of numbers from the wire.
}

void EventStream::on_ended(Now now, const io::StreamEnded& ended) {
    if (stream_ != ended.id) return;
    stream_.reset();
    out_.count("stream_ends");
    // The broker's message may show the signature it expected: it is never passed on.
    const auto row = row_of(ended.status);
    on_end(now, row.kind,
           ended.obstacle.empty() ? fmt::format("stream ended with {} ({})", row.name, ended.status)
                                  : fmt::format("stream cannot be opened: {}", ended.obstacle));
}

Duration EventStream::silence_max() const {
    if (!live()) return subscribe_time;
    return std::min(settings_.stale_after, settings_.ping_silence_max);
}

void EventStream::on_timeout(Now now) {
    if (stream_ && now.mono >= heard_at_ + silence_max()) {
        out_.count("stream_dead");
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
