#include <gtest/gtest.h>

#include "sim/ib/test_world.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

/// A field that some client might send by mistake or by malice.
std::string odd_field(Random& random) {
    static const std::vector<std::string> fields{
        "",      "0",        "1",   "-1",        "2147483647", "1.7976931348623157E308",
        "AAPL",  "STK",      "BUY", "LMT",       "265598",     "99999999999999999999",
        "1e308", "Infinity", "NaN", "DU1000001", "\xff\xfe",   "20261130-16:00:00"};
    return fields[random.below(fields.size())];
}

TEST(IbRobustness, AnyFieldsUnderAnyIdAreAnsweredOrRefusedAndTheServerLives) {
    TestWorld world;
    Random random(5);
    for (int round = 0; round < 3000; ++round) {
        const auto connection = world.client(random.hits(1, 2) ? 200 : 178, 7);
        for (int message = 0; message < 5; ++message) {
            Fields fields{std::to_string(random.below(110))};
            const auto count = random.below(130);
            for (std::uint64_t field = 0; field < count; ++field)
                fields.push_back(odd_field(random));
            world.send(connection, fields);
        }
        world.advance(10ms);
        world.take(connection);
        world.leave(connection);
    }
    const auto connection = world.client(200, 7);
    world.send(connection, {"49", "1"});
    EXPECT_EQ(ids_of(world.take(connection)), "49");
}

TEST(IbRobustness, ARandomByteInAPlaceOrderNeverBreaksTheServer) {
    TestWorld world;
    Random random(6);
    const auto whole = frame_of(place_fields(200, {.order_id = 1}));
    for (int round = 0; round < 2000; ++round) {
        const auto connection = world.client(200, 9);
        auto bytes = whole;
        bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
        world.send_bytes(connection, bytes);
        world.leave(connection);
    }
    world.client(200, 9);
}

TEST(IbRobustness, ALoginWithoutAccountsAnswersAndRefusesOrders) {
    auto scenario = TestWorld::still_scenario();
    std::erase_if(scenario.accounts,
                  [](const SimAccount& account) { return account.broker == SimBroker::Ib; });
    TestWorld world({}, scenario);
    const auto connection = world.client(200, 7);
    world.send(connection, {"61", "1"});
    EXPECT_EQ(ids_of(world.take(connection)), "62");
    world.send(connection, {"6", "2", "1", ""});
    EXPECT_EQ(code_of(first_of(world.take(connection), "4"), 200), "321");
    world.place(connection, 200, {.account = ""});
    EXPECT_EQ(code_of(first_of(world.take(connection), "4"), 200), "435");
}

}  // namespace
}  // namespace janus::sim::ib
