#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/event.hpp"
#include "gateway/webull/rest_client.hpp"
#include "gateway/webull/wire/subscribe.hpp"

namespace janus::webull {

/// What ends a subscription, and what is done about it.
enum class StreamEnd {
    Reconnect,       ///< With back-off from one second.
    Renew,           ///< At once; with back-off when it happens again soon.
    Crowded,         ///< Wait a minute: other streams use the key.
    Misdirected,     ///< Wait a minute: this host does not serve what we ask for.
    Authentication,  ///< Renew the token, try the other signature, then a person.
};

/// The one trade-event stream of an app key, for all its connected accounts: subscribes, watches
/// the pings, and comes back by the rules of the reference (6.6). Any end is a disconnect.
class EventStream {
 public:
    EventStream(const WebullSettings& settings, Outbox& out, RestClient& rest, Random& random);

    /// The core allows streams from now on.
    void allow(Now now);
    /// The accounts to listen to; empty while the key is not usable.
    void set_accounts(Now now, std::vector<std::string> account_ids);
    void stop();

    /// A data message of the live stream; control messages are handled inside.
    std::optional<wire::SubscribeResponse> on_message(Now now, const io::StreamMessage& message);
    void on_ended(Now now, const io::StreamEnded& ended);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

    gateway::StreamState state() const { return state_; }
    bool live() const {
        return state_ == gateway::StreamState::Live || state_ == gateway::StreamState::Silent;
    }
    /// Events are wanted and none can come.
    bool missing() const { return wanted() && !live(); }
    /// True once after each successful subscription: what was missed must be read by REST.
    bool take_subscribed() { return std::exchange(subscribed_, false); }
    /// Shows a live stream as silent, or as live again.
    void set_silent(bool silent);
    /// True once when the broker has refused our credentials: the access token should be renewed.
    bool take_token_doubt() { return std::exchange(token_doubted_, false); }

 private:
    void open(Now now);
    void close();
    void back_off(Now now, Duration wait, std::string reason);
    void on_subscribed(Now now);
    void on_end(Now now, StreamEnd kind, std::string reason);
    void on_refused(Now now, const std::string& reason);
    void on_expired(Now now);
    void need_operator(Now now, std::string reason);
    void show(gateway::StreamState state, std::string reason);
    bool wanted() const { return allowed_ && !stopped_ && !account_ids_.empty(); }
    Duration silence_max() const;

    const WebullSettings& settings_;
    Outbox& out_;
    RestClient& rest_;
    Random& random_;
    std::string name_;
    wire::SigningKey key_;  ///< Its algorithm changes when the configured one is refused.
    bool allowed_{false};
    bool stopped_{false};
    bool subscribed_{false};
    std::vector<std::string> account_ids_;
    gateway::StreamState state_{gateway::StreamState::Off};
    std::string reason_;
    std::optional<io::StreamId> stream_;
    std::uint32_t last_id_{0};
    Backoff backoff_;
    std::optional<Instant> reopen_at_;
    Instant heard_at_{};
    Instant live_since_{};
    bool expired_before_{false};
    int refusals_{0};  ///< Of our credentials, since the last good subscription.
    bool token_doubted_{false};
};

}  // namespace janus::webull
