#include "sim/webull/signature.hpp"

#include <array>

#include <gtest/gtest.h>

namespace janus::sim::webull {
namespace {

constexpr std::string_view secret = "sk-Qm7Zr4Tb1Lx9";
constexpr std::string_view strange_secret = "s3cr&t=+/\u00fc";
constexpr std::string_view order_body =
    R"({"account_id":"JNS7QK20ACC0001","new_orders":[{"combo_type":"NORMAL","client_order_id":"jns-000000000042","symbol":"MSFT","instrument_type":"EQUITY","market":"US","order_type":"LIMIT","limit_price":"401.25","quantity":"7","support_trading_session":"CORE","side":"BUY","time_in_force":"DAY","entrust_type":"QTY"}]})";
constexpr auto open_nonce = "6f1d2b7e-0c3a-5e4f-9a8b-112233445566";
constexpr auto place_nonce = "9d3c7f60-2a41-5b8c-8e55-0f1e2d3c4b5a";
constexpr auto stream_nonce = "abcdef01-2345-5678-89ab-cdef01234567";

SignedFields fields(const char* algorithm, std::string nonce) {
    return {"ak_5f2c9d10e4b7", algorithm, "1.0", std::move(nonce), "2026-03-09T14:30:05Z", ""};
}

std::string bytes_of(std::string_view hex) {
    std::string bytes;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(at, 2)), nullptr, 16));
    return bytes;
}

std::string rest(const SignedFields& with, const SignedCall& call, std::string_view key = secret) {
    return rest_signature(*find_algorithm(with.algorithm), with, call, key);
}

QueryParameters open_query() {
    return {
        {"account_id", "JNS7QK20ACC0001"},
        {"page_size",  "20"             }
    };
}

// The vectors V0 to V13 of the protocol sheet, made with the official client.
TEST(SimWebullSignature, V0MatchesThePublishedExample) {
    const SignedFields published{"776da210ab4a452795d74e726ebd74b6",
                                 "HMAC-SHA1",
                                 "1.0",
                                 "48ef5afed43d4d91ae514aaeafbc29ba",
                                 "2022-01-04T03:55:31Z",
                                 ""};
    const SignedCall call{
        "api.webull.com",
        "/trade/place_order",
        {{"a1", "webull"}, {"a2", "123"}, {"a3", "xxx"}, {"q1", "yyy"}},
        R"({"k1":123,"k2":"this is the api request body","k3":true,"k4":{"foo":[1,2]}})"
    };
    EXPECT_EQ(rest(published, call, "0f50a2e853334a9aae1a783bee120c1f"),
              "kvlS6opdZDhEBo5jq40nHYXaLvM=");
}

TEST(SimWebullSignature, V1SignsAQueryWithSha1) {
    EXPECT_EQ(rest(fields("HMAC-SHA1", open_nonce),
                   {"api.webull.com", "/openapi/trade/order/open", open_query(), ""}),
              "77ITjMWSzdBjsczECT2xjxo17mo=");
}

TEST(SimWebullSignature, V2SignsAQueryWithSha256) {
    EXPECT_EQ(
        rest(fields("HMAC-SHA256", open_nonce),
             {"api.sandbox.webull.com", "/trading/orders/open-orders/list", open_query(), ""}),
        "vPbJxC7N6UVZqzl4rFFGbKvBvW7sYqDVcj6APP0lzWw=");
}

TEST(SimWebullSignature, V3SignsACallWithoutQuery) {
    EXPECT_EQ(rest(fields("HMAC-SHA256", "0a0b0c0d-1111-5222-8333-444455556666"),
                   {"127.0.0.1", "/openapi/account/list", {}, ""}),
              "VY9E8YB4q+xGv0jeowSa5EM/w9oElPSjT+SDDjE3Org=");
}

TEST(SimWebullSignature, V4SignsABodyAndAHostWithPort) {
    EXPECT_EQ(rest(fields("HMAC-SHA256", place_nonce),
                   {"127.0.0.1:18080", "/openapi/trade/order/place", {}, std::string(order_body)}),
              "m1OPaPZJsIyPvVgoQSwXBq30zEUo6IfGzD9k9Loi68o=");
}

TEST(SimWebullSignature, V4WithoutThePortIsAnotherSignature) {
    EXPECT_EQ(rest(fields("HMAC-SHA256", place_nonce),
                   {"127.0.0.1", "/openapi/trade/order/place", {}, std::string(order_body)}),
              "yyen+MPbQcxKYNc+WIrXNNLrS1UjayxU2y6X9vgD2iY=");
}

TEST(SimWebullSignature, V5SignsABodyWithMd5AndSha1) {
    EXPECT_EQ(rest(fields("HMAC-SHA1", place_nonce),
                   {"api.webull.com", "/openapi/trade/order/place", {}, std::string(order_body)}),
              "RzJof6wsip42tx5t79Xzojvqg10=");
}

TEST(SimWebullSignature, V6CountsAnEmptyObjectAsABody) {
    EXPECT_EQ(rest(fields("HMAC-SHA256", "11111111-2222-5333-8444-555555555555"),
                   {"api.sandbox.webull.com", "/openapi/auth/token/create", {}, "{}"}),
              "8Ahmi0Qms6iel4I8K6W1eSmQxI4dQk30Suf8yzNK9R0=");
}

