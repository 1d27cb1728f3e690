#include <array>
#include <charconv>
#include <functional>
#include <utility>

#include "store/journal_rows.hpp"

namespace janus::store {
namespace {

/// Reads one row straight down; remembers the first thing that cannot be read.
class RowReader {
 public:
    explicit RowReader(const SqliteStatement& row) : row_(row) {}

    std::int64_t integer() { return row_.integer(column_++); }
    std::string text() { return row_.text(column_++); }
    Utc time() { return {Duration(integer())}; }
    template <typename Value>
    Value decimal() {
        return {parsed(Decimal::parse(text()))};
    }
    template <typename Value>
    std::optional<Value> optional_decimal() {
        if (!row_.is_null(column_)) return decimal<Value>();
        ++column_;
        return std::nullopt;
    }
    template <typename Value>
    Value parsed(const Result<Value>& value) {
        if (value) return *value;
        if (!error_) error_ = value.error();
        return {};
    }
    std::optional<Decimal> optional_number() {
        if (!row_.is_null(column_)) return parsed(Decimal::parse(text()));
        ++column_;
        return std::nullopt;
    }
    std::optional<Utc> optional_time() {
        if (!row_.is_null(column_)) return time();
        ++column_;
        return std::nullopt;
    }
    std::optional<OrderValues> optional_values() {
        if (!row_.is_null(column_)) return values_of(text());
        ++column_;
        return std::nullopt;
    }
    BrokerOrderRef ref() {
        const auto number = integer();
        return {number, text()};
    }
    std::vector<std::string> lines() {
        std::vector<std::string> lines;
        const auto whole = text();
        for (std::size_t at = 0; at < whole.size();) {
            const auto end = whole.find('\n', at);
            lines.push_back(whole.substr(at, end - at));
            at = end == std::string::npos ? whole.size() : end + 1;
        }
        return lines;
    }
    const std::optional<Error>& error() const { return error_; }

