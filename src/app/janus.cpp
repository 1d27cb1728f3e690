#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "cli/cli.hpp"
#include "tui/screen.hpp"

namespace {

/// Asks a person; only `y` and `yes` agree.
bool confirm(const std::string& question) {
    std::cerr << question << " [y/N] " << std::flush;
    std::string answer;
    return std::getline(std::cin, answer) && (answer == "y" || answer == "Y" || answer == "yes");
}

/// The full-screen client; its command line runs the same commands as the shell's.
int open_screen(const janus::client::AddressHints& hints) {
    const auto address = janus::client::find_server(hints);
    if (!address) {
        std::cerr << "janus: " << address.error().message << "\n";
        return 7;
    }
    return janus::tui::run(*address, [](janus::tui::CommandLine& line) {
        return janus::cli::run(line.words,
                               {.out = line.out, .err = line.err, .client = line.client});
    });
}

}  // namespace

int main(int argument_count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + argument_count);
    const bool interactive = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
    return janus::cli::run(words, {.out = std::cout,
                                   .err = std::cerr,
                                   .interactive = interactive,
                                   .confirm = confirm,
                                   .open_screen = open_screen});
}
