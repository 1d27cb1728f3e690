#include <gtest/gtest.h>

#include "net/http_server.hpp"
#include "net/tcp_server.hpp"
#include "net/test_certificates.hpp"
#include "net/test_gzip.hpp"
#include "net/test_loop.hpp"

namespace janus::net {
namespace {

/// An HTTP server whose next answer is set by the test, and a driver that asks it.
class HttpExchanges : public testing::Test {
 protected:
    void listen(std::optional<TlsFiles> tls = {}) {
        HttpServerSettings settings;
        settings.tls = std::move(tls);
        auto listening = HttpServer::listen(
            loop.loop(), settings, [this](const HttpServerRequest& request) { answer(request); },
            log);
        ASSERT_TRUE(listening) << listening.error().message;
        server = std::move(*listening);
        endpoint.port = server->address().port;
    }
    void answer(const HttpServerRequest& request) {
        peers.push_back(request.peer);
        last = request;
        if (respond) return respond(request);
        server->respond(request.id, 200,
                        {
                            {"Content-Type", "text/plain"}
        },
                        "hello");
    }
    io::HttpRequest request(const std::string& method = "GET") const {
        return {.id = io::HttpId{1},
                .endpoint = endpoint,
                .method = method,
                .target = "/path?x=1",
                .headers = {{"X-One", "1"}},
                .body = method == "POST" ? "content" : ""};
    }
    std::optional<io::HttpResponse> ask(io::HttpRequest what) {
        driver.driver.perform(std::move(what));
        return driver.wait<io::HttpResponse>();
    }
    std::optional<io::HttpFailed> ask_in_vain(io::HttpRequest what) {
        driver.driver.perform(std::move(what));
        return driver.wait<io::HttpFailed>();
    }
    /// Why a request was not even sent, as is checked here.
    std::string refusal() {
        const auto before = peers.size();
        const auto failed = ask_in_vain(request());
        EXPECT_EQ(peers.size(), before);
        if (!failed) return "answered";
        EXPECT_FALSE(failed->sent);
        return failed->reason;
    }

