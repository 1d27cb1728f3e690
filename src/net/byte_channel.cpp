#include "net/byte_channel.hpp"

#include <array>
#include <utility>

namespace janus::net {
namespace {

constexpr std::size_t read_size = 64U << 10U;

}  // namespace

ByteChannel::ByteChannel(asio::io_context& loop, std::shared_ptr<Transport> transport,
                         ByteChannelHandlers handlers, std::size_t unsent_max)
    : loop_(loop),
      transport_(std::move(transport)),
      handlers_(std::move(handlers)),
      unsent_max_(unsent_max),
      resumed_(loop) {}

void ByteChannel::start() {
    asio::co_spawn(loop_, read(shared_from_this()), asio::detached);
}

void ByteChannel::send(std::string_view bytes) {
    if (ended_ || finishing_ || !end_reason_.empty()) return;
    if (waiting_.size() + writing_.size() + bytes.size() > unsent_max_) {
        end_reason_ = fmt::format("more than {} bytes waited to be sent", unsent_max_);
        transport_->close();
        asio::post(loop_, [self = shared_from_this()] { self->end(self->end_reason_); });
        return;
    }
    waiting_ += bytes;
    if (std::exchange(writer_runs_, true)) return;
    asio::co_spawn(loop_, write(shared_from_this()), asio::detached);
}

void ByteChannel::close() {
    ended_ = true;
    resumed_.cancel();
    transport_->close();
}

void ByteChannel::reset() {
    ended_ = true;
    resumed_.cancel();
    transport_->reset();
}

void ByteChannel::close_after_writing() {
    finishing_ = true;
    if (!writer_runs_) close();
}

void ByteChannel::pause_reading(bool paused) {
    paused_ = paused;
    if (!paused) resumed_.cancel();
}

asio::awaitable<void> ByteChannel::read(std::shared_ptr<ByteChannel> self) {
    std::string buffer(read_size, '\0');
    while (!self->ended_) {
        const auto [error, size] = co_await self->transport_->read_some(buffer);
        while (self->paused_ && !self->ended_) {
            self->resumed_.expires_after(std::chrono::hours(1));
            co_await self->resumed_.async_wait(as_result);
        }
        if (self->ended_) co_return;
        if (size > 0 && !self->finishing_)
            self->handlers_.on_bytes(std::string_view(buffer).substr(0, size));
        if (error) self->end(reason_of(error));
    }
}

asio::awaitable<void> ByteChannel::write(std::shared_ptr<ByteChannel> self) {
    while (!self->waiting_.empty() && !self->ended_) {
        self->writing_ = std::exchange(self->waiting_, {});
        const auto error = co_await self->transport_->write_all(self->writing_);
        self->writing_.clear();
        if (error) self->end(reason_of(error));
    }
    self->writer_runs_ = false;
    if (self->finishing_) self->close();
}

void ByteChannel::end(const std::string& reason) {
    if (ended_) return;
    close();
    if (!finishing_) handlers_.on_end(end_reason_.empty() ? reason : end_reason_);
}

}  // namespace janus::net
