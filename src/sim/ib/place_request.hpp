#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/ib/contract.hpp"
#include "sim/ib/wire.hpp"

namespace janus::sim::ib {

/// A placeOrder message: what the simulator acts on or echoes. The rest is read and dropped.
struct PlaceRequest {
    std::int64_t order_id{0};
    ContractQuery contract;
    std::string action;  ///< `BUY`, `SELL`, `SSHORT`.
    std::optional<Decimal> quantity;
    std::string order_type;
    std::optional<Decimal> limit_price;
    std::optional<Decimal> aux_price;
    std::string time_in_force;
    std::string oca_group;
    std::string account;
    std::string open_close;
    std::int64_t origin{0};
    std::string order_reference;
    bool transmit{false};
    std::int64_t parent_id{0};
    std::int64_t display_size{0};
    std::int64_t trigger_method{0};
    bool outside_regular_hours{false};
    bool hidden{false};
    std::string good_after_time;
    std::string good_till_date;
    std::string adviser_group;
    std::string adviser_method;
    std::string adviser_percentage;
    std::string model_code;
    std::int64_t oca_type{0};  ///< 1 cancels the group's others, 2 and 3 reduce them.
    bool all_or_none{false};
    std::optional<Decimal> trail_stop_price;
    std::optional<Decimal> trailing_percent;
    std::optional<Decimal> limit_price_offset;
    bool what_if{false};
    bool include_overnight{false};
};

/// Reads the fields after the message id as laid out at server version 176 to 200.
/// A shortage shows in the cursor's `trouble`.
/// Source: the field table of placeOrder, versions 176 to 200.
PlaceRequest read_place_request(FieldCursor& in, int version);

}  // namespace janus::sim::ib
