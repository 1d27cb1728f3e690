#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/bracket.hpp"
#include "core/deferred.hpp"
#include "core/gateway_set.hpp"
#include "core/reply.hpp"
#include "core/resolver.hpp"

namespace janus::core {

/// Asks brokers what an order would do. A preview passes the checks of a new order and is none: it
/// has no id, nothing is journaled, nothing is sent that could become an order. Owned by the
/// engine.
class OrderPreviews {
 public:
    static constexpr std::size_t waiting_max = 100;
    /// The checks of a new order.
    using Check = std::function<Result<void>(Now, const std::vector<OrderIntent>&)>;

    OrderPreviews(const GatewaySet& gateways, Resolver& resolver, Deferred& deferred,
                  Duration answer_timeout)
        : gateways_(gateways),
          resolver_(resolver),
          deferred_(deferred),
          answer_timeout_(answer_timeout) {}

    void set_check(Check check) { check_ = std::move(check); }

    /// Errors: those of placing; `Denied` when the broker previews nothing; `Rejected` in the words
    /// of a broker that would refuse the order; `Unavailable` without an answer in time.
    void preview(Now now, const OrderIntent& intent, const std::string& who,
                 Reply<gateway::OrderPreview> reply);
    /// All three orders of the bracket are checked, and the broker is asked about the entry: of an
    /// exit alone it would say what opening a position the other way costs.
    /// Errors: as above; `Denied` when the broker has no brackets.
    void preview_bracket(Now now, const BracketIntent& bracket, const std::string& who,
                         Reply<gateway::OrderPreview> reply);
    void on_result(const gateway::PreviewResult& result);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

 private:
    struct Waiter {
        Instant due;
        Reply<gateway::OrderPreview> reply;
    };
    using Intents = std::vector<OrderIntent>;  ///< One, or a bracket's with the entry first.
    void start(Now now, const Intents& intents, const std::string& who,
               Reply<gateway::OrderPreview> reply);
    Result<GatewayIndex> check_served(Now now, const Intents& intents) const;
    Result<std::int64_t> prepare(GatewayIndex index, const Intents& intents,
                                 const NativeId& native_id) const;
    void ask(Now now, const Intents& intents, const Result<NativeId>& native_id,
             Reply<gateway::OrderPreview> reply);
    void say(const Reply<gateway::OrderPreview>& reply, Result<gateway::OrderPreview> outcome);

    const GatewaySet& gateways_;
    Resolver& resolver_;
    Deferred& deferred_;
    Duration answer_timeout_;
    Check check_;
    std::uint32_t last_{0};
    std::map<gateway::PreviewId, Waiter> waiters_;
};

}  // namespace janus::core
