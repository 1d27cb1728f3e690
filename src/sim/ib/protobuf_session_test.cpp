// Sessions of the protobuf generation, with frames made and cut by hand.
#include <algorithm>

#include <gtest/gtest.h>

#include "sim/ib/test_world.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::string_literals;

std::string framed_by_hand(const std::string& payload) {
    return "\0\0\0"s + static_cast<char>(payload.size()) + payload;
}

/// A connection that has offered `v176..225` and seen the answer.
ConnectionId shake_hands(TestWorld& world, const std::string& answer) {
    const auto connection = world.accept();
    world.send_bytes(connection, "API\0\0\0\0\x09v176..225"s);
    const auto frames = world.take(connection);
    EXPECT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames.at(0).at(0), answer) << "the handshake is text";
    return connection;
}

struct Frame {
    std::uint32_t id{0};
    std::string body;
};

/// The frames of what was received, each behind its binary id.
std::vector<Frame> take_frames(TestWorld& world, ConnectionId connection) {
    const auto number_at = [](std::string_view bytes) {
        std::uint32_t number = 0;
        for (const char byte : bytes.substr(0, 4))
            number = number << 8U | static_cast<unsigned char>(byte);
        return number;
    };
    const auto raw = world.take_raw(connection);
    std::vector<Frame> frames;
    for (std::string_view rest = raw; rest.size() >= 8;) {
        const auto size = number_at(rest);
        frames.push_back({number_at(rest.substr(4)), std::string(rest.substr(8, size - 4))});
        rest.remove_prefix(4 + size);
    }
    return frames;
}

const Frame* find(const std::vector<Frame>& frames, std::uint32_t id) {
    const auto found = std::ranges::find(frames, id, &Frame::id);
    return found == frames.end() ? nullptr : &*found;
}

ConnectionId start(TestWorld& world) {
    const auto connection = shake_hands(world, "225");
    world.send_bytes(connection, framed_by_hand("\0\0\x01\x0f\x08\x07"s));  // Client 7.
    return connection;
}

TEST(IbProtobufSession, StartsWithTheDocumentedBytes) {
    TestWorld world;
    const auto connection = start(world);
    const auto burst = take_frames(world, connection);
    ASSERT_NE(find(burst, 209), nullptr);
    EXPECT_EQ(find(burst, 209)->body, "\x08\x01"s) << "nextValidId 1";
    ASSERT_NE(find(burst, 215), nullptr);
    EXPECT_EQ(find(burst, 215)->body, "\x0a\x13" + "DU1000001,DU1000002"s);
    ASSERT_NE(find(burst, 204), nullptr) << "the farms";
}

TEST(IbProtobufSession, AnswersRequestsInProtobuf) {
    TestWorld world;
    const auto connection = start(world);
    world.take_raw(connection);
    world.send_bytes(connection, framed_by_hand("\0\0\0\xcd"s));  // reqOpenOrders, empty.
    const auto orders = take_frames(world, connection);
    ASSERT_EQ(orders.size(), 1u);
    EXPECT_EQ(orders[0].id, 253u);
    EXPECT_EQ(orders[0].body, "");
    world.send_bytes(connection, framed_by_hand("\0\0\0\xf9"s));  // reqCurrentTime.
    const auto times = take_frames(world, connection);
    ASSERT_EQ(times.size(), 1u);
    EXPECT_EQ(times[0].id, 249u);
    EXPECT_EQ(times[0].body.front(), '\x08');
}

TEST(IbProtobufSession, WhatItCannotReadIsAnsweredWith320AndTheSessionLives) {
    TestWorld world;
    const auto connection = start(world);
    for (const auto& payload :
         {"\0\0\0\x05"s + "1\0"s, "\0\0\0\xd1\x08"s, "\0\0\x03\xe8"s, "\0"s}) {
        world.take_raw(connection);
        world.send_bytes(connection, framed_by_hand(payload));
        const auto answer = take_frames(world, connection);
        ASSERT_EQ(answer.size(), 1u);
        EXPECT_EQ(answer[0].id, 204u);
        EXPECT_TRUE(answer[0].body.contains("\x18\xc0\x02"s)) << "code 320";
        EXPECT_TRUE(answer[0].body.contains("Error reading request"));
    }
    EXPECT_FALSE(world.is_closed(connection));
}

TEST(IbProtobufSession, AVersionBetweenIsAnsweredAndEndsAtTheNextMessage) {
    for (const int version : {201, 205, 212}) {
        TestWorld world(
            {.accounts = {}, .version_max = version, .login = "simuser", .master_client_id = {}});
        const auto connection = shake_hands(world, std::to_string(version));
        EXPECT_FALSE(world.is_closed(connection));
        world.send_bytes(connection, framed_by_hand("\0\0\0\x47"s + "2\0"s + "7\0\0"s));
        EXPECT_TRUE(world.is_closed(connection)) << version;
    }
}

TEST(IbProtobufSession, ATextStartAtAProtobufVersionEndsTheSession) {
    TestWorld world;
    const auto connection = shake_hands(world, "225");
    world.send(connection, {"71", "2", "7", ""});
    EXPECT_TRUE(world.is_closed(connection));
}

}  // namespace
}  // namespace janus::sim::ib
