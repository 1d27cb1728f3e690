// Fresh looks at IB's books: after a connect, after an outage, on request.
#include <algorithm>
#include <utility>

#include "gateway/ib/ib_gateway.hpp"
#include "gateway/ib/wire/requests.hpp"

namespace janus::ib {
namespace {

using gateway::Gate;

}  // namespace

/// A round that has to end before accounts are Ready.
void IbGateway::start_round(Now now, bool says_stages) {
    round_ = Round{};
    round_->says_stages = says_stages;
    round_->queries = std::exchange(wanted_, {}).queries;
    if (!says_stages) gates_.set_bound(Gate::Reconciling, "orders");
    begin_stage(now);
}

/// Starts what was asked for meanwhile, once nothing else is under way.
void IbGateway::start_wanted(Now now) {
    if (round_ || !wanted_.any() || !link_.is_up() || now.mono < wanted_.not_before) return;
    if (!ready_ && !upstream_lost_) return start_round(now, false);
    const auto wanted = std::exchange(wanted_, {});
    round_ = Round{};
    round_->extent = wanted.everything ? Extent::Everything : Extent::Orders;
    round_->queries = wanted.queries;
    begin_stage(now);
}

/// The reason names the stage up to the orders and then stays: each Reconciling starts the count of
/// reports anew for whoever listens.
void IbGateway::say_stage(Stage stage) {
    if (!round_->says_stages) return;
    if (needs_login_ && stage == Stage::Positions) return;
    const bool orders = stage >= Stage::OpenOrders;
    gates_.set_bound(Gate::Reconciling, orders ? "orders" : std::string(to_text(stage)));
}

void IbGateway::begin_stage(Now now) {
    const auto stage = round_->stage();
    round_->deadline = now.mono + settings_.timeouts.snapshot + link_.outbox().delay();
    round_->request = 0;
    say_stage(stage);
    const bool first_of_orders = round_->extent == Extent::Orders && round_->at == 0;
    if (first_of_orders || stage == Stage::OpenOrders) orders_.begin_round();
    if (round_->extent == Extent::OpenOrders) orders_.begin_poll();
    request_stage(now, stage);
}

void IbGateway::request_stage(Now now, Stage stage) {
    switch (stage) {
        case Stage::Positions:
            if (!has_common_lists()) {
                holdings_.begin_positions();
                return streams_.request_positions();
            }
            if (std::exchange(positions_subscribed_, true))
                link_.request(wire::cancel_positions(link_.server_version()));
            holdings_.begin_positions();
            ++ends_due_.positions;
            return link_.request(wire::request_positions(link_.server_version()));
        case Stage::Contracts:
            for (const auto conid : holdings_.held_conids()) instruments_.want(now, conid);
            round_->deadline = now.mono + settings_.timeouts.snapshot + link_.outbox().delay();
            return;
        case Stage::Balances:
            // IB allows two summaries at a time: the old one ends before the new one begins.
            if (summary_request_ != 0)
                link_.request(
                    wire::cancel_account_summary(link_.server_version(), summary_request_));
            summary_request_ = 0;
            holdings_.begin_balances();
            streams_.request_values();
            if (!has_common_lists()) return;
            summary_request_ = round_->request = ids_.next();
            round_->summary_open = true;
            return link_.request(wire::request_account_summary(
                link_.server_version(), summary_request_, Holdings::summary_tags));
        case Stage::OpenOrders:
            ++ends_due_.open_orders;
            return link_.request(wire::request_open_orders(link_.server_version()));
        case Stage::AllOpenOrders:
            ++ends_due_.open_orders;
            return link_.request(wire::request_all_open_orders(link_.server_version()));
        case Stage::CompletedOrders:
            ++ends_due_.completed_orders;
            return link_.request(wire::request_completed_orders(link_.server_version()));
        case Stage::Executions:
            round_->request = ids_.next();
            return link_.request(wire::request_executions(link_.server_version(), round_->request));
    }
}

/// An end marker without a request id has come. One that nobody owes means that an earlier one was
/// taken for it, and that a list was cut short: the round is repeated, once per connection.
void IbGateway::take_end(Now now, int& due, bool awaited) {
    if (due == 0) {
        output_.count("late_end");
        if (round_ && !std::exchange(surplus_end_, true)) round_->again = true;
        return;
    }
    --due;
    if (awaited && due == 0) end_stage(now);
}

void IbGateway::end_stage(Now now) {
    const auto stage = round_->stage();
    if (stage == Stage::Positions) holdings_.complete_positions();
    if (stage == Stage::Contracts) holdings_.emit_positions(now);
    if (stage == Stage::Balances) holdings_.complete_balances(now);
    ++round_->at;
    if (round_->at == round_->stages().size()) return end_round(now);
    begin_stage(now);
}

/// The contracts stage has no end marker: it ends when no question about a holding is open. What
/// IB could not describe stays without a name; it is held all the same.
void IbGateway::check_contracts(Now now) {
    if (!in_stage(Stage::Contracts)) return;
    const auto conids = holdings_.held_conids();
    const bool pending = std::ranges::any_of(
        conids, [this](std::int64_t conid) { return instruments_.is_pending(conid); });
    if (!pending) end_stage(now);
}

/// IB keeps its lists of all accounts together from logins with very many accounts.
bool IbGateway::has_common_lists() const {
    return !managed_ || managed_->size() <= AccountStreams::common_lists_max;
}

/// Balances are complete when both sources have ended and IB calls every account ready: while it
/// resets an account, its values are those of nothing.
void IbGateway::check_balances(Now now) {
    for (const auto& account : gates_.names())
        holdings_.set_reliable(account, streams_.is_ready(account));
    if (!in_stage(Stage::Balances) || round_->summary_open) return;
    if (streams_.values_complete()) end_stage(now);
}

std::string IbGateway::why_late() const {
    const auto unready = streams_.unready_text();
    if (!in_stage(Stage::Balances) || unready.empty()) return "no end";
    return fmt::format("{} not ready at IB", unready);
}

void IbGateway::end_round(Now now) {
    next_poll_ = now.mono + settings_.open_orders_poll;
    const bool poll = round_->extent == Extent::OpenOrders;
    const bool vanished = poll && orders_.end_poll();
    orders_.end_round();
    auto round = std::move(*round_);
    round_.reset();
    if (round.again) {
        wanted_.everything = true;
        wanted_.queries.insert(wanted_.queries.end(), round.queries.begin(), round.queries.end());
        return start_wanted(now);
    }
    if (round.unreadable) {
        if (!ready_) gates_.set_bound(Gate::Reconciling, "orders: a message was unreadable");
        return want_resync(now, round.extent == Extent::Everything);
    }
    if (poll) {
        wanted_.orders = wanted_.orders || vanished;
        return start_wanted(now);
    }
    orders_.tell_vanished();
    for (const auto& query : round.queries)
        if (!orders_.was_seen(query))
            output_.emit(gateway::OrderNotFound{
                query.order, "not among IB's open orders, today's completed ones and executions"});
    if (round.extent == Extent::Orders) return start_wanted(now);
    for (const auto& account : gates_.names())
        if (gates_.is_bound(account)) output_.emit(gateway::OrdersComplete{account});
    become_ready();
    start_wanted(now);
}

void IbGateway::become_ready() {
    if (upstream_lost_) {
        was_ready_ = true;
        return gates_.set_bound(Gate::Degraded, "ib_upstream");
    }
    ready_ = was_ready_ = true;
    failed_cycles_ = 0;
    needs_login_ = false;
    link_.on_ready();
    gates_.set_bound(Gate::Ready, "");
    streams_.request_profit();
}

bool IbGateway::may_poll() const {
    return ready_ && !round_ && !wanted_.any() && link_.is_up() &&
           settings_.open_orders_poll > Duration{};
}

/// IB tells a client of its own orders only: what others place is found by looking.
void IbGateway::poll_orders(Now now) {
    if (!may_poll() || now.mono < next_poll_) return;
    round_ = Round{};
    round_->extent = Extent::OpenOrders;
    begin_stage(now);
}

/// Asks for the books once more after something could not be read, but not without pause: the same
/// message may be unreadable again.
void IbGateway::want_resync(Now now, bool everything) {
    const auto earliest = last_resync_ ? *last_resync_ + settings_.timeouts.resync : now.mono;
    wanted_.not_before = std::max(now.mono, earliest);
    last_resync_ = wanted_.not_before;
    if (everything)
        wanted_.everything = true;
    else
        wanted_.orders = true;
    start_wanted(now);
}

}  // namespace janus::ib
