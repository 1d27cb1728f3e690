#include <gtest/gtest.h>

#include "gateway/webull/wire/account_rows.hpp"
#include "gateway/webull/wire/crypto.hpp"
#include "gateway/webull/wire/order_row.hpp"
#include "gateway/webull/wire/paths.hpp"
#include "gateway/webull/wire/words.hpp"

// Bodies are the invented examples of the reference, sections 4 to 6.
namespace janus::webull::wire {
namespace {

using gateway::BrokerStatus;

constexpr auto order_json =
    R"({"client_order_id":"jns000000000000000042","order_id":"0RDQ","symbol":"MSFT","side":"BUY",)"
    R"("order_type":"STOP_LOSS_LIMIT","instrument_type":"EQUITY","entrust_type":"QTY",)"
    R"("time_in_force":"GTC","support_trading_session":"CORE","combo_type":"NORMAL",)"
    R"("status":"PARTIAL_FILLED","total_quantity":"7","filled_quantity":"3",)"
    R"("filled_price":"401.20","limit_price":"401.25","stop_price":400,)"
    R"("place_time_at":"2026-03-09T14:30:05.412Z","commission":{},"new_member":[1]})";

constexpr auto event_json =
    R"({"request_id":"0RDQ","account_id":"JNS7QK20ACC0001","order_id":"0RDQ",)"
    R"("client_order_id":"jns000000000000000042","instrument_id":"913303964",)"
    R"("order_status":"PARTIAL_FILLED","symbol":"MSFT","short_name":"Microsoft",)"
    R"("qty":"7.0000000000","filled_price":"401.2000000000","filled_qty":"3.0000000000",)"
    R"("filled_time":"2026-03-09T14:30:06.120+0000","side":"BUY","scene_type":"FILLED",)"
    R"("category":"US_STOCK","order_type":"STOP_LOSS_LIMIT"})";

Result<OrderRow> order_of(std::string_view text) {
    const auto body = Json::parse(text);
    return body ? decode_order(*body) : std::unexpected(body.error());
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(WebullOrderRow, RestAndEventMapToTheSameReport) {
    const auto rest = to_report(order_of(order_json).value(), AccountName{"w"});
    const auto event = to_report(decode_order_event(event_json).value(), AccountName{"w"});
    for (const auto& report : {rest, event}) {
        EXPECT_EQ(report.client_order_id.value, "jns000000000000000042");
        EXPECT_EQ(report.ref.permanent, "0RDQ");
        EXPECT_EQ(report.status, BrokerStatus::Working);
        EXPECT_EQ(report.type, OrderType::StopLimit);
        EXPECT_EQ(report.side, Side::Buy);
        EXPECT_EQ(report.quantity->value, Decimal::from_integer(7));
        EXPECT_EQ(report.filled->value, Decimal::from_integer(3));
        EXPECT_EQ(report.average_price->value.to_text(), "401.2");
        EXPECT_EQ(report.fill_source, gateway::FillSource::Cumulative);
        EXPECT_EQ(report.instrument.native_id.value, "MSFT");
        EXPECT_EQ(report.instrument.symbol->text(), "MSFT");
    }
    EXPECT_EQ(rest.limit_price->value.to_text(), "401.25");
    EXPECT_EQ(rest.stop_price->value.to_text(), "400");
    EXPECT_EQ(rest.time_in_force, TimeInForce::GoodTillCancel);
    EXPECT_EQ(to_iso_text(*event.at), "2026-03-09T14:30:06.120Z");
}

TEST(WebullOrderRow, NothingFilledIsWrittenWithAnExponent) {
    auto text = replaced(event_json, "401.2000000000", "0E-10");
    text = replaced(text, "3.0000000000", "0E-10");
    const auto report = to_report(decode_order_event(text).value(), AccountName{"w"});
    EXPECT_TRUE(report.filled->value.is_zero());
    EXPECT_FALSE(report.average_price.has_value());
}

TEST(WebullOrderRow, UnknownStatusIsUnmappedAndKeepsItsWord) {
    const auto report = to_report(
        order_of(replaced(order_json, "PARTIAL_FILLED", "PONDERING")).value(), AccountName{"w"});
    EXPECT_EQ(report.status, BrokerStatus::Unmapped);
    EXPECT_EQ(report.reason, "PONDERING");
}

TEST(WebullOrderRow, UnknownTypeIsKeptAsText) {
    const auto report =
        to_report(order_of(replaced(order_json, "STOP_LOSS_LIMIT", "MARKET_ON_OPEN")).value(),
                  AccountName{"w"});
    EXPECT_FALSE(report.type.has_value());
    EXPECT_EQ(report.type_text, "MARKET_ON_OPEN");
}

TEST(WebullOrderRow, ATrailIsReadAsAnAmountOrInPerCent) {
    const auto trailing = [](std::string_view trail) {
        return order_of(replaced(order_json, R"("total_quantity":"7")",
                                 fmt::format(R"("total_quantity":"7",{})", trail)));
    };
    const auto amount = to_report(
        trailing(R"("trailing_type":"AMOUNT","trailing_stop_step":"0.75")").value(), {"w"});
    EXPECT_EQ(amount.trail_amount->value.to_text(), "0.75");
    EXPECT_FALSE(amount.trail_percent.has_value());
    const auto percent = to_report(
        trailing(R"("trailing_type":"PERCENTAGE","trailing_stop_step":"0.025")").value(), {"w"});
    EXPECT_EQ(percent.trail_percent->to_text(), "2.5");
    EXPECT_FALSE(trailing(R"("trailing_type":"STEPS","trailing_stop_step":"1")").has_value());
}

TEST(WebullOrderRow, WhatMattersIsStrict) {
    for (const auto& text : {
             replaced(order_json, R"("total_quantity":"7")", R"("total_quantity":"seven")"),
             replaced(order_json, R"("total_quantity":"7")", R"("total_quantity":null)"),
             replaced(order_json, R"("total_quantity":"7")", R"("total_quantity":{})"),
             replaced(order_json, R"("total_quantity":"7")", R"("total_quantity":"-7")"),
             replaced(order_json, R"("filled_quantity":"3")", R"("filled_quantity":"3.123456789")"),
             replaced(order_json, R"("filled_quantity":"3")", R"("filled_quantity":"-3")"),
             replaced(order_json, R"("status":"PARTIAL_FILLED")", R"("status":"")"),
             replaced(order_json, R"("side":"BUY",)", ""),
             replaced(order_json, "2026-03-09T14", "yesterday"),
             replaced(replaced(order_json, R"("status":"PARTIAL_FILLED")", R"("status":"FILLED")"),
                      R"("filled_quantity":"3",)", ""),
             std::string("[]"),
         })
        EXPECT_FALSE(order_of(text).has_value()) << text;
    EXPECT_TRUE(order_of(replaced(order_json, R"("total_quantity":"7")", R"("quantity":"7E0")"))
                    .has_value());
}

TEST(WebullOrderRow, EveryTruncationOfAnEventIsRefused) {
    const std::string text = event_json;
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_FALSE(decode_order_event(text.substr(0, size)).has_value()) << size;
}

TEST(WebullInstrument, OptionIsNamedByItsOnlyLeg) {
    const auto legs =
        Json::parse(R"([{"symbol":"AAPL","option_type":"CALL","option_expire_date":"2026-03-20",)"
                    R"("option_exercise_price":"152.50","option_contract_multiplier":"100"}])");
    const auto option = instrument_of("OPTION", "AAPL", "77", "USD", &*legs);
    EXPECT_EQ(option.symbol->text(), "AAPL.260320.C.152.5");
    EXPECT_EQ(option.native_id.value, "77");
    EXPECT_EQ(option.multiplier, Decimal::from_integer(100));
    EXPECT_FALSE(instrument_of("OPTION", "AAPL", "77", "USD", nullptr).symbol.has_value());
    EXPECT_EQ(instrument_of("EVENT", "X", "", "USD", nullptr).asset_class, AssetClass::Other);
    EXPECT_EQ(instrument_of("EQUITY", "BRK B", "", "USD", nullptr).symbol->text(), "BRK.B");
    EXPECT_EQ(instrument_of("EQUITY", "BRK B", "", "USD", nullptr).native_id.value, "BRK B");
}

TEST(WebullPage, BareAndWrappedListsAreReadAndAnythingElseIsNot) {
    const auto bare = Json::parse("[1,2]");
    EXPECT_EQ(decode_page(*bare)->rows.size(), 2U);
    EXPECT_EQ(decode_page(*bare)->next_key, "");
    const auto wrapped = Json::parse(R"({"data":[1],"pagination_key":"k"})");
    EXPECT_EQ(decode_page(*wrapped)->next_key, "k");
    for (const auto* text : {"{}", "null", "\"\"", R"({"data":null})", R"({"data":{}})"}) {
        const auto body = Json::parse(text);
        EXPECT_FALSE(decode_page(*body).has_value()) << text;
    }
}

TEST(WebullBalance, EveryCurrencyIsReadAndAnEmptyBodyIsNoBalance) {
    const auto body = Json::parse(
        R"({"total_asset_currency":"USD","total_net_liquidation_value":"51230.44",)"
        R"("total_cash_balance":"20110.04","account_currency_assets":[{"currency":"USD",)"
        R"("cash_balance":"20110.04","buying_power":"40220.08",)"
        R"("net_liquidation_value":"51230.44"},)"
        R"({"currency":"HKD","cash_balance":"1"}]})");
    const auto balances = decode_balances(*body, AccountName{"w"}, {});
    ASSERT_EQ(balances->size(), 2U);
    EXPECT_EQ(balances->at(0).buying_power->value.to_text(), "40220.08");
    EXPECT_EQ(balances->at(1).currency, "HKD");
    EXPECT_FALSE(balances->at(1).net_liquidation.has_value());
    const auto totals = Json::parse(R"({"total_asset_currency":"USD","total_cash_balance":"5"})");
    EXPECT_EQ(decode_balances(*totals, AccountName{"w"}, {})->at(0).cash->value.to_text(), "5");
    for (const auto* text :
         {"{}", "[]", R"({"account_currency_assets":[{}]})", R"({"account_currency_assets":{}})"}) {
        const auto empty = Json::parse(text);
        EXPECT_FALSE(decode_balances(*empty, AccountName{"w"}, {}).has_value()) << text;
    }
}

TEST(WebullPosition, ShortIsNegativeAndMissingQuantityIsAnError) {
    const std::string text = R"({"symbol":"F","instrument_type":"EQUITY","quantity":"-3.5",)"
                             R"("cost_price":"10.1234567891",)"
                             R"("currency":"USD"})";
    const auto body = Json::parse(text);
    const auto position = decode_position(*body, AccountName{"w"}, {});
    EXPECT_EQ(position->quantity.value.to_text(), "-3.5");
    EXPECT_EQ(position->average_cost->value.to_text(), "10.12345679");
    const auto broken = Json::parse(replaced(text, R"("-3.5")", R"("")"));
    EXPECT_FALSE(decode_position(*broken, AccountName{"w"}, {}).has_value());
}

TEST(WebullToken, TokenIsReadStrictly) {
    const auto token = [](std::string_view text) {
        const auto body = Json::parse(text);
        return decode_token(*body);
    };
    const auto good = token(R"({"token":"b3f1","expires":1774358400000,"status":"NORMAL"})");
    EXPECT_EQ(good->status, TokenStatus::Normal);
    EXPECT_EQ(good->expires.milliseconds(), 1774358400000);
    EXPECT_EQ(token(R"({"token":"b","expires_at":1774358400000,"status":0})")->status,
              TokenStatus::Pending);
    for (const auto* text :
         {R"({"token":"","expires":1,"status":"NORMAL"})", R"({"expires":1,"status":"NORMAL"})",
          R"({"token":"b","expires":0,"status":"NORMAL"})",
          R"({"token":"b","expires":99999999999999999,"status":"NORMAL"})",
          R"({"token":"b","expires":1,"status":"FINE"})", "{}", "[]"})
        EXPECT_FALSE(token(text).has_value()) << text;
}

TEST(WebullErrors, CodesMatchByTheirEnd) {
    EXPECT_EQ(find_error("OAUTH_OPENAPI_TRADE_PLACE_ORDER_REPEAT")->place, PlaceVerdict::Repeat);
    EXPECT_EQ(find_error("OPENAPI_PARAM_ERR")->place, PlaceVerdict::Refused);
    EXPECT_EQ(find_error("PARAM_ERR")->place, PlaceVerdict::Refused);
    EXPECT_EQ(find_error("OPENAPI_SYSTEM_ERROR")->place, PlaceVerdict::Uncertain);
    EXPECT_EQ(find_error("X_NO_NIGHT_TRADING_TIME")->ending, "NO_NIGHT_TRADING_TIME");
    EXPECT_EQ(find_error("OAUTH_OPENAPI_INVALID_TOKEN")->concerns, Concerns::Key);
    EXPECT_EQ(find_error("OPENAPI_BRAND_NEW"), nullptr);
    EXPECT_EQ(find_error("XPARAM_ERR"), nullptr);
    EXPECT_EQ(find_error(""), nullptr);
}

TEST(WebullErrors, BodiesOfEveryShapeAreRead) {
    EXPECT_EQ(decode_error(R"({"error_code":"A","message":"B"})").message, "B");
    EXPECT_EQ(decode_error(R"({"error_msg":"Route Not Found"})").message, "Route Not Found");
    EXPECT_EQ(
        decode_error(R"({"timestamp":"t","status":404,"error":"Not Found","path":"p"})").message,
        "Not Found");
    EXPECT_EQ(decode_error("<html>").code, "");
    EXPECT_EQ(decode_error("[]").code, "");
}

TEST(WebullErrors, ASignatureThatTheServerShowsIsNotPassedOn) {
    const auto message_of = [](const std::string& message) {
        return decode_error(R"({"error_code":"SIGN_ERR","message":")" + message + R"("})").message;
    };
    EXPECT_EQ(message_of("expected VY9E8YB4q+xGv0jeowSa5EM/w9oElPSjT+SDDjE3Org= but"),
              "expected *** but");
    EXPECT_EQ(message_of("sign=" + base64(std::string(20, 'x')) + ", wrong"), "sign=***, wrong");
    EXPECT_EQ(message_of("qty=10 of ABC="), "qty=10 of ABC=");
}

TEST(WebullErrors, ALongMessageIsCutBetweenWordsSoThatNoHalfOfASecretStays) {
    const std::string words(295, 'x');
    const auto cut_text =
        decode_error(R"({"message":")" + words + R"( canary-app-key and more"})").message;
    EXPECT_EQ(cut_text, words + "...");
    EXPECT_EQ(decode_error(R"({"message":")" + std::string(400, 'x') + R"("})").message, "...");
}

TEST(WebullMasking, OnlyThreeAndTwoCharactersStay) {
    EXPECT_EQ(masked("JNS7QK20ACC0001"), "JNS...01");
    EXPECT_EQ(masked("SHORT12"), "***");
}

TEST(WebullPaths, GenerationsDiffer) {
    EXPECT_EQ(path_of(Call::AccountList, Generation::G3), "/openapi/account/list");
    EXPECT_EQ(path_of(Call::AccountList, Generation::G4), "/trading/accounts/list");
    EXPECT_EQ(path_of(Call::Place, Generation::G3), "/openapi/trade/order/place");
    EXPECT_EQ(path_of(Call::Detail, Generation::G4), "/trading/orders/get");
    EXPECT_EQ(version_of(Generation::G3), "v2");
    EXPECT_EQ(version_of(Generation::G4), "v3");
}

}  // namespace
}  // namespace janus::webull::wire
