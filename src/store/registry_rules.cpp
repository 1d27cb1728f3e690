#include "store/registry_rules.hpp"

#include "store/broker_columns.hpp"

namespace janus::store {
namespace {

using core::RegistryWrite;
using core::RegistryWriteKind;
using core::SymbolRecord;

SymbolRecord new_row(const RegistryWrite& write) {
    return {.id = {},
            .symbol = write.symbol,
            .asset_class = write.asset_class,
            .currency = write.currency.empty() ? "USD" : write.currency,
            .native_ids = {},
            .description = write.description,
            .created = {},
            .updated = {}};
}

std::string id_of(const SymbolRecord& row, std::string_view broker) {
    const auto found = row.native_ids.find(broker);
    return found == row.native_ids.end() ? std::string{} : found->second.value;
}

std::unexpected<Error> held_by_another(const BrokerColumn& column, const RegistryWrite& write,
                                       const SymbolRecord& holder) {
    return fail(ErrorCode::Conflict,
                "{} {} belongs to {} (row {}), so {} cannot have it; nothing was changed",
                column.column, write.native_id, holder.symbol, holder.id, write.symbol);
}

std::unexpected<Error> has_another_id(const BrokerColumn& column, const RegistryWrite& write,
                                      const SymbolRecord& row) {
    return fail(ErrorCode::Conflict,
                "{} (row {}) already has {} {}, so {} was not written; nothing was changed",
                row.symbol, row.id, column.column, id_of(row, column.broker), write.native_id);
}

void set_id(RowChange& change, const BrokerColumn& column, const NativeId& native_id) {
    const auto before = id_of(change.row, column.broker);
    if (before == native_id.value) return;
    if (native_id.value.empty())
        change.row.native_ids.erase(std::string(column.broker));
    else
        change.row.native_ids[std::string(column.broker)] = native_id;
    change.fields.push_back({std::string(column.column), before, native_id.value});
}

void fill_description(RowChange& change, const RegistryWrite& write) {
    if (change.insert || write.description.empty() || !change.row.description.empty()) return;
    change.row.description = write.description;
    change.fields.push_back({"description", "", write.description});
}

Result<RowChange> decide_unmap(const RegistryWrite& write, const BrokerColumn& column,
                               const SymbolRecord* row) {
    if (row == nullptr) return fail(ErrorCode::NotFound, "{} is not in the registry", write.symbol);
    RowChange change{.insert = false, .row = *row, .fields = {}};
    set_id(change, column, {});
    return change;
}

Result<void> check_id(const RegistryWrite& write, const BrokerColumn& column,
                      const SymbolRecord* row, const SymbolRecord* holder) {
    if (auto fits = check_native_id(column, write.native_id.value); !fits) return fits;
    if (holder != nullptr && holder->symbol != write.symbol)
        return held_by_another(column, write, *holder);
    const auto present = row == nullptr ? std::string{} : id_of(*row, column.broker);
    const bool differs = !present.empty() && present != write.native_id.value;
    if (write.kind == RegistryWriteKind::Fill && differs)
        return has_another_id(column, write, *row);
    return {};
}

}  // namespace

Result<RowChange> decide_write(const RegistryWrite& write, const SymbolRecord* row,
                               const SymbolRecord* holder) {
    const bool names_broker = !write.broker.empty();
    const auto column = names_broker ? find_broker_column(write.broker) : BrokerColumn{};
    if (!column) return std::unexpected(column.error());
    if (write.kind == RegistryWriteKind::Unmap) {
        if (!names_broker)
            return fail(ErrorCode::Invalid, "unmap of {} names no broker", write.symbol);
        return decide_unmap(write, *column, row);
    }
    if (names_broker) {
        if (auto free = check_id(write, *column, row, holder); !free)
            return std::unexpected(free.error());
    }
    RowChange change{.insert = row == nullptr, .row = row ? *row : new_row(write), .fields = {}};
    if (change.insert) change.fields.push_back({"created", "", write.symbol.text()});
    fill_description(change, write);
    if (names_broker) set_id(change, *column, write.native_id);
    return change;
}

}  // namespace janus::store
