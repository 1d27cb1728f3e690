#pragma once

#include <cstdint>
#include <string>

namespace janus {

/// Chance as an argument: the same seed gives the same numbers on every machine.
/// The generator is splitmix64 (public domain, by Sebastiano Vigna). Not for secrets.
class Random {
 public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    /// A number from 0 to `count` - 1; `count` must be positive.
    std::uint64_t below(std::uint64_t count) { return next() % count; }
    /// True in `chance` of `of` cases.
    bool hits(std::uint64_t chance, std::uint64_t of) { return below(of) < chance; }

 private:
    std::uint64_t state_;
};

/// `count` hex digits, e.g. 32 for a nonce.
std::string random_hex(Random& random, int count);

}  // namespace janus
