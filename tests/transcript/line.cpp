#include "line.hpp"

#include <algorithm>
#include <charconv>

namespace janus::transcript {
namespace {

bool is_name_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
}

/// Cuts one line into tokens; remembers where in a token an unquoted `=` stood.
class Tokens {
 public:
    explicit Tokens(std::string_view text) : text_(text) {}

    struct Token {
        std::string text;
        std::optional<std::size_t> equals;
    };

    Result<std::optional<Token>> next() {
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
        if (at_ == text_.size()) return std::nullopt;
        Token token;
        while (at_ < text_.size() && text_[at_] != ' ') {
            if (text_[at_] == '"') {
                if (auto ok = take_quoted(token.text); !ok) return std::unexpected(ok.error());
                continue;
            }
            if (text_[at_] == '=' && !token.equals) token.equals = token.text.size();
            token.text += text_[at_++];
        }
        return token;
    }

 private:
    Result<void> take_quoted(std::string& into) {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] != '\\') {
                into += text_[at_];
                continue;
            }
            if (auto ok = take_escape(into); !ok) return ok;
        }
        if (at_ == text_.size()) return fail(ErrorCode::Malformed, "a quote has no end");
        ++at_;
        return {};
    }

    Result<void> take_escape(std::string& into) {
        const char letter = ++at_ < text_.size() ? text_[at_] : ' ';
        if (letter == '"' || letter == '\\') {
            into += letter;
        } else if (letter == 'n') {
            into += '\n';
        } else if (letter == 'x' && at_ + 2 < text_.size()) {
            unsigned value = 0;
            std::from_chars(text_.data() + at_ + 1, text_.data() + at_ + 3, value, 16);
            into += static_cast<char>(value);
            at_ += 2;
        } else {
            return fail(ErrorCode::Malformed, "unknown escape '\\{}'", letter);
        }
        return {};
    }

    std::string_view text_;
    std::size_t at_{0};
};

bool is_pair(const Tokens::Token& token) {
    if (!token.equals || *token.equals == 0) return false;
    return std::ranges::all_of(std::string_view(token.text).substr(0, *token.equals),
                               is_name_letter);
}

}  // namespace

const std::string* Line::find(std::string_view name) const {
    const auto at = std::ranges::find(values, name, [](const auto& pair) { return pair.first; });
    return at != values.end() ? &at->second : nullptr;
}

std::string Line::value_of(std::string_view name, std::string otherwise) const {
    const auto* found = find(name);
    return found != nullptr ? *found : std::move(otherwise);
}

Result<Line> parse_line(std::string_view text) {
    Tokens tokens(text);
    Line out;
    for (;;) {
        auto token = tokens.next();
        if (!token) return std::unexpected(token.error());
        if (!*token) return out;
        if (is_pair(**token))
            out.values.emplace_back((*token)->text.substr(0, *(*token)->equals),
                                    (*token)->text.substr(*(*token)->equals + 1));
        else
            out.words.push_back(std::move((*token)->text));
    }
}

std::string in_quotes(std::string_view text) {
    const bool plain =
        !text.empty() && text.find_first_of(" \"\\\n=#") == std::string_view::npos &&
        std::ranges::all_of(text, [](char letter) { return letter >= ' ' || letter < 0; });
    if (plain) return std::string(text);
    std::string out = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') out += '\\';
        if (letter == '\n')
            out += "\\n";
        else if (letter >= 0 && letter < ' ')
            out += fmt::format("\\x{:02x}", static_cast<unsigned>(letter));
        else
            out += letter;
    }
    return out + '"';
}

bool matches(std::string_view pattern, std::string_view text) {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == text;
    if (!text.starts_with(pattern.substr(0, star))) return false;
    const auto rest = pattern.substr(star + 1);
    for (std::size_t from = star; from <= text.size(); ++from)
        if (matches(rest, text.substr(from))) return true;
    return false;
}

Result<std::string> substituted(std::string_view text, const Variables& variables) {
    std::string out;
    while (!text.empty()) {
        const auto dollar = text.find('$');
        out += text.substr(0, dollar);
        if (dollar == std::string_view::npos) return out;
        text.remove_prefix(dollar + 1);
        const auto end = std::ranges::find_if_not(text, is_name_letter) - text.begin();
        const auto name = text.substr(0, static_cast<std::size_t>(end));
        const auto found = variables.find(name);
        if (found == variables.end()) return fail(ErrorCode::Malformed, "${} has no value", name);
        out += found->second;
        text.remove_prefix(name.size());
    }
    return out;
}

std::optional<std::string> variable_of(std::string_view text) {
    if (!text.starts_with('$') || text.size() < 2) return std::nullopt;
    const auto name = text.substr(1);
    if (!std::ranges::all_of(name, is_name_letter)) return std::nullopt;
    return std::string(name);
}

}  // namespace janus::transcript
