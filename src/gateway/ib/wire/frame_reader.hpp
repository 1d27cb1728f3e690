#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace janus::ib::wire {

/// Cuts a byte stream into TWS frames: a 4-byte big-endian length, then the payload.
/// Lives for one connection; used on the core thread only.
class FrameReader {
 public:
    static constexpr std::size_t frame_size_max = std::size_t{16} << 20U;
    static constexpr std::size_t prefix_size = 4;

    void append(std::string_view bytes);

    /// Returns the next whole payload, or nothing while bytes are missing. The view lives until the
    /// next call of either function.
    /// Errors: `Malformed` when a length is zero or above `frame_size_max`; nothing was allocated
    /// for it, and the stream stays unusable.
    Result<std::optional<std::string_view>> next();

 private:
    std::string buffer_;
    std::size_t read_{0};
};

}  // namespace janus::ib::wire
