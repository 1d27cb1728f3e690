#include "api/calls.hpp"
#include "api/convert.hpp"

namespace janus::api {
namespace {

/// Counts the syncs that are still out and answers when the last one is in.
struct SyncRun {
    std::size_t missing{0};
    v1::SyncResponse response;
    std::optional<Error> error;
    Answer<v1::SyncResponse> answer;

    void add(const AccountName& account, const Result<std::vector<std::string>>& result) {
        if (result)
            for (const auto& line : *result)
                response.add_differences(fmt::format("{}: {}", account, line));
        else
            error =
                Error{result.error().code, fmt::format("{}: {}", account, result.error().message)};
        if (--missing > 0) return;
        if (error) return answer(std::unexpected(*error));
        answer(std::move(response));
    }
};

}  // namespace

AccountName default_account_of(const Context& context) {
    for (const auto& account : context.engine.accounts())
        if (account.is_default) return account.name;
    return {};
}

Result<AccountName> find_scope(const Context& context, const std::string& named) {
    if (named.empty() || named == "all") return AccountName{};
    const auto account = context.engine.account({named});
    if (!account) return std::unexpected(account.error());
    return account->name;
}

Result<AccountName> find_account(const Context& context, const std::string& named) {
    if (named.empty()) return default_account_of(context);
    return find_scope(context, named);
}

void list_accounts(Context& context, const CallInfo&, const v1::ListAccountsRequest& request,
                   Answer<v1::ListAccountsResponse> answer) {
    v1::ListAccountsResponse response;
    for (const auto& account : context.engine.accounts())
        *response.add_accounts() = to_message(account);
    for (const auto& account : context.engine.unconfigured_accounts())
        *response.add_unconfigured() =
            to_message(account, request.whole_ids() ? Ids::Whole : Ids::Masked);
    answer(std::move(response));
}

void set_default_account(Context& context, const CallInfo& info,
                         const v1::SetDefaultAccountRequest& request, Answer<v1::Account> answer) {
    context.engine.set_default_account(info.now, {request.account()}, info.caller,
                                       [answer](const Result<core::AccountView>& account) {
                                           if (!account)
                                               return answer(std::unexpected(account.error()));
                                           answer(to_message(*account));
                                       });
}

void list_positions(Context& context, const CallInfo& info, const v1::ListPositionsRequest& request,
                    Answer<v1::ListPositionsResponse> answer) {
    const auto account = find_account(context, request.account());
    if (!account) return answer(std::unexpected(account.error()));
    v1::ListPositionsResponse response;
    for (const auto& position : context.engine.positions(info.now, *account))
        *response.add_positions() = to_message(position);
    answer(std::move(response));
}

void list_balances(Context& context, const CallInfo&, const v1::ListBalancesRequest& request,
                   Answer<v1::ListBalancesResponse> answer) {
    const auto account = find_account(context, request.account());
    if (!account) return answer(std::unexpected(account.error()));
    v1::ListBalancesResponse response;
    for (const auto& balance : context.engine.balances(*account))
        *response.add_balances() = to_message(balance);
    answer(std::move(response));
}

void get_portfolio(Context& context, const CallInfo& info, const v1::GetPortfolioRequest&,
                   Answer<v1::Portfolio> answer) {
    answer(to_message(context.engine.portfolio(info.now)));
}

void sync(Context& context, const CallInfo& info, const v1::SyncRequest& request,
          Answer<v1::SyncResponse> answer) {
    const auto filter = find_scope(context, request.account());
    if (!filter) return answer(std::unexpected(filter.error()));
    std::vector<AccountName> accounts;
    for (const auto& account : context.engine.accounts())
        if (filter->value.empty() || account.name == *filter) accounts.push_back(account.name);
    auto run =
        std::make_shared<SyncRun>(SyncRun{.missing = accounts.size(), .answer = std::move(answer)});
    for (const auto& account : accounts)
        context.engine.sync(
            info.now, account,
            [run, account](const Result<std::vector<std::string>>& r) { run->add(account, r); });
}

}  // namespace janus::api
