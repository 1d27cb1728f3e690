// Descriptions of instruments.
#include "gateway/ib/wire/decoders.hpp"
#include "gateway/ib/wire/versions.hpp"

namespace janus::ib::wire {
namespace {

void take_sizes(FieldReader& in, ContractData& data) {
    data.size_min = in.optional_rounded();
    data.size_increment = in.optional_rounded();
    in.skip();  // Suggested increment.
}

}  // namespace

Result<Message> decode_contract_data(FieldReader& in) {
    ContractData data;
    auto& contract = data.contract;
    data.request = in.integer();
    contract.symbol = in.text();
    contract.security_type = in.text();
    contract.last_trade_date = date_of(in.text());
    if (in.has(gate::last_trade_date)) {
        // The plain date; the field before it may be a contract month with time and zone.
        if (const auto date = in.text(); !date.empty()) contract.last_trade_date = date_of(date);
    }
    contract.strike = in.optional_decimal();
    contract.right = right_of(in.text());
    contract.exchange = in.text();
    contract.currency = in.text();
    contract.local_symbol = in.text();
    in.skip();  // Market name.
    contract.trading_class = in.text();
    contract.conid = in.integer();
    data.tick_min = in.optional_rounded();
    contract.multiplier = in.text();
    data.order_types = in.text();
    data.valid_exchanges = in.text();
    data.price_magnifier = in.integer();
    in.skip();  // Conid of the underlying.
    data.long_name = unescaped(in.text());
    contract.primary_exchange = in.text();
    data.contract_month = in.text();
    in.skip(3);  // Industry, category, subcategory.
    data.time_zone = in.text();
    data.trading_hours = in.text();
    in.skip(3);  // Regular hours, economic value rule and multiplier.
    in.skip(in.count() * 2);
    in.skip(3);  // Aggregation group, underlying and its kind.
    data.market_rules = in.text();
    in.skip();  // Real expiration.
    data.stock_type = in.text();
    take_sizes(in, data);
    if (in.has(gate::fund_data) && contract.security_type == "FUND") in.skip(17);
    if (in.has(gate::ineligibility_reasons)) in.skip(in.count() * 2);
    if (contract.conid <= 0) in.refuse("contract had no conid");
    return in.finish<Message>(std::move(data));
}

Result<Message> decode_bond_contract_data(FieldReader& in) {
    ContractData data;
    auto& contract = data.contract;
    data.request = in.integer();
    contract.symbol = in.text();
    contract.security_type = in.text();
    in.skip(2);  // Cusip, coupon.
    contract.last_trade_date = date_of(in.text());
    in.skip(8);  // Issue date to the description's appendix.
    contract.exchange = in.text();
    contract.currency = in.text();
    in.skip();  // Market name.
    contract.trading_class = in.text();
    contract.conid = in.integer();
    data.tick_min = in.optional_rounded();
    data.order_types = in.text();
    data.valid_exchanges = in.text();
    in.skip(4);  // Next option to notes.
    data.long_name = unescaped(in.text());
    if (in.has(gate::bond_trading_hours)) {
        data.time_zone = in.text();
        data.trading_hours = in.text();
        in.skip();  // Regular hours.
    }
    in.skip(2);  // Economic value rule and multiplier.
    in.skip(in.count() * 2);
    in.skip();  // Aggregation group.
    data.market_rules = in.text();
    take_sizes(in, data);
    if (contract.conid <= 0) in.refuse("contract had no conid");
    return in.finish<Message>(std::move(data));
}

Result<Message> decode_contract_data_end(FieldReader& in) {
    in.skip();  // Message version.
    return in.finish<Message>(ContractDataEnd{in.integer()});
}

}  // namespace janus::ib::wire
