#include <chrono>

#include "core/test_world.hpp"

namespace janus::core {
namespace {

using namespace std::chrono_literals;
using gateway::BrokerStatus;
using testing::Test;

class BracketsTest : public Test {
 protected:
    using Answered = std::shared_ptr<std::optional<Result<std::vector<Order>>>>;
    BracketsTest() { world.start(); }

    BracketIntent bracket(const std::string& key = "b1") const {
        return {world.intent(key), price_of("200"), price_of("180")};
    }
    Answered place(const BracketIntent& intent) {
        auto answered = std::make_shared<std::optional<Result<std::vector<Order>>>>();
        world.engine->place_bracket(world.now, intent, Caller{"tester"},
                                    [answered](Result<std::vector<Order>> outcome) {
                                        EXPECT_FALSE(answered->has_value()) << "a second reply";
                                        *answered = std::move(outcome);
                                    });
        world.settle();
        return answered;
    }
    void report_all(BrokerStatus entry, BrokerStatus exits) {
        world.report_now(OrderId{1}, entry);
        world.report_now(OrderId{2}, exits);
        world.report_now(OrderId{3}, exits);
    }

    World world;
};

TEST_F(BracketsTest, ThreeOrdersAreDurableTogetherBeforeTheFirstByte) {
    world.engine->place_bracket(world.now, bracket(), Caller{"tester"},
                                [](Result<std::vector<Order>>) {});
    ASSERT_EQ(world.journal.waiting.size(), 1U) << "one append holds all three";
    EXPECT_EQ(world.ib->count<gateway::PlaceOrder>(), 0U);
    world.settle();
    const auto sent = world.ib->sent<gateway::PlaceOrder>();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_EQ(world.journal.kept<OrderRecord>().size(), 3U);
    EXPECT_EQ(sent[0].side, Side::Buy);
    EXPECT_EQ(sent[1].type, OrderType::Limit);
    EXPECT_EQ(sent[1].limit_price, price_of("200"));
    EXPECT_EQ(sent[2].type, OrderType::Stop);
    EXPECT_EQ(sent[2].stop_price, price_of("180"));
    for (const auto i : {1U, 2U}) {
        EXPECT_EQ(sent[i].side, Side::Sell);
        EXPECT_EQ(sent[i].parent_number, sent[0].number);
        EXPECT_EQ(sent[i].oca_group, sent[0].client_order_id.value);
        EXPECT_EQ(sent[i].quantity, sent[0].quantity);
        EXPECT_EQ(world.order(sent[i].order).parent, sent[0].order);
    }
    EXPECT_EQ(sent[0].parent_number, 0);
    EXPECT_TRUE(sent[0].oca_group.empty());
    EXPECT_FALSE(sent[0].transmit || sent[1].transmit);
    EXPECT_TRUE(sent[2].transmit);
}

TEST_F(BracketsTest, TheReplyHoldsAllThreeWhenEachHasItsAnswer) {
    const auto answered = place(bracket());
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.report_now(OrderId{3}, BrokerStatus::Held);
    EXPECT_FALSE(answered->has_value());
    world.report_now(OrderId{2}, BrokerStatus::Held);
    ASSERT_TRUE(answered->has_value() && **answered);
    ASSERT_EQ((**answered)->size(), 3U);
    EXPECT_EQ((**answered)->front().id, OrderId{1});
}

TEST_F(BracketsTest, TheSameKeyIsTheSameBracket) {
    place(bracket());
    report_all(BrokerStatus::Working, BrokerStatus::Held);
    const auto again = place(bracket());
    ASSERT_TRUE(again->has_value() && **again);
    EXPECT_EQ((**again)->size(), 3U);
    auto other = bracket();
    other.stop_loss = price_of("181");
    EXPECT_EQ(error_of(place(other)).code, ErrorCode::Conflict);
    EXPECT_EQ(error_of(world.place(world.intent("b1"))).code, ErrorCode::Conflict)
        << "the entry alone is another order";
    EXPECT_EQ(world.ib->count<gateway::PlaceOrder>(), 3U);
    world.boot();
    world.become_ready("ib_main");
    EXPECT_EQ((**place(bracket()))->size(), 3U) << "also after a restart";
}

TEST_F(BracketsTest, ExitsMustLieOnTheirSides) {
    const auto refused = [&](const char* profit, const char* loss, const std::string& words) {
        auto intent = bracket();
        intent.take_profit = price_of(profit);
        intent.stop_loss = price_of(loss);
        const auto error = error_of(place(intent));
        EXPECT_EQ(error.code, ErrorCode::Invalid);
        EXPECT_NE(error.message.find(words), std::string::npos) << error.message;
    };
    refused("180", "200", "take profit 180 must lie above stop loss 200");
    refused("190.5", "180", "must lie above the entry's limit");
    refused("200", "190.5", "stop loss 190.5 must lie below the entry's limit");
    auto sale = bracket();
    sale.entry.side = Side::Sell;
    EXPECT_NE(error_of(place(sale)).message.find("opens a position"), std::string::npos);
    auto immediate = bracket();
    immediate.entry.time_in_force = TimeInForce::ImmediateOrCancel;
    EXPECT_NE(error_of(place(immediate)).message.find("DAY, GTC or GTD"), std::string::npos);
    EXPECT_EQ(world.ib->count<gateway::PlaceOrder>(), 0U);
    EXPECT_TRUE(world.journal.durable.empty());
}

TEST_F(BracketsTest, AShortEntryIsBoughtBack) {
    world.settings.accounts[0].limits.allow_short = true;
    world.registry.put(symbol_of("MSFT"), "ib", "272093");
    world.boot();
    world.become_ready("ib_main");
    auto intent = bracket();
    intent.entry.symbol = symbol_of("MSFT");
    intent.entry.side = Side::SellShort;
    intent.take_profit = price_of("180");
    intent.stop_loss = price_of("200");
    place(intent);
    const auto sent = world.ib->sent<gateway::PlaceOrder>();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_EQ(sent[1].side, Side::Buy);
    EXPECT_EQ(sent[2].side, Side::Buy);
}

TEST_F(BracketsTest, ABrokerWithoutBracketsDenies) {
    auto intent = bracket();
    intent.entry.account = AccountName{"webull"};
    const auto error = error_of(place(intent));
    EXPECT_EQ(error.code, ErrorCode::Denied);
    EXPECT_NE(error.message.find("webull takes no brackets"), std::string::npos);
    EXPECT_EQ(world.webull->count<gateway::PlaceOrder>(), 0U);
}

TEST_F(BracketsTest, WithoutAJournalNoneOfItIsSent) {
    world.journal.refusal = Error{ErrorCode::Unavailable, "journal_full"};
    EXPECT_EQ(error_of(place(bracket())).code, ErrorCode::Denied);
    EXPECT_EQ(world.ib->count<gateway::PlaceOrder>(), 0U);
    EXPECT_TRUE(world.engine->orders({}, true).empty());
    world.journal.refusal.reset();
    place(bracket());
    EXPECT_EQ(world.ib->count<gateway::PlaceOrder>(), 3U);
}

TEST_F(BracketsTest, ARejectedEntryLeavesNoChildHanging) {
    const auto answered = place(bracket());
    world.tell("ib_main", gateway::OrderRejected{OrderId{1}, "no margin"});
    const auto cancels = world.ib->sent<gateway::CancelOrder>();
    ASSERT_EQ(cancels.size(), 2U);
    world.tell("ib_main", gateway::OrderNotSent{OrderId{2}, "cancelled before it was sent"});
    world.report_now(OrderId{3}, BrokerStatus::Cancelled);
    ASSERT_TRUE(answered->has_value() && **answered);
    EXPECT_EQ((**answered)->at(0).state, OrderState::Rejected);
    EXPECT_EQ((**answered)->at(1).state, OrderState::NotSent);
    EXPECT_EQ((**answered)->at(2).state, OrderState::Cancelled);
}

TEST_F(BracketsTest, AChildWithoutAnAnswerBecomesUnknownAndIsAskedFor) {
    place(bracket());
    world.tell("ib_main", gateway::OrderRejected{OrderId{1}, "no margin"});
    world.pass(10s);
    EXPECT_EQ(world.order(OrderId{2}).state, OrderState::Unknown);
    EXPECT_EQ(world.order(OrderId{3}).state, OrderState::Unknown);
    EXPECT_EQ(world.ib->count<gateway::QueryOrder>(), 2U);
}

TEST_F(BracketsTest, ARefusedExitTakesTheWholeBracketBackBeforeItTrades) {
    place(bracket());
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.report_now(OrderId{2}, BrokerStatus::Held);
    world.tell("ib_main", gateway::OrderRejected{OrderId{3}, "bad stop"});
    std::vector<OrderId> cancelled;
    for (const auto& command : world.ib->sent<gateway::CancelOrder>())
        cancelled.push_back(command.order);
    EXPECT_EQ(cancelled, (std::vector{OrderId{1}, OrderId{2}}));
    world.report_now(OrderId{2}, BrokerStatus::Cancelled);
    EXPECT_TRUE(world.alarms().empty());
    world.tell("ib_main", gateway::CancelNotSent{OrderId{1}, "connection lost"});
    ASSERT_EQ(world.alarms().size(), 1U);
    EXPECT_EQ(world.alarms()[0],
              "order 1 is left of a bracket that was refused; its cancel has had no effect: cancel "
              "of order 1 was not sent: connection lost");
}

TEST_F(BracketsTest, ABracketThatHasTradedIsLeftToAPerson) {
    place(bracket());
    world.report_now(OrderId{1}, BrokerStatus::Working);
    world.report_now(OrderId{2}, BrokerStatus::Held);
    world.execute(OrderId{1}, "a.01", "4", "190");
    world.tell("ib_main", gateway::OrderRejected{OrderId{3}, "bad stop"});
    EXPECT_EQ(world.ib->count<gateway::CancelOrder>(), 0U);
    ASSERT_EQ(world.alarms().size(), 1U);
    EXPECT_NE(world.alarms()[0].find("not whole any more"), std::string::npos);
}

TEST_F(BracketsTest, ExitsSellNoMoreThanTheEntryHasBoughtAndOnlyOnce) {
    place(bracket());
    report_all(BrokerStatus::Working, BrokerStatus::Held);
    auto sale = world.intent("s1");
    sale.side = Side::Sell;
    sale.quantity = quantity_of("100");
    const auto id = world.placed(sale);
    world.report_now(id, BrokerStatus::Cancelled);
    world.execute(OrderId{1}, "a.01", "4", "190");
    sale.idempotency_key = "s2";
    EXPECT_NE(error_of(world.place(sale)).message.find("100 held, 4 in open sell orders"),
              std::string::npos);
    sale.idempotency_key = "s3";
    sale.quantity = quantity_of("96");
    world.placed(sale);
}

TEST_F(BracketsTest, ARestartAsksForAllThree) {
    place(bracket());
    world.boot();
    for (const auto id : {OrderId{1}, OrderId{2}, OrderId{3}}) {
        EXPECT_EQ(world.order(id).state, OrderState::Unknown);
    }
    EXPECT_EQ(world.order(OrderId{3}).parent, OrderId{1});
    EXPECT_EQ(world.ib->count<gateway::PlaceOrder>(), 0U);
    world.become_ready("ib_main");
    EXPECT_EQ(world.ib->count<gateway::QueryOrder>(), 3U);
}

}  // namespace
}  // namespace janus::core
