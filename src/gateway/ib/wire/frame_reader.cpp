#include "gateway/ib/wire/frame_reader.hpp"

#include <algorithm>

namespace janus::ib::wire {

void FrameReader::append(std::string_view bytes) {
    JANUS_CHECK(fresh_.empty());
    fresh_ = bytes;
}

/// Moves bytes over until `size` are kept; false when there are not enough.
bool FrameReader::fill(std::size_t size) {
    const auto count = std::min(size - kept_.size(), fresh_.size());
    kept_.append(fresh_.substr(0, count));
    fresh_.remove_prefix(count);
    return kept_.size() == size;
}

/// The way of a frame that came in pieces.
Result<std::optional<std::string_view>> FrameReader::next_kept() {
    if (handed_out_) {
        kept_.clear();
        handed_out_ = false;
        return next();
    }
    if (kept_.size() < prefix_size && !fill(prefix_size)) return std::nullopt;
    const auto size = size_at(kept_.data());
    if (!is_possible(size)) {
        drop();
        return fail(ErrorCode::Malformed, "frame length was {}, must be 1 to {}", size,
                    frame_size_max);
    }
    if (!fill(prefix_size + size)) return std::nullopt;
    handed_out_ = true;
    return std::string_view(kept_).substr(prefix_size);
}

}  // namespace janus::ib::wire
