#include "app/server.hpp"

#include <csignal>
#include <cstdio>
#include <random>

#include <boost/asio/io_context.hpp>

#include "api/grpc_server.hpp"
#include "api/token.hpp"
#include "app/broker_tokens.hpp"
#include "app/brokers.hpp"
#include "app/notify.hpp"
#include "app/pages.hpp"
#include "app/state_dir.hpp"
#include "app/token_writer.hpp"
#include "core/engine.hpp"
#include "net/clock.hpp"
#include "net/http_server.hpp"
#include "net/io_driver.hpp"
#include "net/listen_address.hpp"
#include "net/postbox.hpp"
#include "net/signals.hpp"
#include "net/timer.hpp"
#include "store/postgres_registry.hpp"
#include "store/sqlite_journal.hpp"

namespace janus::app {
namespace {

constexpr Duration stop_limit =
    std::chrono::seconds(8);  // The contract promises 10 s; closing takes its part.

std::uint64_t random_seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
}

core::RiskLimits limits_of(const config::RiskSection& general,
                           const config::AccountSection& account) {
    const auto limit = [&](config::Amount config::RiskSection::* which) {
        const config::RiskSection& section = account.risk;
        const auto& own = *(section.*which);
        return own ? own : *(general.*which);
    };
    core::RiskLimits limits{.allow_short = *account.allow_short};
    if (const auto most = limit(&config::RiskSection::max_order_quantity))
        limits.max_order_quantity = Quantity{*most};
    if (const auto most = limit(&config::RiskSection::max_order_notional))
        limits.max_order_notional = Money{*most};
    limits.max_open_orders = limit(&config::RiskSection::max_open_orders);
    limits.max_orders_per_second = limit(&config::RiskSection::max_orders_per_second);
    limits.price_distance_max = limit(&config::RiskSection::price_distance_max);
    return limits;
}

Result<core::EngineSettings> engine_settings_of(const config::Settings& settings) {
    core::EngineSettings engine;
    for (const auto& section : settings.accounts) {
        core::AccountSettings account{.name = {*section->name},
                                      .limits = limits_of(settings.risk, *section)};
        for (const auto& name : *section->market_data.default_symbols) {
            auto symbol = CanonicalSymbol::parse(name);
            if (!symbol)
                return fail(ErrorCode::Invalid, "account {}: default_symbols: {}", account.name,
                            symbol.error().message);
            account.default_symbols.push_back(std::move(*symbol));
        }
        engine.accounts.push_back(std::move(account));
    }
    if (!(*settings.default_account).empty())
        engine.default_account = AccountName{*settings.default_account};
    return engine;
}

ExitCode exit_code_of(const Error& error, ExitCode otherwise) {
    return error.code == ErrorCode::Conflict ? ExitCode::AlreadyOwned : otherwise;
}

}  // namespace

Result<void> check(const config::Settings& settings) {
    if (auto usable = engine_settings_of(settings); !usable) return std::unexpected(usable.error());
    Random random(1);
    if (auto made = make_gateways(settings, random); !made) return std::unexpected(made.error());
    return {};
}

struct Server::Parts {
    const config::Settings& settings;
    std::string config_file;
    Logger& log;
    boost::asio::io_context loop{};
    net::Postbox postbox{loop};
    Random random{random_seed()};
    Secret token{};

    std::unique_ptr<store::SqliteJournal> journal{};
    core::JournalContents journal_contents{};
    std::unique_ptr<store::PostgresRegistry> registry{};
    std::vector<core::SymbolRecord> records{};

    std::unique_ptr<TokenWriter> token_writer{};

    std::unique_ptr<core::Engine> engine{};
    std::vector<std::unique_ptr<net::IoDriver>> drivers{};
    std::unique_ptr<net::DeadlineTimer> timer{};
    std::unique_ptr<net::DeadlineTimer> stop_timer{};
    std::unique_ptr<net::Signals> signals{};

    std::unique_ptr<api::Context> context{};
    std::unique_ptr<api::GrpcServer> grpc{};
    std::vector<std::unique_ptr<net::HttpServer>> http{};
    std::optional<PortsFile> ports{};

    bool ready{false};
    bool stopping{false};
    bool ended{false};

    // ---- start ----

    /// Complains and gives the exit code.
    ExitCode refuse(const Error& error, ExitCode code) {
        std::fprintf(stderr, "janusd: %s\n", one_line(error.message).c_str());
        return code;
    }

