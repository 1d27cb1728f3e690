#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "gateway/webull/rest_client.hpp"

namespace janus::bench {

/// Which request is made.
enum class SignedKind {
    Place,   ///< A limit order: a body, so that its digest is signed, too.
    Detail,  ///< A question about one order: a query.
};
std::string_view to_text(SignedKind kind);

/// What it costs to make one signed request, up to the text that goes to the socket, in CPU
/// microseconds. Nothing is sent.
class SigningBench {
 public:
    explicit SigningBench(SignedKind kind);

    /// The MAC alone, over bytes as long as those that production signs.
    double bare(std::size_t count) const;
    /// String to sign, digest of the body, percent-encoding, MAC, Base64.
    double signer(std::size_t count) const;
    /// The whole way: budget, nonce, signature, headers, text.
    double request(std::size_t count);

    std::size_t signed_size() const { return encoded_.size(); }
    /// True when the bare MAC is what the signer computes.
    bool agrees() const;

 private:
    webull::Request make_request() const;
    double measured(std::size_t count);

    SignedKind kind_;
    webull::WebullSettings settings_;
    Random random_{7};
    webull::wire::SigningKey key_;
    webull::wire::Stamp stamp_;
    webull::wire::RestToSign to_sign_;
    std::string encoded_;  ///< What the MAC is of.
};

}  // namespace janus::bench
