#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "core/stores.hpp"
#include "store/journal_state.hpp"
#include "store/sqlite_database.hpp"

namespace janus::store {

/// The steps that lead from an empty database to today's journal. A journal has taken as many of
/// them as its `PRAGMA user_version` says; a step, once released, never changes.
std::span<const std::string_view> journal_steps();

/// Writes records into the journal's tables, within the caller's transaction.
class JournalRows {
 public:
    explicit JournalRows(SqliteDatabase& database) : database_(database) {}
    SqliteResult<void> write(const core::JournalRecord& record);
    /// Counts the commits: the number of the one under way. Compared after a failed commit.
    SqliteResult<void> write_commit_number(std::int64_t number);

 private:
    SqliteResult<void> write_one(const core::OrderRecord& record);
    SqliteResult<void> write_one(const core::OrderHistoryRecord& record);
    SqliteResult<void> write_one(const core::ExecutionRecord& record);
    SqliteResult<void> write_one(const core::NumberRecord& record);
    SqliteResult<void> write_one(const core::HaltRecord& record);
    SqliteResult<void> write_one(const core::AuditRecord& record);
    SqliteResult<void> write_one(const core::DefaultAccountRecord& record);
    /// The prepared statement of this text; kept for the next record of its kind.
    SqliteResult<SqliteStatement*> statement(const char* sql);

    SqliteDatabase& database_;
    std::map<const char*, SqliteStatement> statements_;
};

/// Everything that the tables hold. Errors: `Malformed`, naming table and row.
Result<core::JournalContents> read_journal(SqliteDatabase& database);
SqliteResult<std::int64_t> read_commit_number(SqliteDatabase& database);

}  // namespace janus::store
