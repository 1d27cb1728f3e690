#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/stores.hpp"

namespace janus::store {

/// What a sequence of journal records adds up to: the meaning of every kind of record, in one
/// place.
class JournalState {
 public:
    explicit JournalState(std::string instance_id) : instance_id_(std::move(instance_id)) {}

    void apply(const core::JournalRecord& record);
    core::JournalContents contents() const;
    const std::vector<core::AuditRecord>& audit() const { return audit_; }

 private:
    void apply_one(const core::OrderRecord& record);
    void apply_one(const core::OrderHistoryRecord& record);
    void apply_one(const core::ExecutionRecord& record);
    void apply_one(const core::NumberRecord& record);
    void apply_one(const core::HaltRecord& record);
    void apply_one(const core::AuditRecord& record);
    void apply_one(const core::DefaultAccountRecord& record);

    std::string instance_id_;
    std::map<OrderId, Order> orders_;
    std::vector<core::OrderHistoryRecord> history_;
    std::vector<Execution> executions_;
    std::map<std::pair<AccountName, ExecutionId>, std::size_t> execution_rows_;
    std::map<std::string, std::int64_t> numbers_;
    std::map<std::string, core::HaltRecord> halts_;
    std::vector<core::AuditRecord> audit_;
    std::optional<AccountName> default_account_;
};

}  // namespace janus::store
