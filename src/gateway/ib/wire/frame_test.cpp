#include <gtest/gtest.h>

#include "gateway/ib/fake_messages.hpp"
#include "gateway/ib/wire/field_reader.hpp"
#include "gateway/ib/wire/field_writer.hpp"
#include "gateway/ib/wire/frame_reader.hpp"
#include "gateway/ib/wire/times.hpp"
#include "gateway/ib/wire/versions.hpp"

namespace janus::ib::wire {
namespace {

std::string bytes_of(std::initializer_list<int> values) {
    std::string out;
    for (const int value : values) out += static_cast<char>(value);
    return out;
}

TEST(IbFrameReader, EverySplitOfAStreamGivesTheSameFrames) {
    const std::string stream = fake::frame({"9", "1", "41"}) + fake::frame({"15", "1", "DU1"}) +
                               fake::frame({"49", "1", "1767623400"});
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
        FrameReader reader;
        std::vector<std::string> frames;
        for (const auto& part : {stream.substr(0, cut), stream.substr(cut)}) {
            reader.append(part);
            for (auto next = reader.next(); next && *next; next = reader.next())
                frames.emplace_back(**next);
        }
        ASSERT_EQ(frames.size(), 3U) << "cut at " << cut;
        EXPECT_EQ(frames[0], fake::payload({"9", "1", "41"}));
        EXPECT_EQ(frames[2], fake::payload({"49", "1", "1767623400"}));
    }
}

TEST(IbFrameReader, WholeFramesAreReadWhereTheyCame) {
    const std::string first = fake::frame({"9", "1", "41"}) + fake::frame({"15", "1", "DU1"});
    const std::string cut = first + fake::frame({"49", "1", "5"}).substr(0, 6);
    FrameReader reader;
    reader.append(cut);
    EXPECT_EQ((*reader.next())->data(), cut.data() + 4);
    EXPECT_EQ((*reader.next())->data(), cut.data() + 15);
    EXPECT_FALSE(*reader.next());
    const std::string rest = fake::frame({"49", "1", "5"}).substr(6) + first;
    reader.append(rest);
    EXPECT_EQ(**reader.next(), fake::payload({"49", "1", "5"})) << "put together once";
    EXPECT_EQ((*reader.next())->data(), rest.data() + rest.size() - first.size() + 4);
}

TEST(IbFrameReader, DroppedBytesAreGone) {
    FrameReader reader;
    const auto frames = fake::frame({"9", "1", "41"}) + fake::frame({"15", "1", "DU1"});
    reader.append(frames);
    ASSERT_TRUE(*reader.next());
    reader.drop();
    EXPECT_FALSE(*reader.next());
}

TEST(IbFrameReader, SingleBytesGiveTheSameFrames) {
    FrameReader reader;
    int frames = 0;
    for (int round = 0; round < 100; ++round) {
        for (const char byte : fake::frame({"9", "1", "41"})) {
            reader.append(std::string_view(&byte, 1));
            const auto next = reader.next();
            ASSERT_TRUE(next);
            if (*next) ++frames;
        }
    }
    EXPECT_EQ(frames, 100);
}

TEST(IbFrameReader, AbsurdLengthsAreRefusedBeforeTheirBytesCome) {
    for (const auto& prefix : {bytes_of({0, 0, 0, 0}), bytes_of({0xFF, 0xFF, 0xFF, 0xFF}),
                               bytes_of({0x80, 0, 0, 1}), bytes_of({1, 0, 0, 1})}) {
        FrameReader reader;
        reader.append(prefix);
        EXPECT_EQ(reader.next().error().code, ErrorCode::Malformed);
        const auto more = fake::frame({"9", "1", "41"});
        reader.append(more);
        EXPECT_FALSE(reader.next()) << "the stream stays unusable";
    }
}

TEST(IbFrameReader, TheLargestLengthIsStillAwaited) {
    FrameReader reader;
    const auto prefix = bytes_of({1, 0, 0, 0});
    reader.append(prefix);
    const auto next = reader.next();
    ASSERT_TRUE(next);
    EXPECT_FALSE(*next);
}

TEST(IbHandshake, HelloIsTheDocumentedBytes) {
    EXPECT_EQ(hello(200), bytes_of({0x41, 0x50, 0x49, 0, 0, 0, 0, 9, 0x76, 0x31, 0x37, 0x36, 0x2e,
                                    0x2e, 0x32, 0x30, 0x30}));
}

TEST(IbHandshake, AnswerIsVersionAndTime) {
    const auto answer = parse_handshake(fake::payload({"200", "20260105 09:30:00 EST"}));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->server_version, 200);
    EXPECT_EQ(answer->connection_time, "20260105 09:30:00 EST");
}

