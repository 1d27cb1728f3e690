#include <algorithm>
#include <vector>

#include "core/market_data.hpp"

/// How market data goes on when something else changes: gates, the registry, time.
namespace janus::core {

// ---- gates and the registry ----

void MarketData::on_gate_changed(Now now, const gateway::GateChanged& event) {
    const auto gateway = gateways_.find_index(event.account);
    if (!gateway || !gateways_.at(*gateway).capabilities().market_data) return;
    for (const auto& [symbol, index] : slots_.by_symbol())
        if (slots_.at(index).step == QuoteStep::Active && slots_.at(index).gateway == *gateway)
            slots_.mark_changed(index);
    leave_lost_gateways(now);
    if (event.gate == gateway::Gate::Ready) retry_failed(now, true);
}

void MarketData::leave_lost_gateways(Now now) {
    const auto best = gateways_.find_market_data();
    if (!best || !gateways_.ready(*best)) return;
    std::vector<SlotIndex> lost;
    for (const auto& [symbol, index] : slots_.by_symbol()) {
        const auto& slot = slots_.at(index);
        const bool served = slot.step == QuoteStep::Active || slot.step == QuoteStep::Waiting;
        if (served && !gateways_.ready(slot.gateway)) lost.push_back(index);
    }
    for (const auto index : lost) {
        if (slots_.at(index).step == QuoteStep::Active) deactivate(now, index);
        resolve(now, index, "market_data");
    }
}

void MarketData::on_registry_changed(Now now, const SymbolRecord& record) {
    const auto index = slots_.find(record.symbol);
    if (!index) return;
    switch (slots_.at(*index).step) {
        case QuoteStep::Free:
        case QuoteStep::Named:
        case QuoteStep::Resolving:  // Its own answer is on the way.
            return;
        case QuoteStep::Failed:
            serve_if_known(*index);
            break;
        case QuoteStep::Waiting:
        case QuoteStep::Active:
            follow_id(now, *index);
            break;
    }
    share_lines(now);
}

void MarketData::serve_if_known(SlotIndex index) {
    const auto gateway = gateways_.find_market_data();
    if (!gateway) return;
    const auto id = registry_.find_native(*slots_.at(index).symbol, gateways_.broker_of(*gateway));
    if (id) serve(index, *gateway, *id);
}

void MarketData::follow_id(Now now, SlotIndex index) {
    auto& slot = slots_.at(index);
    const auto id = registry_.find_native(*slot.symbol, slot.broker);
    if (id == slot.native_id) return;
    if (slot.step == QuoteStep::Active) deactivate(now, index);
    if (id) return serve(index, slot.gateway, *id);
    forget_prices(slot);
    give_up(now, index, {ErrorCode::NotFound, fmt::format("unmapped at {}", slot.broker)});
}

void MarketData::retry_failed(Now now, bool all) {
    retry_at_.reset();
    std::vector<SlotIndex> failed;
    for (const auto& [symbol, index] : slots_.by_symbol())
        if (slots_.at(index).step == QuoteStep::Failed && (all || slots_.at(index).retry))
            failed.push_back(index);
    for (const auto index : failed)
        if (slots_.at(index).step == QuoteStep::Failed) resolve(now, index, "market_data");
}

// ---- time ----

void MarketData::on_timeout(Now now) {
    if (sweep_at_ && *sweep_at_ <= now.mono) sweep(now);
    if (retry_at_ && *retry_at_ <= now.mono) retry_failed(now, false);
    if (line_probe_at_ && *line_probe_at_ <= now.mono) try_one_more_line(now);
}

void MarketData::sweep(Now now) {
    sweep_at_.reset();
    for (const auto& [symbol, index] : slots_.by_symbol()) {
        announce_stale(now, index);
        ask_again_if_silent(now, index);
    }
}

void MarketData::look_again_at(Instant at) {
    if (!sweep_at_ || at < *sweep_at_) sweep_at_ = at;
}

void MarketData::announce_stale(Now now, SlotIndex index) {
    auto& slot = slots_.at(index);
    const auto changed = price_time_of(slot.latest);
    if (!changed || changed == slot.told_stale) return;
    const auto stale_at = *changed + settings_.stale_after;
    if (stale_at > now.mono) return look_again_at(stale_at);
    slot.told_stale = changed;
    slots_.mark_changed(index);
}

void MarketData::ask_again_if_silent(Now now, SlotIndex index) {
    auto& slot = slots_.at(index);
    if (slot.step != QuoteStep::Active) return;
    if (const auto price = price_time_of(slot.latest); price && price != slot.watched) {
        slot.watched = price;
        slot.patience = settings_.silence_max;
        slot.watch_at = *price + slot.patience;
    }
    if (!slot.watch_at) return;
    if (*slot.watch_at > now.mono) return look_again_at(*slot.watch_at);
    if (is_closed(now, slot)) {
        slot.watch_at = now.mono + slot.patience;
        return look_again_at(*slot.watch_at);
    }
    slot.patience = std::min(slot.patience * 2, settings_.silence_wait_max);
    const auto next = now.mono + slot.patience;
    if (follows_market(slot.told) && gateways_.ready(slot.gateway)) {
        log_.write(LogLevel::Debug, fmt::format("market data silent symbol={}", *slot.symbol));
        deactivate(now, index);
        activate(now, index);
        slot.doubtful = true;
    }
    slot.watch_at = next;
    look_again_at(next);
}

std::optional<Instant> MarketData::deadline() const {
    std::optional<Instant> due;
    for (const auto& at : {sweep_at_, retry_at_, line_probe_at_})
        if (at) due = due ? std::min(*due, *at) : at;
    return due;
}

}  // namespace janus::core
