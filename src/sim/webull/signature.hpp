#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sim/webull/http_call.hpp"

namespace janus::sim::webull {

/// The two ways in which Webull's clients sign. The name decides both the MAC and the body digest.
enum class SignatureAlgorithm { HmacSha1, HmacSha256 };

/// Reads `HMAC-SHA1` or `HMAC-SHA256`; nothing for any other name.
std::optional<SignatureAlgorithm> find_algorithm(std::string_view name);

/// What a caller says about its own signature, by header or by gRPC metadata.
struct SignedFields {
    std::string app_key;
    std::string algorithm;
    std::string version;
    std::string nonce;
    std::string timestamp;
    std::string signature;
};

/// Picks the six fields out of headers or metadata with lower-case names; missing ones stay empty.
SignedFields signed_fields_of(const std::map<std::string, std::string>& headers);

/// The parts of a REST call that are signed, besides the fields.
struct SignedCall {
    std::string host;
    std::string path;
    QueryParameters query;
    std::string body;  ///< Empty when none was sent.
};

/// The signature that a REST call must carry. Source: protocol sheet, section 1.3.
std::string rest_signature(SignatureAlgorithm algorithm, const SignedFields& fields,
                           const SignedCall& call, std::string_view secret);

/// The signature that a subscription must carry over the bytes as received. Its pairs are joined
/// by `=`: Webull's servers really check that. Source: protocol sheet, section 1.6.
std::string stream_signature(SignatureAlgorithm algorithm, const SignedFields& fields,
                             std::string_view request, std::string_view secret);

/// Compares in constant time for texts of equal length.
bool same_signature(std::string_view expected, std::string_view given);

}  // namespace janus::sim::webull
