#include "core/market_data.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace janus::core {
MarketData::MarketData(const GatewaySet& gateways, const SymbolRegistry& registry,
                       Resolver& resolver, Log& log, const MarketDataSettings& settings)
    : gateways_(gateways),
      registry_(registry),
      resolver_(resolver),
      log_(log),
      settings_(settings),
      lines_max_(std::min(settings.lines_max, QuoteSlots::size_max)),
      line_budget_(lines_max_) {}

// ---- wants ----

void MarketData::subscribe(Now now, const CanonicalSymbol& symbol, const std::string& who,
                           Answer<QuoteView> answer) {
    const auto index = slots_.find_or_make(symbol);
    if (!index) {
        const Error error{ErrorCode::Unavailable,
                          fmt::format("{} cannot be subscribed: {} symbols already are, and that "
                                      "is the limit; unsubscribe one first",
                                      symbol, slots_.size())};
        return answer(now, std::unexpected(error));
    }
    auto& slot = slots_.at(*index);
    if (slot.step == QuoteStep::Active || slot.step == QuoteStep::Waiting) {
        ++slot.clients;
        share_lines(now);
        return answer(now, view_of(now, slots_.at(*index)));
    }
    slot.asking.push_back(std::move(answer));
    if (slot.step != QuoteStep::Resolving) resolve(now, *index, who);
}

Result<void> MarketData::unsubscribe(Now now, const CanonicalSymbol& symbol) {
    const auto index = slots_.find(symbol);
    if (!index || slots_.at(*index).clients == 0)
        return fail(ErrorCode::NotFound, "{} has no subscription to end", symbol);
    --slots_.at(*index).clients;
    drop_if_unwanted(now, *index);
    share_lines(now);
    return {};
}

void MarketData::set_held(Now now, const std::set<CanonicalSymbol>& symbols) {
    std::vector<SlotIndex> sold;
    for (const auto& [symbol, index] : slots_.by_symbol())
        if (slots_.at(index).held && !symbols.contains(symbol)) sold.push_back(index);
    for (const auto index : sold) {
        slots_.at(index).held = false;
        drop_if_unwanted(now, index);
    }
    for (const auto& symbol : symbols)
        want_without_client(now, symbol, &QuoteSlot::held, "holdings");
    share_lines(now);
}

void MarketData::set_defaults(Now now, const std::vector<CanonicalSymbol>& symbols) {
    for (const auto& symbol : symbols)
        want_without_client(now, symbol, &QuoteSlot::configured, "configuration");
    share_lines(now);
}

void MarketData::want_without_client(Now now, const CanonicalSymbol& symbol,
                                     bool QuoteSlot::* reason, const std::string& who) {
    const auto index = slots_.find_or_make(symbol);
    if (!index)
        return report_once(now, {}, fmt::format("{} symbols are the limit", QuoteSlots::size_max));
    slots_.at(*index).*reason = true;
    if (slots_.at(*index).step == QuoteStep::Named) resolve(now, *index, who);
}

void MarketData::drop_if_unwanted(Now now, SlotIndex index) {
    if (slots_.at(index).step == QuoteStep::Resolving || is_wanted(slots_.at(index))) return;
    if (slots_.at(index).step == QuoteStep::Active) deactivate(now, index);
    slots_.drop(index);
}

// ---- from a name to a broker's id ----

void MarketData::resolve(Now now, SlotIndex index, const std::string& who) {
    const auto gateway = gateways_.find_market_data();
    slots_.at(index).step = QuoteStep::Resolving;
    if (!gateway)
        return on_resolved(now, index, {},
                           fail(ErrorCode::Unavailable, "no configured broker has market data"));
    // The slot stays this symbol's while it resolves, so the index is enough to come back.
    resolver_.resolve(now, *gateway, CanonicalSymbol(*slots_.at(index).symbol), who,
                      "ticks are wanted",
                      [this, index, gateway = *gateway](Now then, const Result<NativeId>& outcome) {
                          on_resolved(then, index, gateway, outcome);
                      });
}

void MarketData::on_resolved(Now now, SlotIndex index, GatewayIndex gateway,
                             const Result<NativeId>& outcome) {
    const auto asking = std::exchange(slots_.at(index).asking, {});
    const CanonicalSymbol symbol = *slots_.at(index).symbol;
    if (outcome) {
        slots_.at(index).clients += asking.size();
        serve(index, gateway, *outcome);
    } else {
        give_up(now, index, outcome.error());
    }
    drop_if_unwanted(now, index);
    share_lines(now);
    for (const auto& answer : asking) {
        if (outcome)
            answer(now, quote(now, symbol));
        else
            answer(now, std::unexpected(outcome.error()));
    }
}

