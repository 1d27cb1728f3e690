#include <gtest/gtest.h>

#include "store/memory_journal.hpp"
#include "store/memory_registry.hpp"
#include "store/test_records.hpp"

namespace janus::store {
namespace {

using namespace std::chrono_literals;

Now at(Duration mono) {
    return {.mono = {mono}, .utc = {std::chrono::hours(1) + mono}};
}

core::RegistryWritten written(const core::RegistryReply& reply) {
    return std::get<core::RegistryWritten>(reply);
}

TEST(MemoryRegistry, AnswersInOrderAndKeepsTheHistory) {
    MemoryRegistry registry;
    EXPECT_FALSE(registry.deadline());
    registry.submit(fill_id("AAPL", "ib", "265598", 1));
    registry.submit(fill_id("MSFT", "ib", "265598", 2));
    registry.submit(core::HistoryRequest{{3}, symbol_of("AAPL")});
    EXPECT_TRUE(registry.deadline());
    const auto replies = registry.take_replies(at(1s));
    ASSERT_EQ(replies.size(), 3U);
    EXPECT_EQ(written(replies[0]).outcome->id.value, 1);
    EXPECT_EQ(written(replies[1]).outcome.error().code, ErrorCode::Conflict);
    const auto& history = *std::get<core::HistoryReply>(replies[2]).outcome;
    ASSERT_EQ(history.size(), 2U);
    EXPECT_EQ(history[1].after, "265598");
    EXPECT_EQ(history[1].provenance.who, "harmony");
    EXPECT_FALSE(registry.deadline());
}

TEST(MemoryRegistry, WaitsForItsDelayAndNotLonger) {
    MemoryRegistry registry;
    registry.set_delay(2s);
    registry.submit(fill_id("AAPL", "ib", "265598"));
    EXPECT_TRUE(registry.take_replies(at(10s)).empty());
    EXPECT_EQ(registry.deadline(), Instant{12s});
    EXPECT_TRUE(registry.take_replies(at(11'999ms)).empty());
    EXPECT_EQ(registry.take_replies(at(12s)).size(), 1U);
}

TEST(MemoryRegistry, AwayRefusesAndBackGivesTheWholeTable) {
    MemoryRegistry registry;
    ASSERT_TRUE(registry.preload(fill_id("AAPL", "ib", "265598"), {}));
    registry.set_available(false, "cut");
    registry.submit(fill_id("MSFT", "ib", "272093"));
    auto replies = registry.take_replies(at(1s));
    ASSERT_EQ(replies.size(), 2U);
    EXPECT_FALSE(std::get<core::RegistryStateChanged>(replies[0]).available);
    EXPECT_EQ(written(replies[1]).outcome.error().code, ErrorCode::Unavailable);
    registry.set_available(true, "");
    replies = registry.take_replies(at(2s));
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(std::get<core::RegistryStateChanged>(replies[0]).records.size(), 1U);
}

TEST(MemoryRegistry, ACrashLosesRequestsAndNoRows) {
    MemoryRegistry registry;
    ASSERT_TRUE(registry.preload(fill_id("AAPL", "ib", "265598"), {}));
    registry.submit(fill_id("MSFT", "ib", "272093"));
    registry.crash();
    EXPECT_TRUE(registry.take_replies(at(1s)).empty());
    EXPECT_EQ(registry.records().size(), 1U);
}

TEST(MemoryJournal, ACrashLosesWhatIsNotCommittedAsAWhole) {
    MemoryJournal journal("abcd1234");
    journal.append({{1}, {core::OrderRecord{sample_order(1)}}});
    EXPECT_EQ(journal.take_replies(at(1s)).size(), 1U);
    journal.append({
        {2},
        {core::OrderRecord{sample_order(2)}, core::NumberRecord{"ib", 7}}
    });
    journal.crash();
    EXPECT_TRUE(journal.take_replies(at(2s)).empty());
    const auto contents = journal.contents();
    EXPECT_EQ(contents.instance_id, "abcd1234");
    EXPECT_EQ(contents.orders, std::vector<Order>{sample_order(1)});
    EXPECT_TRUE(contents.numbers.empty());
}

TEST(MemoryJournal, FullRefusesUntilThereIsSpace) {
    MemoryJournal journal("abcd1234");
    journal.set_full(true);
    journal.append({{1}, {core::OrderRecord{sample_order(1)}}});
    const auto refused = journal.take_replies(at(1s));
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_TRUE(refused[0].outcome.error().message.starts_with("journal_full"));
    EXPECT_TRUE(journal.contents().orders.empty());
    journal.set_full(false);
    journal.append({{2}, {core::OrderRecord{sample_order(1)}}});
    EXPECT_TRUE(journal.take_replies(at(1s))[0].outcome);
}

TEST(MemoryJournal, OneFailedCommitIsOne) {
    MemoryJournal journal("abcd1234");
    journal.fail_next_commit();
    journal.append({{1}, {core::OrderRecord{sample_order(1)}}});
    journal.append({{2}, {core::OrderRecord{sample_order(2)}}});
    const auto replies = journal.take_replies(at(1s));
    EXPECT_FALSE(replies[0].outcome);
    EXPECT_TRUE(replies[1].outcome);
}

TEST(JournalState, TheLatestRecordOfAThingIsWhatItIs) {
    JournalState state("abcd1234");
    auto order = sample_order(5);
    state.apply(core::OrderRecord{order});
    order.state = OrderState::Cancelled;
    state.apply(core::OrderRecord{order});
    state.apply(core::NumberRecord{"ib", 9});
    state.apply(core::NumberRecord{"ib", 8});
    state.apply(core::ExecutionRecord{sample_execution("a")});
    state.apply(core::ExecutionRecord{sample_execution("b")});
    auto corrected = sample_execution("a");
    corrected.commission.reset();
    state.apply(core::ExecutionRecord{corrected});
    state.apply(core::HaltRecord{"", true, "stop", "me", {}});
    state.apply(core::HaltRecord{"", false, "go", "me", {}});
    state.apply(core::DefaultAccountRecord{{"ib_main"}});
    const auto contents = state.contents();
    EXPECT_EQ(contents.orders, std::vector<Order>{order});
    EXPECT_EQ(contents.numbers.at("ib"), 9);
    EXPECT_EQ(contents.executions, (std::vector<Execution>{corrected, sample_execution("b")}));
    ASSERT_EQ(contents.halts.size(), 1U);
    EXPECT_FALSE(contents.halts[0].halted);
    EXPECT_EQ(contents.default_account, AccountName{"ib_main"});
}

}  // namespace
}  // namespace janus::store
