#pragma once

#include <memory>
#include <optional>

#include "gateway/io.hpp"
#include "net/asio.hpp"
#include "net/resolver.hpp"
#include "net/tls_context.hpp"
#include "net/transport.hpp"

namespace janus::net {

/// What every connection out of one driver shares.
struct DialTools {
    explicit DialTools(asio::io_context& loop_in) : loop(loop_in), resolver(loop_in) {}
    asio::io_context& loop;
    Resolver resolver;
    TlsClientContexts tls;
};

/// One attempt to reach an endpoint: name, TCP, TLS, all within one time. Each address of a name
/// gets its share of the time, so that a dead first address leaves some for the second.
class Dialer {
 public:
    explicit Dialer(std::shared_ptr<DialTools> tools);
    /// Ends the attempt: `dial` then fails.
    void cancel();

    /// Called once; `self` keeps the dialer alive meanwhile. Errors: `Unavailable` or `Invalid`,
    /// naming the endpoint and the step.
    static asio::awaitable<Result<std::shared_ptr<Transport>>> dial(std::shared_ptr<Dialer> self,
                                                                    io::Endpoint endpoint,
                                                                    Duration timeout);

 private:
    using Clock = asio::steady_timer::clock_type;
    asio::awaitable<Result<std::shared_ptr<Transport>>> attempt(io::Endpoint endpoint);
    asio::awaitable<Result<void>> connect(const Addresses& addresses, std::uint16_t port);
    asio::awaitable<error_code> connect_one(Tcp::endpoint to, Clock::time_point until);
    Result<std::shared_ptr<Transport>> wrap(const io::Endpoint& endpoint);
    Duration remaining() const;

    std::shared_ptr<DialTools> tools_;
    std::shared_ptr<Resolver::Question> question_;
    asio::steady_timer timer_;
    std::shared_ptr<Tcp::socket> socket_;   ///< While TCP connects.
    std::shared_ptr<Transport> transport_;  ///< While TLS shakes hands.
    bool cancelled_{false};
    bool timed_out_{false};
};

/// `host:port`, with brackets around an IPv6 address.
std::string to_text(const io::Endpoint& endpoint);

}  // namespace janus::net
