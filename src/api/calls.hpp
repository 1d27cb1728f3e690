#pragma once

#include <functional>
#include <memory>

#include "api/context.hpp"
#include "api/source.hpp"
#include "janus/v1/janus.pb.h"

/// The calls of the API, one function each, written against the messages and the core alone. They
/// run on the core thread and answer once, at once or later. grpc_server.cpp has one row for each.
namespace janus::api {

template <typename Message>
using Answer = std::function<void(Result<Message>)>;

/// What surrounds a request.
struct CallInfo {
    Now now;
    core::Caller caller;
};

// account_calls.cpp
void list_accounts(Context&, const CallInfo&, const v1::ListAccountsRequest&,
                   Answer<v1::ListAccountsResponse>);
void set_default_account(Context&, const CallInfo&, const v1::SetDefaultAccountRequest&,
                         Answer<v1::Account>);
void list_positions(Context&, const CallInfo&, const v1::ListPositionsRequest&,
                    Answer<v1::ListPositionsResponse>);
void list_balances(Context&, const CallInfo&, const v1::ListBalancesRequest&,
                   Answer<v1::ListBalancesResponse>);
void get_portfolio(Context&, const CallInfo&, const v1::GetPortfolioRequest&,
                   Answer<v1::Portfolio>);
void sync(Context&, const CallInfo&, const v1::SyncRequest&, Answer<v1::SyncResponse>);

// order_calls.cpp
void place_order(Context&, const CallInfo&, const v1::PlaceOrderRequest&, Answer<v1::Order>);
void place_bracket(Context&, const CallInfo&, const v1::PlaceBracketRequest&,
                   Answer<v1::ListOrdersResponse>);
void preview_order(Context&, const CallInfo&, const v1::PlaceOrderRequest&,
                   Answer<v1::OrderPreview>);
void preview_bracket(Context&, const CallInfo&, const v1::PlaceBracketRequest&,
                     Answer<v1::OrderPreview>);
void modify_order(Context&, const CallInfo&, const v1::ModifyOrderRequest&, Answer<v1::Order>);
void cancel_order(Context&, const CallInfo&, const v1::CancelOrderRequest&, Answer<v1::Order>);
void cancel_all_orders(Context&, const CallInfo&, const v1::CancelAllOrdersRequest&,
                       Answer<v1::ListOrdersResponse>);
void resolve_order(Context&, const CallInfo&, const v1::ResolveOrderRequest&, Answer<v1::Order>);
void get_order(Context&, const CallInfo&, const v1::GetOrderRequest&, Answer<v1::OrderDetail>);
void list_orders(Context&, const CallInfo&, const v1::ListOrdersRequest&,
                 Answer<v1::ListOrdersResponse>);
void list_executions(Context&, const CallInfo&, const v1::ListExecutionsRequest&,
                     Answer<v1::ListExecutionsResponse>);

// registry_calls.cpp
void list_symbols(Context&, const CallInfo&, const v1::ListSymbolsRequest&,
                  Answer<v1::ListSymbolsResponse>);
void get_symbol(Context&, const CallInfo&, const v1::GetSymbolRequest&, Answer<v1::Symbol>);
void map_symbol(Context&, const CallInfo&, const v1::MapSymbolRequest&, Answer<v1::Symbol>);
void unmap_symbol(Context&, const CallInfo&, const v1::UnmapSymbolRequest&, Answer<v1::Symbol>);
void get_symbol_history(Context&, const CallInfo&, const v1::GetSymbolHistoryRequest&,
                        Answer<v1::SymbolHistory>);
std::unique_ptr<Source<v1::HarmonyEvent>> harmony(Context&, const CallInfo&,
                                                  const v1::HarmonyRequest&);

// market_calls.cpp
void subscribe_ticks(Context&, const CallInfo&, const v1::SubscribeTicksRequest&,
                     Answer<v1::QuoteList>);
void unsubscribe_ticks(Context&, const CallInfo&, const v1::UnsubscribeTicksRequest&,
                       Answer<v1::QuoteList>);
void get_quotes(Context&, const CallInfo&, const v1::GetQuotesRequest&, Answer<v1::QuoteList>);
std::unique_ptr<Source<v1::QuoteList>> watch_quotes(Context&, const CallInfo&,
                                                    const v1::WatchQuotesRequest&);

// admin_calls.cpp
std::unique_ptr<Source<v1::EventList>> watch_events(Context&, const CallInfo&,
                                                    const v1::WatchEventsRequest&);
void halt(Context&, const CallInfo&, const v1::HaltRequest&, Answer<v1::ListAccountsResponse>);
void resume(Context&, const CallInfo&, const v1::ResumeRequest&, Answer<v1::ListAccountsResponse>);
void get_health(Context&, const CallInfo&, const v1::GetHealthRequest&, Answer<v1::Health>);
std::unique_ptr<Source<v1::LogLines>> watch_log(Context&, const CallInfo&,
                                                const v1::WatchLogRequest&);
void stop_server(Context&, const CallInfo&, const v1::StopServerRequest&,
                 Answer<v1::StopServerResponse>);

/// The account that a list is asked for: empty means every account. A request that names none means
/// the default account, `all` means every one. Errors: `NotFound`, listing the accounts.
Result<AccountName> find_account(const Context& context, const std::string& named);
/// The same for what applies to all unless an account is named: sync, halt, resume.
Result<AccountName> find_scope(const Context& context, const std::string& named);
/// The default account; empty when there is none.
AccountName default_account_of(const Context& context);

}  // namespace janus::api
