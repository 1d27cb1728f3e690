#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace janus::client {

/// Where a janusd listens, and the token that opens it.
struct ServerAddress {
    std::string grpc;  ///< `127.0.0.1:2014`
    std::string http;  ///< `127.0.0.1:2015`; empty when unknown.
    Secret token;
};

/// What the user said on the command line; empty parts are looked up.
struct AddressHints {
    std::string server;
    std::filesystem::path token_file;
    std::filesystem::path state_dir;  ///< `--state`, `$JANUS_STATE`, else `var/janusd`.
};

/// Reads `ports.json` and `token` of the local state directory for what the hints do not say.
/// Errors: `Unavailable` when no server has left its address there, `Unauthorized` when the token
/// cannot be read.
Result<ServerAddress> find_server(const AddressHints& hints);

}  // namespace janus::client
