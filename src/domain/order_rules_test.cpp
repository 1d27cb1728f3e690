#include <array>

#include <gtest/gtest.h>

#include "domain/order.hpp"

namespace janus {
namespace {

Decimal number(std::string_view text) {
    return Decimal::parse(text).value();
}

OrderIntent intent_of(OrderType type) {
    OrderIntent intent{.account = {"ib_main"}, .symbol = CanonicalSymbol::parse("AAPL").value()};
    intent.type = type;
    intent.quantity = {number("1")};
    const auto& rule = rule_of(type);
    if (rule.limit == NeedsLimit::Yes) intent.limit_price = Price{number("190.5")};
    if (rule.stop == NeedsStop::Yes) intent.stop_price = Price{number("180")};
    if (rule.trail == NeedsTrail::Yes) intent.trail_amount = Price{number("1.5")};
    if (rule.offset == NeedsOffset::Yes) intent.limit_offset = Price{number("0.1")};
    return intent;
}

constexpr auto every_type = std::to_array<OrderType>(
    {OrderType::Market, OrderType::Limit, OrderType::Stop, OrderType::StopLimit,
     OrderType::TrailingStop, OrderType::TrailingStopLimit, OrderType::MarketOnClose,
     OrderType::LimitOnClose});
constexpr auto every_time = std::to_array<TimeInForce>(
    {TimeInForce::Day, TimeInForce::GoodTillCancel, TimeInForce::ImmediateOrCancel,
     TimeInForce::FillOrKill, TimeInForce::AtTheOpening, TimeInForce::GoodTillDate});

std::string refusal_of(const OrderIntent& intent) {
    const auto checked = check_intent(intent);
    return checked ? "" : checked.error().message;
}

TEST(OrderRules, EachTypeWithWhatItNeedsIsAccepted) {
    for (const auto type : every_type) {
        EXPECT_EQ(refusal_of(intent_of(type)), "") << to_text(type);
        EXPECT_EQ(rule_of(type).name, to_text(type));
        EXPECT_EQ(parse_order_type(to_text(type)), type);
    }
}

TEST(OrderRules, ATrailingTypeNeedsExactlyOneDistance) {
    auto intent = intent_of(OrderType::TrailingStop);
    intent.trail_amount.reset();
    EXPECT_EQ(refusal_of(intent), "TRAILING_STOP order needs a trail amount or percent");
    intent.trail_percent = number("2");
    EXPECT_EQ(refusal_of(intent), "");
    intent.trail_amount = Price{number("1")};
    EXPECT_EQ(refusal_of(intent),
              "TRAILING_STOP order takes a trail amount or a percent, not both");
    auto plain = intent_of(OrderType::Stop);
    plain.trail_percent = number("2");
    EXPECT_EQ(refusal_of(plain), "STOP order takes no trail amount or percent");
}

TEST(OrderRules, ATrailIsAboveZeroAndBelowAHundredPercent) {
    auto intent = intent_of(OrderType::TrailingStop);
    intent.trail_amount = Price{number("0")};
    EXPECT_EQ(refusal_of(intent), "trail amount was 0, must be above zero");
    intent.trail_amount.reset();
    for (const auto* percent : {"0", "-1", "100"}) {
        intent.trail_percent = number(percent);
        EXPECT_NE(refusal_of(intent), "") << percent;
    }
    intent.trail_percent = number("99.99999999");
    EXPECT_EQ(refusal_of(intent), "");
}

TEST(OrderRules, ATrailingStopLimitTakesAnOffsetAndNoLimit) {
    auto intent = intent_of(OrderType::TrailingStopLimit);
    intent.stop_price = Price{number("180")};
    EXPECT_EQ(refusal_of(intent), "");
    intent.limit_offset = Price{number("-0.1")};
    EXPECT_EQ(refusal_of(intent), "limit offset was -0.1, must not be negative");
    intent.limit_offset.reset();
    EXPECT_EQ(refusal_of(intent), "TRAILING_STOP_LIMIT order needs a limit offset");
    intent.limit_offset = Price{number("0")};
    intent.limit_price = Price{number("179")};
    EXPECT_EQ(refusal_of(intent), "TRAILING_STOP_LIMIT order takes no limit price");
    auto stop = intent_of(OrderType::TrailingStop);
    stop.limit_offset = Price{number("1")};
    EXPECT_EQ(refusal_of(stop), "TRAILING_STOP order takes no limit offset");
}

TEST(OrderRules, ATypeLivesOnlyAsLongAsItsTableSays) {
    for (const auto type : every_type)
        for (const auto time : every_time) {
            auto intent = intent_of(type);
            intent.time_in_force = time;
            if (time == TimeInForce::GoodTillDate) intent.good_till = Utc{std::chrono::hours(1)};
            const bool immediate = time != TimeInForce::Day &&
                                   time != TimeInForce::GoodTillCancel &&
                                   time != TimeInForce::GoodTillDate;
            const bool priced = type == OrderType::Market || type == OrderType::Limit;
            const bool at_close =
                type == OrderType::MarketOnClose || type == OrderType::LimitOnClose;
            const bool allowed = at_close ? time == TimeInForce::Day : (priced || !immediate);
            EXPECT_EQ(refusal_of(intent).empty(), allowed)
                << to_text(type) << " " << to_text(time) << ": " << refusal_of(intent);
        }
    auto stop = intent_of(OrderType::Stop);
    stop.time_in_force = TimeInForce::FillOrKill;
    EXPECT_EQ(refusal_of(stop), "STOP order cannot be FOK; it takes DAY, GTC, GTD");
}

TEST(OrderRules, ADateBelongsToGoodTillDateAndLiesAhead) {
    auto intent = intent_of(OrderType::Limit);
    intent.time_in_force = TimeInForce::GoodTillDate;
    EXPECT_EQ(refusal_of(intent), "GTD order needs the time until which it is good");
    intent.good_till = Utc{std::chrono::hours(10)};
    EXPECT_EQ(refusal_of(intent), "");
    EXPECT_TRUE(check_good_till(intent, Utc{std::chrono::hours(9)}));
    EXPECT_FALSE(check_good_till(intent, Utc{std::chrono::hours(10)}));
    intent.time_in_force = TimeInForce::Day;
    EXPECT_EQ(refusal_of(intent), "DAY order takes no time until which it is good; GTD does");
    intent.good_till.reset();
    EXPECT_TRUE(check_good_till(intent, Utc{std::chrono::hours(99)}));
}

TEST(OrderRules, AuctionsBelongToTheRegularSession) {
    for (const auto session : {TradingSession::Extended, TradingSession::Overnight}) {
        auto close = intent_of(OrderType::MarketOnClose);
        close.session = session;
        EXPECT_NE(refusal_of(close).find("REGULAR session"), std::string::npos);
        auto opening = intent_of(OrderType::Limit);
        opening.session = session;
        EXPECT_EQ(refusal_of(opening), "");
        opening.time_in_force = TimeInForce::AtTheOpening;
        EXPECT_NE(refusal_of(opening).find("REGULAR session"), std::string::npos);
    }
}

TEST(OrderRules, AGroupIsOneShortWord) {
    auto intent = intent_of(OrderType::Limit);
    intent.oca_group = std::string(64, 'g');
    EXPECT_EQ(refusal_of(intent), "");
    intent.oca_group += 'g';
    EXPECT_NE(refusal_of(intent), "");
    intent.oca_group = "two words";
    EXPECT_NE(refusal_of(intent), "");
    intent.oca_group = "line\n";
    EXPECT_NE(refusal_of(intent), "");
}

TEST(OrderRules, ValuesAreCopiedWhole) {
    auto intent = intent_of(OrderType::TrailingStopLimit);
    intent.trail_percent = number("3");
    Order order;
    set_values(order, values_of(intent));
    EXPECT_EQ(values_of(order), values_of(intent));
    auto other = intent_of(OrderType::Market);
    set_values(other, values_of(order));
    EXPECT_EQ(values_of(other), values_of(intent));
}

TEST(OrderRules, AChangeTakesThePlaceOfWhatItNamesOnly) {
    auto intent = intent_of(OrderType::TrailingStopLimit);
    const auto before = values_of(intent);
    EXPECT_EQ(changed(before, {}), before);
    const auto percent = changed(before, {.trail_percent = number("2")});
    EXPECT_FALSE(percent.trail_amount);
    EXPECT_EQ(percent.trail_percent, number("2"));
    EXPECT_EQ(percent.limit_offset, before.limit_offset);
    const auto amount = changed(percent, {.trail_amount = Price{number("3")}});
    EXPECT_FALSE(amount.trail_percent);
    const auto more = changed(before, {.quantity = Quantity{number("7")}});
    EXPECT_EQ(more.quantity, Quantity{number("7")});
    EXPECT_EQ(more.trail_amount, before.trail_amount);
}

TEST(OrderRules, AnUnprovenModificationCountsWithTheLargerQuantity) {
    Order order;
    order.quantity = {number("10")};
    EXPECT_EQ(ordered_quantity(order), Quantity{number("10")});
    order.wanted = OrderValues{{number("12")}, {}, {}, {}, {}, {}};
    EXPECT_EQ(ordered_quantity(order), Quantity{number("12")});
    order.wanted->quantity = {number("3")};
    EXPECT_EQ(ordered_quantity(order), Quantity{number("10")});
}

TEST(OrderRules, EveryWordOfTimeAndSessionIsReadBack) {
    for (const auto time : every_time) EXPECT_EQ(parse_time_in_force(to_text(time)), time);
    for (const auto session :
         {TradingSession::Regular, TradingSession::Extended, TradingSession::Overnight})
        EXPECT_EQ(parse_trading_session(to_text(session)), session);
    EXPECT_FALSE(parse_time_in_force("GTX"));
}

}  // namespace
}  // namespace janus
