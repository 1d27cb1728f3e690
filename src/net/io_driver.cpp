#include "net/io_driver.hpp"

#include <map>
#include <utility>

#include "net/asio.hpp"
#include "net/byte_channel.hpp"
#include "net/dialer.hpp"
#include "net/grpc_streams.hpp"
#include "net/http_client.hpp"

namespace janus::net {
namespace {

constexpr std::size_t unsent_max = 4U << 20U;

/// One TCP channel from Connect to its end.
struct Channel {
    std::shared_ptr<Dialer> dialer;      ///< While connecting.
    std::shared_ptr<ByteChannel> bytes;  ///< Once open.
    bool given_up{false};
};

}  // namespace

struct IoDriver::Parts {
    Parts(asio::io_context& loop, Deliver deliver_in, Log& log_in)
        : deliver(std::move(deliver_in)),
          log(log_in),
          tools(std::make_shared<DialTools>(loop)),
          http(tools, deliver),
          streams(tools, deliver) {}

    void perform(io::Connect effect);
    void perform(io::Send effect);
    void perform(io::Close effect);
    void perform(io::HttpRequest effect) { http.perform(std::move(effect)); }
    void perform(io::OpenStream effect) { streams.open(std::move(effect)); }
    void perform(io::CloseStream effect) { streams.close(effect.id); }

    static asio::awaitable<void> connect(Parts& parts, std::shared_ptr<Channel> channel,
                                         io::Connect effect);
    void on_connected(const std::shared_ptr<Channel>& channel, const io::Connect& effect,
                      Result<std::shared_ptr<Transport>> transport);
    void close_channel(Channel& channel);

    Deliver deliver;
    Log& log;
    std::shared_ptr<DialTools> tools;
    std::map<io::ChannelId, std::shared_ptr<Channel>> channels;
    HttpClient http;
    GrpcStreams streams;
};

void IoDriver::Parts::perform(io::Connect effect) {
    auto channel = std::make_shared<Channel>();
    channel->dialer = std::make_shared<Dialer>(tools);
    channels.insert_or_assign(effect.channel, channel);
    // It begins on the loop, so that not even a refusal is told from inside this call.
    asio::post(tools->loop, [this, channel, effect = std::move(effect)]() mutable {
        if (channel->given_up) return;
        asio::co_spawn(tools->loop, connect(*this, channel, std::move(effect)), asio::detached);
    });
}

asio::awaitable<void> IoDriver::Parts::connect(Parts& parts, std::shared_ptr<Channel> channel,
                                               io::Connect effect) {
    auto transport = co_await Dialer::dial(channel->dialer, effect.endpoint, effect.timeout);
    if (!channel->given_up) parts.on_connected(channel, effect, std::move(transport));
}

void IoDriver::Parts::on_connected(const std::shared_ptr<Channel>& channel,
                                   const io::Connect& effect,
                                   Result<std::shared_ptr<Transport>> transport) {
    const auto id = effect.channel;
    channel->dialer.reset();
    if (!transport) {
        channels.erase(id);
        return deliver(io::Closed{id, transport.error().message});
    }
    const auto on_bytes = [this, id](std::string_view bytes) {
        deliver(io::Received{id, std::string(bytes)});
    };
    const auto on_end = [this, id](const std::string& reason) {
        channels.erase(id);
        deliver(io::Closed{id, reason});
    };
    channel->bytes = std::make_shared<ByteChannel>(
        tools->loop, std::move(*transport), ByteChannelHandlers{on_bytes, on_end}, unsent_max);
    log.write(LogLevel::Debug,
              fmt::format("channel open channel={} peer={}", id.value, to_text(effect.endpoint)));
    deliver(io::Connected{id});
    if (!channel->given_up) channel->bytes->start();
}

void IoDriver::Parts::perform(io::Send effect) {
    const auto found = channels.find(effect.channel);
    if (found != channels.end() && found->second->bytes) found->second->bytes->send(effect.bytes);
}

void IoDriver::Parts::perform(io::Close effect) {
    const auto found = channels.extract(effect.channel);
    if (!found.empty()) close_channel(*found.mapped());
}

void IoDriver::Parts::close_channel(Channel& channel) {
    channel.given_up = true;
    if (channel.dialer) channel.dialer->cancel();
    if (channel.bytes) channel.bytes->close();
}

IoDriver::IoDriver(asio::io_context& loop, Deliver deliver, Log& log)
    : parts_(std::make_unique<Parts>(loop, std::move(deliver), log)) {}

IoDriver::~IoDriver() {
    close_all();
}

void IoDriver::perform(io::Effect effect) {
    std::visit([this](auto&& one) { parts_->perform(std::move(one)); }, std::move(effect));
}

void IoDriver::close_all() {
    for (const auto& [id, channel] : std::exchange(parts_->channels, {}))
        parts_->close_channel(*channel);
    parts_->http.close_all();
    parts_->streams.close_all();
}

std::size_t IoDriver::open_count() const {
    return parts_->channels.size() + parts_->http.open_count() + parts_->streams.open_count();
}

}  // namespace janus::net
