#include "net/listen_address.hpp"

#include <gtest/gtest.h>

namespace janus::net {
namespace {

TEST(ListenAddress, ReadsHostAndPortAndWritesThemBack) {
    for (const auto* text : {"127.0.0.1:2014", "localhost:0", "[::1]:65535"}) {
        const auto address = parse_listen_address(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(to_text(*address), text);
    }
    EXPECT_EQ(parse_listen_address("[::1]:80")->host, "::1");
}

TEST(ListenAddress, RefusesWhatIsNotHostAndPort) {
    for (const auto* text : {"", "127.0.0.1", ":80", "localhost:", "localhost:65536",
                             "localhost:-1", "localhost:80x", "::1:80", "localhost: 80"})
        EXPECT_FALSE(parse_listen_address(text)) << text;
}

}  // namespace
}  // namespace janus::net
