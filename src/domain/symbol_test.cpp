#include "domain/symbol.hpp"

#include <gtest/gtest.h>

namespace janus {
namespace {

AssetClass class_of(std::string_view text) {
    return CanonicalSymbol::parse(text).value().asset_class();
}

TEST(CanonicalSymbol, TheFormDecidesTheKind) {
    EXPECT_EQ(class_of("AAPL"), AssetClass::Equity);
    EXPECT_EQ(class_of("F"), AssetClass::Equity);
    EXPECT_EQ(class_of("BRK.B"), AssetClass::Equity);
    EXPECT_EQ(class_of("XYZ.PRA"), AssetClass::Equity);
    EXPECT_EQ(class_of("NQ.2603"), AssetClass::Future);
    EXPECT_EQ(class_of("AAPL.260320.C.150"), AssetClass::Option);
    EXPECT_EQ(class_of("AAPL.260320.P.152.5"), AssetClass::Option);
    EXPECT_EQ(class_of("BRK.B.260320.C.400"), AssetClass::Option);
}

TEST(CanonicalSymbol, RaisesLowerCaseAndRepairsNothingElse) {
    EXPECT_EQ(CanonicalSymbol::parse("brk.b")->text(), "BRK.B");
    for (const auto text : {"",
                            " AAPL",
                            "BRK B",
                            "BRK-B",
                            "BRK/B",
                            "AAPL\n",
                            ".",
                            "A.",
                            ".A",
                            "A..B",
                            "ÄPFEL",
                            "AAPL;DROP",
                            "NQ.2613",
                            "NQ.2600",
                            "AAPL.261320.C.150",
                            "AAPL.260320.X.150",
                            "AAPL.260320.C",
                            "AAPL.260320.C.0150",
                            "AAPL.260320.C.152.50",
                            "A.B.C",
                            "A.BCDE",
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG"})
        EXPECT_FALSE(CanonicalSymbol::parse(text)) << text;
}

TEST(CanonicalSymbol, ANulByteIsRefusedAndNotShownRaw) {
    const auto read = CanonicalSymbol::parse(std::string_view("AAPL\0BUY", 8));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().message.find('\0'), std::string::npos);
}

TEST(CanonicalSymbol, TellsHowClassSharesAreWritten) {
    EXPECT_NE(CanonicalSymbol::parse("BRK B").error().message.find("BRK.B"), std::string::npos);
}

TEST(CanonicalSymbol, GivesThePartsOfDerivatives) {
    const auto option = option_parts_of(CanonicalSymbol::parse("BRK.B.260320.P.402.5").value());
    EXPECT_EQ(option.underlying, "BRK.B");
    EXPECT_EQ(option.expiry, "260320");
    EXPECT_EQ(option.right, 'P');
    EXPECT_EQ(option.strike, "402.5");
    const auto future = future_parts_of(CanonicalSymbol::parse("NQ.2603").value());
    EXPECT_EQ(future.root, "NQ");
    EXPECT_EQ(future.month, "2603");
}

TEST(CanonicalSymbol, ANameThatEndsInACurrencyIsAPair) {
    EXPECT_EQ(class_of("EUR.USD"), AssetClass::Forex);
    EXPECT_EQ(class_of("usd.jpy"), AssetClass::Forex);
    EXPECT_EQ(class_of("BTC.USD"), AssetClass::Crypto);
    EXPECT_EQ(class_of("1INCH.EUR"), AssetClass::Crypto);
    EXPECT_EQ(class_of("XYZ.WS"), AssetClass::Equity) << "no currency";
    EXPECT_EQ(class_of("F.USD"), AssetClass::Equity) << "no coin has one letter";
    EXPECT_EQ(class_of("EUR.2603"), AssetClass::Future) << "the euro future";
    EXPECT_EQ(class_of("USD.USD"), AssetClass::Equity) << "not a pair of two";
    const auto pair = pair_parts_of(CanonicalSymbol::parse("EUR.USD").value());
    EXPECT_EQ(pair.base, "EUR");
    EXPECT_EQ(pair.quote, "USD");
}

}  // namespace
}  // namespace janus
