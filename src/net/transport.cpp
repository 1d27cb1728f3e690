#include "net/transport.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include "net/certificate_refusal.hpp"

namespace janus::net {
namespace {

namespace ssl = asio::ssl;

/// Everything that does not depend on the kind of stream.
template <typename Stream>
class StreamTransport : public Transport {
 public:
    template <typename... Args>
    explicit StreamTransport(Args&&... args) : stream_(std::forward<Args>(args)...) {}

    asio::awaitable<ReadOutcome> read_some(std::span<char> into) override {
        const auto buffer = asio::buffer(into.data(), into.size());
        const auto [error, size] = co_await stream_.async_read_some(buffer, as_result);
        co_return ReadOutcome{error, size};
    }
    asio::awaitable<error_code> write_all(std::string_view bytes) override {
        const auto buffer = asio::buffer(bytes.data(), bytes.size());
        const auto [error, size] = co_await asio::async_write(stream_, buffer, as_result);
        co_return error;
    }
    void close() override {
        error_code ignored;
        socket().close(ignored);
    }
    void reset() override {
        error_code ignored;
        socket().set_option(asio::socket_base::linger(true, 0), ignored);
        socket().close(ignored);
    }
    void end_writing() override {
        error_code ignored;
        socket().shutdown(asio::socket_base::shutdown_send, ignored);
    }
    bool is_quiet() override {
        char byte = 0;
        const auto got = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }

 protected:
    auto& socket() { return stream_.lowest_layer(); }
    Stream stream_;
};

class PlainTransport final : public StreamTransport<Tcp::socket> {
 public:
    using StreamTransport::StreamTransport;
    asio::awaitable<Result<void>> handshake() override { co_return Result<void>{}; }
};

using TlsStream = ssl::stream<Tcp::socket>;

class TlsTransport final : public StreamTransport<TlsStream> {
 public:
    TlsTransport(Tcp::socket socket, std::shared_ptr<ssl::context> context,
                 ssl::stream_base::handshake_type side)
        : StreamTransport(std::move(socket), *context), context_(std::move(context)), side_(side) {}

    void expect_host(const std::string& host) {
        auto* tls = stream_.native_handle();
        auto* wanted = SSL_get0_param(tls);
        error_code not_an_address;
        asio::ip::make_address(host, not_an_address);
        if (not_an_address) SSL_set_tlsext_host_name(tls, host.c_str());
        // An address that OpenSSL cannot read is taken as a name, which no certificate has.
        const bool by_address =
            !not_an_address && X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1;
        JANUS_CHECK(by_address || X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), 0) == 1);
        stream_.set_verify_callback([this, host](bool good, ssl::verify_context& context) {
            if (!good) refusal_ = refusal_of(context.native_handle(), host);
            return good;
        });
    }
    asio::awaitable<Result<void>> handshake() override {
        const auto [error] = co_await stream_.async_handshake(side_, as_result);
        if (!error) co_return Result<void>{};
        co_return fail(ErrorCode::Unavailable, "TLS handshake failed: {}", reason(error));
    }

 private:
    std::string reason(const error_code& error) {
        return refusal_.empty() ? reason_of(error) : refusal_;
    }
    std::shared_ptr<ssl::context> context_;
    ssl::stream_base::handshake_type side_;
    std::string refusal_;  ///< Why the peer's certificate is refused.
};

template <int Level, int Name>
using IntegerOption = asio::detail::socket_option::integer<Level, Name>;

}  // namespace

std::shared_ptr<Transport> make_plain(Tcp::socket socket) {
    return std::make_shared<PlainTransport>(std::move(socket));
}

std::shared_ptr<Transport> make_tls_client(Tcp::socket socket,
                                           std::shared_ptr<ssl::context> context,
                                           const std::string& host) {
    auto transport = std::make_shared<TlsTransport>(std::move(socket), std::move(context),
                                                    ssl::stream_base::client);
    transport->expect_host(host);
    return transport;
}

std::shared_ptr<Transport> make_tls_server(Tcp::socket socket,
                                           std::shared_ptr<ssl::context> context) {
    return std::make_shared<TlsTransport>(std::move(socket), std::move(context),
                                          ssl::stream_base::server);
}

void set_line_options(Tcp::socket& socket) {
    constexpr int silence_seconds = 30;
    constexpr int probe_seconds = 10;
    constexpr int probes = 3;
    constexpr int unacknowledged_milliseconds = 30'000;
    error_code ignored;
    socket.set_option(Tcp::no_delay(true), ignored);
    socket.set_option(asio::socket_base::keep_alive(true), ignored);
    socket.set_option(IntegerOption<IPPROTO_TCP, TCP_KEEPIDLE>(silence_seconds), ignored);
    socket.set_option(IntegerOption<IPPROTO_TCP, TCP_KEEPINTVL>(probe_seconds), ignored);
    socket.set_option(IntegerOption<IPPROTO_TCP, TCP_KEEPCNT>(probes), ignored);
    socket.set_option(IntegerOption<IPPROTO_TCP, TCP_USER_TIMEOUT>(unacknowledged_milliseconds),
                      ignored);
}

std::string reason_of(const error_code& error) {
    if (error == asio::error::eof || error == ssl::error::stream_truncated)
        return "the peer closed the connection";
    if (error == asio::error::connection_reset) return "the peer reset the connection";
    if (error == asio::error::connection_refused) return "connection refused";
    return error.message();
}

}  // namespace janus::net
