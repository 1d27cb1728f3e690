#include "store/registry_rules.hpp"

#include <gtest/gtest.h>

#include "store/broker_columns.hpp"
#include "store/test_records.hpp"

namespace janus::store {
namespace {

using core::RegistryWriteKind;

core::SymbolRecord row(std::int64_t id, const std::string& symbol,
                       std::map<std::string, NativeId, std::less<>> ids) {
    return {{id}, symbol_of(symbol), AssetClass::Equity, "USD", std::move(ids), "", {}, {}};
}

TEST(FillRule, InsertsAMissingRowWithItsId) {
    const auto change = decide_write(fill_id("AAPL", "ib", "265598"), nullptr, nullptr);
    ASSERT_TRUE(change);
    EXPECT_TRUE(change->insert);
    EXPECT_EQ(change->row.native_ids.at("ib").value, "265598");
    EXPECT_EQ(change->fields, (std::vector<FieldChange>{
                                  {"created",  "", "AAPL"  },
                                  {"ib_conid", "", "265598"}
    }));
}

TEST(FillRule, SetsAnIdOnlyWhereThereIsNone) {
    const auto present = row(1, "AAPL",
                             {
                                 {"webull", {"AAPL"}}
    });
    const auto change = decide_write(fill_id("AAPL", "ib", "265598"), &present, nullptr);
    ASSERT_TRUE(change);
    EXPECT_FALSE(change->insert);
    EXPECT_EQ(change->row.native_ids.size(), 2U);
}

TEST(FillRule, TheSameAgainChangesNothing) {
    const auto present = row(1, "AAPL",
                             {
                                 {"ib", {"265598"}}
    });
    const auto change = decide_write(fill_id("AAPL", "ib", "265598"), &present, &present);
    ASSERT_TRUE(change);
    EXPECT_TRUE(change->fields.empty());
}

TEST(FillRule, NeverReplacesAnIdAndNamesBoth) {
    const auto present = row(7, "AAPL",
                             {
                                 {"ib", {"111"}}
    });
    const auto change = decide_write(fill_id("AAPL", "ib", "265598"), &present, nullptr);
    ASSERT_FALSE(change);
    EXPECT_EQ(change.error().code, ErrorCode::Conflict);
    for (const auto* part : {"AAPL", "row 7", "111", "265598"})
        EXPECT_NE(change.error().message.find(part), std::string::npos) << part;
}

TEST(FillRule, NeverTakesAnotherSymbolsId) {
    const auto holder = row(3, "MSFT",
                            {
                                {"ib", {"265598"}}
    });
    for (const auto kind : {RegistryWriteKind::Fill, RegistryWriteKind::Map}) {
        const auto change =
            decide_write(with_kind(kind, fill_id("AAPL", "ib", "265598")), nullptr, &holder);
        ASSERT_FALSE(change);
        EXPECT_EQ(change.error().code, ErrorCode::Conflict);
        for (const auto* part : {"AAPL", "MSFT", "row 3", "265598"})
            EXPECT_NE(change.error().message.find(part), std::string::npos) << part;
    }
}

TEST(FillRule, FillsAnEmptyDescriptionOnly) {
    auto write = fill_id("AAPL", "", "");
    write.description = "Apple Inc";
    auto present = row(1, "AAPL", {});
    EXPECT_EQ(decide_write(write, &present, nullptr)->row.description, "Apple Inc");
    present.description = "By hand";
    EXPECT_TRUE(decide_write(write, &present, nullptr)->fields.empty());
}

TEST(MapRule, ReplacesAnIdAndKeepsTheOldOneInTheHistory) {
    const auto present = row(1, "AAPL",
                             {
                                 {"ib", {"111"}}
    });
    const auto change = decide_write(
        with_kind(RegistryWriteKind::Map, fill_id("AAPL", "ib", "265598")), &present, nullptr);
    ASSERT_TRUE(change);
    EXPECT_EQ(change->fields, (std::vector<FieldChange>{
                                  {"ib_conid", "111", "265598"}
    }));
}

TEST(UnmapRule, ClearsAnIdOnceAndNeedsARow) {
    const auto unmap = with_kind(RegistryWriteKind::Unmap, fill_id("AAPL", "ib", ""));
    const auto present = row(1, "AAPL",
                             {
                                 {"ib", {"111"}}
    });
    const auto change = decide_write(unmap, &present, nullptr);
    ASSERT_TRUE(change);
    EXPECT_TRUE(change->row.native_ids.empty());
    EXPECT_EQ(change->fields, (std::vector<FieldChange>{
                                  {"ib_conid", "111", ""}
    }));
    const auto cleared = row(1, "AAPL", {});
    EXPECT_TRUE(decide_write(unmap, &cleared, nullptr)->fields.empty());
    EXPECT_EQ(decide_write(unmap, nullptr, nullptr).error().code, ErrorCode::NotFound);
}

TEST(BrokerColumns, TakeOnlyIdsThatFit) {
    for (const auto* bad : {"", "0", "-1", "01", "12x", "AAPL", "99999999999999999999"})
        EXPECT_FALSE(decide_write(fill_id("AAPL", "ib", bad), nullptr, nullptr)) << bad;
    for (const auto& bad : {std::string(), std::string(" A"), std::string("A "), std::string("A\n"),
                            std::string(65, 'A')})
        EXPECT_FALSE(decide_write(fill_id("AAPL", "webull", bad), nullptr, nullptr)) << bad;
    EXPECT_TRUE(decide_write(fill_id("AAPL", "webull", std::string(64, 'A')), nullptr, nullptr));
    const auto unknown = decide_write(fill_id("AAPL", "other", "1"), nullptr, nullptr);
    EXPECT_EQ(unknown.error().message, "broker was 'other', not one of ib, webull");
}

}  // namespace
}  // namespace janus::store
