#include <gtest/gtest.h>

#include "sim/exchange/exchange.hpp"
#include "sim/exchange/money.hpp"

namespace janus::sim {
namespace {

using namespace std::chrono_literals;

Decimal decimal_of(std::string_view text) {
    return Decimal::parse(text).value();
}
Price price_of(std::string_view text) {
    return {decimal_of(text)};
}
Quantity quantity_of(std::string_view text) {
    return {decimal_of(text)};
}

/// An exchange whose prices stand still, in a time that only the test moves.
struct Market : Exchange {
    Market() : Exchange(still(), 1) {}
    static Scenario still() {
        auto scenario = default_scenario();
        scenario.walk_ticks_max = 0;
        return scenario;
    }
    Now now() const { return {.mono = {time}, .utc = {1'796'000'000s + time}}; }
    void advance(Duration span) {
        time += span;
        on_timeout(now());
    }
    void move(std::string_view last) {
        const auto middle = decimal_of(last);
        const auto step = decimal_of("0.01");
        ASSERT_TRUE(set_market(now(), "AAPL", {middle - step}, {middle + step}, {middle}));
    }
    ExchangeOrderId put(ExchangeOrder order) { return place(now(), std::move(order)); }
    const ExchangeOrder& at(ExchangeOrderId id) const { return *find_order(id); }
    ExchangeState state_of(ExchangeOrderId id) const { return at(id).state; }
    void enter(MarketPhase phase) { set_phase(now(), phase); }
    Duration time{};
};

ExchangeOrder order_of(OrderType type, Side side = Side::Buy, std::string_view quantity = "10") {
    ExchangeOrder order;
    order.account = "DU1000001";
    order.symbol = "AAPL";
    order.type = type;
    order.side = side;
    order.quantity = quantity_of(quantity);
    return order;
}

ExchangeOrder limit_of(std::string_view limit, std::string_view quantity = "10") {
    auto order = order_of(OrderType::Limit, Side::Buy, quantity);
    order.limit_price = price_of(limit);
    return order;
}

ExchangeOrder trail_of(Trail trail, Side side = Side::Sell) {
    auto order =
        order_of(trail.limit_offset ? OrderType::TrailingStopLimit : OrderType::TrailingStop, side);
    order.trail = trail;
    return order;
}

TEST(Matching, ATrailFollowsTheMarketUpAndNeverDown) {
    Market market;
    const auto id = market.put(trail_of({.amount = decimal_of("2")}));
    EXPECT_EQ(market.at(id).stop_price, price_of("188.50"));
    market.move("192.00");
    EXPECT_EQ(market.at(id).stop_price, price_of("190"));
    market.move("190.50");
    EXPECT_EQ(market.at(id).stop_price, price_of("190"));
    EXPECT_EQ(market.at(id).hold, Hold::Trigger);
    market.move("190.00");
    EXPECT_EQ(market.state_of(id), ExchangeState::Working);
    market.advance(1s);
    EXPECT_EQ(market.state_of(id), ExchangeState::Filled);
}

TEST(Matching, ATrailOfABuyerFollowsTheMarketDown) {
    Market market;
    const auto id = market.put(trail_of({.percent = decimal_of("1")}, Side::Buy));
    EXPECT_EQ(market.at(id).stop_price, price_of("192.40"));  // 1 % of 190.50 in whole steps.
    market.move("180.00");
    EXPECT_EQ(market.at(id).stop_price, price_of("181.80"));
    market.move("181.80");
    market.advance(1s);
    EXPECT_EQ(market.state_of(id), ExchangeState::Filled);
}

TEST(Matching, ATrailingLimitKeepsItsOffsetAndWaitsForIt) {
    Market market;
    const auto id =
        market.put(trail_of({.amount = decimal_of("1"), .limit_offset = decimal_of("0.05")}));
    EXPECT_EQ(market.at(id).limit_price, price_of("189.45"));
    market.move("193.00");
    EXPECT_EQ(market.at(id).limit_price, price_of("191.95"));
    market.move("191.00");  // Through the stop, and below the limit.
    market.advance(1s);
    EXPECT_EQ(market.state_of(id), ExchangeState::Working);
    market.move("191.96");
    market.advance(1s);
    EXPECT_EQ(market.state_of(id), ExchangeState::Filled);
}

TEST(Matching, AnOrderIfTouchedTriggersFromTheBetterSide) {
    Market market;
    auto order = order_of(OrderType::Stop);
    order.if_touched = true;
    order.stop_price = price_of("189.00");
    const auto id = market.put(order);
    market.advance(1s);
    EXPECT_EQ(market.state_of(id), ExchangeState::Held);
    market.move("189.00");
    market.advance(1s);
    EXPECT_EQ(market.state_of(id), ExchangeState::Filled);
}

TEST(Matching, AnImmediateOrderTakesWhatIsOfferedAndCancelsTheRest) {
    Market market;
    auto order = limit_of("191.00", "500");
    order.time_in_force = TimeInForce::ImmediateOrCancel;
    const auto id = market.put(order);
    market.advance(1s);
    EXPECT_EQ(market.state_of(id), ExchangeState::Cancelled);
    EXPECT_EQ(market.at(id).filled, quantity_of("300"));
}

TEST(Matching, FillOrKillIsAllOrNothing) {
    Market market;
    auto order = limit_of("191.00", "301");
    order.time_in_force = TimeInForce::FillOrKill;
    const auto killed = market.put(order);
    order.quantity = quantity_of("300");
    const auto filled = market.put(order);
    market.advance(1s);
    EXPECT_EQ(market.state_of(killed), ExchangeState::Cancelled);
    EXPECT_TRUE(market.at(killed).filled.value.is_zero());
    EXPECT_EQ(market.state_of(filled), ExchangeState::Filled);
    EXPECT_EQ(market.executions().size(), 1u);
}

TEST(Matching, AnOrderIsGoodTillItsDateAndNotLonger) {
    Market market;
    auto order = limit_of("150.00");
    order.time_in_force = TimeInForce::GoodTillDate;
    order.good_till = market.now().utc + 60s;
    const auto id = market.put(order);
    market.advance(59s);
    EXPECT_EQ(market.state_of(id), ExchangeState::Working);
    EXPECT_EQ(market.deadline(), Instant{60s});
    market.advance(1s);
    EXPECT_EQ(market.state_of(id), ExchangeState::Cancelled);
    EXPECT_FALSE(market.deadline());
}

TEST(Matching, AModifiedLifetimeReplacesTheOldOne) {
    Market market;
    auto order = limit_of("150.00");
    order.time_in_force = TimeInForce::GoodTillDate;
    order.good_till = market.now().utc + 60s;
    const auto id = market.put(order);
    ASSERT_TRUE(market.modify(
        market.now(), id,
        {.lifetime = ExchangeChange::Lifetime{.time_in_force = TimeInForce::GoodTillCancel}}));
    market.advance(61s);
    EXPECT_EQ(market.state_of(id), ExchangeState::Working);
}

TEST(Matching, AClosedMarketHoldsOrdersUntilTheirSession) {
    Market market;
    market.enter(MarketPhase::Closed);
    auto order = order_of(OrderType::Market);
    const auto regular = market.put(order);
    order.session = TradingSession::Extended;
    const auto extended = market.put(order);
    market.advance(1s);
    EXPECT_EQ(market.at(regular).hold, Hold::Session);
    market.enter(MarketPhase::Extended);
    market.advance(1s);
    EXPECT_EQ(market.state_of(regular), ExchangeState::Held);
    EXPECT_EQ(market.state_of(extended), ExchangeState::Filled);
    market.enter(MarketPhase::Regular);
    market.advance(1s);
    EXPECT_EQ(market.state_of(regular), ExchangeState::Filled);
}

TEST(Matching, TheNightTradesOrdersForItOnly) {
    Market market;
    market.enter(MarketPhase::Overnight);
    auto order = limit_of("191.00");
    order.session = TradingSession::Extended;
    const auto day = market.put(order);
    order.session = TradingSession::Overnight;
    const auto night = market.put(order);
    market.advance(1s);
    EXPECT_EQ(market.state_of(day), ExchangeState::Held);
    EXPECT_EQ(market.state_of(night), ExchangeState::Filled);
}

TEST(Matching, TheDayEndsItsOrdersAndNoOthers) {
    Market market;
    auto order = limit_of("150.00");
    const auto day = market.put(order);
    order.time_in_force = TimeInForce::GoodTillCancel;
    const auto kept = market.put(order);
    market.enter(MarketPhase::Closed);
    EXPECT_EQ(market.state_of(day), ExchangeState::Cancelled);
    EXPECT_EQ(market.state_of(kept), ExchangeState::Held);
    market.enter(MarketPhase::Regular);
    EXPECT_EQ(market.state_of(kept), ExchangeState::Working);
}

TEST(Matching, OrdersOnCloseFillInTheClosingAuctionOnly) {
    Market market;
    const auto at_market = market.put(order_of(OrderType::MarketOnClose, Side::Buy, "120"));
    auto order = limit_of("150.00");
    order.type = OrderType::LimitOnClose;
    const auto away = market.put(order);
    market.advance(5s);
    EXPECT_EQ(market.at(at_market).hold, Hold::Session);
    market.enter(MarketPhase::Closed);
    market.advance(1s);
    EXPECT_EQ(market.state_of(at_market), ExchangeState::Filled);
    EXPECT_EQ(market.executions().size(), 1u);  // Whole, whatever its size.
    EXPECT_EQ(market.state_of(away), ExchangeState::Cancelled);
}

TEST(Matching, OrdersAtTheOpeningWaitForTheNextOne) {
    Market market;
    auto order = order_of(OrderType::Market);
    order.time_in_force = TimeInForce::AtTheOpening;
    const auto id = market.put(order);
    market.advance(1s);
    EXPECT_EQ(market.state_of(id), ExchangeState::Held);
    market.enter(MarketPhase::Closed);
    EXPECT_EQ(market.state_of(id), ExchangeState::Held);
    market.enter(MarketPhase::Regular);
    market.advance(1s);
    EXPECT_EQ(market.state_of(id), ExchangeState::Filled);
}

TEST(Matching, ChildrenWaitForTheirParentAndEndEachOther) {
    Market market;
    const auto parent = market.put(limit_of("189.00"));
    auto profit = limit_of("195.00");
    profit.side = Side::Sell;
    profit.parent = parent;
    profit.group = "children";
    const auto take = market.put(profit);
    auto loss = order_of(OrderType::Stop, Side::Sell);
    loss.stop_price = price_of("185.00");
    loss.parent = parent;
    loss.group = "children";
    const auto stop = market.put(loss);
    EXPECT_EQ(market.at(take).hold, Hold::Parent);
    market.move("189.00");
    market.advance(1s);
    market.move("188.98");
    market.advance(1s);
    ASSERT_EQ(market.state_of(parent), ExchangeState::Filled);
    EXPECT_EQ(market.state_of(take), ExchangeState::Working);
    EXPECT_EQ(market.at(stop).hold, Hold::Trigger);
    market.move("185.00");
    market.advance(1s);
    EXPECT_EQ(market.state_of(stop), ExchangeState::Filled);
    EXPECT_EQ(market.state_of(take), ExchangeState::Cancelled);
}

TEST(Matching, ChildrenEndWithAParentThatIsCancelled) {
    Market market;
    const auto parent = market.put(limit_of("150.00"));
    auto child = limit_of("195.00");
    child.side = Side::Sell;
    child.parent = parent;
    const auto id = market.put(child);
    ASSERT_TRUE(market.cancel(market.now(), parent, ""));
    EXPECT_EQ(market.state_of(id), ExchangeState::Cancelled);
    child.parent = parent;
    EXPECT_EQ(market.at(market.put(child)).reason, "The parent order has ended without a fill");
    child.parent = {4711};
    EXPECT_EQ(market.at(market.put(child)).reason, "The parent order is not known");
}

TEST(Matching, AFillReducesTheOthersOfItsGroupInProportion) {
    Market market;
    auto first = limit_of("191.00", "90");  // Fills in three parts.
    first.group = "g";
    first.group_rule = GroupRule::ReduceOthers;
    auto second = limit_of("150.00", "60");
    second.group = "g";
    const auto filling = market.put(first);
    const auto resting = market.put(second);
    market.advance(300ms);
    EXPECT_EQ(market.at(filling).filled, quantity_of("30"));
    EXPECT_EQ(market.at(resting).quantity, quantity_of("40"));
    market.advance(300ms);
    market.advance(300ms);
    EXPECT_EQ(market.state_of(filling), ExchangeState::Filled);
    EXPECT_EQ(market.state_of(resting), ExchangeState::Cancelled);
}

TEST(Matching, TwoMarketableOrdersOfAGroupNeverBothFill) {
    Market market;
    auto order = limit_of("191.00");
    order.group = "g";
    const auto first = market.put(order);
    const auto second = market.put(order);
    order.account = "DU1000002";
    const auto elsewhere = market.put(order);
    market.advance(1s);
    EXPECT_EQ(market.state_of(first), ExchangeState::Filled);
    EXPECT_EQ(market.state_of(second), ExchangeState::Cancelled);
    EXPECT_EQ(market.state_of(elsewhere), ExchangeState::Filled);
    EXPECT_EQ(market.executions().size(), 2u);
}

TEST(Matching, AnOrderTakenOutOfTheMarketTradesWhenItIsBack) {
    Market market;
    const auto id = market.put(order_of(OrderType::Market));
    ASSERT_TRUE(market.set_active(market.now(), id, false));
    market.advance(5s);
    EXPECT_EQ(market.at(id).hold, Hold::Inactive);
    ASSERT_TRUE(market.set_active(market.now(), id, true));
    market.advance(1s);
    EXPECT_EQ(market.state_of(id), ExchangeState::Filled);
    EXPECT_FALSE(market.set_active(market.now(), id, true));
}

TEST(Matching, ATypeThatTrailsNeedsATrailAndNoOtherTypeTakesOne) {
    Market market;
    EXPECT_EQ(market.state_of(market.put(order_of(OrderType::TrailingStop))),
              ExchangeState::Rejected);
    auto order = order_of(OrderType::Stop, Side::Sell);
    order.trail = Trail{.amount = decimal_of("1")};
    EXPECT_EQ(market.at(market.put(order)).reason, "The order type does not trail");
}

TEST(Money, TheMarginNeedFollowsThePosition) {
    Market market;
    const auto before = margin_need_of(market, "DU1000001", "", {});
    const auto more = margin_need_of(market, "DU1000001", "AAPL", quantity_of("10"));
    EXPECT_EQ(more.initial - before.initial, decimal_of("571.50"));  // 30 % of 10 x 190.50.
    EXPECT_EQ(more.maintenance - before.maintenance, decimal_of("476.25"));
    const auto less = margin_need_of(market, "DU1000001", "AAPL", quantity_of("-10"));
    EXPECT_EQ(before.initial - less.initial, decimal_of("571.50"));
}

TEST(MarketPhase, WordsAreReadBackAndOthersRefused) {
    for (const auto phase :
         {MarketPhase::Closed, MarketPhase::Regular, MarketPhase::Extended, MarketPhase::Overnight})
        EXPECT_EQ(parse_market_phase(to_text(phase)).value(), phase);
    EXPECT_FALSE(parse_market_phase("open"));
}

}  // namespace
}  // namespace janus::sim
