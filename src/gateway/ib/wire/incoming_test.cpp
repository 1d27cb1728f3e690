#include <gtest/gtest.h>

#include "gateway/ib/fake_contracts.hpp"
#include "gateway/ib/wire/decoders.hpp"
#include "gateway/ib/wire/incoming.hpp"

namespace janus::ib::wire {
namespace {

using fake::Fields;

Incoming decoded(const Fields& fields, int version = 200) {
    return decode(fake::payload(fields), version);
}

template <typename Kind>
Kind read(const Fields& fields, int version = 200) {
    const auto incoming = decoded(fields, version);
    EXPECT_TRUE(incoming.message) << (incoming.message ? "" : incoming.message.error().message);
    EXPECT_EQ(incoming.surplus, 0U);
    if (!incoming.message) return {};
    const auto* found = std::get_if<Kind>(&*incoming.message);
    EXPECT_NE(found, nullptr);
    return found != nullptr ? *found : Kind{};
}

// Payloads: protocol reference, sections 7, 8 and 16; the counts are those of real gateways.

TEST(IbIncoming, TickPriceOfTheReference) {
    const auto tick = read<TickMessage>({"1", "6", "9", "1", "101.25", "300", "1"});
    EXPECT_EQ(tick.kind, TickKind::Price);
    EXPECT_EQ(tick.request, 9);
    EXPECT_EQ(tick.type, 1);
    EXPECT_EQ(tick.value, *Decimal::parse("101.25"));
    EXPECT_EQ(tick.size, Decimal::from_integer(300));
}

TEST(IbIncoming, ShortMessages) {
    EXPECT_EQ(read<TickMessage>({"2", "6", "9", "0", "0.5"}).value, *Decimal::parse("0.5"));
    EXPECT_EQ(read<MarketDataType>({"58", "1", "9", "3"}).type, 3);
    EXPECT_EQ(read<NextValidId>({"9", "1", "41"}).number, 41);
    const auto bound = read<OrderBound>({"100", "1370000001", "0", "-3"});
    EXPECT_EQ(bound.permanent, 1'370'000'001);
    EXPECT_EQ(bound.client, 0);
    EXPECT_EQ(bound.order, -3);
    EXPECT_EQ(read<CurrentTime>({"49", "1", "1767623400"}).seconds, 1767623400);
    EXPECT_EQ(read<AccountSummaryEnd>({"64", "1", "5"}).request, 5);
    EXPECT_EQ(read<ExecutionDetailsEnd>({"55", "1", "5"}).request, 5);
    EXPECT_EQ(read<ContractDataEnd>({"52", "1", "5"}).request, 5);
    read<PositionEnd>({"62", "1"});
    read<OpenOrderEnd>({"53", "1"});
    read<CompletedOrdersEnd>({"102"});
}

TEST(IbIncoming, GenericAndTextTicks) {
    const auto generic = read<TickMessage>({"45", "6", "9", "49", "0.0"});
    EXPECT_EQ(generic.kind, TickKind::Generic);
    EXPECT_EQ(generic.type, 49);
    EXPECT_EQ(generic.value, Decimal{});
    const auto fields = fake::payload({"46", "6", "9", "45", "1767623400"});
    TickMessage text;
    ASSERT_TRUE(decode_tick(fields, 200, text));
    EXPECT_EQ(text.kind, TickKind::Text);
    EXPECT_EQ(text.request, 9);
    EXPECT_EQ(text.type, 45);
    EXPECT_EQ(text.text, "1767623400");
    EXPECT_EQ(text.text.data(), fields.data() + 10) << "it is read in place";
}

TEST(IbIncoming, InPlaceTicksAreExactlyTheirLayoutOrNoTicksAtAll) {
    const auto reads = [](const Fields& fields) {
        TickMessage tick;
        return decode_tick(fake::payload(fields), 200, tick);
    };
    EXPECT_TRUE(reads({"1", "6", "9", "1", "101.25", "300", "1"}));
    EXPECT_TRUE(reads({"1", "6", "9", "1", "", "2147483647", ""}));
    EXPECT_FALSE(reads({"1", "6", "9", "1", "101.25", "300"})) << "short";
    EXPECT_FALSE(reads({"1", "6", "9", "1", "101.25", "300", "1", "x"})) << "surplus";
    EXPECT_FALSE(reads({"1", "6", "9", "1", "1e99", "300", "1"})) << "absurd";
    EXPECT_FALSE(reads({"2", "6", "x", "1", "300"}));
    EXPECT_FALSE(reads({"58", "1", "9", "3"})) << "another message";
    EXPECT_FALSE(reads({"999", "1"})) << "an unknown one";
    EXPECT_FALSE(reads({""}));
    TickMessage tick;
    EXPECT_FALSE(decode_tick("", 200, tick));
    EXPECT_FALSE(decode_tick("2", 200, tick));
}

/// The plain way takes whole ticks only: cut anywhere, or longer by a field, they go the strict
/// way.
TEST(IbIncoming, APlainTickIsCutNowhere) {
    for (const auto& fields : std::vector<Fields>{
             {"1", "6", "1500000001", "1", "101.25", "300", "1"},
             {"1", "6", "1500000001", "68", "12345.67", "12345678", ""},
             {"2", "6", "1500000001", "8", "12345678"},
             {"45", "6", "1500000001", "49", "0"},
             {"46", "6", "1500000001", "45", "1767623400"}
    }) {
        const auto whole = fake::payload(fields);
        TickMessage tick;
        EXPECT_TRUE(decode_plain_tick(whole, tick)) << fields.front();
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const auto cut = std::make_unique<std::string>(whole.substr(0, size));
            EXPECT_FALSE(decode_plain_tick(*cut, tick)) << fields.front() << " at " << size;
        }
        for (const std::string more : {"", "0", "x"}) {
            auto longer = fields;
            longer.push_back(more);
            EXPECT_FALSE(decode_plain_tick(fake::payload(longer), tick)) << fields.front();
        }
    }
}

/// Odd spellings go the strict way; whichever way a tick goes, it is the same tick.
TEST(IbIncoming, BothWaysOfATickReadTheSame) {
    const std::vector<std::string> numbers{"0",
                                           "-1",
                                           "101.25",
                                           "0.00000001",
                                           "300.",
                                           ".5",
                                           "1e3",
                                           "",
                                           "NaN",
                                           "2147483647",
                                           "0012",
                                           "+5",
                                           "1.123456789",
                                           "92233720368",
                                           "99999999999",
                                           "12a",
                                           "-",
                                           "123456789012345678",
                                           "1234567890.12345678"};
    const std::vector<std::string> requests{"9", "1500000001", "15000000012345",       "-1",
                                            "",  "1e3",        "99999999999999999999", "12345678x"};
    for (const auto& request : requests)
        for (const auto& number : numbers)
            for (const auto& fields : std::vector<Fields>{
                     {"1", "6", request, "1", number, "300", "1"},
                     {"1", "6", request, "1", "101.25", number, ""},
                     {"1", "12", request, "1", "101.25", number, "1"},
                     {"2", "6", request, "8", number},
                     {"2", "6", request, number, "5"},
                     {"45", "6", request, "49", number},
                     {"46", "6", request, "45", number},
                     {"46", "6", request, "45", number, number}
            }) {
                TickMessage plain;
                const auto payload = fake::payload(fields);
                if (!decode_plain_tick(payload, plain)) continue;
                const auto incoming = decode(payload, 200);
                ASSERT_TRUE(incoming.message) << number << " " << request;
                EXPECT_EQ(incoming.surplus, 0U);
                const auto& strict = std::get<TickMessage>(*incoming.message);
                EXPECT_EQ(plain.kind, strict.kind);
                EXPECT_EQ(plain.request, strict.request) << request;
                EXPECT_EQ(plain.type, strict.type);
                EXPECT_EQ(plain.value, strict.value) << number;
                EXPECT_EQ(plain.size, strict.size) << number;
                EXPECT_EQ(plain.text, strict.text);
            }
    TickMessage tick;
    const auto price = fake::payload({"1", "6", "1500000001", "1", "101.25", "300", "1"});
    EXPECT_TRUE(decode_plain_tick(price, tick));
    EXPECT_EQ(tick.request, 1'500'000'001);
    EXPECT_TRUE(decode_plain_tick(fake::payload({"2", "6", "1500000001", "0", "0"}), tick));
    EXPECT_FALSE(tick.size) << "nothing stays from the tick before";
    EXPECT_FALSE(decode_plain_tick(fake::payload({"12", "6", "9", "1", "1", "1", "1"}), tick));
    EXPECT_FALSE(decode_plain_tick(fake::payload({"47", "6", "9", "1", "1"}), tick));
    EXPECT_FALSE(decode_plain_tick(fake::payload({"456", "6", "9", "1", "1"}), tick));
}

TEST(IbIncoming, ManagedAccountsMayEndWithAComma) {
    EXPECT_EQ(read<ManagedAccounts>({"15", "1", "DU1,DU2,"}).codes,
              (std::vector<std::string>{"DU1", "DU2"}));
    EXPECT_TRUE(read<ManagedAccounts>({"15", "1", ""}).codes.empty());
}

TEST(IbIncoming, ErrorLayoutsBeforeAndAfterItsTime) {
    for (const int version : {176, 193, 194, 200}) {
        const auto error =
            read<ErrorMessage>(fake::error(-1, 2104, "farm \\u00e9", version), version);
        EXPECT_EQ(error.id, -1) << version;
        EXPECT_EQ(error.code, 2104) << version;
        EXPECT_EQ(error.text, "farm \xC3\xA9") << version;
    }
}

TEST(IbIncoming, PositionAndSummary) {
    const auto row =
        read<PositionRow>(fake::position("DU1", fake::nasdaq_future(), "-2", "300000.5"));
    EXPECT_EQ(row.contract.conid, 620730920);
    EXPECT_EQ(row.contract.last_trade_date, "20260320");
    EXPECT_EQ(row.quantity, Decimal::from_integer(-2));
    EXPECT_EQ(row.average_cost, *Decimal::parse("300000.5"));
    const auto summary =
        read<AccountSummary>({"63", "1", "5", "DU1", "BuyingPower", "12.5", "USD"});
    EXPECT_EQ(summary.tag, "BuyingPower");
    EXPECT_EQ(summary.value, "12.5");
}

TEST(IbIncoming, APositionWithoutQuantityIsAFailureNotZero) {
    EXPECT_FALSE(decoded(fake::position("DU1", {}, "", "1")).message);
    EXPECT_FALSE(decoded(fake::position("DU1", {}, "2147483647", "1")).message);
    EXPECT_FALSE(read<PositionRow>(fake::position("DU1", {}, "1", fake::unset_price)).average_cost);
}

TEST(IbIncoming, OpenOrderCountsOfEveryServerVersion) {
    const std::vector<std::pair<int, std::size_t>> counts{
        {176, 136},
        {177, 135},
        {178, 135},
        {182, 135},
        {183, 136},
        {184, 137},
        {185, 138},
        {188, 138},
        {189, 139},
        {192, 139},
        {193, 141},
        {194, 141},
        {195, 154},
        {197, 154},
        {198, 155},
        {199, 156},
        {200, 156}
    };
    for (const auto& [version, count] : counts) {
        fake::OrderText text;
        text.reason = "a warning";
        const auto fields = fake::open_order(text, version);
        ASSERT_EQ(fields.size(), count) << version;
        const auto row = read<OpenOrder>(fields, version).row;
        EXPECT_EQ(row.order, 41) << version;
        EXPECT_EQ(row.contract.conid, 265598) << version;
        EXPECT_EQ(row.reference, "ref00000000000000001") << version;
        EXPECT_EQ(row.status, "Submitted") << version;
        EXPECT_EQ(row.reason, "a warning") << version;
        EXPECT_EQ(row.limit_price, *Decimal::parse("180.5")) << version;
        EXPECT_EQ(row.permanent, 900001) << version;
        EXPECT_EQ(row.client, 7) << version;
    }
}

TEST(IbIncoming, CompletedOrderCountsOfEveryServerVersion) {
    const std::vector<std::pair<int, std::size_t>> counts{
        {176, 101},
        {177, 100},
        {182, 100},
        {183, 101},
        {184, 102},
        {197, 102},
        {198, 103},
        {200, 103}
    };
    for (const auto& [version, count] : counts) {
        fake::OrderText text;
        text.status = "Filled";
        const auto fields = fake::completed_order(text, version);
        ASSERT_EQ(fields.size(), count) << version;
        const auto row = read<CompletedOrder>(fields, version).row;
        EXPECT_EQ(row.status, "Filled") << version;
        EXPECT_EQ(row.filled, Decimal::from_integer(10)) << version;
        EXPECT_EQ(row.reference, "ref00000000000000001") << version;
        EXPECT_EQ(row.reason, "Filled Size: 10") << version;
        EXPECT_EQ(row.completed_time, "20260105 10:00:00 US/Eastern") << version;
    }
}

/// Puts `more` behind the field at `index`.
Fields with(Fields fields, std::size_t index, const Fields& more) {
    fields.insert(fields.begin() + static_cast<std::ptrdiff_t>(index) + 1, more.begin(),
                  more.end());
    return fields;
}

TEST(IbIncoming, OptionalBlocksOfAnOpenOrderAreWalkedOver) {
    const auto plain = fake::open_order({});
    auto legs = with(plain, 78, Fields(16, "1"));
    legs[78] = "2";
    EXPECT_EQ(read<OpenOrder>(legs).row.status, "Submitted");
    auto scale = with(plain, 83, Fields(7, "0"));
    scale[83] = "0.05";
    EXPECT_EQ(read<OpenOrder>(scale).row.status, "Submitted");
    auto hedge = with(plain, 84, {"0.5"});
    hedge[84] = "B";
    EXPECT_EQ(read<OpenOrder>(hedge).row.status, "Submitted");
    auto delta = with(plain, 89, {"1", "0.5", "10"});
    delta[89] = "1";
    EXPECT_EQ(read<OpenOrder>(delta).row.status, "Submitted");
    auto algorithm = with(plain, 90, {"1", "adaptivePriority", "Normal"});
    algorithm[90] = "Adaptive";
    EXPECT_EQ(read<OpenOrder>(algorithm).row.status, "Submitted");
    auto allocations = with(plain, 119, Fields(7, "0"));
    allocations[119] = "1";
    EXPECT_EQ(read<OpenOrder>(allocations).row.status, "Submitted");
    auto bench = with(plain, 122, {"1", "0", "0.1", "0.2", "SMART"});
    bench[15] = "PEG BENCH";
    EXPECT_EQ(read<OpenOrder>(bench).row.type, "PEG BENCH");
    auto no_delta_type = plain;
    no_delta_type[61] = "";
    no_delta_type.erase(no_delta_type.begin() + 63, no_delta_type.begin() + 71);
    EXPECT_EQ(read<OpenOrder>(no_delta_type).row.status, "Submitted");
}

TEST(IbIncoming, EveryConditionKindIsWalkedOver) {
    const Fields all{"1",
                     "a",
                     "1",
                     "180",
                     "265598",
                     "SMART",
                     "0",
                     "3",
                     "a",
                     "1",
                     "20260105-15:00:00",
                     "4",
                     "a",
                     "1",
                     "30",
                     "5",
                     "a",
                     "STK",
                     "SMART",
                     "AAPL",
                     "6",
                     "a",
                     "1",
                     "100",
                     "265598",
                     "SMART",
                     "7",
                     "o",
                     "1",
                     "5",
                     "265598",
                     "SMART",
                     "0",
                     "1"};
    auto fields = with(fake::open_order({}), 123, all);
    fields[123] = "6";
    EXPECT_EQ(read<OpenOrder>(fields).row.status, "Submitted");
    fields[124] = "8";
    EXPECT_FALSE(decoded(fields).message) << "an unknown kind has an unknown length";
}

TEST(IbIncoming, ExecutionLayouts) {
    for (const auto& [version, count] : {
             std::pair{176, 31},
             {178, 32},
             {197, 32},
             {198, 33}
    }) {
        const auto fields = fake::execution({}, {}, version);
        ASSERT_EQ(fields.size(), static_cast<std::size_t>(count)) << version;
        const auto details = read<ExecutionDetails>(fields, version);
        EXPECT_EQ(details.execution, "0001f4e8.65a1.01.01");
        EXPECT_EQ(details.account, "DU1000001");
        EXPECT_EQ(details.quantity, Decimal::from_integer(10));
        EXPECT_EQ(details.price, *Decimal::parse("180.5"));
        EXPECT_EQ(details.reference, "ref00000000000000001");
        EXPECT_EQ(details.permanent, 900001);
        EXPECT_EQ(details.client, 7);
    }
}

TEST(IbIncoming, ExecutionsAreStrict) {
    fake::ExecutionText side;
    side.side = "XXX";
    EXPECT_FALSE(decoded(fake::execution({}, side)).message);
    for (const auto& sentinel :
         {std::string("2147483647"), fake::unset_price, std::string("NaN")}) {
        fake::ExecutionText quantity;
        quantity.quantity = sentinel;
        EXPECT_FALSE(decoded(fake::execution({}, quantity)).message) << sentinel;
        fake::ExecutionText price;
        price.price = sentinel;
        EXPECT_FALSE(decoded(fake::execution({}, price)).message) << sentinel;
    }
    fake::ExecutionText anonymous;
    anonymous.id = "";
    EXPECT_FALSE(decoded(fake::execution({}, anonymous)).message);
}

TEST(IbIncoming, CommissionMayBeUnset) {
    EXPECT_EQ(read<CommissionReport>(fake::commission("a.1")).amount, *Decimal::parse("1.25"));
    EXPECT_FALSE(read<CommissionReport>(fake::commission("a.1", fake::unset_price)).amount);
}

TEST(IbIncoming, OrderStatus) {
    const auto status = read<OrderStatus>(fake::order_status({}, "3", "7", "locate"));
    EXPECT_EQ(status.order, 41);
    EXPECT_EQ(status.filled, Decimal::from_integer(3));
    EXPECT_EQ(status.remaining, Decimal::from_integer(7));
    EXPECT_EQ(status.permanent, 900001);
    EXPECT_EQ(status.client, 7);
    EXPECT_EQ(status.why_held, "locate");
}

TEST(IbIncoming, ContractDataCountsOfEveryServerVersion) {
    for (const auto& [version, count] : {
             std::pair{176, 42},
             {181, 42},
             {182, 43},
             {186, 44},
             {200, 44}
    }) {
        const auto fields = fake::contract_data("5", {}, version);
        ASSERT_EQ(fields.size(), static_cast<std::size_t>(count)) << version;
        const auto data = read<ContractData>(fields, version);
        EXPECT_EQ(data.contract.conid, 265598) << version;
        EXPECT_EQ(data.contract.primary_exchange, "NASDAQ") << version;
        EXPECT_EQ(data.long_name, "APPLE INC") << version;
        EXPECT_EQ(data.tick_min, *Decimal::parse("0.01")) << version;
        EXPECT_EQ(data.size_increment, *Decimal::parse("0.0001")) << version;
        EXPECT_EQ(data.stock_type, "COMMON") << version;
    }
    fake::ContractText fund;
    fund.type = "FUND";
    read<ContractData>(fake::contract_data("5", fund, 200), 200);
    read<ContractData>(fake::contract_data("5", fund, 178), 178);
}

TEST(IbIncoming, ATradeDateWithTimeAndZoneKeepsItsDate) {
    auto fields = fake::contract_data("5", fake::nasdaq_future(), 176);
    fields[4] = "20260320 08:30 US/Central";
    const auto data = read<ContractData>(fields, 176);
    EXPECT_EQ(data.contract.last_trade_date, "20260320");
    EXPECT_EQ(data.contract_month, "202603");
}

TEST(IbIncoming, BondContractData) {
    for (const int version : {176, 188, 200}) {
        Fields fields{"18",  "5",     "IBM", "BOND", "459200", "0",   "20300101",
                      "",    "",      "",    "",     "0",      "0",   "0",
                      "",    "SMART", "USD", "",     "IBM",    "333", "0.001",
                      "LMT", "SMART", "",    "",     "",       "",    "IBM 3 1/2"};
        if (version >= 188) fake::append(fields, {"US/Eastern", "", ""});
        fake::append(fields, {"", "", "1", "CUSIP", "459200", "1", "26", "1", "1", "1"});
        const auto data = read<ContractData>(fields, version);
        EXPECT_EQ(data.contract.conid, 333) << version;
        EXPECT_EQ(data.contract.security_type, "BOND") << version;
        EXPECT_EQ(data.long_name, "IBM 3 1/2") << version;
    }
}

TEST(IbIncoming, UnknownIdsAreToldApartFromUnreadableOnes) {
    const auto unknown = decoded({"9999", "x", "y"});
    EXPECT_TRUE(unknown.message);
    EXPECT_EQ(unknown.row, nullptr);
    EXPECT_EQ(unknown.id, 9999);
    const auto garbage = decoded({"abc"});
    EXPECT_FALSE(garbage.message);
    EXPECT_FALSE(decode("9", 200).message) << "no NUL at the end";
}

TEST(IbIncoming, KnownButUnusedMessagesAreReadToTheEnd) {
    for (const auto* id : {"6", "7", "8", "14", "21", "47", "54", "56", "57", "81", "91", "109"}) {
        const auto incoming = decoded({id, "6", "9", "x", "y", "z"});
        EXPECT_NE(incoming.row, nullptr) << id;
        EXPECT_TRUE(incoming.message) << id;
        EXPECT_EQ(incoming.surplus, 0U) << id;
    }
}

struct Sample {
    std::string name;
    Fields fields;
};

std::vector<Sample> samples() {
    return {
        {"tick price", {"1", "6", "9", "1", "101.25", "300", "1"}},
        {"tick size", {"2", "6", "9", "0", "5"}},
        {"tick generic", {"45", "6", "9", "49", "0.0"}},
        {"tick text", {"46", "6", "9", "45", "1767623400"}},
        {"order status", fake::order_status({}, "0", "10")},
        {"error", fake::error(41, 201, "no")},
        {"open order", fake::open_order({})},
        {"next id", {"9", "1", "41"}},
        {"contract", fake::contract_data("5", {})},
        {"execution", fake::execution({}, {})},
        {"accounts", {"15", "1", "DU1"}},
        {"time", {"49", "1", "5"}},
        {"contract end", fake::contract_end("5")},
        {"commission", fake::commission("a.1")},
        {"position", fake::position("DU1", {}, "1", "2")},
        {"summary", {"63", "1", "5", "DU1", "a", "b", "USD"}},
        {"completed", fake::completed_order({})}
    };
}

TEST(IbIncoming, OneFieldLessIsAFailureAndTenMoreAreCounted) {
    for (const auto& sample : samples()) {
        auto fewer = sample.fields;
        fewer.pop_back();
        EXPECT_FALSE(decoded(fewer).message) << sample.name;
        auto more = sample.fields;
        fake::append(more, Fields(10, "x"));
        const auto incoming = decoded(more);
        EXPECT_TRUE(incoming.message) << sample.name;
        EXPECT_EQ(incoming.surplus, 10U) << sample.name;
    }
}

TEST(IbIncoming, EveryCutOfEveryMessageIsAFailureAndNeverMore) {
    for (const auto& sample : samples()) {
        const auto whole = fake::payload(sample.fields);
        for (std::size_t size = 0; size < whole.size(); ++size)
            EXPECT_FALSE(decode(std::string_view(whole).substr(0, size), 200).message)
                << sample.name << " cut at " << size;
    }
}

}  // namespace
}  // namespace janus::ib::wire
