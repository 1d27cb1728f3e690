#include "store/registry_table.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "store/broker_columns.hpp"
#include "store/registry_rules.hpp"
#include "store/schema_steps.hpp"

namespace janus::store {
namespace {

/// What a code of PostgreSQL means to us.
struct StateMeaning {
    std::string_view sqlstate;
    ErrorCode code;
    std::string_view text;
};
constexpr auto meanings = std::to_array<StateMeaning>({
    {"42501", ErrorCode::Denied,      "the database role lacks a right"           },
    {"3F000", ErrorCode::Invalid,     "the database has no schema janus"          },
    {"42P01", ErrorCode::Invalid,     "the database lacks a table of ours"        },
    {"42703", ErrorCode::Invalid,     "the database lacks a column of ours"       },
    {"25006", ErrorCode::Unavailable, "registry_read_only"                        },
    {"57014", ErrorCode::Unavailable, "registry_slow: the statement took too long"},
});

constexpr std::string_view microseconds_of = "(extract(epoch from {}) * 1000000)::bigint";

std::string row_columns() {
    auto columns = fmt::format("id, canonical_symbol, asset_class, currency, description, {}, {}",
                               fmt::format(microseconds_of, "created_at"),
                               fmt::format(microseconds_of, "updated_at"));
    for (const auto& column : broker_columns) columns += fmt::format(", {}", column.column);
    return columns;
}

std::int64_t to_integer(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

Utc to_utc(std::string_view text) {
    return {std::chrono::microseconds(to_integer(text))};
}

Result<core::SymbolRecord> read_row(const PostgresRows& rows, int row) {
    const auto symbol = CanonicalSymbol::parse(rows.text(row, 1));
    const auto asset_class = parse_asset_class(rows.text(row, 2));
    if (!symbol || !asset_class)
        return fail(ErrorCode::Malformed, "registry row {} cannot be read: {}", rows.text(row, 0),
                    symbol ? asset_class.error().message : symbol.error().message);
    core::SymbolRecord record{.id = {to_integer(rows.text(row, 0))},
                              .symbol = *symbol,
                              .asset_class = *asset_class,
                              .currency = std::string(rows.text(row, 3)),
                              .native_ids = {},
                              .description = std::string(rows.text(row, 4)),
                              .created = to_utc(rows.text(row, 5)),
                              .updated = to_utc(rows.text(row, 6))};
    int column = 7;
    for (const auto& broker : broker_columns) {
        if (!rows.is_null(row, column))
            record.native_ids[std::string(broker.broker)] = {std::string(rows.text(row, column))};
        ++column;
    }
    return record;
}

/// A row found by a condition; nothing when there is none.
PostgresResult<Result<std::optional<core::SymbolRecord>>> find_row(PostgresConnection& connection,
                                                                   const std::string& condition,
                                                                   const std::string& value) {
    const auto rows =
        connection.query(fmt::format("SELECT {} FROM janus.symbol_registry WHERE {} FOR UPDATE",
                                     row_columns(), condition),
                         {value});
    if (!rows) return std::unexpected(rows.error());
    if (rows->size() == 0) return Result<std::optional<core::SymbolRecord>>(std::nullopt);
    auto record = read_row(*rows, 0);
    if (!record) return Result<std::optional<core::SymbolRecord>>(std::unexpected(record.error()));
    return Result<std::optional<core::SymbolRecord>>(std::move(*record));
}

/// The row that holds the write's native id, when the id fits its column at all.
PostgresResult<Result<std::optional<core::SymbolRecord>>> find_holder(
    PostgresConnection& connection, const core::RegistryWrite& write) {
    const auto column = find_broker_column(write.broker);
    if (!column || !check_native_id(*column, write.native_id.value))
        return Result<std::optional<core::SymbolRecord>>(std::nullopt);
    const bool number = column->kind == NativeIdKind::Number;
    const auto condition = fmt::format("{} = $1{}", column->column, number ? "::bigint" : "");
    return find_row(connection, condition, write.native_id.value);
}

/// Inserts or updates the row; returns it as it is now.
PostgresResult<PostgresRows> store_row(PostgresConnection& connection, const RowChange& change) {
    const auto& row = change.row;
    PostgresParameters values{row.symbol.text(), std::string(to_text(row.asset_class)),
                              row.currency, row.description};
    std::string columns;
    std::string places;
    std::string settings;
    for (const auto& broker : broker_columns) {
        const auto id = row.native_ids.find(broker.broker);
        values.push_back(id == row.native_ids.end() ? std::nullopt
                                                    : std::optional(id->second.value));
        const auto place = fmt::format("${}::{}", values.size(),
                                       broker.kind == NativeIdKind::Number ? "bigint" : "text");
        columns += fmt::format(", {}", broker.column);
        places += fmt::format(", {}", place);
        settings += fmt::format(", {} = {}", broker.column, place);
    }
    const auto insert = fmt::format(
        "INSERT INTO janus.symbol_registry "
        "(canonical_symbol, asset_class, currency, description{}) "
        "VALUES ($1, $2, $3, $4{}) RETURNING {}",
        columns, places, row_columns());
    const auto update = fmt::format(
        "UPDATE janus.symbol_registry SET asset_class = $2, currency = $3, description = $4{}, "
        "updated_at = now() WHERE canonical_symbol = $1 RETURNING {}",
        settings, row_columns());
    return connection.query(change.insert ? insert : update, values);
}

PostgresResult<void> store_history(PostgresConnection& connection, const core::SymbolRecord& row,
                                   const std::vector<FieldChange>& fields,
                                   const core::Provenance& provenance) {
    for (const auto& field : fields) {
        const auto added = connection.query(
            "INSERT INTO janus.symbol_history "
            "(symbol_id, field, value_before, value_after, who, why, evidence) "
            "VALUES ($1::bigint, $2, $3, $4, $5, $6, $7)",
            {std::to_string(row.id.value), field.field, field.before, field.after, provenance.who,
             provenance.why, provenance.evidence});
        if (!added) return std::unexpected(added.error());
    }
    return {};
}

using WriteOutcome = PostgresResult<Result<core::SymbolRecord>>;

WriteOutcome refused(const Error& error) {
    return Result<core::SymbolRecord>(std::unexpected(error));
}

/// The statements between BEGIN and COMMIT.
WriteOutcome write_inside(PostgresConnection& connection, const core::RegistryWrite& write) {
    const auto row = find_row(connection, "canonical_symbol = $1", write.symbol.text());
    if (!row) return std::unexpected(row.error());
    if (!*row) return refused(row->error());
    const auto holder = find_holder(connection, write);
    if (!holder) return std::unexpected(holder.error());
    if (!*holder) return refused(holder->error());
    const auto& present = **row;
    const auto& owner = **holder;
    const auto change =
        decide_write(write, present ? &*present : nullptr, owner ? &*owner : nullptr);
    if (!change) return refused(change.error());
    if (change->fields.empty()) return Result<core::SymbolRecord>(change->row);
    const auto stored = store_row(connection, *change);
    if (!stored) return std::unexpected(stored.error());
    auto record = read_row(*stored, 0);
    if (!record) return refused(record.error());
    if (auto added = store_history(connection, *record, change->fields, write.provenance); !added)
        return std::unexpected(added.error());
    return Result<core::SymbolRecord>(std::move(*record));
}

WriteOutcome write_once(PostgresConnection& connection, const core::RegistryWrite& write) {
    if (auto begun = connection.query("BEGIN"); !begun) return std::unexpected(begun.error());
    auto outcome = write_inside(connection, write);
    if (outcome && *outcome) {
        if (auto committed = connection.query("COMMIT"); !committed)
            return std::unexpected(committed.error());
        return outcome;
    }
    if (auto undone = connection.query("ROLLBACK"); !undone && undone.error().lost)
        return std::unexpected(undone.error());
    return outcome;
}

/// The same number in every Janus: the letters of its name.
constexpr std::string_view writer_lock = "457013687667";

Result<std::string> find_lock_holder(PostgresConnection& connection) {
    const auto rows = connection.query(
        "SELECT a.application_name, l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
        "WHERE l.locktype = 'advisory' AND l.granted AND "
        "(l.classid::bigint << 32) + l.objid::bigint = $1::bigint",
        {std::string(writer_lock)});
    if (!rows) return std::unexpected(to_error(rows.error()));
    if (rows->size() == 0) return "a session that has just ended";
    return fmt::format("'{}' (database session {})", rows->text(0, 0), rows->text(0, 1));
}

}  // namespace

Error to_error(const PostgresProblem& problem) {
    for (const auto& meaning : meanings)
        if (problem.sqlstate == meaning.sqlstate)
            return {meaning.code, fmt::format("{}: {}", meaning.text, problem.message)};
    return {ErrorCode::Unavailable, fmt::format("registry_unavailable: {}", problem.message)};
}

Result<void> check_schema(PostgresConnection& connection) {
    const auto version = connection.query("SELECT max(version) FROM janus.schema_version");
    if (!version) {
        auto error = to_error(version.error());
        if (error.code == ErrorCode::Invalid) error.message += "; run janusd --migrate-only";
        return std::unexpected(error);
    }
    const auto found = to_integer(version->text(0, 0));
    const auto wanted = static_cast<std::int64_t>(schema_steps().size());
    if (found < wanted)
        return fail(ErrorCode::Invalid,
                    "the database schema has version {}, this program needs {}; run janusd "
                    "--migrate-only",
                    found, wanted);
    if (found > wanted)
        return fail(ErrorCode::Invalid,
                    "the database schema has version {}, this program knows {} only; use a newer "
                    "janusd",
                    found, wanted);
    const auto rights = connection.query(
        "SELECT bool_and(has_table_privilege(relation, privilege)) FROM (VALUES "
        "('janus.symbol_registry', 'SELECT'), ('janus.symbol_registry', 'INSERT'), "
        "('janus.symbol_registry', 'UPDATE'), ('janus.symbol_history', 'SELECT'), "
        "('janus.symbol_history', 'INSERT')) AS needed (relation, privilege)");
    if (!rights) return std::unexpected(to_error(rights.error()));
    if (rights->text(0, 0) != "t")
        return fail(ErrorCode::Denied,
                    "the database role may not read and write the tables of schema janus");
    const auto read_only = connection.query("SHOW transaction_read_only");
    if (!read_only) return std::unexpected(to_error(read_only.error()));
    if (read_only->text(0, 0) == "on")
        return fail(ErrorCode::Unavailable, "registry_read_only: the database takes no writes");
    return {};
}

Result<void> take_writer_lock(PostgresConnection& connection) {
    const auto taken =
        connection.query("SELECT pg_try_advisory_lock($1::bigint)", {std::string(writer_lock)});
    if (!taken) return std::unexpected(to_error(taken.error()));
    if (taken->text(0, 0) == "t") return {};
    const auto holder = find_lock_holder(connection);
    if (!holder) return std::unexpected(holder.error());
    return fail(ErrorCode::Conflict, "the database belongs to another server: {}", *holder);
}

Result<std::vector<core::SymbolRecord>> read_registry(PostgresConnection& connection) {
    const auto rows = connection.query(
        fmt::format("SELECT {} FROM janus.symbol_registry ORDER BY id", row_columns()));
    if (!rows) return std::unexpected(to_error(rows.error()));
    std::vector<core::SymbolRecord> records;
    for (int row = 0; row < rows->size(); ++row) {
        auto record = read_row(*rows, row);
        if (!record) return std::unexpected(record.error());
        records.push_back(std::move(*record));
    }
    return records;
}

WriteOutcome write_registry(PostgresConnection& connection, const core::RegistryWrite& write) {
    auto outcome = write_once(connection, write);
    // Somebody's hand put the row in between our look and our write: look again, then say whose.
    const bool raced = !outcome && outcome.error().sqlstate == "23505";
    return raced ? write_once(connection, write) : std::move(outcome);
}

PostgresResult<std::vector<core::SymbolChange>> read_history(PostgresConnection& connection,
                                                             const CanonicalSymbol& symbol) {
    const auto rows = connection.query(
        fmt::format("SELECT {}, field, value_before, value_after, who, why, evidence "
                    "FROM janus.symbol_history WHERE symbol_id = "
                    "(SELECT id FROM janus.symbol_registry WHERE canonical_symbol = $1) "
                    "ORDER BY id",
                    fmt::format(microseconds_of, "changed_at")),
        {symbol.text()});
    if (!rows) return std::unexpected(rows.error());
    std::vector<core::SymbolChange> changes;
    for (int row = 0; row < rows->size(); ++row) {
        const auto text = [&](int column) { return std::string(rows->text(row, column)); };
        changes.push_back({
            to_utc(rows->text(row, 0)), text(1), text(2), text(3), {text(4), text(5), text(6)}
        });
    }
    return changes;
}

}  // namespace janus::store
