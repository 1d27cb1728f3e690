#include "tui/view.hpp"

#include <clocale>

#include <gtest/gtest.h>

namespace janus::tui {
namespace {

/// Widths of characters are the locale's matter.
const bool utf8 = std::setlocale(LC_ALL, "C.UTF-8") != nullptr;

client::Snapshot demo() {
    client::Snapshot snapshot;
    snapshot.connected = true;
    auto& ready = snapshot.accounts.emplace_back();
    ready.set_name("ib_main");
    ready.set_state("ready");
    ready.set_is_default(true);
    auto& down = snapshot.accounts.emplace_back();
    down.set_name("webull_personal");
    down.set_state("needs_operator");
    auto* row = snapshot.portfolio.add_rows();
    row->set_symbol("AAPL");
    row->set_quantity("110");
    row->mutable_valuation()->set_price("190.1");
    row->mutable_valuation()->set_market_value("20911");
    row->mutable_valuation()->set_source("ib:last");
    row->mutable_valuation()->set_quality("stale");
    row->mutable_valuation()->set_age_seconds(75);
    auto& order = snapshot.open_orders.emplace_back();
    order.set_id(7);
    order.set_symbol("BRK.B");
    order.set_side("BUY");
    order.set_state("UNKNOWN");
    return snapshot;
}

std::string text_of(const Frame& frame) {
    std::string text;
    for (int y = 0; y < frame.height(); ++y) text += frame.row(y) + "\n";
    return text;
}

TEST(View, ShowsStateSourceQualityAndAge) {
    ASSERT_TRUE(utf8);
    Frame frame(160, 40);
    draw(frame, demo(), {});
    const auto text = text_of(frame);
    EXPECT_NE(text.find("*ib_main"), std::string::npos) << text;
    EXPECT_NE(text.find("webull_personal needs_operator"), std::string::npos) << text;
    EXPECT_NE(text.find("~ib:last stale 1m"), std::string::npos) << text;
    EXPECT_NE(text.find("~20911.00"), std::string::npos) << "a derived value is marked";
    EXPECT_NE(text.find("UNKNOWN"), std::string::npos) << text;
}

TEST(View, SurvivesEverySizeAndKeepsTheCursorInside) {
    for (int width = 1; width <= 200; width += 23)
        for (int height = 1; height <= 60; height += 7)
            for (const auto panel : {Panel::None, Panel::Positions, Panel::Orders, Panel::Watch,
                                     Panel::Log, Panel::Help}) {
                Frame frame(width, height);
                ViewState state;
                state.panel = panel;
                state.line.insert(std::string(300, 'x'));
                const auto cursor = draw(frame, demo(), state);
                EXPECT_LT(cursor.x, width);
                EXPECT_LT(cursor.y, height);
            }
}

TEST(View, NarrowScreensKeepSymbolQuantityAndPrice) {
    Frame frame(44, 24);
    draw(frame, demo(), {});
    const auto text = text_of(frame);
    EXPECT_NE(text.find("AAPL"), std::string::npos);
    EXPECT_NE(text.find("110"), std::string::npos);
    EXPECT_NE(text.find("190.10"), std::string::npos);
}

TEST(View, ALostServerIsSaidAndNotHidden) {
    client::Snapshot snapshot;
    snapshot.trouble = "janusd cannot be reached";
    Frame frame(80, 24);
    draw(frame, snapshot, {});
    EXPECT_NE(frame.row(0).find("not connected: janusd cannot be reached"), std::string::npos);
}

TEST(Frame, CountsColumnsOfWideAndCombiningCharacters) {
    EXPECT_EQ(columns_of("abc"), 3);
    EXPECT_EQ(columns_of("日本"), 4);
    EXPECT_EQ(columns_of("e\u0301"), 1);
    EXPECT_EQ(columns_of("\x1b[2J"), 4) << "an escape is shown, not obeyed";
    Frame frame(5, 1);
    frame.put(0, 0, "日本語");
    EXPECT_EQ(frame.row(0), "日本") << "half a character is not shown";
}

TEST(LineEditor, EditsWholeCharactersAndWalksTheHistory) {
    LineEditor editor;
    for (const auto* c : {"a", "é", "b"}) editor.insert(c);
    editor.on_key(Key::Left);
    editor.on_key(Key::Backspace);
    EXPECT_EQ(editor.text(), "ab");
    EXPECT_EQ(editor.take_line(), "ab");
    editor.insert("x");
    editor.on_key(Key::Up);
    EXPECT_EQ(editor.text(), "ab");
    editor.on_key(Key::Down);
    EXPECT_EQ(editor.text(), "x") << "the line being written is not lost";
}

TEST(SplitWords, KeepsBlanksInQuotes) {
    EXPECT_EQ(split_words(R"(halt ib_main --reason "too many orders" '')"),
              (std::vector<std::string>{"halt", "ib_main", "--reason", "too many orders", ""}));
    EXPECT_TRUE(split_words("   ").empty());
}

}  // namespace
}  // namespace janus::tui
