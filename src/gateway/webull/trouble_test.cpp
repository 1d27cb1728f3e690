#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "gateway/webull/test_working_desk.hpp"

// When reads fail again and again, and what is never said even then.
namespace janus::webull {
namespace {

using gateway::OrderReport;

TEST(WebullDegraded, ReadsThatFailAgainAndAgainCloseTheGateAndRecoveryOpensIt) {
    auto desk = working_desk();
    desk.replies[open_path] = status(503);
    desk.run(60s);
    EXPECT_EQ(desk.gate(), "degraded");
    EXPECT_NE(desk.last<gateway::GateChanged>()->reason.find("503"), std::string::npos);
    desk.command(desk.place_command(8));
    EXPECT_EQ(desk.all<gateway::OrderNotSent>().size(), 1U);
    desk.replies[open_path] = ok("[" + order_group(client_1.value, "SUBMITTED") + "]");
    desk.run(50s);
    EXPECT_EQ(desk.gate(), "ready");
}

TEST(WebullDegraded, OneAccountsTroubleIsNotTheOthers) {
    auto settings = desk_settings();
    settings.accounts = {
        {AccountName{"w1"}, account_1},
        {AccountName{"w2"}, account_2}
    };
    Desk desk(settings);
    desk.start(true);
    desk.forget();
    desk.script = [](const io::HttpRequest& request) -> std::optional<Reply> {
        if (Desk::query_of(request, "account_id") == account_1) return status(500);
        return std::nullopt;
    };
    desk.run(200s);
    EXPECT_EQ(desk.gate("w1"), "degraded");
    EXPECT_EQ(desk.gate("w2"), "none") << "no change";
    desk.stream_event(
        order_event("ext00000000000000000", "FILLED", "FINAL_FILLED", "100", "10", account_2));
    EXPECT_EQ(desk.last<OrderReport>()->account.value, "w2");
}

/// Every text that leaves the gateway by its events and counters.
std::string everything_said(const Desk& desk) {
    std::string text;
    for (const auto& event : desk.events)
        std::visit(
            [&text]<typename Told>(const Told& told) {
                if constexpr (requires { told.reason; }) text += told.reason + "\n";
                if constexpr (requires { told.evidence; }) text += told.evidence + "\n";
                if constexpr (requires { told.text; }) text += told.text + "\n";
                if constexpr (requires { told.stream; }) text += told.stream + "\n";
            },
            event);
    for (const auto& [name, count] : desk.gateway().counters()) text += name + "\n";
    return text;
}

TEST(WebullSecrets, NeverAppearInWhatIsSaidEvenWhenTheBrokerSaysThem) {
    const auto gossip =
        fmt::format(R"({{"error_code":"OPENAPI_PARAM_ERR","message":"{} {} {} {}"}})", key_text,
                    secret_text, token_text, account_1);
    Desk desk;
    desk.replies["/openapi/config"] = ok(R"({"token_check_enabled":true})");
    desk.replies["/openapi/auth/token/create"] = ok(
        fmt::format(R"({{"token":"{}","expires":1774358400000,"status":"NORMAL"}})", token_text));
    desk.start(true);
    ASSERT_EQ(desk.gate(), "ready");
    desk.replies[place_path] = status(417, gossip);
    desk.command(desk.place_command());
    desk.replies["/trading/orders/cancel"] = status(500, gossip);
    desk.command(gateway::CancelOrder{OrderId{7}, client_1, {}, AccountName{"w1"}});
    for (const auto* path : {open_path, detail_path, "/trading/instruments/stocks/profiles/list"})
        desk.replies[path] = status(417, gossip);
    desk.command(
        gateway::LookupInstrument{gateway::LookupId{1}, CanonicalSymbol::parse("MSFT").value()});
    desk.run(60s);
    desk.stream_end(16);
    desk.script = [&gossip](const io::HttpRequest&) { return std::optional(status(401, gossip)); };
    desk.run(120s);
    desk.command(gateway::Stop{});
    const auto said = everything_said(desk);
    EXPECT_NE(said.find("OPENAPI_PARAM_ERR"), std::string::npos) << "the broker is quoted";
    EXPECT_NE(said.find("JNS...01"), std::string::npos) << "ids are masked";
    for (const auto* secret : {key_text, secret_text, token_text, account_1, account_2})
        EXPECT_EQ(said.find(secret), std::string::npos) << secret;
}

}  // namespace
}  // namespace janus::webull
