#include "gateway/webull/wire/signature.hpp"

#include <map>

namespace janus::webull::wire {
namespace {

enum class Space { Percent, Plus };

bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

std::string encode(std::string_view text, Space space) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size() * 3 / 2);
    for (const char c : text) {
        const auto value = static_cast<unsigned char>(c);
        if (is_unreserved(c)) {
            out += c;
        } else if (c == ' ' && space == Space::Plus) {
            out += '+';
        } else {
            out += '%';
            out += digits[value >> 4U];
            out += digits[value & 15U];
        }
    }
    return out;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

/// Ordered by name, bytewise: the order in which the names are signed.
using SignedPairs = std::map<std::string, std::string>;

SignedPairs header_pairs(const SigningKey& key, const Stamp& stamp) {
    return {
        {"x-app-key",             key.app_key.reveal()               },
        {"x-signature-algorithm", std::string(to_text(key.algorithm))},
        {"x-signature-nonce",     stamp.nonce                        },
        {"x-signature-version",   "1.0"                              },
        {"x-timestamp",           stamp.timestamp                    },
    };
}

std::string joined(const SignedPairs& pairs, char between) {
    std::string out;
    for (const auto& [name, value] : pairs) {
        if (!out.empty()) out += between;
        out += name;
        out += '=';
        out += value;
    }
    return out;
}

std::string finish(const SigningKey& key, std::string_view string_to_sign) {
    return base64(
        mac(key.algorithm, key.app_secret.reveal() + "&", percent_encode(string_to_sign)));
}

}  // namespace

std::string percent_encode(std::string_view text) {
    return encode(text, Space::Percent);
}

std::string form_encode(const std::vector<Parameter>& query) {
    std::string out;
    for (const auto& [name, value] : query) {
        if (!out.empty()) out += '&';
        out += encode(name, Space::Plus) + "=" + encode(value, Space::Plus);
    }
    return out;
}

Result<std::string> form_decode(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at] == '+' ? ' ' : text[at];
            continue;
        }
        const int high = at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[at + 2]) : -1;
        if (low < 0) return fail(ErrorCode::Malformed, "percent code at {} was broken", at);
        out += static_cast<char>(high * 16 + low);
        at += 2;
    }
    return out;
}

std::string rest_string_to_sign(const SigningKey& key, const Stamp& stamp,
                                const RestToSign& request) {
    auto pairs = header_pairs(key, stamp);
    pairs["host"] = request.host;
    for (const auto& [name, value] : request.query) {
        const auto [pair, is_new] = pairs.try_emplace(name, value);
        if (!is_new) pair->second += "&" + value;
    }
    std::string out = request.path + "&" + joined(pairs, '&');
    if (request.body) out += "&" + body_digest(key.algorithm, *request.body, HexCase::Upper);
    return out;
}

std::string sign_rest(const SigningKey& key, const Stamp& stamp, const RestToSign& request) {
    return finish(key, rest_string_to_sign(key, stamp, request));
}

std::string stream_string_to_sign(const SigningKey& key, const Stamp& stamp,
                                  std::string_view request_bytes) {
    return joined(header_pairs(key, stamp), '=') + "&" +
           body_digest(key.algorithm, request_bytes, HexCase::Lower);
}

std::string sign_stream(const SigningKey& key, const Stamp& stamp, std::string_view request_bytes) {
    return finish(key, stream_string_to_sign(key, stamp, request_bytes));
}

std::vector<io::Header> signature_headers(const SigningKey& key, const Stamp& stamp,
                                          std::string signature) {
    std::vector<io::Header> headers;
    for (auto& [name, value] : header_pairs(key, stamp)) headers.emplace_back(name, value);
    headers.emplace_back("x-signature", std::move(signature));
    return headers;
}

}  // namespace janus::webull::wire
