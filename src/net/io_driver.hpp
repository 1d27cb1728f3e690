#pragma once

#include <functional>
#include <memory>

#include "base/log.hpp"
#include "gateway/io.hpp"

namespace boost::asio {
class io_context;
}

namespace janus::net {

/// Performs the io words of one gateway: TCP channels, HTTP exchanges and gRPC byte streams.
/// Lives on the core thread, which runs the loop; `deliver` is called there, and never from inside
/// `perform`, so a machine is never entered twice.
/// Certificates are always verified, against the system's roots and the endpoint's `ca_file`.
///
/// A connection that has already carried a request is reused for GET and HEAD only, and only while
/// it shows no sign of its end: any other request gets a new connection, so that a peer that is
/// just hanging up cannot leave its outcome open. No request is ever written twice.
class IoDriver {
 public:
    using Deliver = std::function<void(const io::Event&)>;

    /// `loop` and `log` must outlive the driver.
    IoDriver(boost::asio::io_context& loop, Deliver deliver, Log& log);
    ~IoDriver();
    IoDriver(const IoDriver&) = delete;
    IoDriver& operator=(const IoDriver&) = delete;

    /// Never blocks and never throws; every failure comes back as an event.
    void perform(io::Effect effect);
    /// Ends every channel, exchange and stream at once; nothing is delivered any more.
    void close_all();
    /// Channels, exchanges and streams that are still open.
    std::size_t open_count() const;

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace janus::net
