#include "store/sqlite_journal.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/bounded_queue.hpp"
#include "store/directory_lock.hpp"
#include "store/journal_rows.hpp"

namespace janus::store {
namespace {

std::string journal_file(const std::string& directory) {
    return directory + "/journal.db";
}

/// What SQLite says, as the house says it.
Error to_error(const SqliteProblem& problem, const std::string& path) {
    switch (problem.code & 0xff) {
        case SQLITE_FULL:
            return {ErrorCode::Unavailable,
                    fmt::format("journal_full: no space for the order journal '{}'", path)};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {ErrorCode::Malformed,
                    fmt::format("journal '{}' is damaged ({}); restore it from a copy, or move it "
                                "away together with its -wal file and compare with the broker",
                                path, problem.message)};
        default:
            return {ErrorCode::Unavailable,
                    fmt::format("journal_failed: '{}': {}", path, problem.message)};
    }
}

/// Makes a new file's name durable. A file system that cannot do it has nothing better to offer.
void sync_directory(const std::string& directory) {
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    ::fsync(descriptor);
    ::close(descriptor);
}

/// Makes the file itself, so that it is nobody else's to read from its first byte on.
Result<void> make_private_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return fail(ErrorCode::Unavailable, "journal '{}' cannot be opened: {}", path,
                    std::strerror(errno));
    ::close(file);
    sync_directory(std::filesystem::path(path).parent_path());
    return {};
}

std::string new_instance_id(Random& random) {
    constexpr std::string_view signs = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::string id;
    while (id.size() < 8) id += signs[random.below(signs.size())];
    return id;
}

SqliteResult<SqliteDatabase> open_database(const std::string& path, const JournalLimits& limits) {
    auto database = SqliteDatabase::open(path);
    if (!database) return database;
    const auto settings = fmt::format(
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
        "PRAGMA max_page_count = {}",
        limits.pages_max);
    if (auto set = database->execute(settings); !set) return std::unexpected(set.error());
    const auto mode = database->value("PRAGMA journal_mode");
    if (!mode) return std::unexpected(mode.error());
    if (*mode != "wal")
        return std::unexpected(
            SqliteProblem{SQLITE_ERROR, "no write-ahead log on this file system"});
    return database;
}

/// Reads every page. Errors: SQLITE_CORRUPT, with the first finding.
SqliteResult<void> check_integrity(SqliteDatabase& database) {
    const auto finding = database.value("PRAGMA integrity_check(1)");
    if (!finding) return std::unexpected(finding.error());
    if (*finding == "ok") return {};
    return std::unexpected(SqliteProblem{SQLITE_CORRUPT, finding->value_or("no answer")});
}

/// Takes the steps that the file has not taken yet, all or none of them.
SqliteResult<void> take_steps(SqliteDatabase& database, std::size_t taken, Random& random) {
    const auto steps = journal_steps();
    std::string sql = "BEGIN IMMEDIATE; ";
    for (const auto& step : steps.subspan(taken)) sql += step;
    if (taken == 0)
        sql +=
            fmt::format("INSERT INTO meta VALUES ('instance_id', '{}'); ", new_instance_id(random));
    return database.execute(fmt::format("{} PRAGMA user_version = {}; COMMIT", sql, steps.size()));
}

/// A journal of our version, made when the file is empty, brought forward when it is older.
Result<void> prepare_tables(SqliteDatabase& database, const std::string& path, Random& random) {
    const auto version = database.value("PRAGMA user_version");
    if (!version) return std::unexpected(to_error(version.error(), path));
    const auto tables = database.value("SELECT count(*) FROM sqlite_master");
    if (!tables) return std::unexpected(to_error(tables.error(), path));
    const auto newest = journal_steps().size();
    std::size_t taken = newest + 1;
    const auto& text = version->value_or("?");
    std::from_chars(text.data(), text.data() + text.size(), taken);
    const bool foreign = taken == 0 && *tables != "0";
    if (foreign || taken > newest)
        return fail(ErrorCode::Invalid, "journal '{}' has version {}, this program reads {}", path,
                    text, newest);
    if (taken == newest) return {};
    if (auto made = take_steps(database, taken, random); !made)
        return std::unexpected(to_error(made.error(), path));
    return {};
}

std::string recovery_of(const std::string& path) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(path + "-wal", missing);
    if (missing || size == 0) return {};
    return fmt::format("journal '{}' was not closed; its write-ahead log of {} bytes was recovered",
                       path, size);
}

}  // namespace

struct SqliteJournal::Parts {
    Parts(std::string path_in, JournalLimits limits_in, DirectoryLock lock_in,
          SqliteDatabase database_in, Deliver deliver_in, Log& log_in)
        : path(std::move(path_in)),
          limits(limits_in),
          lock(std::move(lock_in)),
          database(std::move(database_in)),
          deliver(std::move(deliver_in)),
          log(log_in) {
        rows.emplace(*database);
    }
    ~Parts() {
        queue.close();
        if (worker.joinable()) worker.join();
    }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    void start() {
        worker = std::thread([this] { work(); });
    }
    void work() {
        for (auto batch = queue.pop_batch(batch_size_max); !batch.empty();
             batch = queue.pop_batch(batch_size_max))
            commit_batch(batch);
    }
    void commit_batch(const std::vector<core::JournalAppend>& batch);
    Result<void> commit(const std::vector<core::JournalAppend>& batch);
    SqliteResult<void> write(const std::vector<core::JournalAppend>& batch);
    Result<void> settle(const SqliteProblem& problem);
    Result<std::int64_t> reopen();
    /// True when no transaction is left open.
    bool roll_back() {
        static_cast<void>(database->execute("ROLLBACK"));  // SQLite may have done it already.
        return !database->in_transaction();
    }
    void distrust() {
        rows.reset();
        if (database) database->keep_log_on_close();
        database.reset();
    }

