// The life of a session: start, system messages, loss.
#include <utility>

#include "gateway/ib/ib_gateway.hpp"
#include "gateway/ib/wire/error_codes.hpp"
#include "gateway/ib/wire/requests.hpp"

namespace janus::ib {
namespace {

using gateway::Gate;
using wire::SystemReaction;

/// From so many connections in a row that shook hands and came to nothing, a person is needed:
/// a login, a second factor, a dialog. Janus goes on trying, slowly.
constexpr int failed_cycles_max = 3;
constexpr Duration rate_pause = std::chrono::seconds(1);
constexpr std::int64_t live_data = 1;
constexpr std::int64_t delayed_data = 3;
constexpr std::string_view client_id_busy = "client_id_busy";

/// A gateway set to "read-only API" refuses every question about orders, and some go unanswered.
bool is_read_only(const wire::ErrorMessage& error) {
    constexpr std::int64_t not_valid = 321;
    return error.code == not_valid && (error.text.find("read-only") != std::string::npos ||
                                       error.text.find("Read-Only") != std::string::npos);
}

/// How loud a code is in the log; what is not listed may be anything.
LogLevel log_level_of(std::int64_t code) {
    const auto code_class = wire::find_code_class(code).value_or(wire::CodeClass::DegradedData);
    switch (code_class) {
        case wire::CodeClass::Information:
            return LogLevel::Info;
        case wire::CodeClass::DegradedData:
        case wire::CodeClass::RequestFailed:
        case wire::CodeClass::OrderWarning:
        case wire::CodeClass::OrderRejected:
        case wire::CodeClass::Connection:
            return LogLevel::Warning;
        case wire::CodeClass::Fatal:
            return LogLevel::Error;
    }
    return LogLevel::Warning;
}

}  // namespace

/// The start is over when both the next number and the accounts are known, in whatever order.
void IbGateway::maybe_started(Now now) {
    if (link_.step() != Link::Step::Starting || !have_number_ || !managed_) return;
    link_.on_started(now);
    port_unknown_ = false;
    const bool delayed = settings_.market_data == MarketDataKind::Delayed;
    link_.request(
        wire::request_market_data_type(link_.server_version(), delayed ? delayed_data : live_data));
    // Before the list of orders is asked for, which binds those that are there.
    if (settings_.client_id == 0)
        link_.request(wire::request_auto_open_orders(link_.server_version()));
    if (gates_.any_bound())
        start_round(now, true);
    else
        link_.on_ready();
    quotes_.request_all(now);
    bars_.request_all(now);
}

void IbGateway::on_system_error(Now now, const wire::ErrorMessage& error) {
    const auto text = fmt::format("error {}: {}", error.code, error.text);
    switch (wire::system_reaction_of(error.code)) {
        case SystemReaction::UpstreamLost:
            return on_upstream_lost(now, text);
        case SystemReaction::UpstreamDataLost:
            quotes_.request_all(now);
            bars_.request_all(now);
            streams_.renew_profit();
            return on_upstream_back(now);
        case SystemReaction::UpstreamBack:
            return on_upstream_back(now);
        case SystemReaction::ClientIdBusy:
            // The old connection of ours may still be known there; another id would lose control
            // of our orders, so the same one is tried again.
            return link_.fail(now, std::string(client_id_busy));
        case SystemReaction::Reconnect:
            return on_port_changed(now, error.text);
        case SystemReaction::SlowDown:
            output_.count("rate_exceeded");
            link_.outbox().pause_until(now.mono + rate_pause);
            return output_.say(LogLevel::Warning, "ib " + text);
        case SystemReaction::Farm:
            return on_farm_notice(error);
        case SystemReaction::Say:
            if (is_read_only(error)) return on_read_only(text);
            return output_.say(log_level_of(error.code), "ib " + text);
    }
}

void IbGateway::on_upstream_lost(Now, const std::string& text) {
    output_.count("upstream_lost");
    if (std::exchange(upstream_lost_, true)) return;
    output_.say(LogLevel::Warning, "ib " + text);
    // A first download goes on: it ends or runs into its bounds, and then we connect again.
    if (!was_ready_) return;
    ready_ = false;
    round_.reset();
    wanted_ = {};
    orders_.end_round();
    gates_.set_bound(Gate::Degraded, "ib_upstream");
    drop_waiting("IB's gateway has lost its link to IB");
    drop_changes("IB's gateway has lost its link to IB");
}

/// Books may have changed while the link was down: nothing is Ready before a fresh look.
void IbGateway::on_upstream_back(Now now) {
    upstream_lost_ = false;
    if (!link_.is_up() || !gates_.any_bound()) return;
    if (round_) {
        round_->again = true;
        return;
    }
    ready_ = false;
    start_round(now, false);
}

/// Positions, balances and data work; orders need a person to change the gateway's setting.
void IbGateway::on_read_only(const std::string& text) {
    output_.say(LogLevel::Error, "ib " + text);
    const bool orders_stage = round_ && round_->stage() >= Stage::OpenOrders;
    if (!orders_stage) return;
    round_.reset();
    wanted_ = {};
    orders_.end_round();
    ready_ = false;
    was_ready_ = true;
    link_.on_ready();
    gates_.set_bound(Gate::NeedsOperator, "ib_read_only " + text);
}

/// Draws the consequences of a lost connection, whoever ended it.
void IbGateway::settle_loss(Now now) {
    const auto loss = link_.take_loss();
    if (!loss) return;
    const bool busy = loss->reason == client_id_busy;
    const bool shook_hands = loss->step == Link::Step::Starting || loss->step == Link::Step::Up;
    if (was_ready_)
        failed_cycles_ = 0;
    else if (shook_hands && !busy)
        ++failed_cycles_;
    needs_login_ = failed_cycles_ >= failed_cycles_max;
    if (needs_login_) link_.wait_longest(now);

    drop_waiting("the connection closed before it was sent: " + loss->reason);
    drop_changes("the connection closed: " + loss->reason);
    orders_.on_closed("the connection closed before IB answered: " + loss->reason);
    round_.reset();
    wanted_ = {};
    instruments_.on_closed();
    lookups_.on_closed();
    history_.on_closed("the connection closed: " + loss->reason);
    bars_.on_closed();
    streams_.on_closed();
    quotes_.on_closed();
    holdings_.on_closed();
    gates_.unbind();
    said_.clear();
    have_number_ = positions_subscribed_ = upstream_lost_ = ready_ = was_ready_ = false;
    surplus_end_ = false;
    managed_.reset();
    summary_request_ = 0;
    ends_due_ = {};
    last_resync_.reset();
    if (link_.step() == Link::Step::Off) return;
    const bool setting = loss->reason.starts_with("ib_version") || port_unknown_;
    if (setting || needs_login_)
        gates_.set_all(Gate::NeedsOperator, setting ? loss->reason : "ib_login " + loss->reason);
    else
        gates_.set_all(Gate::Connecting, loss->reason);
}

/// What follows from everything that has just happened; the end of every entry.
void IbGateway::settle(Now now) {
    settle_loss(now);
    for (const auto conid : instruments_.take_settled()) {
        quotes_.on_settled(now, conid);
        holdings_.on_settled(now, conid);
    }
    check_contracts(now);
    start_wanted(now);
    poll_orders(now);
    if (!placing_.empty()) place_waiting(now);
    if (!modifying_.empty()) modify_waiting(now);
    if (!previews_.waiting().empty()) preview_waiting(now);
    history_.send_waiting(now);
    bars_.send_waiting(now);
    link_.flush(now);
}

}  // namespace janus::ib
