#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace janus::store {

/// A problem of SQLite: its code, and a sentence.
struct SqliteProblem {
    int code{0};
    std::string message;
};
template <typename T>
using SqliteResult = std::expected<T, SqliteProblem>;

/// One prepared statement; parameters and columns count from 0. Used by one thread at a time.
class SqliteStatement {
 public:
    SqliteStatement() = default;
    SqliteStatement(sqlite3* database, sqlite3_stmt* statement)
        : database_(database), statement_(statement) {}

    /// Binds the next parameter, in order.
    SqliteStatement& bind(std::int64_t value);
    SqliteStatement& bind(std::string_view value);
    SqliteStatement& bind_null();
    /// Runs to the end and is ready for the next binding.
    SqliteResult<void> run();
    /// True while there is a row to read.
    SqliteResult<bool> step();

    std::int64_t integer(int column) const;
    std::string text(int column) const;
    bool is_null(int column) const;

 private:
    struct Finalizer {
        void operator()(sqlite3_stmt* statement) const;
    };
    sqlite3* database_{nullptr};
    std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
    int bound_{0};
};

/// An SQLite database that this process alone has open. Statements must be gone before it.
class SqliteDatabase {
 public:
    static SqliteResult<SqliteDatabase> open(const std::string& path);

    /// Runs statements that return nothing of interest.
    SqliteResult<void> execute(const std::string& sql);
    SqliteResult<SqliteStatement> prepare(std::string_view sql);
    /// The first column of the first row; nothing when there is no row.
    SqliteResult<std::optional<std::string>> value(std::string_view sql);
    bool in_transaction() const;
    /// Closing leaves the write-ahead log as it is: for a file that is not trusted.
    void keep_log_on_close();

 private:
    struct Closer {
        void operator()(sqlite3* database) const;
    };
    explicit SqliteDatabase(sqlite3* database) : database_(database) {}
    std::unique_ptr<sqlite3, Closer> database_;
};

}  // namespace janus::store