TEST(IbHandshake, RedirectsAndGarbageAreRefused) {
    EXPECT_EQ(parse_handshake(fake::payload({"-1", "elsewhere:4001"})).error().code,
              ErrorCode::Unavailable);
    EXPECT_FALSE(parse_handshake(fake::payload({"HTTP/1.1 400", "x"})));
    EXPECT_FALSE(parse_handshake(fake::payload({"200"})));
    EXPECT_FALSE(parse_handshake("200"));
}

TEST(IbFieldReader, EverySentinelIsAbsent) {
    for (const std::string text :
         {"", "2147483647", "9223372036854775807", "-9223372036854775808", "1.7976931348623157E308",
          "1.7976931348623157e+308", "1.7976931348623157E+308", "1.797693134862316E308", "Infinity",
          "-Infinity", "NaN"}) {
        const auto payload = fake::payload({text, text});
        FieldReader in(payload, 200);
        EXPECT_FALSE(in.optional_decimal()) << text;
        EXPECT_FALSE(in.optional_rounded()) << text;
        EXPECT_TRUE(in.finish<int>(0)) << text;
        FieldReader strict(payload, 200);
        strict.decimal();
        EXPECT_FALSE(strict.finish<int>(0)) << text;
    }
}

TEST(IbFieldReader, OrdinaryNumbersAreNotSentinels) {
    const auto payload = fake::payload({"1.79769313", "6.0E-5", "-37.63", "0.0", "2147483646"});
    FieldReader in(payload, 200);
    EXPECT_EQ(in.decimal(), *Decimal::parse("1.79769313"));
    EXPECT_EQ(in.decimal(), *Decimal::parse("0.00006"));
    EXPECT_EQ(in.decimal(), *Decimal::parse("-37.63"));
    EXPECT_TRUE(in.decimal().is_zero());
    EXPECT_EQ(in.decimal(), Decimal::from_integer(2147483646));
    EXPECT_TRUE(in.finish<int>(0));
}

TEST(IbFieldReader, AnythingElseIsADecodeFailureThatNamesTheField) {
    for (const std::string text : {"abc", "1,5", "0x10", "1.2.3", "12 "}) {
        const auto payload = fake::payload({"1", text});
        FieldReader in(payload, 200);
        in.skip();
        in.optional_decimal();
        const auto result = in.finish<int>(0);
        ASSERT_FALSE(result) << text;
        EXPECT_NE(result.error().message.find("field 1"), std::string::npos);
    }
}

TEST(IbFieldReader, AShortMessageFailsOnceAndStaysFailed) {
    const auto payload = fake::payload({"1"});
    FieldReader in(payload, 200);
    in.integer();
    EXPECT_EQ(in.text(), "");
    EXPECT_EQ(in.integer(), 0);
    EXPECT_EQ(in.finish<int>(0).error().message, "message ended before field 1");
}

TEST(IbFieldReader, AListLongerThanItsMessageEndsAtOnce) {
    const auto payload = fake::payload({"99999999", "9"});
    FieldReader in(payload, 200);
    in.skip(in.count());
    EXPECT_FALSE(in.finish<int>(0));
    FieldReader negative(payload, 200);
    const auto minus = fake::payload({"-3"});
    FieldReader below(minus, 200);
    EXPECT_EQ(below.count(), 0U);
    EXPECT_FALSE(below.finish<int>(0));
}

