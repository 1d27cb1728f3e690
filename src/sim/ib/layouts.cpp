#include "sim/ib/layouts.hpp"

#include "sim/ib/wire.hpp"

namespace janus::sim::ib {
namespace {

constexpr std::int64_t protobuf_offset = 200;
constexpr std::size_t id_size = 4;

std::string binary_id(std::int64_t id) {
    const auto bits = static_cast<std::uint64_t>(id);
    std::string bytes;
    for (unsigned shift = 32; shift > 0; shift -= 8)
        bytes.push_back(static_cast<char>(bits >> (shift - 8) & 0xFFU));
    return bytes;
}

std::vector<std::string_view> split_fields(std::string_view payload) {
    std::vector<std::string_view> fields;
    while (!payload.empty()) {
        const auto end = payload.find('\0');
        fields.push_back(payload.substr(0, end));
        payload.remove_prefix(end == std::string_view::npos ? payload.size() : end + 1);
    }
    return fields;
}

}  // namespace

std::int64_t binary_id_of(std::string_view payload) {
    if (payload.size() < id_size) return -1;
    std::int64_t id = 0;
    for (const char byte : payload.substr(0, id_size))
        id = id * 256 + static_cast<unsigned char>(byte);
    return id;
}

std::string protobuf_reply(std::string_view text_payload) {
    auto fields = split_fields(text_payload);
    const auto id = FieldCursor(text_payload).integer();
    if (!fields.empty()) fields.erase(fields.begin());
    if (const auto* layout = find_reply_layout(id))
        return binary_id(id + protobuf_offset) + protobuf_from(fields, *layout);
    // An id above the offset would be taken for protobuf, so there it gets fields without a name.
    if (id > protobuf_offset) return binary_id(id + protobuf_offset) + protobuf_from(fields, {""});
    return binary_id(id) + std::string(text_payload.substr(text_payload.find('\0') + 1));
}

Result<std::string> text_request(std::string_view payload) {
    const auto id = binary_id_of(payload) - protobuf_offset;
    if (payload.size() < id_size) return fail(ErrorCode::Malformed, "Message without an id");
    if (id <= 0)
        return fail(ErrorCode::Malformed, "Message {} was text where protobuf is due",
                    id + protobuf_offset);
    const auto* layout = find_request_layout(id);
    if (layout == nullptr) return fail(ErrorCode::NotFound, "Unknown message id {}", id);
    const auto fields = text_from(payload.substr(id_size), *layout);
    if (!fields) return fields;
    return fmt::format("{}", id) + std::string(1, '\0') + *fields;
}

}  // namespace janus::sim::ib
