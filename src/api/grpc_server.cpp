#include "api/grpc_server.hpp"

#include <atomic>
#include <list>
#include <mutex>

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>

#include "api/calls.hpp"
#include "api/status.hpp"
#include "api/token.hpp"
#include "janus/v1/janus.grpc.pb.h"

namespace janus::api {
namespace {

using grpc::CallbackServerContext;

constexpr int message_size_max = 4 << 20;
constexpr std::int64_t shutdown_wait_milliseconds = 1'000;

Error stopping_error() {
    return {ErrorCode::Unavailable, "janusd is stopping"};
}

/// A unary call that is out. Finishes once, whoever comes first: the answer or the shutdown.
class UnaryCall {
 public:
    UnaryCall(CallbackServerContext* context, grpc::ServerUnaryReactor* reactor)
        : context_(context), reactor_(reactor) {}
    void finish(const Result<void>& result) {
        if (done_.exchange(true)) return;
        if (!result)
            context_->AddTrailingMetadata(error_metadata,
                                          std::string(to_text(result.error().code)));
        reactor_->Finish(result ? grpc::Status::OK : to_status(result.error()));
    }
    bool done() const { return done_; }

 private:
    CallbackServerContext* context_;
    grpc::ServerUnaryReactor* reactor_;
    std::atomic<bool> done_{false};
};

/// The core's side of one stream: asked for messages while its client can take them.
class StreamPort {
 public:
    virtual ~StreamPort() = default;
    virtual void poke(Now now) = 0;
    virtual void end(const Result<void>& result) = 0;
    bool gone{false};  ///< The client has left, or the stream is over.
};

/// What both threads know of a stream: the reactor while it lives. A reactor deletes itself in
/// OnDone.
template <typename Message>
class StreamReactor;
template <typename Message>
struct StreamLink {
    std::mutex mutex;
    StreamReactor<Message>* reactor{nullptr};
};

/// gRPC's side of one stream. At most one write is under way.
template <typename Message>
class StreamReactor final : public grpc::ServerWriteReactor<Message> {
 public:
    StreamReactor(CallbackServerContext* context, std::shared_ptr<StreamLink<Message>> link,
                  std::function<void()> on_written, std::function<void()> on_gone)
        : context_(context),
          link_(std::move(link)),
          on_written_(std::move(on_written)),
          on_gone_(std::move(on_gone)) {
        link_->reactor = this;
        this->StartSendInitialMetadata();
    }

    /// Under the link's lock.
    void write(Message message) {
        message_ = std::move(message);
        if (!finished_) this->StartWrite(&message_);
    }
    /// Under the link's lock.
    void finish(const Result<void>& result) {
        if (std::exchange(finished_, true)) return;
        if (!result)
            context_->AddTrailingMetadata(error_metadata,
                                          std::string(to_text(result.error().code)));
        this->Finish(result ? grpc::Status::OK : to_status(result.error()));
    }

    void OnWriteDone(bool ok) override {
        if (ok) return on_written_();
        std::lock_guard lock(link_->mutex);
        finish(std::unexpected(Error{ErrorCode::Unavailable, "client has gone"}));
    }
    void OnCancel() override {
        std::lock_guard lock(link_->mutex);
        finish(std::unexpected(Error{ErrorCode::Unavailable, "client has gone"}));
    }
    void OnDone() override {
        {
            std::lock_guard lock(link_->mutex);
            link_->reactor = nullptr;
        }
        on_gone_();
        delete this;
    }

 private:
    CallbackServerContext* context_;
    std::shared_ptr<StreamLink<Message>> link_;
    std::function<void()> on_written_;
    std::function<void()> on_gone_;
    Message message_;
    bool finished_{false};
};

template <typename Message>
class TypedPort final : public StreamPort {
 public:
    explicit TypedPort(std::shared_ptr<StreamLink<Message>> link) : link_(std::move(link)) {}

