#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

struct pg_conn;
struct pg_result;

namespace janus::store {

/// A problem of PostgreSQL: its five-letter code (empty when there is no answer), one line of text
/// without the password, and whether the connection is of no more use.
struct PostgresProblem {
    std::string sqlstate;
    std::string message;
    bool lost{false};
};
template <typename T>
using PostgresResult = std::expected<T, PostgresProblem>;

/// The rows of an answer, as text.
class PostgresRows {
 public:
    explicit PostgresRows(pg_result* result) : result_(result) {}
    int size() const;
    bool is_null(int row, int column) const;
    /// Empty for NULL. The text lives as long as the rows.
    std::string_view text(int row, int column) const;

 private:
    struct Clearer {
        void operator()(pg_result* result) const;
    };
    std::unique_ptr<pg_result, Clearer> result_;
};

using PostgresParameters = std::vector<std::optional<std::string>>;

/// One session of libpq. Blocks; used by one thread at a time.
class PostgresConnection {
 public:
    /// Connects; every statement is ended by the server after `statement_timeout`.
    static PostgresResult<PostgresConnection> connect(const Secret& url,
                                                      std::chrono::seconds connect_timeout,
                                                      std::chrono::milliseconds statement_timeout);

    /// One statement; `$1` and so on are bound, never pasted.
    PostgresResult<PostgresRows> query(const std::string& sql,
                                       const PostgresParameters& parameters = {});
    /// Several statements without parameters.
    PostgresResult<void> script(const std::string& sql);

 private:
    struct Finisher {
        void operator()(pg_conn* connection) const;
    };
    PostgresConnection(pg_conn* connection, std::string password)
        : connection_(connection), password_(std::move(password)) {}
    PostgresProblem problem(const pg_result* result) const;

    std::unique_ptr<pg_conn, Finisher> connection_;
    std::string password_;  ///< To keep it out of messages.
};

}  // namespace janus::store
