#include "net/listener.hpp"

#include "net/transport.hpp"

namespace janus::net {
namespace {

ErrorCode code_of(const error_code& error) {
    if (error == asio::error::address_in_use) return ErrorCode::Conflict;
    if (error == boost::system::errc::address_not_available) return ErrorCode::Invalid;
    if (error == asio::error::access_denied) return ErrorCode::Denied;
    return ErrorCode::Unavailable;
}

Result<asio::ip::address> parse_host(const std::string& host) {
    if (host == "localhost") return asio::ip::address(asio::ip::address_v4::loopback());
    error_code error;
    const auto address = asio::ip::make_address(host, error);
    if (!error) return address;
    return fail(ErrorCode::Invalid, "host '{}' is no IP address to listen on", host);
}

}  // namespace

Result<Tcp::acceptor> open_acceptor(asio::io_context& loop, const ListenAddress& address) {
    const auto host = parse_host(address.host);
    if (!host) return std::unexpected(host.error());
    const Tcp::endpoint endpoint(*host, address.port);
    Tcp::acceptor acceptor(loop);
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) return acceptor;
    return fail(code_of(error), "cannot listen on {}: {}", to_text(address), error.message());
}

ListenAddress address_of(const Tcp::acceptor& acceptor) {
    error_code ignored;
    const auto endpoint = acceptor.local_endpoint(ignored);
    return {endpoint.address().to_string(), endpoint.port()};
}

std::string peer_of(const Tcp::socket& socket) {
    error_code gone;
    const auto endpoint = socket.remote_endpoint(gone);
    return gone ? "?" : to_text(ListenAddress{endpoint.address().to_string(), endpoint.port()});
}

asio::awaitable<void> accept_all(std::shared_ptr<Tcp::acceptor> acceptor,
                                 std::function<void(Tcp::socket)> on_socket) {
    asio::steady_timer pause(acceptor->get_executor());
    while (acceptor->is_open()) {
        auto [error, socket] = co_await acceptor->async_accept(as_result);
        if (!acceptor->is_open()) co_return;
        if (!error) {
            set_line_options(socket);
            on_socket(std::move(socket));
            continue;
        }
        pause.expires_after(std::chrono::milliseconds(100));
        co_await pause.async_wait(as_result);
    }
}

}  // namespace janus::net
