#pragma once

#include <string>
#include <string_view>

/// The only file that knows OpenSSL. Errors of the library are broken promises: the inputs here are
/// always valid.
namespace janus::webull::wire {

/// Selects both the MAC and the digest of the body: SHA-1 goes with MD5, SHA-256 with SHA-256.
enum class Algorithm { HmacSha1, HmacSha256 };

/// `HMAC-SHA1`, `HMAC-SHA256`, as the header `x-signature-algorithm` says it.
std::string_view to_text(Algorithm algorithm);

enum class HexCase { Lower, Upper };

/// The digest of `bytes` that belongs to the algorithm (MD5 or SHA-256), in hex.
std::string body_digest(Algorithm algorithm, std::string_view bytes, HexCase hex_case);
/// The raw MAC: 20 or 32 bytes.
std::string mac(Algorithm algorithm, std::string_view key, std::string_view message);
/// Standard Base64 with padding.
std::string base64(std::string_view bytes);

}  // namespace janus::webull::wire
