#include "gateway/ib/orders.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace janus::ib {
namespace {

using gateway::BrokerStatus;
using gateway::OrderReport;

constexpr std::string_view vanished_text = "gone from IB's list of open orders";

bool is_order_number(std::int64_t number) {
    return number > 0 && number < request_id_min;
}

/// 0 when there is none.
std::int64_t permanent_of(const BrokerOrderRef& ref) {
    std::int64_t permanent = 0;
    std::from_chars(ref.permanent.data(), ref.permanent.data() + ref.permanent.size(), permanent);
    return permanent;
}

}  // namespace

Orders::Orders(std::int64_t client_id, Gates& gates, Instruments& instruments, Output& output)
    : client_id_(client_id), gates_(gates), instruments_(instruments), output_(output) {}

// ---- numbers ----

void Orders::restore_number(std::int64_t highest_used) {
    if (is_order_number(highest_used)) highest_ = std::max(highest_, highest_used);
}

void Orders::on_next_valid_id(std::int64_t number) {
    next_valid_ = number;
    highest_ = std::max(highest_, number - 1);
}

Result<std::int64_t> Orders::reserve_number() {
    if (!next_valid_)
        return fail(ErrorCode::Denied, "IB has not told its next order number yet; connect first");
    if (!is_order_number(highest_ + 1))
        return fail(ErrorCode::Denied,
                    "order numbers of client id {} are used up; reset the API order id sequence in "
                    "TWS or IB Gateway",
                    client_id_);
    return ++highest_;
}

void Orders::note_number(std::int64_t client, std::int64_t number) {
    if (!is_order_number(number)) return;
    highest_ = std::max(highest_, number);
    if (client != client_id_) return;
    if (!own_.contains(number)) other_numbers_.insert(number);
}

Result<void> Orders::check_number(std::int64_t number) const {
    if (!is_order_number(number))
        return fail(ErrorCode::Denied, "order number {} was never reserved", number);
    // IB takes a placeOrder with the number of a live order as a modification of that order.
    if (own_.contains(number) || other_numbers_.contains(number))
        return fail(ErrorCode::Denied, "order number {} belongs to another order", number);
    if (next_valid_ && number < *next_valid_)
        return fail(ErrorCode::Denied, "order number {} is below IB's next number {}", number,
                    *next_valid_);
    return {};
}

// ---- our own commands ----

void Orders::prune() {
    for (auto at = own_.begin(); own_.size() >= own_max && at != own_.end();) {
        const auto& own = at->second;
        if (!own.final || own.unexplained) {
            ++at;
            continue;
        }
        if (own.order) number_by_order_.erase(*own.order);
        number_by_reference_.erase(own.client_order_id);
        at = own_.erase(at);
    }
}

/// Of others' orders those that have ended make room.
void Orders::prune_external() {
    if (external_.size() < external_max) return;
    std::erase_if(external_, [](const auto& entry) { return !entry.second.live; });
}

void Orders::on_placed(const gateway::PlaceOrder& command, Instrument instrument) {
    prune();
    Own own;
    own.order = command.order;
    own.client_order_id = command.client_order_id;
    own.number = command.number;
    own.account = command.account;
    own.instrument = std::move(instrument);
    own.placed_here = true;
    highest_ = std::max(highest_, command.number);
    number_by_order_[command.order] = command.number;
    number_by_reference_[command.client_order_id] = command.number;
    own_[command.number] = std::move(own);
}

void Orders::bind(OrderId order, const ClientOrderId& client_order_id) {
    const auto number = number_by_reference_.find(client_order_id);
    if (client_order_id.value.empty() || number == number_by_reference_.end()) return;
    own_.at(number->second).order = order;
    number_by_order_[order] = number->second;
}

