#include "core/resolver.hpp"

#include <gtest/gtest.h>

#include "core/test_rig.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::LookupStatus;

constexpr GatewayIndex ib_index{0};
constexpr GatewayIndex webull_index{1};

struct ResolverTest : testing::Test {
    ResolverTest() { rig.ready(at(0s)); }
    void resolve(GatewayIndex gateway, std::string_view symbol) {
        rig.resolver.resolve(at(0s), gateway, symbol_of(symbol), "order", "an order names it",
                             heard.listen());
    }
    RegistryRig rig;
    Heard<NativeId> heard;
};

TEST_F(ResolverTest, AKnownSymbolNeedsNeitherBrokerNorDatabase) {
    rig.store.put(symbol_of("AAPL"), "ib", "265598");
    rig.registry.load(rig.store.records());
    rig.database_goes(at(0s));
    rig.gate(at(0s), "ib_main", gateway::Gate::Down);
    resolve(ib_index, "AAPL");
    EXPECT_EQ(*heard.only(), NativeId{"265598"});
    EXPECT_TRUE(rig.ib.commands.empty());
}

TEST_F(ResolverTest, AUniqueAnswerIsWrittenWithItsEvidenceBeforeItIsUsed) {
    rig.knows(rig.ib, "AAPL", "265598");
    resolve(ib_index, "AAPL");
    EXPECT_TRUE(heard.replies.empty());
    rig.settle(at(1s));
    EXPECT_EQ(*heard.only(), NativeId{"265598"});
    const auto& change = rig.store.changes.at(symbol_of("AAPL")).front();
    EXPECT_EQ(change.provenance.who, "order");
    EXPECT_EQ(change.provenance.evidence, "asked for AAPL");
    EXPECT_EQ(rig.registry.find(symbol_of("AAPL"))->description, "AAPL INC");
}

TEST_F(ResolverTest, TwoCallersCauseOneQuestionAndOneWrite) {
    rig.knows(rig.ib, "AAPL", "265598");
    resolve(ib_index, "AAPL");
    resolve(ib_index, "AAPL");
    rig.settle(at(1s));
    EXPECT_EQ(heard.replies.size(), 2U);
    EXPECT_EQ(rig.ib.count<gateway::LookupInstrument>(), 1U);
    EXPECT_EQ(rig.store.writes_performed, 1U);
}

TEST_F(ResolverTest, AnAmbiguousAnswerIsListedAndNeverWritten) {
    auto other = instrument_of("AMBX", "2");
    other.exchange = "LSE";
    rig.answers(rig.ib, "AMBX", LookupStatus::Ambiguous, {instrument_of("AMBX", "1"), other});
    resolve(ib_index, "AMBX");
    rig.settle(at(1s));
    EXPECT_EQ(heard.only().error().code, ErrorCode::Ambiguous);
    EXPECT_EQ(heard.only().error().message,
              "AMBX matches 2 instruments at ib: 1 (AMBX NASDAQ USD, AMBX INC); 2 (AMBX LSE USD, "
              "AMBX INC); map the one that is meant");
    EXPECT_TRUE(rig.store.rows.empty());
    EXPECT_EQ(rig.registry.size(), 0U);
}

TEST_F(ResolverTest, DifferentAnswersAreDifferentErrors) {
    rig.answers(rig.ib, "NOIB", LookupStatus::NotFound, {}, "no security definition");
    rig.answers(rig.ib, "SICK", LookupStatus::Failed, {}, "the line was lost");
    resolve(ib_index, "NOIB");
    resolve(ib_index, "SICK");
    resolve(ib_index, "MUTE");
    rig.settle(at(1s));
    rig.lookups.on_timeout(at(15s));
    ASSERT_EQ(heard.replies.size(), 3U);
    EXPECT_EQ(heard.replies[0].error().code, ErrorCode::NotFound);
    EXPECT_EQ(heard.replies[1].error().code, ErrorCode::Unavailable);
    EXPECT_EQ(heard.replies[2].error().code, ErrorCode::Unavailable);
    EXPECT_NE(heard.replies[2].error().message.find("lookup_timeout"), std::string::npos);
    EXPECT_TRUE(rig.store.rows.empty());
}

TEST_F(ResolverTest, AnIdOfAnotherSymbolIsAConflict) {
    rig.store.put(symbol_of("OLD"), "ib", "5");
    rig.registry.load(rig.store.records());
    rig.knows(rig.ib, "NEW", "5");
    resolve(ib_index, "NEW");
    rig.settle(at(1s));
    EXPECT_EQ(heard.only().error().code, ErrorCode::Conflict);
    EXPECT_EQ(rig.store.writes_performed, 0U);
}

TEST_F(ResolverTest, WithoutTheDatabaseAnUnknownSymbolIsRefusedBeforeTheBrokerIsAsked) {
    rig.database_goes(at(0s));
    resolve(ib_index, "AAPL");
    EXPECT_EQ(heard.only().error().code, ErrorCode::Unavailable);
    EXPECT_TRUE(heard.only().error().message.starts_with("registry_unavailable"));
    EXPECT_TRUE(rig.ib.commands.empty());
}

TEST_F(ResolverTest, ADatabaseLostBetweenAnswerAndWriteRefuses) {
    rig.knows(rig.ib, "AAPL", "1");
    resolve(ib_index, "AAPL");
    rig.database_goes(at(0s));
    rig.settle(at(1s));
    EXPECT_EQ(heard.only().error().code, ErrorCode::Unavailable);
    rig.database_returns(at(2s));
    resolve(ib_index, "AAPL");
    rig.settle(at(3s));
    ASSERT_EQ(heard.replies.size(), 2U);
    EXPECT_EQ(*heard.replies[1], NativeId{"1"});
}

TEST_F(ResolverTest, AWebullTickerIsWrittenOnlyAfterWebullConfirmedIt) {
    rig.answers(rig.webull, "NOWB", LookupStatus::NotFound, {}, "no such ticker");
    rig.knows(rig.webull, "AAPL", "AAPL");
    resolve(webull_index, "NOWB");
    resolve(webull_index, "AAPL");
    EXPECT_TRUE(rig.store.waiting.empty());
    rig.settle(at(1s));
    EXPECT_EQ(heard.replies[0].error().code, ErrorCode::NotFound);
    EXPECT_EQ(*heard.replies[1], NativeId{"AAPL"});
    EXPECT_FALSE(rig.store.rows.contains(symbol_of("NOWB")));
}

}  // namespace
}  // namespace janus::core