void MarketData::serve(SlotIndex index, GatewayIndex gateway, const NativeId& native_id) {
    auto& slot = slots_.at(index);
    const auto broker = gateways_.broker_of(gateway);
    if (slot.broker != broker || slot.native_id != native_id) forget_prices(slot);
    slot.step = QuoteStep::Waiting;
    slot.gateway = gateway;
    slot.broker = broker;
    slot.native_id = native_id;
    slot.reason.clear();
    slot.retry = false;
    slots_.mark_changed(index);
}

/// Prices of another instrument must not be shown under this name.
void MarketData::forget_prices(QuoteSlot& slot) {
    slot.latest = {};
}

void MarketData::give_up(Now now, SlotIndex index, const Error& error) {
    auto& slot = slots_.at(index);
    slot.step = QuoteStep::Failed;
    slot.reason = error.message;
    slot.retry = error.code == ErrorCode::Unavailable;
    if (slot.retry && !retry_at_) retry_at_ = now.mono + settings_.retry_interval;
    slots_.mark_changed(index);
}

// ---- lines ----

void MarketData::activate(Now now, SlotIndex index) {
    auto& slot = slots_.at(index);
    slot.step = QuoteStep::Active;
    slots_.attach(index);
    slot.told = DataQuality::Live;
    slot.doubtful = false;
    slot.watched = price_time_of(slot.latest);
    slot.watch_at.reset();
    slot.reason.clear();
    ++lines_used_;
    slots_.mark_changed(index);
    gateways_.send(now, slot.gateway,
                   gateway::SubscribeTicks{slot.subscription, slot.native_id, *slot.symbol});
}

void MarketData::deactivate(Now now, SlotIndex index) {
    auto& slot = slots_.at(index);
    slot.step = QuoteStep::Waiting;
    slots_.detach(index);
    --lines_used_;
    slots_.mark_changed(index);
    gateways_.send(now, slot.gateway, gateway::UnsubscribeTicks{slot.subscription});
}

std::optional<MarketData::SlotIndex> MarketData::find_first_waiting() const {
    std::optional<SlotIndex> best;
    for (const auto& [symbol, index] : slots_.by_symbol()) {
        if (slots_.at(index).step != QuoteStep::Waiting) continue;
        if (!best || rank_of(slots_.at(index)) < rank_of(slots_.at(*best))) best = index;
    }
    return best;
}

std::optional<MarketData::SlotIndex> MarketData::find_last_active() const {
    std::optional<SlotIndex> worst;
    for (const auto& [symbol, index] : slots_.by_symbol()) {
        if (slots_.at(index).step != QuoteStep::Active) continue;
        if (!worst || rank_of(slots_.at(index)) >= rank_of(slots_.at(*worst))) worst = index;
    }
    return worst;
}

void MarketData::share_lines(Now now) {
    while (const auto waiting = find_first_waiting()) {
        if (lines_used_ >= line_budget_) {
            const auto last = find_last_active();
            if (!last || rank_of(slots_.at(*last)) <= rank_of(slots_.at(*waiting))) return;
            deactivate(now, *last);
        }
        activate(now, *waiting);
    }
}

void MarketData::free_surplus_lines(Now now) {
    while (lines_used_ > line_budget_) {
        const auto last = find_last_active();
        if (!last) return;
        deactivate(now, *last);
    }
}

void MarketData::on_line_budget(Now now, const gateway::LineBudgetChanged& event) {
    line_budget_ = std::min(event.lines, lines_max_);
    line_probe_at_ = now.mono + settings_.line_probe_interval;
    report_once(now, {}, event.reason);
    free_surplus_lines(now);
    share_lines(now);
}

/// Lines come back when somebody else at the broker gives some up; nothing announces it.
void MarketData::try_one_more_line(Now now) {
    line_probe_at_.reset();
    if (line_budget_ >= lines_max_) return;
    ++line_budget_;
    line_probe_at_ = now.mono + settings_.line_probe_interval;
    share_lines(now);
}

// ---- what happened ----

void MarketData::on_ticks(Now now, std::span<const Tick> ticks) {
    for (const auto& tick : ticks) on_tick(now, tick);
    if (!ticks.empty()) look_again_at(now.mono + settings_.stale_after);
}

