#include "core/harmony.hpp"

#include <gtest/gtest.h>

#include "core/test_rig.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::LookupStatus;

struct HarmonyTest : testing::Test {
    HarmonyTest() { rig.ready(at(0s)); }
    void rows(std::initializer_list<std::string_view> symbols) {
        for (const auto symbol : symbols) rig.store.put(symbol_of(symbol));
        rig.registry.load(rig.store.records());
    }
    void start(const HarmonyOptions& options = {}) {
        rig.harmony.run(
            at(0s), options, "anna", [this](const HarmonyItem& item) { progress.push_back(item); },
            heard.listen());
    }
    void run(const HarmonyOptions& options = {}) {
        heard.replies.clear();
        start(options);
        rig.settle(at(1s));
    }
    /// `AAPL ib filled 1`, one per item of the report.
    std::vector<std::string> lines() const {
        std::vector<std::string> text;
        for (const auto& item : heard.only()->items)
            text.push_back(fmt::format("{} {} {} {}", item.symbol, item.broker,
                                       to_text(item.outcome),
                                       item.native_id ? item.native_id->value : item.reason));
        return text;
    }
    RegistryRig rig;
    Heard<HarmonyReport> heard;
    std::vector<HarmonyItem> progress;
};

TEST_F(HarmonyTest, FillsFromUniqueAnswersAndNamesEveryOtherOutcome) {
    rows({"AAPL", "AMBX", "NOIB", "NOWB"});
    rig.knows(rig.ib, "AAPL", "1");
    rig.answers(rig.ib, "AMBX", LookupStatus::Ambiguous,
                {instrument_of("AMBX", "2"), instrument_of("AMBX", "3")});
    rig.answers(rig.ib, "NOIB", LookupStatus::NotFound, {}, "no security definition");
    rig.answers(rig.ib, "NOWB", LookupStatus::Failed, {}, "the line was lost");
    rig.knows(rig.webull, "AAPL", "AAPL");
    rig.knows(rig.webull, "AMBX", "AMBX");
    rig.knows(rig.webull, "NOIB", "NOIB");
    rig.answers(rig.webull, "NOWB", LookupStatus::NotFound, {}, "no such ticker");
    run();
    EXPECT_EQ(lines(), (std::vector<std::string>{
                           "AAPL ib filled 1", "AAPL webull filled AAPL", "AMBX ib ambiguous ",
                           "AMBX webull filled AMBX", "NOIB ib missing no security definition",
                           "NOIB webull filled NOIB", "NOWB ib failed the line was lost",
                           "NOWB webull missing no such ticker"}));
    EXPECT_EQ(heard.only()->items[2].candidates.size(), 2U);
    EXPECT_FALSE(rig.registry.find_native(symbol_of("AMBX"), "ib"));
    EXPECT_EQ(progress.size(), 8U);
    const auto& summaries = heard.only()->summaries;
    ASSERT_EQ(summaries.size(), 2U);
    EXPECT_EQ(summaries[0].broker, "ib");
    EXPECT_EQ(summaries[0].filled, 1);
    EXPECT_EQ(summaries[0].ambiguous, 1);
    EXPECT_EQ(summaries[0].missing, 1);
    EXPECT_EQ(summaries[0].failed, 1);
    EXPECT_EQ(summaries[1].filled, 3);
    EXPECT_FALSE(rig.harmony.running());
    const auto& change = rig.store.changes.at(symbol_of("AAPL")).front();
    EXPECT_EQ(change.provenance.who, "anna");
    EXPECT_EQ(change.provenance.why, "harmony");
    EXPECT_EQ(change.provenance.evidence, "asked for AAPL");
}

TEST_F(HarmonyTest, ASecondRunChangesNothing) {
    rows({"AAPL", "MSFT"});
    rig.knows(rig.ib, "AAPL", "1");
    rig.knows(rig.ib, "MSFT", "2");
    rig.knows(rig.webull, "AAPL", "AAPL");
    rig.knows(rig.webull, "MSFT", "MSFT");
    run();
    const auto before = rig.registry.all();
    const auto writes = rig.store.writes_performed;
    const auto questions = rig.ib.commands.size();
    EXPECT_EQ(writes, 4U);
    run();
    EXPECT_TRUE(heard.only()->items.empty());
    EXPECT_EQ(heard.only()->summaries[0].present, 2);
    EXPECT_EQ(heard.only()->summaries[0].filled, 0);
    EXPECT_EQ(rig.registry.all(), before);
    EXPECT_EQ(rig.store.writes_performed, writes);
    EXPECT_EQ(rig.ib.commands.size(), questions);
}

