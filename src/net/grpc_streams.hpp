#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>

#include "gateway/io.hpp"
#include "net/postbox.hpp"

namespace janus::net {

struct DialTools;

/// The gRPC byte streams of one driver. gRPC's threads only carry bytes to the loop; a stream reads
/// its next message after the last one was delivered, so nothing piles up here.
/// gRPC does not say why an endpoint was not reached; a connection of our own, without a byte of
/// the request, then finds out. `deliver` is called on the core thread, never from inside `open`.
class GrpcStreams {
 public:
    using Deliver = std::function<void(const io::Event&)>;

    GrpcStreams(std::shared_ptr<DialTools> tools, Deliver deliver);
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
