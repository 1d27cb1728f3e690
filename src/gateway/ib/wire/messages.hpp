#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/decimal.hpp"
#include "gateway/ib/wire/contract.hpp"
#include "gateway/ib/wire/data_messages.hpp"

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
/// An order made by hand has got a number of a client's, under which that client may cancel it.
struct OrderBound {
    std::int64_t permanent{0};
    std::int64_t client{0};
    std::int64_t order{0};
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
/// One figure of an account: before an order, by how much the order changes it, and after it.
struct Margin {
    std::optional<Decimal> before;
    std::optional<Decimal> change;
    std::optional<Decimal> after;
};
/// What an order would do to its account; only the answer to a what-if has it.
struct OrderEffect {
    Margin initial;
    Margin maintenance;
    Margin equity_with_loan;
    std::optional<Decimal> commission;
    std::optional<Decimal> commission_min;
    std::optional<Decimal> commission_max;
    std::string commission_currency;
    std::string margin_currency;
    std::string reject_reason;
    std::string warning;
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
    std::optional<Decimal> trail_stop_price;  ///< Where the stop of a trail is now.
    std::optional<Decimal> trailing_percent;
    std::optional<Decimal> limit_offset;
    std::string time_in_force;
    std::string good_till_date;
    std::string oca_group;
    std::string account;
    std::string reference;
    std::int64_t permanent{0};
    std::int64_t parent{0};
    bool outside_regular_hours{false};
    bool include_overnight{false};
    bool what_if{false};
    OrderEffect effect;
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
    std::string order_types;          ///< IB's own words, separated by commas: `LMT,STPLMT`.
    std::string valid_exchanges;      ///< Separated by commas.
    std::string market_rules;         ///< Numbers of price grids, one for each valid exchange.
    std::int64_t price_magnifier{1};  ///< Prices are in this part of the currency: 100 is cents.
    std::string time_zone;            ///< Of the hours: `US/Eastern`.
    std::string trading_hours;        ///< Of all: `20260105:0400-20260105:2000;20260106:CLOSED`
};
struct ContractDataEnd {
    std::int64_t request{0};
};

using Message =
    std::variant<Ignored, TickMessage, MarketDataType, ErrorMessage, NextValidId, ManagedAccounts,
                 OrderBound, CurrentTime, PositionRow, PositionEnd, AccountSummary,
                 AccountSummaryEnd, OrderStatus, OpenOrder, CompletedOrder, OpenOrderEnd,
                 CompletedOrdersEnd, ExecutionDetails, ExecutionDetailsEnd, CommissionReport,
                 ContractData, ContractDataEnd, RealTimeBar, HistoricalData, HistoricalDataEnd,
                 HeadTimestamp, MarketRule, ProfitAndLoss, AccountUpdate, AccountUpdateEnd,
                 AccountPosition, AccountPositionEnd>;

}  // namespace janus::ib::wire
