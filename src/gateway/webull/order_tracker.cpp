#include "gateway/webull/order_tracker.hpp"

namespace janus::webull {
namespace {

using gateway::BrokerStatus;
using gateway::OrderReport;

bool is_open(const KnownOrder& known) {
    return known.told && !is_final(known.report.status);
}

template <typename T>
void keep_if_absent(std::optional<T>& value, const std::optional<T>& known) {
    if (!value) value = known;
}

/// A row says less than is known: events carry no prices, for example.
void complete(OrderReport& report, const OrderReport& known) {
    keep_if_absent(report.side, known.side);
    keep_if_absent(report.limit_price, known.limit_price);
    keep_if_absent(report.stop_price, known.stop_price);
    // One takes the place of the other.
    if (!report.trail_amount && !report.trail_percent) {
        report.trail_amount = known.trail_amount;
        report.trail_percent = known.trail_percent;
    }
    keep_if_absent(report.time_in_force, known.time_in_force);
    keep_if_absent(report.session, known.session);
    keep_if_absent(report.quantity, known.quantity);
    keep_if_absent(report.filled, known.filled);
    keep_if_absent(report.average_price, known.average_price);
    keep_if_absent(report.at, known.at);
    if (!report.type && report.type_text.empty()) {
        report.type = known.type;
        report.type_text = known.type_text;
    }
    if (report.client_order_id.value.empty()) report.client_order_id = known.client_order_id;
    if (report.ref.permanent.empty()) report.ref.permanent = known.ref.permanent;
    if (report.instrument.broker_symbol.empty()) report.instrument = known.instrument;
    if (report.instrument.currency.empty()) report.instrument.currency = known.instrument.currency;
}

Decimal filled_of(const OrderReport& report) {
    return report.filled ? report.filled->value : Decimal{};
}

/// A filled order that has less filled than ordered contradicts itself: the core must ask.
void check_filled(OrderReport& report, Outbox& out) {
    if (report.status != BrokerStatus::Filled || !report.quantity || !report.filled) return;
    if (*report.filled >= *report.quantity) return;
    out.count("filled_short");
    report.reason = fmt::format("FILLED with {} of {}", *report.filled, *report.quantity);
    report.status = BrokerStatus::Unmapped;
}

bool says_the_same(const OrderReport& a, const OrderReport& b) {
    return a.status == b.status && a.filled == b.filled && a.average_price == b.average_price &&
           a.quantity == b.quantity && a.limit_price == b.limit_price &&
           a.stop_price == b.stop_price && a.trail_amount == b.trail_amount &&
           a.trail_percent == b.trail_percent && a.ref == b.ref;
}

void take_values(OrderReport& report, const OrderReport& from) {
    report.quantity = from.quantity;
    report.limit_price = from.limit_price;
    report.stop_price = from.stop_price;
    report.trail_amount = from.trail_amount;
    report.trail_percent = from.trail_percent;
}

}  // namespace

OrderReport told_report(const KnownOrder& known) {
    auto report = known.report;
    const bool unexplained = report.status == BrokerStatus::Rejected && report.reason.empty();
    if (unexplained && !known.answer.empty())
        report.reason = "Webull refused it; its answer to the order was: " + known.answer;
    return report;
}

bool is_final(BrokerStatus status) {
    switch (status) {
        case BrokerStatus::Held:
        case BrokerStatus::Working:
        case BrokerStatus::PendingCancel:
        case BrokerStatus::Unmapped:
            return false;
        case BrokerStatus::Filled:
        case BrokerStatus::Cancelled:
        case BrokerStatus::Expired:
        case BrokerStatus::Rejected:
            return true;
    }
    return false;
}

OrderKey OrderTracker::key_of(std::size_t account, const OrderReport& report) {
    const auto& client = report.client_order_id.value;
    return {account, client.empty() ? "#" + report.ref.permanent : client};
}

/// Source: reference 8.2 and 8.4. Quantities decide, words do not.
void OrderTracker::merge(KnownOrder& known, OrderReport report, Source source, Merge& out) {
    const auto& old = known.report;
    const bool late = report.filled && filled_of(report) < filled_of(old);
    const bool same_fill = !report.filled || filled_of(report) == filled_of(old);
    const bool was_final = is_final(old.status);
    out.fill_rose = !late && !same_fill;
    out.late = late;
    if (late) {
        report.filled = old.filled;
        report.average_price = old.average_price;
        report.quantity = old.quantity;
    }
    complete(report, old);
    check_filled(report, out_);
    const bool says_final = is_final(report.status);
    const bool keep_status =
        source == Source::Receipt ||             // A receipt says less than anything else.
        (!says_final && (was_final || late)) ||  // A final state is not left; stale says nothing.
        (was_final && late) ||
        (was_final && same_fill && source != Source::Detail);  // Only the detail settles it.
    out.ignored = keep_status && !out.fill_rose && report.status != old.status;
    if (out.fill_rose && was_final) out_.count("fill_after_final");
    if (late) out_.count("late_reports");
    if (out.ignored || (late && keep_status)) {
        out.ignored = true;
        return;
    }
    if (keep_status) {
        report.status = old.status;
        report.reason = old.reason;
    }
    out.ended = is_final(report.status) && !was_final;
    out.changed = !says_the_same(report, old);
    known.report = std::move(report);
}

Merge OrderTracker::on_row(Now now, std::size_t account, OrderReport report, Source source,
                           Emit emit) {
    if (report.client_order_id.value.empty())
        if (auto client = find_client_order_id(account, report.ref.permanent))
            report.client_order_id = *client;
    const auto key = key_of(account, report);
    auto& known = orders_[key];
    const bool was_open = is_open(known);
    OrderReport said;
    take_values(said, report);
    Merge out;
    if (known.told) {
        merge(known, std::move(report), source, out);
    } else {
        complete(report, known.report);
        check_filled(report, out_);
        out = {.fill_rose = filled_of(report).is_positive(),
               .ended = is_final(report.status),
               .changed = true,
               .ignored = false,
               .first = true};
        known.told = true;
        known.report = std::move(report);
    }
    if (!out.ignored) known.changed = now.mono;
    if (!known.report.ref.permanent.empty())
        by_order_id_[{account, known.report.ref.permanent}] = known.report.client_order_id;
    if (!was_open && is_open(known)) ++open_counts_[account];
    if (was_open && !is_open(known)) --open_counts_[account];
    if (out.ended) finished_.push_back(key);
    if (emit == Emit::Always || (out.changed && !out.ignored)) {
        // The core takes values for proof of what a modification has done: only those count that
        // this row has said, and none of an event or of a stale row while they change.
        auto shown = told_report(known);
        const bool doubtful = out.late || (known.changing && source == Source::Event);
        take_values(shown, doubtful ? OrderReport{} : said);
        out_.tell(std::move(shown));
    }
    forget_old();
    return out;
}

void OrderTracker::on_order_named(std::size_t account, const ClientOrderId& client_order_id,
                                  OrderId order) {
    if (client_order_id.value.empty() || order.value == 0) return;
    const auto [at, is_new] = orders_.try_emplace({account, client_order_id.value});
    at->second.order = order;
    // An order of which the broker never speaks is forgotten in the order of its naming.
    if (is_new) finished_.push_back(at->first);
    forget_old();
}

bool OrderTracker::on_placing(std::size_t account, OrderId order, OrderReport draft) {
    on_order_named(account, draft.client_order_id, order);
    auto& known = orders_[{account, draft.client_order_id.value}];
    if (std::exchange(known.placed, true)) return false;
    if (!known.told) known.report = std::move(draft);
    return true;
}

void OrderTracker::on_place_refused(Now now, std::size_t account,
                                    const ClientOrderId& client_order_id) {
    if (auto* known = find(account, client_order_id)) known->refused = now.mono;
}

bool OrderTracker::is_outdated(std::size_t account, const OrderReport& report,
                               std::optional<Instant> asked) {
    const auto* known = find(account, report.client_order_id);
    if (known == nullptr || known->told || !known->refused) return false;
    if (is_final(report.status) || filled_of(report).is_positive()) return false;
    if (asked && *asked > *known->refused) return false;
    out_.count("rows_before_refusal");
    return true;
}

KnownOrder* OrderTracker::find(std::size_t account, const ClientOrderId& client_order_id) {
    const auto found = orders_.find({account, client_order_id.value});
    return found == orders_.end() ? nullptr : &found->second;
}

std::optional<ClientOrderId> OrderTracker::find_client_order_id(std::size_t account,
                                                                const std::string& order_id) const {
    const auto found = by_order_id_.find({account, order_id});
    if (order_id.empty() || found == by_order_id_.end()) return std::nullopt;
    return found->second;
}

bool OrderTracker::has_open(std::size_t account) const {
    const auto found = open_counts_.find(account);
    return found != open_counts_.end() && found->second > 0;
}

std::vector<ClientOrderId> OrderTracker::open_and_unseen_since(std::size_t account,
                                                               Instant before) const {
    std::vector<ClientOrderId> out;
    for (auto at = orders_.lower_bound({account, ""}); at != orders_.end(); ++at) {
        if (at->first.first != account) break;
        const bool has_id = !at->second.report.client_order_id.value.empty();
        if (is_open(at->second) && at->second.changed < before && has_id)
            out.push_back(at->second.report.client_order_id);
    }
    return out;
}

void OrderTracker::forget_old() {
    while (orders_.size() > orders_limit_ && !finished_.empty()) {
        const auto found = orders_.find(finished_.front());
        finished_.pop_front();
        if (found == orders_.end() || is_open(found->second)) continue;
        by_order_id_.erase({found->first.first, found->second.report.ref.permanent});
        orders_.erase(found);
    }
}

}  // namespace janus::webull
