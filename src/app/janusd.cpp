#include <sys/resource.h>

#include <cstdio>
#include <iostream>

#include <CLI/CLI.hpp>

#include "app/server.hpp"
#include "store/postgres_registry.hpp"

namespace janus::app {
namespace {

struct Options {
    std::string config;
    bool check_config{false};
    bool print_config{false};
    bool print_config_docs{false};
    bool migrate_only{false};
};

/// A dump of this process would hold every app secret and token, in a file that nobody watches.
void forbid_core_dumps() {
    // One byte is too little for a file, and Linux also starts no crash handler for it, as it does
    // whatever the limit is otherwise.
    constexpr rlimit none{.rlim_cur = 1, .rlim_max = 1};
    ::setrlimit(RLIMIT_CORE, &none);
}

int exit_with(ExitCode code) {
    return static_cast<int>(code);
}

int complain(const Error& error, ExitCode code) {
    std::fprintf(stderr, "janusd: %s\n", error.message.c_str());
    return exit_with(code);
}

int migrate(const config::Settings& settings) {
    const auto version = store::migrate({.url = *settings.database.url});
    if (!version) return complain(version.error(), ExitCode::Database);
    std::printf("database schema is at version %d\n", *version);
    return exit_with(ExitCode::Stopped);
}

int run(const Options& options) {
    if (options.print_config_docs) {
        std::cout << config::to_markdown();
        return exit_with(ExitCode::Stopped);
    }
    const auto file = config::config_file_of(options.config);
    const auto settings = config::load(file);
    if (!settings) return complain(settings.error(), ExitCode::Configuration);
    if (auto usable = check(**settings); !usable)
        return complain(usable.error(), ExitCode::Configuration);
    if (options.check_config) {
        std::printf("%s is valid\n", file.c_str());
        return exit_with(ExitCode::Stopped);
    }
    if (options.print_config) {
        std::cout << config::to_toml(**settings);
        return exit_with(ExitCode::Stopped);
    }
    if (options.migrate_only) return migrate(**settings);
    Logger log;
    log.set_level(*(*settings)->log.level);
    return exit_with(Server(**settings, file.string(), log).run());
}

}  // namespace
}  // namespace janus::app

int main(int argument_count, char** arguments) {
    janus::app::forbid_core_dumps();
    CLI::App app("janusd: stays connected to accounts at several brokers.", "janusd");
    janus::app::Options options;
    app.add_option("--config", options.config, "Configuration file");
    app.add_flag("--check-config", options.check_config, "Check the configuration and leave");
    app.add_flag("--print-config", options.print_config,
                 "Print the configuration in force, commented, without secrets");
    app.add_flag("--print-config-docs", options.print_config_docs,
                 "Print the documentation of every setting (Markdown)");
    app.add_flag("--migrate-only", options.migrate_only,
                 "Bring the database schema up to date and leave");
    app.set_version_flag("--version", "janusd " JANUS_VERSION);
    try {
        app.parse(argument_count, arguments);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : static_cast<int>(janus::app::ExitCode::Usage);
    }
    try {
        return janus::app::run(options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "janusd: internal error: %s\n", error.what());
        return static_cast<int>(janus::app::ExitCode::Internal);
    }
}
