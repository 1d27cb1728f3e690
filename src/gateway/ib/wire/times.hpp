#pragma once

#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace janus::ib::wire {

/// Reads `20260105-15:30:00` (UTC) and `20260105 09:30:00 US/Eastern`. Nothing when the text has
/// another form, no zone, or a zone that is not in the table: a time is then not known, and never
/// guessed. An hour that clocks show twice in autumn reads as the first one.
std::optional<Utc> find_time(std::string_view text);

}  // namespace janus::ib::wire
