#include "client/client.hpp"

#include <array>

namespace janus::client {
namespace {

struct Word {
    std::string_view text;
    ErrorCode code;
};

/// The server's words (trailing metadata `janus-error`).
constexpr auto words = std::to_array<Word>({
    {"invalid",      ErrorCode::Invalid     },
    {"not_found",    ErrorCode::NotFound    },
    {"ambiguous",    ErrorCode::Ambiguous   },
    {"conflict",     ErrorCode::Conflict    },
    {"denied",       ErrorCode::Denied      },
    {"rejected",     ErrorCode::Rejected    },
    {"unknown",      ErrorCode::Unknown     },
    {"unavailable",  ErrorCode::Unavailable },
    {"unauthorized", ErrorCode::Unauthorized},
    {"malformed",    ErrorCode::Malformed   },
    {"internal",     ErrorCode::Internal    },
});

/// For statuses that gRPC itself has made, without a word of the server.
ErrorCode code_without_word(grpc::StatusCode code) {
    if (code == grpc::StatusCode::UNAVAILABLE) return ErrorCode::Unavailable;
    if (code == grpc::StatusCode::DEADLINE_EXCEEDED) return ErrorCode::Unknown;
    if (code == grpc::StatusCode::INVALID_ARGUMENT) return ErrorCode::Invalid;
    return ErrorCode::Internal;
}

}  // namespace

Client::Client(const ServerAddress& address) : token_(address.token) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
    arguments.SetMaxReceiveMessageSize(64 << 20);
    stub_ = v1::Janus::NewStub(
        grpc::CreateCustomChannel(address.grpc, grpc::InsecureChannelCredentials(), arguments));
}

void Client::prepare(grpc::ClientContext& context, int limit_seconds) const {
    context.AddMetadata("authorization", "Bearer " + token_.reveal());
    if (limit_seconds > 0)
        context.set_deadline(gpr_time_add(gpr_now(GPR_CLOCK_REALTIME),
                                          gpr_time_from_seconds(limit_seconds, GPR_TIMESPAN)));
}

Error Client::error_of(const grpc::Status& status, const grpc::ClientContext& context) {
    const auto& metadata = context.GetServerTrailingMetadata();
    if (const auto found = metadata.find("janus-error"); found != metadata.end()) {
        const std::string_view text(found->second.data(), found->second.size());
        for (const auto& word : words)
            if (word.text == text) return {word.code, status.error_message()};
    }
    const auto code = code_without_word(status.error_code());
    if (code == ErrorCode::Unavailable)
        return {code, "janusd cannot be reached: " + status.error_message()};
    if (code == ErrorCode::Unknown) return {code, "janusd did not answer in time"};
    return {code, status.error_message()};
}

Client::Entered::Entered(Client& owner, grpc::ClientContext& entered)
    : client(owner), context(entered) {
    std::lock_guard lock(client.mutex_);
    client.open_.insert(&context);
    if (client.stopped_) context.TryCancel();
}

Client::Entered::~Entered() {
    std::lock_guard lock(client.mutex_);
    client.open_.erase(&context);
}

void Client::stop() {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    for (auto* context : open_) context->TryCancel();
}

}  // namespace janus::client
