#include "cli/cli.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <ostream>

#include "cli/command.hpp"

namespace janus::cli {
namespace {

constexpr auto version_text = "janus " JANUS_VERSION;

struct GlobalOptions {
    client::AddressHints hints;
    bool json{false}, ndjson{false}, csv{false}, no_color{false};

    Format format() const {
        if (json) return Format::Json;
        if (ndjson) return Format::NdJson;
        return csv ? Format::Csv : Format::Text;
    }
};

std::string state_dir_default() {
    const char* named = std::getenv("JANUS_STATE");
    return named && *named ? named : "var/janusd";
}

void add_global_options(CLI::App& app, GlobalOptions& options, Session& session) {
    options.hints.state_dir = state_dir_default();
    app.add_option("--server", options.hints.server, "Address of janusd: HOST:PORT");
    app.add_option("--token-file", options.hints.token_file, "File with the access token");
    app.add_option("--state", options.hints.state_dir,
                   "State directory of a local janusd; $JANUS_STATE");
    app.add_option("--account", session.account, "Account to use; `all` for every one");
    auto* json = app.add_flag("--json", options.json, "One JSON document");
    auto* ndjson =
        app.add_flag("--ndjson", options.ndjson, "One JSON document a line")->excludes(json);
    app.add_flag("--csv", options.csv, "Comma-separated values")->excludes(json)->excludes(ndjson);
    app.add_flag("--no-color", options.no_color, "No colours");
    app.set_version_flag("--version", version_text);
}

void add_commands(CLI::App& app, Session& session) {
    for (const auto group : {account_commands(), place_commands(), order_commands(),
                             registry_commands(), market_commands(), admin_commands()})
        for (const auto& row : group) {
            auto* command = app.add_subcommand(std::string(row.name), std::string(row.help));
            command->fallthrough();
            row.add(*command, session);
        }
    for (const auto* name : {"quit", "exit"})
        app.add_subcommand(name, "Leave the client; the server runs on");
}

bool is_command(const std::string& word) {
    for (const auto group : {account_commands(), place_commands(), order_commands(),
                             registry_commands(), market_commands(), admin_commands()})
        if (std::ranges::any_of(group, [&](const auto& row) { return row.name == word; }))
            return true;
    return false;
}

/// `account NAME COMMAND...` is COMMAND with `--account NAME`; `help COMMAND` is COMMAND with
/// `--help`.
void rewrite(std::vector<std::string>& words) {
    const auto first = std::ranges::find_if(
        words, [](const auto& word) { return word == "account" || word == "help"; });
    if (first == words.end()) return;
    const auto at = first - words.begin();
    const bool leads = std::none_of(words.begin(), first, is_command);
    if (!leads) return;
    if (*first == "help") {
        words.erase(first);
        words.emplace_back("--help");
    } else if (words.end() - first >= 3 && is_command(words[static_cast<std::size_t>(at) + 2])) {
        *first = "--account";
    }
}

/// CLI11's own exit codes become the contract's: help and version are done, everything else is a
/// usage error.
int finish_parse(const CLI::App& app, const CLI::ParseError& error,
                 const Surroundings& surroundings) {
    const int code = app.exit(error, surroundings.out, surroundings.err);
    return static_cast<int>(code == 0 ? Exit::Done : Exit::Usage);
}

}  // namespace

Exit exit_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::Invalid:
            return Exit::Usage;
        case ErrorCode::NotFound:
        case ErrorCode::Ambiguous:
            return Exit::NotFound;
        case ErrorCode::Denied:
        case ErrorCode::Conflict:
            return Exit::Denied;
        case ErrorCode::Rejected:
            return Exit::Rejected;
        case ErrorCode::Unknown:
            return Exit::Unknown;
        case ErrorCode::Unavailable:
            return Exit::NotConnected;
        case ErrorCode::Unauthorized:
            return Exit::NotAuthorised;
        case ErrorCode::Malformed:
        case ErrorCode::Internal:
            return Exit::Failed;
    }
    return Exit::Failed;
}

Exit exit_of_order(const v1::Order& order) {
    if (order.state() == "REJECTED") return Exit::Rejected;
    if (order.state() == "UNKNOWN" || order.state() == "PENDING_NEW") return Exit::Unknown;
    if (order.state() == "NOT_SENT") return Exit::NotConnected;
    return Exit::Done;
}

void Session::fail_with(const Error& error) {
    output.complain(error);
    exit = exit_of(error.code);
}

int run(std::vector<std::string> words, const Surroundings& surroundings) {
    GlobalOptions options;
    Output output(surroundings.out, surroundings.err);
    std::unique_ptr<client::Client> own;
    const auto connect = [&]() -> Result<client::Client*> {
        if (surroundings.client) return surroundings.client;
        if (own) return own.get();
        const auto address = client::find_server(options.hints);
        if (!address) return std::unexpected(address.error());
        own = std::make_unique<client::Client>(*address);
        return own.get();
    };
    Session session{.connect = connect,
                    .output = output,
                    .interactive = surroundings.interactive,
                    .confirm = surroundings.confirm};
    CLI::App app("Janus: accounts at several brokers behind one registry and one order language.",
                 "janus");
    add_global_options(app, options, session);
    add_commands(app, session);
    app.require_subcommand(0, 1);
    // Formats must be known before a command's callback runs: callbacks of sub-commands run after
    // the options are read.
    app.parse_complete_callback([&] { output.format = options.format(); });
    rewrite(words);
    std::ranges::reverse(words);
    try {
        app.parse(words);
    } catch (const CLI::ParseError& error) {
        return finish_parse(app, error, surroundings);
    }
    if (app.get_subcommands().empty()) {
        if (surroundings.interactive && surroundings.open_screen)
            return surroundings.open_screen(options.hints);
        surroundings.err << app.help();
        return static_cast<int>(Exit::Usage);
    }
    return static_cast<int>(session.exit);
}

}  // namespace janus::cli
