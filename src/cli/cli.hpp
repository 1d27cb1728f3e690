#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "client/client.hpp"
#include "client/server_address.hpp"

namespace janus::cli {

/// How the command line meets its surroundings.
struct Surroundings {
    std::ostream& out;
    std::ostream& err;
    bool interactive{false};  ///< Standard input and output are a terminal.
    std::function<bool(const std::string&)>
        confirm;  ///< Asks a person; used only when interactive.
    std::function<int(const client::AddressHints&)>
        open_screen;                  ///< The full-screen client, for no command.
    client::Client* client{nullptr};  ///< Used instead of connecting, when given.
};

/// Runs one command line (without the program's name) and returns the exit code of the contract.
int run(std::vector<std::string> words, const Surroundings& surroundings);

}  // namespace janus::cli
