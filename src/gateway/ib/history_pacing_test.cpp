#include "gateway/ib/history_pacing.hpp"

#include <gtest/gtest.h>

namespace janus::ib {
namespace {

using namespace std::chrono_literals;

Now at(Duration since) {
    return {{100s + since}, {}};
}

PacedQuestion question(const std::string& name, const std::string& instrument = "1 SMART TRADES") {
    return {name, instrument, 1, true};
}

TEST(HistoryPacing, TheSameQuestionWaitsFifteenSecondsAndAnotherOneDoesNot) {
    HistoryPacing pacing;
    pacing.on_sent(at(0s), question("a"));
    EXPECT_EQ(pacing.free_at(question("a")), at(15s).mono);
    EXPECT_LE(pacing.free_at(question("b")), at(0s).mono);
}

TEST(HistoryPacing, ASixthQuestionAboutOneInstrumentWaitsForTwoSecondsToPass) {
    HistoryPacing pacing;
    for (int i = 0; i < 5; ++i)
        pacing.on_sent(at(std::chrono::milliseconds(i * 100)), question(std::to_string(i)));
    EXPECT_EQ(pacing.free_at(question("six")), at(2s).mono);
    EXPECT_LE(pacing.free_at(question("six", "2 SMART TRADES")), at(0s).mono);
    pacing.on_sent(at(2s), question("six"));
    EXPECT_EQ(pacing.free_at(question("seven")), at(2100ms).mono);
}

TEST(HistoryPacing, SixtyQuestionsFillTenMinutesAndBidAskCountsTwice) {
    HistoryPacing pacing;
    for (int i = 0; i < 59; ++i) {
        const auto name = std::to_string(i);
        pacing.on_sent(at(std::chrono::seconds(i)), question(name, name));
    }
    EXPECT_LE(pacing.free_at(question("one", "one")), at(59s).mono);
    PacedQuestion twice{"two", "two", 2, true};
    EXPECT_EQ(pacing.free_at(twice), at(10min).mono) << "the first one leaves the window";
    PacedQuestion large{"large", "large", 1, false};
    pacing.on_sent(at(59s), question("one", "one"));
    EXPECT_EQ(pacing.free_at(question("more", "more")), at(10min).mono);
    EXPECT_LE(pacing.free_at(large), at(59s).mono) << "large bars are not counted";
}

TEST(HistoryPacing, AComplaintPausesEverything) {
    HistoryPacing pacing;
    pacing.pause_until(at(60s).mono);
    EXPECT_EQ(pacing.free_at(question("a")), at(60s).mono);
}

}  // namespace
}  // namespace janus::ib
