#include <charconv>

#include "store/postgres_connection.hpp"
#include "store/postgres_registry.hpp"
#include "store/registry_table.hpp"
#include "store/schema_steps.hpp"

namespace janus::store {
namespace {

constexpr std::chrono::seconds step_timeout{60};

constexpr const char* prepare_schema =
    "CREATE SCHEMA IF NOT EXISTS janus; "
    "CREATE TABLE IF NOT EXISTS janus.schema_version ("
    "version integer PRIMARY KEY, name text NOT NULL, "
    "applied_at timestamptz NOT NULL DEFAULT now())";

/// The schema is changed by one program at a time; this lock is not the writer's.
constexpr const char* take_turn = "SELECT pg_advisory_xact_lock(457013687668)";

/// Makes the schema when it is not there; a role that only uses it need not have that right.
PostgresResult<void> ensure_schema(PostgresConnection& connection) {
    const auto missing = connection.query("SELECT to_regclass('janus.schema_version') IS NULL");
    if (!missing) return std::unexpected(missing.error());
    if (missing->text(0, 0) == "t") return connection.script(prepare_schema);
    return {};
}

PostgresResult<int> applied_version(PostgresConnection& connection) {
    const auto rows =
        connection.query("SELECT coalesce(max(version), 0) FROM janus.schema_version");
    if (!rows) return std::unexpected(rows.error());
    int version = 0;
    const auto text = rows->text(0, 0);
    std::from_chars(text.data(), text.data() + text.size(), version);
    return version;
}

/// Applies the next missing step in a transaction of its own. True when there was one.
PostgresResult<bool> apply_next(PostgresConnection& connection) {
    if (auto begun = connection.script("BEGIN"); !begun) return std::unexpected(begun.error());
    if (auto turn = connection.script(take_turn); !turn) return std::unexpected(turn.error());
    if (auto ready = ensure_schema(connection); !ready) return std::unexpected(ready.error());
    const auto version = applied_version(connection);
    if (!version) return std::unexpected(version.error());
    const auto steps = schema_steps();
    const bool missing = static_cast<std::size_t>(*version) < steps.size();
    if (missing) {
        const auto& step = steps[static_cast<std::size_t>(*version)];
        if (auto done = connection.script(std::string(step.sql)); !done)
            return std::unexpected(done.error());
        const auto noted =
            connection.query("INSERT INTO janus.schema_version (version, name) VALUES ($1, $2)",
                             {std::to_string(step.version), std::string(step.name)});
        if (!noted) return std::unexpected(noted.error());
    }
    if (auto committed = connection.script("COMMIT"); !committed)
        return std::unexpected(committed.error());
    return missing;
}

}  // namespace

int schema_version() {
    return static_cast<int>(schema_steps().size());
}

Result<int> migrate(const PostgresSettings& settings) {
    auto connection =
        PostgresConnection::connect(settings.url, settings.connect_timeout, step_timeout);
    if (!connection)
        return fail(ErrorCode::Unavailable, "the database cannot be reached: {}",
                    connection.error().message);
    while (true) {
        const auto applied = apply_next(*connection);
        if (!applied) return std::unexpected(to_error(applied.error()));
        if (!*applied) break;
    }
    const auto version = applied_version(*connection);
    if (!version) return std::unexpected(to_error(version.error()));
    if (*version > schema_version())
        return fail(ErrorCode::Conflict,
                    "the database schema has version {}, this program knows {} only; use a newer "
                    "janusd",
                    *version, schema_version());
    return *version;
}

}  // namespace janus::store
