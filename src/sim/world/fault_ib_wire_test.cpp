// Faults of IB's wire format, by the ids of the fault catalogue (docs/faults.md).

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "gateway/ib/wire/versions.hpp"
#include "sim/world/fault_world.hpp"

namespace janus::sim {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

using Lines = std::vector<std::string>;

constexpr std::string_view request_open_orders = "5";
constexpr std::string_view request_executions = "7";
constexpr std::string_view place_order = "3";

constexpr auto sentinels = std::to_array<std::string_view>(
    {"1.7976931348623157E308", "2147483647", "9223372036854775807", "", "Infinity", "NaN"});

/// A short trading day; what a person could see of it.
Lines trading_day(FaultWorld& world) {
    EXPECT_TRUE(world.connect());
    const auto filled = world.place(FaultWorld::intent("AAPL", "120"));
    const auto resting = world.place(FaultWorld::intent("MSFT", "3", "300.00"));
    world.run(5s);
    world.cancel(resting);
    world.run(5s);
    Lines seen;
    for (const auto& placed : {filled, resting}) {
        const auto view = world.order(placed);
        seen.push_back(fmt::format("{} filled {} in {}", to_text(view.order.state),
                                   view.order.filled, view.executions.size()));
        for (const auto state : world.path_of(placed)) seen.emplace_back(to_text(state));
    }
    for (const auto& position : world.engine().positions(world.now(), {}))
        seen.push_back(fmt::format("{} {}", position.symbol, position.position.quantity));
    return seen;
}

TEST(IbFaults, IBW_01_FramesInPiecesAreTheSameFrames) {
    FaultWorld whole;
    const auto expected = trading_day(whole);
    ASSERT_EQ(expected.front(), "FILLED filled 120 in 3");

    FaultWorld bytewise;
    bytewise.fault("split_writes");
    EXPECT_EQ(trading_day(bytewise), expected);
    EXPECT_EQ(bytewise.unhealed(), Lines{});

    FaultWorld pieces;
    pieces.weather({.split = 1000});
    EXPECT_EQ(trading_day(pieces), expected);
    EXPECT_EQ(pieces.unhealed(), Lines{});
}

TEST(IbFaults, IBW_02_AnAbsurdLengthEndsTheConnectionAndNothingElse) {
    for (const auto* length : {"4294967295", "2147483648", "16777217", "0"}) {
        SCOPED_TRACE(length);
        FaultWorld world;
        ASSERT_TRUE(world.connect());
        world.fault("drop_ack", {
                                    {"count", "1"}
        });
        const auto placed = world.place(FaultWorld::intent("AAPL", "5", "150.00"));
        world.run(100ms);
        world.fault("bad_frame", {
                                     {"length", length}
        });
        world.run(100ms);
        EXPECT_TRUE(world.gate().starts_with("connecting")) << world.gate();
        EXPECT_TRUE(world.gate().contains("frame")) << world.gate();
        EXPECT_EQ(world.order(placed).order.state, OrderState::Unknown);
        ASSERT_TRUE(world.run_until([&] { return world.gate() == "ready"; }, 30s));
        EXPECT_EQ(world.connects().size(), 2U);
        world.run(11s);
        EXPECT_EQ(world.order(placed).order.state, OrderState::Working);
        EXPECT_EQ(world.received("place", placed), 1U);
        EXPECT_EQ(world.unhealed(), Lines{});
    }
}

TEST(IbFaults, IBW_03_AnUnknownMessageIsSkippedCountedAndSaidOnce) {
    std::size_t said = 0;
    FaultWorld world({.sink = [&said](std::string_view line) {
        if (line.contains("message 9999 is unknown")) ++said;
    }});
    ASSERT_TRUE(world.connect());
    const auto placed = world.place(FaultWorld::intent("AAPL", "120"));
    ASSERT_TRUE(world.run_until([&] { return !world.order(placed).executions.empty(); }, 5s));
    ASSERT_EQ(world.order(placed).order.state, OrderState::Working) << "between two fills";
    for (int time = 0; time < 3; ++time)
        world.fault("unknown_message", {
                                           {"id", "9999"}
        });
    world.run(3s);
    EXPECT_EQ(world.order(placed).order.state, OrderState::Filled);
    EXPECT_EQ(world.order(placed).executions.size(), 3U);
    EXPECT_EQ(world.counter("ib.unknown_message_9999"), 3U);
    EXPECT_EQ(said, 1U);
    EXPECT_EQ(world.connects().size(), 1U);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBW_04_FieldsTooManyAreCountedAndTooFewFetchTheBooksAfresh) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    world.fault("field_count", {
                                   {"change", "10"},
                                   {"count",  "1" }
    });
    const auto surplus = world.place(FaultWorld::intent("AAPL", "5", "150.00"));
    world.run(2s);
    EXPECT_EQ(world.order(surplus).order.state, OrderState::Working);
    EXPECT_EQ(world.counter("ib.surplus_fields_OPEN_ORDER"), 1U);

