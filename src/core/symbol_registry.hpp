#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/log.hpp"
#include "core/reply.hpp"
#include "core/stores.hpp"
#include "domain/holding.hpp"

namespace janus::core {

/// A fact that may fill one row: this symbol has this id at this broker.
struct RegistryFill {
    CanonicalSymbol symbol;
    std::string broker;
    NativeId native_id;
    std::string currency{"USD"};
    std::string description;
    Provenance provenance;
};

/// How an instrument is shown: the canonical name when the registry knows it.
struct ShownName {
    std::string text;
    std::optional<CanonicalSymbol> symbol;  ///< Set only when the registry maps the broker's id.
};

/// The symbol table in memory, in front of its store. Look-ups never leave memory, so known symbols
/// go on trading while the database is away. Write-through: a row changes here only with the
/// store's success. Nothing but an operator's `map` ever replaces an id.
/// Owned by the engine; used on the core thread only. `store` and `log` must outlive it.
class SymbolRegistry {
 public:
    /// Writes waiting for the store; more are answered `Unavailable`.
    static constexpr std::size_t pending_max = 4096;

    SymbolRegistry(RegistryStore& store, Log& log);

    /// The whole table at start.
    void load(std::vector<SymbolRecord> records);

    /// Pointers live until the next call that is not const.
    const SymbolRecord* find(const CanonicalSymbol& symbol) const;
    const SymbolRecord* find_by_native(std::string_view broker, const NativeId& native_id) const;
    /// The id of this symbol at this broker; nothing when the row or the id is missing.
    std::optional<NativeId> find_native(const CanonicalSymbol& symbol,
                                        std::string_view broker) const;
    std::vector<SymbolRecord> all() const;  ///< By symbol.
    std::size_t size() const { return records_.size(); }
    /// The registry's name; else the broker's naming when no row contradicts it; else its own text.
    ShownName shown_name(std::string_view broker, const Instrument& instrument) const;

    /// Whether this fact agrees with what memory knows.
    /// Errors: `Conflict`, naming both rows: the id belongs to another symbol, the symbol has
    /// another id at this broker, or another currency.
    Result<void> check_fill(const RegistryFill& fill) const;
    /// Errors: `Unavailable` (`registry_unavailable`) while nothing can be written.
    Result<void> check_writable() const;
    /// Inserts the row when it is missing, and the id only where there is none. What is already so
    /// succeeds without a write; the same fact in flight is written once.
    /// Errors: as check_fill; `Unavailable` (`registry_unavailable`) while the database is away.
    void fill(Now now, const RegistryFill& fill, Answer<SymbolRecord> answer);
    /// An operator's word: sets the id, replacing an older one of the same symbol.
    /// Errors: `Conflict` when the id belongs to another symbol; `Invalid`; `Unavailable`.
    void map(Now now, const CanonicalSymbol& symbol, const std::string& broker,
             const NativeId& native_id, const Provenance& provenance, Answer<SymbolRecord> answer);
    /// An operator's word: clears the id. Errors: `NotFound` without such a row; `Unavailable`.
    void unmap(Now now, const CanonicalSymbol& symbol, const std::string& broker,
               const Provenance& provenance, Answer<SymbolRecord> answer);
    /// What the store remembers of this symbol, newest last.
    void history(Now now, const CanonicalSymbol& symbol, Answer<std::vector<SymbolChange>> answer);

    void on_reply(Now now, const RegistryReply& reply);
    bool available() const { return available_; }
    const std::string& reason() const { return reason_; }
    Utc state_since() const { return state_since_; }

    /// Rows as they are after every change since the last call, each once, by symbol: for the feed,
    /// for market data and for holdings.
    std::vector<SymbolRecord> take_changes();
    /// Rises with every change of a row.
    std::uint64_t version() const { return version_; }

 private:
    using NativeKey = std::pair<std::string, NativeId>;
    using FactKey = std::tuple<CanonicalSymbol, std::string, NativeId>;
    struct PendingWrite {
        std::optional<FactKey> fact;  ///< For fills, which share one write.
        std::vector<Answer<SymbolRecord>> answers;
    };

    StoreToken next_token();
    void submit(RegistryWrite write, std::optional<FactKey> fact, Answer<SymbolRecord> answer);
    void on_written(Now now, const RegistryWritten& reply);
    void on_history(Now now, const HistoryReply& reply);
    void on_state(Now now, const RegistryStateChanged& change);
    void adopt(const SymbolRecord& record);
    void release(const std::string& broker, const NativeId& native_id);
    void note_change(const SymbolRecord& record);
    void forget(const CanonicalSymbol& symbol);
    std::size_t replace_all(const std::vector<SymbolRecord>& records);

    RegistryStore& store_;
    Log& log_;
    std::map<CanonicalSymbol, SymbolRecord> records_;
    std::map<NativeKey, CanonicalSymbol> by_native_;
    std::map<CanonicalSymbol, SymbolRecord> changes_;
    std::map<StoreToken, PendingWrite> writes_;
    std::map<FactKey, StoreToken> fills_;
    std::map<StoreToken, Answer<std::vector<SymbolChange>>> histories_;
    std::uint64_t last_token_{0};
    std::uint64_t version_{0};
    bool available_{true};
    std::string reason_;
    Utc state_since_;
};

}  // namespace janus::core
