#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>

#include "gateway/io.hpp"
#include "net/postbox.hpp"

namespace boost::asio {
class io_context;
}

namespace janus::net {

/// The gRPC byte streams of one driver. gRPC's threads only carry bytes to the loop; a stream reads
/// its next message after the last one was delivered, so nothing piles up here.
/// `deliver` is called on the core thread, never from inside `open`.
class GrpcStreams {
 public:
    using Deliver = std::function<void(const io::Event&)>;

    GrpcStreams(boost::asio::io_context& loop, Deliver deliver);
    ~GrpcStreams();
    GrpcStreams(const GrpcStreams&) = delete;
    GrpcStreams& operator=(const GrpcStreams&) = delete;

    void open(io::OpenStream request);
    void close(io::StreamId id);
    void close_all();
    std::size_t open_count() const;

    class Call;
    struct State;

 private:
    std::shared_ptr<State> state_;
};

}  // namespace janus::net
