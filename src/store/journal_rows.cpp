#include "store/journal_rows.hpp"

#include <utility>

namespace janus::store {
namespace {

constexpr const char* write_order =
    "INSERT OR REPLACE INTO orders VALUES "
    "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
constexpr const char* write_history =
    "INSERT INTO order_history (order_id, at, event, detail) VALUES (?,?,?,?)";
constexpr const char* write_execution =
    "INSERT INTO executions (account, id, root, revision, client_order_id, broker_number, "
    "broker_permanent, order_id, symbol, native_id, side, quantity, price, at, commission, "
    "commission_currency) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
    "ON CONFLICT (account, id) DO UPDATE SET root=excluded.root, revision=excluded.revision, "
    "client_order_id=excluded.client_order_id, broker_number=excluded.broker_number, "
    "broker_permanent=excluded.broker_permanent, order_id=excluded.order_id, "
    "symbol=excluded.symbol, native_id=excluded.native_id, side=excluded.side, "
    "quantity=excluded.quantity, price=excluded.price, at=excluded.at, "
    "commission=excluded.commission, commission_currency=excluded.commission_currency";
constexpr const char* write_number =
    "INSERT INTO numbers VALUES (?,?) ON CONFLICT (gateway) DO UPDATE "
    "SET highest = max(highest, excluded.highest)";
constexpr const char* write_halt = "INSERT OR REPLACE INTO halts VALUES (?,?,?,?,?)";
constexpr const char* write_audit = "INSERT INTO audit (at, who, action, detail) VALUES (?,?,?,?)";
constexpr const char* write_meta = "INSERT OR REPLACE INTO meta VALUES (?,?)";

void bind(SqliteStatement& to, const Decimal& value) {
    to.bind(value.to_text());
}
template <typename Value>
void bind_optional(SqliteStatement& to, const std::optional<Value>& value) {
    if (value)
        bind(to, value->value);
    else
        to.bind_null();
}
void bind_time(SqliteStatement& to, Utc at) {
    to.bind(std::int64_t{at.since_epoch.count()});
}

void bind_optional(SqliteStatement& to, const std::optional<Decimal>& value) {
    if (value)
        bind(to, *value);
    else
        to.bind_null();
}

std::string text_of(const std::optional<Price>& price) {
    return price ? price->value.to_text() : "";
}

/// The six values in the order of the struct, with a bar between two; nothing where one is absent.
void bind_values(SqliteStatement& to, const std::optional<OrderValues>& values) {
    if (!values) {
        to.bind_null();
        return;
    }
    const auto percent = values->trail_percent ? values->trail_percent->to_text() : "";
    to.bind(fmt::format("{}|{}|{}|{}|{}|{}", values->quantity, text_of(values->limit_price),
                        text_of(values->stop_price), text_of(values->trail_amount), percent,
                        text_of(values->limit_offset)));
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

void bind_order(SqliteStatement& to, const Order& order) {
    to.bind(static_cast<std::int64_t>(order.id.value)).bind(order.client_order_id.value);
    to.bind(std::int64_t{order.external}).bind(order.account.value).bind(order.symbol);
    to.bind(order.native_id.value).bind(to_text(order.side)).bind(to_text(order.type));
    to.bind(order.type_text);
    bind(to, order.quantity.value);
    bind_optional(to, order.limit_price);
    bind_optional(to, order.stop_price);
    to.bind(to_text(order.time_in_force)).bind(to_text(order.session)).bind(order.idempotency_key);
    to.bind(order.ref.number).bind(order.ref.permanent).bind(to_text(order.state));
    bind(to, order.filled.value);
    bind_optional(to, order.average_price);
    to.bind(order.note).bind(joined(order.flags));
    bind_time(to, order.created);
    bind_time(to, order.changed);
    bind_optional(to, order.trail_amount);
    bind_optional(to, order.trail_percent);
    bind_optional(to, order.limit_offset);
    if (order.good_till)
        bind_time(to, *order.good_till);
    else
        to.bind_null();
    to.bind(order.oca_group).bind(static_cast<std::int64_t>(order.parent.value));
    bind_values(to, order.placed);
    bind_values(to, order.wanted);
}

void bind_execution(SqliteStatement& to, const Execution& execution) {
    to.bind(execution.account.value).bind(execution.id.value).bind(execution.root.value);
    to.bind(execution.revision).bind(execution.client_order_id.value);
    to.bind(execution.ref.number).bind(execution.ref.permanent);
    to.bind(static_cast<std::int64_t>(execution.order.value)).bind(execution.symbol);
    to.bind(execution.native_id.value).bind(to_text(execution.side));
    bind(to, execution.quantity.value);
    bind(to, execution.price.value);
    bind_time(to, execution.at);
    bind_optional(to, execution.commission);
    to.bind(execution.commission_currency);
}

}  // namespace

SqliteResult<void> JournalRows::write(const core::JournalRecord& record) {
    return std::visit([this](const auto& one) { return write_one(one); }, record);
}

SqliteResult<void> JournalRows::write_commit_number(std::int64_t number) {
    auto into = statement(write_meta);
    if (!into) return std::unexpected(into.error());
    return (*into)->bind("commit_number").bind(std::to_string(number)).run();
}

SqliteResult<void> JournalRows::write_one(const core::OrderRecord& record) {
    auto into = statement(write_order);
    if (!into) return std::unexpected(into.error());
    bind_order(**into, record.order);
    return (*into)->run();
}

SqliteResult<void> JournalRows::write_one(const core::OrderHistoryRecord& record) {
    auto into = statement(write_history);
    if (!into) return std::unexpected(into.error());
    (*into)->bind(static_cast<std::int64_t>(record.order.value));
    bind_time(**into, record.at);
    return (*into)->bind(record.event).bind(record.detail).run();
}

SqliteResult<void> JournalRows::write_one(const core::ExecutionRecord& record) {
    auto into = statement(write_execution);
    if (!into) return std::unexpected(into.error());
    bind_execution(**into, record.execution);
    return (*into)->run();
}

SqliteResult<void> JournalRows::write_one(const core::NumberRecord& record) {
    auto into = statement(write_number);
    if (!into) return std::unexpected(into.error());
    return (*into)->bind(record.gateway).bind(record.highest).run();
}

SqliteResult<void> JournalRows::write_one(const core::HaltRecord& record) {
    auto into = statement(write_halt);
    if (!into) return std::unexpected(into.error());
    (*into)->bind(record.scope).bind(std::int64_t{record.halted});
    (*into)->bind(record.reason).bind(record.who);
    bind_time(**into, record.at);
    return (*into)->run();
}

SqliteResult<void> JournalRows::write_one(const core::AuditRecord& record) {
    auto into = statement(write_audit);
    if (!into) return std::unexpected(into.error());
    bind_time(**into, record.at);
    return (*into)->bind(record.who).bind(record.action).bind(record.detail).run();
}

SqliteResult<void> JournalRows::write_one(const core::DefaultAccountRecord& record) {
    auto into = statement(write_meta);
    if (!into) return std::unexpected(into.error());
    return (*into)->bind("default_account").bind(record.account.value).run();
}

SqliteResult<SqliteStatement*> JournalRows::statement(const char* sql) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) return &found->second;
    auto prepared = database_.prepare(sql);
    if (!prepared) return std::unexpected(prepared.error());
    return &statements_.emplace(sql, std::move(*prepared)).first->second;
}

}  // namespace janus::store
