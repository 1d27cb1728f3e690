#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "net/listen_address.hpp"

namespace boost::asio::ssl {
class context;
}

namespace janus::net {

/// The client side's TLS settings, one per extra trust anchor, kept because reading the system's
/// roots is dear. TLS 1.2 or later; the peer is always verified.
class TlsClientContexts {
 public:
    /// An empty `ca_file` means the system's roots alone. A file that has changed is read afresh.
    /// Errors: `Invalid` when the file cannot be read.
    Result<std::shared_ptr<boost::asio::ssl::context>> context_of(const std::string& ca_file);

 private:
    struct Entry {
        std::int64_t changed{0};
        std::shared_ptr<boost::asio::ssl::context> context;
    };
    std::map<std::string, Entry> entries_;
};

/// Errors: `Invalid`, naming the file, when certificate and key cannot be read or do not match.
Result<std::shared_ptr<boost::asio::ssl::context>> make_server_context(const TlsFiles& files);

/// Whether a file can be a trust anchor; an empty name is none at all, which is fine.
/// Errors: `Invalid`, naming the file and what is wrong with it.
Result<void> check_ca_file(const std::string& ca_file);

/// The whole file. Errors: `Invalid`, naming it.
Result<std::string> read_file(const std::string& path);
/// The system's root certificates as PEM; empty when the system has none.
std::string system_roots();

}  // namespace janus::net