    std::optional<ExitCode> open_journal() {
        if (auto made = make_state_dir(*settings.state.dir); !made)
            return refuse(made.error(), ExitCode::Configuration);
        auto opened = store::SqliteJournal::open(
            *settings.state.dir,
            [this](core::JournalAppended reply) {
                postbox.post([this, reply = std::move(reply)] {
                    engine->on_journal_reply(net::system_now(), reply);
                    drive();
                });
            },
            random, log);
        if (!opened)
            return refuse(opened.error(), exit_code_of(opened.error(), ExitCode::Internal));
        if (!opened->recovered.empty())
            log.write(LogLevel::Warning, "journal recovered: " + opened->recovered);
        journal = std::move(opened->journal);
        journal_contents = std::move(opened->contents);
        auto loaded = api::load_or_make_token(std::filesystem::path(*settings.state.dir) / "token");
        if (!loaded) return refuse(loaded.error(), ExitCode::Configuration);
        token = std::move(*loaded);
        token_writer = std::make_unique<TokenWriter>(
            [dir = std::filesystem::path(*settings.state.dir)](const gateway::IssuedToken& issued) {
                return keep_broker_token(dir, issued);
            },
            log);
        return std::nullopt;
    }

    std::optional<ExitCode> open_registry() {
        const store::PostgresSettings database{.url = *settings.database.url};
        if (auto migrated = store::migrate(database); !migrated)
            return refuse(migrated.error(), ExitCode::Database);
        auto opened = store::PostgresRegistry::open(
            database,
            [this](core::RegistryReply reply) {
                postbox.post([this, reply = std::move(reply)] {
                    engine->on_registry_reply(net::system_now(), reply);
                    drive();
                });
            },
            log);
        if (!opened)
            return refuse(opened.error(), exit_code_of(opened.error(), ExitCode::Database));
        registry = std::move(opened->store);
        records = std::move(opened->records);
        return std::nullopt;
    }

    std::optional<ExitCode> make_engine() {
        auto engine_settings = engine_settings_of(settings);
        if (!engine_settings) return refuse(engine_settings.error(), ExitCode::Configuration);
        auto gateways = make_gateways(settings, random);
        if (!gateways) return refuse(gateways.error(), ExitCode::Configuration);
        engine = std::make_unique<core::Engine>(std::move(*engine_settings), std::move(*gateways),
                                                *registry, *journal, log, random);
        for (const auto& gateway : engine->gateways())
            drivers.push_back(std::make_unique<net::IoDriver>(
                loop,
                [this, machine = gateway.get()](const io::Event& event) {
                    machine->on_io(net::system_now(), event);
                    drive();
                },
                log));
        timer = std::make_unique<net::DeadlineTimer>(loop, [this] {
            engine->on_timeout(net::system_now());
            drive();
        });
        return std::nullopt;
    }

    std::optional<ExitCode> listen() {
        context = std::make_unique<api::Context>(
            api::Context{.engine = *engine,
                         .log = log.buffer(),
                         .stop_server = [this] { begin_stop("a client asked"); },
                         .version = JANUS_VERSION,
                         .started = net::system_now().utc,
                         .ready = [this] { return ready && !stopping; }});
        auto opened = api::GrpcServer::listen(
            {.addresses = *settings.api.grpc, .token = token}, *context,
            [] { return net::system_now(); },
            [this](std::function<void()> work) {
                return postbox.post([this, work = std::move(work)] {
                    work();
                    drive();
                });
            });
        if (!opened) return refuse(opened.error(), ExitCode::AddressInUse);
        grpc = std::move(*opened);
        grpc->set_ready(false);
        for (const auto& text : *settings.api.http)
            if (auto code = listen_http(text)) return code;
        return write_ports();
    }

    std::optional<ExitCode> listen_http(const std::string& text) {
        const auto address = net::parse_listen_address(text);
        if (!address) return refuse(address.error(), ExitCode::Configuration);
        const auto index = http.size();
        auto opened = net::HttpServer::listen(
            loop, {.address = *address},
            [this, index](const net::HttpServerRequest& request) { answer(*http[index], request); },
            log);
        if (!opened) return refuse(opened.error(), ExitCode::AddressInUse);
        http.push_back(std::move(*opened));
        return std::nullopt;
    }

