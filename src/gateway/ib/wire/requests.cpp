#include "gateway/ib/wire/requests.hpp"

#include "gateway/ib/wire/request_writer.hpp"
#include "gateway/ib/wire/versions.hpp"

namespace janus::ib::wire {

Result<std::string> start_api(int server_version, std::int64_t client) {
    return RequestWriter(server_version, 71).integer(2).integer(At{1}, client).empty().finish();
}

Result<std::string> request_current_time(int server_version) {
    return RequestWriter(server_version, 49).integer(1).finish();
}

Result<std::string> request_market_data_type(int server_version, std::int64_t type) {
    return RequestWriter(server_version, 59).integer(1).integer(At{1}, type).finish();
}

Result<std::string> request_positions(int server_version) {
    return RequestWriter(server_version, 61).integer(1).finish();
}

Result<std::string> cancel_positions(int server_version) {
    return RequestWriter(server_version, 64).integer(1).finish();
}

Result<std::string> request_account_summary(int server_version, std::int64_t request,
                                            std::string_view tags) {
    RequestWriter out(server_version, 62);
    return out.integer(1).integer(At{1}, request).text(At{2}, "All").text(At{3}, tags).finish();
}

Result<std::string> cancel_account_summary(int server_version, std::int64_t request) {
    return RequestWriter(server_version, 63).integer(1).integer(At{1}, request).finish();
}

Result<std::string> request_open_orders(int server_version) {
    return RequestWriter(server_version, 5).integer(1).finish();
}

Result<std::string> request_auto_open_orders(int server_version) {
    return RequestWriter(server_version, 15).integer(1).flag(At{1}, true).finish();
}

Result<std::string> request_all_open_orders(int server_version) {
    return RequestWriter(server_version, 16).integer(1).finish();
}

Result<std::string> request_completed_orders(int server_version) {
    return RequestWriter(server_version, 99).flag(At{1}, false).finish();
}

Result<std::string> request_executions(int server_version, std::int64_t request) {
    RequestWriter out(server_version, 7);
    out.integer(3).integer(At{1}, request);
    out.open(At{2}).integer(0);  // Of any client.
    out.empty(6);                // Account, time, symbol, security type, exchange, side: any.
    // Without these two a gateway of 200 answers error 320 and no end marker.
    if (out.has(gate::execution_days)) out.unset_integer().integer(0);
    return out.close().finish();
}

Result<std::string> request_contract_details(int server_version, std::int64_t request,
                                             const Contract& contract) {
    RequestWriter out(server_version, 9);
    out.integer(8).integer(At{1}, request).contract(At{2}, contract);
    // Include expired; kind and text of a foreign id; issuer.
    return out.integer(0).empty(2).empty().finish();
}

Result<std::string> request_market_data(int server_version, std::int64_t request,
                                        const Contract& contract, std::string_view generic_ticks) {
    RequestWriter out(server_version, 1);
    out.integer(11).integer(At{1}, request).contract(At{2}, contract);
    // Delta neutral, generic ticks, snapshot, regulatory snapshot (which would cost), options.
    out.integer(0).text(At{3}, generic_ticks);
    return out.flag(At{4}, false).flag(At{5}, false).empty().finish();
}

Result<std::string> cancel_market_data(int server_version, std::int64_t request) {
    return RequestWriter(server_version, 2).integer(2).integer(At{1}, request).finish();
}

Result<std::string> cancel_order(int server_version, std::int64_t order) {
    RequestWriter out(server_version, 4);
    if (!out.has(gate::cme_tagging)) out.integer(1);
    out.integer(At{1}, order).open(At{2}).empty();  // Time of a manual cancel.
    if (out.has(gate::rfq_fields) && !out.has(gate::rfq_fields_gone)) out.empty(2).unset_integer();
    if (out.has(gate::cme_tagging)) out.empty().unset_integer();
    return out.close().finish();
}

}  // namespace janus::ib::wire
