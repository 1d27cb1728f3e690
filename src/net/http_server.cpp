#include "net/http_server.hpp"

#include <ctime>
#include <map>
#include <set>
#include <utility>

#include <fmt/chrono.h>

#include "net/asio.hpp"
#include "net/clock.hpp"
#include "net/http_codec.hpp"
#include "net/listener.hpp"
#include "net/tls_context.hpp"
#include "net/transport.hpp"

namespace janus::net {
namespace {

constexpr std::chrono::seconds handshake_max{10};
constexpr std::chrono::seconds request_max{30};
constexpr std::chrono::seconds write_max{30};
constexpr std::chrono::seconds linger_max{2};
constexpr std::size_t read_size = 16U << 10U;

/// The bytes that answer one request.
struct Answer {
    std::string bytes;
    bool keep_alive{false};
};

enum class KeepAlive { No, Yes };

std::string http_date() {
    const std::time_t seconds = system_now().utc.seconds();
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", parts);
}

std::string to_wire(int status, const HttpHeaders& headers, std::string_view body,
                    std::string_view method, KeepAlive keep_alive) {
    auto text = fmt::format("HTTP/1.1 {} {}\r\n", status, reason_phrase(status));
    if (!find_header(headers, "Date")) text += fmt::format("Date: {}\r\n", http_date());
    for (const auto& [name, value] : headers) text += fmt::format("{}: {}\r\n", name, value);
    text += fmt::format("Content-Length: {}\r\n", body.size());
    text += keep_alive == KeepAlive::Yes ? "Connection: keep-alive\r\n\r\n"
                                         : "Connection: close\r\n\r\n";
    if (method != "HEAD") text += body;
    return text;
}

int status_of(HttpFault fault) {
    switch (fault) {
        case HttpFault::Malformed:
            return 400;
        case HttpFault::HeadersTooLarge:
            return 431;
        case HttpFault::BodyTooLarge:
            return 413;
    }
    return 400;
}

/// One accepted connection. Its guard closes it when a step takes too long.
struct Connection {
    Connection(asio::io_context& loop, std::shared_ptr<Transport> transport_in, std::string peer_in)
        : transport(std::move(transport_in)),
          peer(std::move(peer_in)),
          guard(loop),
          answered(loop) {}

    void close() {
        open = false;
        guard.cancel();
        answered.cancel();
        transport->close();
    }
    void guard_for(std::shared_ptr<Connection> self, Duration span) {
        guard.expires_after(span);
        guard.async_wait([self = std::move(self)](error_code error) {
            if (!error) self->close();
        });
    }

    std::shared_ptr<Transport> transport;
    std::string peer;
    asio::steady_timer guard;
    asio::steady_timer answered;  ///< Cancelled when the answer is there.
    std::optional<Answer> answer;
    std::string method;  ///< Of the request under way.
    bool keep_alive{false};
    bool open{true};
};

}  // namespace

std::optional<std::string_view> HttpServerRequest::find_header(std::string_view name) const {
    return net::find_header(headers, name);
}

struct HttpServer::Parts : std::enable_shared_from_this<HttpServer::Parts> {
    Parts(asio::io_context& loop_in, Tcp::acceptor acceptor_in, HttpServerSettings settings_in,
          std::shared_ptr<asio::ssl::context> tls_in, Handler handler_in, Log& log_in)
        : loop(loop_in),
          acceptor(std::make_shared<Tcp::acceptor>(std::move(acceptor_in))),
          settings(std::move(settings_in)),
          tls(std::move(tls_in)),
          handler(std::move(handler_in)),
          log(log_in),
          address(address_of(*acceptor)) {}

    void start() {
        const auto on_socket = [self = shared_from_this()](Tcp::socket socket) {
            self->on_socket(std::move(socket));
        };
        asio::co_spawn(loop, accept_all(acceptor, on_socket), asio::detached);
    }
    void on_socket(Tcp::socket socket);
    void answer(HttpRequestId request, Answer answer);
    void stop();
    void end_connections();

