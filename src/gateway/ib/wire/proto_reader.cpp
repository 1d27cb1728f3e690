#include "gateway/ib/wire/proto_reader.hpp"

#include <algorithm>

#include "base/binary64.hpp"
#include "base/plain_number.hpp"
#include "gateway/ib/wire/field_reader.hpp"

namespace janus::ib::wire {
namespace {

constexpr std::uint64_t field_max = (std::uint64_t{1} << 29U) - 1;

// Gateways may still write the sentinels of the text era: the largest int and the largest long.
constexpr auto unset_bits = std::to_array<std::uint64_t>({
    binary64::largest,
    binary64::largest | (std::uint64_t{1} << 63U),
    0x41DF'FFFF'FFC0'0000,
    0x43E0'0000'0000'0000,
    0xC3E0'0000'0000'0000,
});

bool is_unset_number(std::uint64_t bits) {
    return binary64::is_no_number(bits) || std::ranges::find(unset_bits, bits) != unset_bits.end();
}

}  // namespace

/// At most 10 bytes, of which the last may hold one bit.
std::optional<std::uint64_t> ProtoReader::take_long_varint() {
    constexpr std::size_t size_max = 10;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size_max; ++i) {
        if (i >= rest_.size()) {
            refuse(fmt::format("message ended within the number of field {}", field_));
            return std::nullopt;
        }
        const auto byte = static_cast<unsigned char>(rest_[i]);
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << (7U * i);
        if (byte > 0x7F) continue;
        if (i + 1 == size_max && byte > 1) break;
        rest_.remove_prefix(i + 1);
        return value;
    }
    refuse(fmt::format("number of field {} had more than 64 bits", field_));
    return std::nullopt;
}

/// Low byte first.
bool ProtoReader::take_fixed(std::size_t size) {
    if (rest_.size() < size) {
        refuse(fmt::format("message ended within field {}", field_));
        return false;
    }
    std::uint64_t number = 0;
    for (std::size_t i = size; i > 0; --i)
        number = (number << 8U) | static_cast<unsigned char>(rest_[i - 1]);
    number_ = number;
    rest_.remove_prefix(size);
    return true;
}

bool ProtoReader::take_value(std::uint64_t wire_type) {
    switch (wire_type) {
        case 0: {
            const auto value = take_varint();
            number_ = value.value_or(0);
            return value.has_value();
        }
        case 1:
            return take_fixed(8);
        case 5:
            return take_fixed(4);
        case 2: {
            const auto size = take_varint();
            if (size && *size > rest_.size())
                refuse(fmt::format("field {} claimed {} bytes, {} were left", field_, *size,
                                   rest_.size()));
            if (!is_fine()) return false;
            bytes_ = rest_.substr(0, *size);
            rest_.remove_prefix(*size);
            return true;
        }
        default:
            refuse(fmt::format("field {} had wire type {}", field_, wire_type));
            return false;
    }
}

bool ProtoReader::next() {
    if (rest_.empty() || !is_fine()) return false;
    const auto tag = take_varint();
    if (!tag) return false;
    field_ = *tag >> 3U;
    if (field_ == 0 || field_ > field_max) {
        refuse(fmt::format("field number was {}", field_));
        return false;
    }
    type_ = static_cast<WireType>(*tag & 7U);
    return take_value(*tag & 7U);
}

bool ProtoReader::is(WireType type) {
    if (type_ != type)
        refuse(fmt::format("field {} had wire type {}, not {}", field_, static_cast<int>(type_),
                           static_cast<int>(type)));
    return type_ == type;
}

std::int64_t ProtoReader::integer() {
    return is(WireType::Varint) ? static_cast<std::int64_t>(number_) : 0;
}

std::string_view ProtoReader::text() {
    return is(WireType::Length) ? bytes_ : std::string_view();
}

std::optional<Decimal> ProtoReader::binary() {
    if (!is(WireType::Fixed64) || is_unset_number(number_)) return std::nullopt;
    const auto value = binary64::to_decimal(number_);
    if (!value) refuse(fmt::format("field {} was a number beyond 92 billion", field_));
    return value;
}

std::optional<Decimal> ProtoReader::quantity() {
    const auto field = text();
    if (is_unset(field)) return std::nullopt;
    const auto value = Decimal::parse(field);
    if (!value) refuse(fmt::format("field {}: {}", field_, value.error().message));
    return value ? std::optional(*value) : std::nullopt;
}

std::optional<Decimal> ProtoReader::rounded() {
    const auto field = text();
    if (const auto units = plain_units(field); units && *units != FieldReader::largest_int_units)
        return Decimal::from_units(*units);
    if (is_unset(field)) return std::nullopt;
    const auto value = Decimal::parse_rounded(field);
    if (!value) refuse(fmt::format("field {}: {}", field_, value.error().message));
    return value ? std::optional(*value) : std::nullopt;
}

Decimal ProtoReader::needed(const std::optional<Decimal>& value) {
    if (!value) refuse(fmt::format("field {} was not set", field_));
    return value.value_or(Decimal{});
}

void ProtoReader::refuse(std::string problem) {
    if (!trouble_->problem) trouble_->problem = std::move(problem);
}

}  // namespace janus::ib::wire
