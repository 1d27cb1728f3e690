#include "gateway/ib/ib_gateway.hpp"

#include <algorithm>
#include <utility>

#include "gateway/ib/naming.hpp"

namespace janus::ib {

using gateway::Gate;

IbGateway::IbGateway(IbSettings settings, Random& random)
    : settings_(std::move(settings)),
      link_(settings_, random, output_),
      gates_(settings_.accounts, output_),
      instruments_(settings_, link_, ids_, output_),
      lookups_(settings_, link_, ids_, output_),
      quotes_(link_, instruments_, output_),
      holdings_(gates_, instruments_, output_),
      streams_(gates_, link_, ids_, output_),
      history_(settings_, link_, instruments_, ids_, output_),
      bars_(link_, instruments_, ids_, history_.pacing(), output_),
      orders_(settings_.client_id, gates_, instruments_, output_),
      previews_(output_) {}

gateway::Capabilities IbGateway::capabilities() const {
    return {.market_data = true, .ticker_fallback = false, .preview = true, .brackets = true};
}

void IbGateway::on_command(Now now, const gateway::Command& command) {
    std::visit([&](const auto& which) { on_command(now, which); }, command);
    settle(now);
}

void IbGateway::on_command(Now now, const gateway::Start&) {
    if (link_.step() != Link::Step::Off) return;
    stopped_ = false;
    gates_.set_all(Gate::Connecting, "");
    link_.start(now);
}

/// Orders and executions come on the one connection: there is no separate stream.
void IbGateway::on_command(Now, const gateway::StartTradeEvents&) {}

void IbGateway::on_command(Now now, const gateway::Stop&) {
    link_.stop();
    settle_loss(now);
    gates_.set_all(Gate::Down, "stopped");
    stopped_ = true;
}

void IbGateway::on_command(Now now, const gateway::LookupInstrument& command) {
    lookups_.on_lookup(now, command);
}

void IbGateway::on_command(Now now, const gateway::SubscribeTicks& command) {
    quotes_.on_subscribe(now, command);
}

void IbGateway::on_command(Now now, const gateway::UnsubscribeTicks& command) {
    quotes_.on_unsubscribe(now, command.subscription);
}

/// While a download is due anyway, that one is the answer.
void IbGateway::on_command(Now now, const gateway::RefreshAccount&) {
    if (!ready_) return;
    wanted_.everything = true;
    start_wanted(now);
}

void IbGateway::on_command(Now now, const gateway::QueryOrder& command) {
    orders_.bind(command.order, command.client_order_id);
    const bool waits = std::ranges::any_of(
        placing_, [&](const auto& place) { return place.order == command.order; });
    if (waits || !link_.is_up() || !managed_ || upstream_lost_) return;
    if (wanted_.queries.size() >= queries_max) return output_.count("queries_full");
    wanted_.queries.push_back(command);
    start_wanted(now);
}

void IbGateway::on_io(Now now, const io::Event& event) {
    link_.on_io(now, event);
    while (const auto payload = link_.next_payload(now)) {
        if (wire::decode_tick(*payload, link_.server_version(), tick_))
            quotes_.on_tick(tick_);
        else
            on_payload(now, *payload);
    }
    settle(now);
}

void IbGateway::on_timeout(Now now) {
    link_.on_timeout(now);
    instruments_.on_timeout(now);
    lookups_.on_timeout(now);
    holdings_.on_timeout(now);
    quotes_.on_timeout(now);
    history_.on_timeout(now);
    orders_.on_timeout(now);
    previews_.on_timeout(now);
    if (round_ && now.mono >= round_->deadline)
        link_.fail(now, fmt::format("{}: {}", to_text(round_->stage()), why_late()));
    settle(now);
}

std::optional<Instant> IbGateway::deadline() const {
    auto due = link_.deadline();
    const auto add = [&due](std::optional<Instant> at) {
        if (at) due = due ? std::min(*due, *at) : *at;
    };
    add(instruments_.deadline());
    add(lookups_.deadline());
    add(holdings_.deadline());
    add(quotes_.deadline());
    add(history_.deadline());
    add(bars_.deadline());
    add(orders_.deadline());
    add(previews_.deadline());
    if (may_poll()) add(next_poll_);
    if (round_) add(round_->deadline);
    if (!round_ && wanted_.any() && link_.is_up()) add(wanted_.not_before);
    for (const auto& place : placing_) {
        add(place.send_before + Duration(1));
        // Contract details have a deadline of their own; what has them waits for the rate.
        if (has_details(place)) add(link_.free_for_orders());
    }
    for (const auto& change : modifying_) {
        add(change.order.send_before + Duration(1));
        if (has_details(change.order)) add(link_.free_for_orders());
    }
    for (const auto& preview : previews_.waiting())
        if (instruments_.find(conid_of(preview.native_id)) != nullptr) add(link_.free_for_orders());
    return due;
}

void IbGateway::restore_number(std::int64_t highest_used) {
    orders_.restore_number(highest_used);
}

/// IB has no rule that makes a conid of a symbol: only a lookup finds it.
std::optional<NativeId> IbGateway::fallback_native_id(const CanonicalSymbol&) const {
    return std::nullopt;
}

std::optional<bool> IbGateway::is_open(const NativeId& native_id, Utc at) const {
    return instruments_.is_open(conid_of(native_id), at);
}

std::vector<io::Effect> IbGateway::take_effects() {
    return std::exchange(output_.effects, {});
}

std::vector<gateway::Event> IbGateway::take_events() {
    return std::exchange(output_.events, {});
}

void IbGateway::take_ticks(std::vector<Tick>& into) {
    into.clear();
    into.swap(output_.ticks);
}

const std::map<std::string, std::uint64_t>& IbGateway::counters() const {
    return output_.counters;
}

}  // namespace janus::ib
