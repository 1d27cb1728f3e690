#include "base/random.hpp"

namespace janus {

std::string random_hex(Random& random, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "0123456789abcdef"[random.below(16)];
    return text;
}

}  // namespace janus
