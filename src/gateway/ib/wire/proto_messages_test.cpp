// The same content in both forms of the protocol must become the same struct.
#include <gtest/gtest.h>
#include <boost/pfr.hpp>

#include "gateway/ib/fake_contracts.hpp"
#include "gateway/ib/fake_proto.hpp"
#include "gateway/ib/wire/incoming.hpp"

namespace janus::ib::wire {
namespace {

using namespace std::string_literals;
using fake::Fields;
using fake::Proto;
using fake::proto_payload;

template <typename T>
bool same(const T& a, const T& b);

template <typename T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
    return std::ranges::equal(a, b, [](const T& x, const T& y) { return same(x, y); });
}

/// Equal in every field, down to those of the structs inside.
template <typename T>
bool same(const T& a, const T& b) {
    if constexpr (std::equality_comparable<T>) {
        return a == b;
    } else {
        bool equal = true;
        boost::pfr::for_each_field(a, [&](const auto& field, auto index) {
            equal = equal && same(field, boost::pfr::get<index>(b));
        });
        return equal;
    }
}

template <typename Kind>
Kind read(const std::string& payload, int version) {
    const auto incoming = decode(payload, version);
    EXPECT_TRUE(incoming.message) << (incoming.message ? "" : incoming.message.error().message);
    EXPECT_EQ(incoming.surplus, 0U);
    const auto* found = incoming.message ? std::get_if<Kind>(&*incoming.message) : nullptr;
    EXPECT_NE(found, nullptr);
    return found != nullptr ? *found : Kind{};
}

template <typename Kind>
void expect_same(const Fields& fields, const Proto& proto) {
    SCOPED_TRACE(fields.front());
    const auto id = static_cast<std::uint32_t>(std::stoul(fields.front()));
    const auto text = fake::payload(fields);
    const auto binary = proto_payload(id, proto);
    EXPECT_TRUE(same(read<Kind>(text, 200), read<Kind>(binary, 225)));
}

Proto apple() {
    return Proto()
        .integer(1, 265598)
        .text(2, "AAPL")
        .text(3, "STK")
        .number(5, 0.0)
        .text(6, "?")
        .text(8, "SMART")
        .text(10, "USD")
        .text(11, "AAPL")
        .text(12, "NMS");
}

TEST(IbProtoMessages, OfTheSessionAreTheTextOnes) {
    expect_same<NextValidId>({"9", "1", "41"}, Proto().integer(1, 41));
    expect_same<OrderBound>({"100", "1370000001", "7", "12"},
                            Proto().integer(1, 1'370'000'001).integer(2, 7).integer(3, 12));
    expect_same<ManagedAccounts>({"15", "1", "DU1,DU2,"}, Proto().text(1, "DU1,DU2,"));
    expect_same<CurrentTime>({"49", "1", "1767623400"}, Proto().integer(1, 1767623400));
    expect_same<ErrorMessage>(
        {"4", "-1", "2104", "a\\u00e4b\nc", "", "1767623400123"},
        Proto().integer(1, -1).integer(2, 1767623400123).integer(3, 2104).text(4, "a\\u00e4b\nc"));
    expect_same<MarketDataType>({"58", "1", "9", "3"}, Proto().integer(1, 9).integer(2, 3));
}

TEST(IbProtoMessages, TicksAreTheTextOnes) {
    expect_same<TickMessage>(
        {"1", "6", "9", "1", "101.25", "300", "1"},
        Proto().integer(1, 9).integer(2, 1).number(3, 101.25).text(4, "300").integer(5, 1));
    expect_same<TickMessage>({"1", "6", "9", "1", "", "", "0"},
                             Proto().integer(1, 9).integer(2, 1).integer(5, 0));
    expect_same<TickMessage>({"2", "6", "9", "0", "0.5"},
                             Proto().integer(1, 9).integer(2, 0).text(3, "0.5"));
    expect_same<TickMessage>({"45", "6", "9", "49", "-1.5"},
                             Proto().integer(1, 9).integer(2, 49).number(3, -1.5));
}

TEST(IbProtoMessages, EndMarkersAreTheTextOnes) {
    expect_same<PositionEnd>({"62", "1"}, Proto());
    expect_same<OpenOrderEnd>({"53", "1"}, Proto());
    expect_same<CompletedOrdersEnd>({"102"}, Proto());
    expect_same<AccountSummaryEnd>({"64", "1", "5"}, Proto().integer(1, 5));
    expect_same<ExecutionDetailsEnd>({"55", "1", "5"}, Proto().integer(1, 5));
    expect_same<ContractDataEnd>({"52", "1", "5"}, Proto().integer(1, 5));
    expect_same<AccountUpdateEnd>({"74", "1", "5"}, Proto().integer(1, 5));
    expect_same<AccountPositionEnd>({"72", "1", "5"}, Proto().integer(1, 5));
    expect_same<HistoricalDataEnd>({"108", "5", "a", "b"},
                                   Proto().integer(1, 5).text(2, "a").text(3, "b"));
}

TEST(IbProtoMessages, AccountsAndPositionsAreTheTextOnes) {
    expect_same<AccountSummary>({"63", "1", "5", "DU1", "NetLiquidation", "1000.50", "USD"},
                                Proto()
                                    .integer(1, 5)
                                    .text(2, "DU1")
                                    .text(3, "NetLiquidation")
                                    .text(4, "1000.50")
                                    .text(5, "USD"));
    Fields position{"61", "3", "DU1"};
    fake::append(position, fake::apple());
    fake::append(position, {"-10.5", "180.123456789"});
    expect_same<PositionRow>(
        position,
        Proto().text(1, "DU1").message(2, apple()).text(3, "-10.5").number(4, 180.123456789));
    Fields multi{"71", "1", "5", "DU1"};
    fake::append(multi, fake::apple());
    fake::append(multi, {"10", "180.5", ""});
    expect_same<AccountPosition>(
        multi,
        Proto().integer(1, 5).text(2, "DU1").message(3, apple()).text(4, "10").number(5, 180.5));
    expect_same<AccountUpdate>(
        {"73", "1", "5", "DU1", "", "CashBalance", "1.5", "EUR"},
        Proto().integer(1, 5).text(2, "DU1").text(4, "CashBalance").text(5, "1.5").text(6, "EUR"));
    expect_same<ProfitAndLoss>({"94", "5", "1.25", fake::unset_price, "-3"},
                               Proto().integer(1, 5).number(2, 1.25).number(4, -3.0));
}

TEST(IbProtoMessages, AnOrderStatusIsTheTextOne) {
    expect_same<OrderStatus>(fake::order_status({}, "0", "10", "locate"), Proto()
                                                                              .integer(1, 41)
                                                                              .text(2, "Submitted")
                                                                              .text(3, "0")
                                                                              .text(4, "10")
                                                                              .number(5, 180.5)
                                                                              .integer(6, 900001)
                                                                              .integer(7, 0)
                                                                              .number(8, 180.5)
                                                                              .integer(9, 7)
                                                                              .text(10, "locate")
                                                                              .number(11, 0.0));
}

Proto order() {
    return Proto()
        .integer(1, 7)
        .integer(3, 900001)
        .integer(4, 0)
        .text(5, "BUY")
        .text(6, "10")
        .text(8, "LMT")
        .number(9, 180.5)
        .number(10, 0.0)
        .text(11, "DAY")
        .text(12, "DU1000001")
        .text(28, "ref00000000000000001");
}

TEST(IbProtoMessages, AnOpenOrderIsTheTextOne) {
    expect_same<OpenOrder>(fake::open_order({.reason = "a warning"}),
                           Proto()
                               .integer(1, 41)
                               .message(2, apple())
                               .message(3, order().text(41, "None").integer(120, 1))
                               .message(4, Proto().text(1, "Submitted").text(26, "a warning")));
}

TEST(IbProtoMessages, AWhatIfHasItsMarginsWhateverTheOrderOfTheFields) {
    auto fields = fake::open_order({.what_if = "1"});
    for (std::size_t i = 94; i <= 102; ++i) fields[i] = std::to_string(i) + ".5";
    fields[103] = "1.25";
    fields[106] = "USD";
    Proto state;
    for (unsigned i = 0; i < 9; ++i) state.number(2 + i, 94.5 + i);
    state.number(11, 1.25).text(14, "USD").text(1, "Submitted");
    const auto proto = Proto()
                           .message(4, state)
                           .message(3, order().integer(65, 1))
                           .message(2, apple())
                           .integer(1, 41);
    expect_same<OpenOrder>(fields, proto);
    const auto row = read<OpenOrder>(proto_payload(5, proto), 225).row;
    EXPECT_EQ(row.effect.maintenance.change, *Decimal::parse("98.5"));
    const auto plain = Proto().message(4, state).message(3, order()).message(2, apple());
    EXPECT_FALSE(read<OpenOrder>(proto_payload(5, plain), 225).row.effect.initial.before)
        << "figures say something of a what-if only";
}

TEST(IbProtoMessages, FieldsOfATrailAndAGroupAreRead) {
    const auto row = read<OpenOrder>(proto_payload(5, Proto().message(3, order()
                                                                             .number(22, 1.5)
                                                                             .number(23, 179.25)
                                                                             .text(26, "20260301")
                                                                             .text(27, "group")
                                                                             .integer(19, 1)
                                                                             .number(99, 0.5)
                                                                             .integer(135, 1))),
                                     219)
                         .row;
    EXPECT_EQ(row.trailing_percent, *Decimal::parse("1.5"));
    EXPECT_EQ(row.trail_stop_price, *Decimal::parse("179.25"));
    EXPECT_EQ(row.good_till_date, "20260301");
    EXPECT_EQ(row.oca_group, "group");
    EXPECT_TRUE(row.outside_regular_hours);
    EXPECT_EQ(row.limit_offset, *Decimal::parse("0.5"));
    EXPECT_TRUE(row.include_overnight);
}

TEST(IbProtoMessages, ACompletedOrderIsTheTextOne) {
    const auto order_without_client = Proto()
                                          .integer(3, 900001)
                                          .text(5, "BUY")
                                          .text(6, "10")
                                          .text(8, "LMT")
                                          .number(9, 180.5)
                                          .number(10, 0.0)
                                          .text(11, "DAY")
                                          .text(12, "DU1000001")
                                          .text(28, "ref00000000000000001")
                                          .text(115, "10");
    const auto state = Proto()
                           .text(1, "Filled")
                           .text(29, "20260105 10:00:00 US/Eastern")
                           .text(30, "Filled Size: 10");
    expect_same<CompletedOrder>(
        fake::completed_order({.status = "Filled"}),
        Proto().message(1, apple()).message(2, order_without_client).message(3, state));
}

Proto execution() {
    return Proto()
        .integer(1, 41)
        .text(2, "0001f4e8.65a1.01.01")
        .text(3, "20260105-15:30:00")
        .text(4, "DU1000001")
        .text(5, "NASDAQ")
        .text(6, "BOT");
}

TEST(IbProtoMessages, AnExecutionIsTheTextOne) {
    expect_same<ExecutionDetails>(fake::execution({}, {}),
                                  Proto()
                                      .integer(1, -1)
                                      .message(2, apple())
                                      .message(3, execution()
                                                      .text(7, "10")
                                                      .number(8, 180.5)
                                                      .integer(9, 900001)
                                                      .integer(10, 7)
                                                      .text(12, "10")
                                                      .text(14, "ref00000000000000001")
                                                      .text(20, "login")));
    expect_same<CommissionReport>(fake::commission("id"),
                                  Proto().text(1, "id").number(2, 1.25).text(3, "USD"));
}

TEST(IbProtoMessages, WhatTheBooksNeedMustBeThere) {
    const auto refused = [](std::uint32_t id, const Proto& body) {
        return !decode(proto_payload(id, body), 225).message;
    };
    const auto details = [](const Proto& inner) { return Proto().message(3, inner); };
    const auto whole = execution().text(7, "10").number(8, 1.5);
    EXPECT_FALSE(refused(11, details(whole)));
    EXPECT_TRUE(refused(11, Proto()));
    EXPECT_TRUE(refused(11, details(execution().text(7, "10")))) << "no price";
    EXPECT_TRUE(refused(11, details(execution().number(8, 1.5)))) << "no quantity";
    EXPECT_TRUE(refused(11, details(execution().text(7, "").number(8, 1.5)))) << "unset quantity";
    EXPECT_TRUE(refused(11, details(Proto(whole).text(6, "???")))) << "no side";
    EXPECT_TRUE(refused(11, details(Proto(whole).text(2, "")))) << "no id";
    EXPECT_TRUE(refused(61, Proto().text(1, "DU1").message(2, apple()))) << "no quantity";
    EXPECT_TRUE(refused(71, Proto().integer(1, 5)));
    EXPECT_TRUE(refused(10, Proto().integer(1, 5))) << "no conid";
    EXPECT_TRUE(refused(50, Proto().integer(1, 5).number(3, 1.0))) << "a bar without prices";
    EXPECT_TRUE(refused(5, Proto().text(3, "\x08"s))) << "cut off inside the order";
}

TEST(IbProtoMessages, AContractIsTheTextOne) {
    const auto text = fake::contract_data("5", fake::apple_option());
    const auto contract = Proto()
                              .integer(1, 700000001)
                              .text(2, "AAPL")
                              .text(3, "OPT")
                              .text(4, "20260320 16:00 US/Eastern")
                              .number(5, 150.0)
                              .text(6, "C")
                              .number(7, 100.0)
                              .text(8, "SMART")
                              .text(10, "USD")
                              .text(11, "AAPL  260320C00150000")
                              .text(12, "AAPL")
                              .text(21, "20260320");
    const auto data = read<ContractData>(fake::payload(text), 200);
    const auto proto = read<ContractData>(
        proto_payload(10, Proto()
                              .integer(1, 5)
                              .message(2, contract)
                              .message(3, Proto()
                                              .text(2, "0.01")
                                              .text(3, data.order_types)
                                              .text(4, data.valid_exchanges)
                                              .integer(5, data.price_magnifier)
                                              .text(7, "APPLE INC")
                                              .text(8, "202603")
                                              .text(12, data.time_zone)
                                              .text(13, data.trading_hours)
                                              .text(14, "of the regular session")
                                              .text(21, data.market_rules)
                                              .text(23, data.stock_type)
                                              .text(24, data.size_min->to_text())
                                              .text(25, data.size_increment->to_text()))),
        225);
    EXPECT_TRUE(same(data, proto));
    EXPECT_EQ(proto.contract.strike, Decimal::from_integer(150));
    EXPECT_EQ(proto.contract.multiplier, "100");
    const auto bond = decode(proto_payload(18, Proto().integer(1, 5).message(2, contract)), 225);
    EXPECT_TRUE(bond.message) << "bonds come in the same message";
}

TEST(IbProtoMessages, ThePlainDateOfAContractWinsWhicheverComesFirst) {
    const auto date_of = [](const Proto& contract) {
        return read<ContractData>(proto_payload(10, Proto().message(2, contract)), 225)
            .contract.last_trade_date;
    };
    EXPECT_EQ(date_of(Proto().integer(1, 5).text(4, "202603").text(21, "20260320")), "20260320");
    EXPECT_EQ(date_of(Proto().integer(1, 5).text(21, "20260320").text(4, "202603")), "20260320");
    EXPECT_EQ(date_of(Proto().integer(1, 5).text(4, "20260320 16:00 US/Eastern")), "20260320");
}

TEST(IbProtoMessages, BarsAndPriceGridsAreTheTextOnes) {
    expect_same<RealTimeBar>(
        {"50", "3", "5", "1767623400", "1.5", "2.5", "0.5", "2", "-1", "-1", "-1"},
        Proto()
            .integer(1, 5)
            .integer(2, 1767623400)
            .number(3, 1.5)
            .number(4, 2.5)
            .number(5, 0.5)
            .number(6, 2.0)
            .text(7, "-1")
            .text(8, "-1")
            .integer(9, -1));
    const auto bar = Proto()
                         .text(1, "20260105")
                         .number(2, 1.5)
                         .number(3, 2.5)
                         .number(4, 0.5)
                         .number(5, 2.0)
                         .text(6, "100")
                         .text(7, "1.75")
                         .integer(8, 12);
    expect_same<HistoricalData>(
        {"17", "5", "2", "20260105", "1.5", "2.5", "0.5", "2", "100", "1.75", "12", "20260105",
         "1.5", "2.5", "0.5", "2", "100", "1.75", "12"},
        Proto().integer(1, 5).message(2, bar).message(2, bar));
    expect_same<HeadTimestamp>({"88", "5", "1767623400"},
                               Proto().integer(1, 5).text(2, "1767623400"));
    expect_same<MarketRule>({"93", "26", "2", "0", "0.01", "100", "0.05"},
                            Proto()
                                .integer(1, 26)
                                .message(2, Proto().number(2, 0.01))
                                .message(2, Proto().number(1, 100.0).number(2, 0.05)));
}

TEST(IbProtoMessages, EveryRowSurvivesAnEmptyBodyAndOneThatIsNoMessage) {
    int rows = 0;
    for (std::uint32_t id = 0; id < 200; ++id) {
        if (find_message_row(id) == nullptr) continue;
        ++rows;
        EXPECT_EQ(decode(proto_payload(id), 213).surplus, 0U) << id;
        EXPECT_FALSE(decode(proto_payload(id, "\xff\xff"s), 213).message) << id;
        EXPECT_EQ(decode(proto_payload(id, Proto().integer(4000, 1)), 213).row->id, id);
    }
    EXPECT_GT(rows, 40);
}

}  // namespace
}  // namespace janus::ib::wire
