#include "app/sim_host.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <stdexcept>

#include "app/sim_control.hpp"
#include "net/clock.hpp"

namespace janus::app {
namespace {

constexpr const char* subscribe_method = "/grpc.trade.event.EventService/Subscribe";
constexpr int grpc_unimplemented = 12;
constexpr std::size_t webull_body_max = 8U << 20U;

/// Headers or metadata under lower-case names.
std::map<std::string, std::string> lower_case_map(std::span<const net::HttpHeader> pairs) {
    std::map<std::string, std::string> map;
    for (const auto& [name, value] : pairs) {
        std::string lower = name;
        std::ranges::transform(lower, lower.begin(), [](char letter) {
            return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
        });
        map[lower] = value;
    }
    return map;
}

}  // namespace

Result<std::unique_ptr<SimHost>> SimHost::start(boost::asio::io_context& loop, SimWorld& world,
                                                const SimOptions& options,
                                                std::optional<SimCertificates> certificates,
                                                Log& log) {
    std::unique_ptr<SimHost> host(new SimHost(loop, world, std::move(certificates), log));
    if (auto done = host->listen_ib(options.ib); !done) return std::unexpected(done.error());
    if (auto done = host->listen_webull(options.webull); !done)
        return std::unexpected(done.error());
    if (auto done = host->listen_events(options.webull_events); !done)
        return std::unexpected(done.error());
    if (auto done = host->listen_control(options.control); !done)
        return std::unexpected(done.error());
    host->carry();
    return host;
}

SimHost::SimHost(boost::asio::io_context& loop, SimWorld& world,
                 std::optional<SimCertificates> certificates, Log& log)
    : loop_(loop),
      world_(world),
      certificates_(std::move(certificates)),
      log_(log),
      timer_(loop, [this] {
          world_.on_timeout(net::system_now());
          carry();
      }) {
    world_.tls = certificates_.has_value();
}

std::string SimHost::addresses() const {
    return fmt::format("ib={} webull={} webull_events={} control={}", net::to_text(ib_->address()),
                       net::to_text(webull_->address()), net::to_text(events_->address()),
                       net::to_text(control_->address()));
}

void SimHost::stop() {
    timer_.set(std::nullopt);
    ib_->stop();
    webull_->stop();
    events_->stop();
    control_->stop();
}

Result<void> SimHost::listen_ib(const net::ListenAddress& address) {
    net::TcpServerHandlers handlers;
    handlers.on_open = [this](net::ConnectionId connection, const std::string&) {
        world_.ib.on_accept(net::system_now(), {connection.value});
        carry();
    };
    handlers.on_bytes = [this](net::ConnectionId connection, std::string_view bytes) {
        world_.ib.on_bytes(net::system_now(), {connection.value}, bytes);
        carry();
    };
    handlers.on_close = [this](net::ConnectionId connection, const std::string&) {
        world_.ib.on_closed(net::system_now(), {connection.value});
        carry();
    };
    auto server = net::TcpServer::listen(loop_, address, std::move(handlers), log_);
    if (!server) return std::unexpected(server.error());
    ib_ = std::move(*server);
    return {};
}

Result<void> SimHost::listen_webull(const net::ListenAddress& address) {
    net::HttpServerSettings settings;
    settings.address = address;
    settings.tls = tls_of(webull_flaw_);
    settings.body_size_max = webull_body_max;
    auto server = net::HttpServer::listen(
        loop_, settings, [this](const net::HttpServerRequest& request) { on_webull_call(request); },
        log_);
    if (!server) return std::unexpected(server.error());
    webull_ = std::move(*server);
    return {};
}

Result<void> SimHost::listen_events(const net::ListenAddress& address) {
    net::GrpcByteServerHandlers handlers;
    handlers.on_open = [this](const net::ByteStreamRequest& request) { on_subscribe(request); };
    handlers.on_cancel = [this](net::ByteStreamId stream) {
        world_.webull.on_stream_closed(net::system_now(), {stream.value});
        carry();
    };
    auto server = net::GrpcByteServer::listen(loop_, address, tls_of(events_flaw_),
                                              std::move(handlers), log_);
    if (!server) return std::unexpected(server.error());
    events_ = std::move(*server);
    return {};
}

Result<void> SimHost::listen_control(const net::ListenAddress& address) {
    net::HttpServerSettings settings;
    settings.address = address;
    auto server = net::HttpServer::listen(
        loop_, settings,
        [this](const net::HttpServerRequest& request) { on_control_call(request); }, log_);
    if (!server) return std::unexpected(server.error());
    control_ = std::move(*server);
    return {};
}

void SimHost::on_webull_call(const net::HttpServerRequest& request) {
    world_.webull.on_http(
        net::system_now(), {request.id.value},
        {request.method, request.target, lower_case_map(request.headers), request.body});
    carry();
}

void SimHost::on_subscribe(const net::ByteStreamRequest& request) {
    if (request.method != subscribe_method)
        return events_->finish(request.id, grpc_unimplemented, "method is not known");
    world_.webull.on_subscribe(net::system_now(), {request.id.value},
                               lower_case_map(request.metadata), request.request);
    carry();
}

void SimHost::on_control_call(const net::HttpServerRequest& request) {
    auto reply =
        answer_control(world_, net::system_now(), request.method, request.target, request.body);
    carry();
    if (auto served = follow_certificate_faults(); !served) reply = to_reply(served.error());
    control_->respond(request.id, reply.status,
                      {
                          {"Content-Type", "application/json"}
    },
                      std::move(reply.body));
}

std::optional<net::TlsFiles> SimHost::tls_of(const std::string& flaw) const {
    if (!certificates_) return std::nullopt;
    return certificates_->files_for(flaw);
}

/// Serves the certificates that the faults ask for. A port that changes its own ends what is open,
/// as a host does that starts again; the one of the streams opens anew at the same address,
/// or ends the program when that was taken meanwhile.
Result<void> SimHost::follow_certificate_faults() {
    const auto webull_flaw = world_.certificate_flaw("webull");
    if (webull_flaw != std::exchange(webull_flaw_, webull_flaw))
        if (auto served = webull_->serve(*tls_of(webull_flaw)); !served) return served;
    const auto events_flaw = world_.certificate_flaw("events");
    if (events_flaw == std::exchange(events_flaw_, events_flaw)) return {};
    const auto address = events_->address();
    const sim::FaultOrder end_all_streams{"events", "stream_end", true, {{"status", "14"}}};
    if (auto ended = world_.webull.set_fault(net::system_now(), end_all_streams); !ended)
        return ended;
    carry();
    events_.reset();
    if (auto again = listen_events(address); !again)
        throw std::runtime_error(again.error().message);
    return {};
}

/// Carries what the world has to say to the sockets, and sets the alarm for the next time.
void SimHost::carry() {
    world_.carry_events(net::system_now());
    carry_ib();
    carry_webull();
    timer_.set(world_.deadline());
}

void SimHost::carry_ib() {
    for (auto& output : world_.ib.take_outputs()) {
        const net::ConnectionId connection{output.connection.value};
        if (!output.bytes.empty()) ib_->send(connection, std::move(output.bytes));
        if (output.close) ib_->close(connection);
    }
}

void SimHost::carry_webull() {
    for (auto& reply : world_.webull.take_replies()) {
        const net::HttpRequestId request{reply.id.value};
        if (reply.drop)
            webull_->drop(request);
        else
            webull_->respond(request, reply.status, std::move(reply.headers),
                             std::move(reply.body));
    }
    for (auto& output : world_.webull.take_stream_outputs()) {
        const net::ByteStreamId stream{output.key.value};
        if (output.end)
            events_->finish(stream, output.status, std::move(output.text));
        else
            events_->send(stream, std::move(output.message));
    }
}

}  // namespace janus::app
