#pragma once

#include <vector>

#include "core/stores.hpp"
#include "store/postgres_connection.hpp"

namespace janus::store {

/// What a database error means to the house: `Denied` for missing rights, `Invalid` for a schema
/// that is not ours, else `Unavailable` with the reason as its first word.
Error to_error(const PostgresProblem& problem);

/// Checks that the schema is the one this program works with and that it may be written.
/// Errors: see PostgresRegistry::open.
Result<void> check_schema(PostgresConnection& connection);

/// Takes the lock of the only writer for this session. Errors: `Conflict`, naming the holder.
Result<void> take_writer_lock(PostgresConnection& connection);

/// The whole table, by id. Errors: `Malformed`, naming a row that is no symbol of ours.
Result<std::vector<core::SymbolRecord>> read_registry(PostgresConnection& connection);

/// One transaction: the row and its history, or nothing at all. The outer error is the
/// connection's: then it is open whether the write happened; writing again is safe.
PostgresResult<Result<core::SymbolRecord>> write_registry(PostgresConnection& connection,
                                                          const core::RegistryWrite& write);

/// The history of a symbol, oldest first.
PostgresResult<std::vector<core::SymbolChange>> read_history(PostgresConnection& connection,
                                                             const CanonicalSymbol& symbol);

}  // namespace janus::store
