#include "core/order_previews.hpp"

#include <chrono>

#include "core/test_world.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::OrderPreview;
using testing::Test;

class OrderPreviewsTest : public Test {
 protected:
    using Answered = std::shared_ptr<std::optional<Result<OrderPreview>>>;
    OrderPreviewsTest() { world.start(); }

    Answered preview(const OrderIntent& intent) {
        auto answered = std::make_shared<std::optional<Result<OrderPreview>>>();
        world.engine->preview_order(world.now, intent, Caller{"tester"},
                                    [answered](Result<OrderPreview> outcome) {
                                        EXPECT_FALSE(answered->has_value()) << "a second reply";
                                        *answered = std::move(outcome);
                                    });
        world.settle();
        return answered;
    }
    Answered preview(const BracketIntent& bracket) {
        auto answered = std::make_shared<std::optional<Result<OrderPreview>>>();
        world.engine->preview_bracket(
            world.now, bracket, Caller{"tester"},
            [answered](Result<OrderPreview> outcome) { *answered = std::move(outcome); });
        world.settle();
        return answered;
    }
    void expect_no_trace() {
        EXPECT_TRUE(world.engine->orders({}, true).empty());
        EXPECT_TRUE(world.journal.durable.empty());
        EXPECT_EQ(world.ib->count<gateway::PlaceOrder>(), 0U);
    }

    World world;
};

TEST_F(OrderPreviewsTest, ThePreviewIsTheBrokersAndLeavesNoTrace) {
    auto intent = world.intent("");
    intent.quantity = quantity_of("5");
    const auto answered = preview(intent);
    const auto sent = world.ib->sent<gateway::PreviewOrder>();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].intent, intent);
    EXPECT_EQ(sent[0].native_id.value, "265598");
    EXPECT_GT(sent[0].number, 0);
    EXPECT_FALSE(answered->has_value());
    OrderPreview figures;
    figures.commission = money_of("1.05");
    figures.initial.after = money_of("3000");
    world.tell("ib_main", gateway::PreviewResult{sent[0].preview, figures});
    ASSERT_TRUE(answered->has_value() && **answered);
    EXPECT_EQ(***answered, figures);
    expect_no_trace();
}

TEST_F(OrderPreviewsTest, ABrokerThatWouldRefuseSaysSo) {
    const auto answered = preview(world.intent(""));
    const auto id = world.ib->sent<gateway::PreviewOrder>().front().preview;
    world.tell("ib_main", gateway::PreviewResult{id, fail(ErrorCode::Rejected, "no margin")});
    EXPECT_EQ(error_of(answered).code, ErrorCode::Rejected);
    EXPECT_EQ(error_of(answered).message, "no margin");
    expect_no_trace();
}

TEST_F(OrderPreviewsTest, ItPassesTheChecksOfAnOrder) {
    auto intent = world.intent("");
    intent.limit_price.reset();
    EXPECT_EQ(error_of(preview(intent)).code, ErrorCode::Invalid);
    intent = world.intent("");
    intent.side = Side::Sell;
    intent.quantity = quantity_of("101");
    EXPECT_EQ(error_of(preview(intent)).code, ErrorCode::Denied);
    intent = world.intent("");
    intent.account = AccountName{"nobody"};
    EXPECT_EQ(error_of(preview(intent)).code, ErrorCode::NotFound);
    world.ib->refuses_orders = Error{ErrorCode::Denied, "no such grid"};
    EXPECT_EQ(error_of(preview(world.intent(""))).message, "no such grid");
    EXPECT_EQ(world.ib->count<gateway::PreviewOrder>(), 0U);
}

TEST_F(OrderPreviewsTest, ABrokerWithoutPreviewsDenies) {
    auto intent = world.intent("");
    intent.account = AccountName{"webull"};
    const auto error = error_of(preview(intent));
    EXPECT_EQ(error.code, ErrorCode::Denied);
    EXPECT_NE(error.message.find("webull previews no orders"), std::string::npos);
}

TEST_F(OrderPreviewsTest, ASilentBrokerIsUnavailableAfterTheAnswerTimeout) {
    const auto answered = preview(world.intent(""));
    const auto id = world.ib->sent<gateway::PreviewOrder>().front().preview;
    world.pass(9999ms);
    EXPECT_FALSE(answered->has_value());
    world.pass(1ms);
    EXPECT_EQ(error_of(answered).code, ErrorCode::Unavailable);
    world.tell("ib_main", gateway::PreviewResult{id, OrderPreview{}});  // Too late: nobody waits.
    const auto again = preview(world.intent(""));
    EXPECT_NE(world.ib->sent<gateway::PreviewOrder>().back().preview, id);
}

TEST_F(OrderPreviewsTest, OfABracketAllIsCheckedAndTheEntryIsAskedFor) {
    const BracketIntent bracket{world.intent(""), price_of("200"), price_of("180")};
    const auto answered = preview(bracket);
    const auto sent = world.ib->sent<gateway::PreviewOrder>();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].intent, bracket.entry);
    world.tell("ib_main", gateway::PreviewResult{sent[0].preview, OrderPreview{}});
    EXPECT_TRUE(answered->has_value() && **answered);
    auto crossed = bracket;
    std::swap(crossed.take_profit, crossed.stop_loss);
    EXPECT_EQ(error_of(preview(crossed)).code, ErrorCode::Invalid);
    auto elsewhere = bracket;
    elsewhere.entry.account = AccountName{"webull"};
    EXPECT_NE(error_of(preview(elsewhere)).message.find("takes no brackets"), std::string::npos);
    world.ib->refuses_type = OrderType::Stop;
    EXPECT_EQ(error_of(preview(bracket)).code, ErrorCode::Denied) << "an exit that IB cannot take";
    EXPECT_EQ(world.ib->count<gateway::PreviewOrder>(), 1U);
    expect_no_trace();
}

TEST_F(OrderPreviewsTest, AnUnknownSymbolIsLookedUpFirst) {
    auto intent = world.intent("");
    intent.symbol = symbol_of("SPY");
    preview(intent);
    EXPECT_EQ(world.ib->count<gateway::LookupInstrument>(), 1U);
    EXPECT_EQ(world.ib->count<gateway::PreviewOrder>(), 0U);
}

}  // namespace
}  // namespace janus::core
