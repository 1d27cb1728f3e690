#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "core/stores.hpp"

namespace janus::store {

/// What bounds the journal's file.
struct JournalLimits {
    std::int64_t pages_max{16'000'000};  ///< Of 4 KiB each; a full journal answers `journal_full`.
};

/// The order journal: an SQLite database `journal.db` in the state directory (WAL, synchronous
/// FULL), on a thread of its own with a bounded mailbox. All appends that wait are committed
/// together; replies follow the commit.
/// After a failed commit the file is not trusted: it is closed, reopened and compared with what was
/// committed before it takes more.
class SqliteJournal final : public core::Journal {
 public:
    static constexpr std::size_t mailbox_size_max = 4096;
    static constexpr std::size_t batch_size_max = 512;  ///< Appends in one commit.
    /// Called on the journal's thread, or for a full mailbox on the caller's; it must do no more
    /// than carry the reply to the core thread.
    using Deliver = std::function<void(core::JournalAppended)>;

    struct Opened {
        std::unique_ptr<SqliteJournal> journal;
        core::JournalContents contents;
        std::string recovered;  ///< What the start found beyond a clean file; empty when nothing.
    };
    /// Takes the state directory for this process (file `lock`), makes or checks the journal and
    /// reads it. Blocks. `random` gives the instance id at the first start. Errors: `Conflict` when
    /// another process owns the directory, naming it; `Malformed` when the file fails its integrity
    /// check, naming it and the cure; `Invalid` for a journal of a newer version; `Unavailable` for
    /// the rest.
    static Result<Opened> open(const std::string& directory, Deliver deliver, Random& random,
                               Log& log, JournalLimits limits = {});
    ~SqliteJournal() override;
    SqliteJournal(const SqliteJournal&) = delete;
    SqliteJournal& operator=(const SqliteJournal&) = delete;

    void append(core::JournalAppend request) override;

 private:
    struct Parts;
    explicit SqliteJournal(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace janus::store
