#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace janus::tui {

/// What a piece of text means; the terminal chooses colours.
enum class Style { Plain, Dim, Title, Good, Warn, Bad, Up, Down, Accent, Input };

/// One cell of the screen: the bytes of one character (with what combines onto it), and its style.
/// The right half of a wide character is an empty text.
struct Cell {
    std::string text{" "};
    Style style{Style::Plain};
    friend bool operator==(const Cell&, const Cell&) = default;
};

/// A whole picture of the screen, made anew for each change; the terminal repaints only the cells
/// that differ.
class Frame {
 public:
    Frame(int width, int height);
    int width() const { return width_; }
    int height() const { return height_; }
    const Cell& at(int x, int y) const { return cells_[static_cast<std::size_t>(y * width_ + x)]; }

    /// Writes text from (x, y) to the right, cut at `limit` columns and at the edge; control
    /// characters become `?`. Returns the column after it.
    int put(int x, int y, std::string_view text, Style style = Style::Plain, int limit = 1'000);
    /// The same, ending before column `x`.
    void put_right(int x, int y, std::string_view text, Style style = Style::Plain,
                   int limit = 1'000);
    /// A horizontal rule with a title.
    void rule(int x, int y, int width, std::string_view title);
    /// One row as text, for tests.
    std::string row(int y) const;

 private:
    int width_;
    int height_;
    std::vector<Cell> cells_;
};

/// How many columns the text takes.
int columns_of(std::string_view text);

}  // namespace janus::tui
