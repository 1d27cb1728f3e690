#include "store/journal_state.hpp"

#include <algorithm>
#include <ranges>

namespace janus::store {

void JournalState::apply(const core::JournalRecord& record) {
    std::visit([this](const auto& one) { apply_one(one); }, record);
}

void JournalState::apply_one(const core::OrderRecord& record) {
    orders_.insert_or_assign(record.order.id, record.order);
}

void JournalState::apply_one(const core::OrderHistoryRecord& record) {
    history_.push_back(record);
}

void JournalState::apply_one(const core::ExecutionRecord& record) {
    const auto& execution = record.execution;
    const auto [row, added] =
        execution_rows_.try_emplace({execution.account, execution.id}, executions_.size());
    if (added)
        executions_.push_back(execution);
    else
        executions_[row->second] = execution;
}

void JournalState::apply_one(const core::NumberRecord& record) {
    auto& highest = numbers_[record.gateway];
    highest = std::max(highest, record.highest);
}

void JournalState::apply_one(const core::HaltRecord& record) {
    halts_.insert_or_assign(record.scope, record);
}

void JournalState::apply_one(const core::AuditRecord& record) {
    audit_.push_back(record);
}

void JournalState::apply_one(const core::DefaultAccountRecord& record) {
    default_account_ = record.account;
}

core::JournalContents JournalState::contents() const {
    core::JournalContents contents{.instance_id = instance_id_,
                                   .orders = {},
                                   .history = history_,
                                   .executions = executions_,
                                   .numbers = numbers_,
                                   .halts = {},
                                   .default_account = default_account_};
    for (const auto& order : orders_ | std::views::values) contents.orders.push_back(order);
    for (const auto& halt : halts_ | std::views::values) contents.halts.push_back(halt);
    return contents;
}

}  // namespace janus::store