Result<std::int64_t> Orders::cancel_number_of(const gateway::CancelOrder& command) {
    bind(command.order, command.client_order_id);
    if (const auto known = number_by_order_.find(command.order); known != number_by_order_.end())
        return known->second;
    const auto number = command.ref.number;
    if (!is_order_number(number)) return external_cancel_number_of(command);
    const auto own = own_.find(number);
    const bool foreign =
        own != own_.end() && own->second.client_order_id != command.client_order_id;
    if (foreign || other_numbers_.contains(number))
        return fail(ErrorCode::Denied, "order number {} belongs to another order now", number);
    // Not in any list since the start: IB itself says what it knows of that number. The order is
    // remembered, so that the answer finds it.
    Own asked;
    asked.order = command.order;
    asked.client_order_id = command.client_order_id;
    asked.number = number;
    asked.account = command.account;
    asked.answered = true;
    own_[number] = std::move(asked);
    number_by_order_[command.order] = number;
    number_by_reference_[command.client_order_id] = number;
    return number;
}

/// IB takes a cancel from the client whose number an order has: of our own client id, whoever used
/// it, and of those made by hand when they are bound to it.
Result<std::int64_t> Orders::external_cancel_number_of(const gateway::CancelOrder& command) const {
    const auto permanent = permanent_of(command.ref);
    const auto known = external_.find(permanent);
    if (known == external_.end())
        return fail(ErrorCode::Denied,
                    "IB's list of open orders does not have it now; `janus sync {}` fetches the "
                    "list afresh",
                    command.account);
    const auto& order = known->second;
    const bool by_hand = order.number <= 0;
    if (order.client == client_id_ && order.number != 0) return order.number;
    if (by_hand && client_id_ == 0)
        return fail(ErrorCode::Denied,
                    "the order was made by hand and IB has not bound it to client id 0 yet; `janus "
                    "sync {}` asks for that, then cancel again",
                    command.account);
    if (by_hand)
        return fail(
            ErrorCode::Denied,
            "the order was made by hand in TWS, and Janus is client id {}: IB lets only TWS "
            "and client id 0 cancel it; cancel it in TWS, or set client_id = 0 for account "
            "{}",
            client_id_, command.account);
    return fail(ErrorCode::Denied,
                "the order is of client id {}, and Janus is client id {}: IB lets only the client "
                "that placed an order cancel it; cancel it in that program, or in TWS",
                order.client, client_id_);
}

void Orders::on_cancel_sent(const gateway::CancelOrder& command, std::int64_t number) {
    if (const auto own = own_.find(number); own != own_.end()) {
        own->second.cancel_asked = true;
        own->second.refusal.clear();  // What ends from now on, ends by the cancel.
    } else {
        external_cancels_[number] = {command.order, permanent_of(command.ref)};
    }
}

Result<void> Orders::check_modify(const gateway::ModifyOrder& command) {
    bind(command.order.order, command.order.client_order_id);
    const auto number = number_by_order_.find(command.order.order);
    if (number == number_by_order_.end() || number->second != command.ref.number)
        return fail(ErrorCode::Denied, "IB has not shown this order under its number {}",
                    command.ref.number);
    const auto& own = own_.at(number->second);
    if (!own.answered) return fail(ErrorCode::Denied, "IB has not answered the order itself yet");
    if (own.final) return fail(ErrorCode::Denied, "the order has ended at IB");
    if (own.cancel_asked) return fail(ErrorCode::Denied, "the cancel of the order is under way");
    if (own.wanted)
        return fail(ErrorCode::Denied, "an earlier change of the order is not answered yet");
    return {};
}

void Orders::on_modify_sent(const gateway::ModifyOrder& command) {
    auto& own = own_.at(command.ref.number);
    own.wanted = command.order;
    own.wanted_at = rounds_;
}

bool Orders::keeps_trail(const gateway::ModifyOrder& command) const {
    const auto own = own_.find(command.ref.number);
    return own != own_.end() && own->second.trail_amount == command.order.trail_amount &&
           own->second.trail_percent == command.order.trail_percent;
}

// ---- identity ----

bool Orders::is_own(std::int64_t client, std::int64_t number, const std::string& reference) const {
    return client == client_id_ && is_order_number(number) && !reference.empty();
}

/// Nothing when the permanent id says that the number was given to another order.
Orders::Own* Orders::find_own(std::int64_t number, std::int64_t permanent) {
    const auto found = own_.find(number);
    if (found == own_.end()) return nullptr;
    auto& own = found->second;
    const bool other = own.permanent > 0 && permanent > 0 && own.permanent != permanent;
    return other ? nullptr : &own;
}

