#include "net/grpc_byte_server.hpp"

#include <deque>
#include <map>
#include <mutex>
#include <utility>

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include "net/clock.hpp"
#include "net/grpc_bytes.hpp"
#include "net/listener.hpp"
#include "net/postbox.hpp"
#include "net/tls_context.hpp"

namespace janus::net {
namespace {

constexpr int invalid_argument = 3;
constexpr int resource_exhausted = 8;
constexpr int unavailable = 14;
constexpr std::chrono::milliseconds stop_max{1000};

grpc::Status to_status(int status, const std::string& text) {
    return {static_cast<grpc::StatusCode>(status), text};
}

ByteStreamRequest request_of(grpc::GenericCallbackServerContext& context) {
    ByteStreamRequest request;
    request.method = context.method();
    request.peer = context.peer();
    for (const auto& [key, value] : context.client_metadata())
        request.metadata.emplace_back(std::string(key.data(), key.size()),
                                      std::string(value.data(), value.size()));
    return request;
}

/// What a reactor reports, on the core thread, by id.
struct Reports {
    std::function<void(ByteStreamId, bool has_request)> on_request;
    std::function<void(ByteStreamId, bool ok)> on_written;
    std::function<void(ByteStreamId)> on_cancel;
    std::function<void(ByteStreamId)> on_done;
};

/// One call at gRPC's side. Its reactions run on gRPC's threads and only post; everything else is
/// called on the core thread. It lives until OnDone, which follows Finish.
class Reactor final : public grpc::ServerGenericBidiReactor,
                      public std::enable_shared_from_this<Reactor> {
 public:
    Reactor(ByteStreamRequest request_in, Postbox postbox, std::shared_ptr<const Reports> reports)
        : request(std::move(request_in)),
          postbox_(std::move(postbox)),
          reports_(std::move(reports)) {}

    void begin() {
        self_ = shared_from_this();
        StartRead(&incoming_);
    }
    void OnReadDone(bool ok) override {
        postbox_.post([self = shared_from_this(), ok] {
            if (ok) self->request.request = to_bytes(self->incoming_);
            self->reports_->on_request(self->request.id, ok);
        });
    }
    void OnWriteDone(bool ok) override {
        postbox_.post([reports = reports_, id = request.id, ok] { reports->on_written(id, ok); });
    }
    void OnCancel() override {
        postbox_.post([reports = reports_, id = request.id] { reports->on_cancel(id); });
    }
    void OnDone() override {
        const auto self = std::move(self_);
        const auto postbox = postbox_;
        postbox.post([reports = reports_, id = request.id] { reports->on_done(id); });
    }

    ByteStreamRequest request;
    grpc::ByteBuffer outgoing;      ///< The message under way.
    std::deque<std::string> queue;  ///< Core thread only, as is what follows.
    std::optional<grpc::Status> wanted_end;
    bool opened{false};
    bool writing{false};
    bool finished{false};

 private:
    Postbox postbox_;
    std::shared_ptr<const Reports> reports_;
    std::shared_ptr<Reactor> self_;
    grpc::ByteBuffer incoming_;
};

/// Refuses a call that comes while the server stops.
class Refusal final : public grpc::ServerGenericBidiReactor {
 public:
    Refusal() { Finish(to_status(unavailable, "the server stops")); }
    void OnDone() override { delete this; }
};

}  // namespace

struct GrpcByteServer::Parts : grpc::CallbackGenericService {
    Parts(boost::asio::io_context& loop, GrpcByteServerHandlers handlers_in)
        : postbox(loop), handlers(std::move(handlers_in)) {
        reports = std::make_shared<const Reports>(Reports{
            [this](ByteStreamId id, bool has_request) { on_request(id, has_request); },
            [this](ByteStreamId id, bool ok) { on_written(id, ok); },
            [this](ByteStreamId id) { on_cancel(id); }, [this](ByteStreamId id) { forget(id); }});
    }

    grpc::ServerGenericBidiReactor* CreateReactor(
        grpc::GenericCallbackServerContext* context) override {
        auto request = request_of(*context);
        std::lock_guard lock(mutex);
        if (stopping) return new Refusal;
        request.id = {++last_id};
        auto reactor = std::make_shared<Reactor>(std::move(request), postbox, reports);
        streams.emplace(reactor->request.id, reactor);
        reactor->begin();
        return reactor.get();
    }

    // ---- on the core thread ----

