// Session, errors, accounts and positions: the messages with short layouts.
#include "gateway/ib/wire/decoders.hpp"
#include "gateway/ib/wire/versions.hpp"

namespace janus::ib::wire {

std::string_view right_of(std::string_view text) {
    if (text == "C" || text == "CALL") return "C";
    if (text == "P" || text == "PUT") return "P";
    return {};
}

std::string_view date_of(std::string_view text) {
    return text.substr(0, text.find_first_of(" -"));
}

Contract take_contract(FieldReader& in) {
    Contract contract;
    contract.conid = in.integer();
    contract.symbol = in.text();
    contract.security_type = in.text();
    contract.last_trade_date = date_of(in.text());
    contract.strike = in.optional_decimal();
    contract.right = right_of(in.text());
    contract.multiplier = in.text();
    contract.exchange = in.text();
    contract.currency = in.text();
    contract.local_symbol = in.text();
    contract.trading_class = in.text();
    return contract;
}

std::vector<std::string> split_codes(std::string_view list) {
    std::vector<std::string> codes;
    while (!list.empty()) {
        const auto comma = list.find(',');
        const auto code = list.substr(0, comma);
        if (!code.empty()) codes.emplace_back(code);
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
    return codes;
}

Result<Message> decode_ignored(FieldReader& in) {
    in.skip(in.rest());
    return in.finish<Message>(Ignored{});
}

Result<Message> decode_market_data_type(FieldReader& in) {
    in.skip();  // Message version.
    MarketDataType kind;
    kind.request = in.integer();
    kind.type = in.integer();
    return in.finish<Message>(kind);
}

Result<Message> decode_error(FieldReader& in) {
    if (!in.has(gate::error_time)) in.skip();  // Message version.
    ErrorMessage error;
    error.id = in.integer();
    error.code = in.integer();
    error.text = unescaped(in.text());
    in.skip();  // Advanced reject, as JSON; the text says the same in words.
    if (in.has(gate::error_time)) in.skip();
    return in.finish<Message>(std::move(error));
}

Result<Message> decode_next_valid_id(FieldReader& in) {
    in.skip();  // Message version.
    return in.finish<Message>(NextValidId{in.integer()});
}

Result<Message> decode_managed_accounts(FieldReader& in) {
    in.skip();  // Message version.
    return in.finish<Message>(ManagedAccounts{split_codes(in.text())});
}

Result<Message> decode_order_bound(FieldReader& in) {
    OrderBound bound;
    bound.permanent = in.integer();
    bound.client = in.integer();
    bound.order = in.integer();
    return in.finish<Message>(bound);
}

Result<Message> decode_current_time(FieldReader& in) {
    in.skip();  // Message version.
    return in.finish<Message>(CurrentTime{in.integer()});
}

Result<Message> decode_position(FieldReader& in) {
    in.skip();  // Message version.
    PositionRow row;
    row.account = in.text();
    row.contract = take_contract(in);
    row.quantity = in.decimal();
    row.average_cost = in.optional_rounded();
    return in.finish<Message>(std::move(row));
}

Result<Message> decode_position_end(FieldReader& in) {
    in.skip();  // Message version.
    return in.finish<Message>(PositionEnd{});
}

Result<Message> decode_account_summary(FieldReader& in) {
    in.skip();  // Message version.
    AccountSummary row;
    row.request = in.integer();
    row.account = in.text();
    row.tag = in.text();
    row.value = in.text();
    row.currency = in.text();
    return in.finish<Message>(std::move(row));
}

Result<Message> decode_account_summary_end(FieldReader& in) {
    in.skip();  // Message version.
    return in.finish<Message>(AccountSummaryEnd{in.integer()});
}

}  // namespace janus::ib::wire
