#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gateway/ib/wire/frame_reader.hpp"
#include "gateway/ib/wire/incoming.hpp"

/// The first byte picks a server version, the rest is a stream of frames: whatever it holds, it is
/// cut and decoded or refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const int server_version = 176 + data[0] % 25;
    janus::ib::wire::FrameReader reader;
    reader.append({reinterpret_cast<const char*>(data) + 1, size - 1});
    for (;;) {
        const auto frame = reader.next();
        if (!frame || !*frame) return 0;
        static_cast<void>(janus::ib::wire::decode(**frame, server_version));
    }
}
