#include "gateway/webull/wire/json.hpp"

#include <gtest/gtest.h>

namespace janus::webull::wire {
namespace {

TEST(WebullJson, NumbersKeepEveryDigit) {
    const auto body =
        Json::parse(R"({"a":0.1000000000000000055511151231257827,"b":[-1E+2,"0E-10"]})");
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(body->find("a")->text(), "0.1000000000000000055511151231257827");
    EXPECT_EQ(body->find("b")->items()[0].text(), "-1E+2");
    EXPECT_EQ(body->find("b")->items()[1].text(), "0E-10");
}

TEST(WebullJson, NullCountsAsMissing) {
    const auto body = Json::parse(R"( { "a" : null , "b" : false } )");
    EXPECT_EQ(body->find("a"), nullptr);
    EXPECT_EQ(body->find("b")->text(), "false");
    EXPECT_EQ(body->find("c"), nullptr);
}

TEST(WebullJson, EscapesAndUtf8AreRead) {
    const auto body = Json::parse(R"("\u00e9\ud83d\ude00\n\/é€")");
    EXPECT_EQ(body->text(), "é😀\n/é€");
}

TEST(WebullJson, AMemberTwiceIsRefusedHoweverManyThereAre) {
    for (const int count : {1, 2, 31, 32, 33, 34, 100}) {
        std::string members;
        for (int i = 0; i < count; ++i) members += fmt::format(R"("m{}":{},)", i, i);
        const auto with = [&](int number) {
            return Json::parse(fmt::format(R"({{{}"m{}":0}})", members, number));
        };
        const auto good = with(count);
        ASSERT_TRUE(good.has_value()) << count;
        EXPECT_EQ(good->members().size(), static_cast<std::size_t>(count) + 1);
        for (int i = 0; i < count; ++i) EXPECT_FALSE(with(i).has_value()) << count << " " << i;
    }
}

TEST(WebullJson, EverythingElseIsRefused) {
    for (const std::string_view text : {"",
                                        " ",
                                        "{",
                                        "}",
                                        "[1,]",
                                        "{\"a\":1,}",
                                        "{a:1}",
                                        "01",
                                        "1.",
                                        ".5",
                                        "+1",
                                        "1e",
                                        "- 1",
                                        "nul",
                                        "tru",
                                        "NaN",
                                        "Infinity",
                                        "\"",
                                        "\"\\x\"",
                                        "\"\\u12\"",
                                        "\"\\ud800\"",
                                        "\"\\ud800\\u0041\"",
                                        "\"\\udc00\"",
                                        "\"\n\"",
                                        "\"\x80\"",
                                        "\"\xc0\x80\"",
                                        "\"\xed\xa0\x80\"",
                                        "\"\xf5\x80\x80\x80\"",
                                        "{\"a\":1,\"a\":2}",
                                        "[] []",
                                        "<html>",
                                        "{\"a\" 1}",
                                        "[1 2]"})
        EXPECT_FALSE(Json::parse(text).has_value()) << text;
}

TEST(WebullJson, DepthAndNumberOfValuesAreBounded) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_TRUE(Json::parse(nested(Json::depth_max + 1)).has_value());
    EXPECT_FALSE(Json::parse(nested(Json::depth_max + 2)).has_value());
    EXPECT_FALSE(Json::parse(nested(1'000'000)).has_value());
    std::string many = "[1";
    for (std::size_t i = 0; i < Json::values_max; ++i) many += ",1";
    EXPECT_FALSE(Json::parse(many + "]").has_value());
    EXPECT_FALSE(Json::parse("\"" + std::string(Json::size_max, 'a') + "\"").has_value());
}

TEST(WebullJson, WhatWeWriteReadsBackAndIsCompact) {
    const std::string odd = "a\"b\\c\n\x01/é";
    const auto text = JsonObject().text("x", odd).raw("n", "[1]").done();
    EXPECT_EQ(text, R"({"x":"a\"b\\c\u000a\u0001/é","n":[1]})");
    EXPECT_EQ(Json::parse(text)->find("x")->text(), odd);
}

TEST(WebullJson, EveryTruncationOfADocumentIsRefused) {
    const std::string text = R"({"a":[1,"b\u00e9",{"c":null}],"d":-1.5e3})";
    ASSERT_TRUE(Json::parse(text).has_value());
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_FALSE(Json::parse(text.substr(0, size)).has_value()) << size;
}

}  // namespace
}  // namespace janus::webull::wire
