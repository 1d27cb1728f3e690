#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "gateway/io.hpp"
#include "gateway/webull/wire/crypto.hpp"

namespace janus::webull::wire {

/// One decoded query parameter.
using Parameter = std::pair<std::string, std::string>;

/// Percent-encodes UTF-8 bytes: only `A-Z a-z 0-9 - . _ ~` stay.
std::string percent_encode(std::string_view text);
/// The query as it goes on the wire: like `percent_encode`, with `+` for a space.
std::string form_encode(const std::vector<Parameter>& query);
/// The value of an encoded query or path part: `+` is a space, `%XX` a byte. For servers.
/// Errors: `Malformed` for a broken `%` code.
Result<std::string> form_decode(std::string_view text);

/// Who signs, and how.
struct SigningKey {
    Secret app_key;
    Secret app_secret;
    Algorithm algorithm{Algorithm::HmacSha256};
};

/// What makes one signature unlike all others.
struct Stamp {
    std::string timestamp;  ///< `2026-03-09T14:30:05Z`
    std::string nonce;
};

/// The parts of a REST request that are signed. The method is not.
struct RestToSign {
    std::string host;  ///< As the client was configured, with a port only if it was given one.
    std::string path;
    std::vector<Parameter> query;
    std::optional<std::string> body;  ///< `{}` is a body; a GET has none.
};

/// The string before percent-encoding; exposed so that tests can look at it.
std::string rest_string_to_sign(const SigningKey& key, const Stamp& stamp,
                                const RestToSign& request);
/// The value of `x-signature` for a REST request.
std::string sign_rest(const SigningKey& key, const Stamp& stamp, const RestToSign& request);

/// The string before percent-encoding for the gRPC call. Its pairs are joined by `=`, which looks
/// like a misprint and is what the servers check (reference 1.6).
std::string stream_string_to_sign(const SigningKey& key, const Stamp& stamp,
                                  std::string_view request_bytes);
/// The value of `x-signature` in the metadata of the gRPC call. `request_bytes` are the serialized
/// message without the gRPC frame.
std::string sign_stream(const SigningKey& key, const Stamp& stamp, std::string_view request_bytes);

/// The six signature headers, `x-signature` last. The same for REST and for gRPC metadata.
std::vector<io::Header> signature_headers(const SigningKey& key, const Stamp& stamp,
                                          std::string signature);

}  // namespace janus::webull::wire
