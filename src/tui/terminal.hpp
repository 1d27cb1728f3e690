#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/result.hpp"
#include "tui/frame.hpp"
#include "tui/line_editor.hpp"
#include "tui/view.hpp"

namespace janus::tui {

/// The terminal behind ncurses; the only file that knows it is terminal.cpp. Used by one thread,
/// except `wake`.
class Terminal {
 public:
    /// A key or a typed character (UTF-8).
    using Input = std::variant<Key, std::string>;

    /// Errors: `Unavailable` when standard input and output are no terminal that can show a screen.
    static Result<std::unique_ptr<Terminal>> open();
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    int width() const;
    int height() const;
    /// Repaints what differs from the last frame.
    void show(const Frame& frame, Cursor cursor);
    /// Waits for input, a change of size, or `wake`, at most `milliseconds`.
    void wait(int milliseconds);
    /// The terminal has been closed; nothing will come any more.
    bool gone() const;
    /// The next input that is there; nothing when there is none.
    std::optional<Input> take_input();
    /// From any thread: ends a `wait`.
    void wake();

 private:
    struct Parts;
    explicit Terminal(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace janus::tui
