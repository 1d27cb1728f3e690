#pragma once

#include <functional>

#include "base/result.hpp"
#include "base/time.hpp"

namespace janus::core {

/// How a caller of the engine gets its answer: exactly once, on the core thread, at once or later.
template <typename T>
using Reply = std::function<void(Result<T>)>;

/// The same between the parts of the core, with the time at which the answer came.
template <typename T>
using Answer = std::function<void(Now, Result<T>)>;

}  // namespace janus::core
