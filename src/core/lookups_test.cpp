#include "core/lookups.hpp"

#include <gtest/gtest.h>

#include "core/test_rig.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::LookupStatus;

constexpr GatewayIndex ib_index{0};
constexpr GatewayIndex webull_index{1};

struct LookupsTest : testing::Test {
    LookupsTest() { rig.ready(at(0s)); }
    void ask(Now now, GatewayIndex gateway, std::string_view symbol) {
        rig.lookups.ask(now, gateway, symbol_of(symbol),
                        [this](Now, const LookupAnswer& answer) { heard.push_back(answer); });
    }
    RegistryRig rig;
    std::vector<LookupAnswer> heard;
};

TEST_F(LookupsTest, TwoCallersShareOneQuestion) {
    ask(at(0s), ib_index, "AAPL");
    ask(at(1s), ib_index, "AAPL");
    EXPECT_EQ(rig.ib.count<gateway::LookupInstrument>(), 1U);
    rig.knows(rig.ib, "AAPL", "265598");
    rig.settle(at(2s));
    ASSERT_EQ(heard.size(), 2U);
    EXPECT_EQ(heard[0].status, LookupStatus::Unique);
    EXPECT_EQ(heard[1].candidates[0].native_id, NativeId{"265598"});
    EXPECT_EQ(rig.lookups.open(), 0U);
}

TEST_F(LookupsTest, SilenceFailsAtTheTimeoutAndNotBefore) {
    ask(at(1s), ib_index, "AAPL");
    ASSERT_EQ(rig.lookups.deadline(), at(16s).mono);
    rig.lookups.on_timeout(at(16s - 1ns));
    EXPECT_TRUE(heard.empty());
    rig.lookups.on_timeout(at(16s));
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].status, LookupStatus::Failed);
    EXPECT_EQ(heard[0].reason, "lookup_timeout: ib gave no answer about AAPL");
    EXPECT_FALSE(rig.lookups.deadline());
}

TEST_F(LookupsTest, ALateAnswerIsIgnoredAndTheNextQuestionIsNew) {
    ask(at(0s), ib_index, "AAPL");
    const auto first = rig.ib.sent<gateway::LookupInstrument>()[0].lookup;
    rig.lookups.on_timeout(at(15s));
    ask(at(16s), ib_index, "AAPL");
    rig.lookups.on_result(at(17s), {.lookup = first,
                                    .status = LookupStatus::Unique,
                                    .candidates = {instrument_of("AAPL", "1")},
                                    .reason = {},
                                    .evidence = {}});
    EXPECT_EQ(heard.size(), 1U);
    EXPECT_NE(rig.ib.sent<gateway::LookupInstrument>()[1].lookup, first);
}

TEST_F(LookupsTest, NotFoundIsRememberedForAMinute) {
    rig.answers(rig.ib, "NOIB", LookupStatus::NotFound, {}, "no security definition");
    ask(at(0s), ib_index, "NOIB");
    rig.settle(at(0s));
    ask(at(60s - 1ns), ib_index, "NOIB");
    EXPECT_EQ(rig.ib.count<gateway::LookupInstrument>(), 1U);
    ASSERT_EQ(heard.size(), 2U);
    EXPECT_EQ(heard[1].status, LookupStatus::NotFound);
    EXPECT_EQ(heard[1].reason, "no security definition");
    ask(at(60s), ib_index, "NOIB");
    EXPECT_EQ(rig.ib.count<gateway::LookupInstrument>(), 2U);
}

TEST_F(LookupsTest, AFailureIsNotRemembered) {
    rig.answers(rig.ib, "AAPL", LookupStatus::Failed, {}, "line lost");
    ask(at(0s), ib_index, "AAPL");
    rig.settle(at(0s));
    ask(at(1s), ib_index, "AAPL");
    EXPECT_EQ(rig.ib.count<gateway::LookupInstrument>(), 2U);
}

