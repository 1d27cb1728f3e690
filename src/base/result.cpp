#include "base/result.hpp"

#include <cstdio>
#include <cstdlib>

namespace janus {

std::string_view to_text(ErrorCode code) {
    switch (code) {
        case ErrorCode::Invalid:
            return "invalid";
        case ErrorCode::NotFound:
            return "not_found";
        case ErrorCode::Ambiguous:
            return "ambiguous";
        case ErrorCode::Conflict:
            return "conflict";
        case ErrorCode::Denied:
            return "denied";
        case ErrorCode::Rejected:
            return "rejected";
        case ErrorCode::Unknown:
            return "unknown";
        case ErrorCode::Unavailable:
            return "unavailable";
        case ErrorCode::Unauthorized:
            return "unauthorized";
        case ErrorCode::Malformed:
            return "malformed";
        case ErrorCode::Internal:
            return "internal";
    }
    return "internal";
}

void check(bool condition, const char* what, const char* file, int line) {
    if (condition) [[likely]]
        return;
    std::fprintf(stderr, "janus: broken promise: %s (%s:%d)\n", what, file, line);
    std::abort();
}

}  // namespace janus
