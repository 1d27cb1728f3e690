#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "bench/measure.hpp"

/// Loops that run against each other, in rounds that alternate within one run.
namespace janus::bench {

/// What one contestant needed, round by round.
struct Contestant {
    std::string name;
    std::function<double()> run;
    std::vector<double> rounds{};
};

inline void run_alternating(std::span<Contestant> contestants, std::size_t rounds) {
    for (std::size_t round = 0; round < rounds; ++round)
        for (auto& contestant : contestants) contestant.rounds.push_back(contestant.run());
}

/// The median of the ratios of each round: what ran at the same time is compared.
inline double ratio_of(const Contestant& one, const Contestant& other) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < one.rounds.size(); ++i)
        ratios.push_back(one.rounds[i] / other.rounds[i]);
    return median(ratios);
}

/// A table; the last contestant is the one that all are compared with.
inline void report(const std::string& title, const std::string& unit,
                   std::span<const Contestant> contestants) {
    fmt::print("\n{}\n  {:<38} {:>9} {:>9} {:>9}   the last one is\n", title, unit, "median",
               "least", "most");
    for (const auto& contestant : contestants)
        fmt::print("  {:<38} {:>9.4f} {:>9.4f} {:>9.4f}   {:.2f} times this\n", contestant.name,
                   median(contestant.rounds), std::ranges::min(contestant.rounds),
                   std::ranges::max(contestant.rounds), ratio_of(contestants.back(), contestant));
}

}  // namespace janus::bench
