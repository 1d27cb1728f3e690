#pragma once

#include <functional>
#include <memory>

#include "base/result.hpp"
#include "net/asio.hpp"
#include "net/listen_address.hpp"

namespace janus::net {

/// A listening socket. Errors: `Conflict` when the address is in use; `Invalid` when it is no
/// address of this machine; `Denied` without the right to it; `Unavailable` for the rest.
Result<Tcp::acceptor> open_acceptor(asio::io_context& loop, const ListenAddress& address);
/// The address that an acceptor has in fact.
ListenAddress address_of(const Tcp::acceptor& acceptor);
/// `127.0.0.1:50312`, or `?` when the line is gone.
std::string peer_of(const Tcp::socket& socket);

/// Gives each accepted socket to `on_socket` until the acceptor is closed. When the process has no
/// descriptors left it waits and goes on. `on_socket` owns what must live that long.
asio::awaitable<void> accept_all(std::shared_ptr<Tcp::acceptor> acceptor,
                                 std::function<void(Tcp::socket)> on_socket);

}  // namespace janus::net
