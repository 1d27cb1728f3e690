#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gateway/webull/wire/json.hpp"
#include "gateway/webull/wire/subscribe.hpp"

/// Any bytes as the body of a reply and as a message of the event stream.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(janus::webull::wire::Json::parse(text));
    static_cast<void>(janus::webull::wire::decode_subscribe_response(text));
    return 0;
}
