#include "gateway/webull/replace_calls.hpp"

#include "gateway/webull/order_rules.hpp"
#include "gateway/webull/wire/words.hpp"

namespace janus::webull {
namespace {

using namespace std::chrono_literals;

constexpr Duration first_wait = 1s;  ///< From the answer to the second question; then doubled.
constexpr Duration given_up_after = 60s;

/// A replace is over when the order shows what was wanted, or is over itself.
bool is_done(const gateway::OrderReport& report, const gateway::PlaceOrder& wanted) {
    return is_final(report.status) ||
           (report.quantity == wanted.quantity && report.limit_price == wanted.limit_price &&
            (is_trailing(wanted.type) || report.stop_price == wanted.stop_price) &&
            report.trail_amount == wanted.trail_amount &&
            report.trail_percent == wanted.trail_percent);
}

/// A refusal is definite where the place of the same words would be; an order that is not there was
/// not replaced either.
bool is_definite(const Answer& answer) {
    const auto* row = wire::find_error(answer.code);
    if (row == nullptr || answer.status < 400 || answer.status >= 500) return false;
    return row->place == wire::PlaceVerdict::Refused ||
           row->cancel == wire::CancelVerdict::NotThere;
}

}  // namespace

std::string ReplaceCalls::obstacle_of(const OrderKey& key, const gateway::ModifyOrder& modify,
                                      const std::string& refusal) const {
    if (!refusal.empty()) return refusal;
    if (rest_.clock_is_off()) return rest_.clock_trouble();
    if (key.second.empty())
        return "Webull changes by client order id, and this order has none that is known";
    if (const auto terms = check_terms(terms_of(modify.order)); !terms)
        return terms.error().message;
    if (open_.contains(key)) return "another change of this order is on its way";
    return open_.size() < open_max ? "" : "too many changes are on their way";
}

void ReplaceCalls::replace(Now now, std::size_t account, const std::string& account_id,
                           const gateway::ModifyOrder& modify, const std::string& refusal) {
    const auto& wanted = modify.order;
    const OrderKey key{account, wanted.client_order_id.value};
    if (auto why = obstacle_of(key, modify, refusal); !why.empty())
        return out_.tell(gateway::ModifyNotSent{wanted.order, std::move(why)});
    tracker_.on_order_named(account, wanted.client_order_id, wanted.order);
    if (auto* known = tracker_.find(account, wanted.client_order_id)) known->changing = true;
    open_.emplace(key, OpenReplace{.wanted = wanted,
                                   .account_id = account_id,
                                   .given_up_at = now.mono + given_up_after,
                                   .ask_at = std::nullopt,
                                   .next_wait = first_wait});
    Request request;
    request.ticket.call = wire::Call::Replace;
    request.ticket.account = account;
    request.ticket.order = wanted.order;
    request.ticket.client_order_id = wanted.client_order_id;
    request.body = replace_body(wanted, account_id);
    request.send_before = wanted.send_before;
    request.attempts_max = 1;
    rest_.submit(now, std::move(request));
}

void ReplaceCalls::on_answer(Now now, const std::string& account_id, const Answer& answer) {
    const auto& ticket = answer.ticket;
    const auto found = open_.find({ticket.account, ticket.client_order_id.value});
    if (found == open_.end()) return;  // An event has settled it already.
    if (answer.outcome == Outcome::NotSent) {
        close(found);
        return out_.tell(gateway::ModifyNotSent{ticket.order, answer.reason()});
    }
    if (answer.outcome == Outcome::Refused && is_definite(answer))
        return on_refused(now, ticket.account, account_id, ticket.client_order_id, ticket.order,
                          answer.reason());
    if (answer.outcome != Outcome::Good) {
        out_.count("replaces_uncertain");
        out_.tell(gateway::OrderNotice{.order = ticket.order,
                                       .text = "modification was not confirmed: " + answer.reason(),
                                       .ask = true});
    }
    ask_soon(now, found->first);
}

void ReplaceCalls::on_refused(Now now, std::size_t account, const std::string& account_id,
                              const ClientOrderId& client_order_id, OrderId order,
                              const std::string& reason) {
    if (const auto found = open_.find({account, client_order_id.value}); found != open_.end())
        close(found);
    if (order.value != 0) out_.tell(gateway::ModifyRefused{order, reason});
    calls_.ask_detail(now, account, account_id, client_order_id, order, CatchUp::No);
}

void ReplaceCalls::ask_soon(Now now, const OrderKey& key) {
    auto& open = open_.at(key);
    open.ask_at = now.mono + open.next_wait;
    open.next_wait = open.next_wait * 2;
    calls_.ask_detail(now, key.first, open.account_id, open.wanted.client_order_id,
                      open.wanted.order, CatchUp::No);
}

ReplaceCalls::OpenReplaces::iterator ReplaceCalls::close(OpenReplaces::iterator at) {
    auto* known = tracker_.find(at->first.first, at->second.wanted.client_order_id);
    if (known != nullptr) known->changing = false;
    return open_.erase(at);
}

void ReplaceCalls::settle() {
    for (auto at = open_.begin(); at != open_.end();) {
        const auto* known = tracker_.find(at->first.first, at->second.wanted.client_order_id);
        // While the answer is missing nothing is over: the values may be what they were before.
        const bool done =
            at->second.ask_at && known != nullptr && is_done(known->report, at->second.wanted);
        at = done ? close(at) : std::next(at);
    }
}

void ReplaceCalls::on_timeout(Now now) {
    for (auto at = open_.begin(); at != open_.end();) {
        auto& open = at->second;
        if (now.mono >= open.given_up_at) {
            at = close(at);  // The core is in doubt by now and asks itself.
            continue;
        }
        if (open.ask_at && now.mono >= *open.ask_at) ask_soon(now, at->first);
        ++at;
    }
}

std::optional<Instant> ReplaceCalls::deadline() const {
    std::optional<Instant> at;
    for (const auto& [key, open] : open_) at = earlier(earlier(at, open.ask_at), open.given_up_at);
    return at;
}

}  // namespace janus::webull
