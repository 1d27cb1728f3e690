#include "base/time.hpp"

#include <gtest/gtest.h>

#include "base/bounded_queue.hpp"
#include "base/secret.hpp"

namespace janus {
namespace {

using namespace std::chrono_literals;

TEST(Time, WritesIsoInUtc) {
    const auto at = utc_from_milliseconds(1'773'066'605'412);
    EXPECT_EQ(to_iso_text(at), "2026-03-09T14:30:05.412Z");
    EXPECT_EQ(to_iso_seconds_text(at), "2026-03-09T14:30:05Z");
}

TEST(Time, ReadsTheFormsThatBrokersWrite) {
    const auto at = utc_from_milliseconds(1'773'066'605'120);
    EXPECT_EQ(parse_iso("2026-03-09T14:30:05.120Z"), at);
    EXPECT_EQ(parse_iso("2026-03-09T14:30:05.120+0000"), at);
    EXPECT_EQ(parse_iso("2026-03-09T09:30:05.12-05:00"), at);
    EXPECT_EQ(parse_iso("2026-03-09 14:30:05.12Z"), at);
}

TEST(Time, RefusesWhatIsNoTime) {
    for (const auto text :
         {"", "2026-03-09", "2026-13-09T14:30:05Z", "2026-02-30T14:30:05Z", "2026-03-09T24:30:05Z",
          "2026-03-09T14:30:05", "2026-03-09T14:30:05+1", "2026-03-09T14:30:05ZZ"})
        EXPECT_FALSE(parse_iso(text)) << text;
}

TEST(BoundedQueue, RefusesWhenFullAndEndsWhenClosed) {
    BoundedQueue<int> queue(2);
    EXPECT_TRUE(queue.try_push(1));
    EXPECT_TRUE(queue.try_push(2));
    EXPECT_FALSE(queue.try_push(3));
    queue.close();
    EXPECT_FALSE(queue.try_push(4));
    EXPECT_EQ(queue.pop(), 1);
    EXPECT_EQ(queue.pop(), 2);
    EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(Secret, DoesNotPrint) {
    const Secret secret("hunter2");
    EXPECT_EQ(fmt::format("key={}", secret), "key=***");
}

}  // namespace
}  // namespace janus
