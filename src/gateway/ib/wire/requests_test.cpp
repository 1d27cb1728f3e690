#include <gtest/gtest.h>

#include "gateway/ib/fake_messages.hpp"
#include "gateway/ib/wire/error_codes.hpp"
#include "gateway/ib/wire/place_order.hpp"
#include "gateway/ib/wire/requests.hpp"
#include "gateway/ib/wire/tick_types.hpp"
#include "gateway/ib/wire/words.hpp"

namespace janus::ib::wire {
namespace {

using fake::Fields;

void expect_frame(const Result<std::string>& frame, const Fields& fields) {
    ASSERT_TRUE(frame);
    EXPECT_EQ(*frame, fake::frame(fields));
}

TEST(IbRequests, AreTheDocumentedBytes) {
    EXPECT_EQ(*start_api(200, 7), std::string("\0\0\0\x08"
                                              "71\0002\0007\0\0",
                                              12));
    EXPECT_EQ(*cancel_order(176, 41), std::string("\0\0\0\x08"
                                                  "4\0001\00041\0\0",
                                                  12));
    expect_frame(cancel_order(200, 41), {"4", "41", "", "", "2147483647"});
}

TEST(IbRequests, CancelOrderFollowsItsGates) {
    expect_frame(cancel_order(186, 41), {"4", "1", "41", ""});
    for (const int version : {187, 189})
        expect_frame(cancel_order(version, 41), {"4", "1", "41", "", "", "", "2147483647"});
    for (const int version : {190, 191})
        expect_frame(cancel_order(version, 41), {"4", "1", "41", ""});
    expect_frame(cancel_order(192, 41), {"4", "41", "", "", "2147483647"});
}

TEST(IbRequests, ExecutionsNameTheirDaysFrom200On) {
    expect_frame(request_executions(199, 5), {"7", "3", "5", "0", "", "", "", "", "", ""});
    expect_frame(request_executions(200, 5),
                 {"7", "3", "5", "0", "", "", "", "", "", "", "2147483647", "0"});
}

TEST(IbRequests, ShortOnes) {
    expect_frame(request_current_time(200), {"49", "1"});
    expect_frame(request_market_data_type(200, 3), {"59", "1", "3"});
    expect_frame(request_auto_open_orders(200), {"15", "1", "1"});
    expect_frame(request_positions(200), {"61", "1"});
    expect_frame(cancel_positions(200), {"64", "1"});
    expect_frame(request_account_summary(200, 5, "A,B"), {"62", "1", "5", "All", "A,B"});
    expect_frame(cancel_account_summary(200, 5), {"63", "1", "5"});
    expect_frame(request_open_orders(200), {"5", "1"});
    expect_frame(request_all_open_orders(200), {"16", "1"});
    expect_frame(request_completed_orders(200), {"99", "0"});
    expect_frame(cancel_market_data(200, 5), {"2", "2", "5"});
}

TEST(IbRequests, ContractAndMarketDataCarryTheTwelveContractFields) {
    Contract contract;
    contract.conid = 265598;
    contract.exchange = "SMART";
    expect_frame(request_contract_details(200, 5, contract),
                 {"9", "8", "5", "265598", "", "", "", "0.0", "", "", "SMART", "", "", "", "", "0",
                  "", "", ""});
    expect_frame(request_market_data(200, 5, contract),
                 {"1",     "11", "5", "265598", "", "",  "", "0.0", "",  "",
                  "SMART", "",   "",  "",       "", "0", "", "0",   "0", ""});
}

PlaceOrderRequest sample() {
    PlaceOrderRequest request;
    request.order = 41;
    request.contract.conid = 111222;
    request.contract.symbol = "ABCD";
    request.contract.security_type = "STK";
    request.contract.exchange = "SMART";
    request.contract.currency = "USD";
    request.action = "BUY";
    request.quantity = Decimal::from_integer(10);
    request.type = "LMT";
    request.limit_price = *Decimal::parse("180.5");
    request.time_in_force = "DAY";
    request.account = "DU0000001";
    request.reference = "ref-1";
    return request;
}

Fields fields_of(const std::string& frame) {
    Fields out;
    for (std::size_t at = 4; at < frame.size();) {
        const auto end = frame.find('\0', at);
        out.push_back(frame.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

// Protocol reference, section 16: placeOrder at 200.
TEST(IbPlaceOrder, IsTheDocumentedMessageAt200) {
    const std::string text =
        "3, 41, 111222, ABCD, STK, _, 0.0, _, _, SMART, _, USD, _, _, _, _, BUY, 10, LMT, 180.5, "
        "_, DAY, "
        "_, DU0000001, _, 0, ref-1, 1, 0, 0, 0, 0, 0, 0, 0, _, 0, _, _, _, _, _, _, 0, _, -1, 0, "
        "_, _, 0, "
        "_, _, 0, 0, _, 0, _, _, _, _, _, 0, _, _, _, _, 0, _, _, _, _, _, _, _, _, _, _, 0, _, _, "
        "0, 0, "
        "_, _, 0, _, 0, 0, 0, 0, _, _, _, _, _, _, 0, _, _, _, _, _, _, _, _, 0, 0, 0, _, _, _, 0, "
        "_, _, "
        "_, 0, 0, 2147483647, 0";
    Fields expected;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(", ", at), text.size());
        const auto field = text.substr(at, end - at);
        expected.push_back(field == "_" ? "" : field);
        at = end + 2;
    }
    ASSERT_EQ(expected.size(), 119U);
    EXPECT_EQ(fields_of(*place_order(200, sample())), expected);
}

TEST(IbPlaceOrder, HasTheDocumentedNumberOfFieldsAtEveryVersion) {
    for (const auto& [version, count] : {
             std::pair{176, 115},
             {177, 114},
             {178, 114},
             {182, 114},
             {183, 115},
             {184, 116},
             {186, 116},
             {187, 118},
             {188, 118},
             {189, 119},
             {190, 117},
             {191, 117},
             {192, 118},
             {193, 118},
             {198, 118},
             {199, 119},
             {200, 119}
    }) {
        const auto expected = static_cast<std::size_t>(count);
        EXPECT_EQ(place_order_field_count(version), expected) << version;
        EXPECT_EQ(fields_of(*place_order(version, sample())).size(), expected) << version;
    }
}

TEST(IbPlaceOrder, FieldsStandWhereTheirVersionPutsThem) {
    for (const int version : {176, 183, 187, 190, 200}) {
        const auto fields = fields_of(*place_order(version, sample()));
        EXPECT_EQ(fields[17], "10") << version;
        EXPECT_EQ(fields[19], "180.5") << version;
        EXPECT_EQ(fields[23], "DU0000001") << version;
        EXPECT_EQ(fields[26], "ref-1") << version;
        EXPECT_EQ(fields[27], "1") << version;
        // The exempt code moves by the adviser's profile that ended with 177.
        EXPECT_EQ(fields[version < 177 ? 46 : 45], "-1") << version;
    }
    EXPECT_EQ(fields_of(*place_order(187, sample())).back(), "2147483647");
    EXPECT_EQ(fields_of(*place_order(190, sample())).back(), "0");
}

TEST(IbPlaceOrder, PricesFollowTheType) {
    auto request = sample();
    request.type = to_word(OrderType::StopLimit);
    request.auxiliary_price = *Decimal::parse("179");
    request.outside_regular_hours = true;
    const auto fields = fields_of(*place_order(200, request));
    EXPECT_EQ(fields[18], "STP LMT");
    EXPECT_EQ(fields[19], "180.5");
    EXPECT_EQ(fields[20], "179");
    EXPECT_EQ(fields[33], "1");
    request.type = to_word(OrderType::Market);
    request.limit_price.reset();
    request.auxiliary_price.reset();
    const auto market = fields_of(*place_order(200, request));
    EXPECT_EQ(market[19], "");
    EXPECT_EQ(market[20], "");
}

TEST(IbPlaceOrder, ATextThatWouldAddFieldsIsRefused) {
    auto request = sample();
    request.contract.symbol = std::string("AAPL\0BUY\0001000000", 16);
    EXPECT_FALSE(place_order(200, request));
    request = sample();
    request.reference = "a\nb";
    EXPECT_FALSE(place_order(200, request));
    request = sample();
    request.account = std::string(10'000, 'D');
    EXPECT_FALSE(place_order(200, request));
}

TEST(IbTicks, TypesMapToFieldsAndDelayedOnesToTheSame) {
    EXPECT_EQ(find_tick_row(1)->field, TickField::Bid);
    EXPECT_EQ(find_tick_row(1)->size, TickField::BidSize);
    EXPECT_EQ(find_tick_row(66)->field, TickField::Bid);
    EXPECT_TRUE(find_tick_row(66)->delayed);
    EXPECT_EQ(find_tick_row(76)->field, TickField::Open);
    EXPECT_EQ(find_tick_row(37)->field, TickField::Mark);
    EXPECT_EQ(find_tick_row(88)->field, TickField::LastTime);
    EXPECT_EQ(find_tick_row(84), nullptr);
    EXPECT_EQ(find_tick_row(-1), nullptr);
}

}  // namespace
}  // namespace janus::ib::wire
