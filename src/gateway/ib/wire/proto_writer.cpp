#include "gateway/ib/wire/proto_writer.hpp"

#include "base/binary64.hpp"
#include "base/result.hpp"

namespace janus::ib::wire {
namespace {

constexpr unsigned varint_type = 0;
constexpr unsigned fixed64_type = 1;
constexpr unsigned length_type = 2;

std::string varint_of(std::uint64_t value) {
    std::string bytes;
    for (; value > 0x7FU; value >>= 7U) bytes += static_cast<char>(0x80U | (value & 0x7FU));
    bytes += static_cast<char>(value);
    return bytes;
}

}  // namespace

void ProtoWriter::tag(int field, unsigned wire_type) {
    bytes_ += varint_of((static_cast<std::uint64_t>(field) << 3U) | wire_type);
}

void ProtoWriter::integer(int field, std::int64_t value) {
    tag(field, varint_type);
    bytes_ += varint_of(static_cast<std::uint64_t>(value));
}

void ProtoWriter::text(int field, std::string_view value) {
    tag(field, length_type);
    bytes_ += varint_of(value.size());
    bytes_ += value;
}

void ProtoWriter::binary(int field, Decimal value) {
    tag(field, fixed64_type);
    auto bits = binary64::from_decimal(value);
    for (int byte = 0; byte < 8; ++byte, bits >>= 8U) bytes_ += static_cast<char>(bits & 0xFFU);
}

void ProtoWriter::open(int field) {
    tag(field, length_type);
    open_.push_back(bytes_.size());
}

/// The length goes before the content once that is known; requests are a few hundred bytes.
void ProtoWriter::close() {
    JANUS_CHECK(!open_.empty());
    const auto begin = open_.back();
    open_.pop_back();
    bytes_.insert(begin, varint_of(bytes_.size() - begin));
}

}  // namespace janus::ib::wire
