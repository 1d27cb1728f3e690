#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace janus::ib::wire {

/// Reads `20260105-15:30:00` (UTC) and `20260105 09:30:00 US/Eastern`. Nothing when the text has
/// another form, no zone, or a zone that is not in the table: a time is then not known, and never
/// guessed. An hour that clocks show twice in autumn reads as the first one.
std::optional<Utc> find_time(std::string_view text);

/// Reads `20260105:0930` of trading hours in a zone. An hour of 24 is the midnight that ends the
/// day. Nothing under the same conditions.
std::optional<Utc> find_hour(std::string_view text, std::string_view zone);
/// Midnight UTC of `20260105`; nothing for anything else.
std::optional<Utc> find_date(std::string_view text);
/// So many seconds after the beginning of 1970; nothing before it or from the year 2100 on.
std::optional<Utc> find_moment(std::int64_t seconds);
/// The same of digits, and of nothing else.
std::optional<Utc> find_moment(std::string_view digits);
/// `20260105-15:30:00`, in UTC.
std::string dashed_text(Utc at);

}  // namespace janus::ib::wire
