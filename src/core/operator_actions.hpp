#pragma once

#include <string>

#include "core/accounts.hpp"
#include "core/deferred.hpp"
#include "core/halts.hpp"
#include "core/order_recorder.hpp"
#include "core/reply.hpp"

namespace janus::core {

/// What a person decides: halts, the default account, the end of an unknown order, and that an
/// alarm was seen. Everything is audited and durable before it is confirmed. Owned by the engine.
class OperatorActions {
 public:
    OperatorActions(OrderTable& orders, OrderRecorder& recorder, JournalWriter& journal,
                    Halts& halts, Accounts& accounts, Deferred& deferred)
        : orders_(orders),
          recorder_(recorder),
          journal_(journal),
          halts_(halts),
          accounts_(accounts),
          deferred_(deferred) {}

    /// Works at once; the confirmation follows when it is durable. Empty account: all.
    /// Errors: `NotFound`; `Unavailable` when the journal failed: halted, but not after a restart.
    void halt(Now now, const AccountName& account, const std::string& reason,
              const std::string& who, Reply<void> reply);
    /// Works when it is durable. Also acknowledges the alarms that block the account's new orders.
    /// Errors: `NotFound`, `Invalid` without a reason, `Unavailable`.
    void resume(Now now, const AccountName& account, const std::string& reason,
                const std::string& who, Reply<void> reply);
    void set_default_account(Now now, const AccountName& account, const std::string& who,
                             Reply<AccountView> reply);
    /// Ends an order that is unknown or has vanished from the broker's books. For an order that has
    /// ended already with this state it acknowledges its alarms.
    /// Errors: `NotFound`, `Invalid`, `Denied`, `Unavailable`.
    void resolve(Now now, OrderId id, OrderState state, const std::string& reason,
                 const std::string& who, Reply<Order> reply);

 private:
    Result<void> check_scope(const AccountName& account) const;
    Result<void> check_resolvable(OrderId id, OrderState state, const std::string& reason) const;
    void apply_resolution(Now now, OrderId id, OrderState state, const std::string& reason,
                          const std::string& who);
    void acknowledge(Now now, OrderEntry& entry, const std::string& words);
    void acknowledge_all(Now now, const AccountName& account, const std::string& words);
    void publish_scope(Now now, const AccountName& account) const;
    template <typename T>
    void say(const Reply<T>& reply, Result<T> outcome);

    OrderTable& orders_;
    OrderRecorder& recorder_;
    JournalWriter& journal_;
    Halts& halts_;
    Accounts& accounts_;
    Deferred& deferred_;
};

}  // namespace janus::core
