#include "gateway/webull/wire/json.hpp"

#include <algorithm>
#include <cstdint>
#include <set>

namespace janus::webull::wire {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_plain(char c) {
    const auto value = static_cast<unsigned char>(c);
    return value >= 0x20 && value < 0x80 && c != '"' && c != '\\';
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

void append_utf8(std::string& out, std::uint32_t code) {
    const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
        put(0xC0U | code >> 6U);
    } else if (code < 0x10000) {
        put(0xE0U | code >> 12U);
        put(0x80U | (code >> 6U & 0x3FU));
    } else {
        put(0xF0U | code >> 18U);
        put(0x80U | (code >> 12U & 0x3FU));
        put(0x80U | (code >> 6U & 0x3FU));
    }
    put(0x80U | (code & 0x3FU));
}

/// The length of the UTF-8 sequence at the front of `text`; 0 when it is none.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [text](std::size_t at) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const auto follows = [&byte](std::size_t at) { return (byte(at) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const bool overlong = first == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = first == 0xED && byte(1) > 0x9F;
        return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const bool overlong = first == 0xF0 && byte(1) < 0x90;
        const bool too_high = first == 0xF4 && byte(1) > 0x8F;
        return follows(1) && follows(2) && follows(3) && !overlong && !too_high ? 4 : 0;
    }
    return 0;
}

}  // namespace

/// Recursive descent over one document. Every take_x returns false after the first problem, which
/// `problem_` names.
class JsonParser {
 public:
    explicit JsonParser(std::string_view text) : text_(text) {}

    Result<Json> run() {
        Json value;
        if (text_.size() > Json::size_max) {
            problem_ = "document is too long";
        } else if (take_value(value, 0)) {
            skip_blanks();
            if (at_ == text_.size()) return value;
            problem_ = "text follows the document";
        }
        return fail(ErrorCode::Malformed, "JSON broken at byte {}: {}", at_, problem_);
    }

