#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/holding.hpp"
#include "gateway/webull/wire/json.hpp"
#include "gateway/webull/wire/order_row.hpp"

/// The bodies of the REST replies that are no single order. Every decoder is all or nothing: a
/// body that cannot be read wholly is an error, never a shorter list.
namespace janus::webull::wire {

/// One page of a list. Lists come bare or wrapped as `{"data":[...],"pagination_key":"..."}`; both
/// are accepted everywhere (reference 3.2).
struct Page {
    std::vector<const Json*> rows;  ///< Live as long as the body.
    std::string next_key;           ///< Empty when the body names no next page.
};
/// Errors: `Malformed` when the body is no list.
Result<Page> decode_page(const Json& body);

struct AccountRow {
    std::string account_id;
    std::string label;
};
Result<AccountRow> decode_account(const Json& row);

/// One position. Errors: `Malformed`. Source: reference 4.3.
Result<Position> decode_position(const Json& row, const AccountName& account, Utc at);

/// One balance per currency. Errors: `Malformed` when no currency and no total can be read.
/// Source: reference 4.2.
Result<std::vector<Balance>> decode_balances(const Json& body, const AccountName& account, Utc at);

/// One row of an order list: orders that belong together. Source: reference 5.4.
struct OrderGroup {
    std::string client_order_id;  ///< The cursor for the next page.
    std::vector<OrderRow> orders;
};
Result<OrderGroup> decode_order_group(const Json& row);

/// One stock or ETF. Source: reference 4.4.
struct StockRow {
    Instrument instrument;
    std::string status;  ///< `OC`, `CO`, `NT`
};
Result<StockRow> decode_stock(const Json& row);

/// The token object. Source: reference 2.1.
enum class TokenStatus { Pending, Normal, Invalid, Expired };
struct TokenRow {
    std::string token;
    Utc expires;
    TokenStatus status{TokenStatus::Pending};
};
Result<TokenRow> decode_token(const Json& body);

/// `token_check_enabled` of the configuration. Errors: `Malformed` when it is not there.
Result<bool> decode_token_check(const Json& body);

/// What an error body says, without signatures and without cut words; both empty when it says
/// nothing that can be read.
struct ErrorBody {
    std::string code;
    std::string message;
};
ErrorBody decode_error(std::string_view body);

/// The account id as it may be shown: the first three and the last two characters.
std::string masked(std::string_view account_id);

}  // namespace janus::webull::wire
