#include <algorithm>

#include <gtest/gtest.h>

#include "net/tcp_server.hpp"
#include "net/test_certificates.hpp"
#include "net/test_loop.hpp"

namespace janus::net {
namespace {

constexpr io::ChannelId channel{7};

/// A server on loopback that remembers what it saw, and a driver that talks to it.
class Channels : public testing::Test {
 protected:
    Channels() {
        const TcpServerHandlers handlers{
            [this](ConnectionId id, const std::string&) { peer = id; },
            [this](ConnectionId, std::string_view bytes) { seen += bytes; },
            [this](ConnectionId, const std::string& reason) { ended = reason; }};
        server = std::move(*TcpServer::listen(loop.loop(), {}, handlers, log));
        endpoint = {"127.0.0.1", server->address().port, false, ""};
    }
    void connect() {
        driver.driver.perform(io::Connect{channel, endpoint});
        ASSERT_TRUE(driver.wait<io::Connected>());
        ASSERT_TRUE(loop.run_until([this] { return peer.value != 0; }));
    }

    TestLoop loop;
    NoLog log;
    TestDriver driver{loop};
    ConnectionId peer{};
    std::string seen;
    std::string ended;
    std::unique_ptr<TcpServer> server;
    io::Endpoint endpoint;
};

TEST_F(Channels, CarryBytesBothWaysInOrder) {
    connect();
    std::string expected;
    for (int i = 0; i < 1000; ++i) {
        const auto line = std::to_string(i) + ";";
        expected += line;
        driver.driver.perform(io::Send{channel, line});
    }
    EXPECT_TRUE(loop.run_until([&] { return seen.size() == expected.size(); }));
    EXPECT_EQ(seen, expected);
    server->send(peer, "answer");
    const auto received = driver.wait<io::Received>();
    ASSERT_TRUE(received);
    EXPECT_EQ(received->bytes, "answer");
    EXPECT_EQ(received->channel, channel);
}

TEST_F(Channels, NamesAreResolved) {
    endpoint.host = "localhost";
    connect();
}

TEST_F(Channels, ARefusalIsOneClosedEventAndNotFromInsidePerform) {
    server.reset();
    driver.driver.perform(io::Connect{channel, endpoint});
    EXPECT_TRUE(driver.events.empty());
    const auto closed = driver.wait<io::Closed>();
    ASSERT_TRUE(closed);
    EXPECT_NE(closed->reason.find("refused"), std::string::npos) << closed->reason;
    loop.run_ready();
    EXPECT_TRUE(driver.events.empty());
    EXPECT_EQ(driver.driver.open_count(), 0U);
}

TEST_F(Channels, AnUnknownNameEndsWithinTheTimeout) {
    endpoint.host = "no-such-host.invalid";
    driver.driver.perform(io::Connect{channel, endpoint, std::chrono::milliseconds(300)});
    const auto closed = driver.wait<io::Closed>();
    ASSERT_TRUE(closed);
    EXPECT_NE(closed->reason.find("no-such-host.invalid"), std::string::npos) << closed->reason;
}

TEST_F(Channels, APeerThatNeverShakesHandsEndsAtTheTimeout) {
    endpoint.tls = true;
    driver.driver.perform(io::Connect{channel, endpoint, std::chrono::milliseconds(100)});
    const auto closed = driver.wait<io::Closed>();
    ASSERT_TRUE(closed);
    EXPECT_NE(closed->reason.find("within 100 ms"), std::string::npos) << closed->reason;
}

TEST_F(Channels, CloseWhileConnectingIsFollowedByNothing) {
    endpoint.tls = true;
    driver.driver.perform(io::Connect{channel, endpoint});
    ASSERT_TRUE(loop.run_until([this] { return peer.value != 0; }));
    driver.driver.perform(io::Close{channel});
    EXPECT_TRUE(loop.run_until([this] { return !ended.empty(); }));
    EXPECT_TRUE(driver.events.empty());
}

TEST_F(Channels, CloseIsFollowedByNothingAndThePeerSeesIt) {
    connect();
    driver.driver.perform(io::Close{channel});
    EXPECT_TRUE(loop.run_until([this] { return !ended.empty(); }));
    EXPECT_TRUE(driver.events.empty());
    EXPECT_EQ(driver.driver.open_count(), 0U);
}

TEST_F(Channels, ThePeersCloseArrivesAfterItsLastBytes) {
    connect();
    server->send(peer, "last words");
    server->close(peer);
    const auto received = driver.wait<io::Received>();
    ASSERT_TRUE(received);
    EXPECT_EQ(received->bytes, "last words");
    const auto closed = driver.wait<io::Closed>();
    ASSERT_TRUE(closed);
    EXPECT_EQ(closed->reason, "the peer closed the connection");
}

TEST_F(Channels, AResetIsSaidToBeOne) {
    connect();
    server->reset(peer);
    const auto closed = driver.wait<io::Closed>();
    ASSERT_TRUE(closed);
    EXPECT_EQ(closed->reason, "the peer reset the connection");
}

TEST_F(Channels, APeerThatDoesNotReadIsCutAtTheBound) {
    connect();
    server->pause_reading(peer, true);
    const std::string megabyte(1U << 20U, 'x');
    for (int i = 0; i < 64; ++i) driver.driver.perform(io::Send{channel, megabyte});
    EXPECT_TRUE(driver.events.empty()) << "never from inside perform";
    const auto closed = driver.wait<io::Closed>();
    ASSERT_TRUE(closed);
    EXPECT_EQ(closed->reason, "more than 4194304 bytes waited to be sent");
    driver.driver.perform(io::Send{channel, "ignored"});
    loop.run_ready();
    EXPECT_TRUE(driver.events.empty());
}

TEST_F(Channels, AMachineMayCloseFromInsideADelivery) {
    connect();
    driver.on_next = [this](const io::Event&) { driver.driver.perform(io::Close{channel}); };
    server->send(peer, "one");
    ASSERT_TRUE(driver.wait<io::Received>());
    EXPECT_TRUE(loop.run_until([this] { return !ended.empty(); }));
    EXPECT_TRUE(driver.events.empty());
}

TEST_F(Channels, AMachineMayConnectAgainFromInsideAClosed) {
    connect();
    driver.on_next = [this](const io::Event&) {
        driver.driver.perform(io::Connect{io::ChannelId{8}, endpoint});
    };
    server->reset(peer);
    ASSERT_TRUE(driver.wait<io::Closed>());
    const auto again = driver.wait<io::Connected>();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->channel, io::ChannelId{8});
}

TEST_F(Channels, CloseAllEndsEverythingInSilence) {
    connect();
    driver.driver.perform(io::Connect{io::ChannelId{8}, endpoint});
    driver.driver.close_all();
    EXPECT_EQ(driver.driver.open_count(), 0U);
    EXPECT_TRUE(loop.run_until([this] { return !ended.empty(); }));
    EXPECT_TRUE(driver.events.empty());
}

TEST(IoDriver, MayGoAwayWhileEverythingIsUnderWay) {
    TestLoop loop;
    NoLog log;
    auto server = TcpServer::listen(
        loop.loop(), {}, {[](auto, auto&) {}, [](auto, auto) {}, [](auto, auto&) {}}, log);
    ASSERT_TRUE(server);
    const io::Endpoint endpoint{"localhost", (*server)->address().port, true, ""};
    int delivered = 0;
    {
        IoDriver driver(loop.loop(), [&](const io::Event&) { ++delivered; }, log);
        driver.perform(io::Connect{channel, endpoint});
        driver.perform(io::HttpRequest{io::HttpId{1}, endpoint, "GET", "/", {}, ""});
        driver.perform(io::OpenStream{io::StreamId{1}, endpoint, "/a.B/C", {}, ""});
        loop.run_ready();
    }
    loop.run_ready();
    EXPECT_EQ(delivered, 0);
}

TEST_F(Channels, TwoServersCannotHaveOneAddress) {
    const auto second = TcpServer::listen(loop.loop(), server->address(), {}, log);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::Conflict);
    EXPECT_NE(second.error().message.find(to_text(server->address())), std::string::npos);
}

TEST_F(Channels, AServerListensOnItsOwnAddressesOnly) {
    const auto foreign = TcpServer::listen(loop.loop(), {"192.0.2.1", 0}, {}, log);
    ASSERT_FALSE(foreign);
    EXPECT_EQ(foreign.error().code, ErrorCode::Invalid);
    EXPECT_FALSE(TcpServer::listen(loop.loop(), {"not an address", 0}, {}, log));
}

TEST_F(Channels, StoppingTheServerCutsEverybody) {
    connect();
    server->stop();
    EXPECT_TRUE(driver.wait<io::Closed>());
    EXPECT_EQ(ended, "");
}

}  // namespace
}  // namespace janus::net
