#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

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
    const Risk& risk;
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
    /// To be called after every recorded change of an order.
    void on_changed(const OrderEntry& entry);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    /// Denies what is not yet on its way to the journal.
    void on_stop();
    /// Intents that are not yet sent and orders without an answer.
    std::size_t in_flight() const { return pending_.size() + unanswered_.size(); }

 private:
    struct Pending {
        OrderIntent intent;
        std::string who;
        Instant send_before;
        std::vector<Reply<Order>> replies;
        bool written{false};  ///< Handed to the journal.
    };

    Result<void> check_key(const std::string& key) const;
    Result<void> check_all(Now now, const OrderIntent& intent) const;
    bool answer_repeat(const OrderIntent& intent, const Reply<Order>& reply);
    void reply_later(const Reply<Order>& reply, Result<Order> outcome);
    void deny(const std::string& key, const Error& error);

    void on_resolved(Now now, const std::string& key, const Result<NativeId>& native_id);
    Order make_order(Now now, const Pending& pending, const NativeId& native_id,
                     std::int64_t number) const;
    void write(Now now, const std::string& key, OrderId id);
    void on_journaled(Now now, const std::string& key, OrderId id, const Result<void>& outcome);
    void send(Now now, OrderEntry& entry, const OrderIntent& intent, Instant send_before);
    Duration age_max_of(const OrderIntent& intent) const;

    OrderDeskParts parts_;
    std::string instance_id_;
    std::map<std::string, Pending> pending_;  ///< By idempotency key, until durable.
    std::map<OrderId, std::vector<Reply<Order>>> waiting_;
    std::map<OrderId, Instant> unanswered_;
};

/// `J`, the instance, and the order's number in eleven digits.
ClientOrderId client_order_id_of(const std::string& instance_id, OrderId id);
/// The key of the journal's number record. By account and not by gateway, so that a configuration
/// with another order of accounts finds its numbers again.
std::string number_key_of(std::string_view broker, const AccountName& account);
/// Whether an order was made from this intent.
bool same_intent(const Order& order, const OrderIntent& intent);

}  // namespace janus::core
