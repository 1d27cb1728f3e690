#include "sim/ib/wire.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace janus::sim::ib {
namespace {

constexpr std::size_t length_size = 4;

std::size_t length_at(std::string_view bytes) {
    std::size_t length = 0;
    for (std::size_t index = 0; index < length_size; ++index)
        length = (length << 8U) | static_cast<unsigned char>(bytes[index]);
    return length;
}

/// The largest double, however a client spells it.
bool is_unset_double(std::string_view text) {
    return text.size() > 6 && (text.starts_with("1.797") || text == "Infinity") &&
           (text == "Infinity" || text.contains('E') || text.contains('e') || text.size() > 100);
}

}  // namespace

std::optional<bool> FrameCutter::take_greeting() {
    if (buffer_.size() < length_size) return std::nullopt;
    const bool right =
        std::string_view(buffer_).substr(0, length_size) == std::string_view("API\0", length_size);
    buffer_.erase(0, length_size);
    return right;
}

std::optional<std::string> FrameCutter::take_frame() {
    if (broken_ || buffer_.size() < length_size) return std::nullopt;
    const std::size_t length = length_at(buffer_);
    if (length > frame_size_max) {
        broken_ = true;
        return std::nullopt;
    }
    if (buffer_.size() < length_size + length) return std::nullopt;
    std::string payload = buffer_.substr(length_size, length);
    buffer_.erase(0, length_size + length);
    return payload;
}

std::string length_bytes(std::uint32_t size) {
    std::string bytes;
    for (unsigned shift = 32; shift > 0; shift -= 8)
        bytes.push_back(static_cast<char>((size >> (shift - 8)) & 0xFFU));
    return bytes;
}

std::string framed(std::string_view payload) {
    return length_bytes(static_cast<std::uint32_t>(payload.size())).append(payload);
}

FieldCursor::FieldCursor(std::string_view payload) {
    while (!payload.empty()) {
        const auto end = payload.find('\0');
        fields_.emplace_back(payload.substr(0, end));
        if (end == std::string_view::npos) break;
        payload.remove_prefix(end + 1);
    }
}

void FieldCursor::skip(int count) {
    for (int index = 0; index < count; ++index) take();
}

std::string FieldCursor::text() {
    return std::string(take());
}

std::int64_t FieldCursor::integer() {
    const auto field = take();
    if (field.empty()) return 0;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error == std::errc{} && end == field.data() + field.size()) return value;
    if (const auto decimal = Decimal::parse(field); decimal && decimal->is_whole())
        return decimal->units() / Decimal::units_per_one;
    if (trouble_.empty())
        trouble_ = fmt::format("Unable to parse field: '{}' is no integer", field);
    return 0;
}

bool FieldCursor::flag() {
    const auto field = take();
    return field == "1" || field == "true";
}

std::optional<Decimal> FieldCursor::number() {
    const auto field = take();
    if (field.empty() || field == unset_int || is_unset_double(field)) return std::nullopt;
    const auto value = Decimal::parse_rounded(field);
    if (value) return *value;
    if (trouble_.empty()) trouble_ = fmt::format("Unable to parse field: '{}' is no number", field);
    return std::nullopt;
}

std::string_view FieldCursor::take() {
    if (next_ < fields_.size()) return fields_[next_++];
    if (trouble_.empty()) trouble_ = fmt::format("Message ended after {} fields", fields_.size());
    return {};
}

Message Message::with_id(std::string_view id) {
    Message message;
    message.add(id);
    return message;
}

Message& Message::add(std::string_view text) {
    payload_.append(text);
    payload_.push_back('\0');
    return *this;
}

Message& Message::add(std::int64_t value) {
    return add(std::string_view(fmt::format("{}", value)));
}

Message& Message::add(Decimal value) {
    return add(std::string_view(value.to_text()));
}

Message& Message::empty(int count) {
    return repeat({}, count);
}

Message& Message::repeat(std::string_view text, int count) {
    for (int index = 0; index < count; ++index) add(text);
    return *this;
}

void Message::change_field_count(int change) {
    if (change >= 0) {
        empty(change);
        return;
    }
    for (; change < 0 && !payload_.empty(); ++change) {
        payload_.pop_back();
        const auto end = payload_.rfind('\0');
        payload_.erase(end == std::string::npos ? 0 : end + 1);
    }
}

void Message::change_field(std::int64_t field, std::string_view text) {
    std::size_t start = 0;
    for (std::int64_t passed = 0; passed < field; ++passed) {
        const auto end = payload_.find('\0', start);
        if (end == std::string::npos) return;
        start = end + 1;
    }
    const auto end = payload_.find('\0', start);
    if (end != std::string::npos) payload_.replace(start, end - start, text);
}

std::string readable(std::string_view payload) {
    std::string text(payload);
    if (text.ends_with('\0')) text.pop_back();
    std::ranges::replace(text, '\0', '|');
    return text;
}

}  // namespace janus::sim::ib
