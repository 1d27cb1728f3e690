#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "gateway/ib/wire/frame_reader.hpp"
#include "gateway/ib/wire/incoming.hpp"
#include "gateway/ib/wire/versions.hpp"

namespace {

namespace wire = janus::ib::wire;

/// Reads one payload: it is read or refused, and both ways of reading a tick agree.
void check_payload(std::string_view payload, int server_version) {
    const auto incoming = wire::decode(payload, server_version);
    JANUS_CHECK(incoming.surplus <= payload.size());
    wire::TickMessage tick;
    if (!wire::decode_tick(payload, server_version, tick)) return;
    JANUS_CHECK(incoming.row != nullptr && incoming.message);
    const auto* whole = std::get_if<wire::TickMessage>(&*incoming.message);
    JANUS_CHECK(whole != nullptr && incoming.surplus == 0);
    JANUS_CHECK(whole->request == tick.request && whole->type == tick.type);
    JANUS_CHECK(whole->value == tick.value && whole->size == tick.size);
}

/// The frames of a stream until it ends or breaks.
void check_stream(std::string_view stream, int server_version) {
    wire::FrameReader reader;
    reader.append(stream);
    for (auto frame = reader.next(); frame && *frame; frame = reader.next())
        check_payload(**frame, server_version);
}

}  // namespace

/// The first byte picks a server version of the protobuf generation, the second a message id. The
/// rest is the body of that message, and then once more a stream of frames.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    constexpr int versions = wire::server_version_max - wire::protobuf_version_min + 1;
    const int server_version = wire::protobuf_version_min + data[0] % versions;
    const std::string_view rest(reinterpret_cast<const char*>(data) + 2, size - 2);
    check_payload(wire::binary_id_of(wire::protobuf_id_offset + data[1]) + std::string(rest),
                  server_version);
    check_stream(rest, server_version);
    return 0;
}