Orders::Own* Orders::find_or_adopt(const AccountName& account, std::int64_t number,
                                   std::int64_t permanent, const std::string& reference) {
    if (const auto found = own_.find(number); found != own_.end()) {
        auto& own = found->second;
        const bool other = own.client_order_id.value != reference || !find_own(number, permanent);
        if (other) output_.count("order_number_conflict");
        return other ? nullptr : &own;
    }
    prune();
    Own own;
    own.client_order_id = {reference};
    own.number = number;
    own.account = account;
    own.answered = true;
    number_by_reference_[own.client_order_id] = number;
    other_numbers_.erase(number);
    return &(own_[number] = std::move(own));
}

void Orders::mark_seen(const ClientOrderId& client_order_id, std::int64_t permanent) {
    if (!in_round_ && !in_poll_) return;
    if (!client_order_id.value.empty()) seen_references_.insert(client_order_id);
    if (permanent > 0) seen_permanents_.insert(permanent);
}

void Orders::begin_poll() {
    in_poll_ = true;
    seen_references_.clear();
    seen_permanents_.clear();
}

bool Orders::is_listed(const Own& own) const {
    return seen_references_.contains(own.client_order_id) ||
           (own.permanent > 0 && seen_permanents_.contains(own.permanent));
}

bool Orders::end_poll() {
    in_poll_ = false;
    bool any = false;
    for (auto& [number, own] : own_) {
        // What was placed while the list was on its way may be missing from it.
        const bool live = own.answered && !own.final && !own.unexplained && own.permanent > 0;
        own.vanished = live && !is_listed(own);
        any |= own.vanished;
    }
    for (auto& [permanent, order] : external_) {
        order.vanished = order.live && !seen_permanents_.contains(permanent);
        any |= order.vanished;
    }
    return any;
}

void Orders::tell_vanished() {
    for (auto& [number, own] : own_)
        if (std::exchange(own.vanished, false) && !own.final && !is_listed(own) && own.order)
            output_.emit(gateway::OrderNotice{*own.order, std::string(vanished_text), true});
    for (auto& [permanent, order] : external_) {
        if (!std::exchange(order.vanished, false) || seen_permanents_.contains(permanent)) continue;
        order.live = false;
        OrderReport report;
        report.account = order.account;
        report.ref.permanent = std::to_string(permanent);
        report.instrument = order.instrument;
        report.status = BrokerStatus::Unmapped;
        report.reason = vanished_text;
        output_.emit(std::move(report));
    }
}

void Orders::begin_round() {
    in_round_ = true;
    in_poll_ = false;
    ++rounds_;
    seen_references_.clear();
    seen_permanents_.clear();
}

bool Orders::was_seen(const gateway::QueryOrder& query) const {
    if (seen_references_.contains(query.client_order_id)) return true;
    const auto permanent = permanent_of(query.ref);
    return permanent > 0 && seen_permanents_.contains(permanent);
}

// ---- time and loss ----

void Orders::on_closed(const std::string& reason) {
    in_round_ = in_poll_ = false;
    external_cancels_.clear();
    external_.clear();
    orphans_.clear();
    other_numbers_.clear();
    next_valid_.reset();
    for (auto& [number, own] : own_) {
        if (own.unexplained) explain_cancel(own, "");
        own.cancel_asked = false;
        own.wanted.reset();
        if (!own.placed_here || own.answered || own.uncertain || !own.order) continue;
        own.uncertain = true;
        output_.emit(gateway::OrderUncertain{*own.order, reason});
    }
}

void Orders::on_timeout(Now now) {
    std::vector<std::int64_t> due;
    for (const auto& [number, at] : unexplained_due_)
        if (now.mono >= at) due.push_back(number);
    for (const auto number : due) explain_cancel(own_.at(number), "");
}

std::optional<Instant> Orders::deadline() const {
    std::optional<Instant> due;
    for (const auto& [number, at] : unexplained_due_) due = due ? std::min(*due, at) : at;
    return due;
}

}  // namespace janus::ib