TEST_F(LookupsTest, ABrokerThatIsNotReadyIsNotAsked) {
    for (const auto* account : {"ib_main", "ib_second"})
        rig.gate(at(1s), account, gateway::Gate::Connecting, "client_id_busy");
    ask(at(1s), ib_index, "AAPL");
    EXPECT_EQ(rig.ib.count<gateway::LookupInstrument>(), 0U);
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].status, LookupStatus::Failed);
    EXPECT_EQ(heard[0].reason, "ib_main: connecting (client_id_busy)");
}

TEST_F(LookupsTest, OneReadyAccountOfALoginIsEnough) {
    rig.gate(at(1s), "ib_main", gateway::Gate::Reconciling);
    ask(at(1s), ib_index, "AAPL");
    EXPECT_EQ(rig.ib.count<gateway::LookupInstrument>(), 1U);
}

TEST_F(LookupsTest, ATickerIsConfirmedOnlyByExactlyThatTicker) {
    rig.knows(rig.webull, "F", "F");
    ask(at(0s), webull_index, "F");
    rig.knows(rig.webull, "BRK.B", "BRK-B");
    ask(at(0s), webull_index, "BRK.B");
    rig.settle(at(0s));
    ASSERT_EQ(heard.size(), 2U);
    EXPECT_EQ(heard[0].status, LookupStatus::Unique);
    EXPECT_EQ(heard[1].status, LookupStatus::NotFound);
    EXPECT_NE(heard[1].reason.find("does not confirm ticker BRK.B"), std::string::npos);
    EXPECT_TRUE(heard[1].candidates.empty());
}

TEST_F(LookupsTest, TheTickerFallbackIsNotTriedForOtherKinds) {
    ask(at(0s), webull_index, "NQ.2603");
    EXPECT_EQ(rig.webull.count<gateway::LookupInstrument>(), 0U);
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].status, LookupStatus::NotFound);
    EXPECT_EQ(heard[0].reason,
              "webull cannot be asked for NQ.2603 (kind FUTURE); map its id by hand");
}

TEST_F(LookupsTest, AnAnswerUnderAnotherNameIsNoAnswer) {
    rig.answers(rig.ib, "AAPL", LookupStatus::Unique, {instrument_of("APLE", "7")});
    ask(at(0s), ib_index, "AAPL");
    rig.settle(at(0s));
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].status, LookupStatus::NotFound);
}

TEST_F(LookupsTest, AUniqueAnswerThatIsNotUniqueHasFailed) {
    rig.answers(rig.ib, "AAPL", LookupStatus::Unique,
                {instrument_of("AAPL", "1"), instrument_of("AAPL", "2")});
    rig.answers(rig.ib, "MSFT", LookupStatus::Unique, {});
    ask(at(0s), ib_index, "AAPL");
    ask(at(0s), ib_index, "MSFT");
    rig.settle(at(0s));
    ASSERT_EQ(heard.size(), 2U);
    EXPECT_EQ(heard[0].status, LookupStatus::Failed);
    EXPECT_EQ(heard[1].status, LookupStatus::Failed);
}

TEST_F(LookupsTest, OpenQuestionsAreBounded) {
    for (std::size_t i = 0; i < Lookups::open_max; ++i)
        ask(at(0s), ib_index, fmt::format("A{}", i));
    EXPECT_TRUE(heard.empty());
    ask(at(0s), ib_index, "ONEMORE");
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].status, LookupStatus::Failed);
    ask(at(0s), ib_index, "A5");  // Shares a question that is open.
    EXPECT_EQ(heard.size(), 1U);
    EXPECT_EQ(rig.lookups.open(), Lookups::open_max);
}

TEST(LookupCandidates, AreListedWithWhatTellsThemApart) {
    std::vector<Instrument> many(10, instrument_of("AMBX", "1"));
    many[1].exchange = "LSE";
    const auto text = to_text(many);
    EXPECT_TRUE(text.starts_with("1 (AMBX NASDAQ USD, AMBX INC); 1 (AMBX LSE USD, AMBX INC); "));
    EXPECT_TRUE(text.ends_with("; and 2 more"));
}

}  // namespace
}  // namespace janus::core
