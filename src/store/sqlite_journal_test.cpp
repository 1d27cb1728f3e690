#include "store/sqlite_journal.hpp"

#include <sqlite3.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "store/journal_rows.hpp"
#include "store/sqlite_database.hpp"
#include "store/test_records.hpp"

namespace {

std::atomic<int> syncs{0};
std::atomic<bool> syncs_fail{false};

ssize_t full_pwrite(int, const void*, std::size_t, off_t) {
    errno = ENOSPC;
    return -1;
}

}  // namespace

/// Stands before the C library's: SQLite syncs through it, so that a test can count and fail it.
extern "C" int fdatasync(int descriptor) {
    ++syncs;
    if (!syncs_fail) return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
    errno = EIO;
    return -1;
}

namespace janus::store {
namespace {

namespace files = std::filesystem;

class JournalFile : public testing::Test {
 protected:
    JournalFile() {
        auto pattern = (files::temp_directory_path() / "janus-journal-XXXXXX").string();
        directory = ::mkdtemp(pattern.data());
    }
    ~JournalFile() override {
        syncs_fail = false;
        set_disk_full(false);
        journal.reset();
        std::error_code ignored;
        files::remove_all(directory, ignored);
    }
    Result<core::JournalContents> open(const std::string& where, JournalLimits limits = {}) {
        journal.reset();
        auto opened = SqliteJournal::open(
            where, [this](core::JournalAppended reply) { replies.push(std::move(reply)); }, random,
            log, limits);
        if (!opened) return std::unexpected(opened.error());
        journal = std::move(opened->journal);
        recovered = opened->recovered;
        return opened->contents;
    }
    Result<core::JournalContents> open() { return open(directory); }
    Result<void> append(std::vector<core::JournalRecord> records) {
        journal->append({{++token}, std::move(records)});
        const auto reply = replies.wait();
        if (!reply || reply->token.value != token) return fail(ErrorCode::Internal, "no reply");
        return reply->outcome;
    }
    Result<void> append_order(std::uint64_t id) {
        return append({
            core::OrderRecord{sample_order(id)},
            core::OrderHistoryRecord{{id}, {}, "accepted", ""}
        });
    }
    static void set_disk_full(bool full) {
        auto* vfs = sqlite3_vfs_find(nullptr);
        const auto call = full ? reinterpret_cast<sqlite3_syscall_ptr>(full_pwrite) : nullptr;
        vfs->xSetSystemCall(vfs, "pwrite64", call);
        vfs->xSetSystemCall(vfs, "pwrite", call);
    }
    /// Runs in a child that ends as if killed: nothing is closed.
    template <typename Work>
    void in_killed_child(Work work) {
        const auto child = ::fork();
        if (child == 0) {
            work();
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }

    std::string directory;
    NoLog log;
    Random random{1};
    Replies<core::JournalAppended> replies;
    std::uint64_t token{0};
    std::string recovered;
    std::unique_ptr<SqliteJournal> journal;
};

TEST_F(JournalFile, EveryRecordComesBackAsItWas) {
    ASSERT_TRUE(open());
    Order plain;
    plain.id = {7};
    const core::HaltRecord halt{"ib_main", true, "fat finger", "operator",
                                utc_from_milliseconds(5)};
    ASSERT_TRUE(append({
        core::OrderRecord{sample_order(42)},
        core::OrderRecord{plain},
        core::OrderHistoryRecord{{42}, utc_from_milliseconds(1), "accepted", "x"},
        core::ExecutionRecord{sample_execution()},
        core::NumberRecord{"ib", 1007},
        core::NumberRecord{"ib", 1006},
        halt, core::AuditRecord{{}, "me", "halt", "ib_main"},
        core::DefaultAccountRecord{{"ib_main"}}
    }));
    const auto contents = open();
    ASSERT_TRUE(contents) << contents.error().message;
    EXPECT_EQ(contents->orders, (std::vector<Order>{plain, sample_order(42)}));
    ASSERT_EQ(contents->history.size(), 1U);
    EXPECT_EQ(contents->history[0].detail, "x");
    EXPECT_EQ(contents->executions, std::vector<Execution>{sample_execution()});
    EXPECT_EQ(contents->numbers.at("ib"), 1007);
    ASSERT_EQ(contents->halts.size(), 1U);
    EXPECT_TRUE(contents->halts[0].halted);
    EXPECT_EQ(contents->halts[0].at, utc_from_milliseconds(5));
    EXPECT_EQ(contents->default_account, AccountName{"ib_main"});
}

TEST_F(JournalFile, TheInstanceIdIsMadeOnce) {
    const auto first = open();
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_EQ(first->instance_id.size(), 8U);
    const auto again = open();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->instance_id, first->instance_id);
    EXPECT_EQ(recovered, "");
}

TEST_F(JournalFile, ACorrectionReplacesItsExecutionInPlace) {
    ASSERT_TRUE(open());
    auto changed = sample_execution("a");
    ASSERT_TRUE(
        append({core::ExecutionRecord{changed}, core::ExecutionRecord{sample_execution("b")}}));
    changed.commission.reset();
    changed.quantity = {decimal("0")};
    ASSERT_TRUE(append({core::ExecutionRecord{changed}}));
    EXPECT_EQ(open()->executions, (std::vector<Execution>{changed, sample_execution("b")}));
}

TEST_F(JournalFile, AppendsThatWaitShareACommitAndAreAnsweredInOrder) {
    ASSERT_TRUE(open());
    const int before = syncs;
    for (std::uint64_t i = 1; i <= 1000; ++i)
        journal->append({{i}, {core::OrderRecord{sample_order(i)}}});
    for (std::uint64_t i = 1; i <= 1000; ++i) {
        const auto reply = replies.wait();
        ASSERT_TRUE(reply && reply->outcome);
        ASSERT_EQ(reply->token.value, i);
    }
    EXPECT_GT(syncs - before, 0);
    EXPECT_LT(syncs - before, 500);
    EXPECT_EQ(open()->orders.size(), 1000U);
}

TEST_F(JournalFile, OnlyOneProcessOwnsTheDirectory) {
    ASSERT_TRUE(open());
    const auto second = SqliteJournal::open(directory, [](auto) {}, random, log);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::Conflict);
    EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos);
    journal.reset();
    EXPECT_TRUE(open()) << "and it is free again";
}

