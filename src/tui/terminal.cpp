#define NCURSES_NOMACROS 1
#define NCURSES_WIDECHAR 1

#include "tui/terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <cwchar>
#include <vector>

#include <ncurses.h>
#include <term.h>

namespace janus::tui {
namespace {

std::atomic<int> resize_event{-1};

void on_resize(int) {
    const std::uint64_t one = 1;
    const int event = resize_event.load();
    if (event >= 0) static_cast<void>(!::write(event, &one, sizeof one));
}

struct Colour {
    Style style;
    short foreground;
    attr_t attributes;
};
constexpr auto colours = std::to_array<Colour>({
    {Style::Plain,  -1,           A_NORMAL},
    {Style::Dim,    -1,           A_DIM   },
    {Style::Title,  COLOR_CYAN,   A_BOLD  },
    {Style::Good,   COLOR_GREEN,  A_NORMAL},
    {Style::Warn,   COLOR_YELLOW, A_NORMAL},
    {Style::Bad,    COLOR_RED,    A_BOLD  },
    {Style::Up,     COLOR_GREEN,  A_NORMAL},
    {Style::Down,   COLOR_RED,    A_NORMAL},
    {Style::Accent, COLOR_CYAN,   A_NORMAL},
    {Style::Input,  -1,           A_BOLD  },
});

struct SpecialKey {
    wint_t code;
    Key key;
};
constexpr auto function_keys = std::to_array<SpecialKey>({
    {KEY_ENTER,     Key::Enter    },
    {KEY_BACKSPACE, Key::Backspace},
    {KEY_DC,        Key::Delete   },
    {KEY_LEFT,      Key::Left     },
    {KEY_RIGHT,     Key::Right    },
    {KEY_HOME,      Key::Home     },
    {KEY_END,       Key::End      },
    {KEY_UP,        Key::Up       },
    {KEY_DOWN,      Key::Down     },
    {KEY_F(1),      Key::Help     },
    {KEY_F(2),      Key::Panel1   },
    {KEY_F(3),      Key::Panel2   },
    {KEY_F(4),      Key::Panel3   },
    {KEY_F(5),      Key::Panel4   },
    {KEY_RESIZE,    Key::Resize   },
});
constexpr auto control_keys = std::to_array<SpecialKey>({
    {'\r', Key::Enter    },
    {'\n', Key::Enter    },
    {27,   Key::Escape   },
    {127,  Key::Backspace},
    {8,    Key::Backspace},
    {1,    Key::Home     }, // Ctrl-A
    {5,    Key::End      }, // Ctrl-E
    {21,   Key::KillLine }, // Ctrl-U
    {3,    Key::Quit     }, // Ctrl-C
    {4,    Key::Quit     }, // Ctrl-D
});

template <typename Table>
std::optional<Key> find_key(const Table& table, wint_t code) {
    for (const auto& row : table)
        if (row.code == code) return row.key;
    return std::nullopt;
}

std::string to_utf8(wint_t code) {
    std::array<char, MB_LEN_MAX> buffer{};
    std::mbstate_t state{};
    const auto size = std::wcrtomb(buffer.data(), static_cast<wchar_t>(code), &state);
    return size == static_cast<std::size_t>(-1) ? "?" : std::string(buffer.data(), size);
}

}  // namespace

struct Terminal::Parts {
    SCREEN* screen{nullptr};
    int event{-1};
    bool coloured{false};
    bool gone{false};
    std::vector<Cell> shown;
    int width{0};
    int height{0};
    struct sigaction old_resize{};

    attr_t attributes_of(Style style) const {
        const auto index = static_cast<std::size_t>(style);
        const attr_t pair =
            coloured ? static_cast<attr_t>(COLOR_PAIR(static_cast<int>(index) + 1)) : A_NORMAL;
        return colours[index].attributes | pair;
    }

    void start_colours() {
        coloured = ::has_colors() && std::getenv("NO_COLOR") == nullptr;
        if (!coloured) return;
        ::start_color();
        ::use_default_colors();
        for (const auto& colour : colours)
            ::init_pair(static_cast<short>(static_cast<int>(colour.style) + 1), colour.foreground,
                        -1);
    }

