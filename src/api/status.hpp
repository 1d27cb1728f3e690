#pragma once

#include <grpcpp/support/status.h>

#include "base/result.hpp"

namespace janus::api {

/// The name of the trailing metadata that carries Janus's own word for an error.
inline constexpr const char* error_metadata = "janus-error";

/// The gRPC status for an error of Janus; the word itself travels in `error_metadata`.
grpc::Status to_status(const Error& error);

}  // namespace janus::api
