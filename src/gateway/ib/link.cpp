#include "gateway/ib/link.hpp"

#include <algorithm>
#include <utility>

#include "gateway/ib/wire/requests.hpp"
#include "gateway/ib/wire/versions.hpp"

namespace janus::ib {
namespace {

std::string seconds_text(Duration span) {
    return fmt::format("{} s", std::chrono::duration_cast<std::chrono::seconds>(span).count());
}

}  // namespace

Link::Link(const IbSettings& settings, Random& random, Output& output)
    : settings_(settings),
      random_(random),
      output_(output),
      outbox_(settings.messages_per_second),
      offer_(wire::offer_of(settings.version_max)),
      port_(settings.port) {}

void Link::enter(Step step, std::optional<Instant> step_deadline) {
    step_ = step;
    step_deadline_ = step_deadline;
}

void Link::start(Now now) {
    if (step_ == Step::Off) connect(now);
}

void Link::stop() {
    const bool open = step_ != Step::Off && step_ != Step::Backoff;
    if (open) output_.effects.emplace_back(io::Close{channel_});
    if (step_ != Step::Off) loss_ = Loss{"stopped", step_};
    enter(Step::Off, std::nullopt);
    outbox_.clear();
}

void Link::connect(Now now) {
    ++channel_.value;
    reader_ = {};
    outbox_.clear();
    server_version_ = 0;
    const io::Endpoint endpoint{settings_.host, port_, false, {}};
    output_.effects.emplace_back(io::Connect{channel_, endpoint, settings_.timeouts.connect});
    // The driver answers by itself in time; the second is for a driver that does not.
    enter(Step::Connecting, now.mono + settings_.timeouts.connect + std::chrono::seconds(1));
}

void Link::try_other_port() {
    if (!told_port_) return;
    port_ = port_ == *told_port_ ? settings_.port : *told_port_;
}

void Link::send(std::string bytes) {
    output_.effects.emplace_back(io::Send{channel_, std::move(bytes)});
}

void Link::on_io(Now now, const io::Event& event) {
    const bool open = step_ != Step::Off && step_ != Step::Backoff;
    if (const auto* connected = std::get_if<io::Connected>(&event)) {
        if (step_ != Step::Connecting || connected->channel != channel_) return;
        last_byte_ = now.mono;
        send(wire::hello(offer_));
        enter(Step::Handshake, now.mono + settings_.timeouts.handshake);
    } else if (const auto* received = std::get_if<io::Received>(&event)) {
        if (open && received->channel == channel_) on_received(now, received->bytes);
    } else if (const auto* closed = std::get_if<io::Closed>(&event)) {
        if (!open || closed->channel != channel_) return;
        const auto what = step_ == Step::Connecting ? "connect failed" : "connection closed";
        if (step_ == Step::Connecting) try_other_port();
        loss_ = Loss{fmt::format("{}: {}", what, closed->reason), step_};
        outbox_.clear();
        enter(Step::Backoff, now.mono + next_pause(Pace::Growing));
    }
}

void Link::on_received(Now now, const std::string& bytes) {
    if (step_ == Step::Connecting) return;
    last_byte_ = now.mono;
    reader_.append(bytes);
}

std::optional<std::string_view> Link::next_payload_of_any_step(Now now) {
    while (step_ == Step::Handshake || step_ == Step::Starting || step_ == Step::Up) {
        const auto payload = reader_.next();
        if (!payload) {
            fail(now, payload.error().message);
            return std::nullopt;
        }
        if (!*payload) return std::nullopt;
        if (step_ != Step::Handshake) return *payload;
        take_handshake(now, **payload);
    }
    reader_.drop();
    return std::nullopt;
}

void Link::take_handshake(Now now, std::string_view payload) {
    const auto handshake = wire::parse_handshake(payload);
    if (!handshake) return fail(now, fmt::format("handshake: {}", handshake.error().message));
    if (!accepts(now, handshake->server_version)) return;
    server_version_ = handshake->server_version;
    enter(Step::Starting, now.mono + settings_.timeouts.handshake);
    if (auto frame = wire::start_api(server_version_, settings_.client_id))
        try_send(now, Lane::Cancel, *frame);
}

/// The lower offer holds for one connection: the gateway may be a newer one the next time.
bool Link::accepts(Now now, int version) {
    const auto offered = std::exchange(offer_, wire::offer_of(settings_.version_max));
    if (wire::is_mixed(version) && offered > wire::text_version_max) {
        offer_ = wire::text_version_max;
        fail(now,
             fmt::format("server version {} is half text and half protobuf: asking for {}", version,
                         offer_),
             Pace::AtOnce);
        return false;
    }
    if (wire::is_supported(version) && version <= offered) return true;
    fail(now,
         fmt::format("ib_version server version was {}, Janus offered {} to {}", version,
                     wire::server_version_min, offered),
         Pace::Slowest);
    return false;
}

void Link::on_started(Now now) {
    enter(Step::Up, std::nullopt);
    next_heartbeat_ = now.mono + settings_.timeouts.heartbeat;
}

Duration Link::next_pause(Pace pace) {
    if (pace == Pace::AtOnce) return {};
    auto pause = settings_.backoff.most;
    if (pace == Pace::Growing) {
        // Past 16 doublings the cap has long been reached.
        pause =
            std::min(pause, settings_.backoff.first * (std::int64_t{1} << std::min(attempts_, 16)));
        ++attempts_;
    }
    return pause * static_cast<std::int64_t>(80 + random_.below(41)) / 100;
}

void Link::fail(Now now, std::string reason, Pace pace) {
    if (step_ == Step::Off || step_ == Step::Backoff) return;
    output_.effects.emplace_back(io::Close{channel_});
    loss_ = Loss{std::move(reason), step_};
    outbox_.clear();
    enter(Step::Backoff, now.mono + next_pause(pace));
}

void Link::wait_longest(Now now) {
    if (step_ == Step::Backoff) step_deadline_ = now.mono + next_pause(Pace::Slowest);
}

std::optional<Link::Loss> Link::take_loss() {
    return std::exchange(loss_, std::nullopt);
}

void Link::request(Result<std::string> frame, Lane lane) {
    if (step_ != Step::Up && step_ != Step::Starting) return;
    if (!frame) {
        output_.count("refused_request");
        return output_.say(LogLevel::Error, "ib request refused: " + frame.error().message);
    }
    if (!outbox_.push(lane, std::move(*frame))) output_.count("outbox_full");
}

bool Link::try_send(Now now, Lane lane, const std::string& frame) {
    if (step_ != Step::Up && step_ != Step::Starting) return false;
    if (!outbox_.may_send(now, lane)) return false;
    outbox_.on_sent(now);
    send(frame);
    return true;
}

std::optional<Instant> Link::free_for_orders() const {
    if (step_ != Step::Up) return std::nullopt;
    return outbox_.free_at(Lane::Place);
}

void Link::flush(Now now) {
    if (step_ != Step::Up) return;
    while (auto frame = outbox_.take_next(now)) send(std::move(*frame));
}

void Link::heartbeat(Now now) {
    if (now.mono < next_heartbeat_) return;
    next_heartbeat_ = now.mono + settings_.timeouts.heartbeat;
    request(wire::request_current_time(server_version_), Lane::Cancel);
}

void Link::on_timeout(Now now) {
    if (step_ == Step::Up) {
        if (now.mono - last_byte_ >= settings_.timeouts.silence_max)
            return fail(
                now, fmt::format("no byte for {}", seconds_text(settings_.timeouts.silence_max)));
        heartbeat(now);
        return flush(now);
    }
    if (!step_deadline_ || now.mono < *step_deadline_) return;
    if (step_ == Step::Backoff) return connect(now);
    if (step_ == Step::Connecting) {
        try_other_port();
        return fail(now, "connect failed: no answer");
    }
    const auto what = step_ == Step::Handshake ? "handshake: no server version"
                                               : "start: no order number or account list";
    fail(now, fmt::format("{} within {}", what, seconds_text(settings_.timeouts.handshake)));
}

std::optional<Instant> Link::deadline() const {
    if (step_ != Step::Up) return step_deadline_;
    auto due = std::min(next_heartbeat_, last_byte_ + settings_.timeouts.silence_max);
    if (const auto waiting = outbox_.deadline()) due = std::min(due, *waiting);
    return due;
}

}  // namespace janus::ib
