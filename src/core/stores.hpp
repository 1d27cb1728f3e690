#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "domain/order.hpp"
#include "domain/symbol.hpp"

/// The two stores as the core sees them (DESIGN: two stores, two duties). Requests are one-way;
/// replies come back on the core thread, each exactly once. PostgreSQL and SQLite implement them in
/// store/, in-memory twins serve simulation.
namespace janus::core {

/// Chosen by the core, used once; pairs a reply with its request.
using StoreToken = Tagged<std::uint64_t, struct StoreTokenTag>;

// ---- the symbol registry (PostgreSQL) ----

/// One row of janus.symbol_registry.
struct SymbolRecord {
    SymbolId id;
    CanonicalSymbol symbol;
    AssetClass asset_class{AssetClass::Equity};
    std::string currency{"USD"};
    std::map<std::string, NativeId, std::less<>>
        native_ids;  ///< Broker key (`ib`, `webull`) -> its id.
    std::string description;
    Utc created;
    Utc updated;
    friend bool operator==(const SymbolRecord&, const SymbolRecord&) = default;
};

/// Who changes a row, why, and on what evidence. Goes into the append-only history.
struct Provenance {
    std::string who;  ///< `harmony`, `holdings`, `order`, or the caller's token name.
    std::string why;
    std::string evidence;  ///< What was asked and answered.
};

enum class RegistryWriteKind {
    Fill,   ///< Insert the row when it is missing; set the broker's id only where it is NULL.
    Map,    ///< An operator's word: set the broker's id, replacing an older one; the history keeps
            ///< both.
    Unmap,  ///< An operator's word: clear the broker's id.
};

/// A change of one row. Idempotent: writing what is already there is a success that changes
/// nothing.
struct RegistryWrite {
    StoreToken token;
    RegistryWriteKind kind{RegistryWriteKind::Fill};
    CanonicalSymbol symbol;
    AssetClass asset_class{AssetClass::Equity};
    std::string currency{"USD"};
    std::string description;  ///< Fills an empty description only.
    std::string broker;       ///< Empty: the row alone.
    NativeId native_id;
    Provenance provenance;
};
/// The row after the write.
/// Errors: `Conflict` when the id belongs to another symbol, or (Fill) the symbol already has
/// another id: both rows are named and nothing has changed; `Unavailable` when the database cannot
/// be written now.
struct RegistryWritten {
    StoreToken token;
    Result<SymbolRecord> outcome;
};

/// Asks for the history of one symbol, newest last.
struct HistoryRequest {
    StoreToken token;
    CanonicalSymbol symbol;
};
struct SymbolChange {
    Utc at;
    std::string field;  ///< `created`, `ib_conid`, `webull_ticker`, `description`
    std::string before;
    std::string after;
    Provenance provenance;
};
struct HistoryReply {
    StoreToken token;
    Result<std::vector<SymbolChange>> outcome;
};

/// The database has gone, or is back; then `records` holds the whole table as it is now.
struct RegistryStateChanged {
    bool available{false};
    std::string reason;
    std::vector<SymbolRecord> records;
};

using RegistryRequest = std::variant<RegistryWrite, HistoryRequest>;
using RegistryReply = std::variant<RegistryWritten, HistoryReply, RegistryStateChanged>;

class RegistryStore {
 public:
    virtual ~RegistryStore() = default;
    /// Takes a request; its reply is delivered later on the core thread. A full mailbox answers
    /// `Unavailable`.
    virtual void submit(RegistryRequest request) = 0;
};

// ---- the order journal (SQLite) ----

/// The whole order as it is now; replaces the earlier record of the same id.
struct OrderRecord {
    Order order;
};
/// One line of an order's life, append-only.
struct OrderHistoryRecord {
    OrderId order;
    Utc at;
    std::string event;  ///< `accepted`, `filled 3 @ 401.20`, ...
    std::string detail;
    friend bool operator==(const OrderHistoryRecord&, const OrderHistoryRecord&) = default;
};
/// An execution, first report or correction; unique by (account, id).
struct ExecutionRecord {
    Execution execution;
};
/// The highest order number used at a gateway; see Gateway::prepare_order.
struct NumberRecord {
    std::string gateway;
    std::int64_t highest{0};
};
/// The kill switch. Scope is an account name, or empty for all.
struct HaltRecord {
    std::string scope;
    bool halted{false};
    std::string reason;
    std::string who;
    Utc at;
};
/// Who did what; append-only.
struct AuditRecord {
    Utc at;
    std::string who;
    std::string action;
    std::string detail;
};
/// The account that commands use when none is named.
struct DefaultAccountRecord {
    AccountName account;
};

using JournalRecord = std::variant<OrderRecord, OrderHistoryRecord, ExecutionRecord, NumberRecord,
                                   HaltRecord, AuditRecord, DefaultAccountRecord>;

/// All records of one append become durable together, or none of them.
struct JournalAppend {
    StoreToken token;
    std::vector<JournalRecord> records;
};
/// Comes after the commit. Errors: `Unavailable` (`journal_full`, sync failed); then nothing of it
/// is durable.
struct JournalAppended {
    StoreToken token;
    Result<void> outcome;
};

/// What the journal knows at start.
struct JournalContents {
    std::string instance_id;  ///< 8 lower-case letters and digits, made once; part of every client
                              ///< order id.
    std::vector<Order> orders;                    ///< By id.
    std::vector<OrderHistoryRecord> history;      ///< In order of writing.
    std::vector<Execution> executions;            ///< In order of writing.
    std::map<std::string, std::int64_t> numbers;  ///< Gateway -> highest number used.
    std::vector<HaltRecord> halts;                ///< The latest of each scope.
    std::optional<AccountName> default_account;
};

class Journal {
 public:
    virtual ~Journal() = default;
    /// Appends in the order of the calls; the reply is delivered later on the core thread.
    virtual void append(JournalAppend request) = 0;
};

}  // namespace janus::core
