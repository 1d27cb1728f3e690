#pragma once

#include <cstdio>
#include <string>

namespace janus::store {

/// Tests only: a fresh database on the server of $JANUS_TEST_POSTGRES, or on a private one that the
/// first test starts and that ends with the test program. Dropped at the end.
class TestDatabase {
 public:
    TestDatabase();
    ~TestDatabase();
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    const std::string& url() const { return url_; }
    const std::string& name() const { return name_; }
    /// Runs SQL as the administrator, in this database; returns the first value.
    std::string run(const std::string& sql) const;

 private:
    std::string name_;
    std::string url_;
};

/// Tests only: a Unix socket between a client and the database that can cut a session at its COMMIT
/// (tests/commit_cutter.py).
class CommitCutter {
 public:
    enum class Cut { BeforeCommit, AfterCommit };

    /// `url` is the database's own address, with its socket folder.
    explicit CommitCutter(const std::string& url);
    ~CommitCutter();
    CommitCutter(const CommitCutter&) = delete;
    CommitCutter& operator=(const CommitCutter&) = delete;

    /// The address through this socket.
    const std::string& url() const { return url_; }
    /// What happens at the next COMMIT; once.
    void cut_next(Cut cut);

 private:
    void expect(const std::string& answer);

    std::string folder_;
    std::string url_;
    std::FILE* orders_{nullptr};
    std::FILE* answers_{nullptr};
};

}  // namespace janus::store