    std::optional<ExitCode> write_ports() {
        std::vector<std::string> grpc_addresses;
        for (std::size_t i = 0; i < grpc->ports().size(); ++i) {
            const auto& text = (*settings.api.grpc)[i];
            grpc_addresses.push_back(
                fmt::format("{}:{}", text.substr(0, text.rfind(':')), grpc->ports()[i]));
        }
        std::vector<std::string> http_addresses;
        for (const auto& server : http) http_addresses.push_back(net::to_text(server->address()));
        auto written = PortsFile::write(*settings.state.dir, grpc_addresses, http_addresses);
        if (!written) return refuse(written.error(), ExitCode::Configuration);
        ports.emplace(std::move(*written));
        log.write(LogLevel::Info,
                  fmt::format("listening grpc={} http={}", fmt::join(grpc_addresses, ","),
                              fmt::join(http_addresses, ",")));
        return std::nullopt;
    }

    void answer(net::HttpServer& server, const net::HttpServerRequest& request) {
        const auto page = page_of(request,
                                  {.engine = *engine,
                                   .token = token,
                                   .version = JANUS_VERSION,
                                   .ready = ready,
                                   .stopping = stopping},
                                  net::system_now());
        server.respond(request.id, page.status,
                       {
                           {"content-type", page.type}
        },
                       page.body);
    }

    // ---- running ----

    /// After every input: the core takes what the gateways have, the drivers do what they want,
    /// readers get what is new.
    void drive() {
        if (ended) return;
        const auto now = net::system_now();
        engine->pump(now);
        const auto gateways = engine->gateways();
        for (std::size_t i = 0; i < gateways.size(); ++i)
            for (auto& effect : gateways[i]->take_effects()) drivers[i]->perform(std::move(effect));
        for (const auto& gateway : gateways)
            for (auto& issued : gateway->take_tokens()) token_writer->keep(std::move(issued));
        context->spread_quotes();
        grpc->poke(now);
        timer->set(engine->deadline());
        if (!ready && !stopping && engine->settled()) become_ready();
        if (stopping && engine->stopped()) end();
    }

    void become_ready() {
        ready = true;
        grpc->set_ready(true);
        std::printf("janusd ready\n");
        std::fflush(stdout);
        notify_service_manager("READY=1");
        log.write(LogLevel::Info, "ready");
    }

    void on_signal(int number) {
        if (number == SIGHUP) return reload();
        if (stopping) return end();
        begin_stop(number == SIGTERM ? "SIGTERM" : "SIGINT");
    }

    void reload() {
        const auto fresh = config::load(config_file);
        if (!fresh)
            return log.write(LogLevel::Error,
                             "configuration not reloaded: " + fresh.error().message);
        log.set_level(*(*fresh)->log.level);
        log.write(LogLevel::Info,
                  "configuration reloaded: log level; every other change needs a restart");
    }

    void begin_stop(std::string_view reason) {
        if (stopping) return;
        stopping = true;
        log.write(LogLevel::Info, fmt::format("stopping reason={}", reason));
        notify_service_manager("STOPPING=1");
        grpc->set_ready(false);
        stop_timer->set(net::system_now().mono + stop_limit);
        engine->stop(net::system_now());
        // From the loop, not from inside the call or signal that asked for it.
        postbox.post([this] { drive(); });
    }

    void end() {
        if (std::exchange(ended, true)) return;
        loop.stop();
    }

    void close() {
        if (!engine->stopped())
            log.write(LogLevel::Warning,
                      "stopped with work unfinished; it is settled at the next start");
        grpc->stop();
        for (const auto& server : http) server->stop();
        for (const auto& driver : drivers) driver->close_all();
        postbox.close();
        ports.reset();
        registry.reset();
        token_writer.reset();
        journal.reset();  // Last: it holds the state directory.
    }

    ExitCode run() {
        for (const auto step :
             {&Parts::open_journal, &Parts::open_registry, &Parts::make_engine, &Parts::listen})
            if (const auto code = (this->*step)()) return *code;
        stop_timer = std::make_unique<net::DeadlineTimer>(loop, [this] { end(); });
        signals = std::make_unique<net::Signals>(loop, std::vector{SIGTERM, SIGINT, SIGHUP},
                                                 [this](int number) { on_signal(number); });
        engine->start(net::system_now(), std::move(records), std::move(journal_contents));
        drive();
        loop.run();
        close();
        log.write(LogLevel::Info, "stopped");
        return ExitCode::Stopped;
    }
};

Server::Server(const config::Settings& settings, std::string config_file, Logger& log)
    : parts_(std::make_unique<Parts>(settings, std::move(config_file), log)) {}

Server::~Server() = default;

ExitCode Server::run() {
    return parts_->run();
}

}  // namespace janus::app
