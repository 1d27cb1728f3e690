// janus-sim: the simulated brokers as a program. Its control port is described in
// src/sim/README.md.
#include <csignal>
#include <cstdio>
#include <exception>

#include <boost/asio/io_context.hpp>

#include "app/scenario_file.hpp"
#include "app/sim_certificates.hpp"
#include "app/sim_host.hpp"
#include "app/sim_options.hpp"
#include "net/clock.hpp"
#include "net/signals.hpp"

namespace janus::app {
namespace {

constexpr int bad_configuration = 3;
constexpr int address_in_use = 5;
constexpr int internal_error = 70;

/// Warnings and errors on standard error; the rest is nobody's business in a simulator.
class ErrorLog final : public Log {
 public:
    void write(LogLevel level, std::string_view line) override {
        if (level < LogLevel::Warning) return;
        fmt::print(stderr, "{}: {}\n", to_text(level), line);
    }
};

int complain(const Error& error, int code) {
    fmt::print(stderr, "janus-sim: {}\n", error.message);
    return code;
}

Result<std::optional<SimCertificates>> certificates_of(const SimOptions& options) {
    if (!options.tls) return std::nullopt;
    auto made = prepare_certificates(options.tls_dir);
    if (!made) return std::unexpected(made.error());
    return std::move(*made);
}

/// Serves until a signal ends it.
int serve(SimWorld& world, const SimOptions& options,
          const std::optional<SimCertificates>& certificates) {
    ErrorLog log;
    boost::asio::io_context loop;
    const auto host = SimHost::start(loop, world, options, certificates, log);
    if (!host)
        return complain(host.error(), host.error().code == ErrorCode::Conflict ? address_in_use
                                                                               : bad_configuration);
    net::Signals signals(loop, {SIGTERM, SIGINT}, [&](int) {
        (*host)->stop();
        loop.stop();
    });
    fmt::print("janus-sim ready {}\n", (*host)->addresses());
    std::fflush(stdout);
    loop.run();
    return 0;
}

/// A number that no earlier run of the last year has used: a server that outlives a simulator must
/// not meet its order and execution ids a second time. Sixteen orders a second have room.
std::uint64_t first_number_of(Now now) {
    constexpr std::uint64_t room = 600'000'000;
    constexpr std::uint64_t per_second = 16;
    return static_cast<std::uint64_t>(now.utc.seconds()) * per_second % room + 1;
}

int run(const SimOptions& options) {
    auto scenario = options.scenario_file.empty() ? Result<sim::Scenario>(sim::default_scenario())
                                                  : load_scenario(options.scenario_file);
    if (!scenario) return complain(scenario.error(), bad_configuration);
    const auto certificates = certificates_of(options);
    if (!certificates) return complain(certificates.error(), bad_configuration);
    if (scenario->first_number == 1) scenario->first_number = first_number_of(net::system_now());
    SimWorld world(std::move(*scenario), options.seed, options.ib_version);
    return serve(world, options, *certificates);
}

}  // namespace
}  // namespace janus::app

int main(int argument_count, char** arguments) {
    using namespace janus::app;
    try {
        const auto options = parse_sim_options(argument_count, arguments);
        if (const auto* exit = std::get_if<EarlyExit>(&options)) return exit->code;
        return run(std::get<SimOptions>(options));
    } catch (const std::exception& error) {
        fmt::print(stderr, "janus-sim: {}\n", error.what());
        return internal_error;
    }
}
