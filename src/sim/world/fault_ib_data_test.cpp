// Faults of contracts and market data at IB, by the ids of the fault catalogue (docs/faults.md).

#include <algorithm>

#include <gtest/gtest.h>

#include "sim/world/fault_world.hpp"

namespace janus::sim {
namespace {

using namespace std::chrono_literals;

using Lines = std::vector<std::string>;

constexpr std::string_view request_market_data = "1";
constexpr std::string_view place_order = "3";
constexpr std::string_view request_contract = "9";
constexpr std::string_view apple_conid = "265598";

CanonicalSymbol symbol(std::string_view text) {
    return CanonicalSymbol::parse(text).value();
}

/// A world in which market orders need a fresh price.
FaultWorldOptions with_notional_limit() {
    return {.settings = [](core::EngineSettings& settings) {
        for (auto& account : settings.accounts)
            account.limits.max_order_notional = Money{Decimal::from_integer(1'000'000)};
    }};
}

/// The request id under which a contract's ticks come now.
std::string tick_request_of(const FaultWorld& world, std::string_view conid) {
    std::string id;
    for (const auto& request : world.sent(request_market_data))
        if (request.fields.at(3) == conid) id = request.fields.at(2);
    return id;
}

std::size_t tick_requests_of(const FaultWorld& world, std::string_view conid) {
    const auto requests = world.sent(request_market_data);
    return static_cast<std::size_t>(std::ranges::count_if(
        requests, [&](const auto& request) { return request.fields.at(3) == conid; }));
}

/// Refused before it went anywhere; the reason.
std::string denial_of(FaultWorld& world, const OrderIntent& intent) {
    const auto before = world.sent(place_order).size();
    const auto placed = world.place(intent);
    world.run(3s);
    EXPECT_EQ(world.sent(place_order).size(), before);
    if (!placed->answer || *placed->answer) return {};
    return placed->answer->error().message;
}

/// Prices of AAPL around a middle, once a second.
void trade(FaultWorld& world, Duration span) {
    int cents = 0;
    for (const auto end = world.now().mono + span; world.now().mono < end; world.run(1s)) {
        cents = (cents + 1) % 50;
        world.market("AAPL", fmt::format("191.{:02}", cents), fmt::format("191.{:02}", cents + 2),
                     fmt::format("191.{:02}", cents + 1));
    }
}

TEST(IbFaults, IBD_01_AnAmbiguousNameIsAskedBackAndWritesNothing) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto ticks = world.subscribe("AMBX");
    world.run(3s);
    ASSERT_TRUE(ticks->answer && !*ticks->answer);
    EXPECT_EQ(ticks->answer->error().code, ErrorCode::Ambiguous);
    for (const auto* candidate : {"700100101", "700100111", "700100112"})
        EXPECT_TRUE(ticks->answer->error().message.contains(candidate)) << candidate;
    EXPECT_FALSE(world.engine().symbol(symbol("AMBX"))->native_ids.contains("ib"));
    EXPECT_FALSE(denial_of(world, FaultWorld::intent("AMBX", "1")).empty());

