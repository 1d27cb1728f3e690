#include "app/brokers.hpp"

#include <map>

#include <gtest/gtest.h>

namespace janus::app {
namespace {

/// Two accounts of one login, each with more lines of its own.
std::string two_accounts(const std::string& first, const std::string& second) {
    return "[[account]]\nname = \"one\"\nbroker = \"ib\"\naccount = \"DU1\"\n" + first +
           "\n[[account]]\nname = \"two\"\nbroker = \"ib\"\naccount = \"DU2\"\n" + second + "\n";
}

Result<std::vector<std::unique_ptr<gateway::Gateway>>> made(const std::string& text) {
    const auto settings = config::parse(text, "test.toml");
    if (!settings) return std::unexpected(settings.error());
    Random random(1);
    return make_gateways(**settings, random);
}

TEST(Brokers, AccountsWithTheSameAddressShareAConnection) {
    const auto shared = made(two_accounts("", ""));
    ASSERT_TRUE(shared) << shared.error().message;
    ASSERT_EQ(shared->size(), 1U);
    EXPECT_EQ(shared->front()->accounts().size(), 2U);
    const auto apart = made(two_accounts("", "client_id = 5"));
    ASSERT_TRUE(apart);
    EXPECT_EQ(apart->size(), 2U);
}

TEST(Brokers, WhatAConnectionIsLikeCannotDifferBetweenItsAccounts) {
    for (const auto* line : {"messages_per_second = 25", "market_data_kind = \"delayed\"",
                             "max_version = 200", "open_orders_poll = \"30s\""}) {
        const auto differ = made(two_accounts(line, ""));
        ASSERT_FALSE(differ) << line;
        EXPECT_EQ(differ.error().code, ErrorCode::Invalid);
        const std::string key(line, std::string_view(line).find(' '));
        EXPECT_EQ(differ.error().message,
                  "account two: " + key +
                      " differs from that of one, which has the same host, port and client_id and "
                      "so the same connection");
        EXPECT_TRUE(made(two_accounts(line, line))) << line;
    }
}

/// Two accounts of one app key, each with more lines of its own.
std::string two_of_a_key(const std::string& first, const std::string& second) {
    std::string text;
    for (const auto& [name, lines] : {
             std::pair{"one", first },
             std::pair{"two", second}
    })
        text += fmt::format(
            "[[account]]\nname = \"{0}\"\nbroker = \"webull\"\naccount_id = \"WB{0}\"\n"
            "app_key = \"key\"\napp_secret = {{ env = \"PATH\" }}\n{1}\n",
            name, lines);
    return text;
}

TEST(Brokers, HowAnAppKeyIsSpokenWithCannotDifferBetweenItsAccounts) {
    ASSERT_TRUE(made(two_of_a_key("", "")));
    EXPECT_EQ(made(two_of_a_key("", ""))->size(), 1U);
    for (const auto* line : {"batch_orders = true", "signature = \"HMAC-SHA1\"", "urls = \"g3\"",
                             "trade_events.enabled = false", "trade_events.debounce = \"3s\""}) {
        const auto differ = made(two_of_a_key(line, ""));
        ASSERT_FALSE(differ) << line;
        EXPECT_EQ(differ.error().code, ErrorCode::Invalid);
        EXPECT_TRUE(differ.error().message.ends_with(
            " differs from that of one, which has the same app key"))
            << differ.error().message;
        EXPECT_TRUE(made(two_of_a_key(line, line))) << line;
    }
}

TEST(Brokers, AnAddressNamesAHostAndATrustAnchorIsAFileThatHoldsOne) {
    const std::map<std::string, std::string> complaints{
        {"rest = \"https://\"",          "address 'https://' names no host"             },
        {"events = \"https://:443\"",    "address 'https://:443' names no host"         },
        {"ca_file = \"/nowhere/a.pem\"", "ca_file: file '/nowhere/a.pem' cannot be read"},
    };
    for (const auto& [line, complaint] : complaints) {
        const auto refused = made(two_of_a_key(line, line));
        ASSERT_FALSE(refused) << line;
        EXPECT_EQ(refused.error().message, "account one: " + complaint);
    }
}

TEST(Brokers, AccountsThatShareAConnectionNeedTheirCodes) {
    const auto nameless = made(
        "[[account]]\nname = \"one\"\nbroker = \"ib\"\n[[account]]\nname = \"two\"\nbroker = "
        "\"ib\"\n");
    ASSERT_FALSE(nameless);
    EXPECT_NE(nameless.error().message.find("'account' code"), std::string::npos);
}

}  // namespace
}  // namespace janus::app
