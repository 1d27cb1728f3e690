// How the broker's messages about orders become reports.
#include <algorithm>
#include <charconv>
#include <utility>

#include "gateway/ib/orders.hpp"
#include "gateway/ib/wire/times.hpp"
#include "gateway/ib/wire/words.hpp"

namespace janus::ib {
namespace {

using gateway::BrokerStatus;
using gateway::OrderReport;

/// How long an unasked cancel waits for the error message with its reason.
constexpr Duration explanation_wait = std::chrono::milliseconds(500);

std::string permanent_text(std::int64_t permanent) {
    return permanent > 0 ? std::to_string(permanent) : std::string();
}

bool ends(BrokerStatus status) {
    return status == BrokerStatus::Filled || status == BrokerStatus::Cancelled ||
           status == BrokerStatus::Rejected;
}

TradingSession session_of(const wire::OrderRow& row) {
    if (row.include_overnight) return TradingSession::Overnight;
    return row.outside_regular_hours ? TradingSession::Extended : TradingSession::Regular;
}

/// The end of a GTD order; a date alone means the end of that day.
std::optional<Utc> find_good_till(const wire::OrderRow& row) {
    constexpr Duration last_second = std::chrono::days(1) - std::chrono::seconds(1);
    if (const auto at = wire::find_time(row.good_till_date)) return at;
    const auto date = wire::find_date(row.good_till_date);
    return date ? std::optional(*date + last_second) : std::nullopt;
}

/// A distance of zero stands for none: the trail is one in per cent.
void fill_trail(OrderReport& report, const wire::OrderRow& row) {
    if (row.trail_stop_price) report.stop_price = Price{*row.trail_stop_price};
    const bool percent = row.trailing_percent && row.trailing_percent->is_positive();
    if (percent)
        report.trail_percent = row.trailing_percent;
    else if (row.auxiliary_price && row.auxiliary_price->is_positive())
        report.trail_amount = Price{*row.auxiliary_price};
    if (report.type != OrderType::TrailingStopLimit) return;
    if (row.limit_offset)
        report.limit_offset = Price{*row.limit_offset};
    else if (row.trail_stop_price && row.limit_price)
        report.limit_offset = Price{(*row.trail_stop_price - *row.limit_price).abs()};
}

/// Whether IB shows the values that a change asks for. Where the stop of a trail is, the market
/// says.
bool shows(const OrderReport& report, const gateway::PlaceOrder& wanted) {
    const bool trails = is_trailing(wanted.type);
    return report.quantity == wanted.quantity && report.limit_price == wanted.limit_price &&
           (trails || report.stop_price == wanted.stop_price) &&
           report.trail_amount == wanted.trail_amount &&
           report.trail_percent == wanted.trail_percent &&
           report.limit_offset == wanted.limit_offset &&
           report.time_in_force == wanted.time_in_force && report.good_till == wanted.good_till;
}

struct ExecutionParts {
    std::string root;
    std::int64_t revision{0};
};

/// `0001f4e8.65a1.01.02` is revision 2 of `0001f4e8.65a1.01`.
ExecutionParts parts_of(const std::string& id) {
    const auto dot = id.rfind('.');
    if (dot == std::string::npos) return {id, 0};
    std::int64_t revision = 0;
    const auto* end = id.data() + id.size();
    const auto parsed = std::from_chars(id.data() + dot + 1, end, revision);
    if (parsed.ec != std::errc{} || parsed.ptr != end || revision < 0) return {id, 0};
    return {id.substr(0, dot), revision};
}

}  // namespace

OrderReport Orders::report_of(const Own& own) const {
    OrderReport report;
    report.account = own.account;
    report.client_order_id = own.client_order_id;
    report.ref = {own.number, permanent_text(own.permanent)};
    report.instrument = own.instrument;
    return report;
}

void Orders::fill_terms(OrderReport& report, const wire::OrderRow& row) const {
    report.instrument = instruments_.describe(row.contract);
    report.side = wire::find_side(row.action);
    report.type = wire::find_order_type(row.type);
    if (!report.type) report.type_text = row.type;
    if (row.quantity) report.quantity = Quantity{*row.quantity};
    report.time_in_force = wire::find_time_in_force(row.time_in_force);
    if (report.time_in_force == TimeInForce::GoodTillDate) report.good_till = find_good_till(row);
    report.session = session_of(row);
    report.oca_group = row.oca_group;
    // The gateway fills in prices by itself; only those that the type has mean something.
    if (!report.type) return;
    const auto& rule = rule_of(*report.type);
    if (rule.limit == NeedsLimit::Yes && row.limit_price)
        report.limit_price = Price{*row.limit_price};
    if (rule.stop == NeedsStop::Yes && row.auxiliary_price)
        report.stop_price = Price{*row.auxiliary_price};
    if (rule.trail == NeedsTrail::Yes) fill_trail(report, row);
}

void Orders::on_open_order(Now now, const wire::OrderRow& row) {
    if (row.what_if) return;
    note_number(row.client, row.order);
    const auto account = gates_.find_name(row.account);
    if (!account) return output_.count("order_of_other_account");
    auto* own = is_own(row.client, row.order, row.reference)
                    ? find_or_adopt(*account, row.order, row.permanent, row.reference)
                    : nullptr;
    if (own != nullptr)
        on_own_row(now, *own, row);
    else
        on_external_row(*account, row);
    adopt_orphans(now, row.permanent);
}

void Orders::on_own_row(Now now, Own& own, const wire::OrderRow& row) {
    own.answered = true;
    own.account = gates_.find_name(row.account).value_or(own.account);
    if (row.permanent > 0) own.permanent = row.permanent;
    own.instrument = instruments_.describe(row.contract);
    mark_seen(own.client_order_id, own.permanent);
    auto report = report_of(own);
    fill_terms(report, row);
    report.reason = row.reason;
    learn_change(own, report);
    say_status(now, own, row.status, std::move(report));
}

/// A change has happened when IB shows its values, and has not when the books show others.
void Orders::learn_change(Own& own, const OrderReport& report) {
    own.trail_amount = report.trail_amount;
    own.trail_percent = report.trail_percent;
    own.vanished = false;
    const bool books_know = in_round_ && rounds_ > own.wanted_at;
    if (own.wanted && (books_know || shows(report, *own.wanted))) own.wanted.reset();
}

void Orders::on_external_row(const AccountName& account, const wire::OrderRow& row) {
    if (row.permanent <= 0) return output_.count("order_without_permanent_id");
    mark_seen({}, row.permanent);
    OrderReport report;
    report.account = account;
    report.ref.permanent = permanent_text(row.permanent);
    fill_terms(report, row);
    report.status = wire::broker_status_of(row.status);
    report.reason = report.status == BrokerStatus::Unmapped ? row.status : row.reason;
    prune_external();
    external_[row.permanent] = {.account = account,
                                .instrument = report.instrument,
                                .client = row.client,
                                .number = row.order,
                                .live = !ends(report.status)};
    output_.emit(std::move(report));
}

void Orders::on_order_status(Now now, const wire::OrderStatus& status) {
    auto* own = status.client == client_id_ ? find_own(status.order, status.permanent) : nullptr;
    const auto other = external_.find(status.permanent);
    if (own == nullptr && other == external_.end()) {
        // The order itself has not been shown yet: its status waits for it.
        output_.count("status_before_order");
        if (status.permanent > 0 && orphans_.size() < orphans_max)
            orphans_[status.permanent] = status;
        return;
    }
    OrderReport report;
    if (own != nullptr) {
        own->answered = true;
        if (status.permanent > 0) own->permanent = status.permanent;
        own->why_held = status.why_held;
        report = report_of(*own);
    } else {
        report.account = other->second.account;
        report.instrument = other->second.instrument;
        report.ref.permanent = permanent_text(status.permanent);
    }
    if (status.filled) report.filled = Quantity{*status.filled};
    if (status.filled && status.filled->is_positive() && status.average_price)
        report.average_price = Price{*status.average_price};
    mark_seen(report.client_order_id, status.permanent);
    if (own != nullptr) return say_status(now, *own, status.status, std::move(report));
    report.status = wire::broker_status_of(status.status);
    report.reason = report.status == BrokerStatus::Unmapped ? status.status : status.why_held;
    if (ends(report.status)) end_external(status.permanent);
    output_.emit(std::move(report));
}

/// An order that is not known yet comes with its number.
void Orders::on_bound(const wire::OrderBound& bound) {
    const auto known = external_.find(bound.permanent);
    if (bound.client != client_id_ || known == external_.end()) return;
    known->second.client = bound.client;
    known->second.number = bound.order;
}

void Orders::end_external(std::int64_t permanent) {
    const auto known = external_.find(permanent);
    if (known == external_.end()) return;
    known->second.live = known->second.vanished = false;
}

void Orders::adopt_orphans(Now now, std::int64_t permanent) {
    const auto orphan = orphans_.find(permanent);
    if (orphan == orphans_.end()) return;
    const auto status = std::move(orphan->second);
    orphans_.erase(orphan);
    on_order_status(now, status);
}

/// Turns IB's status word into what it means for this order, and says it.
void Orders::say_status(Now now, Own& own, const std::string& status, OrderReport report) {
    report.status = wire::broker_status_of(status);
    const bool parked = status == "Inactive";
    const bool dead = parked || report.status == BrokerStatus::Cancelled;
    if (dead && !own.refusal.empty()) {
        report.status = BrokerStatus::Rejected;
        report.reason = own.refusal;
    }
    const bool lives =
        report.status == BrokerStatus::Working || (report.status == BrokerStatus::Held && !parked);
    if (own.final && !ends(report.status) && !comes_back(own, lives)) return;
    own.last_status = status;
    if (lives) own.refusal.clear();
    if (report.status == BrokerStatus::Unmapped) report.reason = status;
    if (report.status == BrokerStatus::Held) {
        if (!own.why_held.empty()) report.reason = own.why_held;
        if (report.reason.empty() && parked) report.reason = "inactive";
    }
    const bool unexplained = report.status == BrokerStatus::Cancelled && !own.final &&
                             !own.cancel_asked && report.reason.empty();
    if (unexplained) {
        unexplained_due_.try_emplace(own.number, now.mono + explanation_wait);
        own.unexplained = std::move(report);
        return;
    }
    if (ends(report.status)) {
        forget_unexplained(own);
        own.wanted.reset();
    }
    own.final = own.final || ends(report.status);
    output_.emit(std::move(report));
}

/// Late repeats of earlier messages do not bring an order back to life, a list does. One that was
/// refused before IB had shown it, and is shown as live, is asked for.
bool Orders::comes_back(Own& own, bool lives) {
    if (in_round_) {
        if (lives && std::exchange(own.refused_unseen, false)) own.final = false;
        return true;
    }
    output_.count("late_order_message");
    if (lives && own.refused_unseen && own.order)
        output_.emit(gateway::OrderNotice{
            .order = *own.order, .text = "shown as live after its refusal", .ask = true});
    return false;
}

void Orders::forget_unexplained(Own& own) {
    own.unexplained.reset();
    unexplained_due_.erase(own.number);
}

void Orders::explain_cancel(Own& own, std::string reason) {
    auto report = std::move(*own.unexplained);
    forget_unexplained(own);
    own.final = true;
    if (!own.refusal.empty()) report.status = BrokerStatus::Rejected;
    report.reason = own.refusal.empty() ? std::move(reason) : own.refusal;
    output_.emit(std::move(report));
}

void Orders::on_completed_order(const wire::OrderRow& row) {
    const auto account = gates_.find_name(row.account);
    if (!account) return output_.count("order_of_other_account");
    const bool foreign = row.reference.empty() || external_.contains(row.permanent);
    OrderReport report;
    report.account = *account;
    report.ref.permanent = permanent_text(row.permanent);
    fill_terms(report, row);
    report.status = wire::broker_status_of(row.status);
    // Among the completed ones nothing is parked any more.
    if (report.status == BrokerStatus::Held) report.status = BrokerStatus::Rejected;
    if (report.status == BrokerStatus::Working || report.status == BrokerStatus::PendingCancel)
        report.status = BrokerStatus::Unmapped;
    report.reason = report.status == BrokerStatus::Unmapped ? row.status : row.reason;
    if (row.filled) report.filled = Quantity{*row.filled};
    report.at = wire::find_time(row.completed_time);
    if (!foreign) {
        report.client_order_id = {row.reference};
        const auto number = number_by_reference_.find(report.client_order_id);
        if (number != number_by_reference_.end())
            fold_completed(own_.at(number->second), row, report);
    }
    mark_seen(report.client_order_id, row.permanent);
    end_external(row.permanent);
    output_.emit(std::move(report));
}

/// A completed order that we know by its reference: it is over, and a refusal explains it.
void Orders::fold_completed(Own& own, const wire::OrderRow& row, OrderReport& report) {
    own.answered = true;
    forget_unexplained(own);
    own.final = report.status != BrokerStatus::Unmapped;
    if (row.permanent > 0) own.permanent = row.permanent;
    report.ref.number = own.number;
    if (report.status != BrokerStatus::Cancelled || own.refusal.empty()) return;
    report.status = BrokerStatus::Rejected;
    report.reason = own.refusal;
}

/// Executions sometimes come without a usable number; the reference is then enough.
Orders::Own* Orders::find_own_execution(const AccountName& account,
                                        const wire::ExecutionDetails& details) {
    if (is_own(details.client, details.order, details.reference))
        return find_or_adopt(account, details.order, details.permanent, details.reference);
    const auto number = number_by_reference_.find({details.reference});
    const bool known = details.client == client_id_ && number != number_by_reference_.end();
    return known ? find_own(number->second, details.permanent) : nullptr;
}

void Orders::on_execution(Now now, const wire::ExecutionDetails& details) {
    note_number(details.client, details.order);
    const auto account = gates_.find_name(details.account);
    if (!account) return output_.count("execution_of_other_account");
    auto* own = find_own_execution(*account, details);
    if (own != nullptr) {
        own->answered = true;
        if (details.permanent > 0) own->permanent = details.permanent;
    }
    const auto instrument = instruments_.describe(details.contract);
    const auto parts = parts_of(details.execution);
    Execution out;
    out.id = {details.execution};
    out.root = {parts.root};
    out.revision = parts.revision;
    out.account = *account;
    if (own != nullptr) out.client_order_id = own->client_order_id;
    out.ref = {own != nullptr ? own->number : 0, permanent_text(details.permanent)};
    out.symbol = instrument.symbol ? instrument.symbol->text() : instrument.broker_symbol;
    out.native_id = instrument.native_id;
    out.side = wire::find_side(details.side).value_or(Side::Buy);
    out.quantity = {details.quantity};
    out.price = {details.price};
    const auto at = wire::find_time(details.time);
    if (!at) output_.count("unreadable_execution_time");
    out.at = at.value_or(now.utc);
    mark_seen(out.client_order_id, details.permanent);
    output_.emit(gateway::ExecutionReport{std::move(out)});
}

void Orders::on_commission(const wire::CommissionReport& report) {
    if (!report.amount) return output_.count("commission_without_amount");
    output_.emit(
        gateway::CommissionReport{{report.execution}, Money{*report.amount}, report.currency});
}

}  // namespace janus::ib
