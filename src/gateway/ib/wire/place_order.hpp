#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/decimal.hpp"
#include "base/result.hpp"
#include "gateway/ib/wire/contract.hpp"

namespace janus::ib::wire {

/// What Janus says in a placeOrder; every other field has its normal value.
struct PlaceOrderRequest {
    std::int64_t order{0};
    Contract contract;
    std::string_view action;  ///< `BUY`, `SELL`
    Decimal quantity;
    std::string_view type;  ///< `LMT`
    std::optional<Decimal> limit_price;
    std::optional<Decimal> auxiliary_price;  ///< The stop price of STP and STP LMT, the distance of
                                             ///< TRAIL and TRAIL LIMIT.
    std::optional<Decimal> trail_stop_price;  ///< Where a trail starts; TRAIL LIMIT needs it.
    std::optional<Decimal> trailing_percent;  ///< In place of the distance.
    std::optional<Decimal> limit_offset;      ///< From the stop of TRAIL LIMIT to its limit.
    std::string_view time_in_force;
    std::string good_till_date;  ///< Of GTD: `20261218-15:30:00`, in UTC.
    std::string oca_group;
    std::int64_t parent{0};  ///< The order id of a bracket's parent.
    std::string account;
    std::string reference;  ///< Comes back in every message about the order.
    bool outside_regular_hours{false};
    bool include_overnight{false};  ///< Has no field before server version 189.
    bool transmit{true};
    bool what_if{false};  ///< A preview: nothing is placed.
};

/// Whether the layout can say that an order is for the night as well.
bool has_include_overnight(int server_version);

/// The whole frame, in the layout of the negotiated server version.
/// Errors: `Invalid` for a text that may not go on the wire.
Result<std::string> place_order(int server_version, const PlaceOrderRequest& request);

/// The number of fields of a placeOrder, the message id included.
std::size_t place_order_field_count(int server_version);

}  // namespace janus::ib::wire