inline void MarketData::on_tick(Now now, const Tick& tick) {
    const auto index = slots_.find_live(tick.subscription);
    if (!index) {
        ++late_ticks_;
        return;
    }
    ++ticks_;
    // Nothing here branches by the field: which one comes next, no processor can guess.
    auto& slot = slots_.at(*index);
    auto& entry = slot.latest[tick.field];
    const bool old = slot.doubtful && is_kept_price(slot, tick);
    if (tick.value && !old) entry.came = now.mono;
    entry.value = tick.value;
    slot.latest.at = now.utc;
    slots_.mark_changed(*index);
}

/// A subscription that was asked for again begins with what the broker has kept: old prices. The
/// first other one ends the doubt.
[[gnu::noinline]] bool MarketData::is_kept_price(QuoteSlot& slot, const Tick& tick) {
    if (!tick.value || !is_live_price(tick.field)) return false;
    slot.doubtful = slot.latest[tick.field].value == tick.value;
    return slot.doubtful;
}

void MarketData::on_quality_changed(Now now, const gateway::QuoteQualityChanged& event) {
    const auto index = slots_.find_live(event.subscription);
    if (!index) return;
    slots_.at(*index).told = event.quality;
    slots_.at(*index).reason = event.reason;
    slots_.mark_changed(*index);
    if (event.quality == DataQuality::None)
        report_once(now, slots_.at(*index).gateway, event.reason);
}

void MarketData::report_once(Now now, std::optional<GatewayIndex> gateway,
                             const std::string& reason) {
    if (!pace_.may_raise(now, reason)) return;
    log_.write(LogLevel::Warning, fmt::format("market data missing reason=\"{}\"", reason));
    alarms_.push_back({gateway, "market data are missing: " + reason});
}

std::vector<std::string> MarketData::take_alarms() {
    std::vector<std::string> texts;
    // A broker that is not ready has said so by its gate.
    for (auto& alarm : std::exchange(alarms_, {}))
        if (!alarm.gateway || gateways_.ready(*alarm.gateway))
            texts.push_back(std::move(alarm.text));
    return texts;
}

// ---- answers ----

/// Not known is not closed.
bool MarketData::is_closed(Now now, const QuoteSlot& slot) const {
    return gateways_.at(slot.gateway).is_open(slot.native_id, now.utc) == false;
}

void MarketData::judge(Now now, const QuoteSlot& slot, QuoteView& view) const {
    const auto old = has_price(slot.latest) ? DataQuality::Stale : DataQuality::None;
    view.quote.quality = old;
    if (slot.step == QuoteStep::Waiting && slot.reason.empty())
        view.reason = fmt::format("all {} market data lines are in use", line_budget_);
    if (slot.step == QuoteStep::Resolving) view.reason = "the broker's id is being looked up";
    if (slot.step != QuoteStep::Active) return;
    if (!gateways_.ready(slot.gateway)) {
        view.reason = gateways_.why_not_ready(slot.gateway);
        return;
    }
    if (slot.told == DataQuality::None) return;
    if (old == DataQuality::None) {
        if (view.reason.empty()) view.reason = "no price yet";
        return;
    }
    const bool aged = view.age && *view.age >= settings_.stale_after;
    if (!aged || !follows_market(slot.told)) {
        view.quote.quality = slot.told;
    } else if (view.reason.empty()) {
        view.reason = is_closed(now, slot) ? "the market is closed" : "no new price";
    }
}

QuoteView MarketData::view_of(Now now, const QuoteSlot& slot) const {
    QuoteView view{.symbol = *slot.symbol,
                   .quote = quote_of(slot.latest),
                   .age = std::nullopt,
                   .reason = slot.reason,
                   .subscribed = slot.step == QuoteStep::Active,
                   .broker = slot.broker};
    if (view.quote.changed) view.age = now.mono - *view.quote.changed;
    judge(now, slot, view);
    return view;
}

QuoteView MarketData::quote(Now now, const CanonicalSymbol& symbol) const {
    if (const auto index = slots_.find(symbol)) return view_of(now, slots_.at(*index));
    return {.symbol = symbol,
            .quote = {},
            .age = std::nullopt,
            .reason = "not subscribed",
            .subscribed = false,
            .broker = {}};
}

std::vector<QuoteView> MarketData::quotes(Now now) const {
    std::vector<QuoteView> views;
    views.reserve(slots_.size());
    for (const auto& [symbol, index] : slots_.by_symbol())
        views.push_back(view_of(now, slots_.at(index)));
    return views;
}

}  // namespace janus::core
