#pragma once

#include <string>

#include <openssl/x509_vfy.h>

namespace janus::net {

/// Why a peer's certificate is refused, as a sentence for a person that says what to look at:
/// `the certificate expired on 2026-11-25T08:00:00Z; is the clock of this machine right?`
/// `context` is that of a verification that has just failed, `host` the name that was wanted. What
/// the certificate says of itself is shortened, and bare of control characters.
std::string refusal_of(X509_STORE_CTX* context, const std::string& host);

}  // namespace janus::net
