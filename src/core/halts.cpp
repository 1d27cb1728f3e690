#include "core/halts.hpp"

namespace janus::core {

void Halts::restore(const std::vector<HaltRecord>& halts) {
    for (const auto& record : halts) apply(record);
}

void Halts::apply(const HaltRecord& record) {
    by_scope_[record.scope] = record;
}

const HaltRecord* Halts::find(const std::string& scope) const {
    const auto found = by_scope_.find(scope);
    return found != by_scope_.end() && found->second.halted ? &found->second : nullptr;
}

Result<void> Halts::check_open(const AccountName& account) const {
    if (const auto* halt = find({}))
        return fail(ErrorCode::Denied,
                    "trading is halted for all accounts by {}: {}; `resume` ends it", halt->who,
                    halt->reason);
    if (const auto* halt = find(account.value))
        return fail(ErrorCode::Denied, "account {} is halted by {}: {}; `resume {}` ends it",
                    account, halt->who, halt->reason, account);
    return {};
}

std::string Halts::reason_of(const AccountName& account) const {
    if (const auto* halt = find(account.value)) return halt->reason;
    if (const auto* halt = find({})) return halt->reason;
    return {};
}

}  // namespace janus::core
