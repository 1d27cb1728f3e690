#include "gateway/ib/wire/frame_reader.hpp"

#include <cstdint>

namespace janus::ib::wire {
namespace {

/// Precondition: at least 4 bytes.
std::uint32_t big_endian_of(std::string_view bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
    return value;
}

}  // namespace

void FrameReader::append(std::string_view bytes) {
    if (read_ == buffer_.size()) {
        buffer_.clear();
        read_ = 0;
    } else if (read_ > buffer_.size() / 2) {
        buffer_.erase(0, read_);
        read_ = 0;
    }
    buffer_.append(bytes);
}

Result<std::optional<std::string_view>> FrameReader::next() {
    const auto rest = std::string_view(buffer_).substr(read_);
    if (rest.size() < prefix_size) return std::nullopt;
    const std::size_t size = big_endian_of(rest);
    if (size == 0 || size > frame_size_max)
        return fail(ErrorCode::Malformed, "frame length was {}, must be 1 to {}", size,
                    frame_size_max);
    if (rest.size() - prefix_size < size) return std::nullopt;
    read_ += prefix_size + size;
    return rest.substr(prefix_size, size);
}

}  // namespace janus::ib::wire