    const std::string path;
    const JournalLimits limits;
    DirectoryLock lock;
    std::optional<SqliteDatabase> database;  ///< Nothing while it is not trusted.
    std::optional<JournalRows> rows;
    std::int64_t committed{0};  ///< Number of the last commit that is proven durable.
    Deliver deliver;
    Log& log;
    BoundedQueue<core::JournalAppend> queue{mailbox_size_max};
    std::thread worker;
};

void SqliteJournal::Parts::commit_batch(const std::vector<core::JournalAppend>& batch) {
    const auto together = commit(batch);
    const bool alone = batch.size() == 1;
    if (together || alone || !database) {
        for (const auto& request : batch) deliver({request.token, together});
        return;
    }
    // One of them may be what does not fit; the others must not fail with it.
    for (const auto& request : batch) deliver({request.token, commit({request})});
}

Result<void> SqliteJournal::Parts::commit(const std::vector<core::JournalAppend>& batch) {
    if (!database) {
        const auto number = reopen();
        if (!number) return std::unexpected(number.error());
        if (*number != committed)
            log.write(LogLevel::Warning, "journal holds a commit that was reported as failed");
        committed = *number;
        log.write(LogLevel::Info, fmt::format("journal works again commit={}", committed));
    }
    if (auto written = write(batch); !written) return settle(written.error());
    ++committed;
    return {};
}

SqliteResult<void> SqliteJournal::Parts::write(const std::vector<core::JournalAppend>& batch) {
    if (auto begun = database->execute("BEGIN IMMEDIATE"); !begun) return begun;
    for (const auto& request : batch)
        for (const auto& record : request.records)
            if (auto written = rows->write(record); !written) return written;
    if (auto numbered = rows->write_commit_number(committed + 1); !numbered) return numbered;
    return database->execute("COMMIT");
}

/// After a failed commit: only what a fresh look at the file proves counts.
Result<void> SqliteJournal::Parts::settle(const SqliteProblem& problem) {
    const auto error = to_error(problem, path);
    log.write(LogLevel::Error, error.message);
    // A full disk leaves the file as it was; everything else is looked at afresh.
    if ((problem.code & 0xff) == SQLITE_FULL && roll_back()) return std::unexpected(error);
    distrust();
    const auto number = reopen();
    if (!number) return std::unexpected(error);
    if (*number == committed) return std::unexpected(error);
    committed = *number;  // The commit is in the file after all, and was synced while reopening.
    return {};
}

/// Opens the file afresh, checks every page and moves the log into the file, which syncs what an
/// earlier failed sync may have lost. Returns the number of its last commit.
Result<std::int64_t> SqliteJournal::Parts::reopen() {
    const auto failed = [this](const SqliteProblem& problem) {
        distrust();
        return std::unexpected(to_error(problem, path));
    };
    auto opened = open_database(path, limits);
    if (!opened) return failed(opened.error());
    database = std::move(*opened);
    if (auto whole = check_integrity(*database); !whole) return failed(whole.error());
    if (auto synced = database->execute("PRAGMA wal_checkpoint(TRUNCATE)"); !synced)
        return failed(synced.error());
    const auto number = read_commit_number(*database);
    if (!number) return failed(number.error());
    if (*number != committed && *number != committed + 1)
        return failed({SQLITE_CORRUPT,
                       fmt::format("commit {} was expected and {} was found", committed, *number)});
    rows.emplace(*database);
    return *number;
}

Result<SqliteJournal::Opened> SqliteJournal::open(const std::string& directory, Deliver deliver,
                                                  Random& random, Log& log, JournalLimits limits) {
    auto lock = DirectoryLock::acquire(directory);
    if (!lock) return std::unexpected(lock.error());
    const auto path = journal_file(directory);
    if (auto made = make_private_file(path); !made) return std::unexpected(made.error());
    auto recovered = recovery_of(path);
    auto database = open_database(path, limits);
    if (!database) return std::unexpected(to_error(database.error(), path));
    if (auto whole = check_integrity(*database); !whole)
        return std::unexpected(to_error(whole.error(), path));
    if (auto ready = prepare_tables(*database, path, random); !ready)
        return std::unexpected(ready.error());
    auto contents = read_journal(*database);
    if (!contents)
        return fail(ErrorCode::Malformed, "journal '{}': {}", path, contents.error().message);
    const auto number = read_commit_number(*database);
    if (!number) return std::unexpected(to_error(number.error(), path));
    auto parts = std::make_unique<Parts>(path, limits, std::move(*lock), std::move(*database),
                                         std::move(deliver), log);
    parts->committed = *number;
    parts->start();
    std::unique_ptr<SqliteJournal> journal(new SqliteJournal(std::move(parts)));
    return Opened{std::move(journal), std::move(*contents), std::move(recovered)};
}

SqliteJournal::SqliteJournal(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SqliteJournal::~SqliteJournal() = default;

void SqliteJournal::append(core::JournalAppend request) {
    const auto token = request.token;
    if (parts_->queue.try_push(std::move(request))) return;
    parts_->deliver(
        {token, fail(ErrorCode::Unavailable, "journal_busy: {} appends wait", mailbox_size_max)});
}

}  // namespace janus::store
