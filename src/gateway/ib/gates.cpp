#include "gateway/ib/gates.hpp"

#include <algorithm>

#include <fmt/ranges.h>

namespace janus::ib {

using gateway::Gate;

Gates::Gates(const std::vector<IbAccount>& accounts, Output& output) : output_(output) {
    for (const auto& account : accounts) {
        rows_.push_back({account.name, account.code, {}, Gate::Down, {}});
        names_.push_back(account.name);
    }
}

void Gates::set(Row& row, Gate gate, const std::string& reason) {
    if (row.gate == gate && row.reason == reason) return;
    row.gate = gate;
    row.reason = reason;
    output_.emit(gateway::GateChanged{row.name, gate, reason});
}

void Gates::bind(const std::vector<std::string>& managed) {
    const auto list = fmt::format("{}", fmt::join(managed, ", "));
    for (auto& row : rows_) {
        row.code.clear();
        if (row.configured.empty() && managed.size() == 1) row.code = managed.front();
        if (std::ranges::find(managed, row.configured) != managed.end()) row.code = row.configured;
        if (!row.code.empty()) continue;
        set(row, Gate::NeedsOperator,
            row.configured.empty()
                ? fmt::format("unknown_account no code is configured and the login manages {}",
                              list)
                : fmt::format("unknown_account {} is not among {}", row.configured, list));
    }
    tell(managed);
}

/// IB's codes are no secrets, so none is masked.
void Gates::tell(const std::vector<std::string>& managed) {
    gateway::AccountsListed listed;
    for (const auto& name : names_) listed.login += (listed.login.empty() ? "" : "+") + name.value;
    for (const auto& code : managed)
        listed.accounts.push_back(
            {.id = Secret(code), .masked_id = code, .label = {}, .name = find_name(code)});
    output_.emit(std::move(listed));
}

void Gates::unbind() {
    for (auto& row : rows_) row.code.clear();
}

const Gates::Row* Gates::find_row(const AccountName& name) const {
    const auto row = std::ranges::find(rows_, name, &Row::name);
    return row != rows_.end() ? &*row : nullptr;
}

bool Gates::is_bound(const AccountName& name) const {
    const auto* row = find_row(name);
    return row != nullptr && !row->code.empty();
}

bool Gates::any_bound() const {
    return std::ranges::any_of(rows_, [](const Row& row) { return !row.code.empty(); });
}

std::string_view Gates::code_of(const AccountName& name) const {
    const auto* row = find_row(name);
    return row != nullptr ? std::string_view(row->code) : std::string_view();
}

std::optional<AccountName> Gates::find_name(std::string_view code) const {
    if (code.empty()) return std::nullopt;
    const auto row = std::ranges::find(rows_, code, &Row::code);
    return row != rows_.end() ? std::optional(row->name) : std::nullopt;
}

Gate Gates::gate_of(const AccountName& name) const {
    const auto* row = find_row(name);
    return row != nullptr ? row->gate : Gate::Down;
}

std::string_view Gates::reason_of(const AccountName& name) const {
    const auto* row = find_row(name);
    return row != nullptr ? std::string_view(row->reason) : std::string_view();
}

void Gates::set_all(Gate gate, const std::string& reason) {
    for (auto& row : rows_) set(row, gate, reason);
}

void Gates::set_bound(Gate gate, const std::string& reason) {
    for (auto& row : rows_)
        if (!row.code.empty()) set(row, gate, reason);
}

}  // namespace janus::ib
