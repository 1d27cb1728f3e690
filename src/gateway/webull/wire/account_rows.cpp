#include "gateway/webull/wire/account_rows.hpp"

#include <array>
#include <charconv>

#include "gateway/webull/wire/row_reader.hpp"

namespace janus::webull::wire {
namespace {

std::optional<Money> money(const std::optional<Decimal>& value) {
    if (!value) return std::nullopt;
    return Money{*value};
}

struct TokenWord {
    std::string_view word;
    TokenStatus status;
};
constexpr auto token_words = std::to_array<TokenWord>({
    {"PENDING", TokenStatus::Pending},
    {"NORMAL",  TokenStatus::Normal },
    {"INVALID", TokenStatus::Invalid},
    {"EXPIRED", TokenStatus::Expired},
    {"0",       TokenStatus::Pending},
    {"1",       TokenStatus::Normal },
    {"2",       TokenStatus::Invalid},
    {"3",       TokenStatus::Expired},
});

std::optional<TokenStatus> find_token_status(std::string_view word) {
    for (const auto& row : token_words)
        if (row.word == word) return row.status;
    return std::nullopt;
}

std::optional<std::int64_t> find_integer(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

constexpr std::size_t error_text_max = 300;

bool is_base64(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

/// A server that refuses a signature may show it, or the one it expected: HMAC-SHA1 in Base64 has
/// 27 characters and `=`, HMAC-SHA256 has 43.
std::string without_signatures(std::string_view text) {
    std::string out;
    std::size_t run = 0;
    for (const char c : text) {
        if (c == '=' && (run == 27 || run == 43)) {
            out.replace(out.size() - run, run, "***");
            run = 0;
            continue;
        }
        run = is_base64(c) ? run + 1 : 0;
        out += c;
    }
    return out;
}

/// Cut between two words: half of a secret would not be known as one.
std::string cut(std::string text) {
    if (text.size() <= error_text_max) return text;
    const auto blank = text.rfind(' ', error_text_max);
    text.resize(blank == std::string::npos ? 0 : blank);
    return text + "...";
}

/// The totals of a body that lists no currencies.
Result<Balance> decode_totals(const Json& body) {
    RowReader in(body, "balance");
    Balance out;
    out.currency = in.text({"total_asset_currency"});
    out.cash = money(in.find_computed({"total_cash_balance"}));
    out.net_liquidation = money(in.find_computed({"total_net_liquidation_value"}));
    if (!out.cash && !out.net_liquidation) in.stop("totals are missing");
    return in.finish(std::move(out));
}

Result<Balance> decode_currency(const Json& row) {
    RowReader in(row, "balance");
    Balance out;
    out.currency = in.text({"currency"});
    out.cash = money(in.find_computed({"cash_balance"}));
    out.net_liquidation = money(in.find_computed({"net_liquidation_value"}));
    out.buying_power = money(in.find_computed({"buying_power"}));
    if (!out.cash && !out.net_liquidation) in.stop("amounts are missing");
    return in.finish(std::move(out));
}

}  // namespace

Result<Page> decode_page(const Json& body) {
    const auto* rows = body.is_array() ? &body : body.find("data");
    if (rows == nullptr || !rows->is_array())
        return fail(ErrorCode::Malformed, "list: body is no list");
    Page out;
    for (const auto& row : rows->items()) out.rows.push_back(&row);
    if (const auto* key = body.find("pagination_key")) out.next_key = key->text();
    return out;
}

Result<AccountRow> decode_account(const Json& row) {
    RowReader in(row, "account");
    AccountRow out{.account_id = in.text({"account_id"}),
                   .label = in.text_or_empty({"account_label", "account_type"})};
    return in.finish(std::move(out));
}

Result<Position> decode_position(const Json& row, const AccountName& account, Utc at) {
    RowReader in(row, "position");
    Position out;
    out.account = account;
    out.at = at;
    out.instrument = instrument_of(in.text({"instrument_type"}), in.text({"symbol"}),
                                   in.text_or_empty({"instrument_id"}),
                                   in.text_or_empty({"currency"}), row.find("legs"));
    out.instrument.description = in.text_or_empty({"symbol_name"});
    out.quantity = Quantity{in.decimal({"quantity"})};
    if (const auto cost = in.find_computed({"cost_price"})) out.average_cost = Price{*cost};
    return in.finish(std::move(out));
}

Result<std::vector<Balance>> decode_balances(const Json& body, const AccountName& account, Utc at) {
    if (!body.is_object()) return fail(ErrorCode::Malformed, "balance: body is no object");
    std::vector<Balance> out;
    const auto* currencies = body.find("account_currency_assets");
    if (currencies != nullptr && !currencies->is_array())
        return fail(ErrorCode::Malformed, "balance: currencies are no list");
    const bool listed = currencies != nullptr && !currencies->items().empty();
    const auto decode_into = [&out, &account, at](Result<Balance> balance) -> Result<void> {
        if (!balance) return std::unexpected(balance.error());
        balance->account = account;
        balance->at = at;
        out.push_back(std::move(*balance));
        return {};
    };
    if (!listed) {
        if (auto done = decode_into(decode_totals(body)); !done)
            return std::unexpected(done.error());
        return out;
    }
    for (const auto& row : currencies->items())
        if (auto done = decode_into(decode_currency(row)); !done)
            return std::unexpected(done.error());
    return out;
}

Result<OrderGroup> decode_order_group(const Json& row) {
    RowReader in(row, "order group");
    OrderGroup out;
    out.client_order_id = in.text_or_empty({"client_order_id", "client_combo_order_id"});
    const auto* orders = row.find("orders");
    // A detail may answer one order without its group around it.
    if (orders == nullptr && row.find("status") != nullptr) {
        auto order = decode_order(row);
        if (!order) return std::unexpected(order.error());
        out.orders.push_back(std::move(*order));
        return in.finish(std::move(out));
    }
    if (orders == nullptr || !orders->is_array() || orders->items().empty()) {
        in.stop("orders are missing");
        return in.finish(std::move(out));
    }
    for (const auto& item : orders->items()) {
        auto order = decode_order(item);
        if (!order) return std::unexpected(order.error());
        out.orders.push_back(std::move(*order));
    }
    return in.finish(std::move(out));
}

Result<StockRow> decode_stock(const Json& row) {
    RowReader in(row, "instrument");
    StockRow out;
    out.instrument =
        instrument_of("EQUITY", in.text({"symbol"}), "", in.text_or_empty({"currency"}), nullptr);
    out.instrument.exchange = in.text_or_empty({"exchange_code"});
    out.instrument.description = in.text_or_empty({"name"});
    out.status = in.text_or_empty({"status"});
    return in.finish(std::move(out));
}

Result<TokenRow> decode_token(const Json& body) {
    RowReader in(body, "token");
    TokenRow out;
    out.token = in.text({"token"});
    const auto expires = find_integer(in.text({"expires", "expires_at"}));
    if (!expires || *expires <= 0 || *expires > 7'258'118'400'000) in.stop("expiry is no time");
    const auto status = find_token_status(in.text({"status"}));
    if (!status) in.stop("status is unknown");
    out.expires =
        utc_from_milliseconds(expires.value_or(0) > 7'258'118'400'000 ? 0 : expires.value_or(0));
    out.status = status.value_or(TokenStatus::Pending);
    return in.finish(std::move(out));
}

Result<bool> decode_token_check(const Json& body) {
    const auto* member = body.find("token_check_enabled");
    if (member == nullptr || member->kind() != Json::Kind::Bool)
        return fail(ErrorCode::Malformed, "config: token_check_enabled is missing");
    return member->text() == "true";
}

ErrorBody decode_error(std::string_view body) {
    const auto parsed = Json::parse(body);
    if (!parsed || !parsed->is_object()) return {};
    const auto text_of = [&parsed](Names names) -> std::string {
        for (const auto name : names)
            if (const auto* member = parsed->find(name);
                member != nullptr && member->kind() == Json::Kind::String)
                return cut(without_signatures(member->text()));
        return {};
    };
    return {.code = text_of({"error_code"}), .message = text_of({"message", "error_msg", "error"})};
}

std::string masked(std::string_view account_id) {
    if (account_id.size() < 8) return "***";
    return std::string(account_id.substr(0, 3)) + "..." +
           std::string(account_id.substr(account_id.size() - 2));
}

}  // namespace janus::webull::wire
