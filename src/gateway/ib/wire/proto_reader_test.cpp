#include "gateway/ib/wire/proto_reader.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "gateway/ib/fake_proto.hpp"
#include "gateway/ib/wire/incoming.hpp"

namespace janus::ib::wire {
namespace {

using namespace std::string_literals;
using fake::Proto;
using fake::proto_payload;

struct Sample {
    std::int64_t number{0};
    std::string text;
    std::optional<Decimal> price;
    std::optional<Decimal> size;
};
constexpr auto sample_layout = layout_of<6>({
    integer<&Sample::number>(1),
    text<&Sample::text>(2),
    binary<&Sample::price>(3),
    quantity<&Sample::size>(4),
});

/// What was read, or the problem.
Result<Sample> read(std::string_view bytes, std::size_t* surplus = nullptr) {
    ProtoTrouble trouble;
    ProtoReader in(bytes, trouble);
    Sample out;
    read_fields(in, out, sample_layout);
    if (surplus != nullptr) *surplus = trouble.surplus;
    return in.finish<Sample>(out);
}

std::string problem(std::string_view bytes) {
    const auto out = read(bytes);
    if (out) return "none";
    EXPECT_EQ(out.error().code, ErrorCode::Malformed);
    return out.error().message;
}

TEST(IbProtoReader, ReadsFieldsInAnyOrderTheLastOneOfANumberWins) {
    const auto out =
        read(Proto().text(2, "old").integer(1, -1).text(2, "new").text(4, "0.5").bytes());
    ASSERT_TRUE(out);
    EXPECT_EQ(out->number, -1);
    EXPECT_EQ(out->text, "new");
    EXPECT_EQ(out->size, *Decimal::parse("0.5"));
    EXPECT_FALSE(out->price) << "absent is not set";
}

TEST(IbProtoReader, BinaryNumbersAreTheirShortDecimal) {
    EXPECT_EQ(read(Proto().number(3, 123.45).bytes())->price, *Decimal::parse("123.45"));
    EXPECT_EQ(read(Proto().number(3, -0.1).bytes())->price, *Decimal::parse("-0.1"));
    EXPECT_EQ(read(Proto().number(3, 0.0).bytes())->price, Decimal{});
}

TEST(IbProtoReader, SentinelsAreNoNumbers) {
    for (const std::uint64_t bits : {0x7FEF'FFFF'FFFF'FFFFULL, 0xFFEF'FFFF'FFFF'FFFFULL,
                                     0x7FF0'0000'0000'0000ULL, 0x7FF8'0000'0000'0000ULL})
        EXPECT_FALSE(read(Proto().bits(3, bits).bytes())->price) << bits;
    EXPECT_FALSE(read(Proto().number(3, 2147483647.0).bytes())->price);
    EXPECT_FALSE(read(Proto().number(3, 9223372036854775807.0).bytes())->price);
    for (const auto* text : {"", "2147483647", "-9223372036854775808", "NaN"})
        EXPECT_FALSE(read(Proto().text(4, text).bytes())->size) << text;
    EXPECT_EQ(problem(Proto().number(3, 1e12).bytes()), "field 3 was a number beyond 92 billion");
}

TEST(IbProtoReader, UnknownFieldsAreSkippedAndCountedKnownUnusedOnesAreNot) {
    std::size_t surplus = 0;
    const auto bytes =
        Proto().integer(5, 1).text(6, "unused").number(7, 1.5).text(90, "x").integer(1, 3).bytes() +
        "\xbd\x06\x01\x02\x03\x04"s;  // Field 103 of the wire type with four bytes.
    const auto out = read(bytes, &surplus);
    ASSERT_TRUE(out);
    EXPECT_EQ(out->number, 3);
    EXPECT_EQ(surplus, 3U);
}

TEST(IbProtoReader, WhatIsCutOffIsMalformedWhereverTheCutIs) {
    const auto whole = Proto().integer(1, 300).text(2, "abc").number(3, 1.5).text(4, "12").bytes();
    std::vector<std::size_t> ends{0, 3, 8, 17, 21};  // After whole fields.
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const bool complete = std::ranges::find(ends, size) != ends.end();
        EXPECT_EQ(read(whole.substr(0, size)).has_value(), complete) << size;
    }
}

TEST(IbProtoReader, ProblemsAreNamed) {
    EXPECT_EQ(problem("\x08"s), "message ended within the number of field 1");
    EXPECT_EQ(problem("\x12\x05xy"s), "field 2 claimed 5 bytes, 2 were left");
    EXPECT_EQ(problem("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s),
              "field 2 claimed 18446744073709551615 bytes, 0 were left");
    EXPECT_EQ(problem("\x19\0\0"s), "message ended within field 3");
    EXPECT_EQ(problem(Proto().text(1, "7").bytes()), "field 1 had wire type 2, not 0");
    EXPECT_EQ(problem(Proto().integer(2, 7).bytes()), "field 2 had wire type 0, not 2");
    EXPECT_EQ(problem(Proto().integer(3, 7).bytes()), "field 3 had wire type 0, not 1");
    EXPECT_EQ(problem("\x0b"s), "field 1 had wire type 3");
    EXPECT_EQ(problem("\x0f"s), "field 1 had wire type 7");
    EXPECT_EQ(problem("\0\0"s), "field number was 0");
    EXPECT_EQ(problem("\x80\x80\x80\x80\x10\x01"s), "field number was 536870912");
    EXPECT_TRUE(problem(Proto().text(4, "ten").bytes()).starts_with("field 4: ")) << "no number";
}

TEST(IbProtoReader, ANumberHasAtMostTenBytesAnd64Bits) {
    const auto nine = std::string(9, '\xff');
    EXPECT_EQ(read("\x08" + nine + "\x01")->number, -1);
    EXPECT_EQ(problem("\x08" + nine + "\x02"), "number of field 1 had more than 64 bits");
    EXPECT_EQ(problem("\x08" + nine + "\xff\x01"), "number of field 1 had more than 64 bits");
    EXPECT_EQ(read("\x08\x80\x80\x00"s)->number, 0) << "longer than needed, and still a number";
}

TEST(IbBinaryFrames, AnIdOf200OrLessIsFollowedByTextAnIdAboveByProtobuf) {
    const auto text = decode("\0\0\0\x09"s + "1\0"s + "41\0"s, 213);
    EXPECT_EQ(text.id, 9);
    ASSERT_TRUE(text.message);
    EXPECT_EQ(std::get<NextValidId>(*text.message).number, 41);
    const auto protobuf = decode("\0\0\0\xd1\x08\x29"s, 213);
    EXPECT_EQ(protobuf.id, 9);
    ASSERT_TRUE(protobuf.message);
    EXPECT_EQ(std::get<NextValidId>(*protobuf.message).number, 41);
    const auto empty = decode("\0\0\0\xfd"s, 225);
    ASSERT_TRUE(empty.message);
    EXPECT_TRUE(std::holds_alternative<OpenOrderEnd>(*empty.message));
}

TEST(IbBinaryFrames, UnknownIdsAreNoErrorAndAMissingIdIsOne) {
    EXPECT_EQ(decode("\0\0\x27\xd7"s, 219).row, nullptr);
    EXPECT_EQ(decode("\0\0\x27\xd7"s, 219).id, 9999);
    EXPECT_TRUE(decode("\0\0\x27\xd7"s, 219).message);
    EXPECT_EQ(decode("\xff\xff\xff\xff\x08"s, 219).row, nullptr);
    for (const auto& payload : {""s, "\0"s, "\0\0\0"s}) {
        const auto out = decode(payload, 219);
        EXPECT_EQ(out.id, -1);
        ASSERT_FALSE(out.message);
        EXPECT_EQ(out.message.error().code, ErrorCode::Malformed);
    }
}

TEST(IbBinaryFrames, TicksAreReadInPlace) {
    const auto payload = proto_payload(
        1, Proto().integer(1, 9).integer(2, 1).number(3, 101.25).text(4, "300").integer(5, 1));
    TickMessage tick;
    ASSERT_TRUE(decode_tick(payload, 225, tick));
    EXPECT_EQ(tick.kind, TickKind::Price);
    EXPECT_EQ(tick.request, 9);
    EXPECT_EQ(tick.type, 1);
    EXPECT_EQ(tick.value, *Decimal::parse("101.25"));
    EXPECT_EQ(tick.size, Decimal::from_integer(300));
    const auto text = proto_payload(46, Proto().integer(1, 9).integer(2, 45).text(3, "1767623400"));
    ASSERT_TRUE(decode_tick(text, 225, tick));
    EXPECT_EQ(tick.text, "1767623400");
    EXPECT_EQ(tick.text.data(), text.data() + text.size() - 10);
    EXPECT_FALSE(tick.value) << "nothing is left of the tick before";
}

TEST(IbBinaryFrames, WhatIsNotExactlyATickIsReadAgainAsAMessage) {
    TickMessage tick;
    EXPECT_FALSE(decode_tick(proto_payload(9, Proto().integer(1, 9)), 225, tick)) << "another";
    EXPECT_FALSE(decode_tick(proto_payload(1, "\x08"s), 225, tick)) << "cut off";
    EXPECT_FALSE(decode_tick(proto_payload(1, Proto().integer(9, 1)), 225, tick)) << "surplus";
    EXPECT_FALSE(decode_tick("\0\0"s, 225, tick));
    EXPECT_FALSE(decode_tick("\0\0\0\x01"s, 225, tick)) << "text";
    const auto again = decode(proto_payload(1, Proto().integer(1, 9).integer(9, 1)), 225);
    EXPECT_EQ(again.surplus, 1U);
    EXPECT_EQ(std::get<TickMessage>(*again.message).request, 9);
}

}  // namespace
}  // namespace janus::ib::wire
