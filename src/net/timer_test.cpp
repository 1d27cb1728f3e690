#include "net/timer.hpp"

#include <csignal>
#include <thread>

#include <gtest/gtest.h>

#include "net/clock.hpp"
#include "net/postbox.hpp"
#include "net/signals.hpp"
#include "net/test_loop.hpp"

namespace janus::net {
namespace {

TEST(SystemNow, NeverRunsBackwardsOnTheMonotonicClock) {
    const auto first = system_now();
    const auto second = system_now();
    EXPECT_LE(first.mono, second.mono);
    EXPECT_GT(first.utc, utc_from_milliseconds(1'700'000'000'000));
}

TEST(DeadlineTimer, CallsOnceAndNotBeforeItsInstant) {
    TestLoop loop;
    std::optional<Instant> called;
    int calls = 0;
    DeadlineTimer timer(loop.loop(), [&] {
        called = system_now().mono;
        ++calls;
    });
    const auto deadline = system_now().mono + std::chrono::milliseconds(30);
    timer.set(deadline);
    EXPECT_TRUE(loop.run_until([&] { return calls > 0; }));
    EXPECT_GE(*called, deadline);
    loop.run_ready();
    EXPECT_EQ(calls, 1);
}

TEST(DeadlineTimer, ADeadlineInThePastCallsFromTheLoopOnly) {
    TestLoop loop;
    int calls = 0;
    DeadlineTimer timer(loop.loop(), [&] { ++calls; });
    timer.set(Instant{});
    EXPECT_EQ(calls, 0);
    EXPECT_TRUE(loop.run_until([&] { return calls == 1; }));
}

TEST(DeadlineTimer, TheLastDeadlineCountsAndNothingClearsIt) {
    TestLoop loop;
    int calls = 0;
    DeadlineTimer timer(loop.loop(), [&] { ++calls; });
    timer.set(Instant{});
    timer.set(system_now().mono + std::chrono::hours(1));
    loop.run_ready();
    EXPECT_EQ(calls, 0);
    timer.set(Instant{});
    timer.set(std::nullopt);
    loop.run_ready();
    EXPECT_EQ(calls, 0);
    timer.set(Instant{});
    EXPECT_TRUE(loop.run_until([&] { return calls == 1; })) << "and it works again";
}

TEST(DeadlineTimer, MaySetItselfAgainFromInside) {
    TestLoop loop;
    int calls = 0;
    std::unique_ptr<DeadlineTimer> timer;
    timer = std::make_unique<DeadlineTimer>(loop.loop(), [&] {
        if (++calls < 3) timer->set(Instant{});
    });
    timer->set(Instant{});
    EXPECT_TRUE(loop.run_until([&] { return calls == 3; }));
}

TEST(Postbox, CarriesWorkOfOtherThreadsInOrder) {
    TestLoop loop;
    const Postbox postbox(loop.loop());
    std::vector<int> seen;
    std::thread other([postbox, &seen] {
        for (int i = 0; i < 100; ++i) postbox.post([&seen, i] { seen.push_back(i); });
    });
    EXPECT_TRUE(loop.run_until([&] { return seen.size() == 100; }));
    other.join();
    for (int i = 0; i < 100; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], i);
}

TEST(Postbox, OnceClosedNothingRunsAndTheLoopMayGo) {
    auto loop = std::make_unique<TestLoop>();
    const Postbox postbox(loop->loop());
    int ran = 0;
    EXPECT_TRUE(postbox.post([&] { ++ran; }));
    postbox.close();
    loop->run_ready();
    loop.reset();
    EXPECT_FALSE(postbox.post([&] { ++ran; }));
    EXPECT_EQ(ran, 0);
}

TEST(Signals, EachArrivesAsACall) {
    TestLoop loop;
    std::vector<int> seen;
    const Signals signals(loop.loop(), {SIGUSR1, SIGUSR2},
                          [&](int number) { seen.push_back(number); });
    std::raise(SIGUSR1);
    EXPECT_TRUE(loop.run_until([&] { return seen.size() == 1; }));
    std::raise(SIGUSR2);
    EXPECT_TRUE(loop.run_until([&] { return seen.size() == 2; }));
    EXPECT_EQ(seen, (std::vector<int>{SIGUSR1, SIGUSR2}));
}

}  // namespace
}  // namespace janus::net
