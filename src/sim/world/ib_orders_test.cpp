// What the production gateway and the simulated IB make of each other's orders.
#include <gtest/gtest.h>

#include "sim/world/ib_pair.hpp"

namespace janus::sim {
namespace {

using namespace std::chrono_literals;
using gateway::BrokerStatus;

Price price(std::string_view text) {
    return {Decimal::parse(text).value()};
}
Quantity quantity(std::string_view text) {
    return {Decimal::parse(text).value()};
}

constexpr auto types = std::to_array<OrderType>(
    {OrderType::Market, OrderType::Limit, OrderType::Stop, OrderType::StopLimit,
     OrderType::TrailingStop, OrderType::TrailingStopLimit, OrderType::MarketOnClose,
     OrderType::LimitOnClose});
constexpr auto times = std::to_array<TimeInForce>(
    {TimeInForce::Day, TimeInForce::GoodTillCancel, TimeInForce::ImmediateOrCancel,
     TimeInForce::FillOrKill, TimeInForce::AtTheOpening, TimeInForce::GoodTillDate});
constexpr auto sessions = std::to_array<TradingSession>(
    {TradingSession::Regular, TradingSession::Extended, TradingSession::Overnight});

/// A purchase of its type that fits its rule and rests, where it can.
OrderIntent intent_of(const IbPair& pair, OrderType type, TimeInForce time,
                      TradingSession session = TradingSession::Regular) {
    auto intent = IbPair::intent();
    const auto& rule = rule_of(type);
    intent.type = type;
    intent.time_in_force = time;
    intent.session = session;
    if (rule.limit == NeedsLimit::No) intent.limit_price.reset();
    if (rule.stop != NeedsStop::No) intent.stop_price = price("200");
    if (rule.trail == NeedsTrail::Yes) intent.trail_amount = price("20");
    if (rule.offset == NeedsOffset::Yes) intent.limit_offset = price("0.5");
    if (time == TimeInForce::GoodTillDate) intent.good_till = pair.now().utc + 1h;
    return intent;
}

/// Shows the whole order as its report has it.
void expect_terms(const gateway::OrderReport& report, const gateway::PlaceOrder& placed) {
    EXPECT_EQ(report.type, placed.type);
    EXPECT_EQ(report.side, placed.side);
    EXPECT_EQ(report.quantity, placed.quantity);
    EXPECT_EQ(report.limit_price, placed.limit_price);
    EXPECT_EQ(report.stop_price, placed.stop_price);
    EXPECT_EQ(report.trail_amount, placed.trail_amount);
    EXPECT_EQ(report.trail_percent, placed.trail_percent);
    EXPECT_EQ(report.limit_offset, placed.limit_offset);
    EXPECT_EQ(report.time_in_force, placed.time_in_force);
    EXPECT_EQ(report.good_till, placed.good_till);
    EXPECT_EQ(report.session, placed.session);
    EXPECT_EQ(report.oca_group, placed.oca_group);
}

TEST(IbOrdersOfBothSides, WhatTheGatewayLetsThroughIbTakesAsItWasMeant) {
    IbPair pair;
    ASSERT_TRUE(pair.connect());
    std::size_t taken = 0;
    std::size_t denied = 0;
    for (const auto type : types)
        for (const auto time : times)
            for (const auto session : sessions) {
                const auto intent = intent_of(pair, type, time, session);
                if (!check_intent(intent)) continue;  // The core refuses it for every broker.
                SCOPED_TRACE(
                    fmt::format("{} {} {}", to_text(type), to_text(time), to_text(session)));
                const auto id = IbPair::native_id_of(pair.exchange, intent.symbol);
                if (!pair.gateway.prepare_order(intent, id)) {
                    ++denied;
                    continue;
                }
                const auto placed = pair.place(intent);
                ++taken;
                ASSERT_TRUE(pair.has_report(placed.client_order_id));
                const auto& truth = pair.truth_of(placed.client_order_id);
                EXPECT_EQ(truth.type, type);
                EXPECT_EQ(truth.time_in_force, time);
                EXPECT_EQ(truth.session, session);
                expect_terms(pair.terms_of(placed.client_order_id), placed);
                pair.advance(1s);
            }
    EXPECT_TRUE(pair.all<gateway::OrderRejected>().empty());
    EXPECT_TRUE(pair.all<gateway::OrderNotSent>().empty());
    // MARKET 6, LIMIT 12, four resting types 6 each, two on close.
    EXPECT_EQ(taken, 44U);
    // MARKET outside regular hours 10, by night LIMIT 4 and four resting types 3 each.
    EXPECT_EQ(denied, 26U);
}

TEST(IbOrdersOfBothSides, TermsSurviveTheWireAtEveryVersion) {
    for (int version = 176; version <= 225; ++version) {
        if (version == 201) version = 213;  // What lies between mixes both forms.
        SCOPED_TRACE(version);
        IbPair pair(version);
        ASSERT_TRUE(pair.connect());
        for (const auto type : {OrderType::TrailingStop, OrderType::TrailingStopLimit}) {
            auto intent = intent_of(pair, type, TimeInForce::GoodTillDate);
            intent.session = TradingSession::Extended;
            intent.oca_group = "pair";
            const auto placed = pair.place(intent);
            ASSERT_TRUE(pair.has_report(placed.client_order_id));
            expect_terms(pair.terms_of(placed.client_order_id), placed);
            pair.command(gateway::CancelOrder{
                placed.order, placed.client_order_id, {placed.number, ""},
                  placed.account
            });
            EXPECT_EQ(pair.report_of(placed.client_order_id).status, BrokerStatus::Cancelled);
        }
        pair.forget();
        pair.command(gateway::RefreshAccount{{"ib_main"}});
        const auto completed = pair.report_of({"ref00000000000000002"});
        EXPECT_EQ(completed.status, BrokerStatus::Cancelled);
        EXPECT_EQ(completed.type, OrderType::TrailingStopLimit);
        EXPECT_EQ(completed.trail_amount, price("20"));
        EXPECT_EQ(completed.limit_offset, price("0.5"));
        EXPECT_EQ(pair.gateway.counters().count("surplus_fields_OPEN_ORDER"), 0U);
    }
}

// ---- changes ----

struct Changing : IbPair {
    Changing() : placed(place_first()) {
        advance(1s);
        forget();
    }
    gateway::PlaceOrder place_first() {
        JANUS_CHECK(connect());
        return place(intent());
    }
    void change(std::string_view limit, std::string_view size = "10") {
        auto wanted = placed;
        wanted.limit_price = price(limit);
        wanted.quantity = quantity(size);
        wanted.send_before = now().mono + 10s;
        command(gateway::ModifyOrder{
            wanted, {placed.number, ""}
        });
    }
    const ExchangeOrder& truth() const { return truth_of(placed.client_order_id); }
    gateway::OrderReport shown() const { return report_of(placed.client_order_id); }
    gateway::OrderReport terms() const { return terms_of(placed.client_order_id); }
    gateway::PlaceOrder placed;
};

TEST(IbOrdersOfBothSides, AChangeIsTakenAndShown) {
    Changing pair;
    pair.change("151", "12");
    EXPECT_EQ(pair.truth().limit_price, price("151"));
    EXPECT_EQ(pair.terms().limit_price, price("151"));
    EXPECT_EQ(pair.terms().quantity, quantity("12"));
    EXPECT_EQ(pair.exchange.orders().size(), 1U);
}

TEST(IbOrdersOfBothSides, ARefusedChangeLeavesTheOrderToFillAtItsOldPrice) {
    Changing pair;
    pair.change("151.005");
    ASSERT_EQ(pair.all<gateway::ModifyRefused>().size(), 1U);
    EXPECT_NE(pair.all<gateway::ModifyRefused>()[0].reason.find("(IB 110)"), std::string::npos);
    pair.fault("modify_refused", {
                                     {"code",  "2102"},
                                     {"count", "1"   }
    });
    pair.change("151");
    ASSERT_EQ(pair.all<gateway::ModifyRefused>().size(), 2U);
    EXPECT_TRUE(pair.all<gateway::ModifyRefused>()[1].reason.starts_with("too early, try again"));
    EXPECT_EQ(pair.truth().limit_price, price("150"));
    pair.move_price("AAPL", "149.90");
    pair.advance(1s);
    EXPECT_EQ(pair.shown().status, BrokerStatus::Filled);
    EXPECT_TRUE(pair.all<gateway::OrderRejected>().empty());
}

TEST(IbOrdersOfBothSides, AChangeCutInTheMiddleIsWhatTheBooksShowAfterwards) {
    for (const std::string applied : {"0", "1"}) {
        Changing pair;
        pair.fault("modify_without_answer", {
                                                {"apply", applied},
                                                {"count", "1"    }
        });
        pair.change("151");
        EXPECT_FALSE(pair.has_report(pair.placed.client_order_id));
        pair.cut();
        EXPECT_TRUE(pair.all<gateway::ModifyRefused>().empty()) << "nobody has refused it";
        pair.advance(30s);
        EXPECT_EQ(pair.terms().limit_price, price(applied == "1" ? "151" : "150")) << applied;
        EXPECT_EQ(pair.shown().status, BrokerStatus::Working);
        pair.change("152");
        EXPECT_EQ(pair.truth().limit_price, price("152")) << "and it can be changed again";
    }
}

TEST(IbOrdersOfBothSides, AChangeOfAFilledOrderIsRefused) {
    Changing pair;
    pair.move_price("AAPL", "149.90");
    pair.advance(1s);
    pair.change("151");
    EXPECT_EQ(pair.all<gateway::ModifyNotSent>().size(), 1U);
}

// ---- orders that belong together ----

TEST(IbOrdersOfBothSides, ABracketGoesFromItsEntryToOneOfItsExits) {
    IbPair pair;
    ASSERT_TRUE(pair.connect());
    auto entry = pair.place_of(IbPair::intent());
    entry.limit_price = price("189");
    entry.transmit = false;
    auto exit = IbPair::intent();
    exit.side = Side::Sell;
    exit.limit_price = price("195");
    auto profit = pair.place_of(exit);
    profit.parent_number = entry.number;
    profit.transmit = false;
    exit.type = OrderType::Stop;
    exit.limit_price.reset();
    exit.stop_price = price("185");
    auto loss = pair.place_of(exit);
    loss.parent_number = entry.number;
    pair.command(entry);
    pair.command(profit);
    EXPECT_TRUE(pair.exchange.orders().empty());
    pair.command(loss);
    ASSERT_EQ(pair.exchange.orders().size(), 3U);
    EXPECT_EQ(pair.report_of(profit.client_order_id).status, BrokerStatus::Held);
    EXPECT_EQ(pair.report_of(profit.client_order_id).reason, "child");
    pair.move_price("AAPL", "188.90");
    pair.advance(1s);
    EXPECT_EQ(pair.report_of(entry.client_order_id).status, BrokerStatus::Filled);
    EXPECT_EQ(pair.report_of(profit.client_order_id).status, BrokerStatus::Working);
    pair.move_price("AAPL", "184.90");
    pair.advance(2s);
    EXPECT_EQ(pair.report_of(loss.client_order_id).status, BrokerStatus::Filled);
    EXPECT_EQ(pair.report_of(profit.client_order_id).status, BrokerStatus::Cancelled);
    EXPECT_TRUE(pair.all<gateway::OrderRejected>().empty());
}

TEST(IbOrdersOfBothSides, AParkedParentIsCancelledAndItsChildIsRefused) {
    IbPair pair;
    ASSERT_TRUE(pair.connect());
    auto entry = pair.place_of(IbPair::intent());
    entry.transmit = false;
    pair.command(entry);
    pair.command(gateway::CancelOrder{
        entry.order, entry.client_order_id, {entry.number, ""},
          entry.account
    });
    EXPECT_EQ(pair.report_of(entry.client_order_id).status, BrokerStatus::Cancelled);
    auto child = pair.place_of(IbPair::intent());
    child.parent_number = entry.number;
    pair.command(child);
    ASSERT_EQ(pair.all<gateway::OrderRejected>().size(), 1U);
    EXPECT_NE(pair.all<gateway::OrderRejected>()[0].reason.find("(IB 10006)"), std::string::npos);
}

TEST(IbOrdersOfBothSides, OneFillOfAGroupCancelsTheOthers) {
    IbPair pair;
    ASSERT_TRUE(pair.connect());
    auto intent = IbPair::intent();
    intent.oca_group = "pair";
    const auto low = pair.place(intent);
    intent.limit_price = price("189");
    const auto high = pair.place(intent);
    pair.move_price("AAPL", "188.90");
    pair.advance(2s);
    EXPECT_EQ(pair.report_of(high.client_order_id).status, BrokerStatus::Filled);
    EXPECT_EQ(pair.report_of(low.client_order_id).status, BrokerStatus::Cancelled);
    EXPECT_EQ(pair.exchange.executions().size(), 1U);
}

// ---- previews ----

TEST(IbOrdersOfBothSides, APreviewIsWhatTheExchangeComputesAndPlacesNothing) {
    for (const int version : {176, 194, 195, 200, 225}) {
        IbPair pair(version);
        ASSERT_TRUE(pair.connect());
        const auto intent = IbPair::intent();
        const auto id = IbPair::native_id_of(pair.exchange, intent.symbol);
        const auto number = pair.gateway.prepare_order(intent, id).value();
        pair.forget();
        pair.command(gateway::PreviewOrder{{1}, intent, id, number});
        const auto results = pair.all<gateway::PreviewResult>();
        ASSERT_EQ(results.size(), 1U) << version;
        const auto& preview = results[0].outcome.value();
        EXPECT_EQ(preview.initial.change, Money{Decimal::parse("571.5").value()}) << version;
        EXPECT_EQ(preview.maintenance.change, Money{Decimal::parse("476.25").value()});
        EXPECT_EQ(preview.commission, Money{Decimal::from_integer(1)});
        EXPECT_EQ(preview.commission_currency, "USD");
        EXPECT_EQ(preview.margin_currency, version >= 195 ? "USD" : "");
        EXPECT_TRUE(pair.exchange.orders().empty());
        EXPECT_TRUE(pair.all<gateway::OrderReport>().empty());
        pair.command(gateway::PlaceOrder(pair.place_of(intent)));
        EXPECT_EQ(pair.exchange.orders().size(), 1U) << "the next number is free";
    }
}

TEST(IbOrdersOfBothSides, APreviewOfTooMuchIsTheBrokersNoOrItsWarning) {
    for (const int version : {194, 200}) {
        IbPair pair(version);
        ASSERT_TRUE(pair.connect());
        auto intent = IbPair::intent();
        intent.quantity = quantity("100000");
        const auto id = IbPair::native_id_of(pair.exchange, intent.symbol);
        pair.command(
            gateway::PreviewOrder{{1}, intent, id, pair.gateway.prepare_order(intent, id).value()});
        const auto results = pair.all<gateway::PreviewResult>();
        ASSERT_EQ(results.size(), 1U) << version;
        const std::string why = "The initial margin would exceed the equity of the account.";
        if (version >= 195)
            EXPECT_EQ(results[0].outcome.error().message, why);
        else
            EXPECT_EQ(results[0].outcome.value().warning, why);
    }
}

TEST(IbOrdersOfBothSides, APreviewWithoutAnAnswerEndsAtItsBound) {
    IbPair pair;
    ASSERT_TRUE(pair.connect());
    pair.fault("preview_without_answer", {
                                             {"count", "1"}
    });
    const auto intent = IbPair::intent();
    const auto id = IbPair::native_id_of(pair.exchange, intent.symbol);
    pair.command(
        gateway::PreviewOrder{{1}, intent, id, pair.gateway.prepare_order(intent, id).value()});
    pair.advance(11s);
    ASSERT_EQ(pair.all<gateway::PreviewResult>().size(), 1U);
    EXPECT_EQ(pair.all<gateway::PreviewResult>()[0].outcome.error().code, ErrorCode::Unavailable);
}

// ---- orders from elsewhere ----

TEST(IbOrdersOfBothSides, AnOrderMadeInTwsAppearsAndDisappearsWithinTheInterval) {
    IbPair pair;
    ASSERT_TRUE(pair.connect());
    const auto made = pair.server.external_order(pair.now(), {.account = "DU1000001",
                                                              .symbol = "MSFT",
                                                              .type = OrderType::Limit,
                                                              .quantity = quantity("3"),
                                                              .limit_price = price("300")});
    ASSERT_TRUE(made);
    pair.advance(11s);
    ASSERT_TRUE(pair.has_report({""}));
    EXPECT_EQ(pair.report_of({""}).status, BrokerStatus::Working);
    EXPECT_EQ(pair.terms_of({""}).limit_price, price("300"));
    pair.command(gateway::CancelOrder{
        {9},
        {""},
        {0, pair.report_of({""}).ref.permanent},
        {"ib_main"}
    });
    ASSERT_EQ(pair.all<gateway::CancelRefused>().size(), 1U);
    ASSERT_TRUE(pair.server.external_cancel(pair.now(), *made));
    pair.forget();
    pair.advance(11s);
    ASSERT_TRUE(pair.has_report({""}));
    EXPECT_EQ(pair.report_of({""}).status, BrokerStatus::Cancelled);
    pair.forget();
    pair.advance(60s);
    EXPECT_FALSE(pair.has_report({""})) << "it is told once";
    const auto gates = pair.all<gateway::GateChanged>();
    EXPECT_TRUE(gates.empty()) << "looking changes no gate";
}

// ---- the day ----

TEST(IbOrdersOfBothSides, AnOrderForAClosedMarketIsHeldWithANoticeAndThenFills) {
    IbPair pair;
    ASSERT_TRUE(pair.connect());
    pair.fault("market_phase");
    auto intent = intent_of(pair, OrderType::Market, TimeInForce::GoodTillCancel);
    const auto placed = pair.place(intent);
    pair.advance(1s);
    ASSERT_EQ(pair.all<gateway::OrderNotice>().size(), 1U);
    EXPECT_NE(pair.all<gateway::OrderNotice>()[0].text.find("(IB 399)"), std::string::npos);
    EXPECT_EQ(pair.report_of(placed.client_order_id).status, BrokerStatus::Held);
    pair.fault_off("market_phase");
    pair.advance(1s);
    EXPECT_EQ(pair.report_of(placed.client_order_id).status, BrokerStatus::Filled);
}

TEST(IbOrdersOfBothSides, ADeactivatedOrderIsHeldAndComesBack) {
    Changing pair;
    pair.fault("deactivate_orders");
    EXPECT_EQ(pair.shown().status, BrokerStatus::Held);
    EXPECT_EQ(pair.shown().reason, "inactive");
    pair.fault_off("deactivate_orders");
    EXPECT_EQ(pair.shown().status, BrokerStatus::Working);
    pair.move_price("AAPL", "149.90");
    pair.advance(1s);
    EXPECT_EQ(pair.shown().status, BrokerStatus::Filled);
}

TEST(IbOrders, AsClientZeroJanusCancelsWhatWasMadeByHandInEveryForm) {
    for (const int version : {176, 200, 225}) {
        SCOPED_TRACE(version);
        IbPair pair(version, 0);
        ASSERT_TRUE(pair.connect());
        pair.forget();
        const auto id = pair.server.external_order(pair.now(), {.account = "DU1000001",
                                                                .symbol = "AAPL",
                                                                .type = OrderType::Limit,
                                                                .quantity = quantity("3"),
                                                                .limit_price = price("150")});
        ASSERT_TRUE(id);
        pair.advance(100ms);
        const auto shown = pair.report_of({""});
        EXPECT_EQ(shown.ref.number, 0) << "it is not ours";
        pair.command(gateway::CancelOrder{{9}, {""}, shown.ref, {"ib_main"}});
        pair.advance(1s);
        EXPECT_TRUE(pair.all<gateway::CancelRefused>().empty());
        EXPECT_EQ(pair.report_of({""}).status, BrokerStatus::Cancelled);
        EXPECT_EQ(pair.exchange.find_order(*id)->state, ExchangeState::Cancelled);
    }
}

}  // namespace
}  // namespace janus::sim
