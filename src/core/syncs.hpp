#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/accounts.hpp"
#include "core/books.hpp"
#include "core/deferred.hpp"
#include "core/order_table.hpp"
#include "core/reply.hpp"

namespace janus::core {

/// Fetches an account afresh on request and says what differed. One fetch per account at a time;
/// who asks meanwhile shares its answer. Owned by the engine.
class Syncs {
 public:
    static constexpr Duration timeout = std::chrono::seconds(30);
    /// How long positions and balances may come after the end of the orders.
    static constexpr Duration rest_timeout = std::chrono::seconds(3);

    Syncs(const Books& books, const OrderTable& orders, Accounts& accounts,
          const GatewaySet& gateways, Deferred& deferred)
        : books_(books),
          orders_(orders),
          accounts_(accounts),
          gateways_(gateways),
          deferred_(deferred) {}

    /// Errors: `NotFound`; `Unavailable` when the account is not ready, is lost meanwhile, or does
    /// not end within 30 s.
    void sync(Now now, const AccountName& account, Reply<std::vector<std::string>> reply);
    /// Fetches without telling anybody; does nothing when the account is not ready.
    void refresh(Now now, const AccountName& account);

    void on_positions(Now now, const AccountName& account);
    void on_balances(Now now, const AccountName& account);
    void on_orders_complete(Now now, const AccountName& account);
    void on_account_lost(const AccountName& account, const std::string& reason);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

 private:
    struct Sync {
        AccountBook book;
        std::map<OrderId, Order> orders;
        Instant due;
        bool positions{false};
        bool balances{false};
        bool complete{false};
        std::vector<Reply<std::vector<std::string>>> replies;
    };
    void end_if_done(const AccountName& account);
    void end(const AccountName& account, const Result<std::vector<std::string>>& outcome);
    std::vector<std::string> differences(const AccountName& account, const Sync& sync) const;

    const Books& books_;
    const OrderTable& orders_;
    Accounts& accounts_;
    const GatewaySet& gateways_;
    Deferred& deferred_;
    std::map<AccountName, Sync> syncs_;
};

}  // namespace janus::core