    bool mapped = false;
    world.engine().map_symbol(world.now(), symbol("AMBX"), "ib", {"700100111"}, {"person"},
                              [&mapped](const auto& record) { mapped = record.has_value(); });
    world.run(1s);
    ASSERT_TRUE(mapped);
    const auto placed = world.place(FaultWorld::intent("AMBX", "1", "1.00"));
    world.run(2s);
    EXPECT_EQ(world.order(placed).order.native_id.value, "700100111");
    EXPECT_EQ(world.order(placed).order.state, OrderState::Working);
    world.subscribe("AMBX");
    world.run(2s);
    EXPECT_EQ(world.engine().symbol(symbol("AMBX"))->native_ids.at("ib").value, "700100111")
        << "no lookup replaces what a person has mapped";
    world.cancel(placed);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBD_01_FuturesThatDifferInTheirMultiplierAreAmbiguous) {
    FaultWorld world({.scenario = [](Scenario& scenario) {
        auto twin = *std::ranges::find(scenario.instruments, "NQ.2703", &SimInstrument::symbol);
        twin.symbol = "NQTWO.2703";
        twin.ib_conid = 750150999;
        twin.multiplier = Decimal::from_integer(2);
        twin.webull_ticker.clear();
        twin.webull_instrument_id.clear();
        scenario.instruments.push_back(twin);
    }});
    ASSERT_TRUE(world.connect());
    const auto ticks = world.subscribe("NQ.2703");
    world.run(3s);
    ASSERT_TRUE(ticks->answer && !*ticks->answer);
    EXPECT_EQ(ticks->answer->error().code, ErrorCode::Ambiguous);
    EXPECT_FALSE(world.engine().symbol(symbol("NQ.2703")).has_value());
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBD_01_OneContractOnManyExchangesIsUnique) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto ticks = world.subscribe("NVDA");
    world.run(3s);
    ASSERT_TRUE(ticks->answer && *ticks->answer);
    EXPECT_EQ(world.engine().symbol(symbol("NVDA"))->native_ids.at("ib").value, "4815747");
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBD_01_AnAnswerWithoutItsEndIsNoAnswer) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("withhold_message", {
                                        {"message", "52"}
    });
    const auto ticks = world.subscribe("NQ.2703");
    world.run(20s);
    ASSERT_TRUE(ticks->answer && !*ticks->answer);
    const auto record = world.engine().symbol(symbol("NQ.2703"));
    EXPECT_FALSE(record && record->native_ids.contains("ib")) << "one candidate, but no end";
    world.fault_off("withhold_message");
    const auto again = world.subscribe("NQ.2703");
    world.run(3s);
    EXPECT_TRUE(again->answer && *again->answer);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBD_02_AnUnknownNameIsRememberedForAWhile) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto ask = [&] {
        const auto ticks = world.subscribe("NOIB");
        world.run(2s);
        EXPECT_TRUE(ticks->answer && !*ticks->answer);
        EXPECT_EQ(ticks->answer->error().code, ErrorCode::NotFound);
    };
    ask();
    world.forget_sent();
    for (int time = 0; time < 5; ++time) ask();
    EXPECT_TRUE(world.sent(request_contract).empty());
    world.run(61s);
    ask();
    EXPECT_EQ(world.sent(request_contract).size(), 1U) << "a name may be listed later";
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBD_02_AsAnOrdersAnswerItRejectsThatOrderOnly) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault(
        "reject_orders",
        {
            {"code",  "200"                                  },
            {"text",  "No security definition has been found"},
            {"count", "1"                                    }
    });
    const auto refused = world.place(FaultWorld::intent("AAPL", "1"));
    const auto next = world.place(FaultWorld::intent("AAPL", "2"));
    world.run(3s);
    EXPECT_EQ(world.order(refused).order.state, OrderState::Rejected);
    EXPECT_TRUE(world.order(refused).order.note.contains("No security definition"));
    EXPECT_EQ(world.order(next).order.state, OrderState::Filled);
    EXPECT_EQ(world.gate(), "ready");
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBD_03_AClassShareIsOneRowAndEachBrokerGetsItsOwnSpelling) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.run(2s);
    const auto symbols = world.engine().symbols();
    const auto rows = std::ranges::count_if(
        symbols, [](const auto& record) { return record.symbol.text().starts_with("BRK"); });
    EXPECT_EQ(rows, 1);
    const auto record = world.engine().symbol(symbol("BRK.B"));
    ASSERT_TRUE(record);
    EXPECT_EQ(record->native_ids.at("ib").value, "72063691");
    EXPECT_EQ(record->native_ids.at("webull").value, "BRK.B");
    EXPECT_EQ(world.position("BRK.B", "ib_main")->position.quantity, quantity_of("10"));
    EXPECT_EQ(world.position("BRK.B", "webull_personal")->position.quantity, quantity_of("5"));
    const auto at_ib = world.place(FaultWorld::intent("BRK.B", "1"));
    auto intent = FaultWorld::intent("BRK.B", "2");
    intent.account = {"webull_personal"};
    const auto at_webull = world.place(intent);
    world.run(5s);
    for (const auto& placed : {at_ib, at_webull}) {
        EXPECT_EQ(world.order(placed).order.state, OrderState::Filled);
        EXPECT_EQ(world.order(placed).order.symbol, "BRK.B");
    }
    const auto sent = world.sent(place_order);
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_GE(std::ranges::count(sent.front().fields, "BRK B"), 1);
    EXPECT_EQ(std::ranges::count(sent.front().fields, "BRK.B"), 0);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBD_04_MinusOneAndZeroAreNoPrice) {
    FaultWorld world(with_notional_limit());
    world.fault("no_quote", {
                                {"symbol", "AAPL"}
    });
    ASSERT_TRUE(world.connect());
    const auto has_none = [&] {
        world.run(2s);
        const auto view = world.quote("AAPL");
        EXPECT_FALSE(view.quote.bid || view.quote.ask || view.quote.last);
        const auto value = world.position("AAPL")->valuation;
        EXPECT_NE(value.quality, DataQuality::Live);
        if (value.price) EXPECT_EQ(value.source, "ib:close") << "yesterday's, and marked so";
        EXPECT_TRUE(denial_of(world, FaultWorld::intent("AAPL", "1")).contains("no fresh"));
    };
    has_none();  // Before any good tick.
    world.fault_off("no_quote");
    world.market("AAPL", "191.00", "191.02", "191.01");
    world.run(1s);
    EXPECT_EQ(world.quote("AAPL").quote.quality, DataQuality::Live);
    EXPECT_EQ(world.position("AAPL")->valuation.price, price_of("191.01"));
    world.fault("no_quote", {
                                {"symbol", "AAPL"}
    });
    has_none();  // And after.
    world.fault_off("no_quote");
    world.run(1s);
    const auto request = tick_request_of(world, apple_conid);
    for (const auto* type : {"1", "2", "4"})
        world.tell_client(fmt::format("1|6|{}|{}|0|0|0", request, type));
    has_none();  // Zero is the same.
    world.market("AAPL", "192.00", "192.02", "192.01");
    world.run(1s);
    const auto placed = world.place(FaultWorld::intent("AAPL", "1"));
    world.run(2s);
    EXPECT_EQ(world.order(placed).order.state, OrderState::Filled);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBD_05_DelayedPricesAreMarkedAndCheckNoOrder) {
    FaultWorld world(with_notional_limit());
    ASSERT_TRUE(world.connect());
    world.market("AAPL", "191.00", "191.02", "191.01");
    world.run(1s);
    ASSERT_EQ(world.quote("AAPL").quote.quality, DataQuality::Live);
    // A gateway that serves delayed data when live ones are not subscribed: 10167, then type 3.
    const auto request = tick_request_of(world, apple_conid);
    world.tell_client("4|" + request + "|10167|Displaying delayed market data.||0");
    world.tell_client("58|1|" + request + "|3");
    world.tell_client("1|6|" + request + "|68|190.00|100|0");
    world.run(1s);
    EXPECT_EQ(world.quote("AAPL").quote.quality, DataQuality::Delayed);
    EXPECT_EQ(world.quote("AAPL").quote.last, price_of("190.00"));
    EXPECT_EQ(world.position("AAPL")->valuation.quality, DataQuality::Delayed);
    EXPECT_TRUE(denial_of(world, FaultWorld::intent("AAPL", "1")).contains("no fresh live quote"));
    for (const auto& [type, quality] : std::vector<std::pair<std::string, DataQuality>>{
             {"2", DataQuality::Frozen       },
             {"4", DataQuality::DelayedFrozen}
    }) {
        world.tell_client("58|1|" + request + "|" + type);
        EXPECT_EQ(world.quote("AAPL").quote.quality, quality);
        EXPECT_FALSE(denial_of(world, FaultWorld::intent("AAPL", "1")).empty());
    }
    world.tell_client("58|1|" + request + "|1");
    world.market("AAPL", "192.00", "192.02", "192.01");
    world.run(1s);
    EXPECT_EQ(world.quote("AAPL").quote.quality, DataQuality::Live);
    const auto placed = world.place(FaultWorld::intent("AAPL", "1"));
    world.run(2s);
    EXPECT_EQ(world.order(placed).order.state, OrderState::Filled);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBD_05_WhoAsksForDelayedDataGetsThemMarkedWhereThereAreNoLiveOnes) {
    for (const auto kind :
         {::janus::ib::MarketDataKind::Live, ::janus::ib::MarketDataKind::Delayed}) {
        const bool delayed = kind == ::janus::ib::MarketDataKind::Delayed;
        FaultWorld world({.ib = [kind](auto& settings) { settings.market_data = kind; }});
        world.fault("delayed_data");
        ASSERT_TRUE(world.connect());
        world.subscribe("MSFT");
        world.market("MSFT", "410.00", "410.02", "410.01");
        world.run(2s);
        EXPECT_EQ(world.quote("MSFT").quote.quality,
                  delayed ? DataQuality::Delayed : DataQuality::None);
        if (delayed) EXPECT_EQ(world.quote("MSFT").quote.last, price_of("410.01"));
        if (!delayed) EXPECT_TRUE(world.quote("MSFT").reason.contains("354"));
        world.fault_off("delayed_data");
        EXPECT_EQ(world.unhealed(), Lines{});
    }
}

