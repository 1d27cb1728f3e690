#include "sim/webull/signature.hpp"

#include <array>
#include <vector>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace janus::sim::webull {
namespace {

enum class HexCase { Lower, Upper };

/// One algorithm: its name on the wire, the digest of bodies, and the digest inside the MAC.
struct AlgorithmRow {
    SignatureAlgorithm algorithm;
    std::string_view name;
    const EVP_MD* (*body)();
    const EVP_MD* (*mac)();
};

constexpr auto algorithms = std::to_array<AlgorithmRow>({
    {SignatureAlgorithm::HmacSha1,   "HMAC-SHA1",   EVP_md5,    EVP_sha1  },
    {SignatureAlgorithm::HmacSha256, "HMAC-SHA256", EVP_sha256, EVP_sha256},
});
static_assert(algorithms[static_cast<std::size_t>(SignatureAlgorithm::HmacSha256)].name ==
              "HMAC-SHA256");

const AlgorithmRow& row_of(SignatureAlgorithm algorithm) {
    return algorithms[static_cast<std::size_t>(algorithm)];
}

std::string hex_text(const unsigned char* bytes, unsigned count, HexCase letters) {
    const std::string_view digits =
        letters == HexCase::Upper ? "0123456789ABCDEF" : "0123456789abcdef";
    std::string text;
    for (unsigned at = 0; at < count; ++at) {
        text += digits[bytes[at] >> 4U];
        text += digits[bytes[at] & 15U];
    }
    return text;
}

std::string digest_text(const EVP_MD* kind, std::string_view bytes, HexCase letters) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    JANUS_CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, kind, nullptr) == 1);
    return hex_text(digest.data(), size, letters);
}

bool is_unreserved(unsigned char letter) {
    const bool alphanumeric = (letter >= 'A' && letter <= 'Z') ||
                              (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    return alphanumeric || letter == '-' || letter == '.' || letter == '_' || letter == '~';
}

std::string percent_encode(std::string_view text) {
    std::string encoded;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (is_unreserved(byte))
            encoded += letter;
        else
            encoded += '%' + hex_text(&byte, 1, HexCase::Upper);
    }
    return encoded;
}

std::string base64(const unsigned char* bytes, unsigned count) {
    std::array<unsigned char, 4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1> text{};
    const int size = EVP_EncodeBlock(text.data(), bytes, static_cast<int>(count));
    return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size)};
}

/// Encodes the string to sign, and signs it with the secret followed by one `&`.
std::string sign(SignatureAlgorithm algorithm, const std::string& plain, std::string_view secret) {
    const auto message = percent_encode(plain);
    const auto key = std::string(secret) + '&';
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    JANUS_CHECK(HMAC(row_of(algorithm).mac(), key.data(), static_cast<int>(key.size()),
                     reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                     mac.data(), &size) != nullptr);
    return base64(mac.data(), size);
}

/// The five signed fields under their names; the map sorts them bytewise.
std::map<std::string, std::string> named(const SignedFields& fields) {
    return {
        {"x-app-key",             fields.app_key  },
        {"x-signature-algorithm", fields.algorithm},
        {"x-signature-nonce",     fields.nonce    },
        {"x-signature-version",   fields.version  },
        {"x-timestamp",           fields.timestamp},
    };
}

std::string join(const std::map<std::string, std::string>& pairs, char between) {
    std::string text;
    for (const auto& [name, value] : pairs) {
        if (!text.empty()) text += between;
        text += name + '=' + value;
    }
    return text;
}

}  // namespace

std::optional<SignatureAlgorithm> find_algorithm(std::string_view name) {
    for (const auto& row : algorithms)
        if (row.name == name) return row.algorithm;
    return std::nullopt;
}

SignedFields signed_fields_of(const std::map<std::string, std::string>& headers) {
    const auto get = [&](const char* name) {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string{} : found->second;
    };
    return {get("x-app-key"),         get("x-signature-algorithm"), get("x-signature-version"),
            get("x-signature-nonce"), get("x-timestamp"),           get("x-signature")};
}

std::string rest_signature(SignatureAlgorithm algorithm, const SignedFields& fields,
                           const SignedCall& call, std::string_view secret) {
    auto pairs = named(fields);
    pairs.emplace("host", call.host);
    for (const auto& [name, value] : call.query) {
        const auto [place, fresh] = pairs.emplace(name, value);
        if (!fresh) place->second += '&' + value;
    }
    auto plain = call.path + '&' + join(pairs, '&');
    if (!call.body.empty())
        plain += '&' + digest_text(row_of(algorithm).body(), call.body, HexCase::Upper);
    return sign(algorithm, plain, secret);
}

std::string stream_signature(SignatureAlgorithm algorithm, const SignedFields& fields,
                             std::string_view request, std::string_view secret) {
    const auto digest = digest_text(row_of(algorithm).body(), request, HexCase::Lower);
    return sign(algorithm, join(named(fields), '=') + '&' + digest, secret);
}

bool same_signature(std::string_view expected, std::string_view given) {
    return expected.size() == given.size() &&
           CRYPTO_memcmp(expected.data(), given.data(), expected.size()) == 0;
}

}  // namespace janus::sim::webull