    world.forget_sent();
    const auto alarms = world.alarms().size();
    world.fault("field_count", {
                                   {"change", "-2"},
                                   {"count",  "1" }
    });
    const auto missing = world.place(FaultWorld::intent("MSFT", "5", "300.00"));
    world.run(5s);
    EXPECT_EQ(world.counter("ib.unreadable_OPEN_ORDER"), 1U);
    EXPECT_EQ(world.alarms().size(), alarms + 1) << "a hole in the order path is for a person";
    EXPECT_FALSE(world.sent(request_open_orders).empty());
    EXPECT_FALSE(world.sent(request_executions).empty());
    EXPECT_EQ(world.order(missing).order.state, OrderState::Working);
    EXPECT_EQ(world.connects().size(), 1U) << "the session lives";
    EXPECT_EQ(world.gate(), "ready");
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBW_05_AVersionOutOfRangeNeedsAPersonAndOpensNoOrderPath) {
    struct Row {
        int version;
        bool spoken;
    };
    using ::janus::ib::wire::server_version_max;
    using ::janus::ib::wire::server_version_min;
    constexpr int text_version_max = 200;  // What the simulator speaks.
    for (const auto& [version, spoken] : std::vector<Row>{
             {server_version_min - 1, false},
             {server_version_min,     true },
             {text_version_max,       true },
             {server_version_max + 1, false}
    }) {
        SCOPED_TRACE(version);
        FaultWorld world;
        world.fault("server_version", {
                                          {"version", std::to_string(version)}
        });
        world.start();
        world.run(10s);
        if (spoken) {
            EXPECT_EQ(world.gate(), "ready");
        } else {
            EXPECT_TRUE(world.gate().starts_with("needs_operator ib_version")) << world.gate();
            EXPECT_TRUE(world.gate().contains(std::to_string(version)));
            EXPECT_TRUE(world.gate().contains(std::to_string(server_version_min)));
            const auto placed = world.place(FaultWorld::intent("AAPL", "1"));
            EXPECT_TRUE(placed->answer && !*placed->answer);
            EXPECT_TRUE(world.sent(place_order).empty());
        }
        world.fault_off("server_version");
        EXPECT_EQ(world.unhealed(), Lines{});
    }
}

/// Changes one field of the next message with this id.
void change(FaultWorld& world, std::string_view message, int field, std::string_view text) {
    world.fault("change_field", {
                                    {"message", std::string(message) },
                                    {"field",   std::to_string(field)},
                                    {"text",    std::string(text)    },
                                    {"count",   "1"                  }
    });
}

TEST(IbFaults, IBW_06_AnUnsetTickIsNoPrice) {
    for (const auto sentinel : sentinels) {
        SCOPED_TRACE(sentinel);
        FaultWorld world;
        ASSERT_TRUE(world.connect());
        world.run(1s);
        ASSERT_TRUE(world.quote("AAPL").quote.bid.has_value());
        change(world, "1", 4, sentinel);
        world.market("AAPL", "191.00", "191.02", "191.01");
        world.run(1s);
        EXPECT_FALSE(world.quote("AAPL").quote.bid.has_value());
        EXPECT_EQ(world.quote("AAPL").quote.last, price_of("191.01"));
        world.market("AAPL", "191.10", "191.12", "191.11");
        world.run(1s);
        EXPECT_EQ(world.quote("AAPL").quote.bid, price_of("191.10"));
        EXPECT_EQ(world.unhealed(), Lines{});
    }
}

