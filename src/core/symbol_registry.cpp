#include "core/symbol_registry.hpp"

#include <algorithm>
#include <utility>

namespace janus::core {
namespace {

std::string id_text(const SymbolRecord& record, std::string_view broker) {
    const auto found = record.native_ids.find(broker);
    return found == record.native_ids.end() ? "no id" : found->second.value;
}

RegistryWrite write_of(const RegistryFill& fill) {
    return {.token = {},
            .kind = RegistryWriteKind::Fill,
            .symbol = fill.symbol,
            .asset_class = fill.symbol.asset_class(),
            .currency = fill.currency.empty() ? "USD" : fill.currency,
            .description = fill.description,
            .broker = fill.broker,
            .native_id = fill.native_id,
            .provenance = fill.provenance};
}

RegistryWrite write_of(RegistryWriteKind kind, const CanonicalSymbol& symbol,
                       const std::string& broker, const NativeId& native_id,
                       const Provenance& provenance) {
    return {.token = {},
            .kind = kind,
            .symbol = symbol,
            .asset_class = symbol.asset_class(),
            .currency = "USD",
            .description = {},
            .broker = broker,
            .native_id = native_id,
            .provenance = provenance};
}

}  // namespace

SymbolRegistry::SymbolRegistry(RegistryStore& store, Log& log) : store_(store), log_(log) {}

void SymbolRegistry::load(std::vector<SymbolRecord> records) {
    replace_all(records);
    changes_.clear();
}

const SymbolRecord* SymbolRegistry::find(const CanonicalSymbol& symbol) const {
    const auto found = records_.find(symbol);
    return found == records_.end() ? nullptr : &found->second;
}

const SymbolRecord* SymbolRegistry::find_by_native(std::string_view broker,
                                                   const NativeId& native_id) const {
    const auto found = by_native_.find(NativeKey{std::string(broker), native_id});
    return found == by_native_.end() ? nullptr : find(found->second);
}

std::optional<NativeId> SymbolRegistry::find_native(const CanonicalSymbol& symbol,
                                                    std::string_view broker) const {
    const auto* record = find(symbol);
    if (record == nullptr) return std::nullopt;
    const auto found = record->native_ids.find(broker);
    if (found == record->native_ids.end()) return std::nullopt;
    return found->second;
}

std::vector<SymbolRecord> SymbolRegistry::all() const {
    std::vector<SymbolRecord> records;
    records.reserve(records_.size());
    for (const auto& [symbol, record] : records_) records.push_back(record);
    return records;
}

ShownName SymbolRegistry::shown_name(std::string_view broker, const Instrument& instrument) const {
    if (const auto* record = find_by_native(broker, instrument.native_id))
        return {record->symbol.text(), record->symbol};
    const bool named = instrument.symbol && !find_native(*instrument.symbol, broker);
    if (named) return {instrument.symbol->text(), std::nullopt};
    const auto& text = instrument.broker_symbol;
    return {text.empty() ? instrument.native_id.value : text, std::nullopt};
}

Result<void> SymbolRegistry::check_fill(const RegistryFill& fill) const {
    const auto* holder = find_by_native(fill.broker, fill.native_id);
    if (holder != nullptr && holder->symbol != fill.symbol)
        return fail(ErrorCode::Conflict, "{} id {} belongs to {}, so {} cannot have it",
                    fill.broker, fill.native_id, holder->symbol, fill.symbol);
    const auto* row = find(fill.symbol);
    if (row == nullptr) return {};
    const auto present = find_native(fill.symbol, fill.broker);
    if (present && *present != fill.native_id)
        return fail(ErrorCode::Conflict, "{} already has {} id {}, so {} was not written",
                    fill.symbol, fill.broker, *present, fill.native_id);
    if (!fill.currency.empty() && fill.currency != row->currency)
        return fail(ErrorCode::Conflict,
                    "{} is in {} in the registry, but {} id {} is in {}; it was not written",
                    fill.symbol, row->currency, fill.broker, fill.native_id, fill.currency);
    return {};
}

Result<void> SymbolRegistry::check_writable() const {
    if (!available_)
        return fail(ErrorCode::Unavailable,
                    "registry_unavailable: the database cannot be written now ({})", reason_);
    if (writes_.size() >= pending_max)
        return fail(ErrorCode::Unavailable, "registry_unavailable: {} writes wait for the database",
                    writes_.size());
    return {};
}

void SymbolRegistry::fill(Now now, const RegistryFill& fill, Answer<SymbolRecord> answer) {
    if (auto agrees = check_fill(fill); !agrees)
        return answer(now, std::unexpected(agrees.error()));
    if (find_by_native(fill.broker, fill.native_id) != nullptr)
        return answer(now, *find(fill.symbol));
    if (auto writable = check_writable(); !writable)
        return answer(now, std::unexpected(writable.error()));
    FactKey fact{fill.symbol, fill.broker, fill.native_id};
    if (const auto flying = fills_.find(fact); flying != fills_.end()) {
        writes_[flying->second].answers.push_back(std::move(answer));
        return;
    }
    submit(write_of(fill), std::move(fact), std::move(answer));
}

void SymbolRegistry::map(Now now, const CanonicalSymbol& symbol, const std::string& broker,
                         const NativeId& native_id, const Provenance& provenance,
                         Answer<SymbolRecord> answer) {
    if (native_id.value.empty()) {
        const Error error{ErrorCode::Invalid,
                          fmt::format("{} id for {} was empty", broker, symbol)};
        return answer(now, std::unexpected(error));
    }
    const auto* holder = find_by_native(broker, native_id);
    if (holder != nullptr && holder->symbol != symbol) {
        const Error error{
            ErrorCode::Conflict,
            fmt::format("{} id {} belongs to {}, so {} cannot have it; unmap it there "
                        "first. {} has {} at {}",
                        broker, native_id, holder->symbol, symbol, symbol,
                        find(symbol) ? id_text(*find(symbol), broker) : "no row", broker)};
        return answer(now, std::unexpected(error));
    }
    if (auto writable = check_writable(); !writable)
        return answer(now, std::unexpected(writable.error()));
    submit(write_of(RegistryWriteKind::Map, symbol, broker, native_id, provenance), std::nullopt,
           std::move(answer));
}

void SymbolRegistry::unmap(Now now, const CanonicalSymbol& symbol, const std::string& broker,
                           const Provenance& provenance, Answer<SymbolRecord> answer) {
    if (find(symbol) == nullptr) {
        const Error error{ErrorCode::NotFound, fmt::format("{} is not in the registry", symbol)};
        return answer(now, std::unexpected(error));
    }
    if (auto writable = check_writable(); !writable)
        return answer(now, std::unexpected(writable.error()));
    submit(write_of(RegistryWriteKind::Unmap, symbol, broker, {}, provenance), std::nullopt,
           std::move(answer));
}

void SymbolRegistry::history(Now now, const CanonicalSymbol& symbol,
                             Answer<std::vector<SymbolChange>> answer) {
    if (!available_ || histories_.size() >= pending_max) {
        const Error error{ErrorCode::Unavailable,
                          fmt::format("registry_unavailable: the history of {} is in the database, "
                                      "which cannot be read now ({})",
                                      symbol, available_ ? "too many questions wait" : reason_)};
        return answer(now, std::unexpected(error));
    }
    const auto token = next_token();
    histories_.emplace(token, std::move(answer));
    store_.submit(HistoryRequest{token, symbol});
}

StoreToken SymbolRegistry::next_token() {
    return StoreToken{++last_token_};
}

void SymbolRegistry::submit(RegistryWrite write, std::optional<FactKey> fact,
                            Answer<SymbolRecord> answer) {
    write.token = next_token();
    if (fact) fills_.emplace(*fact, write.token);
    auto& pending = writes_[write.token];
    pending.fact = std::move(fact);
    pending.answers.push_back(std::move(answer));
    store_.submit(std::move(write));
}

void SymbolRegistry::on_reply(Now now, const RegistryReply& reply) {
    if (const auto* written = std::get_if<RegistryWritten>(&reply)) on_written(now, *written);
    if (const auto* history = std::get_if<HistoryReply>(&reply)) on_history(now, *history);
    if (const auto* change = std::get_if<RegistryStateChanged>(&reply)) on_state(now, *change);
}

void SymbolRegistry::on_written(Now now, const RegistryWritten& reply) {
    auto pending = writes_.extract(reply.token);
    if (!pending) return;
    if (pending.mapped().fact) fills_.erase(*pending.mapped().fact);
    if (reply.outcome) adopt(*reply.outcome);
    for (const auto& answer : pending.mapped().answers) answer(now, reply.outcome);
}

void SymbolRegistry::on_history(Now now, const HistoryReply& reply) {
    auto pending = histories_.extract(reply.token);
    if (pending) pending.mapped()(now, reply.outcome);
}

void SymbolRegistry::on_state(Now now, const RegistryStateChanged& change) {
    if (change.available != available_ || change.reason != reason_) state_since_ = now.utc;
    if (!change.available) {
        available_ = false;
        reason_ = change.reason;
        log_.write(LogLevel::Error, fmt::format("registry unavailable reason=\"{}\"", reason_));
        return;
    }
    // Another program may have written, and a write whose answer was lost may have been done.
    const auto differing = replace_all(change.records);
    available_ = true;
    reason_.clear();
    log_.write(LogLevel::Info,
               fmt::format("registry available rows={} differing={}", records_.size(), differing));
}

void SymbolRegistry::adopt(const SymbolRecord& record) {
    const auto [found, inserted] = records_.try_emplace(record.symbol, record);
    if (!inserted && found->second == record) return;
    for (const auto& [broker, id] : found->second.native_ids) by_native_.erase({broker, id});
    found->second = record;
    for (const auto& [broker, id] : record.native_ids) {
        release(broker, id);
        by_native_.emplace(NativeKey{broker, id}, record.symbol);
    }
    note_change(record);
}

void SymbolRegistry::release(const std::string& broker, const NativeId& native_id) {
    const auto held = by_native_.extract(NativeKey{broker, native_id});
    if (!held) return;
    // The id is unique in the table: the row that had it in memory has lost it there.
    auto& loser = records_.at(held.mapped());
    loser.native_ids.erase(broker);
    note_change(loser);
}

void SymbolRegistry::note_change(const SymbolRecord& record) {
    changes_.insert_or_assign(record.symbol, record);
    ++version_;
}

void SymbolRegistry::forget(const CanonicalSymbol& symbol) {
    auto gone = records_.extract(symbol).mapped();
    for (const auto& [broker, id] : gone.native_ids) by_native_.erase({broker, id});
    gone.native_ids.clear();
    note_change(gone);
}

/// Returns how many rows are different, new or gone.
std::size_t SymbolRegistry::replace_all(const std::vector<SymbolRecord>& records) {
    std::map<CanonicalSymbol, const SymbolRecord*> table;
    for (const auto& record : records) table.emplace(record.symbol, &record);
    std::size_t gone = 0;
    for (auto row = records_.begin(); row != records_.end();) {
        const auto here = (row++)->first;
        const auto there = table.find(here);
        if (there != table.end() && *there->second == records_.at(here)) {
            table.erase(there);
            continue;
        }
        // Out first and in again below, so that ids can move between rows.
        if (there == table.end()) ++gone;
        forget(here);
    }
    for (const auto& [symbol, record] : table) adopt(*record);
    return table.size() + gone;
}

std::vector<SymbolRecord> SymbolRegistry::take_changes() {
    std::vector<SymbolRecord> changed;
    for (auto& [symbol, record] : changes_) changed.push_back(std::move(record));
    changes_.clear();
    return changed;
}

}  // namespace janus::core
