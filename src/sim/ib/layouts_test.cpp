#include "sim/ib/layouts.hpp"

#include <gtest/gtest.h>

#include "sim/ib/order_messages.hpp"
#include "sim/ib/wire.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::string_literals;

std::string text_of(const std::vector<std::string>& fields) {
    std::string payload;
    for (const auto& field : fields) payload += field + '\0';
    return payload;
}

std::string joined(const Result<std::string>& payload) {
    return payload ? readable(*payload) : payload.error().message;
}

// Protocol reference, section 16: the protobuf era, without the length.
TEST(IbProtobufLayouts, AreTheDocumentedBytes) {
    EXPECT_EQ(protobuf_reply(text_of({"9", "1", "41"})), "\0\0\0\xd1\x08\x29"s);
    EXPECT_EQ(protobuf_reply(text_of({"53", "1"})), "\0\0\0\xfd"s);
    EXPECT_EQ(joined(text_request("\0\0\x01\x0f\x08\x07"s)), "71|2|7|");
}

TEST(IbProtobufLayouts, NumbersSizesAndNegativeIdsHaveTheirWireTypes) {
    EXPECT_EQ(protobuf_reply(text_of({"1", "6", "9", "1", "101.25", "300", "1"})),
              "\0\0\0\xc9\x08\x09\x10\x01\x19\0\0\0\0\0\x50\x59\x40\x22\x03"s + "300\x28\x01"s);
    EXPECT_EQ(protobuf_reply(text_of({"4", "-1", "2104", "fine", "", "5"})),
              "\0\0\0\xcc\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x18\xb8\x10\x22\x04"s +
                  "fine\x10\x05"s);
}

TEST(IbProtobufLayouts, WhatIsNotSetIsNotThere) {
    const std::string max(unset_double);
    EXPECT_EQ(protobuf_reply(text_of({"94", "7", max, "", "0"})),
              "\0\0\x01\x26\x08\x07\x21\0\0\0\0\0\0\0\0"s);
    EXPECT_EQ(protobuf_reply(text_of({"2", "6", "7", "8", std::string(unset_decimal)})),
              "\0\0\0\xca\x08\x07\x10\x08"s);
}

TEST(IbProtobufLayouts, ARequestHasTheFieldsOfItsTextFormInTheirOrder) {
    ProtoMessage contract;
    contract.add_integer(1, 265598);
    contract.add_text(8, "SMART");
    contract.add_double(5, 0);
    ProtoMessage request;
    request.add_message(2, contract);  // Before the id: the order on the wire does not matter.
    request.add_integer(1, 9);
    request.add_text(3, "100,101");
    request.add_integer(4, 1);
    EXPECT_EQ(joined(text_request("\0\0\0\xc9"s + request.bytes())),
              "1|11|9|265598||||0|||SMART|||||0|100,101|1||");
}

TEST(IbProtobufLayouts, APlaceOrderHasAsManyFieldsAsAt200) {
    ProtoMessage request;
    request.add_integer(1, 41);
    request.message_at(2).add_text(3, "STK");
    auto& order = request.message_at(3);
    order.add_text(8, "LMT");
    order.add_double(9, 180.5);
    order.add_integer(66, 1);
    const auto text = text_request("\0\0\0\xcb"s + request.bytes());
    ASSERT_TRUE(text);
    FieldCursor in(*text);
    EXPECT_EQ(in.left(), 119u);
    in.skip();
    const auto read = read_place_request(in, 200);
    EXPECT_TRUE(in.at_end());
    EXPECT_EQ(in.trouble(), "");
    EXPECT_EQ(read.order_id, 41);
    EXPECT_EQ(read.limit_price, Decimal::parse("180.5").value());
    EXPECT_TRUE(read.transmit);
    EXPECT_FALSE(read.what_if);
}

TEST(IbProtobufLayouts, ConditionalBlocksOfAPlaceOrderAreWalkedOver) {
    ProtoMessage request;
    request.add_integer(1, 41);
    auto& contract = request.message_at(2);
    contract.add_text(3, "BAG");
    contract.add_message(20, {});
    contract.add_message(20, {});
    auto& order = request.message_at(3);
    order.add_text(8, "PEG BENCH");
    order.add_text(59, "D");
    order.add_text(60, "0.5");
    order.add_text(61, "Adaptive");
    order.add_message(62, {});
    order.add_double(50, 0.5);
    order.add_text(41, "MKT");
    ProtoMessage condition;
    condition.add_integer(1, 3);
    order.add_message(100, condition);
    order.add_integer(135, 1);
    const auto text = text_request("\0\0\0\xcb"s + request.bytes());
    ASSERT_TRUE(text);
    FieldCursor in(*text);
    in.skip();
    const auto read = read_place_request(in, 200);
    EXPECT_TRUE(in.at_end()) << in.left() << " fields are left of " << readable(*text);
    EXPECT_EQ(in.trouble(), "");
    EXPECT_TRUE(read.include_overnight) << "the flag behind every block";
}

