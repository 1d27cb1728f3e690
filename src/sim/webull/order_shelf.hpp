#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/exchange/exchange.hpp"

namespace janus::sim::webull {

/// An order as Webull's systems know it: the exchange's order with Webull's names for it.
struct OrderRecord {
    std::string account;
    std::string client_order_id;
    std::string order_id;
    std::optional<Decimal> amount;  ///< Of an order by amount: what was to be spent.
    std::uint64_t sequence{0};      ///< Rising; the cursor of pages.
    bool at_exchange{true};         ///< False for an order that fails later and never gets there.
    ExchangeOrder order;            ///< As last seen.
    Decimal traded_quantity;        ///< Sum of the executions announced so far.
    __int128 traded_value{0};       ///< Their price times quantity, in units of 1e-16.
    std::string average_text;       ///< Average price over them, 10 decimals.
    Money commission;
    Utc filled_at;
    std::map<Utc, ExchangeOrder> past;  ///< What the order was from then on.
};

/// Takes over what the exchange knows now, and keeps it for the lagging history.
void remember(OrderRecord& record, Now now, const ExchangeOrder& order);

/// Adds an execution to the announced totals of a record.
void count_execution(OrderRecord& record, const ExchangeExecution& execution);

/// What the order is at this moment; the record itself is as of its last event.
const ExchangeOrder& current_of(const Exchange& exchange, const OrderRecord& record);

/// All orders of the Webull accounts, by every name they have. References stay good for ever.
class OrderShelf {
 public:
    /// Gives the record its sequence.
    OrderRecord& add(OrderRecord record);
    OrderRecord* find(const std::string& account, const std::string& client_order_id);
    const OrderRecord* find(const std::string& account, const std::string& client_order_id) const;
    OrderRecord* find(ExchangeOrderId id);
    std::vector<const OrderRecord*> newest_first(const std::string& account) const;

 private:
    std::deque<OrderRecord> records_;
    std::map<std::pair<std::string, std::string>, std::size_t> by_client_id_;
    std::map<ExchangeOrderId, std::size_t> by_exchange_id_;
    std::map<std::string, std::vector<std::size_t>> by_account_;
};

}  // namespace janus::sim::webull
