#include "config/settings.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace janus::config {
namespace {

constexpr std::string_view two_accounts = R"(
default_account = "ib_main"
[risk]
max_order_notional = "250000"
[[account]]
name = "ib_main"
broker = "ib"
port = 4001
client_id = 11
account = "DU1000001"
[account.market_data]
default_symbols = ["AAPL"]
[[account]]
name = "webull_personal"
broker = "webull"
app_key = "key"
app_secret = { env = "JANUS_CONFIG_TEST_SECRET" }
[account.trade_events]
debounce = "250ms"
)";

class SettingsTest : public ::testing::Test {
 protected:
    void SetUp() override { ::setenv("JANUS_CONFIG_TEST_SECRET", "s3cret-canary", 1); }
};

std::string problems_of(std::string_view text) {
    const auto settings = parse(text, "test.toml");
    return settings ? "" : settings.error().message;
}

TEST_F(SettingsTest, ReadsTheShapeOfTheContract) {
    const auto settings = parse(two_accounts, "test.toml");
    ASSERT_TRUE(settings) << settings.error().message;
    ASSERT_EQ((*settings)->accounts.size(), 2U);
    const auto& ib = dynamic_cast<const IbAccountSection&>(*(*settings)->accounts[0]);
    EXPECT_EQ(*ib.port, 4001);
    EXPECT_EQ(*ib.market_data.default_symbols, std::vector<std::string>{"AAPL"});
    const auto& webull = dynamic_cast<const WebullAccountSection&>(*(*settings)->accounts[1]);
    EXPECT_EQ((*webull.app_secret).reveal(), "s3cret-canary");
    EXPECT_EQ(*webull.trade_events.debounce, std::chrono::milliseconds(250));
    EXPECT_EQ(*(*settings)->risk.max_order_notional, Decimal::from_integer(250'000));
    EXPECT_EQ(*(*settings)->api.grpc, std::vector<std::string>{"127.0.0.1:2014"});
}

TEST_F(SettingsTest, ReportsEveryProblemAtOnceWithTheNearestName) {
    const auto problems = problems_of(R"(
defaultaccount = "x"
[api]
grcp = "127.0.0.1:1"
http = "0.0.0.0:80"
[[account]]
name = "Bad Name"
broker = "ib"
port = 70000
[[account]]
name = "other"
broker = "robinhood"
)");
    EXPECT_NE(problems.find("did you mean 'default_account'"), std::string::npos) << problems;
    EXPECT_NE(problems.find("did you mean 'grpc'"), std::string::npos) << problems;
    EXPECT_NE(problems.find("not on loopback"), std::string::npos) << problems;
    EXPECT_NE(problems.find("Bad Name"), std::string::npos) << problems;
    EXPECT_NE(problems.find("must be 1 to 65535"), std::string::npos) << problems;
    EXPECT_NE(problems.find("robinhood"), std::string::npos) << problems;
}

TEST_F(SettingsTest, RefusesFloatsForMoneyAndPlainSecrets) {
    EXPECT_NE(problems_of("[risk]\nmax_order_notional = 2500.5\n").find("decimal in quotes"),
              std::string::npos);
    const auto problems =
        problems_of("[[account]]\nname = \"w\"\nbroker = \"webull\"\napp_secret = \"hunter2\"\n");
    EXPECT_NE(problems.find("is a secret"), std::string::npos);
    EXPECT_EQ(problems.find("hunter2"), std::string::npos);
}

TEST_F(SettingsTest, AKeyOfTheOtherBrokerIsUnknown) {
    EXPECT_NE(problems_of("[[account]]\nname = \"a\"\nbroker = \"ib\"\nregion = \"us\"\n")
                  .find("is not a setting"),
              std::string::npos);
}

TEST_F(SettingsTest, IbTakesARateAndAKindOfMarketDataWithinTheirBounds) {
    const std::string head = "[[account]]\nname = \"a\"\nbroker = \"ib\"\n";
    const auto settings =
        parse(head + "messages_per_second = 25\nmarket_data_kind = \"delayed\"\n", "test.toml");
    ASSERT_TRUE(settings) << settings.error().message;
    const auto& given = dynamic_cast<const IbAccountSection&>(*(*settings)->accounts[0]);
    EXPECT_EQ(*given.messages_per_second, 25);
    EXPECT_EQ(*given.market_data_kind, "delayed");
    const auto plain = parse(head, "test.toml");
    const auto& usual = dynamic_cast<const IbAccountSection&>(*(*plain)->accounts[0]);
    EXPECT_EQ(*usual.messages_per_second, 40);
    EXPECT_EQ(*usual.market_data_kind, "live");
    for (const auto* rate : {"0", "51", "-1"})
        EXPECT_NE(problems_of(head + "messages_per_second = " + rate).find("must be 1 to 50"),
                  std::string::npos)
            << rate;
    EXPECT_NE(problems_of(head + "market_data_kind = \"frozen\"").find("must be one of live"),
              std::string::npos);
    EXPECT_NE(problems_of("[[account]]\nname = \"w\"\nbroker = \"webull\"\n"
                          "market_data_kind = \"delayed\"")
                  .find("is not a setting"),
              std::string::npos);
}

TEST_F(SettingsTest, NamesLineAndColumnOfBrokenToml) {
    EXPECT_NE(problems_of("a = = 1").find("test.toml:1:"), std::string::npos);
}

TEST_F(SettingsTest, PrintsNoSecretAndReadsWhatItPrints) {
    const auto settings = parse(two_accounts, "test.toml");
    const auto text = to_toml(**settings);
    EXPECT_EQ(text.find("s3cret-canary"), std::string::npos);
    EXPECT_EQ(text.find("\"key\""), std::string::npos) << "the app key is shown as ***";
    const auto again = parse(text, "printed.toml");
    ASSERT_TRUE(again) << again.error().message << "\n" << text;
    EXPECT_EQ(to_toml(**again), text);
}

TEST_F(SettingsTest, RefusesASecretFileThatOthersCouldRead) {
    std::string folder = ::testing::TempDir() + "janus-secret-XXXXXX";
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    const auto file = folder + "/secret";
    std::ofstream(file) << "s3cret-canary\n";
    ::chmod(file.c_str(), 0644);
    const auto open = read_secret_file(file);
    ASSERT_FALSE(open);
    EXPECT_NE(open.error().message.find("0644"), std::string::npos);
    EXPECT_EQ(open.error().message.find("canary"), std::string::npos);
    ::chmod(file.c_str(), 0600);
    ASSERT_TRUE(read_secret_file(file));
    EXPECT_EQ(read_secret_file(file)->reveal(), "s3cret-canary");
    ASSERT_EQ(::symlink(file.c_str(), (folder + "/link").c_str()), 0);
    EXPECT_FALSE(read_secret_file(folder + "/link"));
    ::chmod(folder.c_str(), 0777);
    EXPECT_FALSE(read_secret_file(file));
}

}  // namespace
}  // namespace janus::config