    TestLoop loop;
    NoLog log;
    TestCertificates certificates;
    TestDriver driver{loop};
    std::unique_ptr<HttpServer> server;
    io::Endpoint endpoint{"127.0.0.1", 0, false, ""};
    std::function<void(const HttpServerRequest&)> respond;
    std::vector<std::string> peers;
    HttpServerRequest last;
};

TEST_F(HttpExchanges, CarryMethodTargetHeadersAndBody) {
    listen();
    const auto response = ask(request("POST"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "hello");
    EXPECT_EQ(last.method, "POST");
    EXPECT_EQ(last.target, "/path?x=1");
    EXPECT_EQ(last.body, "content");
    EXPECT_EQ(last.find_header("x-one"), "1");
    EXPECT_EQ(last.find_header("host"), "127.0.0.1:" + std::to_string(endpoint.port));
    EXPECT_EQ(last.find_header("content-length"), "7");
    EXPECT_EQ(driver.driver.open_count(), 0U);
}

TEST_F(HttpExchanges, EveryStatusIsAnAnswerAndRedirectsAreNotFollowed) {
    listen();
    for (const int status : {204, 302, 404, 417, 429, 500, 503}) {
        respond = [&](const HttpServerRequest& r) {
            server->respond(r.id, status,
                            {
                                {"Location", "/elsewhere"}
            },
                            "");
        };
        const auto response = ask(request());
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status, status);
    }
    EXPECT_EQ(peers.size(), 7U);
}

TEST_F(HttpExchanges, GetsShareAConnectionAndPostsNever) {
    listen();
    for (const auto* method : {"GET", "GET", "POST", "POST"}) ASSERT_TRUE(ask(request(method)));
    EXPECT_EQ(peers[0], peers[1]);
    EXPECT_NE(peers[2], peers[1]);
    EXPECT_NE(peers[3], peers[2]);
    EXPECT_NE(peers[3], peers[1]);
}

TEST_F(HttpExchanges, AConnectionThatThePeerHasClosedIsNotUsedAgain) {
    listen();
    ASSERT_TRUE(ask(request()));
    server.reset();
    listen();  // Another port; then the first endpoint again, where nobody listens.
    loop.run_ready();
    auto stale = request();
    stale.endpoint.port = static_cast<std::uint16_t>(
        std::stoi(std::string(*last.find_header("host")).substr(std::string("127.0.0.1:").size())));
    const auto failed = ask_in_vain(stale);
    ASSERT_TRUE(failed);
    EXPECT_FALSE(failed->sent);
}

TEST_F(HttpExchanges, RefusedIsProvenUnsent) {
    listen();
    server.reset();
    const auto failed = ask_in_vain(request("POST"));
    ASSERT_TRUE(failed);
    EXPECT_FALSE(failed->sent);
    EXPECT_NE(failed->reason.find("refused"), std::string::npos) << failed->reason;
}

TEST_F(HttpExchanges, NoReplyInTimeIsAFailureThatMayHaveBeenSent) {
    listen();
    respond = [](const HttpServerRequest&) {};
    auto slow = request("POST");
    slow.timeout = std::chrono::milliseconds(200);
    const auto failed = ask_in_vain(slow);
    ASSERT_TRUE(failed);
    EXPECT_TRUE(failed->sent);
    EXPECT_EQ(failed->reason, "no reply within 200 ms");
    EXPECT_EQ(peers.size(), 1U);
    server->respond(last.id, 200, {}, "too late");
    respond = nullptr;
    EXPECT_TRUE(ask(request())) << "and it works again";
    EXPECT_TRUE(driver.events.empty());
}

TEST_F(HttpExchanges, ClosedBeforeTheReplyMayHaveBeenSentAndIsNotTriedAgain) {
    listen();
    for (const auto* method : {"POST", "GET"}) {
        peers.clear();
        respond = [this](const HttpServerRequest& r) { server->drop(r.id); };
        const auto failed = ask_in_vain(request(method));
        ASSERT_TRUE(failed);
        EXPECT_TRUE(failed->sent);
        EXPECT_EQ(peers.size(), 1U);
    }
}

TEST_F(HttpExchanges, HalfAReplyIsAFailure) {
    listen();
    respond = [this](const HttpServerRequest& r) {
        server->respond_raw(r.id, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    };
    const auto failed = ask_in_vain(request());
    ASSERT_TRUE(failed);
    EXPECT_TRUE(failed->sent);
    EXPECT_NE(failed->reason.find("before the message was whole"), std::string::npos);
}

TEST_F(HttpExchanges, WhatIsNoHttpIsAFailure) {
    listen();
    respond = [this](const HttpServerRequest& r) { server->respond_raw(r.id, "<html>busy"); };
    EXPECT_TRUE(ask_in_vain(request()));
}

TEST_F(HttpExchanges, ABodyMayBeAsLongAsAllowedAndNotLonger) {
    listen();
    respond = [this](const HttpServerRequest& r) {
        server->respond(r.id, 200, {}, std::string(1000, 'x'));
    };
    auto bounded = request();
    bounded.body_size_max = 1000;
    const auto response = ask(bounded);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body.size(), 1000U);
    bounded.body_size_max = 999;
    const auto failed = ask_in_vain(bounded);
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->reason, "the body is too large");
}

TEST_F(HttpExchanges, PackedBodiesAreUnpackedWithinTheLimit) {
    listen();
    respond = [this](const HttpServerRequest& r) {
        server->respond(r.id, 200,
                        {
                            {"content-encoding", "gzip"}
        },
                        gzip(std::string(5000, 'x')));
    };
    const auto response = ask(request());
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, std::string(5000, 'x'));
    EXPECT_EQ(last.find_header("accept-encoding"), "gzip");
    auto bounded = request();
    bounded.body_size_max = 4999;
    EXPECT_TRUE(ask_in_vain(bounded));
}

TEST_F(HttpExchanges, WhatCannotBeARequestIsRefusedUnsent) {
    listen();
    auto broken_header = request();
    broken_header.headers = {
        {"X-Evil", "1\r\nX-More: 2"}
    };
    auto broken_target = request();
    broken_target.target = "/a b";
    for (const auto& broken : {broken_header, broken_target}) {
        const auto failed = ask_in_vain(broken);
        ASSERT_TRUE(failed);
        EXPECT_FALSE(failed->sent);
    }
    EXPECT_TRUE(peers.empty());
}