TEST_F(HarmonyTest, ADryRunAsksAndWritesNothing) {
    rows({"AAPL"});
    rig.knows(rig.ib, "AAPL", "1");
    rig.knows(rig.webull, "AAPL", "AAPL");
    run({.dry_run = true, .broker = {}});
    EXPECT_TRUE(heard.only()->dry_run);
    EXPECT_EQ(lines(), (std::vector<std::string>{"AAPL ib filled 1", "AAPL webull filled AAPL"}));
    EXPECT_EQ(rig.ib.count<gateway::LookupInstrument>(), 1U);
    EXPECT_EQ(rig.store.writes_performed, 0U);
    EXPECT_FALSE(rig.registry.find_native(symbol_of("AAPL"), "ib"));
}

TEST_F(HarmonyTest, ADryRunNeedsNoDatabase) {
    rows({"AAPL"});
    rig.knows(rig.ib, "AAPL", "1");
    rig.database_goes(at(0s));
    run({.dry_run = true, .broker = "ib"});
    EXPECT_EQ(lines(), std::vector<std::string>{"AAPL ib filled 1"});
}

TEST_F(HarmonyTest, OneBrokerCanBeNamedAndMustExist) {
    rows({"AAPL"});
    rig.knows(rig.ib, "AAPL", "1");
    run({.dry_run = false, .broker = "ib"});
    EXPECT_EQ(lines(), std::vector<std::string>{"AAPL ib filled 1"});
    EXPECT_TRUE(rig.webull.commands.empty());
    run({.dry_run = false, .broker = "etrade"});
    EXPECT_EQ(heard.only().error().code, ErrorCode::NotFound);
}

TEST_F(HarmonyTest, ABrokerThatIsNotReadyIsSkippedAndTheOtherServed) {
    rows({"AAPL"});
    rig.gate(at(0s), "webull_one", gateway::Gate::NeedsOperator, "webull_auth");
    rig.knows(rig.ib, "AAPL", "1");
    run();
    EXPECT_EQ(lines(), (std::vector<std::string>{
                           "AAPL ib filled 1",
                           "AAPL webull skipped webull_one: needs_operator (webull_auth)"}));
}

TEST_F(HarmonyTest, AKindThatABrokerCannotBeAskedForIsSkipped) {
    rows({"NQ.2603"});
    rig.knows(rig.ib, "NQ.2603", "1");
    run();
    EXPECT_EQ(lines(),
              (std::vector<std::string>{
                  "NQ.2603 ib filled 1",
                  "NQ.2603 webull skipped webull cannot be asked for NQ.2603 (kind FUTURE); map "
                  "its id by hand"}));
    EXPECT_TRUE(rig.webull.commands.empty());
}

TEST_F(HarmonyTest, AnIdOfAnotherRowFailsThatItemNamingBothAndGoesOn) {
    rig.store.put(symbol_of("OLD"), "ib", "5");
    rows({"NEW", "ZED"});
    rig.knows(rig.ib, "NEW", "5");
    rig.knows(rig.ib, "ZED", "6");
    run({.dry_run = false, .broker = "ib"});
    EXPECT_EQ(lines(), (std::vector<std::string>{
                           "NEW ib failed ib id 5 belongs to OLD, so NEW cannot have it",
                           "ZED ib filled 6"}));
    EXPECT_EQ(rig.registry.find_native(symbol_of("OLD"), "ib"), NativeId{"5"});
    EXPECT_FALSE(rig.registry.find_native(symbol_of("NEW"), "ib"));
}

TEST_F(HarmonyTest, ATableThatDisagreesWithMemoryStopsTheRun) {
    rows({"AAA", "BBB"});
    rig.knows(rig.ib, "AAA", "5");
    rig.store.put(symbol_of("THEIRS"), "ib", "5");  // Written by another program meanwhile.
    run({.dry_run = false, .broker = "ib"});
    EXPECT_EQ(heard.only().error().code, ErrorCode::Conflict);
    EXPECT_NE(heard.only().error().message.find("harmony stopped after 0 filled"),
              std::string::npos);
    EXPECT_NE(heard.only().error().message.find("belongs to THEIRS"), std::string::npos);
    EXPECT_FALSE(rig.harmony.running());
}

TEST_F(HarmonyTest, LookUpsInFlightAreBoundedPerBroker) {
    rows({"A1", "A2", "A3", "A4", "A5", "A6"});
    start();
    EXPECT_EQ(rig.ib.count<gateway::LookupInstrument>(), Harmony::in_flight_max);
    EXPECT_EQ(rig.webull.count<gateway::LookupInstrument>(), Harmony::in_flight_max);
    rig.knows(rig.ib, "A2", "2");
    rig.settle(at(1s));
    EXPECT_EQ(rig.ib.count<gateway::LookupInstrument>(), Harmony::in_flight_max + 1);
    EXPECT_TRUE(rig.harmony.running());
}

