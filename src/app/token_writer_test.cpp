#include "app/token_writer.hpp"

#include <algorithm>
#include <latch>
#include <mutex>
#include <vector>

#include <gtest/gtest.h>

namespace janus::app {
namespace {

struct Line {
    LogLevel level;
    std::string text;
};

/// Both are read once the writer has ended.
class Lines final : public Log {
 public:
    void write(LogLevel level, std::string_view line) override {
        std::lock_guard lock(mutex_);
        lines.push_back({level, std::string(line)});
    }
    std::vector<Line> lines;

 private:
    std::mutex mutex_;
};

gateway::IssuedToken token(int number) {
    return {"login" + std::to_string(number % 3), Secret("canary" + std::to_string(number)), {}};
}

TEST(TokenWriter, ASlowDiskHoldsNobodyAndTheEndWaitsForAllInTheirOrder) {
    constexpr int count = 100;
    Lines log;
    std::latch disk_is_ready(1);
    std::vector<std::string> written;
    {
        TokenWriter writer(
            [&](const gateway::IssuedToken& issued) -> Result<void> {
                disk_is_ready.wait();
                written.push_back(issued.text.reveal());
                return {};
            },
            log);
        for (int i = 0; i < count; ++i) writer.keep(token(i));
        EXPECT_TRUE(log.lines.empty()) << "nothing is written yet, and all were taken";
        disk_is_ready.count_down();
    }
    ASSERT_EQ(written.size(), std::size_t{count});
    for (int i = 0; i < count; ++i)
        EXPECT_EQ(written[static_cast<std::size_t>(i)], token(i).text.reveal());
    ASSERT_EQ(log.lines.size(), std::size_t{count});
    EXPECT_EQ(log.lines[1].text, "access token kept login=login1");
}

TEST(TokenWriter, AFailedWriteIsAnErrorInTheLogAndTheNextOneIsTried) {
    Lines log;
    {
        TokenWriter writer(
            [](const gateway::IssuedToken& issued) -> Result<void> {
                if (issued.login == "login1") return fail(ErrorCode::Unavailable, "disk is full");
                return {};
            },
            log);
        writer.keep(token(1));
        writer.keep(token(2));
    }
    ASSERT_EQ(log.lines.size(), 2U);
    EXPECT_EQ(log.lines[0].level, LogLevel::Error);
    EXPECT_EQ(log.lines[0].text, "disk is full");
    EXPECT_EQ(log.lines[1].level, LogLevel::Info);
}

TEST(TokenWriter, MoreThanMayWaitIsToldAndNoTokenIsSaid) {
    Lines log;
    std::latch disk_is_ready(1);
    {
        TokenWriter writer(
            [&](const gateway::IssuedToken&) -> Result<void> {
                disk_is_ready.wait();
                return {};
            },
            log);
        // One is in the hands of the writer, perhaps.
        const auto more = static_cast<int>(TokenWriter::waiting_max) + 2;
        for (int i = 0; i < more; ++i) writer.keep(token(i));
        disk_is_ready.count_down();
    }
    EXPECT_TRUE(std::ranges::any_of(
        log.lines, [](const Line& line) { return line.level == LogLevel::Error; }));
    for (const auto& line : log.lines) EXPECT_EQ(line.text.find("canary"), std::string::npos);
}

}  // namespace
}  // namespace janus::app
