#pragma once

#include <string>
#include <vector>

namespace janus::tui {

/// Keys that mean something beyond text.
enum class Key {
    Enter,
    Escape,
    Backspace,
    Delete,
    Left,
    Right,
    Home,
    End,
    Up,
    Down,
    KillLine,
    Help,
    Panel1,
    Panel2,
    Panel3,
    Panel4,
    Quit,
    Resize
};

/// The command line: text with a cursor, and a history that Up and Down walk through.
class LineEditor {
 public:
    static constexpr std::size_t history_max = 500;

    const std::string& text() const { return text_; }
    /// The part of the text before the cursor.
    std::string before_cursor() const { return text_.substr(0, cursor_); }

    /// One character, as UTF-8.
    void insert(const std::string& character);
    /// Editing and history keys; others are ignored.
    void on_key(Key key);
    /// Takes the line out, remembers it, and leaves the editor empty.
    std::string take_line();

 private:
    void move_to_history(std::size_t index);

    std::string text_;
    std::size_t cursor_{0};
    std::vector<std::string> history_;
    std::size_t at_{0};  ///< Where in the history; its size means the line being written.
    std::string draft_;  ///< The line being written while one looks through the history.
};

/// Splits a line into words at blanks; "..." and '...' keep blanks.
std::vector<std::string> split_words(const std::string& line);

}  // namespace janus::tui
