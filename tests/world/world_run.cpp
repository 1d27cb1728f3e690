// Runs seeds of the simulated world and tells what came of them; with --verbose every line of it.

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "sim/world/world.hpp"

namespace {

using namespace janus;

constexpr const char* usage =
    "world_run [--seed N | --seeds FROM-TO] [--steps N] [--trouble both|ib|webull|none]\n"
    "          [--ib-version N] [--no-crashes] [--verbose]\n"
    "Runs worlds of the simulation. --steps: how many actions each has (40). What is not given, "
    "the\n"
    "seed decides.\n"
    "Ends with 1 when an invariant was broken.\n";

struct Options {
    sim::WorldOptions world;
    std::uint64_t first{1};
    std::uint64_t last{1};
    bool verbose{false};
};

bool read_number(std::string_view text, std::uint64_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

bool read_range(std::string_view text, Options& options) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return false;
    return read_number(text.substr(0, dash), options.first) &&
           read_number(text.substr(dash + 1), options.last) && options.first <= options.last;
}

bool read_trouble(std::string_view text, Options& options) {
    for (const auto trouble :
         {sim::Trouble::Both, sim::Trouble::IbOnly, sim::Trouble::WebullOnly, sim::Trouble::None})
        if (sim::to_text(trouble) == text) {
            options.world.trouble = trouble;
            return true;
        }
    return false;
}

bool read_version(std::uint64_t number, Options& options) {
    options.world.ib_version = static_cast<int>(number);
    const auto versions = sim::world_ib_versions();
    return std::ranges::find(versions, *options.world.ib_version) != versions.end();
}

bool read_value(std::string_view name, std::string_view value, Options& options) {
    std::uint64_t number = 0;
    if (name == "--seeds") return read_range(value, options);
    if (name == "--trouble") return read_trouble(value, options);
    if (!read_number(value, number)) return false;
    if (name == "--seed") options.first = options.last = number;
    if (name == "--steps") options.world.actions = static_cast<int>(number);
    if (name == "--ib-version") return read_version(number, options);
    return name == "--seed" || name == "--steps";
}

bool read_options(int count, char** words, Options& options) {
    for (int at = 1; at < count; ++at) {
        const std::string_view word = words[at];
        if (word == "--verbose")
            options.verbose = true;
        else if (word == "--no-crashes")
            options.world.crashes = false;
        else if (at + 1 == count || !read_value(word, words[++at], options))
            return false;
    }
    return true;
}

/// What many seeds have reached together: those that reach nothing prove nothing.
struct Reach {
    std::size_t placed{0};
    std::size_t batched{0};
    std::size_t executions{0};
    std::size_t restarts{0};
    std::set<std::string> faults;
    std::map<int, std::size_t> placed_by_version;

    void add(const sim::WorldReport& report) {
        placed += report.placed;
        batched += report.batched;
        executions += report.executions;
        restarts += static_cast<std::size_t>(report.lives - 1);
        for (const auto& [name, count] : report.faults) faults.insert(name);
        placed_by_version[report.ib_version] += report.placed;
    }
    std::string to_text() const {
        auto text = fmt::format("placed={} batched={} executions={} restarts={} kinds_of_faults={}",
                                placed, batched, executions, restarts, faults.size());
        for (const auto version : sim::world_ib_versions()) {
            const auto found = placed_by_version.find(version);
            text += fmt::format(" ib_{}={}", version,
                                found == placed_by_version.end() ? 0 : found->second);
        }
        return text;
    }
};

bool run_seed(const Options& options, std::uint64_t seed, Reach& reach) {
    auto world = options.world;
    world.seed = seed;
    if (options.verbose)
        world.sink = [](std::string_view line) {
            std::printf("%.*s\n", static_cast<int>(line.size()), line.data());
        };
    const auto report = sim::run_world(world);
    std::printf("%s\n", sim::summary_of(report).c_str());
    for (const auto& violation : report.violations)
        std::printf("  %s: %s\n", std::string(sim::to_text(violation.invariant)).c_str(),
                    violation.what.c_str());
    if (!report.violations.empty()) std::printf("  %s\n", sim::replay_command(report).c_str());
    std::fflush(stdout);
    reach.add(report);
    return report.violations.empty();
}

}  // namespace

int main(int count, char** words) {
    Options options;
    if (!read_options(count, words, options)) {
        std::fputs(usage, stderr);
        return 2;
    }
    Reach reach;
    int failed = 0;
    for (auto seed = options.first; seed <= options.last; ++seed)
        if (!run_seed(options, seed, reach)) ++failed;
    std::printf("%llu seeds, %d failed, %s\n",
                static_cast<unsigned long long>(options.last - options.first + 1), failed,
                reach.to_text().c_str());
    return failed == 0 ? 0 : 1;
}
