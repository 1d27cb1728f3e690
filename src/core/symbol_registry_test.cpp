#include "core/symbol_registry.hpp"

#include <gtest/gtest.h>

#include "core/test_rig.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;

struct RegistryTest : testing::Test {
    RegistryFill fact(std::string_view symbol, std::string_view broker, std::string_view id) {
        return {
            .symbol = symbol_of(symbol),
            .broker = std::string(broker),
            .native_id = NativeId{std::string(id)},
            .currency = "USD",
            .description = "a company",
            .provenance = {.who = "test", .why = "because", .evidence = "seen"}
        };
    }
    void load() { registry.load(store.records()); }
    void deliver(Now now = at(0s)) {
        for (const auto& reply : store.take_replies()) registry.on_reply(now, reply);
    }
    ScriptedRegistry store;
    NoLog log;
    SymbolRegistry registry{store, log};
    Heard<SymbolRecord> heard;
};

TEST_F(RegistryTest, LoadedRowsAreFoundBySymbolAndByEveryBrokersId) {
    store.put(symbol_of("AAPL"), "ib", "265598").native_ids["webull"] = NativeId{"AAPL"};
    load();
    ASSERT_NE(registry.find(symbol_of("AAPL")), nullptr);
    EXPECT_EQ(registry.find_by_native("ib", NativeId{"265598"})->symbol, symbol_of("AAPL"));
    EXPECT_EQ(registry.find_by_native("webull", NativeId{"AAPL"})->symbol, symbol_of("AAPL"));
    EXPECT_EQ(registry.find_by_native("ib", NativeId{"AAPL"}), nullptr);
    EXPECT_EQ(registry.find(symbol_of("MSFT")), nullptr);
    EXPECT_TRUE(registry.take_changes().empty());
}

TEST_F(RegistryTest, AFillIsKnownOnlyAfterTheStoreHasIt) {
    registry.fill(at(0s), fact("AAPL", "ib", "265598"), heard.listen());
    EXPECT_EQ(registry.find(symbol_of("AAPL")), nullptr);
    EXPECT_TRUE(heard.replies.empty());
    deliver();
    ASSERT_TRUE(heard.only());
    EXPECT_EQ(registry.find_native(symbol_of("AAPL"), "ib"), NativeId{"265598"});
    const auto changes = registry.take_changes();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].description, "a company");
    EXPECT_TRUE(registry.take_changes().empty());
}

TEST_F(RegistryTest, WhatIsAlreadySoSucceedsWithoutAWrite) {
    store.put(symbol_of("AAPL"), "ib", "265598");
    load();
    registry.fill(at(0s), fact("AAPL", "ib", "265598"), heard.listen());
    EXPECT_TRUE(heard.only());
    EXPECT_TRUE(store.waiting.empty());
}

TEST_F(RegistryTest, TheSameFactInFlightIsWrittenOnce) {
    registry.fill(at(0s), fact("AAPL", "ib", "265598"), heard.listen());
    registry.fill(at(0s), fact("AAPL", "ib", "265598"), heard.listen());
    EXPECT_EQ(store.waiting.size(), 1U);
    deliver();
    ASSERT_EQ(heard.replies.size(), 2U);
    EXPECT_TRUE(heard.replies[0] && heard.replies[1]);
}

TEST_F(RegistryTest, AFillNeverReplacesAnId) {
    store.put(symbol_of("AAPL"), "ib", "265598");
    load();
    registry.fill(at(0s), fact("AAPL", "ib", "111"), heard.listen());
    ASSERT_FALSE(heard.only());
    EXPECT_EQ(heard.only().error().code, ErrorCode::Conflict);
    EXPECT_EQ(heard.only().error().message,
              "AAPL already has ib id 265598, so 111 was not written");
    EXPECT_TRUE(store.waiting.empty());
    EXPECT_EQ(registry.find_native(symbol_of("AAPL"), "ib"), NativeId{"265598"});
}

TEST_F(RegistryTest, AnIdOfAnotherSymbolIsRefusedNamingBoth) {
    store.put(symbol_of("AAPL"), "ib", "265598");
    load();
    registry.fill(at(0s), fact("MSFT", "ib", "265598"), heard.listen());
    EXPECT_EQ(heard.only().error().message, "ib id 265598 belongs to AAPL, so MSFT cannot have it");
    EXPECT_EQ(registry.find(symbol_of("MSFT")), nullptr);
}