    static asio::awaitable<void> serve(std::shared_ptr<Parts> self,
                                       std::shared_ptr<Connection> connection);
    static asio::awaitable<void> talk(Parts& parts, std::shared_ptr<Connection> connection);
    static asio::awaitable<std::optional<HttpMessage>> read_request(
        std::shared_ptr<Connection> connection, HttpReader& reader);
    static asio::awaitable<void> refuse(std::shared_ptr<Connection> connection,
                                        HttpReadError error);
    static asio::awaitable<std::optional<Answer>> ask(Parts& parts,
                                                      std::shared_ptr<Connection> connection,
                                                      HttpMessage message);

    asio::io_context& loop;
    std::shared_ptr<Tcp::acceptor> acceptor;
    HttpServerSettings settings;
    std::shared_ptr<asio::ssl::context> tls;
    Handler handler;
    Log& log;
    ListenAddress address;
    std::set<std::shared_ptr<Connection>> connections;
    std::map<HttpRequestId, std::shared_ptr<Connection>> waiting;
    std::uint64_t last_id{0};
    bool stopped{false};
};

void HttpServer::Parts::on_socket(Tcp::socket socket) {
    const auto peer = peer_of(socket);
    if (connections.size() >= settings.connections_max)
        return log.write(LogLevel::Warning,
                         fmt::format("connection refused: too many peer={}", peer));
    auto transport = tls ? make_tls_server(std::move(socket), tls) : make_plain(std::move(socket));
    auto connection = std::make_shared<Connection>(loop, std::move(transport), peer);
    connections.insert(connection);
    asio::co_spawn(loop, serve(shared_from_this(), connection), asio::detached);
}

asio::awaitable<void> HttpServer::Parts::serve(std::shared_ptr<Parts> self,
                                               std::shared_ptr<Connection> connection) {
    connection->guard_for(connection, handshake_max);
    const auto ready = co_await connection->transport->handshake();
    if (!ready)
        self->log.write(LogLevel::Debug,
                        fmt::format("{} peer={}", ready.error().message, connection->peer));
    if (ready && connection->open) co_await talk(*self, connection);
    connection->close();
    self->connections.erase(connection);
}

asio::awaitable<void> HttpServer::Parts::talk(Parts& parts,
                                              std::shared_ptr<Connection> connection) {
    HttpReader reader(HttpSide::Request,
                      {parts.settings.header_size_max, parts.settings.body_size_max});
    while (connection->open && !parts.stopped) {
        connection->guard_for(connection, request_max);
        auto message = co_await read_request(connection, reader);
        if (!message || !connection->open) co_return;
        connection->guard.cancel();
        const auto answer = co_await ask(parts, connection, std::move(*message));
        if (!answer || !connection->open) co_return;
        connection->guard_for(connection, write_max);
        if (co_await connection->transport->write_all(answer->bytes)) co_return;
        if (!answer->keep_alive) co_return;
    }
}

asio::awaitable<std::optional<HttpMessage>> HttpServer::Parts::read_request(
    std::shared_ptr<Connection> connection, HttpReader& reader) {
    std::string buffer(read_size, '\0');
    std::size_t size = 0;
    while (true) {
        auto message = reader.feed(std::string_view(buffer).substr(0, size));
        if (!message) {
            co_await refuse(connection, message.error());
            co_return std::nullopt;
        }
        if (*message) co_return std::move(**message);
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        if (reader.take_wants_continue()) co_await connection->transport->write_all(go_on);
        const auto outcome = co_await connection->transport->read_some(buffer);
        size = outcome.size;
        if (outcome.error && size == 0) co_return std::nullopt;
    }
}

/// Says why, then waits until the client has stopped sending, so that the reply is not lost in a
/// reset of the line.
asio::awaitable<void> HttpServer::Parts::refuse(std::shared_ptr<Connection> connection,
                                                HttpReadError error) {
    const auto bytes = to_wire(status_of(error.fault),
                               {
                                   {"Content-Type", "text/plain"}
    },
                               error.reason + "\n", "GET", KeepAlive::No);
    connection->guard_for(connection, linger_max);
    if (co_await connection->transport->write_all(bytes)) co_return;
    connection->transport->end_writing();
    std::string scrap(read_size, '\0');
    while (connection->open) {
        const auto outcome = co_await connection->transport->read_some(scrap);
        if (outcome.error) co_return;
    }
}

asio::awaitable<std::optional<Answer>> HttpServer::Parts::ask(
    Parts& parts, std::shared_ptr<Connection> connection, HttpMessage message) {
    const HttpRequestId id{++parts.last_id};
    const HttpServerRequest request{.id = id,
                                    .method = std::move(message.method),
                                    .target = std::move(message.target),
                                    .headers = std::move(message.headers),
                                    .body = std::move(message.body),
                                    .peer = connection->peer};
    connection->method = request.method;
    connection->keep_alive = message.keep_alive;
    connection->answer.reset();
    parts.waiting.emplace(id, connection);
    parts.handler(request);
    if (!connection->answer && connection->open) {
        connection->answered.expires_at(asio::steady_timer::time_point::max());
        co_await connection->answered.async_wait(as_result);
    }
    parts.waiting.erase(id);
    co_return std::exchange(connection->answer, std::nullopt);
}

void HttpServer::Parts::answer(HttpRequestId request, Answer answer) {
    const auto found = waiting.extract(request);
    if (found.empty()) return;
    const auto& connection = found.mapped();
    connection->answer = std::move(answer);
    connection->answered.cancel();
}

void HttpServer::Parts::stop() {
    stopped = true;
    error_code ignored;
    acceptor->close(ignored);
    end_connections();
}

void HttpServer::Parts::end_connections() {
    for (const auto& connection : connections) connection->close();
    waiting.clear();
}

Result<std::unique_ptr<HttpServer>> HttpServer::listen(asio::io_context& loop,
                                                       const HttpServerSettings& settings,
                                                       Handler handler, Log& log) {
    std::shared_ptr<asio::ssl::context> tls;
    if (settings.tls) {
        auto context = make_server_context(*settings.tls);
        if (!context) return std::unexpected(context.error());
        tls = std::move(*context);
    }
    auto acceptor = open_acceptor(loop, settings.address);
    if (!acceptor) return std::unexpected(acceptor.error());
    auto parts = std::make_shared<Parts>(loop, std::move(*acceptor), settings, std::move(tls),
                                         std::move(handler), log);
    parts->start();
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(parts)));
}

