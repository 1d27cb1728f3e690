#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/tagged.hpp"
#include "base/time.hpp"

/// The words of IO: what a machine can want from the world, and what the world can tell it.
/// One driver in net/ performs them for every gateway; a simulated world performs them in memory.
/// Ids are chosen by the machine and used once; events for ids it has given up are ignored by it.
namespace janus::io {

using ChannelId =
    Tagged<std::uint32_t, struct ChannelIdTag>;  ///< One TCP connection, from Connect to Closed.
using HttpId = Tagged<std::uint32_t, struct HttpIdTag>;      ///< One HTTP exchange.
using StreamId = Tagged<std::uint32_t, struct StreamIdTag>;  ///< One gRPC server stream.

/// Where to connect. `ca_file` adds a trust anchor to the system's own; verification is never
/// switched off.
struct Endpoint {
    std::string host;
    std::uint16_t port{0};
    bool tls{false};
    std::string ca_file;
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

using Header = std::pair<std::string, std::string>;

// ---- effects: machine -> world ----

/// Answered by Connected, or by Closed when it fails. `timeout` covers resolving, TCP and TLS.
struct Connect {
    ChannelId channel;
    Endpoint endpoint;
    Duration timeout{std::chrono::seconds(5)};
};
/// Bytes for an open channel, in order. Ignored when the channel is closed.
struct Send {
    ChannelId channel;
    std::string bytes;
};
/// Ends the channel at once; no Closed event follows.
struct Close {
    ChannelId channel;
};
/// One exchange on a connection of its own choice (the driver may keep connections alive).
/// Answered by exactly one HttpResponse or HttpFailed. Redirects are not followed, nothing is
/// retried.
struct HttpRequest {
    HttpId id;
    Endpoint endpoint;
    std::string method;
    std::string target;  ///< Path and query, already encoded.
    std::vector<Header> headers;
    std::string body;
    Duration timeout{std::chrono::seconds(10)};
    std::size_t body_size_max{8U << 20U};  ///< A longer reply body fails the exchange.
};
/// A unary request answered by a stream of messages (gRPC server streaming), bytes in and out.
struct OpenStream {
    StreamId id;
    Endpoint endpoint;
    std::string method;  ///< `/grpc.trade.event.EventService/Subscribe`
    std::vector<Header> metadata;
    std::string request;  ///< The serialized message, without the gRPC frame.
};
/// Ends the stream at once; no StreamEnded follows.
struct CloseStream {
    StreamId id;
};

using Effect = std::variant<Connect, Send, Close, HttpRequest, OpenStream, CloseStream>;

// ---- events: world -> machine ----

struct Connected {
    ChannelId channel;
};
struct Received {
    ChannelId channel;
    std::string bytes;
};
/// The peer closed, the line broke, or the connection could not be made.
struct Closed {
    ChannelId channel;
    std::string reason;
};
struct HttpResponse {
    HttpId id;
    int status{0};
    std::vector<Header> headers;
    std::string body;  ///< Already decompressed.
};
/// No complete reply. `sent` is false only when it is proven that no byte of the request left.
struct HttpFailed {
    HttpId id;
    bool sent{true};
    std::string reason;
};
struct StreamMessage {
    StreamId id;
    std::string bytes;
};
/// The stream is over; `status` is the gRPC status code (0 is OK).
struct StreamEnded {
    StreamId id;
    int status{0};
    std::string message;
    std::string obstacle{};  ///< Why the endpoint cannot be reached, in our own words; empty when
                             ///< it was reached, or nobody knows.
};

using Event =
    std::variant<Connected, Received, Closed, HttpResponse, HttpFailed, StreamMessage, StreamEnded>;

}  // namespace janus::io
