#include "store/postgres_registry.hpp"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "base/bounded_queue.hpp"
#include "store/postgres_connection.hpp"
#include "store/registry_table.hpp"

namespace janus::store {
namespace {

/// While the database is away, waiting is counted in pieces, so that requests are refused at once
/// and the wait for the next attempt still ends.
constexpr std::chrono::milliseconds wait_piece{50};
constexpr std::chrono::milliseconds request_counts_as{1};

Error without_connection(const PostgresProblem& problem) {
    return {
        ErrorCode::Unavailable,
        fmt::format("registry_unavailable: the database cannot be reached: {}", problem.message)};
}

/// A session that may write: schema checked, lock taken, table read.
struct Session {
    PostgresConnection connection;
    std::vector<core::SymbolRecord> records;
};

Result<Session> open_session(const PostgresSettings& settings) {
    auto connection = PostgresConnection::connect(settings.url, settings.connect_timeout,
                                                  settings.statement_timeout);
    if (!connection) return std::unexpected(without_connection(connection.error()));
    if (auto ours = check_schema(*connection); !ours) return std::unexpected(ours.error());
    if (auto locked = take_writer_lock(*connection); !locked)
        return std::unexpected(locked.error());
    auto records = read_registry(*connection);
    if (!records) return std::unexpected(records.error());
    return Session{std::move(*connection), std::move(*records)};
}

core::RegistryReply refusal(const core::RegistryRequest& request, const Error& error) {
    if (const auto* write = std::get_if<core::RegistryWrite>(&request))
        return core::RegistryWritten{write->token, std::unexpected(error)};
    return core::HistoryReply{std::get<core::HistoryRequest>(request).token,
                              std::unexpected(error)};
}

}  // namespace

struct PostgresRegistry::Parts {
    Parts(PostgresSettings settings_in, PostgresConnection connection_in, Deliver deliver_in,
          Log& log_in)
        : settings(std::move(settings_in)),
          connection(std::move(connection_in)),
          deliver(std::move(deliver_in)),
          log(log_in),
          retry(settings.retry_min) {}
    ~Parts() {
        queue.close();
        if (worker.joinable()) worker.join();
    }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    void start() {
        worker = std::thread([this] { work(); });
    }
    void work();
    void work_connected();
    void work_away();
    void perform(const core::RegistryRequest& request);
    PostgresResult<core::RegistryReply> attempt(const core::RegistryRequest& request);
    void check_connection();
    void on_lost(const PostgresProblem& problem);
    bool reconnect();

    const PostgresSettings settings;
    std::optional<PostgresConnection> connection;  ///< Nothing while the database is away.
    Deliver deliver;
    Log& log;
    std::string why_away;
    std::chrono::milliseconds retry;
    BoundedQueue<core::RegistryRequest> queue{mailbox_size_max};
    std::thread worker;
};

void PostgresRegistry::Parts::work() {
    while (!queue.closed() || queue.size() > 0) {
        if (connection)
            work_connected();
        else
            work_away();
    }
}

void PostgresRegistry::Parts::work_connected() {
    const auto request = queue.pop_for(settings.check_interval);
    if (request) return perform(*request);
    if (!queue.closed()) check_connection();
}

/// Refuses what comes in until it is time for the next attempt.
void PostgresRegistry::Parts::work_away() {
    std::chrono::milliseconds waited{0};
    while (waited < retry) {
        const auto request = queue.pop_for(wait_piece);
        if (request) deliver(refusal(*request, {ErrorCode::Unavailable, why_away}));
        if (!request && queue.closed()) return;
        waited += request ? request_counts_as : wait_piece;
    }
    if (!reconnect()) retry = std::min(retry * 2, settings.retry_max);
}

/// A request whose connection broke is tried once more on a new one. That is safe: what is already
/// written is found there and nothing is written twice.
void PostgresRegistry::Parts::perform(const core::RegistryRequest& request) {
    auto reply = attempt(request);
    if (reply) return deliver(std::move(*reply));
    on_lost(reply.error());
    if (reconnect()) {
        reply = attempt(request);
        if (reply) return deliver(std::move(*reply));
        on_lost(reply.error());
    }
    deliver(refusal(request, {ErrorCode::Unavailable, why_away}));
}

/// The error side is a lost connection; every other outcome is a reply.
PostgresResult<core::RegistryReply> PostgresRegistry::Parts::attempt(
    const core::RegistryRequest& request) {
    const auto reply_to =
        [&](const PostgresProblem& problem) -> PostgresResult<core::RegistryReply> {
        if (problem.lost) return std::unexpected(problem);
        return refusal(request, to_error(problem));
    };
    if (const auto* write = std::get_if<core::RegistryWrite>(&request)) {
        auto outcome = write_registry(*connection, *write);
        if (!outcome) return reply_to(outcome.error());
        return core::RegistryReply(core::RegistryWritten{write->token, std::move(*outcome)});
    }
    const auto& asked = std::get<core::HistoryRequest>(request);
    auto history = read_history(*connection, asked.symbol);
    if (!history) return reply_to(history.error());
    return core::RegistryReply(core::HistoryReply{asked.token, std::move(*history)});
}

void PostgresRegistry::Parts::check_connection() {
    const auto answer = connection->query("SHOW transaction_read_only");
    if (!answer) return on_lost(answer.error());
    if (answer->text(0, 0) == "on") on_lost({"25006", "the database takes no writes", true});
}

void PostgresRegistry::Parts::on_lost(const PostgresProblem& problem) {
    connection.reset();
    retry = settings.retry_min;
    why_away = to_error(problem).message;
    log.write(LogLevel::Error, fmt::format("registry lost reason=\"{}\"", why_away));
    deliver(core::RegistryStateChanged{false, why_away, {}});
}

bool PostgresRegistry::Parts::reconnect() {
    auto session = open_session(settings);
    if (!session) {
        if (why_away != session.error().message) {
            why_away = session.error().message;
            log.write(LogLevel::Warning, fmt::format("registry away reason=\"{}\"", why_away));
            deliver(core::RegistryStateChanged{false, why_away, {}});
        }
        return false;
    }
    connection = std::move(session->connection);
    retry = settings.retry_min;
    why_away.clear();
    log.write(LogLevel::Info, fmt::format("registry back rows={}", session->records.size()));
    deliver(core::RegistryStateChanged{true, "", std::move(session->records)});
    return true;
}

Result<PostgresRegistry::Opened> PostgresRegistry::open(const PostgresSettings& settings,
                                                        Deliver deliver, Log& log) {
    auto session = open_session(settings);
    if (!session) return std::unexpected(session.error());
    auto parts =
        std::make_unique<Parts>(settings, std::move(session->connection), std::move(deliver), log);
    parts->start();
    std::unique_ptr<PostgresRegistry> store(new PostgresRegistry(std::move(parts)));
    return Opened{std::move(store), std::move(session->records)};
}

PostgresRegistry::PostgresRegistry(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PostgresRegistry::~PostgresRegistry() = default;

void PostgresRegistry::submit(core::RegistryRequest request) {
    if (parts_->queue.try_push(std::move(request))) return;
    parts_->deliver(
        refusal(request, {ErrorCode::Unavailable,
                          fmt::format("registry_busy: {} requests wait", mailbox_size_max)}));
}

}  // namespace janus::store
