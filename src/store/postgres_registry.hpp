#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "core/stores.hpp"

namespace janus::store {

/// How the database is reached. The address is a secret because it may hold a password.
struct PostgresSettings {
    Secret url;  ///< `postgresql:///janus?host=/run/janus`, or a libpq keyword string.
    std::chrono::seconds connect_timeout{5};
    std::chrono::milliseconds statement_timeout{2000};
    std::chrono::milliseconds retry_min{200};  ///< First wait before a reconnect; it doubles.
    std::chrono::milliseconds retry_max{10'000};
    /// How often an idle connection proves that it still holds the lock of the only writer.
    std::chrono::milliseconds check_interval{2000};
};

/// Brings the schema up to date, each step in a transaction of its own, and returns its version.
/// Blocks. Errors: `Unavailable` when the database cannot be reached; `Denied` without the right to
/// change the schema; `Conflict` when the schema is newer than this program. One line each, never
/// the password.
Result<int> migrate(const PostgresSettings& settings);
/// The schema version that this program works with.
int schema_version();

/// The registry in PostgreSQL, on a thread of its own with a bounded mailbox. Holds a session lock
/// in the database as its only writer; without that lock nothing is written.
class PostgresRegistry final : public core::RegistryStore {
 public:
    static constexpr std::size_t mailbox_size_max = 1024;
    /// Called on the store's thread, or for a full mailbox on the caller's; it must do no more than
    /// carry the reply to the core thread.
    using Deliver = std::function<void(core::RegistryReply)>;

    struct Opened {
        std::unique_ptr<PostgresRegistry> store;
        std::vector<core::SymbolRecord> records;  ///< The whole table, by id.
    };
    /// Connects, checks schema and rights, takes the lock, reads the table. Blocks, for about
    /// `connect_timeout` at most. Errors: `Conflict` when another server owns the database, naming
    /// it; `Unavailable` when it cannot be reached; `Invalid` for a missing, older or newer schema;
    /// `Denied` for missing rights.
    static Result<Opened> open(const PostgresSettings& settings, Deliver deliver, Log& log);
    ~PostgresRegistry() override;
    PostgresRegistry(const PostgresRegistry&) = delete;
    PostgresRegistry& operator=(const PostgresRegistry&) = delete;

    void submit(core::RegistryRequest request) override;

 private:
    struct Parts;
    explicit PostgresRegistry(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace janus::store
