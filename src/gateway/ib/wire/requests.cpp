#include "gateway/ib/wire/requests.hpp"

#include "gateway/ib/wire/field_writer.hpp"
#include "gateway/ib/wire/versions.hpp"
#include "gateway/ib/wire/write_contract.hpp"

namespace janus::ib::wire {

void write_contract(FieldWriter& out, const Contract& contract) {
    out.integer(contract.conid).text(contract.symbol).text(contract.security_type);
    out.text(contract.last_trade_date);
    if (contract.strike)
        out.decimal(*contract.strike);
    else
        out.text("0.0");
    out.text(contract.right).text(contract.multiplier).text(contract.exchange);
    out.text(contract.primary_exchange).text(contract.currency).text(contract.local_symbol);
    out.text(contract.trading_class);
}

Result<std::string> start_api(std::int64_t client) {
    return FieldWriter(71).integer(2).integer(client).empty().finish();
}

Result<std::string> request_current_time() {
    return FieldWriter(49).integer(1).finish();
}

Result<std::string> request_live_market_data() {
    return FieldWriter(59).integer(1).integer(1).finish();
}

Result<std::string> request_positions() {
    return FieldWriter(61).integer(1).finish();
}

Result<std::string> cancel_positions() {
    return FieldWriter(64).integer(1).finish();
}

Result<std::string> request_account_summary(std::int64_t request, std::string_view tags) {
    return FieldWriter(62).integer(1).integer(request).text("All").text(tags).finish();
}

Result<std::string> cancel_account_summary(std::int64_t request) {
    return FieldWriter(63).integer(1).integer(request).finish();
}

Result<std::string> request_open_orders() {
    return FieldWriter(5).integer(1).finish();
}

Result<std::string> request_all_open_orders() {
    return FieldWriter(16).integer(1).finish();
}

Result<std::string> request_completed_orders() {
    return FieldWriter(99).flag(false).finish();
}

Result<std::string> request_executions(int server_version, std::int64_t request) {
    FieldWriter out(7);
    out.integer(3).integer(request).integer(0);
    out.empty(6);  // Account, time, symbol, security type, exchange, side: any.
    // Without these two a gateway of 200 answers error 320 and no end marker.
    if (server_version >= gate::execution_days) out.unset_integer().integer(0);
    return out.finish();
}

Result<std::string> request_contract_details(std::int64_t request, const Contract& contract) {
    FieldWriter out(9);
    out.integer(8).integer(request);
    write_contract(out, contract);
    out.flag(false).empty(2).empty();  // Include expired; kind and text of a foreign id; issuer.
    return out.finish();
}

Result<std::string> request_market_data(std::int64_t request, const Contract& contract) {
    FieldWriter out(1);
    out.integer(11).integer(request);
    write_contract(out, contract);
    // Delta neutral, generic ticks, snapshot, regulatory snapshot (which would cost), options.
    out.flag(false).empty().flag(false).flag(false).empty();
    return out.finish();
}

Result<std::string> cancel_market_data(std::int64_t request) {
    return FieldWriter(2).integer(2).integer(request).finish();
}

Result<std::string> cancel_order(int server_version, std::int64_t order) {
    FieldWriter out(4);
    if (server_version < gate::cme_tagging) out.integer(1);
    out.integer(order).empty();  // Time of a manual cancel.
    if (server_version >= gate::rfq_fields && server_version < gate::rfq_fields_gone)
        out.empty(2).unset_integer();
    if (server_version >= gate::cme_tagging) out.empty().unset_integer();
    return out.finish();
}

}  // namespace janus::ib::wire
