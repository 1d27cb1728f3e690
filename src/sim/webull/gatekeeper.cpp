#include "sim/webull/gatekeeper.hpp"

#include <algorithm>

namespace janus::sim::webull {
namespace {

constexpr std::size_t nonce_size_max = 128;
constexpr std::string_view timestamp_form = "2026-03-09T14:30:05Z";

std::unexpected<Refusal> unauthorized(std::string message) {
    return refuse(401, "UNAUTHORIZED", std::move(message));
}

std::string without_port(const std::string& host) {
    const auto colon = host.rfind(':');
    const bool ipv6 = host.find(']') != std::string::npos;
    if (colon == std::string::npos || (ipv6 && host.find(']') > colon)) return host;
    return host.substr(0, colon);
}

/// The six fields are all needed; the version is the only one there is.
Answer<void> check_fields(const SignedFields& fields) {
    if (fields.app_key.empty()) return refuse(401, "MISSING_APP_KEY", "x-app-key is missing");
    if (fields.version != "1.0") return unauthorized("x-signature-version must be 1.0");
    if (fields.nonce.empty() || fields.nonce.size() > nonce_size_max)
        return unauthorized("x-signature-nonce is missing or too long");
    if (fields.signature.empty()) return unauthorized("x-signature is missing");
    return {};
}

}  // namespace

Answer<std::string> Gatekeeper::admit_call(Now now, const HttpCall& call, const Target& target) {
    const auto fields = signed_fields_of(call.headers);
    if (auto checked = check_fields(fields); !checked) return std::unexpected(checked.error());
    const auto* key = find_key(fields.app_key);
    const auto algorithm = algorithm_of(fields, only_.rest);
    if (!algorithm) return std::unexpected(algorithm.error());
    const std::string host(header_of(call, "host"));
    const auto matches = [&](const std::string& signed_host) {
        const SignedCall parts{signed_host, target.path, target.query, call.body};
        return same_signature(rest_signature(*algorithm, fields, parts, key->secret),
                              fields.signature);
    };
    if (key == nullptr || !(matches(host) || matches(without_port(host))))
        return unauthorized("The signature does not match");
    if (auto fresh = check_fresh(now, fields); !fresh) return std::unexpected(fresh.error());
    return key->key;
}

Answer<std::string> Gatekeeper::admit_stream(Now now,
                                             const std::map<std::string, std::string>& metadata,
                                             const std::string& request) {
    const auto fields = signed_fields_of(metadata);
    if (auto checked = check_fields(fields); !checked) return std::unexpected(checked.error());
    const auto* key = find_key(fields.app_key);
    const auto algorithm = algorithm_of(fields, only_.events);
    if (!algorithm) return std::unexpected(algorithm.error());
    if (key == nullptr ||
        !same_signature(stream_signature(*algorithm, fields, request, key->secret),
                        fields.signature))
        return unauthorized("The signature does not match");
    if (auto fresh = check_fresh(now, fields); !fresh) return std::unexpected(fresh.error());
    return key->key;
}

const SimAppKey* Gatekeeper::find_key(const std::string& key) const {
    const auto found = std::ranges::find(keys_, key, &SimAppKey::key);
    return found == keys_.end() ? nullptr : &*found;
}

Answer<SignatureAlgorithm> Gatekeeper::algorithm_of(const SignedFields& fields,
                                                    std::optional<SignatureAlgorithm> only) {
    const auto algorithm = find_algorithm(fields.algorithm);
    if (!algorithm) return unauthorized("x-signature-algorithm is not known");
    if (only && *only != *algorithm)
        return unauthorized("x-signature-algorithm is not accepted by this host");
    return *algorithm;
}

Answer<void> Gatekeeper::check_fresh(Now now, const SignedFields& fields) {
    const auto signed_at = parse_iso(fields.timestamp);
    if (!signed_at || fields.timestamp.size() != timestamp_form.size() ||
        !fields.timestamp.ends_with('Z'))
        return unauthorized("x-timestamp is not like 2026-03-09T14:30:05Z");
    const Utc here = now.utc + clock_offset_;
    const Duration skew = here > *signed_at ? here - *signed_at : *signed_at - here;
    if (skew > clock_window_) return unauthorized("x-timestamp is outside the accepted window");
    forget_old_nonces(here);
    const auto nonce = fields.app_key + '\n' + fields.nonce;
    if (!nonces_.insert(nonce).second) return unauthorized("x-signature-nonce was used before");
    nonces_by_age_.emplace_back(here, nonce);
    return {};
}

void Gatekeeper::forget_old_nonces(Utc at) {
    // A timestamp may be one window ahead when it comes and is good until one window behind.
    while (!nonces_by_age_.empty() && at - nonces_by_age_.front().first > 2 * clock_window_) {
        nonces_.erase(nonces_by_age_.front().second);
        nonces_by_age_.pop_front();
    }
}

}  // namespace janus::sim::webull
