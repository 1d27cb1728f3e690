#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/io.hpp"
#include "net/asio.hpp"
#include "net/transport.hpp"

namespace janus::net {

/// HTTP connections that wait for their next request, by endpoint. They are kept for a short time
/// and only while nothing arrives on them.
class ConnectionPool : public std::enable_shared_from_this<ConnectionPool> {
 public:
    static constexpr std::chrono::seconds idle_max{15};
    static constexpr std::size_t per_endpoint_max = 4;

    explicit ConnectionPool(asio::io_context& loop) : sweep_(loop) {}

    /// A connection that was still quiet a moment ago; null when there is none.
    std::shared_ptr<Transport> take(const io::Endpoint& endpoint);
    /// Keeps it, or closes it when there are enough.
    void put(const io::Endpoint& endpoint, std::shared_ptr<Transport> transport);
    void close_all();

 private:
    using Clock = asio::steady_timer::clock_type;
    struct Idle {
        std::shared_ptr<Transport> transport;
        Clock::time_point until;
    };
    void drop_dead();
    void plan_sweep();

    std::map<std::string, std::vector<Idle>> idle_;
    asio::steady_timer sweep_;
    bool sweeping_{false};
};

}  // namespace janus::net
