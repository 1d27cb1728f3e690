#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/webull/wire/paths.hpp"
#include "webull_runs.hpp"

namespace janus::transcript {
namespace {

const std::filesystem::path folder = JANUS_TRANSCRIPTS;

const Bodies& bodies() {
    static const auto read = Bodies::parse(text_of(folder / "webull_bodies.txt")).value();
    return read;
}

/// Runs one file in the ways that its tests name.
class WebullTranscript : public testing::TestWithParam<std::filesystem::path> {
 protected:
    void SetUp() override {
        auto script = read_script(GetParam());
        ASSERT_TRUE(script) << script.error().message;
        script_ = std::move(*script);
    }
    WebullRuns runs() const { return {bodies(), script_, Bytes::Some}; }
    static void expect(const Result<std::size_t>& done) {
        ASSERT_TRUE(done) << done.error().message;
    }

    Script script_;
};

TEST_P(WebullTranscript, GoesAsWritten) {
    auto as_written = runs();
    expect(as_written.straight());
}

TEST_P(WebullTranscript, HalfAnAnswerIsAFailure) {
    expect(runs().truncated());
}

TEST_P(WebullTranscript, CutAnywhereHealsAndTellsTheTruth) {
    expect(runs().cut());
}

TEST_P(WebullTranscript, AProcessThatEndsAnywherePlacesNothingAgain) {
    expect(runs().drop());
}

std::string name_of(const testing::TestParamInfo<std::filesystem::path>& info) {
    auto name = std::filesystem::relative(info.param, folder / "webull").string();
    name.resize(name.size() - 4);
    std::ranges::replace_if(
        name, [](unsigned char letter) { return std::isalnum(letter) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(, WebullTranscript, testing::ValuesIn(find_scripts(folder / "webull")),
                         name_of);

/// An endpoint, a scene or a control message without a transcript is one that nobody has seen work.
TEST(WebullTranscripts, EveryEndpointAndSceneIsMet) {
    std::map<std::string, int> met;
    for (const auto& file : find_scripts(folder / "webull")) {
        const auto script = read_script(file);
        ASSERT_TRUE(script) << script.error().message;
        WebullRuns runs(bodies(), *script, Bytes::Some);
        ASSERT_TRUE(runs.straight());
        for (const auto& [what, count] : runs.met()) met[what] += count;
    }
    for (int call = 0; call <= static_cast<int>(webull::wire::Call::Detail); ++call) {
        std::string name(webull::wire::row_of(static_cast<webull::wire::Call>(call)).name);
        std::ranges::replace(name, ' ', '_');
        EXPECT_GT(met[name], 0) << name;
    }
    for (const auto* scene :
         {"FILLED", "FINAL_FILLED", "PLACE_FAILED", "MODIFY_SUCCESS", "MODIFY_FAILED",
          "CANCEL_SUCCESS", "CANCEL_FAILED", "subscribe_success", "ping", "auth_error",
          "connections_exceeded", "subscribe_expired"})
        EXPECT_GT(met[scene], 0) << scene;
}

}  // namespace
}  // namespace janus::transcript
