#include "app/sim_options.hpp"

#include <cstdio>

#include <CLI/CLI.hpp>

namespace janus::app {
namespace {

constexpr int usage_error = 2;

/// Adds an option that reads `HOST:PORT`.
void add_address(CLI::App& app, const std::string& name, net::ListenAddress& address,
                 const std::string& what) {
    app.add_option_function<std::string>(
           name,
           [&address, name](const std::string& text) {
               auto parsed = net::parse_listen_address(text);
               if (!parsed) throw CLI::ValidationError(name, parsed.error().message);
               address = *parsed;
           },
           what)
        ->type_name("HOST:PORT")
        ->default_str(net::to_text(address));
}

/// Whoever reaches the control port rules the simulated world, so it stays on this machine.
bool is_loopback(const net::ListenAddress& address) {
    return address.host == "localhost" || address.host == "::1" || address.host.starts_with("127.");
}

}  // namespace

std::variant<SimOptions, EarlyExit> parse_sim_options(int argument_count, char** arguments) {
    SimOptions options;
    bool no_tls = false;
    CLI::App app(
        "Simulated brokers: one exchange behind IB's socket protocol and Webull's REST and "
        "event protocols.",
        "janus-sim");
    app.add_option("--scenario", options.scenario_file, "TOML file with the world to simulate")
        ->type_name("FILE.toml");
    app.add_option("--seed", options.seed, "Seed of every chance in the world")
        ->type_name("N")
        ->capture_default_str();
    add_address(app, "--ib", options.ib, "Where IB's protocol is served; port 0 picks one");
    app.add_option("--ib-version", options.ib_version,
                   "Highest server version of IB's gateway: text to 200, protobuf from 213")
        ->type_name("N")
        ->check(CLI::Range(176, 225))
        ->capture_default_str();
    add_address(app, "--webull", options.webull, "Where Webull's REST calls are served");
    add_address(app, "--webull-events", options.webull_events,
                "Where Webull's event stream is served");
    add_address(app, "--control", options.control, "Control port, loopback only");
    app.add_option("--tls-dir", options.tls_dir,
                   "Folder of ca.pem, server.pem and server.key; made when they are missing")
        ->type_name("DIR")
        ->capture_default_str();
    app.add_flag("--no-tls", no_tls, "Serve Webull's two protocols in clear text, for tests");
    try {
        app.parse(argument_count, arguments);
    } catch (const CLI::ParseError& error) {
        return EarlyExit{app.exit(error) == 0 ? 0 : usage_error};
    }
    options.tls = !no_tls;
    if (is_loopback(options.control)) return options;
    std::fputs("--control: the control port listens on loopback only\n", stderr);
    return EarlyExit{usage_error};
}

}  // namespace janus::app
