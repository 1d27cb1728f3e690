#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/event.hpp"
#include "gateway/webull/outbox.hpp"
#include "gateway/webull/wire/order_row.hpp"

namespace janus::webull {

/// Where a row about an order comes from. Detail settles what others contradict.
enum class Source { Event, Detail, List, Receipt };

/// When a row becomes an OrderReport: always where the core waits for an answer or a complete
/// list, else only when it says something new.
enum class Emit { Always, WhenChanged };

/// Names one order: the index of its account and its client order id (or `#` and the broker's id
/// for the rare order that has none).
using OrderKey = std::pair<std::size_t, std::string>;

/// What one order is known to be, by all that the broker has said so far.
struct KnownOrder {
    gateway::OrderReport report;
    OrderId order;                    ///< 0 when the core has not named it.
    bool placed{false};               ///< This process has handed its place on.
    bool told{false};                 ///< The broker has spoken of it.
    bool changing{false};             ///< Its values are being replaced: only REST shows them.
    Instant changed;                  ///< When evidence last came.
    std::optional<Instant> asked_at;  ///< Last own question for its detail.
    std::optional<Instant> refused;   ///< When the answer to its place refused it.
    std::string answer;               ///< The error that its place got, which proved nothing.
};

/// What a row has changed.
struct Merge {
    bool fill_rose{false};
    bool ended{false};  ///< Became final by this row.
    bool changed{false};
    bool late{false};     ///< Its fill is older than what is known.
    bool ignored{false};  ///< Older than what is known, and nothing in it counts.
    bool first{false};    ///< The broker had not spoken of the order before.
};

bool is_final(gateway::BrokerStatus status);
/// What the core is told of an order. Rows of refused orders have no reason (reference 5.4): they
/// get the error that the place was answered with.
gateway::OrderReport told_report(const KnownOrder& known);

/// Everything the broker has said about orders, by event or by REST, in one mapping. The cumulative
/// filled quantity of an order never falls, and a final state is not left (reference 8.2).
/// Bounded: the oldest finished orders are forgotten first.
class OrderTracker {
 public:
    static constexpr std::size_t orders_max = 20'000;

    explicit OrderTracker(Outbox& out, std::size_t orders_limit = orders_max)
        : out_(out), orders_limit_(orders_limit) {}

    /// Merges what a row says, and tells the core: the quantity, prices and trail of a report are
    /// those of the row itself, never filled up from what was known before.
    Merge on_row(Now now, std::size_t account, gateway::OrderReport report, Source source,
                 Emit emit);
    /// An order of ours is about to be placed. `draft` is what it asks for, so that the broker's
    /// first words, which may say little, are completed by it. False when it was placed before.
    bool on_placing(std::size_t account, OrderId order, gateway::OrderReport draft);
    /// The answer to its place has refused an order.
    void on_place_refused(Now now, std::size_t account, const ClientOrderId& client_order_id);
    /// Whether a row says only that an order lived before its place was refused. `asked`: when the
    /// row was asked for; nothing for an event, which may be older than it looks. A fill and an end
    /// are never outdated.
    bool is_outdated(std::size_t account, const gateway::OrderReport& report,
                     std::optional<Instant> asked);
    /// The core has named an order of ours, by asking for it.
    void on_order_named(std::size_t account, const ClientOrderId& client_order_id, OrderId order);

    KnownOrder* find(std::size_t account, const ClientOrderId& client_order_id);
    /// The client order id that belongs to a broker's order id; nothing when it was never seen.
    std::optional<ClientOrderId> find_client_order_id(std::size_t account,
                                                      const std::string& order_id) const;
    bool has_open(std::size_t account) const;
    /// Orders that are open as far as is known and of which nothing new came since `before`.
    std::vector<ClientOrderId> open_and_unseen_since(std::size_t account, Instant before) const;
    std::size_t size() const { return orders_.size(); }

 private:
    static OrderKey key_of(std::size_t account, const gateway::OrderReport& report);
    void merge(KnownOrder& known, gateway::OrderReport report, Source source, Merge& out);
    void forget_old();

    Outbox& out_;
    std::size_t orders_limit_;
    std::map<OrderKey, KnownOrder> orders_;
    std::map<std::pair<std::size_t, std::string>, ClientOrderId> by_order_id_;
    std::map<std::size_t, std::size_t> open_counts_;
    std::deque<OrderKey> finished_;
};

}  // namespace janus::webull
