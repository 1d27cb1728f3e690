#include "gateway/ib/wire/field_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace janus::ib::wire {
namespace {

using namespace std::string_view_literals;

constexpr auto unset_words = std::to_array<std::string_view>({
    ""sv,
    "2147483647"sv,
    "9223372036854775807"sv,
    "-9223372036854775808"sv,
    "Infinity"sv,
    "-Infinity"sv,
    "inf"sv,
    "-inf"sv,
    "NaN"sv,
    "nan"sv,
});

/// The largest double, in any of the spellings that gateways use: `1.7976931348623157E308`,
/// `...e+308`, or with fewer digits.
bool is_largest_double(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    return text.starts_with("1.79769313486"sv) && text.ends_with("308"sv) &&
           text.find_first_of("eE"sv) != std::string_view::npos;
}

void append_utf8(std::string& out, unsigned code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | (code >> 6U));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else {
        out += static_cast<char>(0xE0U | (code >> 12U));
        out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    }
}

std::optional<unsigned> find_escape(std::string_view text) {
    constexpr std::size_t size = 6;
    if (text.size() < size || text[0] != '\\' || text[1] != 'u') return std::nullopt;
    unsigned code = 0;
    const auto* end = text.data() + size;
    const auto parsed = std::from_chars(text.data() + 2, end, code, 16);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    // Half of a surrogate pair has no UTF-8 form; it is kept as it was written.
    if (code >= 0xD800 && code <= 0xDFFF) return std::nullopt;
    return code;
}

}  // namespace

bool is_unset(std::string_view text) {
    return std::ranges::find(unset_words, text) != unset_words.end() || is_largest_double(text);
}

std::string unescaped(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto code = find_escape(text);
        const unsigned value = code ? *code : static_cast<unsigned char>(text[0]);
        if (value < ' ' || value == 0x7F)
            out += ' ';
        else if (code)
            append_utf8(out, *code);
        else
            out += text[0];
        text.remove_prefix(code ? 6 : 1);
    }
    return out;
}

/// Fields before the last NUL can still be read, though never to a good end.
void FieldReader::refuse_open_end() {
    while (end_ != first_ && end_[-1] != '\0') --end_;
    refuse("message did not end with NUL");
}

std::string_view FieldReader::missing() {
    refuse(fmt::format("message ended before field {}", index_));
    return {};
}

void FieldReader::skip(std::size_t count) {
    // A list that claims more rows than there are fields ends at the first missing one.
    for (; count > 0 && !problem_; --count) text();
}

std::int64_t FieldReader::odd_integer() {
    const auto field = text();
    if (field.empty()) return 0;
    std::int64_t value = 0;
    const auto* end = field.data() + field.size();
    const auto parsed = std::from_chars(field.data(), end, value);
    if (parsed.ec != std::errc{} || parsed.ptr != end)
        refuse(fmt::format("field {} was '{}', not an integer", index_ - 1, field.substr(0, 40)));
    return value;
}

bool FieldReader::flag() {
    const auto field = text();
    if (field == "1" || field == "true") return true;
    if (!field.empty() && field != "0" && field != "false")
        refuse(fmt::format("field {} was '{}', not 0 or 1", index_ - 1, field.substr(0, 40)));
    return false;
}

std::optional<Decimal> FieldReader::odd_decimal() {
    const auto field = text();
    if (is_unset(field)) return std::nullopt;
    const auto value = Decimal::parse(field);
    if (!value) refuse(fmt::format("field {}: {}", index_ - 1, value.error().message));
    return value ? std::optional(*value) : std::nullopt;
}

std::optional<Decimal> FieldReader::odd_rounded() {
    const auto field = text();
    if (is_unset(field)) return std::nullopt;
    const auto value = Decimal::parse_rounded(field);
    if (!value) refuse(fmt::format("field {}: {}", index_ - 1, value.error().message));
    return value ? std::optional(*value) : std::nullopt;
}

Decimal FieldReader::decimal() {
    const auto value = optional_decimal();
    if (!value) refuse(fmt::format("field {} was not set", index_ - 1));
    return value.value_or(Decimal{});
}

Decimal FieldReader::rounded() {
    const auto value = optional_rounded();
    if (!value) refuse(fmt::format("field {} was not set", index_ - 1));
    return value.value_or(Decimal{});
}

std::size_t FieldReader::count() {
    const auto value = integer();
    if (value < 0 || value > end_ - first_) {
        refuse(fmt::format("field {} was {}, not the length of a list", index_ - 1, value));
        return 0;
    }
    return static_cast<std::size_t>(value);
}

void FieldReader::refuse(std::string problem) {
    if (!problem_) problem_ = std::move(problem);
}

std::size_t FieldReader::rest() const {
    return static_cast<std::size_t>(std::count(at_, end_, '\0'));
}

}  // namespace janus::ib::wire