TEST_F(JournalFile, NobodyElseMayReadIt) {
    ASSERT_TRUE(open());
    ASSERT_TRUE(append_order(1));
    for (const auto& entry : files::directory_iterator(directory)) {
        const auto rights = entry.status().permissions();
        EXPECT_EQ(rights & (files::perms::group_all | files::perms::others_all), files::perms::none)
            << entry.path();
    }
}

TEST_F(JournalFile, WhatWasAnsweredSurvivesAKill) {
    in_killed_child([this] {
        if (!open()) ::_exit(1);
        for (std::uint64_t i = 1; i <= 20; ++i)
            if (!append_order(i)) ::_exit(2);
    });
    const auto contents = open();
    ASSERT_TRUE(contents) << contents.error().message;
    EXPECT_EQ(contents->orders.size(), 20U);
    EXPECT_NE(recovered.find("was recovered"), std::string::npos);
    EXPECT_TRUE(append_order(21)) << "and it works again";
}

TEST_F(JournalFile, AKillInsideCommitsLosesNothingThatWasAnswered) {
    for (int round = 0; round < 5; ++round) {
        int answered[2];
        ASSERT_EQ(::pipe(answered), 0);
        const auto child = ::fork();
        if (child == 0) {
            const auto contents = open();
            if (!contents) ::_exit(1);
            for (std::uint64_t id = contents->orders.size() + 1;; ++id) {
                if (!append_order(id)) ::_exit(2);
                if (::write(answered[1], &id, sizeof id) != sizeof id) ::_exit(3);
            }
        }
        ::close(answered[1]);
        std::uint64_t last = 0;
        for (int i = 0; i <= round * 7 + 3; ++i)
            ASSERT_EQ(::read(answered[0], &last, sizeof last), ssize_t{sizeof last});
        ::kill(child, SIGKILL);
        while (::read(answered[0], &last, sizeof last) == ssize_t{sizeof last}) {}
        ::close(answered[0]);
        ::waitpid(child, nullptr, 0);
        const auto contents = open();
        ASSERT_TRUE(contents) << contents.error().message;
        EXPECT_GE(contents->orders.size(), last);
        EXPECT_EQ(contents->orders.size(), contents->history.size()) << "whole appends only";
        journal.reset();
    }
}

