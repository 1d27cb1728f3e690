#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/event.hpp"
#include "gateway/webull/order_calls.hpp"
#include "gateway/webull/page_reader.hpp"

namespace janus::webull {

/// What one read of an account fetches. Later rows include the earlier ones.
enum class ReadPlan {
    None,
    Poll,     ///< Open orders: the check on a silent stream.
    Refresh,  ///< Open orders, positions, balance: after events.
    Round,    ///< With today's history: once in a while, because events may be missing and an order
              ///< from elsewhere may come and go between two polls.
    Full,     ///< A download: after a connect, and when the core asks.
};

/// Which list a read is at. Orders come before holdings, so that no position is older than the
/// orders that made it.
enum class ReadStep { Idle, OpenOrders, History, Positions, Balance };

/// One account: its gate, its downloads, its polls and its refreshes after events. A failed read
/// never looks like an empty account: the old data stays and the gate tells.
class AccountSession {
 public:
    AccountSession(const WebullSettings& settings, std::size_t index, Outbox& out, RestClient& rest,
                   OrderTracker& tracker, OrderCalls& calls, Random& random);

    /// The key is up and the account is one of its: begin the download.
    void connect(Now now, const std::string& account_id);
    /// The account cannot be used now.
    void disconnect(gateway::Gate gate, const std::string& reason);

    void want(Now now, ReadPlan plan);
    /// Something happened in the account: refresh once it is quiet.
    void on_stirred(Now now) { debounce_.on_event(now.mono); }
    /// An order was refused, or nobody knows. The lists have the last word, today's history with
    /// them: it may have been taken, and filled.
    void on_place_doubted(Now now);
    void set_polling(Duration open_interval) { open_poll_interval_ = open_interval; }
    /// Answers to OpenOrders, History, Positions and Balance of this account.
    void on_answer(Now now, const Answer& answer);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

    const std::string& account_id() const { return account_id_; }
    bool connected() const { return connected_; }
    gateway::Gate gate() const { return gate_; }
    const std::string& reason() const { return reason_; }
    const AccountName& name() const { return settings_.accounts[index_].name; }
    /// Fills and ends that REST has shown in lists since the last call.
    std::vector<RestChange> take_changes() { return std::exchange(changes_, {}); }

 private:
    void show(gateway::Gate gate, std::string reason);
    void begin(Now now, ReadPlan plan);
    void go(Now now, ReadStep step);
    void ask(Now now);
    void take_body(Now now, const Answer& answer);
    void finish_step(Now now);
    void finish_open_orders(Now now);
    void finish_positions(Now now);
    void finish_balance(Now now, const Answer& answer);
    void finish_read(Now now);
    void fail_read(Now now, const std::string& reason);
    void deny(Now now, const std::string& reason);
    void tell_orders(Now now, Emit emit);
    void ask_for_vanished(Now now);
    ReadStep step_after(ReadStep step) const;
    Duration poll_interval() const;
    bool reads_history() const { return running_ >= ReadPlan::Round; }

    const WebullSettings& settings_;
    std::size_t index_;
    Outbox& out_;
    RestClient& rest_;
    OrderTracker& tracker_;
    OrderCalls& calls_;
    Random& random_;

    bool connected_{false};
    std::string account_id_;
    gateway::Gate gate_{gateway::Gate::Down};
    std::string reason_;
    Duration open_poll_interval_;
    Backoff backoff_;
    int failures_{0};
    std::optional<Instant> retry_at_;
    Instant poll_from_{};        ///< When the last read ended.
    Instant round_from_{};       ///< When the last read with history ended.
    bool lists_doubted_{false};  ///< A place was, since the last read with history began.
    Debounce debounce_;

    ReadPlan wanted_{ReadPlan::None};
    ReadPlan running_{ReadPlan::None};
    ReadStep step_{ReadStep::Idle};
    std::uint32_t run_{0};
    Instant began_{};
    Utc began_utc_{};  ///< The same for all pages of the history.
    PageReader pages_{wire::Generation::G4};
    bool had_positions_{false};
    bool saw_no_positions_{false};
    std::vector<RestChange> changes_;
};

}  // namespace janus::webull