TEST_F(RegistryTest, AnInstrumentInAnotherCurrencyIsNotTheSame) {
    store.put(symbol_of("SHOP"), "ib", "1");
    load();
    auto toronto = fact("SHOP", "webull", "SHOP");
    toronto.currency = "CAD";
    registry.fill(at(0s), toronto, heard.listen());
    EXPECT_EQ(heard.only().error().code, ErrorCode::Conflict);
    EXPECT_TRUE(store.waiting.empty());
}

TEST_F(RegistryTest, ARefusalOfTheTableChangesNoMemory) {
    load();
    store.put(symbol_of("AAPL"), "ib", "265598");  // Another program was faster.
    registry.fill(at(0s), fact("MSFT", "ib", "265598"), heard.listen());
    deliver();
    EXPECT_EQ(heard.only().error().code, ErrorCode::Conflict);
    EXPECT_EQ(registry.size(), 0U);
    EXPECT_TRUE(registry.take_changes().empty());
}

TEST_F(RegistryTest, AnOperatorsMapReplacesAndKeepsBothInTheHistory) {
    store.put(symbol_of("AAPL"), "ib", "1");
    load();
    registry.map(at(0s), symbol_of("AAPL"), "ib", NativeId{"2"}, {"anna", "wrong listing", ""},
                 heard.listen());
    deliver();
    ASSERT_TRUE(heard.only());
    EXPECT_EQ(registry.find_by_native("ib", NativeId{"1"}), nullptr);
    EXPECT_EQ(registry.find_by_native("ib", NativeId{"2"})->symbol, symbol_of("AAPL"));
    Heard<std::vector<SymbolChange>> history;
    registry.history(at(0s), symbol_of("AAPL"), history.listen());
    deliver();
    ASSERT_EQ(history.only()->size(), 1U);
    EXPECT_EQ(history.only()->front().provenance.who, "anna");
}

TEST_F(RegistryTest, AMapToAnIdOfAnotherSymbolIsRefused) {
    store.put(symbol_of("AAPL"), "ib", "1");
    load();
    registry.map(at(0s), symbol_of("MSFT"), "ib", NativeId{"1"}, {}, heard.listen());
    EXPECT_EQ(heard.only().error().code, ErrorCode::Conflict);
    EXPECT_NE(heard.only().error().message.find("belongs to AAPL"), std::string::npos);
    EXPECT_TRUE(store.waiting.empty());
}

TEST_F(RegistryTest, AnEmptyIdIsNoMapping) {
    registry.map(at(0s), symbol_of("AAPL"), "ib", NativeId{""}, {}, heard.listen());
    EXPECT_EQ(heard.only().error().code, ErrorCode::Invalid);
}

TEST_F(RegistryTest, UnmapClearsOneBrokersIdAndNeedsARow) {
    store.put(symbol_of("AAPL"), "ib", "1").native_ids["webull"] = NativeId{"AAPL"};
    load();
    registry.unmap(at(0s), symbol_of("AAPL"), "ib", {}, heard.listen());
    deliver();
    EXPECT_FALSE(registry.find_native(symbol_of("AAPL"), "ib"));
    EXPECT_EQ(registry.find_native(symbol_of("AAPL"), "webull"), NativeId{"AAPL"});
    Heard<SymbolRecord> missing;
    registry.unmap(at(0s), symbol_of("NONE"), "ib", {}, missing.listen());
    EXPECT_EQ(missing.only().error().code, ErrorCode::NotFound);
}

TEST_F(RegistryTest, WhileTheDatabaseIsAwayReadsGoOnAndWritesAreRefused) {
    store.put(symbol_of("AAPL"), "ib", "1");
    load();
    registry.on_reply(at(5s), store.go_away("57P01 terminating connection"));
    EXPECT_FALSE(registry.available());
    EXPECT_EQ(registry.state_since(), at(5s).utc);
    EXPECT_NE(registry.find(symbol_of("AAPL")), nullptr);
    registry.fill(at(6s), fact("MSFT", "ib", "2"), heard.listen());
    EXPECT_EQ(heard.only().error().code, ErrorCode::Unavailable);
    EXPECT_NE(heard.only().error().message.find("registry_unavailable"), std::string::npos);
    EXPECT_NE(heard.only().error().message.find("57P01"), std::string::npos);
    Heard<std::vector<SymbolChange>> history;
    registry.history(at(6s), symbol_of("AAPL"), history.listen());
    EXPECT_EQ(history.only().error().code, ErrorCode::Unavailable);
    EXPECT_TRUE(store.waiting.empty());
}

