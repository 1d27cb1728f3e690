#include "core/trading_gate.hpp"

#include <algorithm>

namespace janus::core {

Result<void> TradingGate::check_open(const AccountName& account) const {
    if (stopping_) return fail(ErrorCode::Denied, "janusd is stopping and takes no new orders");
    if (auto checked = halts_.check_open(account); !checked) return checked;
    return accounts_.check_ready(account);
}

Result<void> TradingGate::check_intent_allowed(const OrderIntent& intent) const {
    if (auto checked = accounts_.check_known(intent.account); !checked) return checked;
    if (auto checked = check_open(intent.account); !checked) return checked;
    if (auto checked = check_alarms(intent.account); !checked) return checked;
    return check_unknown(intent);
}

Result<void> TradingGate::check_modify_allowed(const AccountName& account) const {
    if (auto checked = check_open(account); !checked) return checked;
    return check_alarms(account);
}

Result<void> TradingGate::check_alarms(const AccountName& account) const {
    const auto& blocking = orders_.blocking_of(account);
    if (blocking.empty()) return {};
    const auto id = *blocking.begin();
    const auto* entry = orders_.find(id);
    std::string_view flag = "overfilled";
    if (entry != nullptr && !has_flag(entry->order, flag)) flag = "fill_after_cancel";
    return fail(ErrorCode::Denied,
                "account {} waits for a person: order {} is {}; look at it, then acknowledge it "
                "with `resume {}`",
                account, id, flag, account);
}

Result<void> TradingGate::check_unknown(const OrderIntent& intent) const {
    const auto newest = orders_.newest_of(intent.account, unknown_in_a_row_max);
    const auto is_unknown = [](const OrderEntry* entry) {
        return entry->order.state == OrderState::Unknown;
    };
    if (newest.size() == unknown_in_a_row_max && std::ranges::all_of(newest, is_unknown))
        return fail(ErrorCode::Denied,
                    "the last {} orders of account {} have no known outcome (the latest is {}); "
                    "wait for the broker or resolve them",
                    unknown_in_a_row_max, intent.account, newest.front()->order.id);
    for (const auto id : orders_.open_of(intent.account)) {
        const auto* entry = orders_.find(id);
        if (entry != nullptr && is_unknown(entry) && !entry->order.external &&
            entry->order.symbol == intent.symbol.text())
            return fail(ErrorCode::Denied,
                        "order {} for {} on {} has no known outcome; wait for the broker or "
                        "resolve it",
                        id, intent.symbol, intent.account);
    }
    return {};
}

}  // namespace janus::core
