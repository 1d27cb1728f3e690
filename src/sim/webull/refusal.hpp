#pragma once

#include <expected>
#include <string>

namespace janus::sim::webull {

/// An error reply of the simulated server: an HTTP status, Webull's code without its prefix, and a
/// sentence.
struct Refusal {
    int status{417};
    std::string code;
    std::string message;
};

template <typename T>
using Answer = std::expected<T, Refusal>;

/// A business error: status 417, as Webull sends it.
inline std::unexpected<Refusal> refuse(std::string code, std::string message) {
    return std::unexpected(Refusal{417, std::move(code), std::move(message)});
}

/// A refusal with another status than 417.
inline std::unexpected<Refusal> refuse(int status, std::string code, std::string message) {
    return std::unexpected(Refusal{status, std::move(code), std::move(message)});
}

}  // namespace janus::sim::webull
