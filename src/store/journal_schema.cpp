#include <array>

#include "store/journal_rows.hpp"

namespace janus::store {
namespace {

// Decimals are text, times are nanoseconds since 1970, lists are one item a line.
constexpr std::string_view first_tables = R"sql(
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE orders (
  id INTEGER PRIMARY KEY, client_order_id TEXT NOT NULL, external INTEGER NOT NULL,
  account TEXT NOT NULL, symbol TEXT NOT NULL, native_id TEXT NOT NULL,
  side TEXT NOT NULL, type TEXT NOT NULL, type_text TEXT NOT NULL,
  quantity TEXT NOT NULL, limit_price TEXT, stop_price TEXT,
  time_in_force TEXT NOT NULL, session TEXT NOT NULL, idempotency_key TEXT NOT NULL,
  broker_number INTEGER NOT NULL, broker_permanent TEXT NOT NULL,
  state TEXT NOT NULL, filled TEXT NOT NULL, average_price TEXT,
  note TEXT NOT NULL, flags TEXT NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL
) STRICT;

CREATE TABLE order_history (
  row INTEGER PRIMARY KEY AUTOINCREMENT, order_id INTEGER NOT NULL, at INTEGER NOT NULL,
  event TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;

CREATE TABLE executions (
  row INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, id TEXT NOT NULL,
  root TEXT NOT NULL, revision INTEGER NOT NULL, client_order_id TEXT NOT NULL,
  broker_number INTEGER NOT NULL, broker_permanent TEXT NOT NULL, order_id INTEGER NOT NULL,
  symbol TEXT NOT NULL, native_id TEXT NOT NULL, side TEXT NOT NULL,
  quantity TEXT NOT NULL, price TEXT NOT NULL, at INTEGER NOT NULL,
  commission TEXT, commission_currency TEXT NOT NULL,
  UNIQUE (account, id)
) STRICT;

CREATE TABLE numbers (gateway TEXT PRIMARY KEY, highest INTEGER NOT NULL) STRICT;

CREATE TABLE halts (
  scope TEXT PRIMARY KEY, halted INTEGER NOT NULL, reason TEXT NOT NULL, who TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
  row INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL,
  action TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_keeps_words BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER history_keeps_rows BEFORE DELETE ON order_history
  BEGIN SELECT RAISE(ABORT, 'the order history is append-only'); END;
CREATE TRIGGER history_keeps_words BEFORE UPDATE ON order_history
  BEGIN SELECT RAISE(ABORT, 'the order history is append-only'); END;
)sql";

// Values that a modification changes are one text: see journal_rows.cpp.
constexpr std::string_view more_order_terms = R"sql(
ALTER TABLE orders ADD COLUMN trail_amount TEXT;
ALTER TABLE orders ADD COLUMN trail_percent TEXT;
ALTER TABLE orders ADD COLUMN limit_offset TEXT;
ALTER TABLE orders ADD COLUMN good_till INTEGER;
ALTER TABLE orders ADD COLUMN oca_group TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN parent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN placed TEXT;
ALTER TABLE orders ADD COLUMN wanted TEXT;
)sql";

constexpr auto steps = std::to_array<std::string_view>({first_tables, more_order_terms});

}  // namespace

std::span<const std::string_view> journal_steps() {
    return steps;
}

}  // namespace janus::store
