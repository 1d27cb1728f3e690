#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

/// The few names of Asio that the source files of net/ share. No public header includes this.
namespace janus::net {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

/// Completion token: `auto [error, ...] = co_await operation(as_result);`, nothing is thrown.
inline constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

}  // namespace janus::net
