// What the production gateway and the simulated IB make of each other's market data, history,
// accounts and contracts.
#include <algorithm>

#include <gtest/gtest.h>

#include "sim/world/ib_pair.hpp"

namespace janus::sim {
namespace {

using namespace std::chrono_literals;
using gateway::Gate;
using gateway::HistoryStatus;

CanonicalSymbol named(std::string_view text) {
    return CanonicalSymbol::parse(text).value();
}

struct DataPair : IbPair {
    explicit DataPair(int version = 200) : IbPair(version) {
        EXPECT_TRUE(connect());
        forget();
    }
    NativeId id_of(std::string_view symbol) const { return native_id_of(exchange, named(symbol)); }
    template <typename Event>
    Event last() const {
        const auto list = all<Event>();
        return list.empty() ? Event{} : list.back();
    }
    void ticks(std::uint32_t id, std::string_view symbol = "AAPL") {
        command(gateway::SubscribeTicks{{id}, id_of(symbol), named(symbol)});
    }
    gateway::RequestHistory history(std::uint32_t id, BarSize size, Duration span) const {
        return {{id},          id_of("AAPL"), named("AAPL"), size, BarSource::Trades,
                BarHours::All, std::nullopt,  span};
    }
    DataQuality quality() const { return last<gateway::QuoteQualityChanged>().quality; }
};

class IbData : public testing::TestWithParam<int> {};

TEST_P(IbData, HistoryIsCompleteInOrderAndSpeaksOfTheSpan) {
    DataPair pair(GetParam());
    pair.command(pair.history(1, BarSize::Day1, 10 * 24h));
    pair.advance(1s);
    const auto result = pair.last<gateway::HistoryResult>();
    EXPECT_EQ(result.status, HistoryStatus::Complete) << result.reason;
    ASSERT_GE(result.bars.size(), 5U);
    for (const auto& bar : result.bars) {
        EXPECT_LE(bar.low, bar.open);
        EXPECT_GE(bar.high, bar.close);
        EXPECT_TRUE(bar.volume);
    }
}

TEST_P(IbData, TheDataBeginSomewhere) {
    DataPair pair(GetParam());
    pair.command(gateway::RequestHeadTimestamp{{1}, pair.id_of("AAPL"), named("AAPL")});
    pair.advance(1s);
    const auto result = pair.last<gateway::HeadTimestampResult>();
    EXPECT_EQ(result.status, HistoryStatus::Complete) << result.reason;
    ASSERT_TRUE(result.earliest);
    EXPECT_LT(*result.earliest, pair.now().utc);
}

TEST_P(IbData, BarsOfFiveSecondsFlowAndStop) {
    DataPair pair(GetParam());
    pair.command(gateway::SubscribeBars{{5}, pair.id_of("AAPL"), named("AAPL")});
    pair.advance(16s);
    const auto count = pair.all<gateway::BarClosed>().size();
    EXPECT_GE(count, 2U);
    EXPECT_LE(count, 4U);
    pair.command(gateway::UnsubscribeBars{{5}});
    pair.advance(20s);
    EXPECT_EQ(pair.all<gateway::BarClosed>().size(), count);
}

TEST_P(IbData, ProfitAndBalancesComeForEachAccount) {
    DataPair pair(GetParam());
    pair.move_price("AAPL", "200.00");
    pair.advance(3s);
    std::set<AccountName> told;
    for (const auto& event : pair.all<gateway::ProfitChanged>()) {
        told.insert(event.profit.account);
        EXPECT_TRUE(event.profit.daily);
    }
    EXPECT_EQ(told.size(), pair.gateway.accounts().size());
}

INSTANTIATE_TEST_SUITE_P(Versions, IbData, testing::Values(176, 187, 195, 196, 200, 213, 225));

TEST(IbDataFaults, NoDataAndPacingAreToldApart) {
    DataPair pair;
    pair.fault("history_pacing", {
                                     {"most", "2"}
    });
    pair.command(pair.history(1, BarSize::Seconds5, 60s));
    pair.command(pair.history(2, BarSize::Seconds5, 120s));
    pair.command(pair.history(3, BarSize::Seconds5, 180s));
    pair.advance(1s);
    const auto results = pair.all<gateway::HistoryResult>();
    ASSERT_EQ(results.size(), 3U);
    EXPECT_EQ(results[2].status, HistoryStatus::Busy) << results[2].reason;
    pair.fault_off("history_pacing");
    pair.forget();
    auto weekend = pair.history(4, BarSize::Minute1, 60s);
    weekend.end = Utc{std::chrono::seconds(1'767'484'800)};  // A Sunday.
    pair.command(weekend);
    pair.advance(61s);
    EXPECT_EQ(pair.last<gateway::HistoryResult>().status, HistoryStatus::NoData)
        << pair.last<gateway::HistoryResult>().reason;
}

TEST(IbDataFaults, OurOwnPacingKeepsUsUnderIbsRules) {
    DataPair pair;
    pair.fault("history_pacing");
    for (std::uint32_t id = 1; id <= 12; ++id)
        pair.command(pair.history(id, BarSize::Seconds5, std::chrono::seconds(60 * (id % 4 + 1))));
    pair.advance(60s);
    const auto results = pair.all<gateway::HistoryResult>();
    ASSERT_EQ(results.size(), 12U);
    for (const auto& result : results)
        EXPECT_EQ(result.status, HistoryStatus::Complete) << result.reason;
}

TEST(IbDataFaults, AMovedGatewayIsFollowed) {
    DataPair pair;
    pair.fault("port_changed", {
                                   {"port", "4777"}
    });
    pair.advance(1s);
    EXPECT_TRUE(std::ranges::any_of(pair.all<gateway::GateChanged>(), [](const auto& event) {
        return event.reason.starts_with("ib_port_changed to 4777");
    }));
    pair.fault_off("port_changed");
    pair.advance(30s);
    EXPECT_EQ(pair.last<gateway::GateChanged>().gate, Gate::Ready);
}

TEST(IbDataFaults, AnAccountThatIsResetKeepsItsLastBalancesAndHeals) {
    DataPair pair;
    pair.fault("account_not_ready");
    pair.advance(2s);
    pair.forget();
    pair.command(gateway::RefreshAccount{pair.gateway.accounts().front()});
    pair.advance(5s);
    EXPECT_TRUE(pair.all<gateway::BalancesSnapshot>().empty());
    pair.fault_off("account_not_ready");
    pair.advance(5s);
    EXPECT_FALSE(pair.all<gateway::BalancesSnapshot>().empty());
}

TEST(IbDataFaults, AClosedMarketShowsNoLivePrice) {
    DataPair pair;
    pair.ticks(1);
    pair.advance(1s);
    EXPECT_EQ(pair.quality(), DataQuality::Live);
    pair.fault("market_phase", {
                                   {"phase", "closed"}
    });
    pair.advance(1s);
    pair.forget();
    pair.move_price("AAPL", "201.00");
    pair.advance(5s);
    EXPECT_TRUE(pair.all<gateway::QuoteQualityChanged>().empty());
}

TEST(IbDataFaults, ABrokenFarmIsNamedAndHeals) {
    DataPair pair;
    pair.ticks(1);
    pair.advance(1s);
    pair.fault("farm_broken");
    pair.advance(1s);
    EXPECT_EQ(pair.quality(), DataQuality::None);
    EXPECT_TRUE(pair.all<gateway::GateChanged>().empty()) << "orders go on";
    pair.fault_off("farm_broken");
    pair.advance(1s);
    EXPECT_EQ(pair.quality(), DataQuality::Live);
}

TEST(IbDataFaults, LinesThatRunOutAreCounted) {
    DataPair pair;
    pair.fault("lines_limit", {
                                  {"lines", "1"}
    });
    pair.ticks(1);
    pair.ticks(2, "MSFT");
    pair.advance(2s);
    ASSERT_FALSE(pair.all<gateway::LineBudgetChanged>().empty());
    EXPECT_EQ(pair.last<gateway::LineBudgetChanged>().lines, 1U);
    EXPECT_EQ(pair.quality(), DataQuality::None);
}

}  // namespace
}  // namespace janus::sim
