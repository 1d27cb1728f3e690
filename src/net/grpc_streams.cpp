#include "net/grpc_streams.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include <grpc/support/log.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include "net/dialer.hpp"
#include "net/grpc_bytes.hpp"

namespace janus::net {
namespace {

constexpr int invalid_argument = 3;
constexpr std::chrono::seconds probe_max{3};

grpc::ChannelArguments channel_arguments() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 10'000);  // Also the limit of one connect.
    // The machine decides when to try again; gRPC's own memory of failures would stand in its way.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    return arguments;
}

Result<std::shared_ptr<grpc::ChannelCredentials>> credentials_of(const io::Endpoint& endpoint) {
    if (!endpoint.tls) return grpc::InsecureChannelCredentials();
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = system_roots();
    if (!endpoint.ca_file.empty()) {
        auto extra = read_file(endpoint.ca_file);
        if (!extra) return std::unexpected(extra.error());
        options.pem_root_certs += "\n" + *extra;
    }
    return grpc::SslCredentials(options);
}

bool is_metadata_key(std::string_view key) {
    const auto legal = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    return !key.empty() && !key.starts_with("grpc-") && std::ranges::all_of(key, legal);
}

/// gRPC ends the process over metadata that it does not like, so it is checked before.
Result<void> check_metadata(const std::vector<io::Header>& metadata) {
    const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
    for (const auto& [key, value] : metadata) {
        if (!is_metadata_key(key))
            return fail(ErrorCode::Invalid, "metadata key '{}' is not lower-case ASCII", key);
        if (!key.ends_with("-bin") && !std::ranges::all_of(value, printable))
            return fail(ErrorCode::Invalid, "metadata {} holds unprintable characters", key);
    }
    return {};
}

/// gRPC 1.51 ends its callback threads with the last channel that used them, and whoever drops that
/// channel joins them, even when it is one of them: the process then aborts. So one channel that
/// leads nowhere uses them and is never dropped.
void keep_callback_threads() {
    static auto* const kept = [] {
        auto* stub = new grpc::GenericStub(grpc::CreateChannel("nowhere", nullptr));
        struct Parts {
            grpc::ClientContext context;
            grpc::ByteBuffer request{to_buffer("")};
            grpc::ByteBuffer reply;
        };
        const auto parts = std::make_shared<Parts>();
        stub->UnaryCall(&parts->context, "/none/none", {}, &parts->request, &parts->reply,
                        [parts](const grpc::Status&) {});
        return stub;
    }();
    static_cast<void>(kept);
}

/// gRPC tells stderr, in a form of its own, of every connection that fails; the end of the call
/// says it too. Only a failed assertion, the last words of a process, is still written.
void quiet_grpc() {
    gpr_set_log_function([](gpr_log_func_args* line) {
        if (std::string_view(line->message).starts_with("assertion failed"))
            std::fprintf(stderr, "%s:%d: %s\n", line->file, line->line, line->message);
    });
}

}  // namespace

/// What the streams of one owner share. Its maps are touched on the core thread only.
struct GrpcStreams::State {
    State(std::shared_ptr<DialTools> tools_in, Deliver deliver_in)
        : tools(std::move(tools_in)), postbox(tools->loop), deliver(std::move(deliver_in)) {}
    void end(io::StreamEnded ended) {
        calls.erase(ended.id);
        deliver(ended);
    }
    std::shared_ptr<DialTools> tools;
    Postbox postbox;
    Deliver deliver;
    std::map<io::StreamId, std::shared_ptr<Call>> calls;
};

/// One call. It lives until gRPC is done with it (`self_`), even when its stream was closed before.
/// A hold keeps it from ending between two reads that the core thread starts.
class GrpcStreams::Call final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                                public std::enable_shared_from_this<Call> {
 public:
    Call(io::OpenStream request, std::weak_ptr<State> state, Postbox postbox)
        : request_(std::move(request)), state_(std::move(state)), postbox_(std::move(postbox)) {}

    void start(std::shared_ptr<grpc::ChannelCredentials> credentials) {
        keep_callback_threads();
        self_ = shared_from_this();
        stub_ = std::make_unique<grpc::GenericStub>(grpc::CreateCustomChannel(
            target_of(request_.endpoint), std::move(credentials), channel_arguments()));
        for (const auto& [key, value] : request_.metadata) context_.AddMetadata(key, value);
        message_ = to_buffer(request_.request);
        stub_->PrepareBidiStreamingCall(&context_, request_.method, {}, this);
        AddHold();
        StartWriteLast(&message_, grpc::WriteOptions());
        StartRead(&incoming_);
        StartCall();
    }
    /// On the core thread; nothing is delivered afterwards.
    void cancel() {
        state_.reset();
        context_.TryCancel();
        if (const auto probe = probe_.lock()) probe->cancel();
    }

