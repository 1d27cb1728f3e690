#pragma once

#include <string>

#include "base/time.hpp"

namespace janus::sim::ib {

/// `20261125 22:30:05 UTC`: the time of the handshake.
std::string to_zoned_text(Utc at);
/// `20261125-22:30:05`: UTC as IB writes it with a dash.
std::string to_dashed_text(Utc at);
/// `20261125`.
std::string to_date_text(Utc at);
/// `22:30`.
std::string to_clock_text(Utc at);
/// Days since Monday, 0 to 6.
int weekday_of(Utc at);
/// Reads `YYYYMMDD HH:MM:SS [zone]`, `YYYYMMDD-HH:MM:SS` and `YYYYMMDD`; every zone is taken for
/// UTC, as this gateway's login zone is.
/// Errors: `Malformed`.
Result<Utc> parse_request_time(std::string_view text);
/// The same for the end of an order: a date alone means the end of that day.
/// Errors: `Malformed`.
Result<Utc> parse_good_till(std::string_view text);

}  // namespace janus::sim::ib
