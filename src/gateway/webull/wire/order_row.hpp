#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/ids.hpp"
#include "gateway/event.hpp"
#include "gateway/webull/wire/json.hpp"
#include "gateway/webull/wire/words.hpp"

namespace janus::webull::wire {

/// One order as Webull tells it, by REST or by an event: the same row for both, so that a stop
/// order is a stop order on every path.
struct OrderRow {
    std::string account_id;  ///< Events only.
    std::string client_order_id;
    std::string order_id;
    Instrument instrument;
    std::string side;
    std::string order_type;
    std::string time_in_force;
    std::string status;
    std::string scene;  ///< Events only.
    Decimal quantity;   ///< The current total.
    std::optional<Decimal> filled;
    std::optional<Decimal> average_price;  ///< Nothing while nothing is filled.
    std::optional<Decimal> limit_price;
    std::optional<Decimal> stop_price;
    std::optional<Decimal> trail_amount;
    std::optional<Decimal> trail_percent;  ///< 1 is one per cent.
    std::string session;
    std::optional<Utc> at;
};

/// Reads one order of a group. Errors: `Malformed`: ids, status, side or quantities that are
/// missing or cannot be read. Source: reference 5.4.
Result<OrderRow> decode_order(const Json& row);
/// Reads the payload of an order event. Errors: as `decode_order`. Source: reference 6.3.
Result<OrderRow> decode_order_event(std::string_view payload);

/// The mapping of a row to what the core understands; an unknown status becomes `Unmapped` with
/// the word in `reason`. Fills are cumulative.
gateway::OrderReport to_report(const OrderRow& row, const AccountName& account);

/// An instrument by what position and order rows say of it: `type` is `EQUITY`, `OPTION`, ...,
/// or an event's category like `US_STOCK`.
Instrument instrument_of(std::string_view type, std::string_view symbol,
                         std::string_view instrument_id, std::string_view currency,
                         const Json* legs);

}  // namespace janus::webull::wire