TEST(IbFaults, IBW_06_AnUnsetNumberOfAnOrderOrPositionIsAbsent) {
    for (const auto sentinel : sentinels) {
        SCOPED_TRACE(sentinel);
        FaultWorld world;
        change(world, "61", 15, sentinel);  // Average cost of the first position.
        ASSERT_TRUE(world.connect());
        const auto positions = world.engine().positions(world.now(), {"ib_main"});
        EXPECT_EQ(std::ranges::count_if(
                      positions,
                      [](const auto& view) { return !view.position.average_cost.has_value(); }),
                  1);
        change(world, "5", 16, sentinel);  // Limit price.
        const auto placed = world.place(FaultWorld::intent("AAPL", "5", "150.00"));
        world.run(2s);
        EXPECT_EQ(world.order(placed).order.limit_price, price_of("150.00"));
        EXPECT_EQ(world.order(placed).order.flags, Lines{}) << "absent is no other price";
        change(world, "3", 3, sentinel);  // Filled.
        world.exchange().force_fill(world.now(), world.truth_of(placed)->id, quantity_of("2"));
        world.run(2s);
        EXPECT_EQ(world.order(placed).order.filled, quantity_of("2"));
        world.cancel(placed);
        EXPECT_EQ(world.unhealed(), Lines{});
    }
}

TEST(IbFaults, IBW_06_AnExecutionWithoutANumberIsNotGuessedButFetched) {
    for (const int field : {19, 20}) {  // Quantity, price.
        for (const auto sentinel : sentinels) {
            SCOPED_TRACE(fmt::format("field {} is {}", field, sentinel));
            FaultWorld world;
            ASSERT_TRUE(world.connect());
            change(world, "11", field, sentinel);
            const auto placed = world.place(FaultWorld::intent("AAPL", "5"));
            world.run(8s);
            EXPECT_EQ(world.counter("ib.unreadable_EXECUTION_DETAILS"), 1U);
            EXPECT_EQ(world.order(placed).order.state, OrderState::Filled);
            EXPECT_EQ(world.order(placed).executions.size(), 1U);
            EXPECT_EQ(world.unhealed(), Lines{});
        }
    }
}

TEST(IbFaults, IBW_06_AnythingElseThatIsNoNumberIsADecodeFailure) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    change(world, "3", 3, "many");
    const auto placed = world.place(FaultWorld::intent("AAPL", "5", "150.00"));
    world.run(5s);
    EXPECT_EQ(world.counter("ib.unreadable_ORDER_STATUS"), 1U);
    EXPECT_EQ(world.order(placed).order.state, OrderState::Working);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBW_07_MessagesThatNobodyAskedForStopNothing) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const auto first = world.place(FaultWorld::intent("AAPL", "5"));
    world.run(2s);
    ASSERT_EQ(world.order(first).order.state, OrderState::Filled);
    for (int time = 0; time < 3; ++time) world.fault("unsolicited");
    world.run(2s);
    EXPECT_GE(world.counter("ib.late_end"), 3U);
    EXPECT_EQ(world.order(first).order.state, OrderState::Filled);
    EXPECT_EQ(world.order(first).order.filled, quantity_of("5"));
    EXPECT_EQ(world.position("AAPL")->position.quantity, quantity_of("105"));
    const auto second = world.place(FaultWorld::intent("MSFT", "2"));
    world.run(2s);
    EXPECT_EQ(world.order(second).order.state, OrderState::Filled) << "the reader goes on";
    EXPECT_EQ(world.connects().size(), 1U);
    EXPECT_EQ(world.unhealed(), Lines{});
}

TEST(IbFaults, IBW_08_TextThatBreaksTheFramingNeverReachesTheWire) {
    FaultWorld world;
    ASSERT_TRUE(world.connect());
    const std::string nul(
        "AAPL\0BUY\0"
        "1000000",
        16);
    for (const auto& text :
         {nul, std::string("AA\nPL"), std::string("A\xC3\x84PL"), std::string(10'000, 'A')})
        EXPECT_FALSE(CanonicalSymbol::parse(text).has_value());

    auto intent = FaultWorld::intent("F", "1");
    intent.account = {nul};
    EXPECT_FALSE(world.place(intent)->answer->has_value());
    const std::string number(
        "265598\0BUY\0"
        "1000000",
        18);
    for (const auto& id : {number, std::string("265598\n"), std::string(10'000, '9')}) {
        world.engine().map_symbol(world.now(), CanonicalSymbol::parse("F").value(), "ib", {id},
                                  {"tester"}, [](const auto&) {});
        world.run(1s);
        const auto placed = world.place(FaultWorld::intent("F", "1"));
        world.run(1s);
        if (placed->answer && *placed->answer)
            EXPECT_EQ(world.order(placed).order.native_id.value, "9599491") << "the true one";
        else
            EXPECT_FALSE(world.is_taken(placed)) << "refused before the journal";
    }
    for (const auto& entry : world.brokers().ib.ledger())
        EXPECT_TRUE(entry.raw.contains("|9599491|")) << entry.raw;
    EXPECT_EQ(world.unhealed(), Lines{});
}

}  // namespace
}  // namespace janus::sim
