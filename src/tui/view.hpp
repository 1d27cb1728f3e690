#pragma once

#include <deque>
#include <string>

#include "client/live_model.hpp"
#include "tui/frame.hpp"
#include "tui/line_editor.hpp"

namespace janus::tui {

/// Which panel fills the screen; None shows all.
enum class Panel { None, Positions, Orders, Watch, Log, Help };

/// A line of the message panel: what commands answered, and what the server's log says.
struct Message {
    std::string text;
    Style style{Style::Plain};
};

/// What the screen itself remembers.
struct ViewState {
    Panel panel{Panel::None};
    LineEditor line;
    std::string question;          ///< Waits for y or n instead of a command.
    bool busy{false};              ///< A command is running.
    std::deque<Message> messages;  ///< The newest last.
    static constexpr std::size_t messages_max = 500;
};

/// Where the cursor belongs.
struct Cursor {
    int x{0};
    int y{0};
};

/// Draws everything. Pure: the same snapshot, state and size give the same frame. Works from 20x5
/// up.
Cursor draw(Frame& frame, const client::Snapshot& snapshot, const ViewState& state);

}  // namespace janus::tui
