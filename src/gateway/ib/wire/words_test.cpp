#include "gateway/ib/wire/words.hpp"

#include <gtest/gtest.h>

namespace janus::ib::wire {
namespace {

TEST(IbWords, EveryValueHasAWordThatReadsBack) {
    for (const auto type :
         {OrderType::Market, OrderType::Limit, OrderType::Stop, OrderType::StopLimit,
          OrderType::TrailingStop, OrderType::TrailingStopLimit, OrderType::MarketOnClose,
          OrderType::LimitOnClose})
        EXPECT_EQ(find_order_type(to_word(type)), type);
    for (const auto span :
         {TimeInForce::Day, TimeInForce::GoodTillCancel, TimeInForce::ImmediateOrCancel,
          TimeInForce::FillOrKill, TimeInForce::AtTheOpening, TimeInForce::GoodTillDate})
        EXPECT_EQ(find_time_in_force(to_word(span)), span);
    EXPECT_EQ(to_word(Side::SellShort), "SELL");
    EXPECT_EQ(find_side("SSHORT"), Side::SellShort);
    EXPECT_EQ(find_side("SLD"), Side::Sell);
}

TEST(IbWords, SpellingsOfIbAreRead) {
    EXPECT_EQ(find_order_type("STPLMT"), OrderType::StopLimit);
    EXPECT_EQ(find_order_type("TRAILLMT"), OrderType::TrailingStopLimit);
    EXPECT_EQ(to_details_word(OrderType::StopLimit), "STPLMT");
    EXPECT_EQ(to_details_word(OrderType::TrailingStopLimit), "TRAILLMT");
}

TEST(IbWords, WhatJanusDoesNotKnowIsNothing) {
    for (const auto* word : {"REL", "MIDPRICE", "PEG MKT", "XYZ", ""})
        EXPECT_FALSE(find_order_type(word)) << word;
    for (const auto* word : {"DTC", "AUC", "FOO", ""})
        EXPECT_FALSE(find_time_in_force(word)) << word;
    EXPECT_EQ(asset_class_of("WAR"), AssetClass::Other);
    EXPECT_EQ(broker_status_of("Sleeping"), gateway::BrokerStatus::Unmapped);
}

}  // namespace
}  // namespace janus::ib::wire
