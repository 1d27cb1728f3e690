// What IB takes of an order: the words and fields on the wire, and the sentences of a denial.
#include <functional>

#include <gtest/gtest.h>

#include "gateway/ib/fake_broker.hpp"

namespace janus::ib {
namespace {

using namespace std::chrono_literals;
using fake::Desk;

constexpr std::size_t order_type_field = 18;
constexpr std::size_t limit_field = 19;
constexpr std::size_t auxiliary_field = 20;
constexpr std::size_t time_in_force_field = 21;

const std::string every_type =
    "DAY,FOK,GTC,GTD,IOC,LMT,LOC,MKT,MOC,OPG,STP,STPLMT,TRAIL,TRAILLMT,WHATIF";

Price price(std::string_view text) {
    return {*Decimal::parse(text)};
}

/// Ready, with the details of AAPL known and the given words for its order types.
struct Placing : Desk {
    explicit Placing(const std::string& order_types = every_type, int version = 200)
        : Desk(default_settings(), version) {
        start();
        feed(fake::position("DU1000001", {}, "100", "150"));
        end_positions();
        fake::ContractText text;
        text.order_types = order_types;
        describe(text);
        end_balances();
        end_open_orders();
        end_open_orders();
        end_completed();
        end_executions();
        forget();
    }
    /// The placeOrder that follows from a change of the plain order.
    fake::Fields placed(const std::function<void(gateway::PlaceOrder&)>& change) {
        ++last_;
        auto order = place(last_, fmt::format("ref{}", last_), 40 + static_cast<int>(last_));
        change(order);
        command(order);
        return find_sent("3") != nullptr ? *find_sent("3") : fake::Fields{};
    }
    std::string denied(const std::function<void(OrderIntent&)>& change,
                       const std::string& symbol = "AAPL") {
        OrderIntent intent{.account = {"ib_main"}, .symbol = *CanonicalSymbol::parse(symbol)};
        intent.type = OrderType::Limit;
        intent.quantity = {Decimal::from_integer(10)};
        intent.limit_price = price("180.5");
        change(intent);
        const NativeId id{symbol == "AAPL" ? "265598" : "4711"};
        const auto number = gateway.prepare_order(intent, id);
        return number ? "" : number.error().message;
    }

