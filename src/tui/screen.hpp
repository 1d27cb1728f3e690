#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "client/client.hpp"
#include "client/server_address.hpp"

namespace janus::tui {

/// One line that the user typed on the screen, and where its output goes.
struct CommandLine {
    std::vector<std::string> words;
    client::Client* client{nullptr};
    std::ostream& out;
    std::ostream& err;
};

/// The full-screen client: accounts with state lamps, positions with derived marks, open orders,
/// watch list, log, command line with history. Runs until the user leaves; `run_command` runs a
/// typed line on a thread of the screen's own. Returns an exit code of the contract: 0, or 1 when
/// the terminal cannot show a screen (with a line on standard error).
int run(const client::ServerAddress& address, const std::function<int(CommandLine&)>& run_command);

}  // namespace janus::tui
