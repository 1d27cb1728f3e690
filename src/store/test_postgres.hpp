#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

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

/// Tests only: a Unix socket between a client and the database that can cut a session at its
/// COMMIT.
class CommitCutter {
 public:
    enum class Cut { Never, BeforeCommit, AfterCommit };

    /// `url` is the database's own address, with its socket folder.
    explicit CommitCutter(const std::string& url);
    ~CommitCutter();
    CommitCutter(const CommitCutter&) = delete;
    CommitCutter& operator=(const CommitCutter&) = delete;

    /// The address through this socket.
    const std::string& url() const { return url_; }
    /// What happens at the next COMMIT; once.
    void cut_next(Cut cut) { next_ = cut; }

 private:
    void serve();
    void relay(int client) const;

    std::string folder_;
    std::string target_;
    std::string url_;
    int listener_{-1};
    mutable std::atomic<Cut> next_{Cut::Never};
    std::thread worker_;
};

}  // namespace janus::store
