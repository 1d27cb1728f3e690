#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/stores.hpp"

namespace janus::core {

/// A registry store that a test drives: requests wait until `take_replies`, which answers them by
/// the rules of stores.hpp. Only as much as this room's tests need.
class ScriptedRegistry final : public RegistryStore {
 public:
    void submit(RegistryRequest request) override { waiting.push_back(std::move(request)); }

    /// Answers everything that waits, in order.
    std::vector<RegistryReply> take_replies() {
        std::vector<RegistryReply> replies;
        while (!waiting.empty()) {
            const auto request = std::move(waiting.front());
            waiting.pop_front();
            if (const auto* write = std::get_if<RegistryWrite>(&request))
                replies.emplace_back(RegistryWritten{write->token, perform(*write)});
            else if (const auto* history = std::get_if<HistoryRequest>(&request))
                replies.emplace_back(HistoryReply{history->token, changes_of(history->symbol)});
        }
        return replies;
    }

    /// The database goes: what waits is answered `Unavailable` by the next take_replies.
    RegistryStateChanged go_away(std::string reason) {
        away = true;
        return {.available = false, .reason = std::move(reason), .records = {}};
    }
    RegistryStateChanged come_back() {
        away = false;
        return {.available = true, .reason = {}, .records = records()};
    }

    std::vector<SymbolRecord> records() const {
        std::vector<SymbolRecord> all;
        for (const auto& [symbol, row] : rows) all.push_back(row);
        return all;
    }
    /// Puts a row in, as another program would.
    SymbolRecord& put(const CanonicalSymbol& symbol, const std::string& broker = {},
                      const std::string& native_id = {}) {
        const auto [found, inserted] =
            rows.try_emplace(symbol, SymbolRecord{.id = {},
                                                  .symbol = symbol,
                                                  .asset_class = symbol.asset_class(),
                                                  .currency = "USD",
                                                  .native_ids = {},
                                                  .description = {},
                                                  .created = {},
                                                  .updated = {}});
        if (inserted) found->second.id = SymbolId{++last_id_};
        if (!broker.empty()) found->second.native_ids[broker] = NativeId{native_id};
        return found->second;
    }

    std::deque<RegistryRequest> waiting;
    std::map<CanonicalSymbol, SymbolRecord> rows;
    std::map<CanonicalSymbol, std::vector<SymbolChange>> changes;
    std::size_t writes_performed{0};  ///< That changed a row.
    bool away{false};

 private:
    Result<std::vector<SymbolChange>> changes_of(const CanonicalSymbol& symbol) const {
        if (away) return fail(ErrorCode::Unavailable, "database is away");
        const auto found = changes.find(symbol);
        return found == changes.end() ? std::vector<SymbolChange>{} : found->second;
    }
    Result<void> check_write(const RegistryWrite& write) const {
        if (write.kind == RegistryWriteKind::Unmap || write.broker.empty()) return {};
        for (const auto& [symbol, row] : rows) {
            const auto held = row.native_ids.find(write.broker);
            if (held == row.native_ids.end()) continue;
            const bool other = symbol != write.symbol;
            if (other && held->second == write.native_id)
                return fail(ErrorCode::Conflict, "table: {} belongs to {}, not to {}",
                            write.native_id, symbol, write.symbol);
            if (!other && write.kind == RegistryWriteKind::Fill && held->second != write.native_id)
                return fail(ErrorCode::Conflict, "table: {} already has {}, not {}", symbol,
                            held->second, write.native_id);
        }
        return {};
    }
    Result<SymbolRecord> perform(const RegistryWrite& write) {
        if (away) return fail(ErrorCode::Unavailable, "database is away");
        if (auto allowed = check_write(write); !allowed) return std::unexpected(allowed.error());
        const auto before = rows.find(write.symbol);
        const auto old =
            before == rows.end() ? std::nullopt : std::optional<SymbolRecord>(before->second);
        auto& row = put(write.symbol);
        if (row.description.empty()) row.description = write.description;
        if (!old && !write.currency.empty()) row.currency = write.currency;
        if (write.kind == RegistryWriteKind::Unmap)
            row.native_ids.erase(write.broker);
        else if (!write.broker.empty())
            row.native_ids[write.broker] = write.native_id;
        if (old && *old == row) return row;
        ++writes_performed;
        changes[write.symbol].push_back({.at = {},
                                         .field = write.broker,
                                         .before = {},
                                         .after = write.native_id.value,
                                         .provenance = write.provenance});
        return row;
    }

    std::int64_t last_id_{0};
};

/// A journal that a test drives: appends wait until `take_replies`; what was answered well is
/// durable.
class ScriptedJournal final : public Journal {
 public:
    void append(JournalAppend request) override { waiting.push_back(std::move(request)); }

    /// Makes everything that waits durable, or refuses it while `refusal` is set.
    std::vector<JournalAppended> take_replies() {
        std::vector<JournalAppended> replies;
        while (!waiting.empty()) {
            auto request = std::move(waiting.front());
            waiting.pop_front();
            if (refusal) {
                replies.push_back({request.token, std::unexpected(*refusal)});
                continue;
            }
            for (auto& record : request.records) durable.push_back(std::move(record));
            replies.push_back({request.token, {}});
        }
        return replies;
    }
    /// The durable records of one kind, in order.
    template <typename Kind>
    std::vector<Kind> kept() const {
        std::vector<Kind> found;
        for (const auto& record : durable)
            if (const auto* match = std::get_if<Kind>(&record)) found.push_back(*match);
        return found;
    }

    std::deque<JournalAppend> waiting;
    std::vector<JournalRecord> durable;
    std::optional<Error> refusal;
};

}  // namespace janus::core
