#include "core/gateway_set.hpp"

#include <gtest/gtest.h>

#include "core/test_gateway.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::Gate;

struct GatewaySetTest : testing::Test {
    static std::vector<std::unique_ptr<gateway::Gateway>> make() {
        std::vector<std::unique_ptr<gateway::Gateway>> made;
        const auto add = [&](const char* broker, std::vector<AccountName> accounts,
                             gateway::Capabilities capabilities) {
            made.push_back(
                std::make_unique<ScriptedGateway>(broker, std::move(accounts), capabilities));
        };
        add("webull", {AccountName{"w1"}}, webull_like);
        add("ib", {AccountName{"i1"}, AccountName{"i2"}}, ib_like);
        add("ib", {AccountName{"i3"}}, ib_like);
        return made;
    }
    void gate(const char* account, Gate gate, const char* reason = "") {
        set.on_gate_changed({AccountName{account}, gate, reason});
    }
    std::vector<std::unique_ptr<gateway::Gateway>> gateways = make();
    GatewaySet set{gateways};
};

TEST_F(GatewaySetTest, KnowsWhoServesWhom) {
    EXPECT_EQ(set.find_index(AccountName{"i2"}), GatewayIndex{1});
    EXPECT_FALSE(set.find_index(AccountName{"nobody"}));
    EXPECT_EQ(set.broker_of(GatewayIndex{2}), "ib");
    EXPECT_EQ(set.brokers(), (std::vector<std::string>{"ib", "webull"}));
    EXPECT_EQ(set.of_broker("ib"), (std::vector{GatewayIndex{1}, GatewayIndex{2}}));
    EXPECT_EQ(set.accounts().size(), 4U);
    EXPECT_EQ(set.accounts().front(), AccountName{"w1"});
}

TEST_F(GatewaySetTest, EveryGateIsDownUntilItIsHeardOf) {
    EXPECT_FALSE(set.ready(AccountName{"i1"}));
    EXPECT_FALSE(set.ready(GatewayIndex{1}));
    EXPECT_EQ(set.why_not_ready(GatewayIndex{1}), "i1: down");
    EXPECT_EQ(set.gate_of(AccountName{"nobody"}).gate, Gate::Down);
}

TEST_F(GatewaySetTest, OneReadyAccountMakesItsLoginReady) {
    gate("i2", Gate::Ready);
    EXPECT_TRUE(set.ready(GatewayIndex{1}));
    EXPECT_FALSE(set.ready(AccountName{"i1"}));
    EXPECT_EQ(set.why_not_ready(GatewayIndex{1}), "");
    gate("i2", Gate::Degraded, "ib_upstream");
    EXPECT_FALSE(set.ready(GatewayIndex{1}));
    EXPECT_EQ(set.why_not_ready(AccountName{"i2"}), "i2: degraded (ib_upstream)");
}

TEST_F(GatewaySetTest, TheBestGatewayIsAReadyOneElseTheFirst) {
    EXPECT_EQ(set.find_best("ib"), GatewayIndex{1});
    EXPECT_EQ(set.find_market_data(), GatewayIndex{1});
    gate("i3", Gate::Ready);
    EXPECT_EQ(set.find_best("ib"), GatewayIndex{2});
    EXPECT_EQ(set.find_market_data(), GatewayIndex{2});
    gate("i1", Gate::Ready);
    EXPECT_EQ(set.find_best("ib"), GatewayIndex{1});
    EXPECT_FALSE(set.find_best("etrade"));
}

TEST_F(GatewaySetTest, CommandsReachTheirGateway) {
    set.send(at(0s), GatewayIndex{2}, gateway::Start{});
    EXPECT_EQ(static_cast<ScriptedGateway&>(*gateways[2]).count<gateway::Start>(), 1U);
    EXPECT_TRUE(static_cast<ScriptedGateway&>(*gateways[1]).commands.empty());
}

}  // namespace
}  // namespace janus::core