    void open(std::unique_ptr<Source<Message>> source) { source_ = std::move(source); }
    void on_written() { busy_ = false; }

    void poke(Now now) override {
        if (gone || busy_ || !source_) return;
        if (auto message = source_->next(now)) {
            busy_ = true;
            std::lock_guard lock(link_->mutex);
            if (link_->reactor) link_->reactor->write(std::move(*message));
        } else if (const auto ended = source_->ended()) {
            end(*ended);
        }
    }
    void end(const Result<void>& result) override {
        gone = true;
        source_.reset();
        std::lock_guard lock(link_->mutex);
        if (link_->reactor) link_->reactor->finish(result);
    }

 private:
    std::shared_ptr<StreamLink<Message>> link_;
    std::unique_ptr<Source<Message>> source_;
    bool busy_{false};
};

/// What the service and the server share. Calls and streams are entered on gRPC's threads before
/// they are posted, so that a shutdown can end also those that the core thread has not seen yet.
struct Shared {
    Context& context;
    std::function<Now()> clock;
    GrpcServer::Post post;
    Secret token;
    std::mutex mutex{};
    std::list<std::shared_ptr<UnaryCall>> calls{};
    std::list<std::shared_ptr<StreamPort>> ports{};

    void enter(const std::shared_ptr<UnaryCall>& call) {
        std::lock_guard lock(mutex);
        calls.remove_if([](const auto& other) { return other->done(); });
        calls.push_back(call);
    }
    void enter(const std::shared_ptr<StreamPort>& port) {
        std::lock_guard lock(mutex);
        ports.push_back(port);
    }

    Result<void> check_token(const CallbackServerContext& call) const {
        const auto& metadata = call.client_metadata();
        const auto found = metadata.find("authorization");
        constexpr std::string_view bearer = "Bearer ";
        if (found != metadata.end()) {
            const std::string_view given(found->second.data(), found->second.size());
            if (given.starts_with(bearer) && is_same_token(token, given.substr(bearer.size())))
                return {};
        }
        return fail(ErrorCode::Unauthorized,
                    "token is missing or wrong; use the one in the server's state directory");
    }
    CallInfo info() const { return {.now = clock(), .caller = {"local"}}; }
};

template <typename Request, typename Response>
using UnaryFunction = void (*)(Context&, const CallInfo&, const Request&, Answer<Response>);
template <typename Request, typename Message>
using StreamFunction = std::unique_ptr<Source<Message>> (*)(Context&, const CallInfo&,
                                                            const Request&);

/// The request and the response live until the call has finished, so the work may refer to them.
template <typename Request, typename Response>
grpc::ServerUnaryReactor* run_unary(Shared& shared, CallbackServerContext* context,
                                    const Request* request, Response* response,
                                    UnaryFunction<Request, Response> function) {
    auto* reactor = context->DefaultReactor();
    auto call = std::make_shared<UnaryCall>(context, reactor);
    if (auto allowed = shared.check_token(*context); !allowed) {
        call->finish(allowed);
        return reactor;
    }
    shared.enter(call);
    const bool posted = shared.post([&shared, call, request, response, function] {
        if (call->done()) return;
        function(shared.context, shared.info(), *request,
                 [call, response](Result<Response> result) {
                     if (call->done()) return;
                     if (!result) return call->finish(std::unexpected(result.error()));
                     *response = std::move(*result);
                     call->finish({});
                 });
    });
    if (!posted) call->finish(std::unexpected(stopping_error()));
    return reactor;
}

template <typename Request, typename Message>
grpc::ServerWriteReactor<Message>* run_stream(Shared& shared, CallbackServerContext* context,
                                              const Request* request,
                                              StreamFunction<Request, Message> function) {
    auto link = std::make_shared<StreamLink<Message>>();
    auto port = std::make_shared<TypedPort<Message>>(link);
    auto* reactor = new StreamReactor<Message>(
        context, link, [&shared, port] { shared.post([port] { port->on_written(); }); },
        [&shared, port] { shared.post([port] { port->end({}); }); });
    const auto allowed = shared.check_token(*context);
    if (allowed) shared.enter(port);
    const bool posted = allowed && shared.post([&shared, port, function, copy = *request] {
        if (!port->gone) port->open(function(shared.context, shared.info(), copy));
    });
    if (!posted) {
        std::lock_guard lock(link->mutex);
        if (link->reactor)
            link->reactor->finish(allowed ? Result<void>(std::unexpected(stopping_error()))
                                          : allowed);
    }
    return reactor;
}

/// One row for each call: its name in the service, and its function in calls.hpp.
class Service final : public v1::Janus::CallbackService {
 public:
    explicit Service(Shared& shared) : shared_(shared) {}

#define JANUS_UNARY(Name, Request, Response, function)                                         \
    grpc::ServerUnaryReactor* Name(CallbackServerContext* context, const v1::Request* request, \
                                   v1::Response* response) override {                          \
        return run_unary<v1::Request, v1::Response>(shared_, context, request, response,       \
                                                    &api::function);                           \
    }
#define JANUS_STREAM(Name, Request, Message, function)                                          \
    grpc::ServerWriteReactor<v1::Message>* Name(CallbackServerContext* context,                 \
                                                const v1::Request* request) override {          \
        return run_stream<v1::Request, v1::Message>(shared_, context, request, &api::function); \
    }

