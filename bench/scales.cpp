#include "bench/scales.hpp"

#include <stdexcept>

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "bench/measure.hpp"
#include "store/sqlite_database.hpp"

namespace janus::bench {
namespace {

constexpr std::size_t payload_size = 600;  // About what the records of one order take.

template <typename Value>
Value demanded(store::SqliteResult<Value> result) {
    if (!result) throw std::runtime_error(result.error().message);
    if constexpr (!std::is_void_v<Value>) return std::move(*result);
}

grpc::ByteBuffer bytes_of(const std::string& text) {
    const grpc::Slice slice(text);
    return {&slice, 1};
}

/// Reads one message, writes it back, and is done.
class EchoCall final : public grpc::ServerGenericBidiReactor {
 public:
    EchoCall() { StartRead(&message_); }
    void OnReadDone(bool good) override {
        if (good)
            StartWriteAndFinish(&message_, {}, grpc::Status::OK);
        else
            Finish(grpc::Status::CANCELLED);
    }
    void OnDone() override { delete this; }

 private:
    grpc::ByteBuffer message_;
};

class EchoService final : public grpc::CallbackGenericService {
    grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
        return new EchoCall;
    }
};

}  // namespace

// ---- a durable commit ----

struct DurableCommit::Parts {
    store::SqliteDatabase database;
    store::SqliteStatement insert;
};

DurableCommit::DurableCommit(const std::string& folder) {
    auto database = demanded(store::SqliteDatabase::open(folder + "/scale.db"));
    demanded(database.execute(
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"));
    demanded(database.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT)"));
    auto insert = demanded(database.prepare("INSERT INTO row (text) VALUES (?)"));
    parts_ = std::make_unique<Parts>(Parts{std::move(database), std::move(insert)});
}

DurableCommit::~DurableCommit() = default;

double DurableCommit::commit_one() {
    static const std::string text(payload_size, 'x');
    const auto began = wall();
    demanded(parts_->insert.bind(text).run());  // Without a transaction of its own it commits.
    return wall() - began;
}

// ---- a gRPC echo ----

struct GrpcEcho::Parts {
    EchoService service;
    std::unique_ptr<grpc::Server> server;
    std::unique_ptr<grpc::GenericStub> stub;
    grpc::ByteBuffer request = bytes_of(std::string(payload_size, 'x'));
};

GrpcEcho::GrpcEcho() : parts_(std::make_unique<Parts>()) {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterCallbackGenericService(&parts_->service);
    parts_->server = builder.BuildAndStart();
    if (!parts_->server) throw std::runtime_error("no gRPC server");
    parts_->stub = std::make_unique<grpc::GenericStub>(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()));
    call_one();  // The first one connects.
}

GrpcEcho::~GrpcEcho() {
    parts_->server->Shutdown();
}

double GrpcEcho::call_one() {
    const auto began = wall();
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    grpc::ByteBuffer reply;
    grpc::Status status;
    const auto call =
        parts_->stub->PrepareUnaryCall(&context, "/bench/Echo", parts_->request, &queue);
    call->StartCall();
    call->Finish(&reply, &status, nullptr);
    void* tag = nullptr;
    bool good = false;
    if (!queue.Next(&tag, &good) || !status.ok()) throw std::runtime_error("the echo failed");
    return wall() - began;
}

}  // namespace janus::bench
