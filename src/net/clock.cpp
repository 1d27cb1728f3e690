#include "net/clock.hpp"

#include <chrono>

namespace janus::net {

Now system_now() {
    return {.mono = {std::chrono::steady_clock::now().time_since_epoch()},
            .utc = {std::chrono::system_clock::now().time_since_epoch()}};
}

}  // namespace janus::net
