#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/tagged.hpp"
#include "net/listen_address.hpp"

namespace boost::asio {
class io_context;
}

namespace janus::net {

/// One request that waits for its answer; counts up from 1 and is never reused by a server.
using HttpRequestId = Tagged<std::uint64_t, struct HttpRequestIdTag>;

using HttpHeader = std::pair<std::string, std::string>;

/// A whole request as it came in.
struct HttpServerRequest {
    HttpRequestId id;
    std::string method;  ///< `GET`
    std::string target;  ///< Path and query as sent: `/state?x=1`.
    std::vector<HttpHeader> headers;
    std::string body;
    std::string peer;  ///< `127.0.0.1:50312`

    /// The first header of this name in any case; nothing when there is none. Lives as long as the
    /// request.
    std::optional<std::string_view> find_header(std::string_view name) const;
};

/// How an HttpServer listens and what it refuses by itself.
struct HttpServerSettings {
    ListenAddress address;
    std::optional<TlsFiles> tls;
    std::size_t body_size_max{1U << 20U};    ///< A longer body is answered with 413.
    std::size_t header_size_max{16U << 10};  ///< Longer headers are answered with 431.
    std::size_t connections_max{256};        ///< Further ones are closed at once.
};

/// HTTP/1.1 with keep-alive, plain or over TLS. The handler is called on the core thread and
/// answers later, from there, by id. When the client goes away meanwhile, the answer is dropped.
/// What is no HTTP is answered with 400; a connection that sends no whole request for 30 s is
/// closed.
class HttpServer {
 public:
    using Handler = std::function<void(const HttpServerRequest&)>;

    /// Errors: `Conflict` when the address is in use; `Invalid` for a bad address, certificate or
    /// key.
    static Result<std::unique_ptr<HttpServer>> listen(boost::asio::io_context& loop,
                                                      const HttpServerSettings& settings,
                                                      Handler handler, Log& log);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// The address in use, with the port that the system picked.
    ListenAddress address() const;
    /// Answers a request once; ignored when its client is gone. Content-Length, Connection and,
    /// where the headers have none, Date are added.
    void respond(HttpRequestId request, int status, std::vector<HttpHeader> headers,
                 std::string body);
    /// Sends these bytes as they are instead of an answer, then closes: for simulated faults.
    void respond_raw(HttpRequestId request, std::string bytes);
    /// Closes the connection without an answer.
    void drop(HttpRequestId request);
    /// No more accepting; every connection is ended.
    void stop();
    /// Changes to other TLS files and ends every open connection, as a server does that starts
    /// again; only for one that was made with TLS. Errors: `Invalid`; nothing has changed then.
    Result<void> serve(const TlsFiles& files);

 private:
    struct Parts;
    explicit HttpServer(std::shared_ptr<Parts> parts);
    std::shared_ptr<Parts> parts_;
};

}  // namespace janus::net