TEST_F(HttpExchanges, OverTlsTheNameAndTheAuthorityMustBeRight) {
    listen(certificates.issue("DNS:localhost,IP:127.0.0.1"));
    endpoint.tls = true;
    endpoint.ca_file = certificates.ca_file();
    EXPECT_TRUE(ask(request())) << "by address";
    endpoint.host = "localhost";
    EXPECT_TRUE(ask(request("POST"))) << "by name";
    EXPECT_TRUE(ask(request())) << "on the same connection";
    endpoint.ca_file.clear();
    EXPECT_NE(refusal().find("the certificate is from 'Test Authority', which is not trusted here"),
              std::string::npos)
        << refusal();
}

TEST_F(HttpExchanges, ACertificateOfAnotherNameIsRefusedBeforeAByteLeaves) {
    listen(certificates.issue("DNS:one.example,IP:10.0.0.1,DNS:two.example,DNS:three.example"));
    for (const auto* host : {"localhost", "127.0.0.1"}) {
        endpoint = {host, endpoint.port, true, certificates.ca_file()};
        EXPECT_TRUE(
            refusal().ends_with("the certificate is for one.example, 10.0.0.1, "
                                "two.example, ..., not for " +
                                std::string(host)))
            << refusal();
    }
}

TEST_F(HttpExchanges, WhatACertificateSaysOfItselfIsShownWithoutItsControlCharacters) {
    listen(certificates.issue("DNS:evil\x1b[2J.example" + std::string(100, 'x')));
    endpoint = {"localhost", endpoint.port, true, certificates.ca_file()};
    EXPECT_NE(refusal().find("is for evil?[2J.examplexxx"), std::string::npos) << refusal();
    EXPECT_EQ(refusal().find(std::string(65, 'x')), std::string::npos);
}

TEST_F(HttpExchanges, ACertificateOutOfItsTimeIsRefusedWithTheTime) {
    using Validity = TestCertificates::Validity;
    for (const auto& [validity, words] : {
             std::pair{Validity::Expired, "the certificate expired on 20"      },
             std::pair{Validity::NotYet,  "the certificate is not valid before"}
    }) {
        listen(certificates.issue("DNS:localhost", validity));
        endpoint = {"localhost", endpoint.port, true, certificates.ca_file()};
        EXPECT_NE(refusal().find(words), std::string::npos) << refusal();
    }
}

TEST_F(HttpExchanges, AServerChangesItsCertificateAndEndsWhatIsOpen) {
    listen(certificates.issue("DNS:localhost"));
    endpoint = {"localhost", endpoint.port, true, certificates.ca_file()};
    EXPECT_TRUE(ask(request())) << "and its connection is kept";
    ASSERT_TRUE(server->serve(certificates.issue("DNS:elsewhere.example")));
    loop.run_ready();
    EXPECT_NE(refusal().find("elsewhere.example"), std::string::npos) << refusal();
    EXPECT_FALSE(server->serve({"/nowhere/cert.pem", "/nowhere/key.pem"}));
    EXPECT_NE(refusal().find("elsewhere.example"), std::string::npos) << "the old one goes on";
    ASSERT_TRUE(server->serve(certificates.issue("DNS:localhost")));
    EXPECT_TRUE(ask(request("POST")));
}

TEST_F(HttpExchanges, ManyAtOnceAreEachAnsweredOnce) {
    listen();
    for (std::uint32_t i = 1; i <= 100; ++i) {
        auto one = request(i % 2 == 0 ? "GET" : "POST");
        one.id = io::HttpId{i};
        driver.driver.perform(one);
    }
    ASSERT_TRUE(loop.run_until([this] { return driver.events.size() == 100; }));
    std::vector<std::uint32_t> ids;
    for (const auto& event : driver.events)
        ids.push_back(std::get<io::HttpResponse>(event).id.value);
    std::ranges::sort(ids);
    for (std::uint32_t i = 1; i <= 100; ++i) EXPECT_EQ(ids[i - 1], i);
}

}  // namespace
}  // namespace janus::net
