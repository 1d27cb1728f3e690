#include "store/memory_registry.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "store/registry_rules.hpp"

namespace janus::store {
namespace {

core::RegistryReply refuse(const core::RegistryRequest& request, const std::string& why) {
    const Error error{ErrorCode::Unavailable, "registry_unavailable: " + why};
    if (const auto* write = std::get_if<core::RegistryWrite>(&request))
        return core::RegistryWritten{write->token, std::unexpected(error)};
    return core::HistoryReply{std::get<core::HistoryRequest>(request).token,
                              std::unexpected(error)};
}

}  // namespace

void MemoryRegistry::submit(core::RegistryRequest request) {
    if (waiting_.size() < waiting_max)
        waiting_.push_back({std::move(request), std::nullopt});
    else
        replies_.push_back(refuse(request, "too many requests wait"));
}

std::vector<core::RegistryReply> MemoryRegistry::take_replies(Now now) {
    for (auto& waiting : waiting_)
        if (!waiting.due) waiting.due = now.mono + delay_;
    while (!waiting_.empty() && *waiting_.front().due <= now.mono) {
        const auto request = std::move(waiting_.front().request);
        waiting_.pop_front();
        replies_.push_back(perform(now, request));
    }
    return std::exchange(replies_, {});
}

std::optional<Instant> MemoryRegistry::deadline() const {
    if (!replies_.empty()) return Instant{};
    if (waiting_.empty()) return std::nullopt;
    return waiting_.front().due.value_or(Instant{});
}

std::vector<core::SymbolRecord> MemoryRegistry::records() const {
    std::vector<core::SymbolRecord> records;
    for (const auto& row : rows_ | std::views::values) records.push_back(row);
    std::ranges::sort(records, {}, &core::SymbolRecord::id);
    return records;
}

Result<core::SymbolRecord> MemoryRegistry::preload(core::RegistryWrite write_of, Utc at) {
    return write(write_of, at);
}

void MemoryRegistry::set_available(bool available, std::string reason) {
    if (available == available_) return;
    available_ = available;
    reason_ = std::move(reason);
    replies_.push_back(core::RegistryStateChanged{
        available, reason_, available ? records() : std::vector<core::SymbolRecord>{}});
}

void MemoryRegistry::crash() {
    waiting_.clear();
    replies_.clear();
}

core::RegistryReply MemoryRegistry::perform(Now now, const core::RegistryRequest& request) {
    if (!available_) return refuse(request, reason_);
    if (const auto* one = std::get_if<core::RegistryWrite>(&request))
        return core::RegistryWritten{one->token, write(*one, now.utc)};
    const auto& asked = std::get<core::HistoryRequest>(request);
    const auto found = history_.find(asked.symbol);
    return core::HistoryReply{
        asked.token, found == history_.end() ? std::vector<core::SymbolChange>{} : found->second};
}

Result<core::SymbolRecord> MemoryRegistry::write(const core::RegistryWrite& write, Utc at) {
    const auto found = rows_.find(write.symbol);
    const auto* row = found == rows_.end() ? nullptr : &found->second;
    auto change = decide_write(write, row, find_holder(write.broker, write.native_id));
    if (!change) return std::unexpected(change.error());
    if (change->fields.empty()) return change->row;
    if (change->insert) {
        change->row.id = {++last_id_};
        change->row.created = at;
    }
    change->row.updated = at;
    for (const auto& field : change->fields)
        history_[write.symbol].push_back(
            {at, field.field, field.before, field.after, write.provenance});
    rows_.insert_or_assign(write.symbol, change->row);
    return change->row;
}

const core::SymbolRecord* MemoryRegistry::find_holder(const std::string& broker,
                                                      const NativeId& native_id) const {
    for (const auto& row : rows_ | std::views::values) {
        const auto id = row.native_ids.find(broker);
        if (id != row.native_ids.end() && id->second == native_id) return &row;
    }
    return nullptr;
}

}  // namespace janus::store
