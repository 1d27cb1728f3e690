#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace janus::ib::wire {

/// Cuts a byte stream into TWS frames: a 4-byte big-endian length, then the payload. Frames are
/// read where they were received; only one that is cut by the end of the bytes is put together in a
/// buffer of its own. Lives for one connection; used on the core thread only.
class FrameReader {
 public:
    static constexpr std::size_t frame_size_max = std::size_t{16} << 20U;
    static constexpr std::size_t prefix_size = 4;

    /// Offers the bytes that came. They must live until `next` has returned nothing or an error,
    /// or until `drop`; before that, no further bytes may be offered.
    void append(std::string_view bytes);
    void append(std::string&& bytes) = delete;  // They would be gone before they are read.

    /// Returns the next whole payload, or nothing while bytes are missing. The view lives until the
    /// next call of any function, and as long as the bytes that were offered.
    /// Errors: `Malformed` when a length is zero or above `frame_size_max`; nothing was allocated
    /// for it, and the stream stays unusable.
    Result<std::optional<std::string_view>> next() {
        if (const auto payload = next_whole(); !payload.empty()) return payload;
        return next_kept();
    }

    /// The next payload when it lies whole in the bytes that were offered; for `next` to decide
    /// when it is empty.
    std::string_view next_whole() {
        if (!kept_.empty() || fresh_.size() < prefix_size) return {};
        const auto size = size_at(fresh_.data());
        if (!is_possible(size) || size > fresh_.size() - prefix_size) return {};
        const auto payload = std::string_view(fresh_.data() + prefix_size, size);
        fresh_.remove_prefix(prefix_size + size);
        return payload;
    }

    /// Forgets the bytes that were offered and not yet read.
    void drop() { fresh_ = {}; }

 private:
    /// Precondition: `prefix_size` bytes.
    static std::size_t size_at(const char* prefix) {
        std::uint32_t size = 0;
        for (std::size_t i = 0; i < prefix_size; ++i)
            size = (size << 8U) | static_cast<unsigned char>(prefix[i]);
        return size;
    }
    static bool is_possible(std::size_t size) { return size > 0 && size <= frame_size_max; }

    Result<std::optional<std::string_view>> next_kept();
    bool fill(std::size_t size);

    std::string_view fresh_;  ///< Offered and not yet read.
    std::string kept_;        ///< The beginning of a frame whose end came, or will come, later.
    bool handed_out_{false};  ///< `kept_` was the last payload.
};

}  // namespace janus::ib::wire