TEST(IbFieldReader, EscapesBecomeUtf8AndControlBytesBlanks) {
    EXPECT_EQ(unescaped("Soci\\u00e9t\\u00e9"), "Soci\xC3\xA9t\xC3\xA9");
    EXPECT_EQ(unescaped("\\u20ac 5"), "\xE2\x82\xAC 5");
    EXPECT_EQ(unescaped("a\nb\\u000ac"), "a b c");
    EXPECT_EQ(unescaped("\\u12"), "\\u12");
    EXPECT_EQ(unescaped("\\uzzzz"), "\\uzzzz");
    EXPECT_EQ(unescaped("\\ud83d"), "\\ud83d");
}

TEST(IbFieldWriter, ControlBytesAndLongTextsAreRefused) {
    using std::string_view_literals::operator""sv;
    for (const auto text : {"AAPL\0BUY\0"sv, "a\nb"sv, "a\x7F"sv, "\x01"sv})
        EXPECT_EQ(FieldWriter(3).text(text).finish().error().code, ErrorCode::Invalid);
    EXPECT_TRUE(FieldWriter(3).text(std::string(FieldWriter::field_size_max, 'x')).finish());
    EXPECT_FALSE(FieldWriter(3).text(std::string(FieldWriter::field_size_max + 1, 'x')).finish());
    EXPECT_FALSE(FieldWriter(3).text("a\nb").text("good").finish()) << "the first problem counts";
}

TEST(IbFieldWriter, WritesWhatTheReaderReads) {
    const auto frame =
        FieldWriter(3).integer(-5).flag(true).decimal(*Decimal::parse("0.5")).finish();
    ASSERT_TRUE(frame);
    EXPECT_EQ(*frame, fake::frame({"3", "-5", "1", "0.5"}));
}

Utc utc(const std::string& iso) {
    return *parse_iso(iso);
}

TEST(IbTimes, ReadsUtcAndNamedZones) {
    EXPECT_EQ(find_time("20260105-15:30:00"), utc("2026-01-05T15:30:00Z"));
    EXPECT_EQ(find_time("20260105 09:30:00 US/Eastern"), utc("2026-01-05T14:30:00Z"));
    EXPECT_EQ(find_time("20260705 09:30:00 America/New_York"), utc("2026-07-05T13:30:00Z"));
    EXPECT_EQ(find_time("20260705 15:30:00 Europe/Berlin"), utc("2026-07-05T13:30:00Z"));
    EXPECT_EQ(find_time("20260105 15:30:00 MET"), utc("2026-01-05T14:30:00Z"));
}

TEST(IbTimes, TheClockChangesAtTheRightHour) {
    EXPECT_EQ(find_time("20260308 01:59:59 US/Eastern"), utc("2026-03-08T06:59:59Z"));
    EXPECT_EQ(find_time("20260308 03:00:00 US/Eastern"), utc("2026-03-08T07:00:00Z"));
    EXPECT_EQ(find_time("20261101 00:59:59 US/Eastern"), utc("2026-11-01T04:59:59Z"));
    EXPECT_EQ(find_time("20261101 02:00:00 US/Eastern"), utc("2026-11-01T07:00:00Z"));
    EXPECT_EQ(find_time("20260329 01:59:59 CET"), utc("2026-03-29T00:59:59Z"));
    EXPECT_EQ(find_time("20260329 03:00:00 CET"), utc("2026-03-29T01:00:00Z"));
}

TEST(IbTimes, GuessesNothing) {
    for (const auto* text : {"", "20260105", "20260105  09:30:00", "20260105 09:30:00",
                             "20260105 09:30:00 Mars/Olympus", "20261305-09:30:00",
                             "20260105-25:30:00", "not a time at all"})
        EXPECT_FALSE(find_time(text)) << text;
}

}  // namespace
}  // namespace janus::ib::wire
