#include "sim/webull/http_call.hpp"

#include <optional>

namespace janus::sim::webull {
namespace {

std::optional<int> hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return std::nullopt;
}

/// Decodes one part of a form-encoded query.
Result<std::string> decode(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            plain += text[at] == '+' ? ' ' : text[at];
            continue;
        }
        const auto high = at + 2 < text.size() ? hex_value(text[at + 1]) : std::nullopt;
        const auto low = high ? hex_value(text[at + 2]) : std::nullopt;
        if (!low) return fail(ErrorCode::Malformed, "percent escape in query '{}' is broken", text);
        plain += static_cast<char>(*high * 16 + *low);
        at += 2;
    }
    return plain;
}

/// Cuts the text at the first `at`: what stands before it, and what stands behind it.
std::pair<std::string_view, std::string_view> cut(std::string_view text, char at) {
    const auto place = text.find(at);
    if (place == std::string_view::npos) return {text, {}};
    return {text.substr(0, place), text.substr(place + 1)};
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
    auto [path, rest] = cut(text, '?');
    Target target{std::string(path), {}};
    while (!rest.empty()) {
        const auto [pair, others] = cut(rest, '&');
        rest = others;
        if (pair.empty()) continue;
        const auto [name_text, value_text] = cut(pair, '=');
        const auto name = decode(name_text);
        const auto value = decode(value_text);
        if (!name) return std::unexpected(name.error());
        if (!value) return std::unexpected(value.error());
        target.query.emplace_back(*name, *value);
    }
    return target;
}

std::string_view value_of(const QueryParameters& query, std::string_view name) {
    for (const auto& [key, value] : query)
        if (key == name) return value;
    return {};
}

std::string_view header_of(const HttpCall& call, std::string_view lower_name) {
    const auto found = call.headers.find(std::string(lower_name));
    return found == call.headers.end() ? std::string_view{} : std::string_view(found->second);
}

}  // namespace janus::sim::webull
