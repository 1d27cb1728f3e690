#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "gateway/io.hpp"
#include "net/asio.hpp"
#include "net/connection_pool.hpp"
#include "net/dialer.hpp"
#include "net/http_codec.hpp"

namespace janus::net {

/// HTTP exchanges of one driver. `done` gets exactly one HttpResponse or HttpFailed for each, never
/// from inside `perform`. At most `exchanges_max` are under way; one more fails unsent.
class HttpClient {
 public:
    static constexpr std::size_t exchanges_max = 256;
    using Done = std::function<void(const io::Event&)>;

    HttpClient(std::shared_ptr<DialTools> tools, Done done);
    ~HttpClient() { close_all(); }
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    void perform(io::HttpRequest request);
    /// Drops every exchange without an answer.
    void close_all();
    std::size_t open_count() const { return state_->exchanges.size(); }

 private:
    struct Exchange;
    struct State {
        std::shared_ptr<DialTools> tools;
        std::shared_ptr<ConnectionPool> pool;
        Done done;
        std::map<io::HttpId, std::shared_ptr<Exchange>> exchanges;
    };
    static asio::awaitable<void> run(std::shared_ptr<State> state,
                                     std::shared_ptr<Exchange> exchange);
    static asio::awaitable<Result<HttpMessage>> talk(std::shared_ptr<State> state,
                                                     std::shared_ptr<Exchange> exchange);
    static asio::awaitable<Result<void>> connect(std::shared_ptr<State> state,
                                                 std::shared_ptr<Exchange> exchange);
    static asio::awaitable<Result<HttpMessage>> read_reply(std::shared_ptr<State> state,
                                                           std::shared_ptr<Exchange> exchange);

    std::shared_ptr<State> state_;
};

/// The request as HTTP/1.1 text.
std::string to_wire(const io::HttpRequest& request);

}  // namespace janus::net