    void read_size() {
        winsize size{};
        if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0 &&
            (size.ws_col != COLS || size.ws_row != LINES))
            ::resizeterm(size.ws_row, size.ws_col);
        width = COLS;
        height = LINES;
    }
};

Result<std::unique_ptr<Terminal>> Terminal::open() {
    if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1)
        return fail(ErrorCode::Unavailable, "standard input and output are not a terminal");
    std::setlocale(LC_ALL, "");
    if (MB_CUR_MAX == 1) std::setlocale(LC_ALL, "C.UTF-8");
    // Boxes come out right in tmux captures and in terminals without the old line-drawing set.
    ::setenv("NCURSES_NO_UTF8_ACS", "1", 0);
    auto parts = std::make_unique<Parts>();
    parts->screen = ::newterm(nullptr, stdout, stdin);
    if (parts->screen == nullptr || ::tigetstr("cup") == nullptr) {
        if (parts->screen != nullptr) {
            ::endwin();
            ::delscreen(parts->screen);
        }
        const char* name = std::getenv("TERM");
        return fail(ErrorCode::Unavailable,
                    "terminal '{}' cannot show a full screen; use the commands instead",
                    name ? name : "");
    }
    ::raw();
    ::noecho();
    ::nonl();
    ::keypad(stdscr, TRUE);
    ::nodelay(stdscr, TRUE);
    ::set_escdelay(25);
    parts->start_colours();
    parts->event = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    resize_event = parts->event;
    struct sigaction action{};
    action.sa_handler = on_resize;
    ::sigaction(SIGWINCH, &action, &parts->old_resize);
    parts->read_size();
    return std::unique_ptr<Terminal>(new Terminal(std::move(parts)));
}

Terminal::Terminal(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Terminal::~Terminal() {
    ::sigaction(SIGWINCH, &parts_->old_resize, nullptr);
    resize_event = -1;
    ::endwin();
    ::delscreen(parts_->screen);
    ::close(parts_->event);
}

bool Terminal::gone() const {
    return parts_->gone;
}

int Terminal::width() const {
    return parts_->width;
}
int Terminal::height() const {
    return parts_->height;
}

void Terminal::show(const Frame& frame, Cursor cursor) {
    auto& shown = parts_->shown;
    const auto size = static_cast<std::size_t>(frame.width() * frame.height());
    const bool fresh = shown.size() != size;
    if (fresh) {
        ::erase();
        shown.assign(size, Cell{});
    }
    for (int y = 0; y < frame.height(); ++y)
        for (int x = 0; x < frame.width(); ++x) {
            auto& old = shown[static_cast<std::size_t>(y * frame.width() + x)];
            const auto& cell = frame.at(x, y);
            if (cell == old) continue;
            old = cell;
            if (cell.text.empty()) continue;
            ::attrset(static_cast<int>(parts_->attributes_of(cell.style)));
            ::mvaddstr(y, x, cell.text.c_str());
        }
    ::move(cursor.y, cursor.x);
    ::refresh();
}

void Terminal::wait(int milliseconds) {
    std::array<pollfd, 2> files{
        {{STDIN_FILENO, POLLIN, 0}, {parts_->event, POLLIN, 0}}
    };
    ::poll(files.data(), files.size(), milliseconds);
    if ((files[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) parts_->gone = true;
    std::uint64_t count = 0;
    static_cast<void>(!::read(parts_->event, &count, sizeof count));
    parts_->read_size();
}

std::optional<Terminal::Input> Terminal::take_input() {
    wint_t code = 0;
    const int kind = ::get_wch(&code);
    if (kind == ERR) return std::nullopt;
    if (kind == KEY_CODE_YES) {
        const auto key = find_key(function_keys, code);
        return key ? Input(*key) : Input(Key::Resize);
    }
    if (const auto key = find_key(control_keys, code)) return Input(*key);
    if (code < 32) return Input(Key::Resize);
    return Input(to_utf8(code));
}

void Terminal::wake() {
    on_resize(0);
}

}  // namespace janus::tui
