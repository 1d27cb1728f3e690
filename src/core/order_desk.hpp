#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/bracket.hpp"
#include "core/deferred.hpp"
#include "core/order_evidence.hpp"
#include "core/resolver.hpp"
#include "core/risk.hpp"
#include "core/trading_gate.hpp"

namespace janus::core {

/// What the desk works with; everything outlives it.
struct OrderDeskParts {
    const EngineSettings& settings;
    const GatewaySet& gateways;
    OrderTable& orders;
    OrderRecorder& recorder;
    OrderEvidence& evidence;
    JournalWriter& journal;
    TradingGate& gate;
    Risk& risk;
    Resolver& resolver;
    Deferred& deferred;
};

/// Accepts intents: checks, resolves the instrument, makes the order durable, and only then hands
/// it to its gateway, once. Every "no" before that is an error that names what forbids it. Owned by
/// the engine.
class OrderDesk {
 public:
    /// Intents between the first check and the journal; more are refused: `Unavailable`.
    static constexpr std::size_t pending_max = 1000;
    static constexpr std::size_t key_length_max = 128;

    explicit OrderDesk(const OrderDeskParts& parts) : parts_(parts) {}

    void start(std::string instance_id) { instance_id_ = std::move(instance_id); }
    void place(Now now, const OrderIntent& intent, const std::string& who, Reply<Order> reply);
    /// Three orders at once: the entry and its two exits, durable together before the first byte.
    /// Replies with all three, the entry first, when each has an answer.
    void place_bracket(Now now, const BracketIntent& bracket, const std::string& who,
                       Reply<std::vector<Order>> reply);
    /// The checks of a new order, or of a bracket with its entry first, without placing it.
    Result<void> check_intents(Now now, const std::vector<OrderIntent>& intents) const;
    /// To be called after every recorded change of an order.
    void on_changed(const OrderEntry& entry);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    /// Denies what is not yet on its way to the journal.
    void on_stop();
    /// Intents that are not yet sent and orders without an answer.
    std::size_t in_flight() const { return pending_.size() + unanswered_.size(); }

 private:
    using Replies = std::vector<Reply<std::vector<Order>>>;
    struct Pending {
        std::vector<OrderIntent> intents;  ///< One, or the three of a bracket with the entry first.
        std::string who;
        Instant send_before;
        Replies replies;
        std::vector<OrderId> ids;  ///< Since it was handed to the journal.
    };
    struct Waiting {
        std::vector<OrderId> ids;
        Replies replies;
    };

    void accept(Now now, std::vector<OrderIntent> intents, const std::string& who,
                Reply<std::vector<Order>> reply);
    Result<void> check_key(const std::string& key) const;
    Result<void> check_all(Now now, const OrderIntent& intent) const;
    bool answer_repeat(const std::vector<OrderIntent>& intents,
                       const Reply<std::vector<Order>>& reply);
    std::vector<OrderId> find_placed(const std::vector<OrderIntent>& intents) const;
    void reply_later(const Reply<std::vector<Order>>& reply, Result<std::vector<Order>> outcome);
    void deny(const std::string& key, const Error& error);
    bool answered(const std::vector<OrderId>& ids) const;
    std::vector<Order> orders_of(const std::vector<OrderId>& ids) const;

    void on_resolved(Now now, const std::string& key, const Result<NativeId>& native_id);
    Result<std::vector<Order>> make_orders(Now now, const Pending& pending,
                                           const NativeId& native_id);
    void write(Now now, const std::string& key);
    std::vector<JournalRecord> records_of(Now now, const Pending& pending) const;
    void on_journaled(Now now, const std::string& key, const Result<void>& outcome);
    void send(Now now, const Pending& pending);
    Duration age_max_of(const OrderIntent& intent) const;

    OrderDeskParts parts_;
    std::string instance_id_;
    std::map<std::string, Pending> pending_;  ///< By idempotency key, until durable.
    std::map<OrderId, Waiting> waiting_;      ///< By the first order.
    std::map<OrderId, Instant> unanswered_;
};

/// `J`, the instance, and the order's number in eleven digits.
ClientOrderId client_order_id_of(const std::string& instance_id, OrderId id);
/// The key of the journal's number record. By account and not by gateway, so that a configuration
/// with another order of accounts finds its numbers again.
std::string number_key_of(std::string_view broker, const AccountName& account);

}  // namespace janus::core
