#include "tui/line_editor.hpp"

#include <utility>

namespace janus::tui {
namespace {

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::size_t previous_start(const std::string& text, std::size_t at) {
    if (at == 0) return 0;
    do --at;
    while (at > 0 && is_continuation(text[at]));
    return at;
}

std::size_t next_start(const std::string& text, std::size_t at) {
    if (at >= text.size()) return text.size();
    do ++at;
    while (at < text.size() && is_continuation(text[at]));
    return at;
}

}  // namespace

void LineEditor::insert(const std::string& character) {
    text_.insert(cursor_, character);
    cursor_ += character.size();
}

void LineEditor::move_to_history(std::size_t index) {
    if (at_ == history_.size()) draft_ = text_;
    at_ = index;
    text_ = at_ == history_.size() ? draft_ : history_[at_];
    cursor_ = text_.size();
}

void LineEditor::on_key(Key key) {
    switch (key) {
        case Key::Backspace: {
            const auto start = previous_start(text_, cursor_);
            text_.erase(start, cursor_ - start);
            cursor_ = start;
            break;
        }
        case Key::Delete:
            text_.erase(cursor_, next_start(text_, cursor_) - cursor_);
            break;
        case Key::Left:
            cursor_ = previous_start(text_, cursor_);
            break;
        case Key::Right:
            cursor_ = next_start(text_, cursor_);
            break;
        case Key::Home:
            cursor_ = 0;
            break;
        case Key::End:
            cursor_ = text_.size();
            break;
        case Key::Up:
            if (at_ > 0) move_to_history(at_ - 1);
            break;
        case Key::Down:
            if (at_ < history_.size()) move_to_history(at_ + 1);
            break;
        case Key::KillLine:
            text_.clear();
            cursor_ = 0;
            break;
        case Key::Enter:
        case Key::Escape:
        case Key::Help:
        case Key::Panel1:
        case Key::Panel2:
        case Key::Panel3:
        case Key::Panel4:
        case Key::Quit:
        case Key::Resize:
            break;
    }
}

std::string LineEditor::take_line() {
    auto line = std::exchange(text_, {});
    cursor_ = 0;
    if (!line.empty() && (history_.empty() || history_.back() != line)) history_.push_back(line);
    if (history_.size() > history_max) history_.erase(history_.begin());
    at_ = history_.size();
    draft_.clear();
    return line;
}

std::vector<std::string> split_words(const std::string& line) {
    std::vector<std::string> words;
    std::string word;
    bool open = false;
    char quote = 0;
    for (const char c : line) {
        if (quote != 0) {
            if (c == quote)
                quote = 0;
            else
                word += c;
        } else if (c == '"' || c == '\'') {
            quote = c;
            open = true;
        } else if (c == ' ' || c == '\t') {
            if (open || !word.empty()) words.push_back(std::exchange(word, {}));
            open = false;
        } else {
            word += c;
        }
    }
    if (open || !word.empty()) words.push_back(word);
    return words;
}

}  // namespace janus::tui
