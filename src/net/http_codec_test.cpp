#include "net/http_codec.hpp"

#include <gtest/gtest.h>

namespace janus::net {
namespace {

constexpr std::string_view reply =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

TEST(HttpReader, ReadsAReplyHoweverItIsCut) {
    for (std::size_t cut = 0; cut <= reply.size(); ++cut) {
        HttpReader reader(HttpSide::Reply, {});
        const auto early = reader.feed(reply.substr(0, cut));
        ASSERT_TRUE(early) << cut;
        EXPECT_EQ(early->has_value(), cut == reply.size()) << cut;
        const auto message = early->has_value() ? early : reader.feed(reply.substr(cut));
        ASSERT_TRUE(message && *message) << cut;
        EXPECT_EQ((*message)->status, 200);
        EXPECT_EQ((*message)->body, "hello");
        EXPECT_TRUE((*message)->keep_alive);
        EXPECT_TRUE(reader.is_idle());
    }
}

TEST(HttpReader, ReadsChunkedBodiesByteByByte) {
    constexpr std::string_view text =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    HttpReader reader(HttpSide::Reply, {});
    std::optional<HttpMessage> whole;
    for (const char byte : text) {
        ASSERT_FALSE(whole);
        auto message = reader.feed({&byte, 1});
        ASSERT_TRUE(message);
        whole = std::move(*message);
    }
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->body, "abcde");
}

TEST(HttpReader, SkipsInterimReplies) {
    HttpReader reader(HttpSide::Reply, {});
    const auto message = reader.feed("HTTP/1.1 100 Continue\r\n\r\n" + std::string(reply));
    ASSERT_TRUE(message && *message);
    EXPECT_EQ((*message)->status, 200);
}

TEST(HttpReader, AReplyWithoutALengthEndsWithTheConnection) {
    HttpReader reader(HttpSide::Reply, {});
    const auto open = reader.feed("HTTP/1.1 200 OK\r\n\r\nall of it");
    ASSERT_TRUE(open);
    EXPECT_FALSE(*open);
    const auto message = reader.finish();
    ASSERT_TRUE(message && *message);
    EXPECT_EQ((*message)->body, "all of it");
    EXPECT_FALSE((*message)->keep_alive);
}

TEST(HttpReader, HalfAReplyIsAnErrorAtTheEnd) {
    HttpReader reader(HttpSide::Reply, {});
    ASSERT_TRUE(reader.feed(reply.substr(0, reply.size() - 1)));
    EXPECT_FALSE(reader.finish());
}

TEST(HttpReader, HeadHasNoBodyWhateverItsLengthSays) {
    HttpReader reader(HttpSide::Reply, {});
    reader.expect_body(HasBody::No);
    const auto message = reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    ASSERT_TRUE(message && *message);
    EXPECT_EQ((*message)->body, "");
}

TEST(HttpReader, RefusesWhatIsTooLargeAndSaysWhich) {
    const HttpLimits limits{.header_size_max = 200, .body_size_max = 4};
    HttpReader body(HttpSide::Reply, limits);
    const auto too_long = body.feed(reply);
    ASSERT_FALSE(too_long);
    EXPECT_EQ(too_long.error().fault, HttpFault::BodyTooLarge);
    HttpReader head(HttpSide::Request, limits);
    const auto headers = head.feed("GET / HTTP/1.1\r\nA: " + std::string(300, 'x') + "\r\n\r\n");
    ASSERT_FALSE(headers);
    EXPECT_EQ(headers.error().fault, HttpFault::HeadersTooLarge);
}

TEST(HttpReader, ChunkedBodiesObeyTheLimitToo) {
    HttpReader reader(HttpSide::Reply, {.body_size_max = 4});
    const auto message =
        reader.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n");
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().fault, HttpFault::BodyTooLarge);
}

TEST(HttpReader, RefusesWhatIsNoHttp) {
    HttpReader reader(HttpSide::Request, {});
    EXPECT_FALSE(reader.feed("\x16\x03\x01 not http at all\r\n\r\n"));
}

TEST(HttpReader, GivesRequestsThatCameTogetherOneByOne) {
    HttpReader reader(HttpSide::Request, {});
    const auto first = reader.feed(
        "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\nConnection: "
        "close\r\n\r\n");
    ASSERT_TRUE(first && *first);
    EXPECT_EQ((*first)->method, "POST");
    EXPECT_EQ((*first)->body, "hi");
    EXPECT_FALSE(reader.is_idle());
    const auto second = reader.feed({});
    ASSERT_TRUE(second && *second);
    EXPECT_EQ((*second)->target, "/b");
    EXPECT_FALSE((*second)->keep_alive);
}

TEST(Headers, AreFoundInAnyCaseAndMayNotBreakTheLine) {
    const HttpHeaders headers{
        {"Content-Type", "text/plain"}
    };
    EXPECT_EQ(find_header(headers, "content-TYPE"), "text/plain");
    EXPECT_FALSE(find_header(headers, "Content"));
    EXPECT_TRUE(check_headers(headers));
    EXPECT_FALSE(check_headers({
        {"A", "b\r\nC: d"}
    }));
    EXPECT_FALSE(check_headers({
        {"A b", "c"}
    }));
    EXPECT_FALSE(check_headers({
        {"", "c"}
    }));
}

TEST(Targets, StartWithASlashAndHoldNoBlank) {
    EXPECT_TRUE(is_target("/a?b=c%20d"));
    EXPECT_FALSE(is_target("a"));
    EXPECT_FALSE(is_target("/a b"));
    EXPECT_FALSE(is_target("/a\r\nHost: x"));
    EXPECT_FALSE(is_method("GET /"));
}

}  // namespace
}  // namespace janus::net
