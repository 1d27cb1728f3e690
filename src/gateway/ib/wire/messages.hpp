#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/decimal.hpp"
#include "gateway/ib/wire/contract.hpp"

/// What the gateway tells us, message by message. Absent numbers are `std::nullopt`.
namespace janus::ib::wire {

/// Known, read to the end, and of no use to Janus.
struct Ignored {};

/// Which message brought a tick.
enum class TickKind : std::uint8_t { Price, Size, Generic, Text };

/// One tick, whichever message brought it. Read in place into a record of the caller's, so that it
/// costs no allocation: there are thousands a second.
struct TickMessage {
    TickKind kind{TickKind::Price};
    std::int64_t request{0};
    std::int64_t type{0};
    std::optional<Decimal> value;  ///< The price, size or generic value.
    std::optional<Decimal> size;   ///< That came with a price.
    std::string_view text;         ///< Of a text tick; lives as long as the payload.
};
struct MarketDataType {
    std::int64_t request{0};
    std::int64_t type{0};  ///< 1 live, 2 frozen, 3 delayed, 4 delayed-frozen.
};

struct ErrorMessage {
    std::int64_t id{-1};  ///< A request, an order, or -1 for the system.
    std::int64_t code{0};
    std::string text;
};
struct NextValidId {
    std::int64_t number{0};
};
struct ManagedAccounts {
    std::vector<std::string> codes;
};
struct CurrentTime {
    std::int64_t seconds{0};
};

struct PositionRow {
    std::string account;
    Contract contract;
    Decimal quantity;
    std::optional<Decimal> average_cost;  ///< Includes the multiplier.
};
struct PositionEnd {};
struct AccountSummary {
    std::int64_t request{0};
    std::string account;
    std::string tag;
    std::string value;
    std::string currency;
};
struct AccountSummaryEnd {
    std::int64_t request{0};
};

struct OrderStatus {
    std::int64_t order{0};
    std::string status;
    std::optional<Decimal> filled;
    std::optional<Decimal> remaining;
    std::optional<Decimal> average_price;
    std::int64_t permanent{0};
    std::int64_t client{0};
    std::string why_held;
};
/// An openOrder, or a completedOrder, which has neither `order` nor `client`.
struct OrderRow {
    std::int64_t order{0};
    std::int64_t client{0};
    Contract contract;
    std::string action;
    std::optional<Decimal> quantity;
    std::string type;
    std::optional<Decimal> limit_price;  ///< Filled in by the gateway at will: believe the type.
    std::optional<Decimal> auxiliary_price;
    std::string time_in_force;
    std::string account;
    std::string reference;
    std::int64_t permanent{0};
    bool what_if{false};
    std::string status;
    std::string reason;  ///< Reject reason or warning; a completed order's last words.
    std::optional<Decimal> filled;
    std::string completed_time;
};
struct OpenOrder {
    OrderRow row;
};
struct CompletedOrder {
    OrderRow row;
};
struct OpenOrderEnd {};
struct CompletedOrdersEnd {};

struct ExecutionDetails {
    std::int64_t request{-1};  ///< -1 when it is live.
    std::int64_t order{0};
    std::int64_t client{0};
    Contract contract;
    std::string execution;
    std::string time;
    std::string account;
    std::string side;  ///< `BOT`, `SLD`
    Decimal quantity;
    Decimal price;
    std::int64_t permanent{0};
    std::string reference;
};
struct ExecutionDetailsEnd {
    std::int64_t request{0};
};
struct CommissionReport {
    std::string execution;
    std::optional<Decimal> amount;
    std::string currency;
};

struct ContractData {
    std::int64_t request{0};
    Contract contract;
    std::string contract_month;  ///< YYYYMM of a future.
    std::string long_name;
    std::string stock_type;
    std::optional<Decimal> tick_min;
    std::optional<Decimal> size_min;
    std::optional<Decimal> size_increment;
};
struct ContractDataEnd {
    std::int64_t request{0};
};

using Message = std::variant<Ignored, TickMessage, MarketDataType, ErrorMessage, NextValidId,
                             ManagedAccounts, CurrentTime, PositionRow, PositionEnd, AccountSummary,
                             AccountSummaryEnd, OrderStatus, OpenOrder, CompletedOrder,
                             OpenOrderEnd, CompletedOrdersEnd, ExecutionDetails,
                             ExecutionDetailsEnd, CommissionReport, ContractData, ContractDataEnd>;

}  // namespace janus::ib::wire
