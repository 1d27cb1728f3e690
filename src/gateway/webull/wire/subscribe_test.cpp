#include "gateway/webull/wire/subscribe.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace janus::webull::wire {
namespace {

SubscribeResponse order_event() {
    return {.event_type = event_type::order,
            .subscribe_type = 1,
            .content_type = "application/json",
            .payload = "{}",
            .request_id = "r1",
            .timestamp = 1773066605123};
}

TEST(WebullSubscribe, MessagesReadBack) {
    EXPECT_EQ(decode_subscribe_response(encode(order_event())).value(), order_event());
    const SubscribeRequest request{
        .subscribe_type = 7,
        .timestamp = -1,
        .content_type = "c",
        .payload = "p",
        .accounts = {"a", "", "b"}
    };
    EXPECT_EQ(decode_subscribe_request(encode(request)).value(), request);
}

TEST(WebullSubscribe, NothingAtAllIsSubscribeSuccess) {
    EXPECT_EQ(decode_subscribe_response("").value().event_type, event_type::subscribe_success);
}

TEST(WebullSubscribe, UnknownEventTypesAndFieldsAreKeptOrSkipped) {
    auto event = order_event();
    event.event_type = 4242;
    // Field 15 as number, 16 as text, 17 as fixed64, 18 as fixed32.
    const std::string surplus =
        std::string("\x78\x05") + "\x82\x01\x02hi" + "\x89\x01" + "12345678" + "\x95\x01" + "1234";
    EXPECT_EQ(decode_subscribe_response(encode(event) + surplus).value(), event);
}

TEST(WebullSubscribe, BrokenBytesAreRefused) {
    using namespace std::string_literals;
    for (const auto& bytes :
         {"\x08"s, "\x08\xff"s, "\x22\x05"s + "ab", "\x00\x00"s, "\x0b"s, "\x0a\x01x"s, "\x20\x01"s,
          "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s,
          "\x22\xff\xff\xff\xff\xff\xff\xff\xff\x7f"s})
        EXPECT_FALSE(decode_subscribe_response(bytes).has_value());
    EXPECT_FALSE(
        decode_subscribe_response(std::string(stream_message_size_max + 1, '\0')).has_value());
}

TEST(WebullSubscribe, NoBytesWhateverCrashTheReader) {
    Random random(7);
    const auto good = encode(order_event());
    for (int i = 0; i < 20'000; ++i) {
        auto bytes = good.substr(0, random.below(good.size() + 1));
        for (auto& c : bytes)
            if (random.hits(1, 8)) c = static_cast<char>(random.below(256));
        (void)decode_subscribe_response(bytes);
        (void)decode_subscribe_request(bytes);
    }
}

}  // namespace
}  // namespace janus::webull::wire
