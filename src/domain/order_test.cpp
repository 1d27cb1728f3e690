#include "domain/order.hpp"

#include <array>

#include <gtest/gtest.h>

namespace janus {
namespace {

constexpr auto every_state = std::to_array<OrderState>(
    {OrderState::PendingNew, OrderState::Unknown, OrderState::Held, OrderState::Working,
     OrderState::PendingCancel, OrderState::Filled, OrderState::Cancelled, OrderState::Expired,
     OrderState::Rejected, OrderState::NotSent});
constexpr auto every_event = std::to_array<OrderEvent>(
    {OrderEvent::NotSent, OrderEvent::NoAnswer, OrderEvent::Held, OrderEvent::Accepted,
     OrderEvent::CancelSent, OrderEvent::CancelRefused, OrderEvent::FoundAtBroker,
     OrderEvent::FilledInFull, OrderEvent::Cancelled, OrderEvent::Expired, OrderEvent::Rejected});

TEST(OrderStates, NothingLeavesAFinalStateButARefusalThatTheBooksContradict) {
    for (const auto state : every_state)
        for (const auto event : every_event) {
            const bool found = state == OrderState::Rejected && event == OrderEvent::FoundAtBroker;
            if (is_final(state))
                EXPECT_EQ(next_state(state, event),
                          found ? std::optional(OrderState::Unknown) : std::nullopt)
                    << to_text(state) << " " << to_text(event);
            else
                EXPECT_FALSE(next_state(state, OrderEvent::FoundAtBroker)) << to_text(state);
        }
}

TEST(OrderStates, EvidenceAlwaysFindsItsWayFromALiveState) {
    for (const auto state : every_state) {
        if (is_final(state)) continue;
        EXPECT_EQ(next_state(state, OrderEvent::FilledInFull), OrderState::Filled)
            << to_text(state);
        EXPECT_EQ(next_state(state, OrderEvent::Cancelled), OrderState::Cancelled)
            << to_text(state);
        EXPECT_EQ(next_state(state, OrderEvent::Expired), OrderState::Expired) << to_text(state);
        EXPECT_EQ(next_state(state, OrderEvent::Rejected), OrderState::Rejected) << to_text(state);
    }
}

TEST(OrderStates, SilenceMovesOnlyWhatWasNeverAnswered) {
    for (const auto state : every_state) {
        const auto next = next_state(state, OrderEvent::NoAnswer);
        const bool unanswered = state == OrderState::PendingNew || state == OrderState::Unknown;
        EXPECT_EQ(next.has_value(), unanswered) << to_text(state);
    }
}

TEST(OrderStates, OnlyAnUnansweredOrderCanTurnOutNeverSent) {
    EXPECT_FALSE(next_state(OrderState::Working, OrderEvent::NotSent));
    EXPECT_FALSE(next_state(OrderState::Held, OrderEvent::NotSent));
    EXPECT_FALSE(next_state(OrderState::PendingCancel, OrderEvent::NotSent));
}

TEST(OrderWords, EveryWordIsReadBack) {
    for (const auto state : every_state) EXPECT_EQ(parse_order_state(to_text(state)), state);
    EXPECT_EQ(parse_side("SELL_SHORT"), Side::SellShort);
    EXPECT_FALSE(parse_side("sell"));
    EXPECT_NE(parse_order_type("TRAIL").error().message.find("STOP_LIMIT"), std::string::npos);
}

OrderIntent intent_of(OrderType type, std::optional<std::string_view> limit,
                      std::optional<std::string_view> stop, std::string_view quantity = "1") {
    OrderIntent intent{.account = {"ib_main"}, .symbol = CanonicalSymbol::parse("AAPL").value()};
    intent.type = type;
    intent.quantity = {Decimal::parse(quantity).value()};
    if (limit) intent.limit_price = Price{Decimal::parse(*limit).value()};
    if (stop) intent.stop_price = Price{Decimal::parse(*stop).value()};
    return intent;
}

TEST(CheckIntent, EachTypeTakesItsPricesAndNoOthers) {
    EXPECT_TRUE(check_intent(intent_of(OrderType::Market, {}, {})));
    EXPECT_TRUE(check_intent(intent_of(OrderType::Limit, "190.5", {})));
    EXPECT_TRUE(check_intent(intent_of(OrderType::Stop, {}, "180")));
    EXPECT_TRUE(check_intent(intent_of(OrderType::StopLimit, "179", "180")));
    EXPECT_FALSE(check_intent(intent_of(OrderType::Market, "190.5", {})));
    EXPECT_FALSE(check_intent(intent_of(OrderType::Limit, {}, {})));
    EXPECT_FALSE(check_intent(intent_of(OrderType::Limit, "1", "1")));
    EXPECT_FALSE(check_intent(intent_of(OrderType::StopLimit, "179", {})));
    EXPECT_EQ(check_intent(intent_of(OrderType::Stop, {}, {})).error().message,
              "STOP order needs a stop price");
}

TEST(CheckIntent, AQuantityIsAboveZero) {
    EXPECT_FALSE(check_intent(intent_of(OrderType::Market, {}, {}, "0")));
    EXPECT_FALSE(check_intent(intent_of(OrderType::Market, {}, {}, "-1")));
    EXPECT_TRUE(check_intent(intent_of(OrderType::Market, {}, {}, "0.5")));
}

}  // namespace
}  // namespace janus
