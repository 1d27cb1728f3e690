#include "api/token.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/convert.hpp"
#include "api/log_buffer.hpp"
#include "api/status.hpp"

namespace janus::api {
namespace {

class TokenTest : public ::testing::Test {
 protected:
    void SetUp() override {
        std::string folder = ::testing::TempDir() + "janus-token-XXXXXX";
        ASSERT_NE(::mkdtemp(folder.data()), nullptr);
        file = std::filesystem::path(folder) / "token";
    }
    void TearDown() override { std::filesystem::remove_all(file.parent_path()); }
    std::filesystem::path file;
};

TEST_F(TokenTest, IsMadeOnceAndOnlyItsOwnerMayReadIt) {
    const auto made = load_or_make_token(file);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->reveal().size(), 64U);
    struct stat status{};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_EQ(load_or_make_token(file), *made);
}

TEST_F(TokenTest, AFileThatOthersCouldReadALinkAndGarbageAreRefused) {
    ASSERT_TRUE(load_or_make_token(file));
    ::chmod(file.c_str(), 0640);
    EXPECT_FALSE(load_or_make_token(file));
    ::chmod(file.c_str(), 0600);
    const auto link = file.parent_path() / "link";
    std::filesystem::create_symlink(file, link);
    EXPECT_FALSE(load_or_make_token(link));
    std::ofstream(file, std::ios::trunc) << "too short\n";
    const auto garbage = load_or_make_token(file);
    ASSERT_FALSE(garbage);
    EXPECT_EQ(garbage.error().message.find("too short"), std::string::npos);
}

TEST_F(TokenTest, OnlyTheWholeTokenOpens) {
    const Secret token("abcdef");
    EXPECT_TRUE(is_same_token(token, "abcdef"));
    for (const auto* guess : {"", "abcde", "abcdefg", "ABCDEF"})
        EXPECT_FALSE(is_same_token(token, guess)) << guess;
    EXPECT_FALSE(is_same_token(Secret{}, "")) << "no token opens nothing";
}

TEST(LogBuffer, KeepsTheNewestLinesWithTheirNumbers) {
    LogBuffer buffer(2);
    for (const auto* text : {"a", "b", "c"}) buffer.add({}, LogLevel::Info, text);
    const auto lines = buffer.lines_after(0);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].text, "b");
    EXPECT_EQ(lines[1].number, 3U);
    EXPECT_TRUE(buffer.lines_after(3).empty());
}

v1::PlaceOrderRequest limit_order() {
    v1::PlaceOrderRequest request;
    request.set_account("ib_main");
    request.set_symbol("aapl");
    request.set_side("BUY");
    request.set_type("LIMIT");
    request.set_quantity("0.5");
    request.set_limit_price("190.50");
    request.set_idempotency_key("k");
    return request;
}

TEST(ParseIntent, ReadsDecimalsExactlyAndFillsDefaults) {
    const auto intent = parse_intent(limit_order());
    ASSERT_TRUE(intent) << intent.error().message;
    EXPECT_EQ(intent->symbol.text(), "AAPL");
    EXPECT_EQ(intent->quantity.value.to_text(), "0.5");
    EXPECT_EQ(intent->limit_price->value.to_text(), "190.5");
    EXPECT_EQ(intent->time_in_force, TimeInForce::Day);
}

TEST(ParseIntent, NamesTheFieldThatIsWrong) {
    auto request = limit_order();
    request.set_quantity("NaN");
    EXPECT_NE(parse_intent(request).error().message.find("quantity"), std::string::npos);
    request = limit_order();
    request.set_limit_price("1.123456789");
    EXPECT_NE(parse_intent(request).error().message.find("limit price"), std::string::npos);
    request = limit_order();
    request.set_side("buy");
    EXPECT_NE(parse_intent(request).error().message.find("side"), std::string::npos);
    request = limit_order();
    request.set_symbol("BRK B");
    EXPECT_EQ(parse_intent(request).error().code, ErrorCode::Invalid);
}

TEST(Convert, AnAbsentNumberIsAnAbsentField) {
    core::PositionView view;
    const auto message = to_message(view);
    EXPECT_FALSE(message.has_average_cost());
    EXPECT_FALSE(message.valuation().has_price());
    EXPECT_TRUE(message.valuation().derived());
}

TEST(Status, EveryErrorHasItsStatus) {
    EXPECT_EQ(to_status({ErrorCode::Denied, "x"}).error_code(),
              grpc::StatusCode::FAILED_PRECONDITION);
    EXPECT_EQ(to_status({ErrorCode::Unavailable, "x"}).error_code(), grpc::StatusCode::UNAVAILABLE);
    EXPECT_EQ(to_status({ErrorCode::Unauthorized, "x"}).error_code(),
              grpc::StatusCode::UNAUTHENTICATED);
}

}  // namespace
}  // namespace janus::api