TEST(IbFaults, IBD_06_ACompetingSessionMakesPricesStaleWithItsReason) {
    std::size_t warned = 0;
    auto options = FaultWorldOptions{};
    options.sink = [&warned](std::string_view line) {
        if (line.contains("10197")) ++warned;
    };
    FaultWorld world(options);
    ASSERT_TRUE(world.connect());
    world.market("AAPL", "191.00", "191.02", "191.01");
    world.run(1s);
    warned = 0;
    world.forget_sent();
    for (int time = 0; time < 30; ++time) {
        world.fault("no_market_data", {
                                          {"code", "10197"}
        });
        world.run(60s);
        const auto view = world.quote("AAPL");
        EXPECT_EQ(view.quote.quality, DataQuality::Stale);
        EXPECT_TRUE(view.reason.contains("10197")) << view.reason;
    }
    EXPECT_EQ(world.alarms_with("10197"), 1U) << "one per cause and hour, not one per symbol";
    EXPECT_EQ(warned, 1U) << "and so in the log";
    EXPECT_LE(tick_requests_of(world, apple_conid), 6U) << "tried again at growing pauses";
    const auto placed = world.place(FaultWorld::intent("AAPL", "1"));
    world.run(2s);
    EXPECT_EQ(world.order(placed).order.state, OrderState::Filled);
    world.fault_off("no_market_data");
    world.market("AAPL", "192.00", "192.02", "192.01");
    world.run(1s);
    EXPECT_EQ(world.quote("AAPL").quote.last, price_of("192.01"));
    EXPECT_EQ(world.quote("AAPL").quote.quality, DataQuality::Live);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBD_06_MoreSubscriptionsThanLinesAreToldAndServedWhenOneEnds) {
    FaultWorld world;
    world.fault("lines_limit", {
                                   {"lines", "3"}
    });
    ASSERT_TRUE(world.connect());
    world.run(3s);
    std::vector<CanonicalSymbol> served;
    std::size_t refused = 0;
    for (const auto& view : world.engine().quotes(world.now())) {
        if (view.quote.quality == DataQuality::Live)
            served.push_back(view.symbol);
        else if (!view.reason.empty())
            ++refused;
    }
    EXPECT_EQ(served.size(), 3U);
    EXPECT_GE(refused, 3U);
    const auto requests = world.sent(request_market_data).size();
    world.run(5min);
    EXPECT_LE(world.sent(request_market_data).size() - requests, 60U) << "retries are paced";
    const auto placed = world.place(FaultWorld::intent("QQQ", "1"));
    world.run(2s);
    EXPECT_EQ(world.order(placed).order.state, OrderState::Filled);
    world.fault_off("lines_limit");
    world.fault("disconnect_all");
    EXPECT_EQ(world.unhealed(), Lines{});
    // Nothing announces a free line: one more is tried every ten minutes.
    for (int tries = 0; tries < 12 && !world.quote("TSLA").quote.last; ++tries) world.run(10min);
    EXPECT_TRUE(world.quote("TSLA").quote.last.has_value());
}

