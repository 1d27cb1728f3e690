#include "config/setting.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

namespace janus::config {
namespace {

struct Unit {
    std::string_view name;
    Duration span;
};
constexpr auto units = std::to_array<Unit>({
    {"ms", std::chrono::milliseconds(1)},
    {"s",  std::chrono::seconds(1)     },
    {"m",  std::chrono::minutes(1)     },
    {"h",  std::chrono::hours(1)       },
});
constexpr Duration span_max = std::chrono::hours(24);

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

Result<std::string> text_of(const Node& node) {
    if (const auto* text = std::get_if<std::string>(&node.value)) return *text;
    return fail(ErrorCode::Invalid, "must be a text in quotes");
}

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const auto& text : texts) (out += out.empty() ? "" : ", ") += text;
    return out;
}

Result<Duration> parse_span(std::string_view text) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    const auto row = std::ranges::find(units, unit, &Unit::name);
    if (error != std::errc{} || row == units.end() || count < 1 || count > span_max / row->span)
        return fail(ErrorCode::Invalid,
                    "was '{}', must be a time such as 250ms, 10s, 5m, 2h, up to 24h", text);
    return row->span * count;
}

}  // namespace

Result<void> Text::read(const Node& node) {
    auto text = text_of(node);
    if (!text) return std::unexpected(text.error());
    if (!allowed_.empty() && std::ranges::find(allowed_, *text) == allowed_.end())
        return fail(ErrorCode::Invalid, "was '{}', must be one of {}", *text, joined(allowed_));
    value_ = std::move(*text);
    return {};
}

std::string Text::to_toml() const {
    return value_.empty() ? "" : in_quotes(value_);
}

Result<void> RequiredText::read(const Node& node) {
    auto text = text_of(node);
    if (!text) return std::unexpected(text.error());
    value_ = std::move(*text);
    return {};
}

std::string RequiredText::to_toml() const {
    return value_.empty() ? "" : in_quotes(value_);
}

Result<void> RequiredText::check_present() const {
    if (value_.empty()) return fail(ErrorCode::Invalid, "must be given");
    return {};
}

Result<void> Integer::read(const Node& node) {
    const auto* whole = std::get_if<std::int64_t>(&node.value);
    if (!whole) return fail(ErrorCode::Invalid, "must be a whole number");
    if (*whole < bounds_.lowest || *whole > bounds_.highest)
        return fail(ErrorCode::Invalid, "was {}, must be {} to {}", *whole, bounds_.lowest,
                    bounds_.highest);
    value_ = *whole;
    return {};
}

std::string Integer::to_toml() const {
    return std::to_string(value_);
}

Result<void> Flag::read(const Node& node) {
    const auto* flag = std::get_if<bool>(&node.value);
    if (!flag) return fail(ErrorCode::Invalid, "must be true or false");
    value_ = *flag;
    given_ = true;
    return {};
}

std::string Flag::to_toml() const {
    return value_ ? "true" : "false";
}

Result<void> Span::read(const Node& node) {
    const auto text = text_of(node);
    if (!text) return fail(ErrorCode::Invalid, "must be a time in quotes, such as \"10s\"");
    const auto span = parse_span(*text);
    if (!span) return std::unexpected(span.error());
    value_ = *span;
    return {};
}

std::string Span::to_toml() const {
    std::string text;
    for (const auto& unit : units)
        if (value_ % unit.span == Duration{0})
            text = fmt::format("\"{}{}\"", value_ / unit.span, unit.name);
    return text;
}

Result<void> Amount::read(const Node& node) {
    const auto text = text_of(node);
    if (!text) return fail(ErrorCode::Invalid, "must be a decimal in quotes, such as \"2500.50\"");
    const auto number = Decimal::parse(*text);
    if (!number) return std::unexpected(number.error());
    if (!number->is_positive())
        return fail(ErrorCode::Invalid, "was {}, must be above zero", *number);
    value_ = *number;
    return {};
}

std::string Amount::to_toml() const {
    return value_ ? in_quotes(value_->to_text()) : "";
}

Result<void> Texts::read(const Node& node) {
    std::vector<std::string> texts;
    const auto* list = std::get_if<Node::List>(&node.value);
    const Node::List one{node};
    for (const auto& item : list ? *list : one) {
        auto text = text_of(item);
        if (!text) return fail(ErrorCode::Invalid, "must be a text or a list of texts");
        texts.push_back(std::move(*text));
    }
    value_ = std::move(texts);
    return {};
}

std::string Texts::to_toml() const {
    std::vector<std::string> all;
    for (const auto& text : value_) all.push_back(in_quotes(text));
    return "[" + joined(all) + "]";
}

Result<void> SecretText::read(const Node& node) {
    if (const auto* text = std::get_if<std::string>(&node.value)) {
        if (plain_ == PlainText::Refused)
            return fail(ErrorCode::Invalid,
                        "is a secret; use {{ file = \"...\" }} or {{ env = \"...\" }}");
        value_ = Secret(*text);
        return {};
    }
    const auto* map = std::get_if<Node::Map>(&node.value);
    const auto* name =
        map && map->size() == 1 ? std::get_if<std::string>(&map->begin()->second.value) : nullptr;
    const auto kind = map && !map->empty() ? map->begin()->first : "";
    if (!name || (kind != "file" && kind != "env"))
        return fail(ErrorCode::Invalid, "must be {{ file = \"...\" }} or {{ env = \"...\" }}");
    source_ = fmt::format("{{ {} = {} }}", kind, in_quotes(*name));
    if (kind == "file") {
        auto secret = read_secret_file(*name);
        if (!secret) return std::unexpected(secret.error());
        value_ = std::move(*secret);
        return {};
    }
    const char* text = std::getenv(name->c_str());
    if (!text || !*text)
        return fail(ErrorCode::Invalid, "environment variable {} is not set", *name);
    value_ = Secret(text);
    return {};
}

std::string SecretText::to_toml() const {
    if (!source_.empty()) return source_;
    return value_.empty() ? "" : "\"***\"";
}

}  // namespace janus::config
