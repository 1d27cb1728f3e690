#include "store/postgres_registry.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "store/postgres_connection.hpp"
#include "store/schema_steps.hpp"
#include "store/test_postgres.hpp"
#include "store/test_records.hpp"

namespace janus::store {
namespace {

namespace files = std::filesystem;

/// The output of a command of this repository; the test program ends when it fails.
std::string output_of(const std::string& command) {
    auto* pipe = ::popen(command.c_str(), "r");
    std::string text;
    std::array<char, 512> part{};
    while (std::fgets(part.data(), part.size(), pipe) != nullptr) text += part.data();
    if (::pclose(pipe) != 0) {
        std::fprintf(stderr, "failed: %s\n", command.c_str());
        std::exit(1);
    }
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

/// A server of our own for when the caller gave none.
class PrivateServer {
 public:
    PrivateServer() {
        auto pattern = (files::temp_directory_path() / "janus-pg-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        output_of(script() + " start --fast " + folder_);
    }
    ~PrivateServer() {
        output_of(script() + " remove " + folder_);
        std::error_code ignored;
        files::remove_all(folder_, ignored);
    }
    PrivateServer(const PrivateServer&) = delete;
    PrivateServer& operator=(const PrivateServer&) = delete;
    std::string url() const { return output_of(script() + " url " + folder_); }

 private:
    static std::string script() { return JANUS_SOURCE_DIR "/scripts/postgres"; }
    std::string folder_;
};

const std::string& server_url() {
    static const char* given = std::getenv("JANUS_TEST_POSTGRES");
    static const auto own = given ? nullptr : std::make_unique<PrivateServer>();
    static const std::string url = given ? given : own->url();
    return url;
}

/// The address with another database in it.
std::string with_database(std::string url, const std::string& name) {
    const auto slash = url.find('/', url.find("://") + 3);
    const auto end = url.find('?', slash);
    return url.replace(slash + 1, (end == std::string::npos ? url.size() : end) - slash - 1, name);
}

PostgresConnection connect(const std::string& url) {
    auto connection = PostgresConnection::connect(Secret(url), std::chrono::seconds(10),
                                                  std::chrono::seconds(20));
    if (!connection) {
        std::fprintf(stderr, "no test database: %s\n", connection.error().message.c_str());
        std::exit(1);
    }
    return std::move(*connection);
}

std::string run_on(const std::string& url, const std::string& sql) {
    const auto rows = connect(url).query(sql);
    EXPECT_TRUE(rows) << sql << ": " << rows.error().message;
    return rows && rows->size() > 0 ? std::string(rows->text(0, 0)) : "";
}

/// The value of a part of the address, e.g. its host.
std::string part_of(const std::string& url, const std::string& name) {
    const auto at = url.find(name + "=");
    if (at == std::string::npos) return "";
    const auto from = at + name.size() + 1;
    return url.substr(from, url.find('&', from) - from);
}

}  // namespace

TestDatabase::TestDatabase() {
    static std::atomic<int> count{0};
    name_ = fmt::format("janus_test_{}_{}", ::getpid(), ++count);
    run_on(server_url(), "CREATE DATABASE " + name_);
    url_ = with_database(server_url(), name_);
}

TestDatabase::~TestDatabase() {
    run_on(server_url(), "DROP DATABASE " + name_ + " WITH (FORCE)");
}

std::string TestDatabase::run(const std::string& sql) const {
    return run_on(url_, sql);
}

CommitCutter::CommitCutter(const std::string& url) {
    auto pattern = (files::temp_directory_path() / "janus-cut-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    const auto host = part_of(url, "host");
    const auto port = part_of(url, "port").empty() ? "5432" : part_of(url, "port");
    url_ = url;
    url_.replace(url_.find(host), host.size(), folder_);
    const auto answers = folder_ + "/answers";
    const auto script = std::string(JANUS_SOURCE_DIR "/tests/commit_cutter.py");
    ::mkfifo(answers.c_str(), 0600);
    const auto socket = "/.s.PGSQL." + port;
    orders_ = ::popen(
        (script + " " + folder_ + socket + " " + host + socket + " >" + answers).c_str(), "w");
    answers_ = std::fopen(answers.c_str(), "r");
    expect("ready");
}

CommitCutter::~CommitCutter() {
    ::pclose(orders_);
    std::fclose(answers_);
    std::error_code ignored;
    files::remove_all(folder_, ignored);
}

void CommitCutter::cut_next(Cut cut) {
    std::fputs(cut == Cut::BeforeCommit ? "before\n" : "after\n", orders_);
    std::fflush(orders_);
    expect("armed");
}

void CommitCutter::expect(const std::string& answer) {
    std::array<char, 64> line{};
    const auto* read = std::fgets(line.data(), line.size(), answers_);
    EXPECT_TRUE(read != nullptr && std::string(read) == answer + "\n");
}

namespace {

class Registry : public testing::Test {
 protected:
    PostgresSettings settings(const std::string& url) const {
        PostgresSettings made;
        made.url = Secret(url);
        made.retry_min = std::chrono::milliseconds(20);
        made.retry_max = std::chrono::milliseconds(100);
        made.check_interval = std::chrono::milliseconds(50);
        return made;
    }
    Result<std::vector<core::SymbolRecord>> open(const std::string& url) {
        auto opened = PostgresRegistry::open(
            settings(url), [this](core::RegistryReply reply) { replies.push(std::move(reply)); },
            log);
        if (!opened) return std::unexpected(opened.error());
        store = std::move(opened->store);
        return opened->records;
    }
    Result<std::vector<core::SymbolRecord>> open() { return open(database.url()); }
    void migrate_and_open() {
        ASSERT_TRUE(migrate(settings(database.url())));
        const auto records = open();
        ASSERT_TRUE(records) << records.error().message;
    }
    template <typename Reply>
    std::optional<Reply> wait() {
        while (auto reply = replies.wait()) {
            if (auto* wanted = std::get_if<Reply>(&*reply)) return std::move(*wanted);
            passed.push_back(std::get<core::RegistryStateChanged>(*reply));
        }
        return std::nullopt;
    }
    Result<core::SymbolRecord> write(core::RegistryWrite what) {
        store->submit(std::move(what));
        const auto reply = wait<core::RegistryWritten>();
        if (!reply) return fail(ErrorCode::Internal, "no reply");
        return reply->outcome;
    }
    std::vector<core::SymbolChange> history(const std::string& symbol) {
        store->submit(core::HistoryRequest{{9}, symbol_of(symbol)});
        const auto reply = wait<core::HistoryReply>();
        return reply && reply->outcome ? *reply->outcome : std::vector<core::SymbolChange>{};
    }
    void terminate_sessions() const {
        database.run(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname "
            "= current_database() AND pid <> pg_backend_pid()");
    }
    /// Waits until the database is back, as the store tells it.
    core::RegistryStateChanged wait_until_back() {
        while (const auto change = wait<core::RegistryStateChanged>())
            if (change->available) return *change;
        ADD_FAILURE() << "the database never came back";
        return {};
    }

    TestDatabase database;
    NoLog log;
    Replies<core::RegistryReply> replies;
    std::vector<core::RegistryStateChanged> passed;
    std::unique_ptr<PostgresRegistry> store;
};

TEST_F(Registry, MigratesOnceAndSaysTheVersion) {
    EXPECT_EQ(migrate(settings(database.url())), schema_version());
    EXPECT_EQ(migrate(settings(database.url())), schema_version());
    EXPECT_EQ(database.run("SELECT count(*) FROM janus.schema_version"),
              std::to_string(schema_steps().size()));
}

TEST_F(Registry, FourMigrationsAtOnceGiveOneSchema) {
    std::vector<std::thread> threads;
    std::atomic<int> right{0};
    for (int i = 0; i < 4; ++i)
        threads.emplace_back(
            [&] { right += migrate(settings(database.url())) == schema_version(); });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(right, 4);
}

TEST_F(Registry, WritesARowWithItsHistoryAndReadsItAtTheNextStart) {
    migrate_and_open();
    auto first = fill_id("AAPL", "ib", "265598");
    first.description = "Apple 'Inc'; DROP TABLE janus.symbol_registry;--";
    const auto row = write(first);
    ASSERT_TRUE(row) << row.error().message;
    const auto both = write(fill_id("AAPL", "webull", "AAPL"));
    ASSERT_TRUE(both);
    EXPECT_EQ(both->id, row->id);
    EXPECT_EQ(both->native_ids.at("ib").value, "265598");
    EXPECT_GE(both->updated, both->created);
    const auto changes = history("AAPL");
    ASSERT_EQ(changes.size(), 3U);
    EXPECT_EQ(changes[0].field, "created");
    EXPECT_EQ(changes[2].field, "webull_ticker");
    EXPECT_EQ(changes[2].provenance.evidence, "one match");
    store.reset();
    const auto records = open();
    ASSERT_TRUE(records);
    EXPECT_EQ(*records, std::vector<core::SymbolRecord>{*both});
}

TEST_F(Registry, TheSameWriteAgainChangesNothing) {
    migrate_and_open();
    const auto first = write(fill_id("AAPL", "ib", "265598"));
    const auto again = write(fill_id("AAPL", "ib", "265598"));
    ASSERT_TRUE(first && again);
    EXPECT_EQ(*first, *again);
    EXPECT_EQ(history("AAPL").size(), 2U);
}

TEST_F(Registry, AnIdOfAnotherSymbolIsAConflictThatNamesBothAndChangesNothing) {
    migrate_and_open();
    ASSERT_TRUE(write(fill_id("MSFT", "ib", "265598")));
    const auto refused = write(fill_id("AAPL", "ib", "265598"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Conflict);
    EXPECT_NE(refused.error().message.find("AAPL"), std::string::npos);
    EXPECT_NE(refused.error().message.find("MSFT"), std::string::npos);
    EXPECT_EQ(database.run("SELECT count(*) FROM janus.symbol_registry"), "1");
    EXPECT_TRUE(write(fill_id("AAPL", "ib", "1"))) << "and it works again";
}

TEST_F(Registry, MapReplacesAndUnmapClearsAndTheHistoryKeepsAll) {
    migrate_and_open();
    ASSERT_TRUE(write(fill_id("AAPL", "ib", "111")));
    EXPECT_FALSE(write(fill_id("AAPL", "ib", "222")));
    ASSERT_TRUE(write(with_kind(core::RegistryWriteKind::Map, fill_id("AAPL", "ib", "222"))));
    const auto cleared =
        write(with_kind(core::RegistryWriteKind::Unmap, fill_id("AAPL", "ib", "")));
    ASSERT_TRUE(cleared);
    EXPECT_TRUE(cleared->native_ids.empty());
    const auto changes = history("AAPL");
    ASSERT_EQ(changes.size(), 4U);
    EXPECT_EQ(changes[2].before, "111");
    EXPECT_EQ(changes[3].before, "222");
    EXPECT_EQ(changes[3].after, "");
}

TEST_F(Registry, TheHistoryTakesNoChange) {
    migrate_and_open();
    ASSERT_TRUE(write(fill_id("AAPL", "ib", "111")));
    auto admin = connect(database.url());
    for (const auto* sql : {"UPDATE janus.symbol_history SET who = 'x'",
                            "DELETE FROM janus.symbol_history", "TRUNCATE janus.symbol_history"})
        EXPECT_FALSE(admin.query(sql)) << sql;
}

TEST_F(Registry, OneServerOwnsADatabaseAndTheSecondNamesIt) {
    migrate_and_open();
    const auto second = PostgresRegistry::open(settings(database.url()), [](auto) {}, log);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::Conflict);
    EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos)
        << second.error().message;
    TestDatabase other;
    ASSERT_TRUE(migrate(settings(other.url())));
    EXPECT_TRUE(PostgresRegistry::open(
        settings(other.url()), [](auto) {}, log))
        << "another database is free";
}

TEST_F(Registry, ADatabaseWithoutOurSchemaSaysHowToGetIt) {
    const auto refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Invalid);
    EXPECT_NE(refused.error().message.find("--migrate-only"), std::string::npos);
}

TEST_F(Registry, AnOlderANewerAndABrokenSchemaAreRefused) {
    ASSERT_TRUE(migrate(settings(database.url())));
    database.run("UPDATE janus.schema_version SET version = 0");
    EXPECT_EQ(open().error().code, ErrorCode::Invalid);
    database.run("UPDATE janus.schema_version SET version = 99");
    EXPECT_EQ(open().error().code, ErrorCode::Invalid);
    EXPECT_EQ(migrate(settings(database.url())).error().code, ErrorCode::Conflict);
    database.run("UPDATE janus.schema_version SET version = 1");
    database.run("ALTER TABLE janus.symbol_registry DROP COLUMN ib_conid");
    const auto broken = open();
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().code, ErrorCode::Invalid);
    EXPECT_NE(broken.error().message.find("ib_conid"), std::string::npos);
}

TEST_F(Registry, ARoleWithoutTheRightToWriteIsRefusedAtStart) {
    ASSERT_TRUE(migrate(settings(database.url())));
    database.run(
        "DO $$ BEGIN CREATE ROLE janus_reader LOGIN; EXCEPTION WHEN duplicate_object THEN "
        "NULL; END $$");
    database.run("GRANT USAGE ON SCHEMA janus TO janus_reader");
    database.run("GRANT SELECT ON ALL TABLES IN SCHEMA janus TO janus_reader");
    auto url = database.url();
    const auto user = "user=" + part_of(url, "user");
    url.replace(url.find(user), user.size(), "user=janus_reader");
    const auto refused = open(url);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Denied) << refused.error().message;
}

TEST_F(Registry, WhatCannotBeReachedNeverShowsThePassword) {
    for (const auto* url :
         {"postgresql://me:hunter22@127.0.0.1:1/janus", "host=/nowhere password=hunter22",
          "postgresql://me:hunter22@[/janus", "user me password hunter22"}) {
        for (const auto& error : {open(url).error(), migrate(settings(url)).error()}) {
            EXPECT_EQ(error.code, ErrorCode::Unavailable) << error.message;
            EXPECT_EQ(error.message.find("hunter22"), std::string::npos) << error.message;
            EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
        }
    }
}

TEST_F(Registry, AnEndedSessionIsReplacedAndTheTableReadAfresh) {
    migrate_and_open();
    ASSERT_TRUE(write(fill_id("AAPL", "ib", "265598")));
    terminate_sessions();
    const auto away = wait<core::RegistryStateChanged>();
    ASSERT_TRUE(away);
    EXPECT_FALSE(away->available);
    const auto back = wait_until_back();
    ASSERT_EQ(back.records.size(), 1U);
    EXPECT_EQ(back.records[0].symbol.text(), "AAPL");
    EXPECT_TRUE(write(fill_id("MSFT", "ib", "272093"))) << "and it works again";
}

TEST_F(Registry, AWriteWhoseCommitIsCutIsDoneExactlyOnce) {
    ASSERT_TRUE(migrate(settings(database.url())));
    CommitCutter cutter(database.url());
    ASSERT_TRUE(open(cutter.url()));
    int conid = 100;
    for (const auto cut : {CommitCutter::Cut::BeforeCommit, CommitCutter::Cut::AfterCommit}) {
        const auto symbol = cut == CommitCutter::Cut::BeforeCommit ? "AAPL" : "MSFT";
        cutter.cut_next(cut);
        passed.clear();
        const auto row = write(fill_id(symbol, "ib", std::to_string(++conid)));
        if (!row) {
            // The old session still held the lock; the store says so and gets it back by itself.
            EXPECT_EQ(row.error().code, ErrorCode::Unavailable);
            wait_until_back();
            ASSERT_TRUE(write(fill_id(symbol, "ib", std::to_string(conid))));
        }
        EXPECT_EQ(history(symbol).size(), 2U) << "created, ib_conid: each once";
    }
    EXPECT_EQ(database.run("SELECT count(*) FROM janus.symbol_registry"), "2");
    store.reset();
}

TEST_F(Registry, AReadOnlyDatabaseIsLeftAndFoundAgain) {
    migrate_and_open();
    database.run("ALTER DATABASE " + database.name() + " SET default_transaction_read_only = on");
    terminate_sessions();
    bool said = false;
    while (!said) {
        const auto away = wait<core::RegistryStateChanged>();
        ASSERT_TRUE(away);
        ASSERT_FALSE(away->available);
        said = away->reason.starts_with("registry_read_only");
    }
    const auto refused = write(fill_id("AAPL", "ib", "265598"));
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().message.starts_with("registry_read_only"))
        << refused.error().message;
    auto admin = connect(database.url());
    ASSERT_TRUE(admin.query("SET default_transaction_read_only = off"));
    ASSERT_TRUE(
        admin.query("ALTER DATABASE " + database.name() + " RESET default_transaction_read_only"));
    wait_until_back();
    EXPECT_TRUE(write(fill_id("AAPL", "ib", "265598")));
}

