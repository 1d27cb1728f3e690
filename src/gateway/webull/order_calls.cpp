#include "gateway/webull/order_calls.hpp"

#include "gateway/webull/order_rules.hpp"
#include "gateway/webull/wire/account_rows.hpp"
#include "gateway/webull/wire/row_reader.hpp"
#include "gateway/webull/wire/words.hpp"

namespace janus::webull {
namespace {

using namespace std::chrono_literals;
using wire::Call;
using wire::CancelVerdict;
using wire::PlaceVerdict;

constexpr Duration visible_after = 3s;  ///< A fresh order may not be found there until then.
constexpr Duration early_cancel_wait = 1s;
constexpr std::size_t early_cancels_max = 500;
constexpr int not_found = 404;

bool is_client_error(int status) {
    return status >= 400 && status < 500;
}

/// What a refusal of a place proves. A status outside of 4xx, an unreadable body or a code without
/// a row proves nothing: unknown is not no.
PlaceVerdict verdict_of(const Answer& answer) {
    if (!is_client_error(answer.status)) return PlaceVerdict::Uncertain;
    if (answer.status == not_found && answer.message.ends_with("Route Not Found"))
        return PlaceVerdict::Refused;
    const auto* row = wire::find_error(answer.code);
    return row == nullptr ? PlaceVerdict::Uncertain : row->place;
}

CancelVerdict cancel_verdict_of(const Answer& answer) {
    const auto* row = wire::find_error(answer.code);
    if (answer.status == unauthorized) return CancelVerdict::Unclear;
    if (row != nullptr && is_client_error(answer.status)) return row->cancel;
    return answer.status == not_found ? CancelVerdict::NotThere : CancelVerdict::Unclear;
}

/// `{"client_order_id":"...","order_id":"..."}`; the order id when the receipt is ours.
Result<std::string> decode_receipt(const wire::Json& body, const ClientOrderId& expected) {
    wire::RowReader in(body, "receipt");
    const auto client = in.text({"client_order_id"});
    auto order_id = in.text({"order_id"});
    if (client != expected.value) in.stop("receipt is for another order");
    return in.finish(std::move(order_id));
}

/// The groups of a detail: one group, or a list of groups.
std::vector<const wire::Json*> groups_of(const wire::Json& body) {
    if (const auto page = wire::decode_page(body)) return page->rows;
    const auto* data = body.find("data");
    return {data != nullptr && data->is_object() ? data : &body};
}

/// What the order asks for, in the form in which the broker will speak of it.
gateway::OrderReport draft_of(const gateway::PlaceOrder& place) {
    gateway::OrderReport draft;
    draft.account = place.account;
    draft.client_order_id = place.client_order_id;
    draft.instrument = wire::instrument_of("EQUITY", place.native_id.value, "", "USD", nullptr);
    draft.side = place.side;
    draft.type = place.type;
    draft.quantity = place.quantity;
    draft.limit_price = place.limit_price;
    draft.stop_price = place.stop_price;
    draft.trail_amount = place.trail_amount;
    draft.trail_percent = place.trail_percent;
    draft.session = place.session;
    draft.time_in_force = place.time_in_force;
    draft.fill_source = gateway::FillSource::Cumulative;
    return draft;
}

std::optional<BatchPart> batch_part_of(const gateway::PlaceOrder& place,
                                       const std::string& account_id) {
    if (!fits_batch(place)) return std::nullopt;
    return BatchPart{account_id, order_text(place)};
}

}  // namespace

OrderCalls::OrderCalls(const WebullSettings& settings, Outbox& out, RestClient& rest,
                       OrderTracker& tracker)
    : settings_(settings), out_(out), rest_(rest), tracker_(tracker) {}

void OrderCalls::place(Now now, std::size_t account, const std::string& account_id,
                       const gateway::PlaceOrder& place, const std::string& refusal) {
    std::string why = refusal;
    if (why.empty() && rest_.clock_is_off()) why = rest_.clock_trouble();
    if (const auto id = check_client_order_id(place.client_order_id); why.empty() && !id)
        why = id.error().message;
    if (const auto terms = check_terms(terms_of(place)); why.empty() && !terms)
        why = terms.error().message;
    if (!why.empty()) return out_.tell(gateway::OrderNotSent{place.order, std::move(why)});
    // Known before it is sent, so that an event that beats the reply finds it. A second command for
    // the same order is ours to stop: whatever became of the first one stands.
    if (!tracker_.on_placing(account, place.order, draft_of(place))) {
        out_.count_aloud("places_repeated", "webull place was given twice, sent once");
        return;
    }
    std::erase_if(placed_at_,
                  [now](const auto& entry) { return entry.second + visible_after < now.mono; });
    placed_at_[{account, place.client_order_id.value}] = now.mono;
    rest_.submit(now, {
                          .ticket = {.call = Call::Place,
                                     .account = account,
                                     .run = 0,
                                     .order = place.order,
                                     .client_order_id = place.client_order_id,
                                     .lookup = {}},
                          .query = {},
                          .body = place_body(place, account_id),
                          .category = std::string(place_category),
                          .send_before = place.send_before,
                          .attempts_max = 1,
                          .batch_part = settings_.batch_orders ? batch_part_of(place, account_id)
                                                               : std::nullopt,
                          .members = {}
    });
}

std::optional<ClientOrderId> OrderCalls::client_order_id_of(std::size_t account,
                                                            const ClientOrderId& client_order_id,
                                                            const BrokerOrderRef& ref) const {
    if (!client_order_id.value.empty()) return client_order_id;
    return tracker_.find_client_order_id(account, ref.permanent);
}

void OrderCalls::cancel(Now now, std::size_t account, const std::string& account_id,
                        const gateway::CancelOrder& cancel) {
    const auto client = client_order_id_of(account, cancel.client_order_id, cancel.ref);
    if (!client || client->value.empty())
        return out_.tell(gateway::CancelRefused{
            cancel.order,
            "Webull cancels by client order id, and this order has none that is "
            "known; cancel it in the Webull app"});
    tracker_.on_order_named(account, *client, cancel.order);
    submit_cancel(now, account_id,
                  {.call = Call::Cancel,
                   .account = account,
                   .run = 0,
                   .order = cancel.order,
                   .client_order_id = *client,
                   .lookup = {}});
}

void OrderCalls::submit_cancel(Now now, const std::string& account_id, const Ticket& ticket) {
    Request request;
    request.ticket = ticket;
    request.body = cancel_body(ticket.client_order_id, account_id);
    rest_.submit(now, std::move(request));
}

void OrderCalls::query(Now now, std::size_t account, const std::string& account_id,
                       const gateway::QueryOrder& query) {
    const auto client = client_order_id_of(account, query.client_order_id, query.ref);
    if (!client || client->value.empty()) {
        out_.count("queries_impossible");
        return out_.notice(LogLevel::Warning,
                           "order without a known client order id cannot be asked for");
    }
    tracker_.on_order_named(account, *client, query.order);
    ask_detail(now, account, account_id, *client, query.order, CatchUp::No);
}

void OrderCalls::ask_detail(Now now, std::size_t account, const std::string& account_id,
                            const ClientOrderId& client_order_id, OrderId order, CatchUp catch_up) {
    const OrderKey key{account, client_order_id.value};
    const auto [open, is_new] =
        details_open_.try_emplace(key, OpenDetail{order, catch_up, now.mono});
    if (order.value != 0) open->second.order = order;
    if (auto* known = tracker_.find(account, client_order_id)) known->asked_at = now.mono;
    if (!is_new) return;
    Request request;
    request.ticket = {.call = Call::Detail,
                      .account = account,
                      .run = 0,
                      .order = order,
                      .client_order_id = client_order_id,
                      .lookup = {}};
    request.query = {
        {"account_id",      account_id           },
        {"client_order_id", client_order_id.value}
    };
    rest_.submit(now, std::move(request));
}

void OrderCalls::on_listed(std::size_t account, const ClientOrderId& client_order_id) {
    if (rest_.withdraw_detail(account, client_order_id))
        details_open_.erase({account, client_order_id.value});
}

void OrderCalls::on_answer(Now now, const std::string& account_id, const Answer& answer) {
    if (answer.ticket.call == Call::Place) on_place_answer(now, account_id, answer);
    if (answer.ticket.call == Call::Cancel) on_cancel_answer(now, account_id, answer);
    if (answer.ticket.call == Call::Detail) on_detail_answer(now, answer);
}

void OrderCalls::on_place_answer(Now now, const std::string& account_id, const Answer& answer) {
    switch (answer.outcome) {
        case Outcome::Good:
            return on_accepted(now, account_id, answer);
        case Outcome::Refused:
            return on_place_refused(now, account_id, answer);
        case Outcome::NotSent:
            return out_.tell(gateway::OrderNotSent{answer.ticket.order, answer.reason()});
        case Outcome::Unreadable:
        case Outcome::Lost:
            return uncertain(now, account_id, answer, answer.reason());
    }
}

void OrderCalls::on_accepted(Now now, const std::string& account_id, const Answer& answer) {
    const auto order_id = decode_receipt(answer.body, answer.ticket.client_order_id);
    if (!order_id) return uncertain(now, account_id, answer, order_id.error().message);
    gateway::OrderReport report;
    report.account = settings_.accounts[answer.ticket.account].name;
    report.client_order_id = answer.ticket.client_order_id;
    report.ref.permanent = *order_id;
    report.status = gateway::BrokerStatus::Working;
    report.fill_source = gateway::FillSource::Cumulative;
    tracker_.on_row(now, answer.ticket.account, std::move(report), Source::Receipt, Emit::Always);
}

void OrderCalls::on_place_refused(Now now, const std::string& account_id, const Answer& answer) {
    const auto* known = tracker_.find(answer.ticket.account, answer.ticket.client_order_id);
    const bool seen = known != nullptr && known->told;
    switch (verdict_of(answer)) {
        case PlaceVerdict::Refused:
            // An event has already shown the order: the refusal cannot be the whole truth.
            if (seen) break;
            tracker_.on_place_refused(now, answer.ticket.account, answer.ticket.client_order_id);
            return out_.tell(gateway::OrderRejected{answer.ticket.order, answer.reason()});
        case PlaceVerdict::Repeat:
            out_.count("place_repeats");
            break;
        case PlaceVerdict::Uncertain:
            break;
    }
    uncertain(now, account_id, answer, answer.reason());
}

void OrderCalls::uncertain(Now now, const std::string& account_id, const Answer& answer,
                           std::string reason) {
    const auto& ticket = answer.ticket;
    auto* known = tracker_.find(ticket.account, ticket.client_order_id);
    out_.count("places_uncertain");
    if (known != nullptr && answer.outcome == Outcome::Refused) known->answer = reason;
    // An event was faster than the lost reply: the order is there.
    if (known != nullptr && known->told)
        out_.tell(told_report(*known));
    else
        out_.tell(gateway::OrderUncertain{ticket.order, std::move(reason)});
    ask_detail(now, ticket.account, account_id, ticket.client_order_id, ticket.order, CatchUp::No);
}

void OrderCalls::on_cancel_answer(Now now, const std::string& account_id, const Answer& answer) {
    if (answer.outcome == Outcome::Good) return;  // Requested; evidence follows.
    const auto& ticket = answer.ticket;
    if (answer.outcome == Outcome::NotSent)
        return out_.tell(gateway::CancelNotSent{ticket.order, answer.reason()});
    const auto verdict =
        answer.outcome == Outcome::Refused ? cancel_verdict_of(answer) : CancelVerdict::Unclear;
    if (verdict == CancelVerdict::NotThere && say_cancel_later(now, account_id, answer)) return;
    if (verdict == CancelVerdict::Unclear)
        out_.tell(gateway::CancelUncertain{ticket.order, answer.reason()});
    else
        out_.tell(gateway::CancelRefused{ticket.order, answer.reason()});
    ask_detail(now, ticket.account, account_id, ticket.client_order_id, ticket.order, CatchUp::No);
}

bool OrderCalls::say_cancel_later(Now now, const std::string& account_id, const Answer& answer) {
    const auto& ticket = answer.ticket;
    const auto placed = placed_at_.find({ticket.account, ticket.client_order_id.value});
    const bool fresh = placed != placed_at_.end() && now.mono < placed->second + visible_after;
    if (!fresh || early_cancels_.size() >= early_cancels_max) return false;
    early_cancels_.push_back(
        {.at = now.mono + early_cancel_wait, .account_id = account_id, .ticket = ticket});
    return true;
}

void OrderCalls::on_timeout(Now now) {
    std::vector<EarlyCancel> due;
    std::erase_if(early_cancels_, [&](auto& early) {
        if (now.mono < early.at) return false;
        due.push_back(std::move(early));
        return true;
    });
    for (const auto& early : due) submit_cancel(now, early.account_id, early.ticket);
}

std::optional<Instant> OrderCalls::deadline() const {
    std::optional<Instant> at;
    for (const auto& early : early_cancels_) at = earlier(at, early.at);
    return at;
}

void OrderCalls::on_detail_answer(Now now, const Answer& answer) {
    const OrderKey key{answer.ticket.account, answer.ticket.client_order_id.value};
    const auto found = details_open_.find(key);
    if (found == details_open_.end()) return;
    const auto open = found->second;
    details_open_.erase(found);
    if (answer.outcome == Outcome::Good && on_detail_row(now, answer, open)) return;
    const auto* row = wire::find_error(answer.code);
    const bool absent = answer.outcome == Outcome::Refused && is_client_error(answer.status) &&
                        row != nullptr && row->cancel == CancelVerdict::NotThere;
    auto* known = tracker_.find(answer.ticket.account, answer.ticket.client_order_id);
    if (!absent) {
        out_.count("details_failed");
        if (known != nullptr) known->asked_at.reset();  // The next poll may ask again.
        return;
    }
    const auto named = open.order.value != 0 || known == nullptr ? open.order : known->order;
    if (named.value != 0) out_.tell(gateway::OrderNotFound{named, answer.reason()});
    out_.count("details_not_found");
}

bool OrderCalls::on_detail_row(Now now, const Answer& answer, const OpenDetail& open) {
    const auto account = answer.ticket.account;
    for (const auto* json : groups_of(answer.body)) {
        const auto group = wire::decode_order_group(*json);
        if (!group) continue;
        for (const auto& row : group->orders) {
            if (row.client_order_id != answer.ticket.client_order_id.value) continue;
            auto report = wire::to_report(row, settings_.accounts[account].name);
            if (tracker_.is_outdated(account, report, open.asked)) return true;
            const auto emit = open.order.value != 0 ? Emit::Always : Emit::WhenChanged;
            const auto merge =
                tracker_.on_row(now, account, std::move(report), Source::Detail, emit);
            changes_.push_back(
                {account, answer.ticket.client_order_id, merge, open.catch_up == CatchUp::Yes});
            return true;
        }
    }
    return false;
}

}  // namespace janus::webull
