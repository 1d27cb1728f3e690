#include <algorithm>
#include <array>

#include "sim/ib/server_parts.hpp"

namespace janus::sim {

using ib::AccountDesk;
using ib::HistoryDesk;
using ib::MarketDesk;
using ib::OrderDesk;
using ib::ReferenceDesk;

/// The table of requests, sorted by id. Source: the message ids of the text era, 1 to 105.
const IbServer::Parts::RequestRow* IbServer::Parts::find_request(std::int64_t id) {
    static constexpr auto table = std::to_array<RequestRow>({
        {1, "reqMktData", 19, call<&Parts::market, &MarketDesk::on_market_data>},
        {2, "cancelMktData", 2, call<&Parts::market, &MarketDesk::on_cancel_market_data>},
        {3, "placeOrder", 0, call_with_raw<&Parts::orders, &OrderDesk::on_place>},
        {4, "cancelOrder", 0, call_with_raw<&Parts::orders, &OrderDesk::on_cancel>},
        {5, "reqOpenOrders", 1, call<&Parts::orders, &OrderDesk::on_open_orders>},
        {6, "reqAccountUpdates", 3, call<&Parts::accounts, &AccountDesk::on_updates>},
        {7, "reqExecutions", 9, call<&Parts::orders, &OrderDesk::on_executions>},
        {8, "reqIds", 2, call<&Parts::orders, &OrderDesk::on_request_ids>},
        {9, "reqContractDetails", 18, call<&Parts::reference, &ReferenceDesk::on_contract_details>},
        {10, "reqMktDepth", 17, call<&Parts::reference, &ReferenceDesk::on_depth>},
        {11, "cancelMktDepth", 2, ignore},
        {12, "reqNewsBulletins", 2, ignore},
        {13, "cancelNewsBulletins", 1, ignore},
        {14, "setServerLogLevel", 2, ignore},
        {15, "reqAutoOpenOrders", 2, call<&Parts::orders, &OrderDesk::on_auto_open_orders>},
        {16, "reqAllOpenOrders", 1, call<&Parts::orders, &OrderDesk::on_all_open_orders>},
        {17, "reqManagedAccts", 1, call<&Parts::accounts, &AccountDesk::on_managed_accounts>},
        {20, "reqHistoricalData", 22, call<&Parts::history, &HistoryDesk::on_historical_data>},
        {25, "cancelHistoricalData", 2,
         call<&Parts::history, &HistoryDesk::on_cancel_historical_data>},
        {49, "reqCurrentTime", 1, call<&Parts::reference, &ReferenceDesk::on_current_time>},
        {50, "reqRealTimeBars", 18, call<&Parts::market, &MarketDesk::on_bars>},
        {51, "cancelRealTimeBars", 2, call<&Parts::market, &MarketDesk::on_cancel_bars>},
        {58, "reqGlobalCancel", 1, call_with_raw<&Parts::orders, &OrderDesk::on_global_cancel>},
        {59, "reqMarketDataType", 2, call<&Parts::market, &MarketDesk::on_market_data_type>},
        {61, "reqPositions", 1, call<&Parts::accounts, &AccountDesk::on_positions>},
        {62, "reqAccountSummary", 4, call<&Parts::accounts, &AccountDesk::on_summary>},
        {63, "cancelAccountSummary", 2, call<&Parts::accounts, &AccountDesk::on_cancel_summary>},
        {64, "cancelPositions", 1, call<&Parts::accounts, &AccountDesk::on_cancel_positions>},
        {74, "reqPositionsMulti", 4, call<&Parts::accounts, &AccountDesk::on_positions_multi>},
        {75, "cancelPositionsMulti", 2,
         call<&Parts::accounts, &AccountDesk::on_cancel_positions_multi>},
        {76, "reqAccountUpdatesMulti", 5, call<&Parts::accounts, &AccountDesk::on_updates_multi>},
        {77, "cancelAccountUpdatesMulti", 2,
         call<&Parts::accounts, &AccountDesk::on_cancel_updates_multi>},
        {78, "reqSecDefOptParams", 5,
         call<&Parts::reference, &ReferenceDesk::on_option_parameters>},
        {80, "reqFamilyCodes", 0, call<&Parts::reference, &ReferenceDesk::on_family_codes>},
        {81, "reqMatchingSymbols", 2, call<&Parts::reference, &ReferenceDesk::on_matching_symbols>},
        {82, "reqMktDepthExchanges", 0,
         call<&Parts::reference, &ReferenceDesk::on_depth_exchanges>},
        {83, "reqSmartComponents", 2, call<&Parts::reference, &ReferenceDesk::on_smart_components>},
        {85, "reqNewsProviders", 0, call<&Parts::reference, &ReferenceDesk::on_news_providers>},
        {87, "reqHeadTimestamp", 17, call<&Parts::history, &HistoryDesk::on_head_timestamp>},
        {90, "cancelHeadTimestamp", 1, ignore},
        {91, "reqMarketRule", 1, call<&Parts::reference, &ReferenceDesk::on_market_rule>},
        {92, "reqPnL", 3, call<&Parts::accounts, &AccountDesk::on_profit>},
        {93, "cancelPnL", 1, call<&Parts::accounts, &AccountDesk::on_cancel_profit>},
        {94, "reqPnLSingle", 4, call<&Parts::accounts, &AccountDesk::on_profit_single>},
        {95, "cancelPnLSingle", 1, call<&Parts::accounts, &AccountDesk::on_cancel_profit>},
        {97, "reqTickByTick", 16, call<&Parts::market, &MarketDesk::on_tick_by_tick>},
        {98, "cancelTickByTick", 1, call<&Parts::market, &MarketDesk::on_cancel_tick_by_tick>},
        {99, "reqCompletedOrders", 1, call<&Parts::orders, &OrderDesk::on_completed_orders>},
        {104, "reqUserInfo", 1, call<&Parts::reference, &ReferenceDesk::on_user_info>},
        {105, "reqCurrentTimeInMillis", 0,
         call<&Parts::reference, &ReferenceDesk::on_current_time_in_millis>},
    });
    static_assert(std::ranges::is_sorted(table, {}, &RequestRow::id));
    const auto* row = std::ranges::find(table, id, &RequestRow::id);
    return row == table.end() ? nullptr : row;
}

}  // namespace janus::sim