TEST(IbFaults, IBD_07_AFeedThatDiesQuietlyGoesStaleAndIsAskedForOnceMore) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    trade(world, 15s);
    ASSERT_EQ(world.quote("AAPL").quote.quality, DataQuality::Live);
    for (const auto* symbol : {"AAPL", "all"}) {
        SCOPED_TRACE(symbol);
        world.fault("stop_ticks", {
                                      {"symbol", symbol}
        });
        world.forget_sent();
        trade(world, 9s);
        EXPECT_EQ(world.quote("AAPL").quote.quality, DataQuality::Live);
        trade(world, 3s);
        EXPECT_EQ(world.quote("AAPL").quote.quality, DataQuality::Stale);
        EXPECT_GE(world.position("AAPL")->valuation.age, 10s);
        EXPECT_EQ(tick_requests_of(world, apple_conid), 0U);
        trade(world, 23s);
        EXPECT_EQ(tick_requests_of(world, apple_conid), 1U) << "after half a minute";
        trade(world, 50s);
        EXPECT_EQ(tick_requests_of(world, apple_conid), 1U) << "and then with longer pauses";
        trade(world, 20s);
        EXPECT_EQ(tick_requests_of(world, apple_conid), 2U);
        EXPECT_EQ(world.gate(), "ready");
        world.fault_off("stop_ticks");
        trade(world, 3s);
        EXPECT_EQ(world.quote("AAPL").quote.quality, DataQuality::Live);
    }
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBD_08_PricesBelowZeroStayBelowZero) {
    FaultWorld world({.scenario = [](Scenario& scenario) {
        for (auto& account : scenario.accounts)
            for (auto& holding : account.holdings)
                if (holding.symbol == "NQ.2612") holding.average_cost = price_of("-1.25");
    }});
    ASSERT_TRUE(world.connect());
    world.market("NQ.2612", "-37.75", "-37.50", "-37.63");
    world.run(1s);
    EXPECT_EQ(world.quote("NQ.2612").quote.last, price_of("-37.63"));
    const auto held = world.position("NQ.2612");
    ASSERT_TRUE(held);
    EXPECT_EQ(held->position.average_cost, price_of("-1.25"));
    EXPECT_EQ(held->valuation.market_value, Money{Decimal::parse("-752.6").value()});
    EXPECT_EQ(held->valuation.unrealized, Money{Decimal::parse("-727.6").value()});
    EXPECT_FALSE(denial_of(world, FaultWorld::intent("AAPL", "1", "-1.00")).empty());
    const auto placed = world.place(FaultWorld::intent("NQ.2612", "1", "-37.50"));
    world.run(3s);
    EXPECT_EQ(world.order(placed).order.state, OrderState::Filled)
        << world.order(placed).order.note;
    EXPECT_EQ(world.order(placed).order.average_price, price_of("-37.50"));
    EXPECT_EQ(world.unhealed(), Lines{});
}

}  // namespace
}  // namespace janus::sim