HttpServer::HttpServer(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}

HttpServer::~HttpServer() {
    stop();
}

ListenAddress HttpServer::address() const {
    return parts_->address;
}

void HttpServer::respond(HttpRequestId request, int status, std::vector<HttpHeader> headers,
                         std::string body) {
    const auto found = parts_->waiting.find(request);
    if (found == parts_->waiting.end()) return;
    const auto& connection = *found->second;
    const auto keep = connection.keep_alive && !parts_->stopped ? KeepAlive::Yes : KeepAlive::No;
    const bool valid = check_headers(headers).has_value();
    auto bytes = valid ? to_wire(status, headers, body, connection.method, keep)
                       : to_wire(500, {}, "", connection.method, keep);
    parts_->answer(request, {std::move(bytes), keep == KeepAlive::Yes});
}

void HttpServer::respond_raw(HttpRequestId request, std::string bytes) {
    parts_->answer(request, {std::move(bytes), false});
}

void HttpServer::drop(HttpRequestId request) {
    const auto found = parts_->waiting.extract(request);
    if (!found.empty()) found.mapped()->close();
}

void HttpServer::stop() {
    parts_->stop();
}

Result<void> HttpServer::serve(const TlsFiles& files) {
    JANUS_CHECK(parts_->tls != nullptr);
    auto context = make_server_context(files);
    if (!context) return std::unexpected(context.error());
    parts_->tls = std::move(*context);
    parts_->end_connections();
    return {};
}

}  // namespace janus::net
