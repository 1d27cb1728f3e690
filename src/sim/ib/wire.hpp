#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.hpp"

namespace janus::sim::ib {

/// How IB writes "not set" in a double, an int and a decimal.
inline constexpr std::string_view unset_double = "1.7976931348623157E308";
inline constexpr std::string_view unset_int = "2147483647";
inline constexpr std::string_view unset_decimal = "-9223372036854775808";

/// Cuts a client's bytes into frames: a 4-byte big-endian length, then the payload.
class FrameCutter {
 public:
    static constexpr std::size_t frame_size_max = 0xFF'FFFF;

    void feed(std::string_view bytes) { buffer_.append(bytes); }
    /// The four bytes that open a connection: true for `API` and NUL, false for anything else,
    /// nothing while they are missing.
    std::optional<bool> take_greeting();
    /// The next whole payload, or nothing while bytes are missing or when the stream is broken.
    std::optional<std::string> take_frame();
    /// A length above `frame_size_max` was seen.
    bool broken() const { return broken_; }

 private:
    std::string buffer_;
    bool broken_{false};
};

/// The four bytes before a payload of this size.
std::string length_bytes(std::uint32_t size);
/// Puts a length before a payload.
std::string framed(std::string_view payload);

/// Reads the fields of one request straight down. It remembers a shortage and malformed numbers;
/// `trouble` tells what was wrong, in words for error 320.
class FieldCursor {
 public:
    explicit FieldCursor(std::string_view payload);

    void skip(int count = 1);
    std::string text();
    std::int64_t integer();  ///< Empty counts as 0; the unset literal as itself.
    bool flag();             ///< `1`, `true`; empty is false.
    /// Nothing for empty, the largest int and the largest double in any spelling.
    std::optional<Decimal> number();
    bool at_end() const { return next_ >= fields_.size(); }
    std::size_t left() const { return fields_.size() - std::min(next_, fields_.size()); }
    const std::string& trouble() const { return trouble_; }

 private:
    std::string_view take();

    std::vector<std::string> fields_;
    std::size_t next_{0};
    std::string trouble_;
};

/// Builds one reply: every field is followed by a NUL.
class Message {
 public:
    explicit Message(int id) { add(id); }
    /// With an id as text, which need not be a number.
    static Message with_id(std::string_view id);

    Message& add(std::string_view text);
    Message& add(const char* text) { return add(std::string_view(text)); }
    Message& add(const std::string& text) { return add(std::string_view(text)); }
    Message& add(std::int64_t value);
    Message& add(int value) { return add(std::int64_t{value}); }
    Message& add(std::uint64_t value) { return add(static_cast<std::int64_t>(value)); }
    Message& add(Decimal value);
    Message& flag(bool value) { return add(value ? 1 : 0); }
    Message& empty(int count = 1);
    Message& repeat(std::string_view text, int count);
    /// Drops (negative) or adds fields at the end, for the fault of that kind.
    void change_field_count(int change);
    /// Replaces one field, the first behind the id being 1; nothing when there is no such field.
    void change_field(std::int64_t field, std::string_view text);

    const std::string& payload() const { return payload_; }

 private:
    Message() = default;
    std::string payload_;
};

/// A payload for a person: fields separated by `|`.
std::string readable(std::string_view payload);

}  // namespace janus::sim::ib
