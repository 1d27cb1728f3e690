#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

#include "sim/exchange/exchange.hpp"
#include "sim/webull/http_call.hpp"
#include "sim/webull/order_shelf.hpp"
#include "sim/webull/order_words.hpp"
#include "sim/webull/refusal.hpp"

namespace janus::sim::webull {

/// What the faults want changed in the rows of orders.
struct RowStyle {
    std::optional<std::string> status;        ///< Shown instead of every status.
    std::optional<std::string> number_style;  ///< `exponent`, `zeros`, `empty`.
    ExpiredWord expired{ExpiredWord::Cancelled};
};

/// The accounts of an app key but for a hidden one. Source: protocol sheet, section 4.1.
boost::json::array account_rows(const Exchange& exchange, const std::string& app_key,
                                std::string_view hidden);
/// Section 4.2.
boost::json::object balance_of(const Exchange& exchange, const std::string& account);
/// Section 4.3; what Webull cannot name stands under its canonical symbol.
boost::json::array position_rows(const Exchange& exchange, const std::string& account);

enum class EtfsApart { No, Yes };
/// The instruments that the query asks for; unknown symbols are left out. Section 4.4.
/// Errors: 417 `PARAM_ERR` without symbols, with more than 100, or for another category.
Answer<boost::json::array> instrument_rows(const Exchange& exchange, const QueryParameters& query,
                                           EtfsApart etfs_apart);

/// One order as a group of one. `order` is the state to show, which history may lag behind.
/// Section 5.4.
boost::json::object order_group(const Exchange& exchange, const OrderRecord& record,
                                const ExchangeOrder& order, const RowStyle& style);

/// What can be sold now: held, less what is promised to open sell orders.
Quantity available_of(const Exchange& exchange, const std::string& account,
                      const std::string& symbol);
/// Signed; zero when nothing is held.
Quantity held_of(const Exchange& exchange, const std::string& account, const std::string& symbol);

}  // namespace janus::sim::webull
