#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/ib/gates.hpp"
#include "gateway/ib/instruments.hpp"
#include "gateway/ib/output.hpp"
#include "gateway/ib/wire/messages.hpp"

namespace janus::ib {

/// What is known of the orders of this client id, and how IB's messages about orders, in whatever
/// order they come, become reports.
///
/// An order is ours when it carries our client id, a positive number and a reference. All others
/// are external and known by their permanent id alone: a bare number proves nothing.
class Orders {
 public:
    static constexpr std::size_t own_max = 50'000;
    static constexpr std::size_t orphans_max = 1'000;
    static constexpr std::size_t external_max = 50'000;

    Orders(std::int64_t client_id, Gates& gates, Instruments& instruments, Output& output);

    // ---- numbers ----
    /// The highest number that the journal knows.
    void restore_number(std::int64_t highest_used);
    void on_next_valid_id(std::int64_t number);
    /// Above everything that IB offered, that was used or that was seen; never the same twice.
    /// Errors: `Denied` before IB has told its next number, or when the numbers are used up.
    Result<std::int64_t> reserve_number();

    // ---- our own commands ----
    /// Whether an order may still go out under its number.
    /// Errors: `Denied`, saying why that number would reach another order.
    Result<void> check_number(std::int64_t number) const;
    /// Whether one of our own orders has this number.
    bool knows_number(std::int64_t number) const { return own_.contains(number); }
    bool was_placed(OrderId order) const { return number_by_order_.contains(order); }
    /// The bytes of the order have been handed to the channel.
    void on_placed(const gateway::PlaceOrder& command, Instrument instrument);
    /// The number to cancel an order by.
    /// Errors: `Denied` when there is none that is surely this order's.
    Result<std::int64_t> cancel_number_of(const gateway::CancelOrder& command);
    void on_cancel_sent(const gateway::CancelOrder& command, std::int64_t number);
    /// Whether an order may be changed under the number that the command has.
    /// Errors: `Denied`, unless IB has shown this very order under it and it is live.
    Result<void> check_modify(const gateway::ModifyOrder& command);
    void on_modify_sent(const gateway::ModifyOrder& command);
    /// Whether the change leaves the trail as IB shows it.
    bool keeps_trail(const gateway::ModifyOrder& command) const;
    /// Binds a journal's order to what the broker shows, so that errors find it.
    void bind(OrderId order, const ClientOrderId& client_order_id);

    // ---- the broker's messages ----
    void on_open_order(Now now, const wire::OrderRow& row);
    void on_order_status(Now now, const wire::OrderStatus& status);
    void on_completed_order(const wire::OrderRow& row);
    void on_bound(const wire::OrderBound& bound);
    void on_execution(Now now, const wire::ExecutionDetails& details);
    void on_commission(const wire::CommissionReport& report);
    /// Precondition: the id is no request's.
    void on_error(const wire::ErrorMessage& error);
    /// An order made by hand that was bound to this client has a negative number. False when the
    /// error answers no cancel of such a one: then it is one of the system.
    bool on_bound_error(const wire::ErrorMessage& error);

    // ---- rounds: a fresh look at the broker's books ----
    void begin_round();
    void end_round() { in_round_ = in_poll_ = false; }
    /// Whether the books showed this order since `begin_round`.
    bool was_seen(const gateway::QueryOrder& query) const;

    // ---- polls: the list of open orders alone ----
    void begin_poll();
    /// Ends the poll. True when a live order was not in the list: the books must say why.
    bool end_poll();
    /// Says of what the books did not explain either that it is gone.
    void tell_vanished();

    /// What was placed and not answered is uncertain now.
    void on_closed(const std::string& reason);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