    void OnReadInitialMetadataDone(bool ok) override { answered_ = ok; }
    void OnReadDone(bool ok) override {
        if (!ok) return RemoveHold();
        // The next read starts when the work is gone, whether it ran or was dropped with the loop.
        const std::shared_ptr<Call> turn(
            this, [self = shared_from_this()](Call* call) { call->StartRead(&call->incoming_); });
        postbox_.post([turn, bytes = to_bytes(incoming_)] { turn->on_message(bytes); });
    }
    void OnDone(const grpc::Status& status) override {
        const auto self = std::move(self_);
        const auto postbox = postbox_;
        postbox.post([self, status] { self->on_done(status); });
    }

 private:
    static std::string target_of(const io::Endpoint& endpoint) {
        const bool bare_ipv6 = endpoint.host.find(':') != std::string::npos;
        return bare_ipv6 ? fmt::format("[{}]:{}", endpoint.host, endpoint.port)
                         : fmt::format("{}:{}", endpoint.host, endpoint.port);
    }
    void on_message(const std::string& bytes) {
        if (const auto state = state_.lock()) state->deliver(io::StreamMessage{request_.id, bytes});
    }
    void on_done(const grpc::Status& status) {
        const auto state = state_.lock();
        if (!state) return;
        io::StreamEnded ended{request_.id, static_cast<int>(status.error_code()),
                              status.error_message()};
        const bool reached = answered_ || status.error_code() != grpc::StatusCode::UNAVAILABLE;
        if (reached) return state->end(std::move(ended));
        asio::co_spawn(state->tools->loop, find_obstacle(shared_from_this(), std::move(ended)),
                       asio::detached);
    }
    static asio::awaitable<void> find_obstacle(std::shared_ptr<Call> call, io::StreamEnded ended) {
        std::shared_ptr<Dialer> dialer;
        if (const auto state = call->state_.lock()) dialer = std::make_shared<Dialer>(state->tools);
        if (!dialer) co_return;
        call->probe_ = dialer;
        const auto line = co_await Dialer::dial(dialer, call->request_.endpoint, probe_max);
        if (line) (*line)->close();
        if (!line) ended.obstacle = line.error().message;
        if (const auto state = call->state_.lock()) state->end(std::move(ended));
    }

    io::OpenStream request_;
    std::weak_ptr<State> state_;  ///< Core thread only; empty once cancelled.
    Postbox postbox_;
    std::shared_ptr<Call> self_;
    grpc::ClientContext context_;
    std::unique_ptr<grpc::GenericStub> stub_;
    grpc::ByteBuffer message_;
    grpc::ByteBuffer incoming_;
    std::atomic<bool> answered_{false};  ///< Whether the peer has said anything.
    std::weak_ptr<Dialer> probe_;        ///< While the obstacle is sought.
};

GrpcStreams::GrpcStreams(std::shared_ptr<DialTools> tools, Deliver deliver)
    : state_(std::make_shared<State>(std::move(tools), std::move(deliver))) {
    quiet_grpc();
}

GrpcStreams::~GrpcStreams() {
    close_all();
    state_->postbox.close();
}

void GrpcStreams::open(io::OpenStream request) {
    auto credentials = credentials_of(request.endpoint);
    const auto metadata = check_metadata(request.metadata);
    if (!credentials || !metadata) {
        const auto& why = credentials ? metadata.error().message : credentials.error().message;
        state_->postbox.post([weak = std::weak_ptr(state_), id = request.id, why] {
            if (const auto state = weak.lock()) state->end({id, invalid_argument, why});
        });
        return;
    }
    const auto id = request.id;
    auto call = std::make_shared<Call>(std::move(request), state_, state_->postbox);
    state_->calls.insert_or_assign(id, call);
    call->start(std::move(*credentials));
}

void GrpcStreams::close(io::StreamId id) {
    const auto found = state_->calls.extract(id);
    if (!found.empty()) found.mapped()->cancel();
}

void GrpcStreams::close_all() {
    for (const auto& [id, call] : std::exchange(state_->calls, {})) call->cancel();
}

std::size_t GrpcStreams::open_count() const {
    return state_->calls.size();
}

}  // namespace janus::net
