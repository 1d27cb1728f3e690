#pragma once

#include <string_view>

#include "base/time.hpp"

namespace janus::webull {

/// Reads the header `Date`: `Mon, 09 Mar 2026 14:30:05 GMT`. Errors: `Malformed`.
Result<Utc> parse_http_date(std::string_view text);

/// The date in New York at `at`, as `2026-03-09`: the broker's trading day.
std::string us_eastern_date(Utc at);
/// The begin of that day, in UTC.
Utc us_eastern_midnight(Utc at);

}  // namespace janus::webull
