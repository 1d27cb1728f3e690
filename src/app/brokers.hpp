#pragma once

#include <memory>
#include <vector>

#include "base/random.hpp"
#include "config/settings.hpp"
#include "gateway/gateway.hpp"

namespace janus::app {

/// Makes the gateways for all accounts of a configuration: one for each login, however many
/// accounts it has. Errors: `Invalid`, naming the account.
Result<std::vector<std::unique_ptr<gateway::Gateway>>> make_gateways(
    const config::Settings& settings, Random& random);

}  // namespace janus::app
