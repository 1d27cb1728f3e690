#include "core/syncs.hpp"

#include <algorithm>

namespace janus::core {
namespace {

using Lines = std::vector<std::string>;

std::map<OrderId, Order> orders_of(const OrderTable& table, const AccountName& account) {
    std::map<OrderId, Order> orders;
    for (const auto& [id, entry] : table.all())
        if (entry.durable && entry.order.account == account) orders.emplace(id, entry.order);
    return orders;
}

std::string state_of(const Order& order) {
    return fmt::format("{} filled {}", to_text(order.state), order.filled);
}

Lines order_differences(const std::map<OrderId, Order>& before,
                        const std::map<OrderId, Order>& after) {
    Lines lines;
    for (const auto& [id, order] : after) {
        const auto known = before.find(id);
        if (known == before.end())
            lines.push_back(fmt::format("order {} ({} {} {}): new, {}", id, to_text(order.side),
                                        order.quantity, order.symbol, state_of(order)));
        else if (state_of(known->second) != state_of(order))
            lines.push_back(fmt::format("order {} ({} {} {}): {} was {}", id, to_text(order.side),
                                        order.quantity, order.symbol, state_of(order),
                                        state_of(known->second)));
    }
    return lines;
}

}  // namespace

void Syncs::sync(Now now, const AccountName& account, Reply<Lines> reply) {
    const auto say = [&](const Error& error) {
        deferred_.later([reply, error] { reply(std::unexpected(error)); });
    };
    if (auto checked = accounts_.check_known(account); !checked) return say(checked.error());
    if (!gateways_.ready(account))
        return say({ErrorCode::Unavailable, gateways_.why_not_ready(account)});
    if (const auto found = syncs_.find(account); found != syncs_.end()) {
        found->second.replies.push_back(std::move(reply));
        return;
    }
    syncs_.emplace(account, Sync{books_.book_of(account),
                                 orders_of(orders_, account),
                                 now.mono + timeout,
                                 false,
                                 false,
                                 false,
                                 {std::move(reply)}});
    refresh(now, account);
}

void Syncs::refresh(Now now, const AccountName& account) {
    if (!gateways_.ready(account)) return;
    accounts_.begin_download(account);
    gateways_.send(now, *gateways_.find_index(account), gateway::RefreshAccount{account});
}

void Syncs::on_positions(Now, const AccountName& account) {
    const auto found = syncs_.find(account);
    if (found == syncs_.end()) return;
    found->second.positions = true;
    end_if_done(account);
}

void Syncs::on_balances(Now, const AccountName& account) {
    const auto found = syncs_.find(account);
    if (found == syncs_.end()) return;
    found->second.balances = true;
    end_if_done(account);
}

void Syncs::on_orders_complete(Now now, const AccountName& account) {
    const auto found = syncs_.find(account);
    if (found == syncs_.end()) return;
    found->second.complete = true;
    found->second.due = std::min(found->second.due, now.mono + rest_timeout);
    end_if_done(account);
}

void Syncs::end_if_done(const AccountName& account) {
    const auto& sync = syncs_.at(account);
    if (sync.positions && sync.balances && sync.complete) end(account, differences(account, sync));
}

Lines Syncs::differences(const AccountName& account, const Sync& sync) const {
    auto lines = differences_of(sync.book, books_.book_of(account));
    for (auto& line : order_differences(sync.orders, orders_of(orders_, account)))
        lines.push_back(std::move(line));
    if (!sync.positions) lines.emplace_back("positions: the broker sent no fresh list");
    if (!sync.balances) lines.emplace_back("balances: the broker sent no fresh list");
    return lines;
}

void Syncs::end(const AccountName& account, const Result<Lines>& outcome) {
    const auto node = syncs_.extract(account);
    for (const auto& reply : node.mapped().replies)
        if (reply) deferred_.later([reply, outcome] { reply(outcome); });
}

void Syncs::on_account_lost(const AccountName& account, const std::string& reason) {
    if (syncs_.contains(account))
        end(account,
            fail(ErrorCode::Unavailable, "account {} was lost meanwhile: {}", account, reason));
}

void Syncs::on_timeout(Now now) {
    std::vector<AccountName> due;
    for (const auto& [account, sync] : syncs_)
        if (sync.due <= now.mono) due.push_back(account);
    for (const auto& account : due) {
        const auto& sync = syncs_.at(account);
        if (sync.complete)
            end(account, differences(account, sync));
        else
            end(account, fail(ErrorCode::Unavailable,
                              "account {} has not been fetched completely within {} s", account,
                              std::chrono::duration_cast<std::chrono::seconds>(timeout).count()));
    }
}

std::optional<Instant> Syncs::deadline() const {
    std::optional<Instant> first;
    for (const auto& [account, sync] : syncs_)
        if (!first || sync.due < *first) first = sync.due;
    return first;
}

}  // namespace janus::core
