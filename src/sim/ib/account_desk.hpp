#pragma once

#include <optional>

#include "sim/ib/account_values.hpp"
#include "sim/ib/context.hpp"

namespace janus::sim::ib {

/// Accounts, positions, balances and profit: answers the requests and keeps the subscribers
/// informed. Every request handler reads the fields after the message id.
class AccountDesk {
 public:
    explicit AccountDesk(Context& context) : context_(context) {}

    void on_managed_accounts(Now now, Session& session, FieldCursor& in);
    void on_updates(Now now, Session& session, FieldCursor& in);
    void on_summary(Now now, Session& session, FieldCursor& in);
    void on_cancel_summary(Now now, Session& session, FieldCursor& in);
    void on_positions(Now now, Session& session, FieldCursor& in);
    void on_cancel_positions(Now now, Session& session, FieldCursor& in);
    void on_positions_multi(Now now, Session& session, FieldCursor& in);
    void on_cancel_positions_multi(Now now, Session& session, FieldCursor& in);
    void on_updates_multi(Now now, Session& session, FieldCursor& in);
    void on_cancel_updates_multi(Now now, Session& session, FieldCursor& in);
    void on_profit(Now now, Session& session, FieldCursor& in);
    void on_profit_single(Now now, Session& session, FieldCursor& in);
    void on_cancel_profit(Now now, Session& session, FieldCursor& in);

    void send_managed_accounts(const Session& session);
    /// Tells subscribers about a position and balances that an execution moved.
    void on_execution(Now now, const ExchangeExecution& execution);
    /// Something that values show has changed: subscribers are told all of it.
    void tell_everything(Now now);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

 private:
    using PositionMap = std::map<std::string, SimPosition>;
    const PositionMap& positions_of(const std::string& account) const;
    SimPosition position_of(const std::string& account, const std::string& symbol) const;
    void send_position(const Session& session, const std::string& account,
                       const std::string& symbol, const SimPosition& position);
    void send_position_multi(const Session& session, RequestId id, const std::string& account,
                             const std::string& symbol, const SimPosition& position);
    void send_portfolio(const Session& session, const std::string& account,
                        const std::string& symbol, const SimPosition& position);
    void send_values(Now now, const Session& session, const std::string& account);
    void send_values_multi(const Session& session, RequestId id, const std::string& account);
    void send_summary(const Session& session, RequestId id,
                      const AccountSubscriptions::Summary& summary);
    void send_profit(const Session& session, RequestId id,
                     const AccountSubscriptions::Profit& profit);
    void send_everything_again(Now now, Session& session);
    bool check_account(Now now, const Session& session, RequestId id, const std::string& account);

    Context& context_;
    std::optional<Instant> next_profit_;
    std::optional<Instant> next_refresh_;
};

}  // namespace janus::sim::ib
