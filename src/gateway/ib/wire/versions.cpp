#include "gateway/ib/wire/versions.hpp"

#include "gateway/ib/wire/field_reader.hpp"
#include "gateway/ib/wire/field_writer.hpp"

namespace janus::ib::wire {

std::string binary_id_of(std::int64_t id) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(
            (static_cast<std::uint64_t>(id) >> static_cast<unsigned>(shift)) & 0xFFU);
    return bytes;
}

std::string hello(int most) {
    std::string bytes("API\0", 4);
    bytes += framed(fmt::format("v{}..{}", server_version_min, most));
    return bytes;
}

Result<Handshake> parse_handshake(std::string_view payload) {
    FieldReader in(payload, 0);
    const auto version = in.integer();
    const auto second = in.text();
    if (version == -1)
        return fail(ErrorCode::Unavailable,
                    "gateway redirects to '{}', which Janus does not follow", second.substr(0, 80));
    if (version < 1 || version > 100'000) in.refuse("server version was not a number");
    return in.finish<Handshake>(Handshake{static_cast<int>(version), std::string(second)});
}

}  // namespace janus::ib::wire
