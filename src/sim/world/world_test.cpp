#include <cstdlib>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "sim/world/disguise.hpp"
#include "sim/world/world.hpp"

namespace janus::sim {
namespace {

constexpr std::uint64_t seeds_usual = 60;

/// How many seeds to run: JANUS_SEEDS, else the usual number.
std::uint64_t seed_count() {
    const char* text = std::getenv("JANUS_SEEDS");
    return text == nullptr ? seeds_usual : std::strtoull(text, nullptr, 10);
}

std::string text_of(const WorldReport& report) {
    auto text = summary_of(report);
    for (const auto& violation : report.violations)
        text += fmt::format("\n  {}: {}", to_text(violation.invariant), violation.what);
    return text + "\n  " + replay_command(report);
}

TEST(World, EverySeedKeepsEveryPromiseAndHeals) {
    for (std::uint64_t seed = 1; seed <= seed_count(); ++seed) {
        const auto report = run_world({.seed = seed});
        EXPECT_TRUE(report.violations.empty()) << text_of(report);
    }
}

TEST(World, TheSameSeedGivesTheSameTrace) {
    for (const std::uint64_t seed : {5U, 11U}) {
        const auto first = run_world({.seed = seed});
        const auto second = run_world({.seed = seed});
        EXPECT_EQ(first.hash, second.hash) << seed;
        EXPECT_EQ(first.steps, second.steps) << seed;
        EXPECT_EQ(first.books, second.books) << seed;
        EXPECT_EQ(first.ib_version, second.ib_version) << seed;
    }
}

TEST(World, TheVersionOfIbChangesTheBytesAndNotTheBooks) {
    WorldOptions options{
        .seed = 3, .trouble = Trouble::None, .crashes = false, .market_walk = false};
    std::vector<std::string> books;
    std::set<std::uint64_t> hashes;
    for (const auto version : world_ib_versions()) {
        options.ib_version = version;
        const auto report = run_world(options);
        EXPECT_TRUE(report.violations.empty()) << version << text_of(report);
        EXPECT_EQ(report.ib_version, version);
        hashes.insert(report.hash);
        if (books.empty()) books = report.books;
        EXPECT_EQ(report.books, books) << version;
    }
    EXPECT_EQ(hashes.size(), world_ib_versions().size());
}

TEST(World, ListeningToTheTraceChangesNothing) {
    std::size_t lines = 0;
    const auto heard = run_world({.seed = 4, .sink = [&](std::string_view) { ++lines; }});
    EXPECT_GT(lines, 100U);
    EXPECT_EQ(heard.hash, run_world({.seed = 4}).hash);
}

TEST(World, OtherSeedsGiveOtherTraces) {
    EXPECT_NE(run_world({.seed = 1}).hash, run_world({.seed = 2}).hash);
}

TEST(World, TicksMoveNoBooks) {
    WorldOptions options{
        .actions = 25, .trouble = Trouble::None, .crashes = false, .market_walk = false};
    for (options.seed = 1; options.seed <= 4; ++options.seed) {
        options.sabotage = {};
        const auto with = run_world(options);
        options.sabotage = {.gateway = disguised<Tickless>};
        const auto without = run_world(options);
        EXPECT_NE(with.hash, without.hash) << "there were no ticks, seed " << options.seed;
        EXPECT_EQ(with.books, without.books)
            << to_text(Invariant::TicksMovedBooks) << ", seed " << options.seed;
    }
}

TEST(World, WithoutTroubleEveryBookIsEqualAtOnce) {
    const auto report = run_world({.seed = 9, .trouble = Trouble::None, .crashes = false});
    EXPECT_TRUE(report.violations.empty()) << text_of(report);
    EXPECT_EQ(report.lives, 1);
    EXPECT_EQ(report.ready_after, Duration{});
    EXPECT_TRUE(report.faults.empty());
}

TEST(World, AFailingSeedSaysHowToSeeItAgain) {
    WorldReport report{.seed = 17, .violations = {{Invariant::Feed, "event 3 follows event 1"}}};
    const auto text = text_of(report);
    EXPECT_NE(text.find("seed 17"), std::string::npos);
    EXPECT_NE(text.find("6 feed: event 3 follows event 1"), std::string::npos);
    EXPECT_NE(text.find("world_run --seed 17 --verbose"), std::string::npos);
}

}  // namespace
}  // namespace janus::sim