TEST(SimWebullSignature, V7SignsTheDecodedQueryOfTheWire) {
    auto with = fields("HMAC-SHA256", "nonce~1*2");
    with.app_key = "key with space/+=";
    const auto target = parse_target(
        "/openapi/instrument/stock/list?symbols=BRK+B%2CBF%2FB&note=a%2Bb%3Dc%26d%2520~%2A%27%28%29"
        "%21%C3%A9%E2%82%AC&category=US_STOCK");
    ASSERT_TRUE(target.has_value());
    EXPECT_EQ(rest(with, {"127.0.0.1", target->path, target->query, ""}, strange_secret),
              "D2cmsIAv+knuZVBIgZnTAH1nRD5UxSX/sopiteMzsJQ=");
}

TEST(SimWebullSignature, V8SignsTheBytesOfAnUnusualBody) {
    const auto body = bytes_of(
        "7b226163636f756e745f6964223a224143432f312b32222c22636c69656e745f6f726465725f6964223a226e61"
        "c3af7665205c2269645c2220e697a5e69cac20f09f98805c6e5c74227d");
    ASSERT_EQ(body.size(), 74U);
    EXPECT_EQ(rest(fields("HMAC-SHA256", "77777777-8888-5999-8aaa-bbbbbbbbbbbb"),
                   {"127.0.0.1", "/openapi/trade/order/cancel", {}, body}, strange_secret),
              "vwF5N8K4UFXzTAGt/ftitMGGevdrJEAN3kSvRFqws1k=");
}

TEST(SimWebullSignature, V9AppendsAQueryValueToASignedName) {
    EXPECT_EQ(rest(fields("HMAC-SHA256", "22222222-3333-5444-8555-666666666666"),
                   {
                       "127.0.0.1",
                       "/openapi/trade/order/detail",
                       {{"host", "evil.example"}, {"account_id", "A1"}},
                       ""
    }),
              "z/pcNJo3ykV59zp7711LT+ypQPFAb109LzZa1GogA1A=");
}

struct StreamVector {
    const char* name;
    std::string_view request;
    const char* algorithm;
    std::string_view signature;
};
constexpr std::string_view one_account = "080310c3a48598cd332a0f4a4e5337514b323041434330303031";
constexpr auto stream_vectors = std::to_array<StreamVector>({
    {"V10", one_account,                                                                       "HMAC-SHA256", "duZzv5rkMOLwKBjMFbo9UE4ZoQQoQcHegdbeI8lsAf0="},
    {"V11", one_account,                                                                       "HMAC-SHA1",   "+A9Ir/lh8msst9s+VawdBDBn/w8="                },
    {"V12",
     "080710c3a48598cd332a0f4a4e5337514b3230414343303030312a0f4a4e5337514b323041434330303032", "HMAC-SHA256", "yay16QOfcsTWFsgXV+86RnOEPP4mF38VeHOdaGSqAC4="},
    {"V13", "",                                                                                "HMAC-SHA256", "Z8hn2RrMxtpGh6qT4n+NVtqnooataPVretWTvscC4ck="},
});

TEST(SimWebullSignature, StreamVectorsV10ToV13AreReproduced) {
    for (const auto& row : stream_vectors)
        EXPECT_EQ(
            stream_signature(*find_algorithm(row.algorithm), fields(row.algorithm, stream_nonce),
                             bytes_of(row.request), secret),
            row.signature)
            << row.name;
}

TEST(SimWebullSignature, AnUnknownAlgorithmIsNotFound) {
    EXPECT_FALSE(find_algorithm("HMAC-SHA512"));
    EXPECT_FALSE(find_algorithm(""));
    EXPECT_FALSE(find_algorithm("hmac-sha256"));
}

TEST(SimWebullSignature, ComparisonRefusesOtherLengthsAndOtherTexts) {
    EXPECT_TRUE(same_signature("abc", "abc"));
    EXPECT_FALSE(same_signature("abc", "abd"));
    EXPECT_FALSE(same_signature("abc", "ab"));
    EXPECT_FALSE(same_signature("abc", ""));
}

TEST(SimWebullTarget, BothSpellingsOfASpaceAreRead) {
    const auto target = parse_target("/p?a=x+y&b=x%20y&c&d=");
    ASSERT_TRUE(target.has_value());
    EXPECT_EQ(target->path, "/p");
    EXPECT_EQ(value_of(target->query, "a"), "x y");
    EXPECT_EQ(value_of(target->query, "b"), "x y");
    EXPECT_EQ(value_of(target->query, "c"), "");
    EXPECT_EQ(value_of(target->query, "missing"), "");
    EXPECT_EQ(target->query.size(), 4U);
}

TEST(SimWebullTarget, ABrokenEscapeIsAnError) {
    EXPECT_FALSE(parse_target("/p?a=%").has_value());
    EXPECT_FALSE(parse_target("/p?a=%4").has_value());
    EXPECT_FALSE(parse_target("/p?a=%zz").has_value());
    EXPECT_TRUE(parse_target("/p?a=%41").has_value());
}

}  // namespace
}  // namespace janus::sim::webull
