#include <gtest/gtest.h>

#include "sim/ib/test_world.hpp"

namespace janus::sim::ib {
namespace {

constexpr std::string_view hello_200("API\0\0\0\0\x09v176..200", 17);

TEST(IbHandshake, TheHelloOfTheFactSheetIsAnsweredByVersionAndTime) {
    TestWorld world;
    const auto connection = world.accept();
    world.send_bytes(connection, hello_200);
    const auto frames = world.take(connection);
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0], (Fields{"200", "20261130 16:00:00 UTC"}));
}

TEST(IbHandshake, AnswersTheSmallerOfBothMaxima) {
    for (const int version : {176, 178, 187, 193, 200}) {
        TestWorld world;
        world.client(version, 1);
    }
    TestWorld old_gateway(IbServerSettings{
        .accounts = {}, .version_max = 187, .login = "simuser", .master_client_id = {}});
    const auto connection = old_gateway.accept();
    old_gateway.send_bytes(connection, hello_200);
    EXPECT_EQ(old_gateway.take(connection).at(0).at(0), "187");
}

TEST(IbHandshake, TakesTheOffersOfOtherPeoplesClientsAndConnectOptions) {
    for (const std::string offer : {"v100..193", "v157..178", "v176", "v176..200 +PACEAPI"}) {
        TestWorld world;
        const auto connection = world.accept();
        world.send_bytes(connection,
                         std::string("API\0\0\0\0", 7) + static_cast<char>(offer.size()) + offer);
        EXPECT_EQ(world.take(connection).size(), 1u) << offer;
    }
}

TEST(IbHandshake, ClosesOnAnotherProtocolAndOnAMaximumBelowItsOwnMinimum) {
    TestWorld world;
    const auto http = world.accept();
    world.send_bytes(http, "GET / HTTP/1.1\r\n");
    EXPECT_TRUE(world.is_closed(http));
    const auto old_client = world.accept();
    world.send_bytes(old_client, std::string_view("API\0\0\0\0\x09v100..175", 17));
    EXPECT_TRUE(world.is_closed(old_client));
}

TEST(IbHandshake, TheStartBurstNamesAccountsAndTheNextIdAndTheFarms) {
    TestWorld world;
    const auto connection = world.accept();
    world.send_bytes(connection, hello_200);
    world.send(connection, {"71", "2", "7", ""});
    const auto burst = world.take(connection);
    EXPECT_EQ(ids_of(burst), "200 15 9 4 4 4");
    EXPECT_EQ(first_of(burst, "15"), (Fields{"15", "1", "DU1000001,DU1000002"}));
    EXPECT_EQ(first_of(burst, "9"), (Fields{"9", "1", "1"}));
}

TEST(IbHandshake, EveryBytePositionMayCutTheStream) {
    const std::string bytes =
        std::string(hello_200) + frame_of({"71", "2", "7", ""}) + frame_of({"49", "1"});
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        TestWorld world;
        const auto connection = world.accept();
        world.send_bytes(connection, bytes.substr(0, cut));
        world.send_bytes(connection, bytes.substr(cut));
        EXPECT_EQ(ids_of(world.take(connection)), "200 15 9 4 4 4 49") << cut;
    }
}

TEST(IbHandshake, AClientIdInUseIsRefusedUntilTheOldConnectionEnds) {
    TestWorld world;
    const auto first = world.client(200, 7);
    const auto second = world.accept();
    world.send_bytes(second, hello_200);
    world.send(second, {"71", "2", "7", ""});
    EXPECT_EQ(code_of(first_of(world.take(second), "4"), 200), "326");
    EXPECT_TRUE(world.is_closed(second));
    EXPECT_FALSE(world.is_closed(first));
    world.leave(first);
    world.client(200, 7);
}

TEST(IbHandshake, AnAbsurdLengthEndsTheConnection) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    world.send_bytes(connection, "\xFF\xFF\xFF\xFF");
    EXPECT_TRUE(world.is_closed(connection));
}

TEST(IbHandshake, AnUnknownIdAndAShortMessageAreAnsweredWithoutClosing) {
    TestWorld world;
    const auto connection = world.client(200, 7);
    world.send(connection, {"250", "1"});
    EXPECT_EQ(code_of(first_of(world.take(connection), "4"), 200), "320");
    world.send(connection, {"9", "8", "5", "265598"});
    EXPECT_EQ(code_of(first_of(world.take(connection), "4"), 200), "320");
    EXPECT_FALSE(world.is_closed(connection));
}

TEST(IbHandshake, ErrorsHaveTheLayoutOfTheirVersion) {
    TestWorld world;
    const auto old_layout = world.client(193, 1);
    world.send(old_layout, {"250"});
    EXPECT_EQ(world.take(old_layout).at(0).size(), 6u);
    const auto new_layout = world.client(194, 2);
    world.send(new_layout, {"250"});
    EXPECT_EQ(world.take(new_layout).at(0).size(), 6u);
    world.send(new_layout, {"250"});
    EXPECT_EQ(world.take(new_layout).at(0).at(5), "1796054400000");
}

TEST(IbHandshake, OrderIdsOfAClientRiseOverItsConnections) {
    TestWorld world;
    auto connection = world.client(200, 7);
    world.place(connection, 200, {.order_id = 40});
    world.leave(connection);
    connection = world.client(200, 7);
    world.send(connection, {"8", "1", "1"});
    EXPECT_EQ(first_of(world.take(connection), "9").at(2), "41");
    const auto other = world.client(200, 8);
    world.send(other, {"8", "1", "1"});
    EXPECT_EQ(first_of(world.take(other), "9").at(2), "1");
}

}  // namespace
}  // namespace janus::sim::ib
