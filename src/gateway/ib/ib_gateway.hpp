#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "gateway/gateway.hpp"
#include "gateway/ib/account_streams.hpp"
#include "gateway/ib/bars.hpp"
#include "gateway/ib/gates.hpp"
#include "gateway/ib/history.hpp"
#include "gateway/ib/holdings.hpp"
#include "gateway/ib/instruments.hpp"
#include "gateway/ib/link.hpp"
#include "gateway/ib/lookups.hpp"
#include "gateway/ib/orders.hpp"
#include "gateway/ib/output.hpp"
#include "gateway/ib/previews.hpp"
#include "gateway/ib/quotes.hpp"
#include "gateway/ib/round.hpp"
#include "gateway/ib/settings.hpp"
#include "gateway/ib/wire/incoming.hpp"

namespace janus::ib {

/// Interactive Brokers: one connection to TWS or IB Gateway for all accounts of its login, as a
/// pure machine. Its parts each own one matter (link, gates, instruments, lookups, quotes,
/// holdings, orders); this class brings them together and decides what follows what. Owned by
/// app/ or a simulation; used on the core thread only.
class IbGateway final : public gateway::Gateway {
 public:
    static constexpr std::size_t placing_max = 1'000;
    static constexpr std::size_t queries_max = 1'000;

    /// `random` must outlive the gateway.
    IbGateway(IbSettings settings, Random& random);
    IbGateway(const IbGateway&) = delete;  // Its parts refer to each other.
    IbGateway& operator=(const IbGateway&) = delete;

    std::string_view broker() const override { return "ib"; }
    const std::vector<AccountName>& accounts() const override { return gates_.names(); }
    gateway::Capabilities capabilities() const override;

    void on_command(Now now, const gateway::Command& command) override;
    void on_io(Now now, const io::Event& event) override;
    void on_timeout(Now now) override;
    std::optional<Instant> deadline() const override;

    Result<std::int64_t> prepare_order(const OrderIntent& intent,
                                       const NativeId& native_id) override;
    Result<void> check_modify(const Order& order, const OrderIntent& wanted) override;
    void restore_number(std::int64_t highest_used) override;
    std::optional<NativeId> fallback_native_id(const CanonicalSymbol& symbol) const override;
    std::optional<bool> is_open(const NativeId& native_id, Utc at) const override;

    std::vector<io::Effect> take_effects() override;
    std::vector<gateway::Event> take_events() override;
    void take_ticks(std::vector<Tick>& into) override;
    bool stopped() const override { return stopped_; }
    const std::map<std::string, std::uint64_t>& counters() const override;

 private:
    // ---- commands (ib_gateway.cpp, placing.cpp) ----
    void on_command(Now now, const gateway::Start& command);
    void on_command(Now now, const gateway::StartTradeEvents& command);
    void on_command(Now now, const gateway::Stop& command);
    void on_command(Now now, const gateway::PlaceOrder& command);
    void on_command(Now now, const gateway::ModifyOrder& command);
    void on_command(Now now, const gateway::PreviewOrder& command);
    void on_command(Now now, const gateway::CancelOrder& command);
    void on_command(Now now, const gateway::QueryOrder& command);
    void on_command(Now now, const gateway::LookupInstrument& command);
    void on_command(Now now, const gateway::SubscribeTicks& command);
    void on_command(Now now, const gateway::UnsubscribeTicks& command);
    void on_command(Now now, const gateway::RefreshAccount& command);
    void on_command(Now now, const gateway::SubscribeBars& command);
    void on_command(Now now, const gateway::UnsubscribeBars& command);
    void on_command(Now now, const gateway::RequestHistory& command);
    void on_command(Now now, const gateway::RequestHeadTimestamp& command);
    void on_command(Now now, const gateway::CancelHistory& command);

    // ---- placing (placing.cpp) ----
    /// False while the order has to wait; true when it went out or was answered.
    bool try_place(Now now, const gateway::PlaceOrder& command);
    void send_place(Now now, const gateway::PlaceOrder& command, const wire::ContractData& data);
    bool has_details(const gateway::PlaceOrder& command) const;
    void place_waiting(Now now);
    void drop_waiting(const std::string& reason);
    std::string why_not_ready(const AccountName& account) const;
    Result<void> check_order(const OrderIntent& intent, const NativeId& native_id) const;

    // ---- changes and previews (placing_changes.cpp) ----
    /// False while the change has to wait; true when it went out or was answered.
    bool try_modify(Now now, const gateway::ModifyOrder& command);
    void send_modify(Now now, const gateway::ModifyOrder& command, const wire::ContractData& data);
    /// The same for a preview.
    bool try_preview(Now now, const gateway::PreviewOrder& command);
    void modify_waiting(Now now);
    void preview_waiting(Now now);
    void drop_changes(const std::string& reason);

