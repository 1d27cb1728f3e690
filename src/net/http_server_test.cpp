#include "net/http_server.hpp"

#include <gtest/gtest.h>

#include "net/test_loop.hpp"

namespace janus::net {
namespace {

/// A raw line to an HTTP server, so that tests can send what no client sends.
class RawHttp : public testing::Test {
 protected:
    void listen(HttpServerSettings settings = {}) {
        auto listening = HttpServer::listen(
            loop.loop(), settings,
            [this](const HttpServerRequest& request) { requests.push_back(request); }, log);
        ASSERT_TRUE(listening) << listening.error().message;
        server = std::move(*listening);
        line = io::ChannelId{line.value + 1};
        driver.driver.perform(io::Connect{
            line, {"127.0.0.1", server->address().port, false, ""}
        });
        ASSERT_TRUE(driver.wait<io::Connected>());
    }
    void send(const std::string& bytes) { driver.driver.perform(io::Send{line, bytes}); }
    bool wait_requests(std::size_t count) {
        return loop.run_until([&] { return requests.size() >= count; });
    }
    /// Everything that came until the text ends so, or the line is closed.
    std::string read_until(std::string_view ending) {
        std::string text;
        loop.run_until([&] {
            for (const auto& event : std::exchange(driver.events, {})) {
                if (const auto* received = std::get_if<io::Received>(&event))
                    text += received->bytes;
                if (std::holds_alternative<io::Closed>(event)) closed = true;
            }
            return closed || (!ending.empty() && text.ends_with(ending));
        });
        return text;
    }

    TestLoop loop;
    NoLog log;
    TestDriver driver{loop};
    io::ChannelId line{};
    std::unique_ptr<HttpServer> server;
    std::vector<HttpServerRequest> requests;
    bool closed{false};
};

TEST_F(RawHttp, AnAnswerMayComeLaterAndTheConnectionGoesOn) {
    listen();
    for (std::size_t i = 1; i <= 3; ++i) {
        send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n");
        ASSERT_TRUE(wait_requests(i));
        server->respond(requests.back().id, 200,
                        {
                            {"X-A", "b"}
        },
                        "alive");
        const auto text = read_until("alive");
        EXPECT_TRUE(text.starts_with("HTTP/1.1 200 OK\r\nDate: ")) << text;
        EXPECT_NE(text.find("X-A: b\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nalive"),
                  std::string::npos)
            << text;
    }
    EXPECT_FALSE(closed);
}

TEST_F(RawHttp, RequestsSentTogetherAreAnsweredInOrder) {
    listen();
    send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\nConnection: close\r\n\r\n");
    ASSERT_TRUE(wait_requests(1));
    EXPECT_EQ(requests.size(), 1U);
    server->respond(requests[0].id, 200, {}, "one");
    ASSERT_TRUE(wait_requests(2));
    server->respond(requests[1].id, 200, {}, "two");
    const auto text = read_until("");
    EXPECT_LT(text.find("one"), text.find("two"));
    EXPECT_TRUE(closed);
}

TEST_F(RawHttp, HeadIsAnsweredWithoutABody) {
    listen();
    send("HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n");
    ASSERT_TRUE(wait_requests(1));
    server->respond(requests[0].id, 200, {}, "body");
    const auto text = read_until("");
    EXPECT_NE(text.find("Content-Length: 4\r\n"), std::string::npos);
    EXPECT_TRUE(text.ends_with("\r\n\r\n"));
}

TEST_F(RawHttp, WhatIsNoHttpIsA400AndTheHandlerNeverSeesIt) {
    listen();
    send("BREW tea\r\n\r\n");
    EXPECT_TRUE(read_until("").starts_with("HTTP/1.1 400 "));
    EXPECT_TRUE(requests.empty());
}

TEST_F(RawHttp, ABodyAtTheLimitPassesAndOneByteMoreIsA413) {
    HttpServerSettings settings;
    settings.body_size_max = 10;
    listen(settings);
    send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789");
    ASSERT_TRUE(wait_requests(1));
    EXPECT_EQ(requests[0].body, "0123456789");
    server->respond(requests[0].id, 200, {}, "fits");
    read_until("fits");
    send("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n01234567890");
    EXPECT_TRUE(read_until("").starts_with("HTTP/1.1 413 "));
    EXPECT_EQ(requests.size(), 1U);
}

TEST_F(RawHttp, HeadersWithoutEndAreA431) {
    listen();
    send("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x'));
    EXPECT_TRUE(read_until("").starts_with("HTTP/1.1 431 "));
}

TEST_F(RawHttp, ALargeBodyIsAskedForWhenTheClientWaits) {
    listen();
    send("POST / HTTP/1.1\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    send("body");
    ASSERT_TRUE(wait_requests(1));
    EXPECT_EQ(requests[0].body, "body");
}

TEST_F(RawHttp, ADroppedRequestClosesTheLineWithoutAByte) {
    listen();
    send("GET / HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(wait_requests(1));
    server->drop(requests[0].id);
    EXPECT_EQ(read_until(""), "");
    EXPECT_TRUE(closed);
}

TEST_F(RawHttp, AClientThatLeavesMeanwhileIsHarmless) {
    listen();
    send("GET / HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(wait_requests(1));
    driver.driver.perform(io::Close{line});
    loop.run_ready();
    server->respond(requests[0].id, 200, {}, std::string(1'000'000, 'x'));
    loop.run_ready();
    server->respond(requests[0].id, 200, {}, "twice");
    server->respond(HttpRequestId{999}, 200, {}, "unknown");
    server->drop(requests[0].id);
    loop.run_ready();
    driver.driver.perform(io::Connect{
        io::ChannelId{99},
        {"127.0.0.1", server->address().port, false, ""}
    });
    EXPECT_TRUE(driver.wait<io::Connected>()) << "and it works again";
}

TEST_F(RawHttp, AHeaderThatBreaksTheLineIsNotSent) {
    listen();
    send("GET / HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(wait_requests(1));
    server->respond(requests[0].id, 200,
                    {
                        {"Location", "/\r\nX-Evil: 1"}
    },
                    "body");
    const auto text = read_until("\r\n\r\n");
    EXPECT_TRUE(text.starts_with("HTTP/1.1 500 ")) << text;
    EXPECT_EQ(text.find("X-Evil"), std::string::npos);
}

TEST_F(RawHttp, TooManyConnectionsAreClosedAtOnce) {
    HttpServerSettings settings;
    settings.connections_max = 1;
    listen(settings);
    const io::ChannelId second{50};
    driver.driver.perform(io::Connect{
        second, {"127.0.0.1", server->address().port, false, ""}
    });
    const auto gone = driver.wait<io::Closed>();
    ASSERT_TRUE(gone);
    EXPECT_EQ(gone->channel, second);
}

TEST_F(RawHttp, StoppingEndsLinesThatWaitForAnAnswer) {
    listen();
    send("GET / HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(wait_requests(1));
    server->stop();
    read_until("");
    EXPECT_TRUE(closed);
    server->respond(requests[0].id, 200, {}, "late");
}

TEST_F(RawHttp, TwoServersCannotHaveOneAddress) {
    listen();
    HttpServerSettings same;
    same.address = server->address();
    const auto second = HttpServer::listen(loop.loop(), same, [](const auto&) {}, log);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::Conflict);
}

}  // namespace
}  // namespace janus::net
