#pragma once

#include <cstdint>

namespace janus::bench {

/// How often this thread has asked for memory so far. Whoever links this replaces operator new.
std::uint64_t allocations();

}  // namespace janus::bench
