#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "gateway/ib/wire/frame_reader.hpp"

namespace {

using janus::ib::wire::FrameReader;

/// The frames of a stream until it ends or breaks; `broken` says which.
struct Cut {
    std::vector<std::string> frames;
    bool broken{false};
};

void take(FrameReader& reader, Cut& cut) {
    while (!cut.broken) {
        const auto frame = reader.next();
        cut.broken = !frame;
        if (!frame || !*frame) return;
        cut.frames.emplace_back(**frame);
    }
}

}  // namespace

/// The first byte is the size of the pieces in which the rest arrives: frames do not depend on it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t piece = 1 + data[0] % 64;
    FrameReader whole;
    Cut at_once;
    whole.append(stream);
    take(whole, at_once);
    FrameReader pieces;
    Cut bit_by_bit;
    for (std::size_t at = 0; at < stream.size() && !bit_by_bit.broken; at += piece) {
        pieces.append(stream.substr(at, piece));
        take(pieces, bit_by_bit);
    }
    JANUS_CHECK(at_once.broken == bit_by_bit.broken);
    JANUS_CHECK(at_once.frames == bit_by_bit.frames);
    return 0;
}
