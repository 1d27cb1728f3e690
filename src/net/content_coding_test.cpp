#include "net/content_coding.hpp"

#include <gtest/gtest.h>

#include "net/test_gzip.hpp"

namespace janus::net {
namespace {

TEST(ContentCoding, UndoesGzipUpToTheLimitExactly) {
    const std::string plain(100'000, 'a');
    const auto packed = gzip(plain);
    EXPECT_EQ(decode_content("gzip", packed, plain.size()), plain);
    EXPECT_FALSE(decode_content("gzip", packed, plain.size() - 1));
}

TEST(ContentCoding, RefusesEveryTruncation) {
    const auto packed = gzip("some text that is worth packing, some text");
    for (std::size_t size = 1; size < packed.size(); ++size)
        EXPECT_FALSE(decode_content("gzip", packed.substr(0, size), 1000)) << size;
}

TEST(ContentCoding, LeavesPlainTextAndRefusesUnknownCodings) {
    EXPECT_EQ(decode_content("", "text", 10), "text");
    EXPECT_EQ(decode_content("identity", "text", 10), "text");
    EXPECT_FALSE(decode_content("br", "text", 10));
    EXPECT_FALSE(decode_content("gzip", "no gzip", 10));
}

}  // namespace
}  // namespace janus::net
