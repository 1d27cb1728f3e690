#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/tagged.hpp"
#include "net/listen_address.hpp"

namespace boost::asio {
class io_context;
}

namespace janus::net {

/// One accepted connection; counts up from 1 and is never reused by a server.
using ConnectionId = Tagged<std::uint64_t, struct ConnectionIdTag>;

/// What a TcpServer tells its owner, on the core thread.
struct TcpServerHandlers {
    std::function<void(ConnectionId, const std::string& peer)> on_open;
    std::function<void(ConnectionId, std::string_view bytes)> on_bytes;
    /// The peer ended it or the line broke. Not called for what `close` and `reset` ended.
    std::function<void(ConnectionId, const std::string& reason)> on_close;
};

/// Accepts TCP connections and moves bytes; used on the core thread only.
/// A connection whose unsent bytes exceed `unsent_max` is ended with a reason.
class TcpServer {
 public:
    static constexpr std::size_t unsent_max = 4U << 20U;
    static constexpr std::size_t connections_max = 1024;  ///< Further ones are closed at once.

    /// Errors: `Conflict` when the address is in use; `Invalid` when it is no address of this
    /// machine; `Unavailable` for the rest.
    static Result<std::unique_ptr<TcpServer>> listen(boost::asio::io_context& loop,
                                                     const ListenAddress& address,
                                                     TcpServerHandlers handlers, Log& log);
    ~TcpServer();
    TcpServer(const TcpServer&) = delete;
    TcpServer& operator=(const TcpServer&) = delete;

    /// The address in use, with the port that the system picked.
    ListenAddress address() const;
    /// Bytes in order; ignored when the connection is gone.
    void send(ConnectionId connection, std::string bytes);
    /// Sends what is queued, then closes.
    void close(ConnectionId connection);
    /// Cuts the line at once with a TCP reset.
    void reset(ConnectionId connection);
    /// While paused nothing is read from this connection, so its peer feels the pressure.
    void pause_reading(ConnectionId connection, bool paused);
    /// No more accepting; every connection is ended.
    void stop();

 private:
    struct Parts;
    explicit TcpServer(std::shared_ptr<Parts> parts);
    std::shared_ptr<Parts> parts_;
};

}  // namespace janus::net
