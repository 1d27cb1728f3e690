#include "net/tcp_server.hpp"

#include <map>
#include <utility>

#include "net/asio.hpp"
#include "net/byte_channel.hpp"
#include "net/listener.hpp"

namespace janus::net {

struct TcpServer::Parts : std::enable_shared_from_this<TcpServer::Parts> {
    Parts(asio::io_context& loop_in, Tcp::acceptor acceptor_in, TcpServerHandlers handlers_in,
          Log& log_in)
        : loop(loop_in),
          acceptor(std::make_shared<Tcp::acceptor>(std::move(acceptor_in))),
          handlers(std::move(handlers_in)),
          log(log_in),
          address(address_of(*acceptor)) {}

    void start() {
        const auto on_socket = [self = shared_from_this()](Tcp::socket socket) {
            self->on_socket(std::move(socket));
        };
        asio::co_spawn(loop, accept_all(acceptor, on_socket), asio::detached);
    }
    void on_socket(Tcp::socket socket);
    std::shared_ptr<ByteChannel> take(ConnectionId id) {
        const auto found = channels.extract(id);
        return found.empty() ? nullptr : found.mapped();
    }
    void stop() {
        error_code ignored;
        acceptor->close(ignored);
        for (const auto& [id, channel] : std::exchange(channels, {})) channel->close();
    }

    asio::io_context& loop;
    std::shared_ptr<Tcp::acceptor> acceptor;
    TcpServerHandlers handlers;
    Log& log;
    ListenAddress address;
    std::map<ConnectionId, std::shared_ptr<ByteChannel>> channels;
    std::uint64_t last_id{0};
};

void TcpServer::Parts::on_socket(Tcp::socket socket) {
    if (channels.size() >= connections_max)
        return log.write(LogLevel::Warning,
                         fmt::format("connection refused: too many peer={}", peer_of(socket)));
    const ConnectionId id{++last_id};
    const auto peer = peer_of(socket);
    const auto on_bytes = [this, id](std::string_view bytes) { handlers.on_bytes(id, bytes); };
    const auto on_end = [this, id](const std::string& reason) {
        channels.erase(id);
        handlers.on_close(id, reason);
    };
    auto channel = std::make_shared<ByteChannel>(loop, make_plain(std::move(socket)),
                                                 ByteChannelHandlers{on_bytes, on_end}, unsent_max);
    channels.emplace(id, channel);
    handlers.on_open(id, peer);
    if (channels.contains(id)) channel->start();
}

Result<std::unique_ptr<TcpServer>> TcpServer::listen(asio::io_context& loop,
                                                     const ListenAddress& address,
                                                     TcpServerHandlers handlers, Log& log) {
    auto acceptor = open_acceptor(loop, address);
    if (!acceptor) return std::unexpected(acceptor.error());
    auto parts = std::make_shared<Parts>(loop, std::move(*acceptor), std::move(handlers), log);
    parts->start();
    return std::unique_ptr<TcpServer>(new TcpServer(std::move(parts)));
}

TcpServer::TcpServer(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}

TcpServer::~TcpServer() {
    stop();
}

ListenAddress TcpServer::address() const {
    return parts_->address;
}

void TcpServer::send(ConnectionId connection, std::string bytes) {
    const auto found = parts_->channels.find(connection);
    if (found != parts_->channels.end()) found->second->send(bytes);
}

void TcpServer::close(ConnectionId connection) {
    if (const auto channel = parts_->take(connection)) channel->close_after_writing();
}

void TcpServer::reset(ConnectionId connection) {
    if (const auto channel = parts_->take(connection)) channel->reset();
}

void TcpServer::pause_reading(ConnectionId connection, bool paused) {
    const auto found = parts_->channels.find(connection);
    if (found != parts_->channels.end()) found->second->pause_reading(paused);
}

void TcpServer::stop() {
    parts_->stop();
}

}  // namespace janus::net