 private:
    struct Own {
        std::optional<OrderId> order;
        ClientOrderId client_order_id;
        std::int64_t number{0};
        AccountName account;
        std::int64_t permanent{0};
        Instrument instrument;
        std::string last_status;
        std::string why_held;
        std::string refusal;  ///< The broker's no, which a dead status that follows refers to.
        bool placed_here{false};
        bool answered{false};
        bool uncertain{false};  ///< Said already.
        bool cancel_asked{false};
        bool final{false};
        bool refused_unseen{false};  ///< Refused before IB had shown it: its books may know it.
        bool vanished{false};        ///< Was missing from a list of open orders.
        /// A change that was sent and is not answered yet.
        std::optional<gateway::PlaceOrder> wanted;
        std::uint64_t wanted_at{0};            ///< `rounds_` when it was sent.
        std::optional<Price> trail_amount;     ///< As IB shows it.
        std::optional<Decimal> trail_percent;  ///< As IB shows it.
        /// A cancel that nobody asked for waits a moment for the error that gives its reason.
        std::optional<gateway::OrderReport> unexplained;
    };
    struct External {
        AccountName account;
        Instrument instrument;
        std::int64_t client{0};
        std::int64_t number{0};
        bool live{false};
        bool vanished{false};
    };
    /// A cancel of an order that is not ours.
    struct ExternalCancel {
        OrderId order;
        std::int64_t permanent{0};
    };

    bool is_own(std::int64_t client, std::int64_t number, const std::string& reference) const;
    Own* find_own(std::int64_t number, std::int64_t permanent);
    Own* find_or_adopt(const AccountName& account, std::int64_t number, std::int64_t permanent,
                       const std::string& reference);
    void note_number(std::int64_t client, std::int64_t number);
    void mark_seen(const ClientOrderId& client_order_id, std::int64_t permanent);
    void prune();

    gateway::OrderReport report_of(const Own& own) const;
    void fill_terms(gateway::OrderReport& report, const wire::OrderRow& row) const;
    void on_own_row(Now now, Own& own, const wire::OrderRow& row);
    void on_external_row(const AccountName& account, const wire::OrderRow& row);
    void end_external(std::int64_t permanent);
    Result<std::int64_t> external_cancel_number_of(const gateway::CancelOrder& command) const;
    void learn_change(Own& own, const gateway::OrderReport& report);
    bool refuses_change(const Own& own, const wire::ErrorMessage& error) const;
    void on_modify_refused(Own& own, const wire::ErrorMessage& error);
    void on_external_error(const wire::ErrorMessage& error);
    void prune_external();
    bool is_listed(const Own& own) const;
    void say_status(Now now, Own& own, const std::string& status, gateway::OrderReport report);
    void explain_cancel(Own& own, std::string reason);
    bool comes_back(Own& own, bool lives);
    void forget_unexplained(Own& own);
    void fold_completed(Own& own, const wire::OrderRow& row, gateway::OrderReport& report);
    Own* find_own_execution(const AccountName& account, const wire::ExecutionDetails& details);
    void on_refusal(Own& own, const wire::ErrorMessage& error);
    void on_cancelled(Own& own, const wire::ErrorMessage& error);
    void on_cancel_refused(Own& own, const wire::ErrorMessage& error);
    void notice(const Own& own, const wire::ErrorMessage& error, bool ask);
    void adopt_orphans(Now now, std::int64_t permanent);

    std::int64_t client_id_;
    Gates& gates_;
    Instruments& instruments_;
    Output& output_;
    std::int64_t highest_{0};
    std::optional<std::int64_t> next_valid_;  ///< As IB said last.
    std::map<std::int64_t, Own> own_;         ///< By number.
    std::map<OrderId, std::int64_t> number_by_order_;
    std::map<ClientOrderId, std::int64_t> number_by_reference_;
    std::map<std::int64_t, External> external_;                ///< By permanent id.
    std::map<std::int64_t, ExternalCancel> external_cancels_;  ///< By number.
    std::set<std::int64_t> other_numbers_;  ///< Of our client id, without a reference of ours.
    std::map<std::int64_t, wire::OrderStatus> orphans_;  ///< By permanent id: the order is unknown.
    std::map<std::int64_t, Instant> unexplained_due_;    ///< By number.
    bool in_round_{false};
    bool in_poll_{false};
    std::uint64_t rounds_{0};  ///< Begun so far.
    std::set<ClientOrderId> seen_references_;
    std::set<std::int64_t> seen_permanents_;
};

}  // namespace janus::ib
