#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/tagged.hpp"
#include "base/time.hpp"
#include "sim/webull/fault_book.hpp"
#include "sim/webull/gatekeeper.hpp"

namespace janus::sim {

/// Names one open event stream. The driver chooses it and never reuses it.
using StreamKey = Tagged<std::uint64_t, struct StreamKeyTag>;

/// What the driver does with a stream: sends a message, or ends it with a gRPC status.
struct StreamOutput {
    StreamKey key;
    std::string message;  ///< Serialized; meaningless when `end` is set.
    bool end{false};
    int status{0};
    std::string text;
};

namespace webull {

struct EventHubSettings {
    Duration ping_interval{std::chrono::seconds(60)};
    std::size_t streams_max{5};  ///< Per app key.
};

/// The open event streams: who subscribed to which accounts, their pings, and what the event faults
/// do to the messages. Order events go to every stream that asked for the account.
class EventHub {
 public:
    EventHub(const Scenario& scenario, Gatekeeper& gatekeeper, FaultBook& faults, Random& random,
             EventHubSettings settings)
        : scenario_(scenario),
          gatekeeper_(gatekeeper),
          faults_(faults),
          random_(random),
          settings_(settings) {}

    /// Answers at once: SubscribeSuccess, a control message and an end, or an end with a status.
    void on_subscribe(Now now, StreamKey key, const std::map<std::string, std::string>& metadata,
                      const std::string& request);
    /// The client went away.
    void on_closed(StreamKey key);
    /// Sends an order event; `payload` is the JSON text.
    void publish_order(Now now, const std::string& account, const std::string& payload);
    /// Does what a fault does at the moment when it is switched on.
    void on_fault_switched(Now now, const std::string& name);

    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    std::vector<StreamOutput> take_outputs();
    std::size_t open_streams() const { return streams_.size(); }

 private:
    struct HeldBack {
        std::string message;
        Instant until;
    };
    struct Stream {
        std::string app_key;
        std::set<std::string> accounts;
        std::uint32_t subscribe_type{0};
        std::string request_id;
        Instant next_ping;
        std::optional<Instant> ends;  ///< When it expires.
        std::optional<HeldBack> held_back;
    };
    std::optional<Instant> end_of_life(Now now) const;
    void expire_old(Now now);
    bool refuse_by_fault(Now now, StreamKey key);
    bool owns(const std::string& app_key, const std::string& account) const;
    std::size_t streams_of(const std::string& app_key) const;
    void end_with_control(Now now, StreamKey key, const std::string& request_id, int event_type);
    void end_all(Now now, const FaultParameters& parameters);
    void send_event(Now now, const FaultParameters& parameters);
    void send_bad_payload(Now now, const FaultParameters& parameters);
    void emit(Now now, StreamKey key, Stream& stream, const std::string& message);
    void send(StreamKey key, std::string message);
    void end(StreamKey key, int status, std::string text);

    const Scenario& scenario_;
    Gatekeeper& gatekeeper_;
    FaultBook& faults_;
    Random& random_;
    EventHubSettings settings_;
    std::map<StreamKey, Stream> streams_;
    std::multimap<Instant, std::pair<StreamKey, std::string>> delayed_;
    std::vector<StreamOutput> outputs_;
};

}  // namespace webull
}  // namespace janus::sim