TEST(IbProtobufLayouts, OrdersOfRepliesHaveAPlaceForEveryField) {
    OrderView view;
    view.request.order_id = 41;
    view.request.order_type = "LMT";
    view.request.limit_price = Decimal::parse("180.5").value();
    view.permanent_id = 5'000'000'000;
    view.status = "Submitted";
    view.submitter = "simuser";
    const SimInstrument instrument{};
    view.contract.instrument = &instrument;
    for (const auto& message :
         {open_order_message(view, 200), completed_order_message(view, 200)}) {
        const auto bytes = protobuf_reply(message.payload());
        const auto parsed = ProtoMessage::parse(std::string_view(bytes).substr(4));
        ASSERT_TRUE(parsed);
        const bool open = bytes[3] == '\xcd';
        for (const auto& field : parsed->fields()) EXPECT_LE(field.number, 4) << "none is surplus";
        const auto order = message_in(*parsed->find(open ? 3 : 2));
        ASSERT_NE(order, nullptr);
        EXPECT_EQ(order->find(3)->value, 5'000'000'000u);
        EXPECT_EQ(double_in(*order->find(9)), 180.5);
        EXPECT_EQ(order->find(137)->bytes, "simuser") << "near the end of the text form";
        EXPECT_EQ(order->find(94), nullptr) << "the largest double is not set";
        const auto state = message_in(*parsed->find(open ? 4 : 3));
        EXPECT_EQ(state->find(1)->bytes, "Submitted");
    }
}

TEST(IbProtobufLayouts, SurplusFieldsBecomeUnknownOnesAndAShortageCutsTheEnd) {
    const auto whole = protobuf_reply(text_of({"9", "1", "300"}));
    EXPECT_EQ(protobuf_reply(text_of({"9", "1", "300", "more"})), whole + "\x8a\x7d\x04more"s);
    Message cut(88);
    cut.add(7).add("20250101-00:00:00");
    cut.change_field_count(-1);
    const auto bytes = protobuf_reply(cut.payload());
    EXPECT_EQ(bytes, "\0\0\x01\x20\x08"s) << "field 1 without its value";
    EXPECT_FALSE(ProtoMessage::parse(std::string_view(bytes).substr(4)));
}

TEST(IbProtobufLayouts, AMessageWithoutADescriptionIsTextBehindItsIdOrHasUnknownFields) {
    EXPECT_EQ(protobuf_reply(text_of({"80", "0"})), "\0\0\0\x50\x30\0"s);
    EXPECT_EQ(protobuf_reply(text_of({"9999", "1"})), "\0\0\x27\xd7\x8a\x7d\x01\x31"s);
}

TEST(IbProtobufLayouts, WhatIsNoProtobufIsRefusedInWords) {
    EXPECT_EQ(joined(text_request("\0\0"s)), "Message without an id");
    EXPECT_EQ(joined(text_request("\0\0\0\x09"s)), "Message 9 was text where protobuf is due");
    EXPECT_EQ(joined(text_request("\0\0\x03\xe8"s)), "Unknown message id 800");
    EXPECT_FALSE(text_request("\0\0\0\xd1\x08"s)) << "a field without a value";
    EXPECT_FALSE(text_request("\0\0\0\xd1\x0a\x05x"s)) << "a length beyond the end";
    EXPECT_FALSE(text_request("\0\0\0\xd1\x0b"s)) << "a group";
    EXPECT_FALSE(text_request("\0\0\0\xd1\x00\x01"s)) << "field 0";
}

TEST(IbProtobufLayouts, EveryTextOfARequestKeepsItsFieldWhateverItHolds) {
    ProtoMessage request;
    request.add_integer(1, 9);
    request.add_text(2, "A\0B"s);
    EXPECT_EQ(joined(text_request("\0\0\x01\x19"s + request.bytes())), "81|9|A B");
}

}  // namespace
}  // namespace janus::sim::ib
