#pragma once

#include <memory>
#include <optional>

#include "app/sim_certificates.hpp"
#include "app/sim_options.hpp"
#include "app/sim_world.hpp"
#include "base/log.hpp"
#include "net/grpc_byte_server.hpp"
#include "net/http_server.hpp"
#include "net/tcp_server.hpp"
#include "net/timer.hpp"

namespace boost::asio {
class io_context;
}

namespace janus::app {

/// Puts the simulated world on the network: four listening sockets and one timer, all on one loop.
/// After everything that reaches the world it carries the world's outputs to the sockets.
class SimHost {
 public:
    /// Opens every socket; both of Webull speak TLS when there are certificates. `world`, `loop`
    /// and `log` must outlive the host. Errors: `Conflict` for an address in use, `Invalid` for one
    /// that is not here.
    static Result<std::unique_ptr<SimHost>> start(boost::asio::io_context& loop, SimWorld& world,
                                                  const SimOptions& options,
                                                  std::optional<SimCertificates> certificates,
                                                  Log& log);
    SimHost(const SimHost&) = delete;
    SimHost& operator=(const SimHost&) = delete;

    /// `ib=HOST:PORT webull=HOST:PORT webull_events=HOST:PORT control=HOST:PORT`, as in use.
    std::string addresses() const;
    /// Closes every socket.
    void stop();

 private:
    SimHost(boost::asio::io_context& loop, SimWorld& world,
            std::optional<SimCertificates> certificates, Log& log);
    Result<void> listen_ib(const net::ListenAddress& address);
    Result<void> listen_webull(const net::ListenAddress& address);
    Result<void> listen_events(const net::ListenAddress& address);
    Result<void> listen_control(const net::ListenAddress& address);
    std::optional<net::TlsFiles> tls_of(const std::string& flaw) const;
    Result<void> follow_certificate_faults();
    void on_webull_call(const net::HttpServerRequest& request);
    void on_subscribe(const net::ByteStreamRequest& request);
    void on_control_call(const net::HttpServerRequest& request);
    void carry();
    void carry_ib();
    void carry_webull();

    boost::asio::io_context& loop_;
    SimWorld& world_;
    std::optional<SimCertificates> certificates_;
    Log& log_;
    std::string webull_flaw_;  ///< Of the certificate that the port serves; empty: none.
    std::string events_flaw_;
    std::unique_ptr<net::TcpServer> ib_;
    std::unique_ptr<net::HttpServer> webull_;
    std::unique_ptr<net::GrpcByteServer> events_;
    std::unique_ptr<net::HttpServer> control_;
    net::DeadlineTimer timer_;
};

}  // namespace janus::app
