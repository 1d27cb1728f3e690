#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/stores.hpp"
#include "domain/order.hpp"

namespace janus::core {

/// What the core remembers of one order besides the order itself.
struct OrderEntry {
    Order order;
    std::vector<OrderHistoryRecord> history;  ///< The latest lines, up to a bound.
    bool durable{true};     ///< False until the journal has it; such an order is shown to nobody.
    bool sent_here{false};  ///< Handed to a gateway by this process: its bare number is ours.
    std::uint64_t seen_in{0};  ///< The account's download that last mentioned it.
    Quantity filled_claimed;   ///< The most that the broker says is filled; executions may lag.
    std::optional<Instant> fill_claimed;  ///< Since when the broker says `filled` while executions
                                          ///< are missing.
    ClientOrderId foreign_reference;  ///< What an external order carries; for commands about it.
    int contradictions{0};            ///< Reports without a row in the table since the last change.
    std::optional<Instant> cancel_sent;
    bool cancel_doubt{false};  ///< Nobody answers the cancel: the broker's books decide.
    bool modify_doubt{false};  ///< `order.wanted` was not answered: the broker's books decide.
    std::vector<BrokerOrderRef> other_refs;  ///< Further incarnations at the broker.
};

/// True when the order carries this flag; flags with a text in brackets match by their name.
bool has_flag(const Order& order, std::string_view flag);
/// False when it was there already.
bool add_flag(Order& order, std::string flag);
/// Sets `name(text)` in place of another text under this name. False when it is there already.
bool replace_flag(Order& order, std::string_view name, std::string_view text);
/// False when it was not there.
bool remove_flag(Order& order, std::string_view flag);
/// What is still to be filled at most; never below zero.
Quantity open_quantity(const Order& order);

/// Every order, ours and external, and the ways to find one. A bare broker number finds only orders
/// of this process (rule 5 of the fault catalogue). Owned by the engine.
class OrderTable {
 public:
    static constexpr std::size_t history_max = 200;

    void restore(const JournalContents& contents);
    OrderId take_id() { return OrderId{++last_id_}; }

    /// The entry lives, and does not move, until it is removed.
    OrderEntry& add(Order order);
    /// For an order that never became durable.
    void remove(OrderId id);
    OrderEntry* find(OrderId id);
    const OrderEntry* find(OrderId id) const;
    OrderEntry* find_by_client(const AccountName& account, const ClientOrderId& id);
    OrderEntry* find_by_permanent(const AccountName& account, const std::string& permanent);
    OrderEntry* find_by_number(const AccountName& account, std::int64_t number);
    OrderEntry* find_by_key(const std::string& idempotency_key);

    /// The exits of a bracket.
    const std::set<OrderId>& children_of(OrderId parent) const;
    std::size_t count_children(OrderId parent) const { return children_of(parent).size(); }

    /// To be called after an entry's reference, state or sent_here has changed.
    void index(OrderEntry& entry);
    void add_line(OrderEntry& entry, OrderHistoryRecord line);

    const std::map<OrderId, OrderEntry>& all() const { return entries_; }
    /// Orders of the account that are not final, by id.
    const std::set<OrderId>& open_of(const AccountName& account) const;
    /// Our own orders of the account, the newest first, at most `count`; without those that are
    /// proven not to have been sent.
    std::vector<const OrderEntry*> newest_of(const AccountName& account, std::size_t count) const;
    /// Orders of the account whose alarm waits for a person.
    const std::set<OrderId>& blocking_of(const AccountName& account) const;

 private:
    struct AccountOrders {
        std::set<OrderId> own;
        std::set<OrderId> open;
        std::set<OrderId> blocking;
        std::unordered_map<std::string, OrderId> by_permanent;
        std::unordered_map<std::int64_t, OrderId> by_number;
    };
    const AccountOrders* find_account(const AccountName& account) const;

    std::map<OrderId, OrderEntry> entries_;
    std::map<AccountName, AccountOrders> accounts_;
    std::unordered_map<std::string, OrderId> by_client_;
    std::unordered_map<std::string, OrderId> by_key_;
    std::map<OrderId, std::set<OrderId>> children_;
    std::uint64_t last_id_{0};
};

/// Flags that stop new orders on the account until a person has acknowledged them.
bool is_blocking(const Order& order);

}  // namespace janus::core
