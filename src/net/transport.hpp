#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/asio.hpp"

namespace boost::asio::ssl {
class context;
}

namespace janus::net {

/// What a read brought.
struct ReadOutcome {
    error_code error;
    std::size_t size{0};
};

/// One connection's byte stream, plain or TLS, behind one face, so that Asio's stream templates are
/// compiled in one file only. One read and one write may be under way at a time. Owned by a
/// shared_ptr that each coroutine using it holds.
class Transport {
 public:
    virtual ~Transport() = default;
    /// Plain streams are ready at once. Errors: `Unavailable`, with what is wrong with the
    /// certificate.
    virtual asio::awaitable<Result<void>> handshake() = 0;
    virtual asio::awaitable<ReadOutcome> read_some(std::span<char> into) = 0;
    /// `bytes` must live until the end of the write.
    virtual asio::awaitable<error_code> write_all(std::string_view bytes) = 0;
    /// Ends the connection at once; what is under way completes with an error.
    virtual void close() = 0;
    /// Like close, but the peer sees a TCP reset.
    virtual void reset() = 0;
    /// Tells the peer that nothing more comes; reading goes on.
    virtual void end_writing() = 0;
    /// True while the connection is open and nothing, not even its end, has arrived unread.
    virtual bool is_quiet() = 0;
};

std::shared_ptr<Transport> make_plain(Tcp::socket socket);
/// `host` is what the certificate must name, and the SNI unless it is an address.
std::shared_ptr<Transport> make_tls_client(Tcp::socket socket,
                                           std::shared_ptr<asio::ssl::context> context,
                                           const std::string& host);
std::shared_ptr<Transport> make_tls_server(Tcp::socket socket,
                                           std::shared_ptr<asio::ssl::context> context);

/// No delay, keepalive after 30 s of silence, and an end when sent bytes stay unacknowledged for
/// 30 s, so that a half-open line is noticed. Failures are ignored: the line works without.
void set_line_options(Tcp::socket& socket);

/// A short clause for a person: `the peer closed the connection`.
std::string reason_of(const error_code& error);

}  // namespace janus::net
