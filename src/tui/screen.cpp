#include "tui/screen.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <iostream>
#include <mutex>
#include <sstream>
#include <thread>

#include "client/live_model.hpp"
#include "tui/terminal.hpp"
#include "tui/view.hpp"

namespace janus::tui {
namespace {

// Whatever arrives within this pause goes into one frame; a key waits no longer than this.
constexpr auto frame_pause = std::chrono::milliseconds(25);

/// Words that send an order; they are asked about before they go.
constexpr auto order_words =
    std::to_array<std::string_view>({"buy", "sell", "short", "bstop", "sstop", "modify", "halt"});

bool is_order(const std::vector<std::string>& words) {
    const bool prefixed = words.size() >= 3 && words[0] == "account";
    const auto& verb = prefixed ? words[2] : words[0];
    for (const auto word : order_words)
        if (verb == word) return true;
    return false;
}

bool is_quit(const std::vector<std::string>& words) {
    return words[0] == "quit" || words[0] == "exit";
}

/// The screen's loop: input first, then one frame for all that has changed.
class Screen {
 public:
    Screen(Terminal& terminal, client::Client& client,
           const std::function<int(CommandLine&)>& run_command)
        : terminal_(terminal), client_(client), run_command_(run_command) {}

    void run(const client::LiveModel& model) {
        while (!leaving_ && !terminal_.gone()) {
            terminal_.wait(1'000);
            while (const auto input = terminal_.take_input()) on_input(*input);
            collect_answers();
            show(model.snapshot());
            std::this_thread::sleep_for(frame_pause);
        }
    }

 private:
    void show(const client::Snapshot& snapshot) {
        Frame frame(terminal_.width(), terminal_.height());
        state_.busy = busy_;
        const auto cursor = draw(frame, snapshot, state_);
        terminal_.show(frame, cursor);
    }

    void on_input(const Terminal::Input& input) {
        if (const auto* text = std::get_if<std::string>(&input)) return on_text(*text);
        on_key(std::get<Key>(input));
    }

    void on_text(const std::string& text) {
        if (state_.question.empty()) return state_.line.insert(text);
        state_.question.clear();
        if (text == "y" || text == "Y") return start(std::exchange(asked_, {}));
        add("not sent", Style::Warn);
    }

    void on_key(Key key) {
        switch (key) {
            case Key::Quit:
                leaving_ = true;
                break;
            case Key::Enter:
                on_line(state_.line.take_line());
                break;
            case Key::Escape:
                state_.panel = Panel::None;
                state_.question.clear();
                break;
            case Key::Help:
                toggle(Panel::Help);
                break;
            case Key::Panel1:
                toggle(Panel::Positions);
                break;
            case Key::Panel2:
                toggle(Panel::Orders);
                break;
            case Key::Panel3:
                toggle(Panel::Watch);
                break;
            case Key::Panel4:
                toggle(Panel::Log);
                break;
            case Key::Backspace:
            case Key::Delete:
            case Key::Left:
            case Key::Right:
            case Key::Home:
            case Key::End:
            case Key::Up:
            case Key::Down:
            case Key::KillLine:
                state_.line.on_key(key);
                break;
            case Key::Resize:
                break;
        }
    }

    void toggle(Panel panel) { state_.panel = state_.panel == panel ? Panel::None : panel; }

    void on_line(const std::string& line) {
        auto words = split_words(line);
        if (words.empty() || !state_.question.empty()) return;
        add("> " + line, Style::Title);
        if (is_quit(words)) {
            leaving_ = true;
        } else if (words[0] == "help" && words.size() == 1) {
            state_.panel = Panel::Help;
        } else if (words[0] == "events" || words[0] == "log") {
            add("the messages panel follows the log; F5 shows more of it", Style::Warn);
        } else if (is_order(words)) {
            state_.question = line;
            asked_ = std::move(words);
        } else {
            if (words[0] == "watch") words[0] = "ticks";
            start(std::move(words));
        }
    }

    void start(std::vector<std::string> words) {
        if (busy_.exchange(true)) return add("another command is still running", Style::Warn);
        worker_ = std::jthread([this, words = std::move(words)] {
            std::ostringstream out;
            std::ostringstream err;
            CommandLine line{.words = words, .client = &client_, .out = out, .err = err};
            const int code = run_command_(line);
            {
                std::lock_guard lock(mutex_);
                answers_.push_back({out.str(), Style::Plain});
                answers_.push_back({err.str(), code == 0 ? Style::Good : Style::Bad});
            }
            busy_ = false;
            terminal_.wake();
        });
    }

    void collect_answers() {
        std::lock_guard lock(mutex_);
        for (const auto& answer : answers_) {
            std::istringstream lines(answer.text);
            for (std::string line; std::getline(lines, line);) add(line, answer.style);
        }
        answers_.clear();
    }

    void add(std::string text, Style style) {
        state_.messages.push_back({std::move(text), style});
        if (state_.messages.size() > ViewState::messages_max) state_.messages.pop_front();
    }

    Terminal& terminal_;
    client::Client& client_;
    const std::function<int(CommandLine&)>& run_command_;
    ViewState state_;
    std::vector<std::string> asked_;
    std::mutex mutex_;
    std::vector<Message> answers_;
    std::atomic<bool> busy_{false};
    bool leaving_{false};
    std::jthread worker_;
};

}  // namespace

int run(const client::ServerAddress& address, const std::function<int(CommandLine&)>& run_command) {
    auto terminal = Terminal::open();
    if (!terminal) {
        std::cerr << "janus: " << terminal.error().message << "\n";
        return 1;
    }
    client::Client following(address);
    client::Client commanding(address);
    Screen screen(**terminal, commanding, run_command);
    const client::LiveModel model(following, [&terminal] { (*terminal)->wake(); });
    screen.run(model);
    return 0;
}

}  // namespace janus::tui
