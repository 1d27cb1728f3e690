#include "gateway/ib/naming.hpp"

#include <gtest/gtest.h>

namespace janus::ib {
namespace {

CanonicalSymbol named(std::string_view text) {
    return CanonicalSymbol::parse(text).value();
}

wire::ContractData details(std::string type, std::string symbol, std::string currency) {
    wire::ContractData data;
    data.contract.conid = 12087792;
    data.contract.security_type = std::move(type);
    data.contract.symbol = std::move(symbol);
    data.contract.currency = std::move(currency);
    return data;
}

TEST(IbNaming, PairsAreNamedInEveryCurrency) {
    const auto forex = instrument_of(details("CASH", "EUR", "USD"));
    EXPECT_EQ(forex.symbol, named("EUR.USD"));
    EXPECT_EQ(forex.asset_class, AssetClass::Forex);
    EXPECT_EQ(instrument_of(details("CASH", "USD", "JPY")).symbol, named("USD.JPY"));
    EXPECT_EQ(instrument_of(details("CRYPTO", "BTC", "USD")).symbol, named("BTC.USD"));
}

TEST(IbNaming, ANameThatWouldMeanAnotherKindIsNotGiven) {
    EXPECT_FALSE(instrument_of(details("CRYPTO", "EUR", "USD")).symbol) << "reads as forex";
    EXPECT_FALSE(instrument_of(details("CASH", "XAU", "USD")).symbol) << "reads as a coin";
    EXPECT_FALSE(instrument_of(details("STK", "SAP", "EUR")).symbol);
    EXPECT_FALSE(instrument_of(details("STK", "BTC USD", "USD")).symbol) << "reads as a coin";
    EXPECT_EQ(instrument_of(details("STK", "BRK B", "USD")).symbol, named("BRK.B"));
}

TEST(IbNaming, ALookUpAsksTheMarketOfThePair) {
    const auto forex = lookup_contract_of(named("EUR.USD"));
    EXPECT_EQ(forex.security_type, "CASH");
    EXPECT_EQ(forex.symbol, "EUR");
    EXPECT_EQ(forex.currency, "USD");
    EXPECT_EQ(forex.exchange, "IDEALPRO");
    const auto coin = lookup_contract_of(named("ETH.EUR"));
    EXPECT_EQ(coin.security_type, "CRYPTO");
    EXPECT_EQ(coin.symbol, "ETH");
    EXPECT_EQ(coin.currency, "EUR");
    EXPECT_EQ(coin.exchange, "") << "which market is for the answer to say";
}

TEST(IbNaming, WhatIsTradedGoesWhereTheDetailsSay) {
    auto coin = details("CRYPTO", "BTC", "USD");
    coin.contract.exchange = "PAXOS";
    EXPECT_EQ(tradable_contract_of(coin).exchange, "PAXOS");
    coin.contract.exchange.clear();
    coin.valid_exchanges = "ZEROHASH,PAXOS";
    EXPECT_EQ(tradable_contract_of(coin).exchange, "ZEROHASH");
    auto stock = details("STK", "AAPL", "USD");
    stock.contract.exchange = "NASDAQ";
    EXPECT_EQ(tradable_contract_of(stock).exchange, "SMART");
}

TEST(IbNaming, OnlyAPositiveWholeNumberIsAConid) {
    EXPECT_EQ(conid_of({"265598"}), 265598);
    for (const auto* text : {"", "0", "-1", "265598x", " 1", "1.5", "99999999999999999999"})
        EXPECT_EQ(conid_of({text}), 0) << text;
}

}  // namespace
}  // namespace janus::ib
