#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/ib/contract.hpp"
#include "sim/ib/place_request.hpp"
#include "sim/ib/wire.hpp"

namespace janus::sim::ib {

/// What a what-if answers, in dollars.
struct Margins {
    Decimal initial_before, maintenance_before, equity_before;
    Decimal initial_change, maintenance_change, equity_change;
    Decimal commission;
};

/// An order as the messages show it: the request and where it stands.
struct OrderView {
    PlaceRequest request;
    ContractRow contract;
    std::int64_t client_id{0};
    std::int64_t permanent_id{0};
    std::string status;
    std::string why_held;
    Decimal filled;
    Decimal remaining;
    Decimal average_price;
    Decimal last_price;
    std::optional<Decimal> commission;  ///< Shown by the openOrder after the last fill.
    std::optional<Margins> margins;     ///< Of a what-if.
    std::string reject_reason;          ///< Why a what-if would be rejected.
    std::string completed_time;
    std::string completed_status;
    std::string submitter;
};

/// One execution as execDetails shows it.
struct ExecutionView {
    std::int64_t request_id{-1};  ///< -1: live.
    std::string id;
    std::string time;
    std::string account;
    std::string exchange;
    std::string side;  ///< `BOT`, `SLD`
    Decimal quantity;
    Decimal price;
    Decimal cumulative;
    Decimal average_price;
};

/// openOrder in full, for server versions 176 to 200.
/// Source: the field table of openOrder with `None` as delta neutral order type.
Message open_order_message(const OrderView& order, int version);
Message order_status_message(const OrderView& order);
/// completedOrder in full, for server versions 176 to 200.
Message completed_order_message(const OrderView& order, int version);
Message execution_message(const OrderView& order, const ExecutionView& execution, int version);
Message commission_message(const std::string& execution_id, Decimal commission,
                           std::string_view currency, std::optional<Decimal> realized);

}  // namespace janus::sim::ib
