#include "cli/cli.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/table.hpp"
#include "cli/texts.hpp"

namespace janus::cli {
namespace {

struct Ran {
    int code;
    std::string out;
    std::string err;
};

Ran ran(std::vector<std::string> words) {
    std::ostringstream out;
    std::ostringstream err;
    words.insert(words.begin(), {"--state", "/nonexistent"});
    const int code = run(std::move(words), {.out = out, .err = err});
    return {code, out.str(), err.str()};
}

TEST(Cli, UsageErrorsAreTwoAndWriteNothingToStandardOutput) {
    for (const auto& words : std::vector<std::vector<std::string>>{
             {},
             {"frobnicate"},
             {"buy"},
             {"buy", "AAPL"},
             {"accounts", "--json", "--csv"},
             {"symbols"},
             {"cancel", "x"},
             {"buy", "AAPL", "1", "--tif", "FOREVER"},
             {"symbols", "map", "AAPL"}
    }) {
        const auto result = ran(words);
        EXPECT_EQ(result.code, 2) << (words.empty() ? "(nothing)" : words[0]);
        EXPECT_EQ(result.out, "");
        EXPECT_NE(result.err, "");
    }
}

TEST(Cli, WithoutAServerACommandSaysSoAndExitsWithSeven) {
    const auto result = ran({"accounts"});
    EXPECT_EQ(result.code, 7);
    EXPECT_NE(result.err.find("no janusd has left its address"), std::string::npos) << result.err;
}

TEST(Cli, HelpNamesEveryCommandAndExitsWithZero) {
    const auto result = ran({"--help"});
    EXPECT_EQ(result.code, 0);
    for (const auto* word : {"portfolio", "harmony", "sstop", "cancel-all", "events", "symbols"})
        EXPECT_NE(result.out.find(word), std::string::npos) << word;
    EXPECT_EQ(ran({"help", "buy"}).code, 0);
}

TEST(Cli, AnAccountBeforeACommandIsForThatCommandOnly) {
    // The server is missing, so the parse has succeeded when the code is 7; `account NAME` alone
    // sets the default.
    EXPECT_EQ(ran({"account", "ib_main", "buy", "AAPL", "1"}).code, 7);
    EXPECT_EQ(ran({"account", "ib_main"}).code, 7);
    EXPECT_EQ(ran({"account", "ib_main", "frobnicate"}).code, 2);
}

TEST(Table, AlignsAndEscapes) {
    Table table({
        {"NAME"},
        {"VALUE", Align::Right}
    });
    table.add({"a\x1b[2J", "1"});
    table.add({"b,\"c\"", "100"});
    EXPECT_EQ(table.to_text(), "NAME   VALUE\na?[2J      1\nb,\"c\"    100\n");
    EXPECT_EQ(table.to_csv(), "NAME,VALUE\r\na?[2J,1\r\n\"b,\"\"c\"\"\",100\r\n");
}

TEST(Texts, NumbersForPeople) {
    EXPECT_EQ(shown_price("190.5"), "190.50");
    EXPECT_EQ(shown_price("0.0001"), "0.0001");
    EXPECT_EQ(shown_price(""), "");
    EXPECT_EQ(shown_money("-1234567.5"), "-1,234,567.50");
    EXPECT_EQ(shown_money("999"), "999.00");
}

TEST(Texts, ALongReasonIsCutAtAWholeCharacter) {
    v1::Valuation valuation;
    valuation.set_missing("not subscribed");
    EXPECT_EQ(source_text(valuation), "- not subscribed");
    valuation.set_missing(std::string(39, 'x') + "é and more");
    EXPECT_EQ(source_text(valuation), "- " + std::string(39, 'x') + "...");
}

TEST(Output, NdjsonPrintsTheRowsOfAList) {
    std::ostringstream out;
    std::ostringstream err;
    Output output(out, err);
    output.format = Format::NdJson;
    v1::ListAccountsResponse list;
    list.add_accounts()->set_name("a");
    list.add_accounts()->set_name("b");
    output.show(list, Table({{"X"}}));
    const auto text = out.str();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
    EXPECT_NE(text.find("\"is_default\":false"), std::string::npos) << "empty fields are there";
}

TEST(ExitCodes, FollowTheContract) {
    EXPECT_EQ(exit_of(ErrorCode::Denied), Exit::Denied);
    EXPECT_EQ(exit_of(ErrorCode::Ambiguous), Exit::NotFound);
    v1::Order order;
    order.set_state("REJECTED");
    EXPECT_EQ(exit_of_order(order), Exit::Rejected);
    order.set_state("UNKNOWN");
    EXPECT_EQ(exit_of_order(order), Exit::Unknown);
    order.set_state("WORKING");
    EXPECT_EQ(exit_of_order(order), Exit::Done);
}

}  // namespace
}  // namespace janus::cli
