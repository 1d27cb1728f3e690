#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/asio.hpp"
#include "net/transport.hpp"

namespace janus::net {

/// What a channel tells its owner, on the core thread and never from inside its own calls.
struct ByteChannelHandlers {
    std::function<void(std::string_view)> on_bytes;
    std::function<void(const std::string& reason)> on_end;  ///< Once; nothing follows.
};

/// An open connection with a read loop and a bounded write queue; serves both directions, dialled
/// and accepted. Its coroutines keep it alive until its connection is closed.
class ByteChannel : public std::enable_shared_from_this<ByteChannel> {
 public:
    /// `unsent_max` bounds the bytes that wait to be written; more ends the channel.
    ByteChannel(asio::io_context& loop, std::shared_ptr<Transport> transport,
                ByteChannelHandlers handlers, std::size_t unsent_max);

    void start();
    /// Ignored after the end.
    void send(std::string_view bytes);
    /// Ends it at once; `on_end` is not called.
    void close();
    void reset();
    /// Writes what waits, then ends it; `on_end` is not called.
    void close_after_writing();
    void pause_reading(bool paused);

 private:
    static asio::awaitable<void> read(std::shared_ptr<ByteChannel> self);
    static asio::awaitable<void> write(std::shared_ptr<ByteChannel> self);
    void end(const std::string& reason);

    asio::io_context& loop_;
    std::shared_ptr<Transport> transport_;
    ByteChannelHandlers handlers_;
    std::size_t unsent_max_;
    std::string waiting_;  ///< To be written next.
    std::string writing_;  ///< Under way.
    asio::steady_timer resumed_;
    bool writer_runs_{false};
    bool finishing_{false};   ///< close_after_writing was asked.
    std::string end_reason_;  ///< Set when we end it ourselves.
    bool paused_{false};
    bool ended_{false};
};

}  // namespace janus::net
