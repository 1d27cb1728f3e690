#include "store/sqlite_database.hpp"

#include <sqlite3.h>

namespace janus::store {
namespace {

std::unexpected<SqliteProblem> problem(sqlite3* database) {
    return std::unexpected(
        SqliteProblem{sqlite3_extended_errcode(database), sqlite3_errmsg(database)});
}

}  // namespace

void SqliteStatement::Finalizer::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

SqliteStatement& SqliteStatement::bind(std::int64_t value) {
    sqlite3_bind_int64(statement_.get(), ++bound_, value);
    return *this;
}

SqliteStatement& SqliteStatement::bind(std::string_view value) {
    // A null pointer would be NULL, and an empty view may have one.
    const char* bytes = value.empty() ? "" : value.data();
    sqlite3_bind_text(statement_.get(), ++bound_, bytes, static_cast<int>(value.size()),
                      SQLITE_TRANSIENT);
    return *this;
}

SqliteStatement& SqliteStatement::bind_null() {
    sqlite3_bind_null(statement_.get(), ++bound_);
    return *this;
}

SqliteResult<void> SqliteStatement::run() {
    const int code = sqlite3_step(statement_.get());
    const bool done = code == SQLITE_DONE || code == SQLITE_ROW;
    const auto failed = problem(database_);
    sqlite3_reset(statement_.get());
    bound_ = 0;
    if (done) return {};
    return failed;
}

SqliteResult<bool> SqliteStatement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return problem(database_);
}

std::int64_t SqliteStatement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

std::string SqliteStatement::text(int column) const {
    const auto* bytes = sqlite3_column_text(statement_.get(), column);
    if (bytes == nullptr) return {};
    const auto size = sqlite3_column_bytes(statement_.get(), column);
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

bool SqliteStatement::is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void SqliteDatabase::Closer::operator()(sqlite3* database) const {
    sqlite3_close_v2(database);
}

SqliteResult<SqliteDatabase> SqliteDatabase::open(const std::string& path) {
    sqlite3* raw = nullptr;
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    SqliteDatabase database(raw);
    if (code != SQLITE_OK) return problem(raw);
    return database;
}

SqliteResult<void> SqliteDatabase::execute(const std::string& sql) {
    if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK)
        return {};
    return problem(database_.get());
}

SqliteResult<SqliteStatement> SqliteDatabase::prepare(std::string_view sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code != SQLITE_OK) return problem(database_.get());
    return SqliteStatement(database_.get(), raw);
}

SqliteResult<std::optional<std::string>> SqliteDatabase::value(std::string_view sql) {
    auto statement = prepare(sql);
    if (!statement) return std::unexpected(statement.error());
    const auto row = statement->step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::nullopt;
    return statement->text(0);
}

bool SqliteDatabase::in_transaction() const {
    return sqlite3_get_autocommit(database_.get()) == 0;
}

void SqliteDatabase::keep_log_on_close() {
    sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

}  // namespace janus::store