    // ---- messages (messages.cpp) ----
    void on_payload(Now now, std::string_view payload);
    void on_unreadable(Now now, const wire::Incoming& incoming);
    void on_message(Now now, const wire::Ignored& message);
    void on_message(Now now, const wire::TickMessage& message);
    void on_message(Now now, const wire::MarketDataType& message);
    void on_message(Now now, const wire::ErrorMessage& message);
    void on_message(Now now, const wire::NextValidId& message);
    void on_message(Now now, const wire::ManagedAccounts& message);
    void on_message(Now now, const wire::OrderBound& message);
    void on_message(Now now, const wire::CurrentTime& message);
    void on_message(Now now, const wire::PositionRow& message);
    void on_message(Now now, const wire::PositionEnd& message);
    void on_message(Now now, const wire::AccountSummary& message);
    void on_message(Now now, const wire::AccountSummaryEnd& message);
    void on_message(Now now, const wire::OrderStatus& message);
    void on_message(Now now, const wire::OpenOrder& message);
    void on_message(Now now, const wire::CompletedOrder& message);
    void on_message(Now now, const wire::OpenOrderEnd& message);
    void on_message(Now now, const wire::CompletedOrdersEnd& message);
    void on_message(Now now, const wire::ExecutionDetails& message);
    void on_message(Now now, const wire::ExecutionDetailsEnd& message);
    void on_message(Now now, const wire::CommissionReport& message);
    void on_message(Now now, const wire::ContractData& message);
    void on_message(Now now, const wire::ContractDataEnd& message);
    void on_message(Now now, const wire::MarketRule& message);
    void on_message(Now now, const wire::RealTimeBar& message);
    void on_message(Now now, const wire::HistoricalData& message);
    void on_message(Now now, const wire::HistoricalDataEnd& message);
    void on_message(Now now, const wire::HeadTimestamp& message);
    void on_message(Now now, const wire::ProfitAndLoss& message);
    void on_message(Now now, const wire::AccountUpdate& message);
    void on_message(Now now, const wire::AccountUpdateEnd& message);
    void on_message(Now now, const wire::AccountPosition& message);
    void on_message(Now now, const wire::AccountPositionEnd& message);
    bool on_account_error(Now now, const wire::ErrorMessage& error);

    // ---- session (session.cpp) ----
    void maybe_started(Now now);
    void on_system_error(Now now, const wire::ErrorMessage& error);
    void on_upstream_lost(Now now, const std::string& text);
    void on_upstream_back(Now now);
    void on_read_only(const std::string& text);
    void on_port_changed(Now now, const std::string& text);
    void on_farm_notice(const wire::ErrorMessage& error);
    void settle_loss(Now now);
    void settle(Now now);

    // ---- rounds (rounds.cpp) ----
    void start_round(Now now, bool says_stages);
    void start_wanted(Now now);
    void begin_stage(Now now);
    void request_stage(Now now, Stage stage);
    void end_stage(Now now);
    void end_round(Now now);
    void become_ready();
    void want_resync(Now now, bool everything);
    bool may_poll() const;
    void poll_orders(Now now);
    bool in_stage(Stage stage) const { return round_ && round_->stage() == stage; }
    void take_end(Now now, int& due, bool awaited);
    void check_contracts(Now now);
    void check_balances(Now now);
    bool has_common_lists() const;
    std::string why_late() const;
    void say_stage(Stage stage);

    IbSettings settings_;
    Output output_;
    RequestIds ids_;
    Link link_;
    Gates gates_;
    Instruments instruments_;
    Lookups lookups_;
    Quotes quotes_;
    Holdings holdings_;
    AccountStreams streams_;
    History history_;
    Bars bars_;
    Orders orders_;
    Previews previews_;
    wire::TickMessage tick_;  ///< Kept over ticks, of which there are thousands a second.

    bool stopped_{false};
    std::deque<gateway::PlaceOrder> placing_;     ///< Waiting for the rate or for contract details.
    std::deque<gateway::ModifyOrder> modifying_;  ///< The same of changes.
    std::set<std::string> said_;  ///< Oddities that the log has had on this connection.

    // Of the present connection.
    bool have_number_{false};
    std::optional<std::vector<std::string>> managed_;
    bool positions_subscribed_{false};
    std::int64_t summary_request_{0};
    bool upstream_lost_{false};
    bool ready_{false};
    bool was_ready_{false};
    bool surplus_end_{false};
    EndsDue ends_due_;
    std::optional<Round> round_;
    Wanted wanted_;
    std::optional<Instant> last_resync_;
    Instant next_poll_;  ///< Of the orders that others may have placed.

    int failed_cycles_{0};  ///< Connections that shook hands and never became ready, in a row.
    bool needs_login_{false};
    bool port_unknown_{false};  ///< The gateway has moved, and its notice names no usable port.
};

}  // namespace janus::ib
