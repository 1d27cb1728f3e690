#include <gtest/gtest.h>

#include "net/grpc_byte_server.hpp"
#include "net/test_certificates.hpp"
#include "net/test_loop.hpp"

namespace janus::net {
namespace {

constexpr io::StreamId stream{3};

/// A gRPC byte server and a driver that subscribes to it.
class Streams : public testing::Test {
 protected:
    void listen(const std::optional<TlsFiles>& tls = {}) {
        const GrpcByteServerHandlers handlers{
            [this](const ByteStreamRequest& request) { opened.push_back(request); },
            [this](ByteStreamId id) { cancelled.push_back(id); }};
        auto listening = GrpcByteServer::listen(loop.loop(), {}, tls, handlers, log);
        ASSERT_TRUE(listening) << listening.error().message;
        server = std::move(*listening);
        endpoint.port = server->address().port;
    }
    void open() {
        driver.driver.perform(io::OpenStream{
            stream, endpoint, "/some.Service/Listen", {{"x-key", "value"}}, "request"});
    }
    ByteStreamId open_and_wait() {
        open();
        EXPECT_TRUE(loop.run_until([this] { return !opened.empty(); }));
        return opened.empty() ? ByteStreamId{} : opened.back().id;
    }

    TestLoop loop;
    NoLog log;
    TestCertificates certificates;
    TestDriver driver{loop};
    std::vector<ByteStreamRequest> opened;
    std::vector<ByteStreamId> cancelled;
    std::unique_ptr<GrpcByteServer> server;
    io::Endpoint endpoint{"127.0.0.1", 0, false, ""};
};

TEST_F(Streams, CarryTheRequestAndEveryMessageInOrder) {
    listen();
    const auto id = open_and_wait();
    EXPECT_EQ(opened[0].method, "/some.Service/Listen");
    EXPECT_EQ(opened[0].request, "request");
    const auto key = std::ranges::find(opened[0].metadata,
                                       std::pair<std::string, std::string>("x-key", "value"));
    EXPECT_NE(key, opened[0].metadata.end());
    for (int i = 0; i < 500; ++i) server->send(id, std::to_string(i));
    server->finish(id, 0, "");
    for (int i = 0; i < 500; ++i) {
        const auto message = driver.wait<io::StreamMessage>();
        ASSERT_TRUE(message);
        EXPECT_EQ(message->bytes, std::to_string(i));
    }
    const auto ended = driver.wait<io::StreamEnded>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->status, 0);
    EXPECT_EQ(driver.driver.open_count(), 0U);
    EXPECT_TRUE(cancelled.empty());
}

TEST_F(Streams, EmptyAndLargeMessagesPass) {
    listen();
    const auto id = open_and_wait();
    server->send(id, "");
    server->send(id, std::string(1'000'000, 'x'));
    EXPECT_EQ(driver.wait<io::StreamMessage>()->bytes, "");
    EXPECT_EQ(driver.wait<io::StreamMessage>()->bytes.size(), 1'000'000U);
}

TEST_F(Streams, EveryEndStatusComesThrough) {
    listen();
    for (const int status : {0, 7, 8, 14, 16}) {
        opened.clear();
        const auto id = open_and_wait();
        server->finish(id, status, status == 0 ? "" : "because");
        const auto ended = driver.wait<io::StreamEnded>();
        ASSERT_TRUE(ended);
        EXPECT_EQ(ended->status, status);
        EXPECT_EQ(ended->message, status == 0 ? "" : "because");
    }
}

TEST_F(Streams, NobodyThereIsUnavailable) {
    listen();
    server.reset();
    open();
    const auto ended = driver.wait<io::StreamEnded>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->status, 14);
    listen();
    EXPECT_NE(open_and_wait(), ByteStreamId{}) << "and it works again";
}

