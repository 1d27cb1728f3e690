#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/stores.hpp"

namespace janus::store {

/// One column that a write changes; `field` is `created`, a broker's column, or `description`.
struct FieldChange {
    std::string field;
    std::string before;
    std::string after;
    friend bool operator==(const FieldChange&, const FieldChange&) = default;
};

/// What a write does to one row: nothing when `fields` is empty.
struct RowChange {
    bool insert{false};
    core::SymbolRecord row;  ///< As it will be; its id and times are the store's to give.
    std::vector<FieldChange> fields;
};

/// Decides a write from the row of its symbol and the row that holds its native id, either of which
/// may be missing. The same rules serve PostgreSQL and the in-memory twin.
/// Errors: `Invalid` for an unknown broker or a malformed id; `NotFound` for an unmap without a
/// row; `Conflict` as RegistryWritten says, naming both rows.
Result<RowChange> decide_write(const core::RegistryWrite& write, const core::SymbolRecord* row,
                               const core::SymbolRecord* holder);

}  // namespace janus::store
