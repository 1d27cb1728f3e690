#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "sim/exchange/scenario.hpp"
#include "sim/webull/http_call.hpp"
#include "sim/webull/refusal.hpp"
#include "sim/webull/signature.hpp"

namespace janus::sim::webull {

/// Lets in who holds a key: checks signature, clock window and nonce, in that order.
/// A nonce is remembered only after its signature has been found good, and for as long as its
/// timestamp could still be inside the window.
class Gatekeeper {
 public:
    Gatekeeper(std::vector<SimAppKey> keys, Duration clock_window)
        : keys_(std::move(keys)), clock_window_(clock_window) {}

    /// The app key of a REST call. Errors: 401.
    /// The host may be signed as the Host header says it, or without its port: official clients do
    /// both.
    Answer<std::string> admit_call(Now now, const HttpCall& call, const Target& target);
    /// The app key of a subscription over the request bytes as received. Errors: 401.
    Answer<std::string> admit_stream(Now now, const std::map<std::string, std::string>& metadata,
                                     const std::string& request);

    /// Which algorithm each host accepts; nothing accepts both.
    struct Variants {
        std::optional<SignatureAlgorithm> rest;
        std::optional<SignatureAlgorithm> events;
    };
    void restrict_to(const Variants& variants) { only_ = variants; }
    /// Shifts this server's idea of the time.
    void shift_clock(Duration offset) { clock_offset_ = offset; }

 private:
    const SimAppKey* find_key(const std::string& key) const;
    static Answer<SignatureAlgorithm> algorithm_of(const SignedFields& fields,
                                                   std::optional<SignatureAlgorithm> only);
    Answer<void> check_fresh(Now now, const SignedFields& fields);
    void forget_old_nonces(Utc at);

    std::vector<SimAppKey> keys_;
    Duration clock_window_;
    Duration clock_offset_{0};
    Variants only_;
    std::set<std::string> nonces_;
    std::deque<std::pair<Utc, std::string>> nonces_by_age_;
};

}  // namespace janus::sim::webull