TEST_F(HarmonyTest, SilenceIsAFailureAndTheRunEnds) {
    rows({"A1", "A2", "A3", "A4", "A5", "A6"});
    start({.dry_run = false, .broker = "ib"});
    rig.lookups.on_timeout(at(15s));
    EXPECT_TRUE(heard.replies.empty());
    rig.lookups.on_timeout(at(30s));
    ASSERT_EQ(heard.only()->items.size(), 6U);
    for (const auto& item : heard.only()->items) {
        EXPECT_EQ(item.outcome, HarmonyOutcome::Failed);
        EXPECT_TRUE(item.reason.starts_with("lookup_timeout"));
    }
}

TEST_F(HarmonyTest, OneRunAtATime) {
    rows({"AAPL"});
    start();
    Heard<HarmonyReport> second;
    rig.harmony.run(at(0s), {}, "ben", {}, second.listen());
    EXPECT_EQ(second.only().error().code, ErrorCode::Conflict);
    EXPECT_EQ(second.only().error().message, "a harmony run of anna is under way");
}

TEST_F(HarmonyTest, TheDatabaseLostInMidRunFailsTheRunAndALaterRunFinishesTheWork) {
    rows({"A1", "A2", "A3", "A4", "A5", "A6", "A7"});
    for (const auto* symbol : {"A1", "A2", "A3", "A4", "A5", "A6", "A7"})
        rig.knows(rig.ib, symbol, symbol);
    start({.dry_run = false, .broker = "ib"});
    // The first answer is written, the next ones meet a database that has gone.
    const auto first = rig.ib.sent<gateway::LookupInstrument>()[0].lookup;
    rig.lookups.on_result(at(0s), {.lookup = first,
                                   .status = LookupStatus::Unique,
                                   .candidates = {instrument_of("A1", "A1")},
                                   .reason = {},
                                   .evidence = {}});
    for (const auto& reply : rig.store.take_replies()) rig.registry.on_reply(at(0s), reply);
    ASSERT_EQ(progress.size(), 1U);
    rig.database_goes(at(1s));
    rig.settle(at(1s));
    EXPECT_EQ(heard.only().error().code, ErrorCode::Unavailable);
    EXPECT_TRUE(heard.only().error().message.starts_with(
        "harmony stopped after 1 filled, 6 not done: registry_unavailable"));
    EXPECT_EQ(rig.store.writes_performed, 1U);
    EXPECT_FALSE(rig.harmony.running());
    run({.dry_run = false, .broker = "ib"});
    EXPECT_EQ(heard.only().error().code, ErrorCode::Unavailable);
    rig.database_returns(at(2s));
    run({.dry_run = false, .broker = "ib"});
    EXPECT_EQ(heard.only()->summaries[0].filled, 6);
    EXPECT_EQ(heard.only()->summaries[0].present, 1);
    EXPECT_EQ(rig.registry.find_native(symbol_of("A7"), "ib"), NativeId{"A7"});
}

TEST_F(HarmonyTest, AnswersOfAStoppedRunDoNotReachTheNextOne) {
    rows({"A1", "A2"});
    start({.dry_run = false, .broker = "ib"});
    const auto questions = rig.ib.sent<gateway::LookupInstrument>();
    const auto answer = [&](std::size_t i, std::string_view symbol) {
        rig.lookups.on_result(at(0s), {.lookup = questions[i].lookup,
                                       .status = LookupStatus::Unique,
                                       .candidates = {instrument_of(symbol, symbol)},
                                       .reason = {},
                                       .evidence = {}});
    };
    rig.database_goes(at(0s));
    answer(0, "A1");
    ASSERT_FALSE(heard.only());
    rig.database_returns(at(1s));
    heard.replies.clear();
    start({.dry_run = false, .broker = "ib"});
    answer(1, "A2");  // Shared by both runs: only the living one settles it.
    rig.knows(rig.ib, "A1", "A1");
    rig.settle(at(2s));
    EXPECT_EQ(lines(), (std::vector<std::string>{"A1 ib filled A1", "A2 ib filled A2"}));
}

TEST_F(HarmonyTest, AnEmptyRegistryIsInHarmony) {
    run();
    EXPECT_TRUE(heard.only()->items.empty());
    EXPECT_EQ(heard.only()->summaries.size(), 2U);
}

}  // namespace
}  // namespace janus::core