TEST_F(JournalFile, ALogCutAnywhereGivesAPrefixOfWholeAppends) {
    in_killed_child([this] {
        if (!open()) ::_exit(1);
        for (std::uint64_t i = 1; i <= 6; ++i)
            if (!append_order(i)) ::_exit(2);
    });
    const auto log_size = files::file_size(directory + "/journal.db-wal");
    std::size_t fewest = 6;
    const auto torn = directory + "/torn";
    for (std::uintmax_t cut = 0; cut < std::min<std::uintmax_t>(log_size, 30'000); cut += 211) {
        files::remove_all(torn);
        files::create_directory(torn);
        files::copy(directory + "/journal.db", torn + "/journal.db");
        files::copy(directory + "/journal.db-wal", torn + "/journal.db-wal");
        files::resize_file(torn + "/journal.db-wal", log_size - cut);
        const auto contents = open(torn);
        ASSERT_TRUE(contents) << cut << ": " << contents.error().message;
        ASSERT_EQ(contents->orders.size(), contents->history.size()) << cut;
        ASSERT_LE(contents->orders.size(), fewest) << cut;
        fewest = contents->orders.size();
    }
    EXPECT_LT(fewest, 6U);
}

TEST_F(JournalFile, ADamagedFileStopsTheStartAndIsNamed) {
    ASSERT_TRUE(open());
    for (std::uint64_t i = 1; i <= 200; ++i)
        journal->append({{i}, {core::OrderRecord{sample_order(i)}}});
    journal.reset();
    {
        std::fstream file(directory + "/journal.db",
                          std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(3 * 4096);
        file << std::string(8192, '\xff');
    }
    const auto contents = open();
    ASSERT_FALSE(contents);
    EXPECT_EQ(contents.error().code, ErrorCode::Malformed);
    EXPECT_NE(contents.error().message.find(directory + "/journal.db"), std::string::npos);
    EXPECT_NE(contents.error().message.find("restore"), std::string::npos);
}

TEST_F(JournalFile, WhatIsNoDatabaseStopsTheStart) {
    std::ofstream(directory + "/journal.db") << std::string(5000, 'x');
    const auto contents = open();
    ASSERT_FALSE(contents);
    EXPECT_EQ(contents.error().code, ErrorCode::Malformed);
}

TEST_F(JournalFile, AJournalOfANewerVersionIsLeftAlone) {
    ASSERT_TRUE(open());
    journal.reset();
    ASSERT_TRUE(
        SqliteDatabase::open(directory + "/journal.db")->execute("PRAGMA user_version = 3"));
    const auto contents = open();
    ASSERT_FALSE(contents);
    EXPECT_EQ(contents.error().code, ErrorCode::Invalid);
    EXPECT_NE(contents.error().message.find("version 3"), std::string::npos);
}

TEST_F(JournalFile, AnOlderJournalIsBroughtForwardWithWhatItHolds) {
    {
        auto old = SqliteDatabase::open(directory + "/journal.db");
        ASSERT_TRUE(old);
        ASSERT_TRUE(old->execute(std::string(journal_steps().front()) + R"sql(
            INSERT INTO meta VALUES ('instance_id', 'ab12cd34');
            INSERT INTO orders VALUES (7, 'janus1', 0, 'ib_main', 'AAPL', '265598', 'BUY', 'LIMIT',
              '', '10', '190.5', NULL, 'DAY', 'REGULAR', 'key', 5, '99', 'WORKING', '0', NULL,
              '', '', 1, 2);
            PRAGMA user_version = 1)sql"));
    }
    const auto contents = open();
    ASSERT_TRUE(contents) << contents.error().message;
    EXPECT_EQ(contents->instance_id, "ab12cd34");
    ASSERT_EQ(contents->orders.size(), 1U);
    const auto& order = contents->orders.front();
    EXPECT_EQ(order.limit_price, Price{decimal("190.5")});
    EXPECT_EQ(order.state, OrderState::Working);
    EXPECT_EQ(order.parent.value, 0U);
    EXPECT_FALSE(order.trail_amount || order.good_till || order.placed || order.wanted);
    ASSERT_TRUE(append({core::OrderRecord{sample_order()}}));
    const auto again = open();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->orders.back(), sample_order());
}

TEST_F(JournalFile, ValuesThatCannotBeReadStopTheStart) {
    ASSERT_TRUE(open());
    ASSERT_TRUE(append_order(1));
    journal.reset();
    for (const auto* text : {"10|||||x", "10||||", "10||||||"}) {
        {
            auto file = SqliteDatabase::open(directory + "/journal.db");
            ASSERT_TRUE(
                file->execute(fmt::format("UPDATE orders SET wanted = '{}' WHERE id = 1", text)));
        }
        const auto contents = open();
        ASSERT_FALSE(contents) << text;
        EXPECT_EQ(contents.error().code, ErrorCode::Malformed);
    }
}

TEST_F(JournalFile, TheAuditTrailTakesNoChange) {
    ASSERT_TRUE(open());
    ASSERT_TRUE(append({
        core::AuditRecord{{}, "me", "halt", ""}
    }));
    ASSERT_TRUE(append_order(1));
    journal.reset();
    auto database = SqliteDatabase::open(directory + "/journal.db");
    ASSERT_TRUE(database);
    for (const auto* sql : {"UPDATE audit SET who = 'x'", "DELETE FROM audit",
                            "UPDATE order_history SET event = 'x'", "DELETE FROM order_history"}) {
        const auto changed = database->execute(sql);
        ASSERT_FALSE(changed) << sql;
        EXPECT_NE(changed.error().message.find("append-only"), std::string::npos);
    }
}

TEST_F(JournalFile, AFullDiskRefusesAndSpaceHealsWithoutARestart) {
    ASSERT_TRUE(open());
    ASSERT_TRUE(append_order(1));
    set_disk_full(true);
    for (int i = 0; i < 3; ++i) {
        const auto refused = append_order(2);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
        EXPECT_TRUE(refused.error().message.starts_with("journal_full")) << refused.error().message;
    }
    set_disk_full(false);
    EXPECT_TRUE(append_order(3));
    const auto contents = open();
    ASSERT_TRUE(contents);
    ASSERT_EQ(contents->orders.size(), 2U);
    EXPECT_EQ(contents->orders[1].id.value, 3U);
}

TEST_F(JournalFile, AJournalAtItsBoundIsFull) {
    ASSERT_TRUE(open(directory, {.pages_max = 30}));
    Result<void> last;
    for (std::uint64_t i = 1; i <= 2000 && last; ++i) last = append_order(i);
    ASSERT_FALSE(last);
    EXPECT_TRUE(last.error().message.starts_with("journal_full")) << last.error().message;
    ASSERT_TRUE(open());
    EXPECT_TRUE(append_order(3000)) << "and with a higher bound it works again";
}

TEST_F(JournalFile, AFailedSyncIsNotBelievedUntilTheFileIsProven) {
    ASSERT_TRUE(open());
    ASSERT_TRUE(append_order(1));
    syncs_fail = true;
    const auto failed = append_order(2);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::Unavailable);
    EXPECT_TRUE(failed.error().message.starts_with("journal_failed")) << failed.error().message;
    EXPECT_FALSE(append_order(3)) << "nor is it while syncs go on failing";
    syncs_fail = false;
    EXPECT_TRUE(append_order(4));
    const auto contents = open();
    ASSERT_TRUE(contents);
    EXPECT_EQ(contents->orders.size(), contents->history.size());
    EXPECT_EQ(contents->orders.front().id.value, 1U);
    EXPECT_EQ(contents->orders.back().id.value, 4U);
}

TEST_F(JournalFile, EveryAppendIsAnsweredBeforeTheJournalEnds) {
    ASSERT_TRUE(open());
    for (std::uint64_t i = 1; i <= 300; ++i)
        journal->append({{i}, {core::OrderRecord{sample_order(i)}}});
    journal.reset();
    for (std::uint64_t i = 1; i <= 300; ++i) ASSERT_TRUE(replies.wait()->outcome);
}

}  // namespace
}  // namespace janus::store
