#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "gateway/ib/fake_contracts.hpp"
#include "gateway/ib/fake_messages.hpp"
#include "gateway/ib/wire/incoming.hpp"
#include "runs.hpp"

namespace janus::transcript {
namespace {

const std::filesystem::path folder = JANUS_TRANSCRIPTS;

const Layouts& layouts() {
    static const auto read = Layouts::parse(text_of(folder / "ib_messages.txt")).value();
    return read;
}

/// Runs one file in the ways that its tests name.
class IbTranscript : public testing::TestWithParam<std::filesystem::path> {
 protected:
    void SetUp() override {
        auto script = read_script(GetParam());
        ASSERT_TRUE(script) << script.error().message;
        script_ = std::move(*script);
    }
    Runs runs() const { return {layouts(), script_, Bytes::Some}; }
    static void expect(const Result<std::size_t>& done) {
        ASSERT_TRUE(done) << done.error().message;
    }

    Script script_;
};

TEST_P(IbTranscript, GoesAsWrittenAtEveryVersion) {
    auto every = runs();
    expect(every.straight());
}

TEST_P(IbTranscript, InPiecesSaysTheSame) {
    expect(runs().split());
}

TEST_P(IbTranscript, CutAnywhereHealsAndTellsTheTruth) {
    expect(runs().cut());
}

TEST_P(IbTranscript, AProcessThatEndsAnywhereReusesNoNumber) {
    expect(runs().drop());
}

std::string name_of(const testing::TestParamInfo<std::filesystem::path>& info) {
    auto name = std::filesystem::relative(info.param, folder / "ib").string();
    name.resize(name.size() - 4);
    std::ranges::replace_if(
        name, [](unsigned char letter) { return std::isalnum(letter) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(, IbTranscript, testing::ValuesIn(find_scripts(folder / "ib")), name_of);

TEST(IbTranscripts, ThereAreMany) {
    EXPECT_GE(find_scripts(folder / "ib").size(), 150U);
}

/// A row of the table of messages without a payload is a decoder that nobody has seen work.
TEST(IbTranscripts, EveryMessageRowHasAPayload) {
    std::map<std::string, int> seen;
    for (const auto& file : find_scripts(folder / "ib")) {
        const auto script = read_script(file);
        ASSERT_TRUE(script) << script.error().message;
        Runs runs(layouts(), *script, Bytes::Some);
        ASSERT_TRUE(runs.straight());
        for (const auto& [id, count] : runs.ids_fed()) seen[id] += count;
    }
    constexpr std::int64_t text_ids_end = 200;
    for (std::int64_t id = 0; id < text_ids_end; ++id)
        if (const auto* row = ib::wire::find_message_row(id))
            EXPECT_GT(seen[std::to_string(id)], 0) << row->name << " is in no transcript";
}

/// Two descriptions by hand, written apart, of the two longest messages.
TEST(IbTranscripts, TheLayoutsAgreeWithTheHandWrittenBroker) {
    for (int version = 176; version <= 200; ++version) {
        const auto open = layouts().build(*parse_line("OPEN_ORDER"), version, {});
        ASSERT_TRUE(open) << open.error().message;
        ib::fake::OrderText order;
        order.reference = "transcriptorder00001";
        EXPECT_EQ(*open, ib::fake::open_order(order, version)) << version;
        const auto completed =
            layouts().build(*parse_line("COMPLETED_ORDER status=Submitted"), version, {});
        ASSERT_TRUE(completed) << completed.error().message;
        EXPECT_EQ(*completed, ib::fake::completed_order(order, version)) << version;
    }
}

}  // namespace
}  // namespace janus::transcript
