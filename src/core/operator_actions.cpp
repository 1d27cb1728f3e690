#include "core/operator_actions.hpp"

#include <array>
#include <utility>

namespace janus::core {
namespace {

struct EndRow {
    OrderState state;
    OrderEvent event;
};
// How a person's word for the end of an order enters the state machine.
constexpr auto ends = std::to_array<EndRow>({
    {OrderState::Filled,    OrderEvent::FilledInFull},
    {OrderState::Cancelled, OrderEvent::Cancelled   },
    {OrderState::Expired,   OrderEvent::Expired     },
    {OrderState::Rejected,  OrderEvent::Rejected    },
    {OrderState::NotSent,   OrderEvent::NotSent     },
});

std::optional<OrderEvent> find_end(OrderState state) {
    for (const auto& row : ends)
        if (row.state == state) return row.event;
    return std::nullopt;
}

AuditRecord audit(Now now, const std::string& who, const std::string& action,
                  const std::string& detail) {
    return {now.utc, who, action, detail};
}

std::string scope_text(const AccountName& account) {
    return account.value.empty() ? "all accounts" : account.value;
}

}  // namespace

template <typename T>
void OperatorActions::say(const Reply<T>& reply, Result<T> outcome) {
    if (reply) deferred_.later([reply, outcome = std::move(outcome)] { reply(outcome); });
}

Result<void> OperatorActions::check_scope(const AccountName& account) const {
    return account.value.empty() ? Result<void>{} : accounts_.check_known(account);
}

void OperatorActions::publish_scope(Now now, const AccountName& account) const {
    for (const auto& view : accounts_.views())
        if (account.value.empty() || view.name == account) accounts_.publish(now, view.name);
}

void OperatorActions::halt(Now now, const AccountName& account, const std::string& reason,
                           const std::string& who, Reply<void> reply) {
    if (auto checked = check_scope(account); !checked) return say<void>(reply, checked);
    const HaltRecord record{account.value, true, reason.empty() ? "no reason given" : reason, who,
                            now.utc};
    halts_.apply(record);
    publish_scope(now, account);
    journal_.append({record, audit(now, who, "halt", scope_text(account) + ": " + record.reason)},
                    [this, reply](Now, const Result<void>& outcome) {
                        if (outcome) return say<void>(reply, {});
                        say<void>(reply,
                                  fail(ErrorCode::Unavailable,
                                       "halted now, but the journal could not keep it for after a "
                                       "restart: {}",
                                       outcome.error().message));
                    });
}

void OperatorActions::resume(Now now, const AccountName& account, const std::string& reason,
                             const std::string& who, Reply<void> reply) {
    if (auto checked = check_scope(account); !checked) return say<void>(reply, checked);
    if (reason.empty()) return say<void>(reply, fail(ErrorCode::Invalid, "resume needs a reason"));
    const HaltRecord record{account.value, false, reason, who, now.utc};
    journal_.append({record, audit(now, who, "resume", scope_text(account) + ": " + reason)},
                    [this, account, record, reply](Now at, const Result<void>& outcome) {
                        if (outcome) {
                            halts_.apply(record);
                            publish_scope(at, account);
                            acknowledge_all(at, account, record.who + ": " + record.reason);
                        }
                        say<void>(reply, outcome);
                    });
}

void OperatorActions::acknowledge_all(Now now, const AccountName& account,
                                      const std::string& words) {
    for (const auto& view : accounts_.views()) {
        if (!account.value.empty() && view.name != account) continue;
        const auto blocking = orders_.blocking_of(view.name);
        for (const auto id : blocking)
            if (auto* entry = orders_.find(id)) acknowledge(now, *entry, words);
    }
}

void OperatorActions::acknowledge(Now now, OrderEntry& entry, const std::string& words) {
    for (const std::string flag : {"overfilled", "fill_after_cancel"})
        if (remove_flag(entry.order, flag)) add_flag(entry.order, flag + "_acknowledged");
    recorder_.record(now, entry, {"alarm acknowledged", words, {}, {}, {}});
}

void OperatorActions::set_default_account(Now now, const AccountName& account,
                                          const std::string& who, Reply<AccountView> reply) {
    if (auto checked = accounts_.check_known(account); !checked)
        return say<AccountView>(reply, std::unexpected(checked.error()));
    journal_.append(
        {DefaultAccountRecord{account}, audit(now, who, "default_account", account.value)},
        [this, account, reply](Now at, const Result<void>& outcome) {
            if (!outcome) return say<AccountView>(reply, std::unexpected(outcome.error()));
            const auto before = accounts_.default_account();
            accounts_.set_default(account);
            accounts_.publish(at, account);
            if (before && *before != account && accounts_.known(*before))
                accounts_.publish(at, *before);
            say<AccountView>(reply, accounts_.view_of(account));
        });
}

Result<void> OperatorActions::check_resolvable(OrderId id, OrderState state,
                                               const std::string& reason) const {
    const auto* entry = std::as_const(orders_).find(id);
    if (entry == nullptr || !entry->durable)
        return fail(ErrorCode::NotFound, "order {} is not known", id);
    const auto event = find_end(state);
    if (!event)
        return fail(ErrorCode::Invalid, "an order is resolved to a final state, which {} is not",
                    to_text(state));
    if (reason.empty()) return fail(ErrorCode::Invalid, "a resolution needs a reason");
    const auto& order = entry->order;
    if (order.state == state && is_blocking(order)) return {};
    const bool open_to_decision = order.state == OrderState::Unknown ||
                                  (!is_final(order.state) && has_flag(order, "not_in_books"));
    if (!open_to_decision)
        return fail(ErrorCode::Denied,
                    "order {} is {}: only an unknown order, or one that has vanished from the "
                    "broker's books, is resolved by a person",
                    id, to_text(order.state));
    if (!next_state(order.state, *event))
        return fail(ErrorCode::Denied, "order {} is {} and cannot become {}", id,
                    to_text(order.state), to_text(state));
    return {};
}

void OperatorActions::resolve(Now now, OrderId id, OrderState state, const std::string& reason,
                              const std::string& who, Reply<Order> reply) {
    if (auto checked = check_resolvable(id, state, reason); !checked)
        return say<Order>(reply, std::unexpected(checked.error()));
    const auto detail = fmt::format("order {} {}: {}", id, to_text(state), reason);
    journal_.append({audit(now, who, "resolve_order", detail)},
                    [this, id, state, reason, who, reply](Now at, const Result<void>& outcome) {
                        if (!outcome) return say<Order>(reply, std::unexpected(outcome.error()));
                        // Evidence may have come meanwhile, and it goes first.
                        if (auto checked = check_resolvable(id, state, reason); !checked)
                            return say<Order>(reply, std::unexpected(checked.error()));
                        apply_resolution(at, id, state, reason, who);
                        say<Order>(reply, orders_.find(id)->order);
                    });
}

void OperatorActions::apply_resolution(Now now, OrderId id, OrderState state,
                                       const std::string& reason, const std::string& who) {
    auto& entry = *orders_.find(id);
    if (entry.order.state == state) return acknowledge(now, entry, who + ": " + reason);
    recorder_.advance(entry, *find_end(state));
    add_flag(entry.order, "resolved_by_operator");
    entry.order.note = fmt::format("resolved by {}: {}", who, reason);
    recorder_.record(
        now, entry, {fmt::format("resolved as {} by {}", to_text(state), who), reason, {}, {}, {}});
}

}  // namespace janus::core
