#include <gtest/gtest.h>

#include "gateway/ib/fake_broker.hpp"
#include "gateway/ib/wire/data_requests.hpp"

namespace janus::ib {
namespace {

using namespace std::chrono_literals;
using gateway::HistoryStatus;

gateway::RequestHistory ask(std::uint32_t id, Duration span = 1h) {
    return {{id},
            {"265598"},
            *CanonicalSymbol::parse("AAPL"),
            BarSize::Minute1,
            BarSource::Trades,
            BarHours::Regular,
            std::nullopt,
            span};
}

gateway::RequestHeadTimestamp ask_head(std::uint32_t id) {
    return {{id}, {"265598"}, *CanonicalSymbol::parse("AAPL")};
}

fake::Fields bar(const std::string& date, const std::string& close = "1.5") {
    return {date, "1", "2", "0.5", close, "10", "1.2", "3"};
}

fake::Fields bars(const std::string& request, const std::vector<fake::Fields>& rows,
                  int version = 200) {
    fake::Fields out{"17", request};
    if (version < 196) fake::append(out, {"first", "last"});
    out.push_back(std::to_string(rows.size()));
    for (const auto& row : rows) fake::append(out, row);
    return out;
}

/// A gateway that is ready and knows Apple.
struct HistoryDesk : fake::Desk {
    explicit HistoryDesk(int version = 200) : fake::Desk(default_settings(), version) {
        become_ready();
        command(gateway::SubscribeTicks{{1}, {"265598"}, *CanonicalSymbol::parse("AAPL")});
        describe({});
        forget();
    }
    std::string request() const { return last_request("20", 1); }
    gateway::HistoryResult answer() const { return last<gateway::HistoryResult>(); }
};

TEST(History, ARequestSaysWhatIsWantedInTheWordsOfIb) {
    HistoryDesk desk;
    auto command = ask(7, 2 * 24h);
    command.end = Utc{1'767'623'400s};
    desk.command(command);
    const auto* sent = desk.find_sent("20");
    ASSERT_NE(sent, nullptr);
    const fake::Fields tail(sent->begin() + 14, sent->end());
    EXPECT_EQ((*sent)[2], "265598");
    EXPECT_EQ((*sent)[9], "SMART");
    EXPECT_EQ(tail, (fake::Fields{"0", "20260105-14:30:00", "1 min", "2 D", "1", "TRADES", "2", "0",
                                  ""}));
}

TEST(History, BarsAreCompleteAtTheirEndMarkerFromVersion196On) {
    HistoryDesk desk;
    desk.command(ask(7));
    const auto request = desk.request();
    desk.feed(bars(request, {bar("1767623400"), bar("1767623460", "1.75")}));
    EXPECT_EQ(desk.count<gateway::HistoryResult>(), 0U) << "the end is missing";
    desk.feed({"108", request, "a", "b"});
    ASSERT_EQ(desk.count<gateway::HistoryResult>(), 1U);
    EXPECT_EQ(desk.answer().request, gateway::HistoryId{7});
    EXPECT_EQ(desk.answer().status, HistoryStatus::Complete);
    ASSERT_EQ(desk.answer().bars.size(), 2U);
    EXPECT_EQ(desk.answer().bars[1].start, Utc{1'767'623'460s});
    EXPECT_EQ(desk.answer().bars[1].close, Price{*Decimal::parse("1.75")});
    desk.feed({"108", request, "a", "b"});
    EXPECT_EQ(desk.count<gateway::HistoryResult>(), 1U) << "one answer";
}

TEST(History, BelowVersion196TheBarsAreTheWholeAnswer) {
    HistoryDesk desk(195);
    desk.command(ask(7));
    desk.feed(bars(desk.request(), {bar("20260105")}, 195));
    EXPECT_EQ(desk.answer().status, HistoryStatus::Complete);
    ASSERT_EQ(desk.answer().bars.size(), 1U);
    EXPECT_EQ(desk.answer().bars[0].start.seconds(), 1'767'571'200) << "midnight of the date";
}

TEST(History, BarsFromTheEndOnAreNotPartOfTheAnswer) {
    HistoryDesk desk(195);
    auto command = ask(7);
    command.end = Utc{1'767'623'460s};
    desk.command(command);
    desk.feed(bars(desk.request(), {bar("1767623400"), bar("1767623460")}, 195));
    EXPECT_EQ(desk.answer().bars.size(), 1U);
}

TEST(History, UnreadableOrUnorderedBarsAreNoAnswer) {
    HistoryDesk desk(195);
    desk.command(ask(7));
    desk.feed(bars(desk.request(), {bar("yesterday")}, 195));
    EXPECT_EQ(desk.answer().status, HistoryStatus::Failed);
    EXPECT_TRUE(desk.answer().bars.empty());
    desk.command(ask(8, 2h));
    desk.feed(bars(desk.request(), {bar("1767623460"), bar("1767623460")}, 195));
    EXPECT_EQ(desk.answer().status, HistoryStatus::Failed);
    EXPECT_NE(desk.answer().reason.find("order"), std::string::npos);
}

TEST(History, TheTextOfError162DecidesWhatItMeans) {
    struct Row {
        std::string text;
        HistoryStatus status;
    };
    std::uint32_t id = 1;
    for (const auto& row : {
             Row{"Historical Market Data Service error message:HMDS query returned no data",
                 HistoryStatus::NoData                                                                                  },
             Row{"Historical Market Data Service error message:API historical data query cancelled",
                 HistoryStatus::Cancelled                                                                               },
             Row{"Historical Market Data Service error message:No market data permissions",
                 HistoryStatus::Failed                                                                                  },
             Row{"Historical Market Data Service error message:Historical data request pacing "
                 "violation",                                                       HistoryStatus::Busy}
    }) {
        HistoryDesk desk;
        desk.command(ask(++id));
        desk.feed(fake::error(std::stoll(desk.request()), 162, row.text));
        ASSERT_EQ(desk.count<gateway::HistoryResult>(), 1U) << row.text;
        EXPECT_EQ(desk.answer().status, row.status) << row.text;
        EXPECT_NE(desk.answer().reason.find("162"), std::string::npos);
    }
}

TEST(History, AfterAPacingViolationTheNextQuestionWaitsAMinute) {
    HistoryDesk desk;
    desk.command(ask(1));
    desk.feed(fake::error(std::stoll(desk.request()), 162, "pacing violation"));
    desk.command(ask(2, 2h));
    EXPECT_EQ(desk.count_sent("20"), 1U);
    desk.wait_alive(59s);
    EXPECT_EQ(desk.count_sent("20"), 1U);
    desk.wait_alive(1s);
    EXPECT_EQ(desk.count_sent("20"), 2U);
}

TEST(History, TheSameQuestionGoesOutAgainAfterFifteenSecondsOnly) {
    HistoryDesk desk;
    desk.command(ask(1));
    desk.command(ask(2));
    desk.command(ask(3, 2h));
    EXPECT_EQ(desk.count_sent("20"), 2U) << "another question is not held up";
    desk.wait_alive(15s);
    EXPECT_EQ(desk.count_sent("20"), 3U);
}

TEST(History, AFullQueueIsAnsweredAsBusy) {
    HistoryDesk desk;
    for (std::uint32_t id = 1; id <= 300; ++id) desk.command(ask(id));
    std::size_t busy = 0;
    for (const auto& result : desk.all<gateway::HistoryResult>())
        if (result.status == HistoryStatus::Busy) ++busy;
    EXPECT_EQ(busy, 300 - History::waiting_max - 1) << "one is under way";
}

TEST(History, ACancelIsAnsweredOnceWhereverTheQuestionIs) {
    HistoryDesk desk;
    desk.command(ask(1));
    const auto request = desk.request();
    desk.command(ask(2));
    desk.command(gateway::CancelHistory{{2}});
    EXPECT_EQ(desk.count_sent("25"), 0U) << "it never went out";
    desk.command(gateway::CancelHistory{{1}});
    EXPECT_EQ(desk.last_request("25", 2), request);
    desk.command(gateway::CancelHistory{{1}});
    desk.feed(bars(request, {bar("1767623400")}));
    desk.feed(fake::error(std::stoll(request), 162, "query cancelled"));
    ASSERT_EQ(desk.count<gateway::HistoryResult>(), 2U);
    for (const auto& result : desk.all<gateway::HistoryResult>())
        EXPECT_EQ(result.status, HistoryStatus::Cancelled);
    EXPECT_EQ(desk.counter("late_history"), 1U);
}

TEST(History, StopAndALostLineAnswerEveryQuestion) {
    for (const bool stop : {true, false}) {
        HistoryDesk desk;
        desk.command(ask(1));
        desk.command(ask(2));
        desk.command(ask_head(3));
        if (stop)
            desk.command(gateway::Stop{});
        else
            desk.cut();
        ASSERT_EQ(desk.count<gateway::HistoryResult>(), 2U);
        EXPECT_EQ(desk.answer().status, HistoryStatus::Cancelled);
        EXPECT_EQ(desk.last<gateway::HeadTimestampResult>().status, HistoryStatus::Cancelled);
        desk.command(ask(4));
        EXPECT_EQ(desk.answer().request, gateway::HistoryId{4});
        EXPECT_EQ(desk.answer().status, HistoryStatus::Failed) << "IB is not connected";
    }
}

TEST(History, SilenceIsAnsweredAtTheBoundAndNotBefore) {
    HistoryDesk desk;
    desk.command(ask(1));
    desk.wait_alive(89s);
    EXPECT_EQ(desk.count<gateway::HistoryResult>(), 0U);
    desk.wait_alive(1s);
    EXPECT_EQ(desk.answer().status, HistoryStatus::Failed);
    EXPECT_EQ(desk.count_sent("25"), 1U);
}

TEST(History, AnInstrumentWithoutDetailsIsRefusedWithTheReason) {
    HistoryDesk desk;
    auto command = ask(1);
    command.native_id = {"999"};
    desk.command(command);
    EXPECT_EQ(desk.count_sent("20"), 0U);
    desk.feed(fake::error(std::stoll(desk.last_request("9", 2)), 200, "No security definition"));
    EXPECT_EQ(desk.answer().status, HistoryStatus::Failed);
    EXPECT_NE(desk.answer().reason.find("No security definition"), std::string::npos);
    command.native_id = {"AAPL"};
    command.request = {2};
    desk.command(command);
    EXPECT_EQ(desk.answer().request, gateway::HistoryId{2});
    EXPECT_EQ(desk.answer().status, HistoryStatus::Failed);
}

TEST(History, TheBeginningOfTheDataIsOneAnswer) {
    HistoryDesk desk;
    desk.command(ask_head(5));
    const auto request = desk.last_request("87", 1);
    desk.feed({"88", request, "345479400"});
    const auto answer = desk.last<gateway::HeadTimestampResult>();
    EXPECT_EQ(answer.status, HistoryStatus::Complete);
    EXPECT_EQ(answer.earliest, Utc{345'479'400s});
    EXPECT_EQ(desk.last_request("90", 1), request) << "IB keeps it open until then";
    desk.command(ask_head(6));
    desk.wait_alive(15s);
    desk.feed({"88", desk.last_request("87", 1), "long ago"});
    EXPECT_EQ(desk.last<gateway::HeadTimestampResult>().status, HistoryStatus::Failed);
}

TEST(History, DurationsAreAtLeastWhatWasAskedFor) {
    EXPECT_EQ(wire::duration_text(0s), "1 S");
    EXPECT_EQ(wire::duration_text(90s), "90 S");
    EXPECT_EQ(wire::duration_text(24h), "86400 S");
    EXPECT_EQ(wire::duration_text(24h + 1s), "2 D");
    EXPECT_EQ(wire::duration_text(365 * 24h), "365 D");
    EXPECT_EQ(wire::duration_text(366 * 24h), "2 Y");
}

}  // namespace
}  // namespace janus::ib
