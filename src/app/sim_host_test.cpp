#include "app/sim_host.hpp"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include "app/sim_certificates.hpp"
#include "net/clock.hpp"
#include "net/io_driver.hpp"
#include "sim/webull/signature.hpp"
#include "webull/trade_event.pb.h"

namespace janus::app {
namespace {

namespace wire = ::grpc::trade::event;
using namespace std::chrono_literals;

constexpr auto account = "WBSIM0000000001";
constexpr auto patience = 20s;

/// A simulator with TLS on ports of its own, and a client of its event stream on the same loop.
class SimHostTest : public testing::Test {
 protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "janus-host-XXXXXX");
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder = pattern;
        certificates = prepare_certificates(folder).value();
        SimOptions options;
        options.ib.port = options.webull.port = 0;
        options.webull_events.port = options.control.port = 0;
        auto started = SimHost::start(loop, world, options, certificates, log);
        ASSERT_TRUE(started.has_value()) << started.error().message;
        host = std::move(*started);
    }
    void TearDown() override {
        driver.close_all();
        if (host) host->stop();
        std::filesystem::remove_all(folder);
    }

    std::uint16_t port_of(const std::string& name) const {
        const auto text = host->addresses();
        const auto at = text.find(name + "=127.0.0.1:") + name.size() + 11;
        return static_cast<std::uint16_t>(std::stoi(text.substr(at)));
    }

    void subscribe(const std::string& method) {
        wire::SubscribeRequest request;
        request.set_subscribetype(1);
        request.add_accounts(account);
        const auto bytes = request.SerializeAsString();
        sim::webull::SignedFields fields{"demo-key",
                                         "HMAC-SHA256",
                                         "1.0",
                                         fmt::format("nonce-{}", ++nonce),
                                         to_iso_seconds_text(net::system_now().utc),
                                         ""};
        fields.signature = sim::webull::stream_signature(
            sim::webull::SignatureAlgorithm::HmacSha256, fields, bytes, "demo-secret");
        driver.perform(io::OpenStream{
            {1},
            {"127.0.0.1", port_of("webull_events"), true, certificates.ca_file},
            method,
            {{"x-app-key", fields.app_key},
             {"x-signature-algorithm", fields.algorithm},
             {"x-signature-version", fields.version},
             {"x-signature-nonce", fields.nonce},
             {"x-timestamp", fields.timestamp},
             {"x-signature", fields.signature}},
            bytes
        });
    }

    /// Runs the loop until the client has so many messages, or its stream has ended.
    void run_until(std::size_t count) {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (messages.size() < count && !ended && std::chrono::steady_clock::now() < end)
            loop.run_one_for(100ms);
    }

    void on_event(const io::Event& event) {
        if (const auto* message = std::get_if<io::StreamMessage>(&event))
            EXPECT_TRUE(messages.emplace_back().ParseFromString(message->bytes));
        if (const auto* end = std::get_if<io::StreamEnded>(&event)) {
            ended = end->status;
            obstacle = end->obstacle;
        }
        if (const auto* reply = std::get_if<io::HttpResponse>(&event)) answered = reply->status;
    }

    std::string folder;
    SimCertificates certificates;
    NoLog log;
    boost::asio::io_context loop;
    SimWorld world{sim::default_scenario(), 1};
    std::unique_ptr<SimHost> host;
    net::IoDriver driver{loop, [this](const io::Event& event) { on_event(event); }, log};
    std::vector<wire::SubscribeResponse> messages;
    std::optional<int> ended;
    std::string obstacle;  ///< Of the last end.
    std::optional<int> answered;
    int nonce{0};
};

constexpr auto subscribe_method = "/grpc.trade.event.EventService/Subscribe";

TEST_F(SimHostTest, AnOrderIsToldOverTheEventStream) {
    subscribe(subscribe_method);
    run_until(1);
    ASSERT_EQ(messages.size(), 1U) << ended.value_or(-1);
    EXPECT_EQ(messages[0].eventtype(), wire::SubscribeSuccess);
    sim::ExchangeOrder order;
    order.account = account;
    order.symbol = "MSFT";
    order.quantity = {Decimal::from_integer(1)};
    ASSERT_TRUE(world.webull.external_order(net::system_now(), order).has_value());
    run_until(2);
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_NE(messages[1].payload().find("FINAL_FILLED"), std::string::npos);
}

TEST_F(SimHostTest, AFaultEndsTheStreamWithItsStatus) {
    subscribe(subscribe_method);
    run_until(1);
    ASSERT_TRUE(
        world.webull.set_fault(net::system_now(), {"events", "stream_end", true, {{"status", "8"}}})
            .has_value());
    run_until(2);
    EXPECT_EQ(ended, 8);
}

TEST_F(SimHostTest, AnotherCertificateEndsTheStreamAndTurnsTheNextOneAway) {
    const auto control = [this](const std::string& body) {
        driver.perform(io::HttpRequest{
            .id = {7},
            .endpoint = {"127.0.0.1", port_of("control"), false, ""},
            .method = "POST",
            .target = "/faults",
            .body = body
        });
    };
    subscribe(subscribe_method);
    run_until(1);
    control(R"({"target": "events", "fault": "certificate", "flaw": "expired"})");
    run_until(2);
    EXPECT_EQ(ended, 14);
    EXPECT_EQ(obstacle, "");
    ended.reset();
    subscribe(subscribe_method);
    run_until(2);
    EXPECT_EQ(ended, 14);
    EXPECT_NE(obstacle.find("the certificate expired"), std::string::npos) << obstacle;
    ended.reset();
    answered.reset();
    control(R"({"target": "events", "fault": "certificate", "enabled": false})");
    while (!answered) loop.run_one_for(100ms);
    subscribe(subscribe_method);
    run_until(2);
    ASSERT_EQ(messages.size(), 2U) << ended.value_or(-1);
    EXPECT_EQ(messages[1].eventtype(), wire::SubscribeSuccess);
}

TEST_F(SimHostTest, AnotherMethodIsUnimplemented) {
    subscribe("/grpc.trade.event.EventService/Other");
    run_until(1);
    EXPECT_EQ(ended, 12);
}

}  // namespace
}  // namespace janus::app
