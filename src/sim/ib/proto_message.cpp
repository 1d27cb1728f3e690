#include "sim/ib/proto_message.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <ranges>

namespace janus::sim::ib {
namespace {

using Field = ProtoMessage::Field;
using Kind = Field::Kind;

struct WireKind {
    Kind kind;
    unsigned number;
};
constexpr WireKind wire_kinds[] = {
    {Kind::Integer, 0},
    {Kind::Fixed64, 1},
    {Kind::Bytes,   2},
    {Kind::Message, 2},
    {Kind::Fixed32, 5},
};

unsigned wire_number_of(Kind kind) {
    return std::ranges::find(wire_kinds, kind, &WireKind::kind)->number;
}

void put_varint(std::string& out, std::uint64_t value) {
    do {
        const auto low = static_cast<unsigned char>(value & 0x7FU);
        value >>= 7U;
        out.push_back(static_cast<char>(value == 0 ? low : low | 0x80U));
    } while (value != 0);
}

void put_fixed(std::string& out, std::uint64_t value, int size) {
    for (int index = 0; index < size; ++index)
        out.push_back(static_cast<char>(value >> (8U * static_cast<unsigned>(index)) & 0xFFU));
}

std::optional<std::uint64_t> take_varint(std::string_view& in) {
    constexpr std::size_t size_max = 10;
    std::uint64_t value = 0;
    for (std::size_t index = 0; index < std::min(in.size(), size_max); ++index) {
        const auto byte = static_cast<unsigned char>(in[index]);
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << (7U * index);
        if (byte >= 0x80U) continue;
        in.remove_prefix(index + 1);
        return value;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> take_fixed(std::string_view& in, std::size_t size) {
    if (in.size() < size) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t index = size; index > 0; --index)
        value = value << 8U | static_cast<unsigned char>(in[index - 1]);
    in.remove_prefix(size);
    return value;
}

/// The value of a field whose number and kind are known; false when bytes are missing.
bool take_value(std::string_view& in, Field& field) {
    std::optional<std::uint64_t> number;
    switch (field.kind) {
        case Kind::Integer:
            number = take_varint(in);
            break;
        case Kind::Fixed64:
            number = take_fixed(in, 8);
            break;
        case Kind::Fixed32:
            number = take_fixed(in, 4);
            break;
        case Kind::Bytes:
        case Kind::Message: {
            const auto size = take_varint(in);
            if (!size || *size > in.size()) return false;
            field.bytes = in.substr(0, *size);
            in.remove_prefix(*size);
            return true;
        }
    }
    field.value = number.value_or(0);
    return number.has_value();
}

}  // namespace

Result<ProtoMessage> ProtoMessage::parse(std::string_view bytes) {
    ProtoMessage message;
    while (!bytes.empty()) {
        const auto tag = take_varint(bytes);
        const auto* kind = std::ranges::find(wire_kinds, tag.value_or(7) & 7U, &WireKind::number);
        if (!tag || kind == std::end(wire_kinds) || *tag >> 3U == 0 || *tag >> 3U > INT32_MAX)
            return fail(ErrorCode::Malformed, "Error decoding protobuf: invalid tag");
        Field field;
        field.number = static_cast<int>(*tag >> 3U);
        field.kind = kind->kind;
        if (!take_value(bytes, field))
            return fail(ErrorCode::Malformed, "Error decoding protobuf: field {} is truncated",
                        field.number);
        message.fields_.push_back(std::move(field));
    }
    return message;
}

std::string ProtoMessage::bytes() const {
    std::string out;
    for (const auto& field : fields_) {
        put_varint(out,
                   static_cast<std::uint64_t>(field.number) << 3U | wire_number_of(field.kind));
        switch (field.kind) {
            case Kind::Integer:
                put_varint(out, field.value);
                break;
            case Kind::Fixed64:
                put_fixed(out, field.value, 8);
                break;
            case Kind::Fixed32:
                put_fixed(out, field.value, 4);
                break;
            case Kind::Bytes:
            case Kind::Message: {
                const auto inner = field.inner ? field.inner->bytes() : field.bytes;
                put_varint(out, inner.size());
                out += inner;
                break;
            }
        }
    }
    return out;
}

void ProtoMessage::add_integer(int field, std::uint64_t value) {
    fields_.push_back({field, Kind::Integer, value, {}, {}});
}

void ProtoMessage::add_double(int field, double value) {
    fields_.push_back({field, Kind::Fixed64, std::bit_cast<std::uint64_t>(value), {}, {}});
}

void ProtoMessage::add_text(int field, std::string_view value) {
    fields_.push_back({field, Kind::Bytes, 0, std::string(value), {}});
}

void ProtoMessage::add_message(int field, ProtoMessage message) {
    fields_.push_back(
        {field, Kind::Message, 0, {}, std::make_shared<ProtoMessage>(std::move(message))});
}

ProtoMessage& ProtoMessage::message_at(int field) {
    for (auto& known : fields_)
        if (known.number == field && known.inner) return *known.inner;
    add_message(field, {});
    return *fields_.back().inner;
}

const ProtoMessage::Field* ProtoMessage::find(int number) const {
    for (const auto& field : std::views::reverse(fields_))
        if (field.number == number) return &field;
    return nullptr;
}

std::shared_ptr<ProtoMessage> message_in(const ProtoMessage::Field& field) {
    if (field.inner || field.kind != Kind::Bytes) return field.inner;
    auto parsed = ProtoMessage::parse(field.bytes);
    return parsed ? std::make_shared<ProtoMessage>(std::move(*parsed)) : nullptr;
}

double double_in(const ProtoMessage::Field& field) {
    return std::bit_cast<double>(field.value);
}

}  // namespace janus::sim::ib