 private:
    /// Written by journal_rows.cpp.
    OrderValues values_of(std::string_view text) {
        constexpr std::size_t count = 6;
        std::array<std::optional<Decimal>, count> parts;
        for (std::size_t part = 0; part < count; ++part) {
            const auto end = text.find('|');
            if ((end == std::string_view::npos) != (part + 1 == count))
                return parsed<OrderValues>(
                    fail(ErrorCode::Malformed, "values of an order are not {} parts", count));
            if (end != 0 && !text.empty())
                parts[part] = parsed(Decimal::parse(text.substr(0, end)));
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
        const auto price = [&](std::size_t part) {
            return parts[part] ? std::optional(Price{*parts[part]}) : std::nullopt;
        };
        return {{parts[0].value_or(Decimal{})}, price(1), price(2), price(3), parts[4], price(5)};
    }

    const SqliteStatement& row_;
    int column_{0};
    std::optional<Error> error_;
};

Order read_order(RowReader& in) {
    Order order;
    order.id = {static_cast<std::uint64_t>(in.integer())};
    order.client_order_id = {in.text()};
    order.external = in.integer() != 0;
    order.account = {in.text()};
    order.symbol = in.text();
    order.native_id = {in.text()};
    order.side = in.parsed(parse_side(in.text()));
    order.type = in.parsed(parse_order_type(in.text()));
    order.type_text = in.text();
    order.quantity = in.decimal<Quantity>();
    order.limit_price = in.optional_decimal<Price>();
    order.stop_price = in.optional_decimal<Price>();
    order.time_in_force = in.parsed(parse_time_in_force(in.text()));
    order.session = in.parsed(parse_trading_session(in.text()));
    order.idempotency_key = in.text();
    order.ref = in.ref();
    order.state = in.parsed(parse_order_state(in.text()));
    order.filled = in.decimal<Quantity>();
    order.average_price = in.optional_decimal<Price>();
    order.note = in.text();
    order.flags = in.lines();
    order.created = in.time();
    order.changed = in.time();
    order.trail_amount = in.optional_decimal<Price>();
    order.trail_percent = in.optional_number();
    order.limit_offset = in.optional_decimal<Price>();
    order.good_till = in.optional_time();
    order.oca_group = in.text();
    order.parent = {static_cast<std::uint64_t>(in.integer())};
    order.placed = in.optional_values();
    order.wanted = in.optional_values();
    return order;
}

Execution read_execution(RowReader& in) {
    Execution execution;
    execution.account = {in.text()};
    execution.id = {in.text()};
    execution.root = {in.text()};
    execution.revision = in.integer();
    execution.client_order_id = {in.text()};
    execution.ref = in.ref();
    execution.order = {static_cast<std::uint64_t>(in.integer())};
    execution.symbol = in.text();
    execution.native_id = {in.text()};
    execution.side = in.parsed(parse_side(in.text()));
    execution.quantity = in.decimal<Quantity>();
    execution.price = in.decimal<Price>();
    execution.at = in.time();
    execution.commission = in.optional_decimal<Money>();
    execution.commission_currency = in.text();
    return execution;
}

core::OrderHistoryRecord read_history(RowReader& in) {
    core::OrderHistoryRecord record;
    record.order = {static_cast<std::uint64_t>(in.integer())};
    record.at = in.time();
    record.event = in.text();
    record.detail = in.text();
    return record;
}

core::HaltRecord read_halt(RowReader& in) {
    core::HaltRecord record;
    record.scope = in.text();
    record.halted = in.integer() != 0;
    record.reason = in.text();
    record.who = in.text();
    record.at = in.time();
    return record;
}

Error malformed(std::string_view table, const std::string& why) {
    return {ErrorCode::Malformed, fmt::format("journal table {} cannot be read: {}", table, why)};
}

/// Gives each row of a query to `take`.
Result<void> for_each(SqliteDatabase& database, std::string_view table, const std::string& sql,
                      const std::function<void(RowReader&)>& take) {
    auto rows = database.prepare(sql);
    if (!rows) return std::unexpected(malformed(table, rows.error().message));
    while (true) {
        const auto row = rows->step();
        if (!row) return std::unexpected(malformed(table, row.error().message));
        if (!*row) return {};
        RowReader in(*rows);
        take(in);
        if (in.error()) return std::unexpected(malformed(table, in.error()->message));
    }
}

/// One table and where its rows go.
struct TableReading {
    std::string_view table;
    std::string sql;
    std::function<void(RowReader&)> take;
};

void take_meta(core::JournalContents& contents, RowReader& in) {
    const auto key = in.text();
    const auto value = in.text();
    if (key == "instance_id") contents.instance_id = value;
    if (key == "default_account") contents.default_account = AccountName{value};
}

}  // namespace

Result<core::JournalContents> read_journal(SqliteDatabase& database) {
    core::JournalContents all;
    const std::vector<TableReading> readings{
        {"meta",          "SELECT key, value FROM meta",                                        [&](RowReader& in) { take_meta(all, in); }                          },
        {"orders",        "SELECT * FROM orders ORDER BY id",
         [&](RowReader& in) { all.orders.push_back(read_order(in)); }                                                                                               },
        {"order_history", "SELECT order_id, at, event, detail FROM order_history ORDER BY row",
         [&](RowReader& in) { all.history.push_back(read_history(in)); }                                                                                            },
        {"executions",
         "SELECT account, id, root, revision, client_order_id, broker_number, broker_permanent, "
         "order_id, symbol, native_id, side, quantity, price, at, commission, "
         "commission_currency FROM executions ORDER BY row",                                    [&](RowReader& in) { all.executions.push_back(read_execution(in)); }},
        {"numbers",       "SELECT gateway, highest FROM numbers",
         [&](RowReader& in) {
             const auto gateway = in.text();
             all.numbers[gateway] = in.integer();
         }                                                                                                                                                          },
        {"halts",         "SELECT * FROM halts ORDER BY scope",
         [&](RowReader& in) { all.halts.push_back(read_halt(in)); }                                                                                                 },
    };
    for (const auto& reading : readings)
        if (auto done = for_each(database, reading.table, reading.sql, reading.take); !done)
            return std::unexpected(done.error());
    if (all.instance_id.empty()) return std::unexpected(malformed("meta", "no instance id"));
    return all;
}

SqliteResult<std::int64_t> read_commit_number(SqliteDatabase& database) {
    auto text = database.value("SELECT value FROM meta WHERE key = 'commit_number'");
    if (!text) return std::unexpected(text.error());
    std::int64_t number = 0;
    if (*text) std::from_chars((*text)->data(), (*text)->data() + (*text)->size(), number);
    return number;
}

}  // namespace janus::store