    JANUS_UNARY(ListAccounts, ListAccountsRequest, ListAccountsResponse, list_accounts)
    JANUS_UNARY(SetDefaultAccount, SetDefaultAccountRequest, Account, set_default_account)
    JANUS_UNARY(ListPositions, ListPositionsRequest, ListPositionsResponse, list_positions)
    JANUS_UNARY(ListBalances, ListBalancesRequest, ListBalancesResponse, list_balances)
    JANUS_UNARY(GetPortfolio, GetPortfolioRequest, Portfolio, get_portfolio)
    JANUS_UNARY(Sync, SyncRequest, SyncResponse, sync)
    JANUS_UNARY(PlaceOrder, PlaceOrderRequest, Order, place_order)
    JANUS_UNARY(PlaceBracket, PlaceBracketRequest, ListOrdersResponse, place_bracket)
    JANUS_UNARY(PreviewOrder, PlaceOrderRequest, OrderPreview, preview_order)
    JANUS_UNARY(PreviewBracket, PlaceBracketRequest, OrderPreview, preview_bracket)
    JANUS_UNARY(ModifyOrder, ModifyOrderRequest, Order, modify_order)
    JANUS_UNARY(CancelOrder, CancelOrderRequest, Order, cancel_order)
    JANUS_UNARY(CancelAllOrders, CancelAllOrdersRequest, ListOrdersResponse, cancel_all_orders)
    JANUS_UNARY(ResolveOrder, ResolveOrderRequest, Order, resolve_order)
    JANUS_UNARY(GetOrder, GetOrderRequest, OrderDetail, get_order)
    JANUS_UNARY(ListOrders, ListOrdersRequest, ListOrdersResponse, list_orders)
    JANUS_UNARY(ListExecutions, ListExecutionsRequest, ListExecutionsResponse, list_executions)
    JANUS_UNARY(ListSymbols, ListSymbolsRequest, ListSymbolsResponse, list_symbols)
    JANUS_UNARY(GetSymbol, GetSymbolRequest, Symbol, get_symbol)
    JANUS_UNARY(MapSymbol, MapSymbolRequest, Symbol, map_symbol)
    JANUS_UNARY(UnmapSymbol, UnmapSymbolRequest, Symbol, unmap_symbol)
    JANUS_UNARY(GetSymbolHistory, GetSymbolHistoryRequest, SymbolHistory, get_symbol_history)
    JANUS_STREAM(Harmony, HarmonyRequest, HarmonyEvent, harmony)
    JANUS_UNARY(SubscribeTicks, SubscribeTicksRequest, QuoteList, subscribe_ticks)
    JANUS_UNARY(UnsubscribeTicks, UnsubscribeTicksRequest, QuoteList, unsubscribe_ticks)
    JANUS_UNARY(GetQuotes, GetQuotesRequest, QuoteList, get_quotes)
    JANUS_STREAM(WatchQuotes, WatchQuotesRequest, QuoteList, watch_quotes)
    JANUS_STREAM(WatchEvents, WatchEventsRequest, EventList, watch_events)
    JANUS_UNARY(Halt, HaltRequest, ListAccountsResponse, halt)
    JANUS_UNARY(Resume, ResumeRequest, ListAccountsResponse, resume)
    JANUS_UNARY(GetHealth, GetHealthRequest, Health, get_health)
    JANUS_STREAM(WatchLog, WatchLogRequest, LogLines, watch_log)
    JANUS_UNARY(StopServer, StopServerRequest, StopServerResponse, stop_server)

#undef JANUS_UNARY
#undef JANUS_STREAM

