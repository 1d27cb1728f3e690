#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "gateway/ib/outbox.hpp"
#include "gateway/ib/output.hpp"
#include "gateway/ib/settings.hpp"
#include "gateway/ib/wire/frame_reader.hpp"
#include "gateway/io.hpp"

namespace janus::ib {

/// The connection to the gateway: connects, agrees on a version, keeps the message rate, notices
/// silence, and comes back after a loss, for ever and under the same client id. Never more than one
/// channel is open. Knows nothing of orders.
class Link {
 public:
    enum class Step { Off, Backoff, Connecting, Handshake, Starting, Up };

    /// Why a connection ended, and how far it had come.
    struct Loss {
        std::string reason;
        Step step{Step::Off};
    };
    /// How long to wait before the next attempt.
    enum class Pace { AtOnce, Growing, Slowest };

    Link(const IbSettings& settings, Random& random, Output& output);

    void start(Now now);
    /// Closes and stays closed.
    void stop();
    Step step() const { return step_; }
    bool is_up() const { return step_ == Step::Up; }
    /// Negotiated; 0 before the handshake.
    int server_version() const { return server_version_; }

    void on_io(Now now, const io::Event& event);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

    /// The next message after the handshake, until there is no more. A bad frame ends the
    /// connection. The view lives until the next call of a function of this class.
    std::optional<std::string_view> next_payload(Now now) {
        if (step_ == Step::Up)
            if (const auto payload = reader_.next_whole(); !payload.empty()) return payload;
        return next_payload_of_any_step(now);
    }
    /// The owner has seen what ends the start: heartbeats begin.
    void on_started(Now now);
    /// The owner is content with this connection: the next pause is short again.
    void on_ready() { attempts_ = 0; }
    /// Closes, and connects again after a pause.
    void fail(Now now, std::string reason, Pace pace = Pace::Growing);
    /// The gateway has moved to another port. When nobody answers there, the configured one is
    /// tried in turn.
    void follow_port(std::uint16_t port) { told_port_ = port_ = port; }
    std::uint16_t port() const { return port_; }
    /// Makes the present pause as long as pauses get.
    void wait_longest(Now now);
    /// What ended the connection since the last call.
    std::optional<Loss> take_loss();

    /// Puts a frame in line; sent by `flush`. An error in it is logged: it is our own fault.
    void request(Result<std::string> frame, Lane lane = Lane::Request);
    /// Hands the bytes to the channel now, when the rate allows it; false when not.
    bool try_send(Now now, Lane lane, const std::string& frame);
    void flush(Now now);
    Outbox& outbox() { return outbox_; }
    /// When the rate lets the next order out; nothing while not connected.
    std::optional<Instant> free_for_orders() const;

 private:
    void connect(Now now);
    void send(std::string bytes);
    void on_received(Now now, const std::string& bytes);
    std::optional<std::string_view> next_payload_of_any_step(Now now);
    void take_handshake(Now now, std::string_view payload);
    /// Refuses a version that Janus does not speak; for one that is half text it offers text.
    bool accepts(Now now, int version);
    void enter(Step step, std::optional<Instant> step_deadline);
    Duration next_pause(Pace pace);
    void heartbeat(Now now);
    void try_other_port();

    const IbSettings& settings_;
    Random& random_;
    Output& output_;
    Outbox outbox_;
    Step step_{Step::Off};
    io::ChannelId channel_;
    wire::FrameReader reader_;
    int server_version_{0};
    int offer_;  ///< The highest version that the next hello names.
    std::optional<Instant> step_deadline_;
    std::uint16_t port_;  ///< Of the present or next attempt.
    std::optional<std::uint16_t> told_port_;
    Instant last_byte_;
    Instant next_heartbeat_;
    int attempts_{0};
    std::optional<Loss> loss_;
};

}  // namespace janus::ib
