#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

/// For tests: the broker's side of the protobuf generation, written by hand from the field numbers
/// of the protocol and not with the gateway's codec.
namespace janus::ib::fake {

/// One protobuf message, field after field.
class Proto {
 public:
    Proto& integer(unsigned field, std::int64_t value) {
        tag(field, 0);
        varint(static_cast<std::uint64_t>(value));
        return *this;
    }
    /// A binary floating-point number, like `180.5`.
    Proto& number(unsigned field, auto value) {
        return bits(field, std::bit_cast<std::uint64_t>(value));
    }
    Proto& bits(unsigned field, std::uint64_t value) {
        tag(field, 1);
        for (unsigned shift = 0; shift < 64; shift += 8)
            bytes_ += static_cast<char>((value >> shift) & 0xFFU);
        return *this;
    }
    Proto& text(unsigned field, std::string_view value) {
        tag(field, 2);
        varint(value.size());
        bytes_ += value;
        return *this;
    }
    Proto& message(unsigned field, const Proto& inner) { return text(field, inner.bytes_); }
    const std::string& bytes() const { return bytes_; }

 private:
    void tag(unsigned field, unsigned wire_type) { varint(field << 3U | wire_type); }
    void varint(std::uint64_t value) {
        while (value >= 0x80U) {
            bytes_ += static_cast<char>((value & 0x7FU) | 0x80U);
            value >>= 7U;
        }
        bytes_ += static_cast<char>(value);
    }

    std::string bytes_;
};

/// A payload of server version 213 and later: the message's id plus 200 in four bytes, high first.
inline std::string proto_payload(std::uint32_t id, const std::string& body) {
    std::string out;
    for (unsigned shift = 32; shift > 0; shift -= 8)
        out += static_cast<char>(((id + 200) >> (shift - 8)) & 0xFFU);
    return out + body;
}
inline std::string proto_payload(std::uint32_t id, const Proto& body = {}) {
    return proto_payload(id, body.bytes());
}

}  // namespace janus::ib::fake
