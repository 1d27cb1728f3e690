#pragma once

#include <string>

#include "base/result.hpp"

namespace janus::app {

/// The TLS files of the simulated Webull.
struct SimCertificates {
    std::string ca_file;           ///< What clients trust.
    std::string certificate_file;  ///< For 127.0.0.1 and localhost.
    std::string key_file;          ///< Mode 0600.
};

/// Makes a folder with `ca.pem`, `server.pem` and `server.key`, or takes what is there when it fits
/// together and is good for another day. The authority's own key is never stored.
/// Errors: `Unavailable` when the folder or a file cannot be written.
Result<SimCertificates> prepare_certificates(const std::string& folder);

}  // namespace janus::app