TEST_F(Streams, CloseIsFollowedByNothingAndTheServerSeesIt) {
    listen();
    const auto id = open_and_wait();
    driver.driver.perform(io::CloseStream{stream});
    EXPECT_EQ(driver.driver.open_count(), 0U);
    ASSERT_TRUE(loop.run_until([this] { return !cancelled.empty(); }));
    EXPECT_EQ(cancelled[0], id);
    server->send(id, "ignored");
    server->finish(id, 0, "ignored");
    loop.run_ready();
    EXPECT_TRUE(driver.events.empty());
}

TEST_F(Streams, AMachineMayCloseFromInsideADelivery) {
    listen();
    const auto id = open_and_wait();
    driver.on_next = [this](const io::Event&) { driver.driver.perform(io::CloseStream{stream}); };
    for (int i = 0; i < 10; ++i) server->send(id, "message");
    ASSERT_TRUE(driver.wait<io::StreamMessage>());
    ASSERT_TRUE(loop.run_until([this] { return !cancelled.empty(); }));
    EXPECT_TRUE(driver.events.empty());
}

TEST_F(Streams, AStoppingServerEndsThemWithUnavailable) {
    listen();
    open_and_wait();
    server->stop();
    const auto ended = driver.wait<io::StreamEnded>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->status, 14);
}

TEST_F(Streams, BadMetadataEndsTheStreamAndNotTheProcess) {
    listen();
    for (const auto& bad : {
             io::Header{"Upper", "x"  },
             io::Header{"",      "x"  },
             io::Header{"a",     "x\n"}
    }) {
        driver.driver.perform(io::OpenStream{stream, endpoint, "/a.B/C", {bad}, ""});
        EXPECT_TRUE(driver.events.empty()) << "never from inside perform";
        const auto ended = driver.wait<io::StreamEnded>();
        ASSERT_TRUE(ended);
        EXPECT_EQ(ended->status, 3);
    }
}

TEST_F(Streams, OverTlsTheNameAndTheAuthorityMustBeRight) {
    listen(certificates.issue("DNS:localhost,IP:127.0.0.1"));
    endpoint.tls = true;
    endpoint.ca_file = certificates.ca_file();
    const auto id = open_and_wait();
    server->finish(id, 0, "");
    EXPECT_EQ(driver.wait<io::StreamEnded>()->status, 0);
    endpoint.ca_file.clear();
    open();
    const auto stranger = driver.wait<io::StreamEnded>();
    ASSERT_TRUE(stranger);
    EXPECT_EQ(stranger->status, 14);
    EXPECT_NE(stranger->obstacle.find("'Test Authority', which is not trusted here"),
              std::string::npos)
        << stranger->obstacle;
    EXPECT_EQ(opened.size(), 1U);
}

TEST_F(Streams, AnEndpointThatIsNotReachedIsSaidInOurOwnWords) {
    listen();
    server->stop();
    open();
    const auto ended = driver.wait<io::StreamEnded>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->status, 14);
    EXPECT_EQ(ended->obstacle, fmt::format("127.0.0.1:{}: connection refused", endpoint.port));
    EXPECT_EQ(driver.driver.open_count(), 0U);
}

TEST_F(Streams, WhatThePeerSaysOfAnEndIsNoObstacle) {
    listen();
    server->finish(open_and_wait(), 14, "failed to connect");
    const auto ended = driver.wait<io::StreamEnded>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->obstacle, "");
}

TEST_F(Streams, AStreamThatIsClosedWhileItsObstacleIsSoughtIsOver) {
    listen();
    server->stop();
    for (int turns = 0; turns < 20; ++turns) {
        open();
        loop.run_until(
            [this, left = turns]() mutable { return left-- == 0 || !driver.events.empty(); });
        driver.driver.perform(io::CloseStream{stream});
        driver.events.clear();
        EXPECT_EQ(driver.driver.open_count(), 0U);
    }
    loop.run_ready();
    EXPECT_TRUE(driver.events.empty());
}

TEST_F(Streams, TwoServersCannotHaveOneAddress) {
    listen();
    const auto second = GrpcByteServer::listen(loop.loop(), server->address(), {}, {}, log);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::Conflict);
}

}  // namespace
}  // namespace janus::net
