#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
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

/// One call; counts up from 1 and is never reused by a server.
using ByteStreamId = Tagged<std::uint64_t, struct ByteStreamIdTag>;

/// A call as it came in: one request message, bytes.
struct ByteStreamRequest {
    ByteStreamId id;
    std::string method;                                         ///< `/package.Service/Method`
    std::vector<std::pair<std::string, std::string>> metadata;  ///< Keys are lower case.
    std::string request;                                        ///< The serialized message.
    std::string peer;
};

/// What a GrpcByteServer tells its owner, on the core thread.
struct GrpcByteServerHandlers {
    std::function<void(const ByteStreamRequest&)> on_open;
    /// The client went away before `finish`. Not called for a stream that was finished.
    std::function<void(ByteStreamId)> on_cancel;
};

/// A gRPC server that answers every method with a stream of byte messages, without any generated
/// code. Used on the core thread only; gRPC's own threads post to it.
/// A stream with more than `unsent_max` messages waiting is finished with RESOURCE_EXHAUSTED (8).
class GrpcByteServer {
 public:
    static constexpr std::size_t unsent_max = 10'000;

    /// Errors: `Conflict` when the address is in use; `Invalid` for a bad certificate or key.
    static Result<std::unique_ptr<GrpcByteServer>> listen(boost::asio::io_context& loop,
                                                          const ListenAddress& address,
                                                          const std::optional<TlsFiles>& tls,
                                                          GrpcByteServerHandlers handlers,
                                                          Log& log);
    ~GrpcByteServer();
    GrpcByteServer(const GrpcByteServer&) = delete;
    GrpcByteServer& operator=(const GrpcByteServer&) = delete;

    /// The address in use, with the port that the system picked.
    ListenAddress address() const;
    /// One message; ignored when the stream is gone.
    void send(ByteStreamId stream, std::string bytes);
    /// Ends the stream after what was sent, with a gRPC status code (0 is OK) and text.
    void finish(ByteStreamId stream, int status, std::string text);
    /// Ends every stream with UNAVAILABLE (14) and stops; blocks for at most about a second.
    void stop();

 private:
    struct Parts;
    explicit GrpcByteServer(std::shared_ptr<Parts> parts);
    std::shared_ptr<Parts> parts_;
};

}  // namespace janus::net