 private:
    std::uint64_t last_{0};
};

TEST(IbPlacingRules, EachTypeHasItsWordAndItsPrices) {
    struct Case {
        OrderType type;
        std::string word;
        std::string limit;
        std::string auxiliary;
    };
    const std::vector<Case> cases{
        {OrderType::Market,            "MKT",         "",    ""   },
        {OrderType::Limit,             "LMT",         "180", ""   },
        {OrderType::Stop,              "STP",         "",    "175"},
        {OrderType::StopLimit,         "STP LMT",     "180", "175"},
        {OrderType::TrailingStop,      "TRAIL",       "",    "2"  },
        {OrderType::TrailingStopLimit, "TRAIL LIMIT", "",    "2"  },
        {OrderType::MarketOnClose,     "MOC",         "",    ""   },
        {OrderType::LimitOnClose,      "LOC",         "180", ""   },
    };
    for (const auto& example : cases) {
        Placing desk;
        const auto& rule = rule_of(example.type);
        const auto fields = desk.placed([&](gateway::PlaceOrder& order) {
            order.type = example.type;
            order.limit_price.reset();
            if (rule.limit == NeedsLimit::Yes) order.limit_price = price("180");
            if (rule.stop != NeedsStop::No) order.stop_price = price("175");
            if (rule.trail == NeedsTrail::Yes) order.trail_amount = price("2");
            if (rule.offset == NeedsOffset::Yes) order.limit_offset = price("0.1");
        });
        ASSERT_EQ(fields.size(), 119U) << example.word;
        EXPECT_EQ(fields[order_type_field], example.word);
        EXPECT_EQ(fields[limit_field], example.limit) << example.word;
        EXPECT_EQ(fields[auxiliary_field], example.auxiliary) << example.word;
        const bool trails = is_trailing(example.type);
        EXPECT_EQ(fields[68], trails ? "175" : "") << example.word;
        EXPECT_EQ(fields[92], example.word == "TRAIL LIMIT" ? "0.1" : "") << example.word;
        EXPECT_EQ(fields[27], "1") << "transmitted";
    }
}

TEST(IbPlacingRules, ATrailInPerCentHasNoDistance) {
    Placing desk;
    const auto fields = desk.placed([](gateway::PlaceOrder& order) {
        order.type = OrderType::TrailingStop;
        order.limit_price.reset();
        order.trail_percent = *Decimal::parse("1.5");
    });
    EXPECT_EQ(fields[auxiliary_field], "");
    EXPECT_EQ(fields[69], "1.5");
    EXPECT_EQ(fields[68], "") << "IB starts it from the market";
}

TEST(IbPlacingRules, EachTimeInForceHasItsWordAndGtdItsTimeInUtc) {
    struct Case {
        TimeInForce time;
        std::string word;
    };
    const std::vector<Case> cases{
        {TimeInForce::Day,               "DAY"},
        {TimeInForce::GoodTillCancel,    "GTC"},
        {TimeInForce::ImmediateOrCancel, "IOC"},
        {TimeInForce::FillOrKill,        "FOK"},
        {TimeInForce::AtTheOpening,      "OPG"},
        {TimeInForce::GoodTillDate,      "GTD"},
    };
    for (const auto& example : cases) {
        Placing desk;
        const auto fields = desk.placed([&](gateway::PlaceOrder& order) {
            order.time_in_force = example.time;
            if (example.word == "GTD") order.good_till = Utc{1'767'627'000s};
        });
        EXPECT_EQ(fields[time_in_force_field], example.word);
        EXPECT_EQ(fields[38], example.word == "GTD" ? "20260105-15:30:00" : "");
    }
}

TEST(IbPlacingRules, SessionsGroupsAndParentsHaveTheirFields) {
    Placing desk;
    auto fields =
        desk.placed([](gateway::PlaceOrder& order) { order.session = TradingSession::Extended; });
    EXPECT_EQ(fields[33], "1");
    EXPECT_EQ(fields[116], "0");
    fields =
        desk.placed([](gateway::PlaceOrder& order) { order.session = TradingSession::Overnight; });
    EXPECT_EQ(fields[33], "0");
    EXPECT_EQ(fields[116], "1");
    fields = desk.placed([](gateway::PlaceOrder& order) { order.oca_group = "pair"; });
    EXPECT_EQ(fields[22], "pair");
    EXPECT_EQ(fields[46], "1") << "one fill cancels the others";
    fields = desk.placed([](gateway::PlaceOrder& order) {
        order.parent_number = 41;
        order.transmit = false;
    });
    EXPECT_EQ(fields[28], "41");
    EXPECT_EQ(fields[27], "0");
    EXPECT_EQ(fields[46], "0");
}

TEST(IbPlacingRules, AChildWithoutItsParentAtIbIsNotSent) {
    Placing desk;
    desk.placed([](gateway::PlaceOrder& order) { order.parent_number = 40; });
    EXPECT_EQ(desk.count_sent("3"), 0U);
    EXPECT_EQ(desk.last<gateway::OrderNotSent>().reason, "its parent is not at IB");
}

TEST(IbPlacingRules, AChildWaitsInLineBehindItsParent) {
    constexpr std::uint64_t rate_of_orders = 36;  // Nine tenths of 40 messages a second.
    Placing desk;
    desk.wait(2s);
    for (std::uint64_t order = 1; order <= rate_of_orders; ++order)
        desk.placed([](gateway::PlaceOrder&) {});
    ASSERT_EQ(desk.count_sent("3"), rate_of_orders);
    desk.placed([](gateway::PlaceOrder& order) { order.transmit = false; });
    desk.placed([](gateway::PlaceOrder& order) { order.parent_number = 77; });
    EXPECT_EQ(desk.count_sent("3"), rate_of_orders) << "the rate holds both back";
    EXPECT_EQ(desk.count<gateway::OrderNotSent>(), 0U);
    desk.wait(1s);
    ASSERT_EQ(desk.count_sent("3"), rate_of_orders + 2);
    EXPECT_EQ(desk.find_sent("3")->at(28), "77");
}

TEST(IbPlacingRules, EveryVersionHasItsFieldCountWithEveryKindOfOrder) {
    const auto count_of = [](int version) {
        if (version == 176 || version == 183) return 115U;
        if (version <= 182) return 114U;
        if (version <= 186) return 116U;
        if (version <= 188) return 118U;
        if (version == 189) return 119U;
        if (version <= 191) return 117U;
        return version <= 198 ? 118U : 119U;
    };
    for (int version = 176; version <= 200; ++version) {
        Placing desk(every_type, version);
        const auto plain = desk.placed([](gateway::PlaceOrder&) {});
        EXPECT_EQ(plain.size(), count_of(version)) << version;
        const auto full = desk.placed([](gateway::PlaceOrder& order) {
            order.type = OrderType::TrailingStopLimit;
            order.limit_price.reset();
            order.stop_price = price("175");
            order.trail_percent = *Decimal::parse("1");
            order.limit_offset = price("0.1");
            order.time_in_force = TimeInForce::GoodTillDate;
            order.good_till = Utc{1'767'627'000s};
            order.oca_group = "pair";
        });
        EXPECT_EQ(full.size(), count_of(version)) << version;
    }
}

TEST(IbPlacingRules, TheNightTakesLimitDayOrdersForSharesOnly) {
    Placing desk;
    const std::string no = "IB's overnight session takes LIMIT DAY orders for shares only";
    const auto night = [](OrderIntent& intent) { intent.session = TradingSession::Overnight; };
    EXPECT_EQ(desk.denied(night), "");
    EXPECT_EQ(desk.denied([&](OrderIntent& intent) {
        night(intent);
        intent.type = OrderType::Market;
        intent.limit_price.reset();
    }),
              no);
    EXPECT_EQ(desk.denied([&](OrderIntent& intent) {
        night(intent);
        intent.time_in_force = TimeInForce::GoodTillCancel;
    }),
              no);
    EXPECT_EQ(desk.denied(night, "NQ.2603"), no);
}

TEST(IbPlacingRules, AnOlderGatewayKnowsNoNight) {
    Placing desk(every_type, 188);
    const auto reason =
        desk.denied([](OrderIntent& intent) { intent.session = TradingSession::Overnight; });
    EXPECT_NE(reason.find("server version 188) knows no overnight orders"), std::string::npos)
        << reason;
}

TEST(IbPlacingRules, SessionsThatATypeOrKindDoesNotHaveAreDenied) {
    Placing desk;
    const auto extended = [](OrderIntent& intent) { intent.session = TradingSession::Extended; };
    EXPECT_EQ(desk.denied(extended), "");
    EXPECT_EQ(desk.denied([&](OrderIntent& intent) {
        extended(intent);
        intent.type = OrderType::Market;
        intent.limit_price.reset();
    }),
              "IB trades MARKET orders in the regular session only; use LIMIT");
    EXPECT_EQ(desk.denied(extended, "AAPL.261218.C.250"),
              "IB trades options in the regular session only");
    EXPECT_EQ(
        desk.denied([](OrderIntent& intent) { intent.time_in_force = TimeInForce::AtTheOpening; },
                    "NQ.2603"),
        "IB takes OPG orders of shares only; use DAY");
}

TEST(IbPlacingRules, ATypeThatTheDetailsDoNotListIsDeniedWithThoseTheyDo) {
    Placing desk("LMT,MKT,STPLMT,DAY,GTC");
    EXPECT_EQ(desk.denied([](OrderIntent&) {}), "");
    EXPECT_EQ(desk.denied([](OrderIntent& intent) {
        intent.type = OrderType::Stop;
        intent.limit_price.reset();
        intent.stop_price = price("175");
    }),
              "IB takes no STOP order of AAPL; it takes MARKET, LIMIT, STOP_LIMIT");
    EXPECT_EQ(desk.denied([](OrderIntent& intent) {
        intent.time_in_force = TimeInForce::ImmediateOrCancel;
    }),
              "IB takes no IOC order of AAPL; it takes DAY, GTC");
}

TEST(IbPlacingRules, AListWithoutTimesInForceDecidesNothingAboutThem) {
    Placing desk("LMT,MKT");
    EXPECT_EQ(desk.denied([](OrderIntent& intent) {
        intent.time_in_force = TimeInForce::ImmediateOrCancel;
    }),
              "");
}

TEST(IbPlacingRules, TheNumbersOfATrailAreCheckedLikePrices) {
    Placing desk;
    const auto trail = [](OrderIntent& intent) {
        intent.type = OrderType::TrailingStopLimit;
        intent.limit_price.reset();
        intent.stop_price = price("175");
        intent.trail_amount = price("2");
        intent.limit_offset = price("0.1");
    };
    EXPECT_EQ(desk.denied(trail), "");
    EXPECT_EQ(desk.denied([&](OrderIntent& intent) {
        trail(intent);
        intent.stop_price.reset();
    }),
              "IB needs a stop price for TRAILING_STOP_LIMIT: where the trail starts");
    EXPECT_EQ(desk.denied([&](OrderIntent& intent) {
        trail(intent);
        intent.trail_amount = price("2.005");
    }),
              "trail amount 2.005 is no multiple of the smallest step 0.01");
    EXPECT_EQ(desk.denied([&](OrderIntent& intent) {
        trail(intent);
        intent.limit_offset = price("0.105");
    }),
              "limit offset 0.105 is no multiple of the smallest step 0.01");
    EXPECT_EQ(desk.denied([&](OrderIntent& intent) {
        trail(intent);
        intent.stop_price = price("-1");
    }),
              "stop price was -1, must be above zero");
}

}  // namespace
}  // namespace janus::ib
