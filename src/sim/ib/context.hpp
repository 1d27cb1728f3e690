#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/exchange/exchange.hpp"
#include "sim/ib/contract.hpp"
#include "sim/ib/fault_box.hpp"
#include "sim/ib/server.hpp"
#include "sim/ib/wire.hpp"

namespace janus::sim::ib {

using RequestId = std::int64_t;

/// What a connection has subscribed to about accounts.
struct AccountSubscriptions {
    bool positions{false};
    std::optional<std::string> updates;  ///< Account of reqAccountUpdates.
    struct Summary {
        std::vector<std::string> accounts;
        std::string tags;
    };
    std::map<RequestId, Summary> summaries;
    std::map<RequestId, std::string> positions_multi;
    std::map<RequestId, std::string> updates_multi;
    struct Profit {
        std::string account;
        std::int64_t conid{0};  ///< 0: of the whole account.
    };
    std::map<RequestId, Profit> profits;
};

enum class FeedKind { Ticks, Last, BidAsk, MidPoint, Bars, History };

struct Bar {
    Decimal open, high, low, close, volume;
    std::int64_t trades{0};
};

/// One subscription to prices.
struct Feed {
    FeedKind kind{FeedKind::Ticks};
    ContractRow contract;
    std::string what;                ///< Bars only: `TRADES`, `MIDPOINT`, `BID`, `ASK`.
    std::int64_t seconds{5};         ///< History only: the length of a bar.
    std::int64_t date_format{1};     ///< History only.
    std::int64_t bar_start{0};       ///< History only: of the running bar.
    bool mark{false};                ///< Ticks only: the mark price was asked for.
    bool frozen{false};              ///< Ticks only: the market is closed.
    std::optional<Price> high, low;  ///< Ticks only: what the client was told of the day.
    bool delayed{false};             ///< Ticks only.
    bool resend{true};               ///< The client has seen nothing yet, or something else.
    SimQuote sent;                   ///< What the client has last seen.
    Bar bar;                         ///< The running one.
};

enum class SessionStep { Greeting, Offer, Start, Ready };

/// One client's connection.
struct Session {
    ConnectionId connection;
    SessionStep step{SessionStep::Greeting};
    int version{0};
    std::int64_t client_id{-1};
    FrameCutter cutter;
    AccountSubscriptions accounts;
    std::int64_t market_data_type{1};
    bool binds_orders{false};  ///< Client 0 gets a number for every order made by hand.
    std::map<RequestId, Feed> feeds;
    std::deque<Instant> recent;  ///< Arrival of the messages of the last second.
    int pacing_offences{0};
    bool closed_by_client{false};  ///< Seen while frozen; it ends when the freeze does.
};

/// What gathers for the host. While frozen everything is kept back.
class Outbox {
 public:
    void send(ConnectionId connection, const Message& message) {
        send_bytes(connection, framed(message.payload()));
    }
    void send_bytes(ConnectionId connection, std::string bytes) {
        outputs_.push_back({connection, std::move(bytes), false});
    }
    /// What was sent before still goes out.
    void close(ConnectionId connection) { outputs_.push_back({connection, {}, true}); }
    std::vector<IbOutput> take(bool split);
    bool empty() const { return outputs_.empty(); }

 private:
    std::vector<IbOutput> outputs_;
};

/// What every desk works with; owned by the server.
struct Context {
    Exchange& exchange;
    Random& random;
    IbServerSettings settings;
    std::vector<std::string> accounts;  ///< Of the login.
    FaultBox faults;
    Outbox outbox;
    std::map<ConnectionId, Session> sessions;

    bool has_account(const std::string& account) const;
    /// The account that an empty field means; empty when the login has none.
    std::string default_account() const;
    bool prices_flow() const;  ///< Neither the upstream nor the farm is broken.
    /// Whether a snapshot fault (`withhold_end`, `empty_snapshot`) hits the snapshot of this name.
    bool spoils(std::string_view fault, std::string_view snapshot);
    /// Sends to one session, in the form of its version, what faults leave of it.
    void send(const Session& session, const Message& message);
    /// An error or notice in the layout of the session's version; `id` -1 is the system.
    void send_error(Now now, const Session& session, std::int64_t id, int code,
                    std::string_view text);
    /// A notice to every session that is ready.
    void broadcast(Now now, int code, std::string_view text);
};

}  // namespace janus::sim::ib
