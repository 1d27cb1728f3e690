#include "tui/frame.hpp"

#include <algorithm>
#include <cwchar>

namespace janus::tui {
namespace {

/// One character of a UTF-8 text: its bytes and how many columns it takes.
struct Glyph {
    std::string_view bytes;
    int columns;
};

std::size_t length_of(unsigned char first) {
    if (first < 0x80U) return 1;
    if (first >= 0xF0U) return 4;
    if (first >= 0xE0U) return 3;
    return first >= 0xC0U ? 2 : 1;
}

wchar_t code_point_of(std::string_view bytes) {
    const auto first = static_cast<unsigned char>(bytes[0]);
    if (bytes.size() == 1) return static_cast<wchar_t>(first);
    unsigned value = first & (0xFFU >> (bytes.size() + 1));
    for (const char c : bytes.substr(1))
        value = (value << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
    return static_cast<wchar_t>(value);
}

/// Takes the next character; broken UTF-8 and control characters come out as `?`.
Glyph take_glyph(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text[0]);
    const auto length = length_of(first);
    const bool whole = length <= text.size() && (length > 1 || first < 0x80U) &&
                       std::ranges::all_of(text.substr(1, length - 1), [](char c) {
                           return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
                       });
    const auto bytes = text.substr(0, whole ? length : 1);
    text.remove_prefix(bytes.size());
    const int columns = whole ? ::wcwidth(code_point_of(bytes)) : -1;
    return columns < 0 ? Glyph{"?", 1} : Glyph{bytes, columns};
}

}  // namespace

int columns_of(std::string_view text) {
    int columns = 0;
    while (!text.empty()) columns += take_glyph(text).columns;
    return columns;
}

Frame::Frame(int width, int height)
    : width_(width), height_(height), cells_(static_cast<std::size_t>(width * height)) {}

int Frame::put(int x, int y, std::string_view text, Style style, int limit) {
    if (y < 0 || y >= height_) return x;
    const int end = std::min(width_, x + std::min(limit, width_));
    while (!text.empty()) {
        const auto glyph = take_glyph(text);
        if (x + glyph.columns > end) break;
        if (glyph.columns == 0) {
            if (x > 0) cells_[static_cast<std::size_t>(y * width_ + x - 1)].text += glyph.bytes;
            continue;
        }
        if (x >= 0)
            cells_[static_cast<std::size_t>(y * width_ + x)] = {std::string(glyph.bytes), style};
        if (glyph.columns == 2 && x >= 0)
            cells_[static_cast<std::size_t>(y * width_ + x + 1)] = {"", style};
        x += glyph.columns;
    }
    return x;
}

void Frame::put_right(int x, int y, std::string_view text, Style style, int limit) {
    put(x - std::min(columns_of(text), limit), y, text, style, limit);
}

void Frame::rule(int x, int y, int width, std::string_view title) {
    for (int i = 0; i < width; ++i) put(x + i, y, "─", Style::Dim);
    put(x + 2, y, " " + std::string(title) + " ", Style::Title, width - 4);
}

std::string Frame::row(int y) const {
    std::string text;
    for (int x = 0; x < width_; ++x) text += at(x, y).text;
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

}  // namespace janus::tui
