#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace janus::api {

/// Reads the token file of the state directory, or makes it (mode 0600, 64 random hex digits) at
/// the first start. Errors: `Invalid` when the file is a link, readable by others or not a token;
/// `Unavailable` when it cannot be written.
Result<Secret> load_or_make_token(const std::filesystem::path& file);

/// Compares hashes in constant time, so that a guess learns nothing from the time it takes.
bool is_same_token(const Secret& expected, std::string_view given);

}  // namespace janus::api