TEST_F(Registry, ALockedTableEndsTheStatementAndNotTheSession) {
    ASSERT_TRUE(migrate(settings(database.url())));
    auto quick = settings(database.url());
    quick.statement_timeout = std::chrono::milliseconds(150);
    auto opened = PostgresRegistry::open(
        quick, [this](core::RegistryReply reply) { replies.push(std::move(reply)); }, log);
    ASSERT_TRUE(opened);
    store = std::move(opened->store);
    auto blocker = connect(database.url());
    ASSERT_TRUE(blocker.query("BEGIN"));
    ASSERT_TRUE(blocker.query("LOCK TABLE janus.symbol_registry IN ACCESS EXCLUSIVE MODE"));
    const auto slow = write(fill_id("AAPL", "ib", "265598"));
    ASSERT_FALSE(slow);
    EXPECT_TRUE(slow.error().message.starts_with("registry_slow")) << slow.error().message;
    ASSERT_TRUE(blocker.query("ROLLBACK"));
    EXPECT_TRUE(write(fill_id("AAPL", "ib", "265598")));
    EXPECT_TRUE(passed.empty()) << "the session was never given up";
}

TEST_F(Registry, EveryRequestIsAnsweredBeforeTheStoreEnds) {
    migrate_and_open();
    for (std::uint64_t i = 1; i <= 50; ++i) store->submit(fill_id("AAPL", "ib", "265598", i));
    store.reset();
    for (std::uint64_t i = 1; i <= 50; ++i) EXPECT_TRUE(wait<core::RegistryWritten>()->outcome);
}

}  // namespace
}  // namespace janus::store
