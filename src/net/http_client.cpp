#include "net/http_client.hpp"

#include <algorithm>
#include <utility>

#include "net/content_coding.hpp"

namespace janus::net {
namespace {

constexpr std::size_t read_size = 32U << 10U;

/// Methods that change nothing may use a connection that has carried a request before.
bool may_reuse(std::string_view method) {
    return method == "GET" || method == "HEAD";
}

bool sends_length(const io::HttpRequest& request) {
    return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
           request.method == "PATCH";
}

std::string host_header(const io::Endpoint& endpoint) {
    const bool usual = endpoint.port == (endpoint.tls ? 443 : 80);
    return usual && endpoint.host.find(':') == std::string::npos ? endpoint.host
                                                                 : to_text(endpoint);
}

Result<void> check_request(const io::HttpRequest& request) {
    if (!is_method(request.method))
        return fail(ErrorCode::Invalid, "method '{}' is none", request.method);
    if (!is_target(request.target))
        return fail(ErrorCode::Invalid, "target must start with / and be encoded");
    return check_headers(request.headers);
}

Result<io::HttpResponse> to_response(const io::HttpRequest& request, HttpMessage message) {
    const auto coding = find_header(message.headers, "Content-Encoding").value_or("");
    auto body = decode_content(coding, std::move(message.body), request.body_size_max);
    if (!body) return std::unexpected(body.error());
    return io::HttpResponse{request.id, message.status, std::move(message.headers),
                            std::move(*body)};
}

}  // namespace

std::string to_wire(const io::HttpRequest& request) {
    auto text = fmt::format("{} {} HTTP/1.1\r\n", request.method, request.target);
    const auto add = [&](std::string_view name, std::string_view value) {
        if (!find_header(request.headers, name)) text += fmt::format("{}: {}\r\n", name, value);
    };
    add("Host", host_header(request.endpoint));
    for (const auto& [name, value] : request.headers)
        text += fmt::format("{}: {}\r\n", name, value);
    add("Accept-Encoding", "gzip");
    if (sends_length(request)) add("Content-Length", std::to_string(request.body.size()));
    return text + "\r\n" + request.body;
}

/// One exchange under way.
struct HttpClient::Exchange {
    Exchange(std::shared_ptr<DialTools> tools, io::HttpRequest request_in)
        : request(std::move(request_in)),
          dialer(std::make_shared<Dialer>(tools)),
          timer(tools->loop) {}

    void cut() {
        dialer->cancel();
        if (transport) transport->close();
    }

    io::HttpRequest request;
    std::shared_ptr<Dialer> dialer;
    std::shared_ptr<Transport> transport;
    asio::steady_timer timer;
    bool sent{false};  ///< A byte of the request may have left.
    bool timed_out{false};
    bool dropped{false};  ///< Nobody waits for the answer any more.
};

HttpClient::HttpClient(std::shared_ptr<DialTools> tools, Done done)
    : state_(std::make_shared<State>()) {
    state_->pool = std::make_shared<ConnectionPool>(tools->loop);
    state_->tools = std::move(tools);
    state_->done = std::move(done);
}

void HttpClient::perform(io::HttpRequest request) {
    auto exchange = std::make_shared<Exchange>(state_->tools, std::move(request));
    // The coroutine begins on the loop, so that not even a refusal is told from inside this call.
    asio::post(state_->tools->loop, [state = state_, exchange] {
        if (exchange->dropped) return;
        asio::co_spawn(state->tools->loop, run(state, exchange), asio::detached);
    });
    state_->exchanges.insert_or_assign(exchange->request.id, std::move(exchange));
}

void HttpClient::close_all() {
    for (auto& [id, exchange] : std::exchange(state_->exchanges, {})) {
        exchange->dropped = true;
        exchange->timer.cancel();
        exchange->cut();
    }
    state_->pool->close_all();
}

asio::awaitable<void> HttpClient::run(std::shared_ptr<State> state,
                                      std::shared_ptr<Exchange> exchange) {
    exchange->timer.expires_after(exchange->request.timeout);
    exchange->timer.async_wait([weak = std::weak_ptr(exchange)](error_code error) {
        const auto late = weak.lock();
        if (error || !late) return;
        late->timed_out = true;
        late->cut();
    });
    auto reply = co_await talk(state, exchange);
    exchange->timer.cancel();
    if (exchange->dropped) co_return;
    state->exchanges.erase(exchange->request.id);
    auto response = reply ? to_response(exchange->request, std::move(*reply))
                          : Result<io::HttpResponse>(std::unexpected(reply.error()));
    if (response) {
        state->done(*response);
        co_return;
    }
    if (exchange->transport) exchange->transport->close();
    const auto limit =
        std::chrono::duration_cast<std::chrono::milliseconds>(exchange->request.timeout);
    const auto reason = exchange->timed_out ? fmt::format("no reply within {} ms", limit.count())
                                            : response.error().message;
    state->done(io::HttpFailed{exchange->request.id, exchange->sent, reason});
}

asio::awaitable<Result<HttpMessage>> HttpClient::talk(std::shared_ptr<State> state,
                                                      std::shared_ptr<Exchange> exchange) {
    if (state->exchanges.size() > exchanges_max)
        co_return fail(ErrorCode::Unavailable, "more than {} exchanges under way", exchanges_max);
    if (auto valid = check_request(exchange->request); !valid)
        co_return std::unexpected(valid.error());
    if (auto connected = co_await connect(state, exchange); !connected)
        co_return std::unexpected(connected.error());
    const auto bytes = to_wire(exchange->request);
    exchange->sent = true;
    if (const auto error = co_await exchange->transport->write_all(bytes); error)
        co_return fail(ErrorCode::Unknown, "{}", reason_of(error));
    co_return co_await read_reply(state, exchange);
}

asio::awaitable<Result<void>> HttpClient::connect(std::shared_ptr<State> state,
                                                  std::shared_ptr<Exchange> exchange) {
    const auto& request = exchange->request;
    if (may_reuse(request.method)) exchange->transport = state->pool->take(request.endpoint);
    if (exchange->transport) co_return Result<void>{};
    auto transport = co_await Dialer::dial(exchange->dialer, request.endpoint, request.timeout);
    if (!transport) co_return std::unexpected(transport.error());
    if (exchange->dropped || exchange->timed_out) {
        (*transport)->close();
        co_return fail(ErrorCode::Unavailable, "given up");
    }
    exchange->transport = std::move(*transport);
    co_return Result<void>{};
}

asio::awaitable<Result<HttpMessage>> HttpClient::read_reply(std::shared_ptr<State> state,
                                                            std::shared_ptr<Exchange> exchange) {
    const auto& request = exchange->request;
    HttpReader reader(HttpSide::Reply, {.body_size_max = request.body_size_max});
    reader.expect_body(request.method == "HEAD" ? HasBody::No : HasBody::Yes);
    std::string buffer(read_size, '\0');
    while (true) {
        const auto [error, size] = co_await exchange->transport->read_some(buffer);
        auto message = reader.feed(std::string_view(buffer).substr(0, size));
        if (message && !*message && error == asio::error::eof) message = reader.finish();
        if (!message) co_return fail(ErrorCode::Malformed, "{}", message.error().reason);
        if (*message) {
            const bool reusable = (*message)->keep_alive && reader.is_idle() && !error;
            if (reusable && !exchange->dropped)
                state->pool->put(request.endpoint, std::exchange(exchange->transport, nullptr));
            else
                exchange->transport->close();
            co_return std::move(**message);
        }
        if (error) co_return fail(ErrorCode::Unknown, "{}", reason_of(error));
    }
}

}  // namespace janus::net