 private:
    Shared& shared_;
};

}  // namespace

struct GrpcServer::Parts {
    Parts(Context& context, std::function<Now()> clock, Post post, Secret token)
        : shared{.context = context,
                 .clock = std::move(clock),
                 .post = std::move(post),
                 .token = std::move(token)} {}
    Shared shared;
    Service service{shared};
    std::unique_ptr<grpc::Server> server;
    std::vector<int> ports;
};

Result<std::unique_ptr<GrpcServer>> GrpcServer::listen(const GrpcServerSettings& settings,
                                                       Context& context, std::function<Now()> clock,
                                                       Post post) {
    auto parts =
        std::make_unique<Parts>(context, std::move(clock), std::move(post), settings.token);
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.SetMaxReceiveMessageSize(message_size_max);
    parts->ports.resize(settings.addresses.size());
    for (std::size_t i = 0; i < settings.addresses.size(); ++i)
        builder.AddListeningPort(settings.addresses[i], grpc::InsecureServerCredentials(),
                                 &parts->ports[i]);
    builder.RegisterService(&parts->service);
    parts->server = builder.BuildAndStart();
    for (std::size_t i = 0; i < parts->ports.size(); ++i)
        if (!parts->server || parts->ports[i] == 0)
            return fail(ErrorCode::Conflict, "gRPC address {} is in use or cannot be bound",
                        settings.addresses[i]);
    return std::unique_ptr<GrpcServer>(new GrpcServer(std::move(parts)));
}

GrpcServer::GrpcServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

GrpcServer::~GrpcServer() {
    stop();
}

const std::vector<int>& GrpcServer::ports() const {
    return parts_->ports;
}

void GrpcServer::set_ready(bool ready) {
    auto* health = parts_->server->GetHealthCheckService();
    health->SetServingStatus(ready);
    health->SetServingStatus("janus.v1.Janus", ready);
}

void GrpcServer::poke(Now now) {
    auto& shared = parts_->shared;
    std::lock_guard lock(shared.mutex);
    for (const auto& port : shared.ports) port->poke(now);
    shared.ports.remove_if([](const auto& port) { return port->gone; });
}

void GrpcServer::stop() {
    if (!parts_->server) return;
    {
        auto& shared = parts_->shared;
        std::lock_guard lock(shared.mutex);
        for (const auto& port : shared.ports) port->end(std::unexpected(stopping_error()));
        for (const auto& call : shared.calls) call->finish(std::unexpected(stopping_error()));
    }
    const auto wait = gpr_time_from_millis(shutdown_wait_milliseconds, GPR_TIMESPAN);
    parts_->server->Shutdown(gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), wait));
    parts_->server->Wait();
    parts_->server.reset();
}

}  // namespace janus::api
