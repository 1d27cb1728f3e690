#include "gateway/webull/wire/crypto.hpp"

#include <array>
#include <limits>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/result.hpp"

namespace janus::webull::wire {
namespace {

/// What one algorithm is made of.
struct AlgorithmRow {
    Algorithm algorithm;
    std::string_view name;
    const EVP_MD* (*mac_digest)();
    const EVP_MD* (*body_digest)();
};
constexpr auto algorithms = std::to_array<AlgorithmRow>({
    {Algorithm::HmacSha1,   "HMAC-SHA1",   EVP_sha1,   EVP_md5   },
    {Algorithm::HmacSha256, "HMAC-SHA256", EVP_sha256, EVP_sha256},
});
static_assert(algorithms[static_cast<std::size_t>(Algorithm::HmacSha256)].name == "HMAC-SHA256");

const AlgorithmRow& row_of(Algorithm algorithm) {
    return algorithms[static_cast<std::size_t>(algorithm)];
}

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string hex_of(std::string_view bytes, HexCase hex_case) {
    const std::string_view digits =
        hex_case == HexCase::Upper ? "0123456789ABCDEF" : "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto value = static_cast<unsigned char>(c);
        text += digits[value >> 4U];
        text += digits[value & 15U];
    }
    return text;
}

}  // namespace

std::string_view to_text(Algorithm algorithm) {
    return row_of(algorithm).name;
}

std::string body_digest(Algorithm algorithm, std::string_view bytes, HexCase hex_case) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned int size = 0;
    JANUS_CHECK(EVP_Digest(bytes.data(), bytes.size(), out.data(), &size,
                           row_of(algorithm).body_digest(), nullptr) == 1);
    return hex_of({reinterpret_cast<const char*>(out.data()), size}, hex_case);
}

std::string mac(Algorithm algorithm, std::string_view key, std::string_view message) {
    JANUS_CHECK(key.size() <= std::numeric_limits<int>::max());
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned int size = 0;
    JANUS_CHECK(HMAC(row_of(algorithm).mac_digest(), key.data(), static_cast<int>(key.size()),
                     raw(message), message.size(), out.data(), &size) != nullptr);
    return {reinterpret_cast<const char*>(out.data()), size};
}

std::string base64(std::string_view bytes) {
    constexpr std::size_t bytes_max = 1U << 20U;
    JANUS_CHECK(bytes.size() <= bytes_max);
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), raw(bytes),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

}  // namespace janus::webull::wire
