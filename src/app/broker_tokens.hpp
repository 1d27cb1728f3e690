#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "gateway/gateway.hpp"

namespace janus::app {

/// A broker's access token as it lies in the state directory, one file (mode 0600) a login: its
/// text, then when it was first confirmed. A person has confirmed it by phone, so losing it costs
/// them another time.
struct KeptToken {
    Secret text;
    Utc issued;
};

/// Nothing when there is none. Errors: `Invalid` when the file is a link, readable by others, or
/// holds something else; the sentence never quotes it.
Result<std::optional<KeptToken>> load_broker_token(const std::filesystem::path& dir,
                                                   const std::string& login);

/// Replaces the file as a whole: a crash leaves the old or the new one.
/// Errors: `Unavailable`.
Result<void> keep_broker_token(const std::filesystem::path& dir, const gateway::IssuedToken& token);

}  // namespace janus::app
