#pragma once

#include "base/time.hpp"

namespace janus::net {

/// The time of this machine: the monotonic clock and the wall clock, read together. Only net/ and
/// app/ ask it; everything else is told.
Now system_now();

}  // namespace janus::net
