#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace janus::net {

/// Where a server listens: an IP address or `localhost`, and a port; port 0 lets the system pick.
struct ListenAddress {
    std::string host{"127.0.0.1"};
    std::uint16_t port{0};
    friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// The certificate chain and the private key of a TLS server, both as PEM files.
struct TlsFiles {
    std::string certificate_file;
    std::string key_file;
};

/// Reads `127.0.0.1:2014`, `localhost:0` or `[::1]:2014`. Errors: `Invalid`, saying what was wrong.
Result<ListenAddress> parse_listen_address(std::string_view text);
/// `127.0.0.1:2014`; an IPv6 address stands in brackets.
std::string to_text(const ListenAddress& address);

}  // namespace janus::net