 private:
    bool stop(const char* problem) {
        problem_ = problem;
        return false;
    }
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool take(char expected) {
        if (peek() != expected || at_ >= text_.size()) return false;
        ++at_;
        return true;
    }
    void skip_blanks() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') ++at_;
    }

    bool take_value(Json& out, int depth) {
        if (depth > Json::depth_max) return stop("nested too deeply");
        if (++values_ > Json::values_max) return stop("too many values");
        skip_blanks();
        switch (peek()) {
            case '{':
                return take_object(out, depth);
            case '[':
                return take_array(out, depth);
            case '"':
                out.kind_ = Json::Kind::String;
                return take_string(out.text_);
            case 't':
                return take_word(out, "true", Json::Kind::Bool);
            case 'f':
                return take_word(out, "false", Json::Kind::Bool);
            case 'n':
                return take_word(out, "null", Json::Kind::Null);
            default:
                return take_number(out);
        }
    }

    bool take_word(Json& out, std::string_view word, Json::Kind kind) {
        if (text_.substr(at_, word.size()) != word) return stop("unknown word");
        at_ += word.size();
        out.kind_ = kind;
        if (kind == Json::Kind::Bool) out.text_ = word;
        return true;
    }

    bool take_digits() {
        const auto before = at_;
        while (is_digit(peek())) ++at_;
        return at_ != before;
    }

    bool take_number(Json& out) {
        const auto start = at_;
        take('-');
        const bool zero = peek() == '0';
        const auto digits = at_;
        if (!take_digits()) return stop("value expected");
        if (zero && at_ != digits + 1) return stop("number starts with a zero");
        if (take('.') && !take_digits()) return stop("digits missing after the point");
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            if (!take_digits()) return stop("digits missing in the exponent");
        }
        out.kind_ = Json::Kind::Number;
        out.text_ = text_.substr(start, at_ - start);
        return true;
    }

    bool take_array(Json& out, int depth) {
        out.kind_ = Json::Kind::Array;
        ++at_;
        skip_blanks();
        if (take(']')) return true;
        for (;;) {
            if (!take_value(out.items_.emplace_back(), depth + 1)) return false;
            skip_blanks();
            if (take(']')) return true;
            if (!take(',')) return stop("comma or ] expected");
        }
    }

    /// Few names are compared one by one; an object with many gets an index of them.
    static bool is_new(const std::string& name, const std::vector<Json::Member>& members,
                       std::set<std::string, std::less<>>& names) {
        constexpr std::size_t few = 32;
        if (members.size() < few)
            return std::ranges::find(members, name, &Json::Member::first) == members.end();
        if (names.empty())
            for (const auto& [known, value] : members) names.insert(known);
        return names.insert(name).second;
    }

    bool take_object(Json& out, int depth) {
        out.kind_ = Json::Kind::Object;
        ++at_;
        skip_blanks();
        if (take('}')) return true;
        std::set<std::string, std::less<>> names;
        for (;;) {
            skip_blanks();
            std::string name;
            if (peek() != '"' || !take_string(name)) return stop("member name expected");
            if (!is_new(name, out.members_, names)) return stop("member stands there twice");
            skip_blanks();
            if (!take(':')) return stop("colon expected");
            auto& member = out.members_.emplace_back(std::move(name), Json{});
            if (!take_value(member.second, depth + 1)) return false;
            skip_blanks();
            if (take('}')) return true;
            if (!take(',')) return stop("comma or } expected");
        }
    }

    /// Takes the characters that stand for themselves, all at once: nearly every string has no
    /// other.
    void take_plain(std::string& out) {
        const auto begin = at_;
        while (at_ < text_.size() && is_plain(text_[at_])) ++at_;
        out.append(text_, begin, at_ - begin);
    }

    bool take_string(std::string& out) {
        ++at_;
        for (take_plain(out); at_ < text_.size(); take_plain(out)) {
            const char c = text_[at_];
            if (c == '"') {
                ++at_;
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20) return stop("control character in a string");
            if (c == '\\') {
                if (!take_escape(out)) return false;
                continue;
            }
            const auto length = utf8_length(text_.substr(at_));
            if (length == 0) return stop("string is not UTF-8");
            out += text_.substr(at_, length);
            at_ += length;
        }
        return stop("string does not end");
    }

    bool take_escape(std::string& out) {
        ++at_;
        constexpr std::string_view names = "\"\\/bfnrt";
        constexpr std::string_view values = "\"\\/\b\f\n\r\t";
        if (take('u')) return take_unicode(out);
        const auto index = at_ < text_.size() ? names.find(text_[at_]) : std::string_view::npos;
        if (index == std::string_view::npos) return stop("unknown escape");
        out += values[index];
        ++at_;
        return true;
    }

    bool take_hex4(std::uint32_t& code) {
        code = 0;
        for (int i = 0; i < 4; ++i, ++at_) {
            const int value = hex_value(peek());
            if (value < 0) return stop("four hex digits expected");
            code = code * 16 + static_cast<std::uint32_t>(value);
        }
        return true;
    }

    bool take_unicode(std::string& out) {
        std::uint32_t code = 0;
        if (!take_hex4(code)) return false;
        if (code >= 0xDC00 && code <= 0xDFFF) return stop("half of a surrogate pair");
        if (code >= 0xD800 && code <= 0xDBFF) {
            std::uint32_t low = 0;
            if (!take('\\') || !take('u') || !take_hex4(low)) return stop("surrogate pair broken");
            if (low < 0xDC00 || low > 0xDFFF) return stop("surrogate pair broken");
            code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
        }
        append_utf8(out, code);
        return true;
    }

    std::string_view text_;
    std::size_t at_{0};
    std::size_t values_{0};
    const char* problem_{""};
};

Result<Json> Json::parse(std::string_view text) {
    return JsonParser(text).run();
}

const Json* Json::find(std::string_view name) const {
    for (const auto& [member, value] : members_)
        if (member == name) return value.is_null() ? nullptr : &value;
    return nullptr;
}

std::string json_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += {'\\', c};
        else if (static_cast<unsigned char>(c) < 0x20)
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
            out += c;
    }
    return out + "\"";
}

JsonObject& JsonObject::text(std::string_view name, std::string_view value) {
    return raw(name, json_quoted(value));
}

JsonObject& JsonObject::raw(std::string_view name, std::string_view raw_value) {
    if (!members_.empty()) members_ += ',';
    members_ += json_quoted(name) + ":";
    members_ += raw_value;
    return *this;
}

}  // namespace janus::webull::wire
