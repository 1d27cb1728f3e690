#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace janus::webull::wire {

/// A JSON value whose numbers stay text, so that money is never a double.
class Json {
 public:
    enum class Kind { Null, Bool, Number, String, Array, Object };
    using Member = std::pair<std::string, Json>;

    static constexpr std::size_t size_max = 8U << 20U;
    static constexpr int depth_max = 32;
    static constexpr std::size_t values_max = 400'000;

    /// Reads one whole document by RFC 8259: valid UTF-8, nothing after it, no member twice.
    /// Errors: `Malformed` with the byte where it went wrong; the content is never quoted, since
    /// it may hold a token.
    static Result<Json> parse(std::string_view text);

    Kind kind() const { return kind_; }
    bool is_array() const { return kind_ == Kind::Array; }
    bool is_object() const { return kind_ == Kind::Object; }
    bool is_null() const { return kind_ == Kind::Null; }
    /// The text of a String, the digits of a Number, `true` or `false` of a Bool; else empty.
    const std::string& text() const { return text_; }
    const std::vector<Json>& items() const { return items_; }
    const std::vector<Member>& members() const { return members_; }
    /// The member of an object; null when it is missing, JSON null, or this is no object.
    const Json* find(std::string_view name) const;

 private:
    friend class JsonParser;
    Kind kind_{Kind::Null};
    std::string text_;
    std::vector<Json> items_;
    std::vector<Member> members_;
};

/// A JSON string with quotes; UTF-8 is passed on, control characters are escaped.
std::string json_quoted(std::string_view text);

/// Builds one compact object, members in the order of the calls.
class JsonObject {
 public:
    JsonObject& text(std::string_view name, std::string_view value);
    /// `raw` is JSON already.
    JsonObject& raw(std::string_view name, std::string_view raw);
    std::string done() const { return "{" + members_ + "}"; }

 private:
    std::string members_;
};

}  // namespace janus::webull::wire
