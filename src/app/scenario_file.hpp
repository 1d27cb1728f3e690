#pragma once

#include <string>

#include "base/result.hpp"
#include "sim/exchange/scenario.hpp"

namespace janus::app {

/// Reads a world from TOML text; `name` is the file's name for messages. A list that is not in the
/// text (`instrument`, `account`, `app_key`) and a setting that is not there are those of the
/// built-in world.
/// Errors: `Invalid` with every problem, one a line: unknown keys, values of the wrong kind, names
/// that do not fit together.
Result<sim::Scenario> parse_scenario(std::string_view text, std::string_view name);

/// As `parse_scenario`, from a file. Errors: also `NotFound`.
Result<sim::Scenario> load_scenario(const std::string& path);

}  // namespace janus::app
