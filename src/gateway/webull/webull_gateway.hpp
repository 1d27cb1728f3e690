#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "gateway/gateway.hpp"
#include "gateway/webull/account_session.hpp"
#include "gateway/webull/delivery_watch.hpp"
#include "gateway/webull/event_stream.hpp"
#include "gateway/webull/instrument_lookup.hpp"
#include "gateway/webull/key_session.hpp"
#include "gateway/webull/order_calls.hpp"
#include "gateway/webull/preview_calls.hpp"
#include "gateway/webull/replace_calls.hpp"

namespace janus::webull {

/// Webull for one app key and its accounts: the parts of this room put together. Pure; used on the
/// core thread only. REST alone carries everything; trade events make it fast.
class WebullGateway final : public gateway::Gateway {
 public:
    /// `settings` must be `completed`; `random` must outlive the gateway.
    WebullGateway(WebullSettings settings, Random& random);

    std::string_view broker() const override { return "webull"; }
    const std::vector<AccountName>& accounts() const override { return names_; }
    gateway::Capabilities capabilities() const override {
        return {.market_data = false, .ticker_fallback = true};
    }

    void on_command(Now now, const gateway::Command& command) override;
    void on_io(Now now, const io::Event& event) override;
    void on_timeout(Now now) override;
    std::optional<Instant> deadline() const override;

    Result<std::int64_t> prepare_order(const OrderIntent& intent,
                                       const NativeId& native_id) override;
    Result<void> check_modify(const Order& order, const OrderIntent& wanted) override;
    void restore_number(std::int64_t) override {}
    std::optional<NativeId> fallback_native_id(const CanonicalSymbol& symbol) const override;

    std::vector<io::Effect> take_effects() override { return out_.take_effects(); }
    std::vector<gateway::Event> take_events() override { return out_.take_events(); }
    void take_ticks(std::vector<Tick>& into) override { into.clear(); }

    bool stopped() const override { return stopped_; }
    const std::map<std::string, std::uint64_t>& counters() const override {
        return out_.counters();
    }

    std::vector<gateway::IssuedToken> take_tokens() override { return key_.take_issued_tokens(); }

 private:
    void on_start(Now now);
    void on_stop(Now now);
    void on_order_command(Now now, const gateway::PlaceOrder& command);
    void on_order_command(Now now, const gateway::ModifyOrder& command);
    void on_order_command(Now now, const gateway::PreviewOrder& command);
    void on_order_command(Now now, const gateway::CancelOrder& command);
    void on_order_command(Now now, const gateway::QueryOrder& command);
    void refuse_data(const gateway::SubscribeBars& command);
    void refuse_data(const gateway::RequestHistory& command);
    void refuse_data(const gateway::RequestHeadTimestamp& command);
    void on_data(Now now, const wire::SubscribeResponse& message);
    void on_order_event(Now now, const wire::SubscribeResponse& message);
    void on_scene(Now now, std::size_t account, const wire::OrderRow& row);
    void on_answer(Now now, const Answer& answer);
    bool is_authentication(const Answer& answer) const;
    void on_rest_changes(Now now, const std::vector<RestChange>& changes);

    /// Hands answers round until none is left, then lets the parts see what has become of it.
    void settle(Now now);
    void drop_places_of_closed_gates();
    void settle_key(Now now);
    void settle_accounts(Now now, const std::vector<wire::AccountRow>& rows);
    void tell_accounts(const std::vector<wire::AccountRow>& rows,
                       const std::map<std::string, AccountName>& served);
    void settle_stream(Now now);
    std::string refusal_of(std::size_t account) const;
    std::optional<std::size_t> find_account(const AccountName& name) const;
    std::optional<std::size_t> find_account_id(const std::string& account_id) const;

    WebullSettings settings_;
    std::vector<AccountName> names_;
    Outbox out_;
    RestClient rest_;
    KeySession key_;
    OrderTracker tracker_;
    OrderCalls calls_;
    ReplaceCalls replaces_;
    PreviewCalls previews_;
    InstrumentLookup lookup_;
    EventStream stream_;
    DeliveryWatch watch_;
    std::vector<std::unique_ptr<AccountSession>> sessions_;
    std::optional<Instant> list_again_at_;
    bool started_{false};
    bool stopping_{false};
    bool stopped_{false};
    Instant stop_deadline_{};
};

}  // namespace janus::webull
