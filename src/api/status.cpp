#include "api/status.hpp"

namespace janus::api {
namespace {

grpc::StatusCode code_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::Invalid:
        case ErrorCode::Malformed:
            return grpc::StatusCode::INVALID_ARGUMENT;
        case ErrorCode::NotFound:
            return grpc::StatusCode::NOT_FOUND;
        case ErrorCode::Ambiguous:
        case ErrorCode::Denied:
            return grpc::StatusCode::FAILED_PRECONDITION;
        case ErrorCode::Conflict:
            return grpc::StatusCode::ALREADY_EXISTS;
        case ErrorCode::Rejected:
            return grpc::StatusCode::ABORTED;
        case ErrorCode::Unknown:
            return grpc::StatusCode::UNKNOWN;
        case ErrorCode::Unavailable:
            return grpc::StatusCode::UNAVAILABLE;
        case ErrorCode::Unauthorized:
            return grpc::StatusCode::UNAUTHENTICATED;
        case ErrorCode::Internal:
            return grpc::StatusCode::INTERNAL;
    }
    return grpc::StatusCode::INTERNAL;
}

}  // namespace

grpc::Status to_status(const Error& error) {
    return {code_of(error.code), error.message};
}

}  // namespace janus::api
