#include "gateway/ib/account_streams.hpp"

#include <utility>

#include "gateway/ib/wire/data_requests.hpp"

namespace janus::ib {
namespace {

std::optional<Money> money(const std::optional<Decimal>& amount) {
    return amount ? std::optional(Money{*amount}) : std::nullopt;
}

}  // namespace

AccountStreams::AccountStreams(const Gates& gates, Link& link, RequestIds& ids, Output& output)
    : gates_(gates), link_(link), ids_(ids), output_(output) {}

void AccountStreams::renew(Requests& requests, Frame frame, Cancel cancel) {
    const auto version = link_.server_version();
    for (const auto& [request, account] : requests.accounts)
        link_.request(cancel(version, request));
    requests = {};
    for (const auto& account : gates_.names()) {
        if (!gates_.is_bound(account)) continue;
        const auto request = ids_.next();
        link_.request(frame(version, request, gates_.code_of(account)));
        requests.accounts.emplace(request, account);
        requests.open.insert(request);
    }
}

void AccountStreams::request_values() {
    unready_.clear();
    renew(values_, wire::request_account_updates, wire::cancel_account_updates);
}

void AccountStreams::request_positions() {
    renew(positions_, wire::request_account_positions, wire::cancel_account_positions);
}

void AccountStreams::request_profit() {
    if (profits_.accounts.empty()) renew_profit();
}

void AccountStreams::renew_profit() {
    renew(profits_, wire::request_profit, wire::cancel_profit);
}

std::optional<AccountName> AccountStreams::find_account(const wire::AccountUpdate& update) {
    const auto found = values_.accounts.find(update.request);
    if (found == values_.accounts.end()) {
        output_.count("late_account_value");
        return std::nullopt;
    }
    // A request names one account; a value of another one is none of its answers.
    if (update.account != gates_.code_of(found->second)) {
        output_.count("foreign_account_value");
        return std::nullopt;
    }
    if (update.key != "AccountReady" && update.key != "accountReady") return found->second;
    take_ready(found->second, update.value);
    return std::nullopt;
}

void AccountStreams::take_ready(const AccountName& account, const std::string& value) {
    if (value == "true") {
        unready_.erase(account);
    } else if (unready_.insert(account).second) {
        output_.count("account_not_ready");
        output_.say(LogLevel::Warning,
                    fmt::format("ib account {} is not ready at IB: its values wait", account));
    }
}

std::string AccountStreams::unready_text() const {
    std::string text;
    for (const auto& account : unready_)
        text += fmt::format("{}{}", text.empty() ? "" : ", ", account);
    return text;
}

void AccountStreams::on_profit(Now now, const wire::ProfitAndLoss& message) {
    const auto found = profits_.accounts.find(message.request);
    if (found == profits_.accounts.end()) return output_.count("late_profit");
    AccountProfit profit{found->second, money(message.daily), money(message.unrealized),
                         money(message.realized), now.utc};
    auto& told = told_[found->second];
    const bool same = told.daily == profit.daily && told.unrealized == profit.unrealized &&
                      told.realized == profit.realized && told.account == profit.account;
    if (same) return;
    told = profit;
    output_.emit(gateway::ProfitChanged{std::move(profit)});
}

AccountStreams::Trouble AccountStreams::on_error(const wire::ErrorMessage& error) {
    struct Row {
        Requests* requests;
        Trouble trouble;
    };
    for (const auto& [requests, trouble] : {
             Row{&values_,    Trouble::Values   },
             Row{&positions_, Trouble::Positions},
             Row{&profits_,   Trouble::Profit   }
    }) {
        if (!requests->accounts.contains(error.id)) continue;
        requests->forget(error.id);
        return trouble;
    }
    return Trouble::None;
}

void AccountStreams::on_closed() {
    values_ = positions_ = profits_ = {};
    unready_.clear();
    told_.clear();
}

}  // namespace janus::ib
