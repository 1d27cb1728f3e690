#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "gateway/ib/wire/incoming.hpp"

/// The first byte picks a server version ('A' is 176, 'Y' is 200), the rest is a payload in which
/// `|` stands for the end of a field: it is read or refused, and both ways of reading a tick agree.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    namespace wire = janus::ib::wire;
    const int server_version = 176 + (data[0] + 10) % 25;
    std::string payload(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::ranges::replace(payload, '|', '\0');
    const auto incoming = wire::decode(payload, server_version);
    JANUS_CHECK(incoming.surplus <= payload.size());
    wire::TickMessage tick;
    if (!wire::decode_tick(payload, server_version, tick)) return 0;
    JANUS_CHECK(incoming.row != nullptr && incoming.message);
    const auto* whole = std::get_if<wire::TickMessage>(&*incoming.message);
    JANUS_CHECK(whole != nullptr && incoming.surplus == 0);
    JANUS_CHECK(whole->request == tick.request && whole->type == tick.type);
    return 0;
}