    std::shared_ptr<Reactor> find(ByteStreamId id) {
        std::lock_guard lock(mutex);
        const auto found = streams.find(id);
        return found == streams.end() ? nullptr : found->second;
    }
    void forget(ByteStreamId id) {
        std::lock_guard lock(mutex);
        streams.erase(id);
    }
    void on_request(ByteStreamId id, bool has_request) {
        const auto stream = find(id);
        if (!stream || stream->finished) return;
        if (!has_request) return end(*stream, to_status(invalid_argument, "no request came"));
        stream->opened = true;
        stream->StartSendInitialMetadata();
        handlers.on_open(stream->request);
    }
    void on_written(ByteStreamId id, bool ok) {
        const auto stream = find(id);
        if (!stream) return;
        stream->writing = false;
        if (!ok) stream->queue.clear();
        go_on(*stream);
    }
    void on_cancel(ByteStreamId id) {
        const auto stream = find(id);
        if (!stream || stream->finished) return;
        const bool tell = stream->opened && !stream->wanted_end;
        end(*stream, grpc::Status::CANCELLED);
        if (tell) handlers.on_cancel(id);
    }
    void send(Reactor& stream, std::string bytes) {
        if (stream.finished || stream.wanted_end) return;
        if (stream.queue.size() >= unsent_max) {
            stream.queue.clear();
            stream.wanted_end = to_status(resource_exhausted, "the reader is too slow");
        } else {
            stream.queue.push_back(std::move(bytes));
        }
        go_on(stream);
    }
    /// Starts the next write, or the end once everything is out.
    void go_on(Reactor& stream) {
        if (stream.writing || stream.finished) return;
        if (stream.queue.empty()) {
            if (stream.wanted_end) end(stream, *stream.wanted_end);
            return;
        }
        stream.outgoing = to_buffer(stream.queue.front());
        stream.queue.pop_front();
        stream.writing = true;
        stream.StartWrite(&stream.outgoing);
    }
    void end(Reactor& stream, const grpc::Status& status) {
        if (std::exchange(stream.finished, true)) return;
        stream.queue.clear();
        stream.Finish(status);
    }
    void stop() {
        std::map<ByteStreamId, std::shared_ptr<Reactor>> open;
        {
            std::lock_guard lock(mutex);
            if (std::exchange(stopping, true)) return;
            open = streams;
        }
        for (const auto& [id, stream] : open)
            end(*stream, to_status(unavailable, "the server stops"));
        if (!server) return;
        const auto until = std::chrono::system_clock::time_point(
            std::chrono::duration_cast<std::chrono::system_clock::duration>(
                system_now().utc.since_epoch + stop_max));
        server->Shutdown(until);
        server->Wait();
        postbox.close();
    }

    Postbox postbox;
    GrpcByteServerHandlers handlers;
    std::shared_ptr<const Reports> reports;
    ListenAddress address;
    std::mutex mutex;  ///< Guards the three members below; gRPC's threads open streams.
    std::map<ByteStreamId, std::shared_ptr<Reactor>> streams;
    std::uint64_t last_id{0};
    bool stopping{false};
    std::unique_ptr<grpc::Server> server;
};

namespace {

Result<std::shared_ptr<grpc::ServerCredentials>> credentials_of(
    const std::optional<TlsFiles>& files) {
    if (!files) return grpc::InsecureServerCredentials();
    if (auto usable = make_server_context(*files); !usable) return std::unexpected(usable.error());
    auto certificate = read_file(files->certificate_file);
    auto key = read_file(files->key_file);
    if (!certificate) return std::unexpected(certificate.error());
    if (!key) return std::unexpected(key.error());
    grpc::SslServerCredentialsOptions options;
    options.pem_key_cert_pairs.push_back({*key, *certificate});
    return grpc::SslServerCredentials(options);
}

}  // namespace

Result<std::unique_ptr<GrpcByteServer>> GrpcByteServer::listen(boost::asio::io_context& loop,
                                                               const ListenAddress& address,
                                                               const std::optional<TlsFiles>& tls,
                                                               GrpcByteServerHandlers handlers,
                                                               Log&) {
    auto credentials = credentials_of(tls);
    if (!credentials) return std::unexpected(credentials.error());
    // gRPC does not say why it cannot listen; a socket of our own does.
    if (auto free = open_acceptor(loop, address); !free) return std::unexpected(free.error());
    auto parts = std::make_shared<Parts>(loop, std::move(handlers));
    int port = 0;
    grpc::ServerBuilder builder;
    const ListenAddress wanted{address.host == "localhost" ? "127.0.0.1" : address.host,
                               address.port};
    builder.AddListeningPort(to_text(wanted), *credentials, &port);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.RegisterCallbackGenericService(parts.get());
    parts->server = builder.BuildAndStart();
    if (!parts->server || port == 0)
        return fail(ErrorCode::Conflict, "cannot listen on {}: the address was taken meanwhile",
                    to_text(address));
    parts->address = {wanted.host, static_cast<std::uint16_t>(port)};
    return std::unique_ptr<GrpcByteServer>(new GrpcByteServer(std::move(parts)));
}

GrpcByteServer::GrpcByteServer(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}

GrpcByteServer::~GrpcByteServer() {
    stop();
}

ListenAddress GrpcByteServer::address() const {
    return parts_->address;
}

void GrpcByteServer::send(ByteStreamId stream, std::string bytes) {
    if (const auto open = parts_->find(stream)) parts_->send(*open, std::move(bytes));
}

void GrpcByteServer::finish(ByteStreamId stream, int status, std::string text) {
    const auto open = parts_->find(stream);
    if (!open || open->finished || open->wanted_end) return;
    open->wanted_end = to_status(status, text);
    parts_->go_on(*open);
}

void GrpcByteServer::stop() {
    parts_->stop();
}

}  // namespace janus::net
