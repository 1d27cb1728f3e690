#include "net/dialer.hpp"

namespace janus::net {

Dialer::Dialer(std::shared_ptr<DialTools> tools)
    : tools_(std::move(tools)),
      question_(std::make_shared<Resolver::Question>(tools_->loop)),
      timer_(tools_->loop) {}

void Dialer::cancel() {
    cancelled_ = true;
    question_->give_up();
    error_code ignored;
    if (socket_) socket_->close(ignored);
    if (transport_) transport_->close();
}

asio::awaitable<Result<std::shared_ptr<Transport>>> Dialer::dial(std::shared_ptr<Dialer> self,
                                                                 io::Endpoint endpoint,
                                                                 Duration timeout) {
    self->timer_.expires_after(timeout);
    self->timer_.async_wait([weak = std::weak_ptr(self)](error_code error) {
        const auto dialer = weak.lock();
        if (error || !dialer) return;
        dialer->timed_out_ = true;
        dialer->cancel();
    });
    auto transport = co_await self->attempt(endpoint);
    self->timer_.cancel();
    self->transport_.reset();
    const auto name = to_text(endpoint);
    if (self->timed_out_)
        co_return fail(ErrorCode::Unavailable, "{} was not reached within {} ms", name,
                       std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count());
    if (self->cancelled_) co_return fail(ErrorCode::Unavailable, "{} was given up", name);
    if (!transport)
        co_return fail(transport.error().code, "{}: {}", name, transport.error().message);
    co_return transport;
}

asio::awaitable<Result<std::shared_ptr<Transport>>> Dialer::attempt(io::Endpoint endpoint) {
    const auto addresses = co_await tools_->resolver.resolve(question_, endpoint.host, remaining());
    if (!addresses) co_return std::unexpected(addresses.error());
    const auto connected = co_await connect(*addresses, endpoint.port);
    if (!connected) co_return std::unexpected(connected.error());
    auto wrapped = wrap(endpoint);
    if (!wrapped) co_return wrapped;
    transport_ = *wrapped;
    const auto ready = co_await (*wrapped)->handshake();
    if (!ready) co_return std::unexpected(ready.error());
    co_return wrapped;
}

asio::awaitable<Result<void>> Dialer::connect(const Addresses& addresses, std::uint16_t port) {
    error_code last = asio::error::host_not_found;
    for (std::size_t i = 0; i < addresses.size() && !cancelled_; ++i) {
        const auto share = remaining() / static_cast<std::int64_t>(addresses.size() - i);
        last = co_await connect_one({addresses[i], port}, Clock::now() + share);
        if (!last) co_return Result<void>{};
    }
    co_return fail(ErrorCode::Unavailable, "{}", reason_of(last));
}

asio::awaitable<error_code> Dialer::connect_one(Tcp::endpoint to, Clock::time_point until) {
    socket_ = std::make_shared<Tcp::socket>(tools_->loop);
    asio::steady_timer share(tools_->loop, until);
    share.async_wait([socket = std::weak_ptr(socket_)](error_code error) {
        error_code ignored;
        if (const auto open = socket.lock(); open && !error) open->close(ignored);
    });
    const auto [error] = co_await socket_->async_connect(to, as_result);
    if (!error && socket_->is_open()) set_line_options(*socket_);
    co_return socket_->is_open() ? error : asio::error::timed_out;
}

Result<std::shared_ptr<Transport>> Dialer::wrap(const io::Endpoint& endpoint) {
    const auto socket = std::exchange(socket_, nullptr);
    if (!endpoint.tls) return make_plain(std::move(*socket));
    auto context = tools_->tls.context_of(endpoint.ca_file);
    if (!context) return std::unexpected(context.error());
    return make_tls_client(std::move(*socket), std::move(*context), endpoint.host);
}

Duration Dialer::remaining() const {
    return std::max(Duration{0}, Duration{timer_.expiry() - Clock::now()});
}

std::string to_text(const io::Endpoint& endpoint) {
    const bool bare_ipv6 = endpoint.host.find(':') != std::string::npos;
    return bare_ipv6 ? fmt::format("[{}]:{}", endpoint.host, endpoint.port)
                     : fmt::format("{}:{}", endpoint.host, endpoint.port);
}

}  // namespace janus::net
