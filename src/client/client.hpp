#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include <grpcpp/grpcpp.h>

#include "base/result.hpp"
#include "client/server_address.hpp"
#include "janus/v1/janus.grpc.pb.h"

namespace janus::client {

/// A typed client of one janusd: blocking calls with a time limit, and streams that end when told
/// to. May be used from several threads.
class Client {
 public:
    using Stub = v1::Janus::Stub;

    explicit Client(const ServerAddress& address);

    /// One call, e.g. `client.call(&Client::Stub::ListAccounts, request)`.
    /// Errors: the server's own, with its word; `Unavailable` when it cannot be reached; `Unknown`
    /// when the call was sent and no answer came in time.
    template <typename Request, typename Response>
    Result<Response> call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                       Response*),
                          const Request& request) {
        grpc::ClientContext context;
        prepare(context, call_limit_seconds);
        Response response;
        const auto status = ((*stub_).*method)(&context, request, &response);
        if (!status.ok()) return std::unexpected(error_of(status, context));
        return response;
    }

    /// Reads a stream until it ends, `on_message` returns false, or `stop` is called from another
    /// thread.
    template <typename Request, typename Message>
    Result<void> stream(std::unique_ptr<grpc::ClientReader<Message>> (Stub::*method)(
                            grpc::ClientContext*, const Request&),
                        const Request& request,
                        const std::function<bool(const Message&)>& on_message) {
        grpc::ClientContext context;
        prepare(context, 0);
        const Entered entered(*this, context);
        const auto reader = ((*stub_).*method)(&context, request);
        Message message;
        bool wanted = true;
        while (wanted && reader->Read(&message)) wanted = on_message(message);
        if (!wanted) context.TryCancel();
        const auto status = reader->Finish();
        if (!status.ok() && wanted) return std::unexpected(error_of(status, context));
        return {};
    }

    /// Cancels every stream that is open; those that begin later end at once.
    void stop();

 private:
    static constexpr int call_limit_seconds = 45;

    /// Keeps a stream's context in the set that `stop` cancels.
    struct Entered {
        Entered(Client& owner, grpc::ClientContext& entered);
        ~Entered();
        Entered(const Entered&) = delete;
        Entered& operator=(const Entered&) = delete;
        Client& client;
        grpc::ClientContext& context;
    };

    void prepare(grpc::ClientContext& context, int limit_seconds) const;
    static Error error_of(const grpc::Status& status, const grpc::ClientContext& context);

    std::unique_ptr<Stub> stub_;
    Secret token_;
    std::mutex mutex_;
    std::set<grpc::ClientContext*> open_;
    bool stopped_{false};
};

}  // namespace janus::client