TEST_F(RegistryTest, OnReturnTheTableReplacesMemoryAndOnlyDifferencesAreChanges) {
    store.put(symbol_of("AAPL"), "ib", "1");
    store.put(symbol_of("GONE"), "ib", "2");
    store.put(symbol_of("MOVE"), "ib", "3");
    load();
    registry.on_reply(at(1s), store.go_away("away"));
    store.rows.erase(symbol_of("GONE"));
    store.rows.at(symbol_of("MOVE")).native_ids.clear();
    store.put(symbol_of("NEW"), "ib", "3");  // The id has moved between two rows.
    registry.on_reply(at(2s), store.come_back());
    EXPECT_TRUE(registry.available());
    EXPECT_EQ(registry.find(symbol_of("GONE")), nullptr);
    EXPECT_EQ(registry.find_by_native("ib", NativeId{"3"})->symbol, symbol_of("NEW"));
    EXPECT_FALSE(registry.find_native(symbol_of("MOVE"), "ib"));
    std::vector<std::string> changed;
    for (const auto& record : registry.take_changes()) changed.push_back(record.symbol.text());
    EXPECT_EQ(changed, (std::vector<std::string>{"GONE", "MOVE", "NEW"}));
}

TEST_F(RegistryTest, AWriteWhoseAnswerWasLostIsAdoptedOnReturn) {
    registry.fill(at(0s), fact("AAPL", "ib", "1"), heard.listen());
    store.put(symbol_of("AAPL"), "ib", "1");  // The commit was done, its answer was not heard.
    registry.on_reply(at(1s), store.go_away("line cut"));
    deliver();
    EXPECT_EQ(heard.only().error().code, ErrorCode::Unavailable);
    registry.on_reply(at(2s), store.come_back());
    EXPECT_EQ(registry.find_native(symbol_of("AAPL"), "ib"), NativeId{"1"});
    Heard<SymbolRecord> again;
    registry.fill(at(3s), fact("AAPL", "ib", "1"), again.listen());
    EXPECT_TRUE(again.only());
}

TEST_F(RegistryTest, AnIdThatTheTableHasMovedIsTakenFromItsOldRow) {
    store.put(symbol_of("OLD"), "ib", "5");
    store.put(symbol_of("NEW"));
    load();
    store.rows.at(symbol_of("OLD")).native_ids.clear();  // Another program moves the id.
    store.rows.at(symbol_of("NEW")).native_ids["ib"] = NativeId{"5"};
    registry.fill(at(0s), fact("NEW", "webull", "NEW"), heard.listen());
    deliver();
    EXPECT_EQ(registry.find_by_native("ib", NativeId{"5"})->symbol, symbol_of("NEW"));
    EXPECT_FALSE(registry.find_native(symbol_of("OLD"), "ib"));
    EXPECT_EQ(registry.take_changes().size(), 2U);
}

TEST_F(RegistryTest, AReplyThatNobodyAskedForIsIgnored) {
    registry.on_reply(at(0s), RegistryWritten{StoreToken{77}, fail(ErrorCode::Internal, "x")});
    registry.on_reply(at(0s), HistoryReply{StoreToken{77}, std::vector<SymbolChange>{}});
    EXPECT_EQ(registry.size(), 0U);
}

TEST_F(RegistryTest, AnInstrumentIsShownByTheRegistryElseByItsOwnNameElseByTheBrokersText) {
    store.put(symbol_of("BRK.B"), "ib", "72063691");
    load();
    auto held = instrument_of("BRK.B", "72063691");
    held.broker_symbol = "BRK B";
    EXPECT_EQ(registry.shown_name("ib", held).text, "BRK.B");
    EXPECT_TRUE(registry.shown_name("ib", held).symbol);
    // Not written yet: the name by the rule, but not mapped.
    EXPECT_EQ(registry.shown_name("webull", held).text, "BRK.B");
    EXPECT_FALSE(registry.shown_name("webull", held).symbol);
    // The row has another id there: nobody knows what this is.
    held.native_id = NativeId{"999"};
    EXPECT_EQ(registry.shown_name("ib", held).text, "BRK B");
    EXPECT_FALSE(registry.shown_name("ib", held).symbol);
    held.broker_symbol.clear();
    EXPECT_EQ(registry.shown_name("ib", held).text, "999");
}

}  // namespace
}  // namespace janus::core
