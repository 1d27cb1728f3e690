#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/listen_address.hpp"

namespace janus::app {

/// The TLS files of the simulated Webull.
struct SimCertificates {
    std::string ca_file;           ///< What clients trust.
    std::string certificate_file;  ///< For 127.0.0.1 and localhost.
    std::string key_file;          ///< Mode 0600.

    /// What a port serves: the good certificate for "", or the one with this flaw (a value of the
    /// fault `certificate`) and the same key.
    net::TlsFiles files_for(std::string_view flaw) const;
};

/// Makes a folder with `ca.pem`, `server.pem`, `server.key` and a `server.pem.FLAW` for each flaw
/// that a certificate can have, or takes what is there when it fits together and is good for
/// another day. The authority's own key is never stored. Errors: `Unavailable` when the folder or a
/// file cannot be written.
Result<SimCertificates> prepare_certificates(const std::string& folder);

}  // namespace janus::app
