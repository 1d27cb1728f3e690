#pragma once

#include <deque>
#include <optional>

#include "core/accounts.hpp"
#include "core/order_recorder.hpp"
#include "core/symbol_registry.hpp"
#include "gateway/event.hpp"

namespace janus::core {

/// Finds the order that a broker's message is about: our reference first, then the broker's
/// permanent id within the account, then (for orders of this process) our own number. What matches
/// nothing was placed elsewhere and becomes an external order. Owned by the engine.
class OrderMatching {
 public:
    OrderMatching(OrderTable& orders, OrderRecorder& recorder, const Accounts& accounts,
                  const GatewaySet& gateways, const SymbolRegistry& registry, Counters& counters,
                  Log& log)
        : orders_(orders),
          recorder_(recorder),
          accounts_(accounts),
          gateways_(gateways),
          registry_(registry),
          counters_(counters),
          log_(log) {}

    OrderEntry* find_order(OrderId id) { return orders_.find(id); }
    OrderEntry* find(const AccountName& account, const ClientOrderId& client_order_id,
                     const BrokerOrderRef& ref);
    /// The order of this report, adopted when it was placed elsewhere. Nothing when the report says
    /// too little to make an order; it is then kept for the one that will explain it.
    OrderEntry* find_or_adopt(Now now, const gateway::OrderReport& report);
    /// An execution is a fact whatever is known of its order. Nothing when it names no order at
    /// all.
    OrderEntry* find_or_adopt(Now now, const Execution& execution);

    /// Takes over what the broker calls the order. True when something was new.
    bool learn_ref(OrderEntry& entry, const BrokerOrderRef& ref);
    /// A report that came before its order was known.
    std::optional<gateway::OrderReport> take_early(const OrderEntry& entry);

 private:
    static constexpr std::size_t early_max = 256;

    void keep_early(const gateway::OrderReport& report);
    bool served(const AccountName& account);
    OrderEntry& adopt(Now now, Order order, const ClientOrderId& reference);

    OrderTable& orders_;
    OrderRecorder& recorder_;
    const Accounts& accounts_;
    const GatewaySet& gateways_;
    const SymbolRegistry& registry_;
    Counters& counters_;
    Log& log_;
    std::deque<gateway::OrderReport> early_;
};

/// What a broker's status means to the state machine; nothing for a word that Janus does not know.
std::optional<OrderEvent> find_event(gateway::BrokerStatus status);

/// What stands in the note of an order of which its broker does not say why it refused it.
inline constexpr std::string_view no_reason_given =
    "the broker took the order and refused it later without a reason; its own app may show one";
/// Why an order was rejected, never empty: what the broker says, else the best that is known.
std::string rejection_reason(const Order& order, const std::string& said);

}  // namespace janus::core
